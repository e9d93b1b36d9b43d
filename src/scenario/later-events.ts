/** Note codes and Kafka's error names that the format knows and this version's model does not tell yet. */
import type { Feature } from './features.ts'

const notes: Readonly<Partial<Record<Feature, string>>> = {
  storage: 'timestamp.regressed',
  neighbourhood: 'worker.lost',
}

/** Of Errors.java, those that no part of this version's model answers with; and the client's own that belong to them. */
const errors = `
  INVALID_FETCH_SIZE BROKER_NOT_AVAILABLE REPLICA_NOT_AVAILABLE STALE_CONTROLLER_EPOCH OFFSET_METADATA_TOO_LARGE
  INVALID_GROUP_ID INVALID_COMMIT_OFFSET_SIZE TOPIC_AUTHORIZATION_FAILED GROUP_AUTHORIZATION_FAILED
  CLUSTER_AUTHORIZATION_FAILED UNSUPPORTED_SASL_MECHANISM ILLEGAL_SASL_STATE UNSUPPORTED_VERSION
  UNSUPPORTED_FOR_MESSAGE_FORMAT TRANSACTIONAL_ID_AUTHORIZATION_FAILED SECURITY_DISABLED OPERATION_NOT_ATTEMPTED LOG_DIR_NOT_FOUND SASL_AUTHENTICATION_FAILED
  REASSIGNMENT_IN_PROGRESS FETCH_SESSION_ID_NOT_FOUND INVALID_FETCH_SESSION_EPOCH LISTENER_NOT_FOUND
  TOPIC_DELETION_DISABLED UNSUPPORTED_COMPRESSION_TYPE
  THROTTLING_QUOTA_EXCEEDED RESOURCE_NOT_FOUND DUPLICATE_RESOURCE INCONSISTENT_VOTER_SET FEATURE_UPDATE_FAILED POSITION_OUT_OF_RANGE
  INCONSISTENT_TOPIC_ID INCONSISTENT_CLUSTER_ID TRANSACTIONAL_ID_NOT_FOUND FETCH_SESSION_TOPIC_ID_ERROR NEW_LEADER_ELECTED
  UNSUPPORTED_ENDPOINT_TYPE MISMATCHED_ENDPOINT_TYPE
  INVALID_REGULAR_EXPRESSION
  UNKNOWN_SERVER_ERROR`.trim().split(/\s+/)

export function featureOfEvent(name: string): Feature | undefined {
  const entries = Object.entries(notes) as readonly (readonly [Feature, string])[]
  const found = entries.find(([, codes]) => codes.split(' ').includes(name))
  return found?.[0] ?? (errors.includes(name) ? 'laterErrors' : undefined)
}
