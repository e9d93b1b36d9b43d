/**
 * Kafka's error names and codes, as far as the model answers with them, and the client's own outcomes.
 * Follows clients/src/main/java/org/apache/kafka/common/protocol/Errors.java.
 */
interface ErrorSpec {
  /** The protocol's number; undefined = never on the wire, an outcome inside a client. */
  readonly code: number | undefined
  /** A client may try the same request again. */
  readonly retriable: boolean
  /** A client should look at its metadata first (InvalidMetadataException). */
  readonly refreshes: boolean
}
const spec = (code: number | undefined, retriable = false, refreshes = false): ErrorSpec => ({ code, retriable, refreshes })

export const errors = {
  NONE: spec(0),
  OFFSET_OUT_OF_RANGE: spec(1),
  CORRUPT_MESSAGE: spec(2, true),
  UNKNOWN_TOPIC_OR_PARTITION: spec(3, true, true),
  LEADER_NOT_AVAILABLE: spec(5, true, true),
  NOT_LEADER_OR_FOLLOWER: spec(6, true, true),
  SNAPSHOT_NOT_FOUND: spec(98),
  REQUEST_TIMED_OUT: spec(7, true),
  MESSAGE_TOO_LARGE: spec(10),
  NETWORK_EXCEPTION: spec(13, true, true),
  COORDINATOR_LOAD_IN_PROGRESS: spec(14, true),
  COORDINATOR_NOT_AVAILABLE: spec(15, true),
  NOT_COORDINATOR: spec(16, true),
  RECORD_LIST_TOO_LARGE: spec(18),
  NOT_ENOUGH_REPLICAS: spec(19, true),
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: spec(20, true),
  INVALID_TOPIC_EXCEPTION: spec(17),
  INVALID_REQUIRED_ACKS: spec(21),
  ILLEGAL_GENERATION: spec(22),
  INCONSISTENT_GROUP_PROTOCOL: spec(23),
  UNKNOWN_MEMBER_ID: spec(25),
  INVALID_SESSION_TIMEOUT: spec(26),
  REBALANCE_IN_PROGRESS: spec(27),
  INVALID_TIMESTAMP: spec(32),
  TOPIC_ALREADY_EXISTS: spec(36),
  INVALID_PARTITIONS: spec(37),
  INVALID_REPLICATION_FACTOR: spec(38),
  INVALID_REPLICA_ASSIGNMENT: spec(39),
  INVALID_CONFIG: spec(40),
  NOT_CONTROLLER: spec(41, true, true),
  INVALID_REQUEST: spec(42),
  POLICY_VIOLATION: spec(44),
  OUT_OF_ORDER_SEQUENCE_NUMBER: spec(45),
  DUPLICATE_SEQUENCE_NUMBER: spec(46),
  INVALID_PRODUCER_EPOCH: spec(47),
  INVALID_TXN_STATE: spec(48),
  INVALID_PRODUCER_ID_MAPPING: spec(49),
  INVALID_TRANSACTION_TIMEOUT: spec(50),
  CONCURRENT_TRANSACTIONS: spec(51, true),
  TRANSACTION_COORDINATOR_FENCED: spec(52),
  KAFKA_STORAGE_ERROR: spec(56, true, true),
  UNKNOWN_PRODUCER_ID: spec(59),
  NON_EMPTY_GROUP: spec(68),
  GROUP_ID_NOT_FOUND: spec(69),
  FENCED_LEADER_EPOCH: spec(74, true, true),
  UNKNOWN_LEADER_EPOCH: spec(75, true, true),
  STALE_BROKER_EPOCH: spec(77),
  OFFSET_NOT_AVAILABLE: spec(78, true),
  MEMBER_ID_REQUIRED: spec(79),
  PREFERRED_LEADER_NOT_AVAILABLE: spec(80, true, true),
  GROUP_MAX_SIZE_REACHED: spec(81),
  FENCED_INSTANCE_ID: spec(82),
  GROUP_SUBSCRIBED_TO_TOPIC: spec(86),
  ELIGIBLE_LEADERS_NOT_AVAILABLE: spec(83, true, true),
  ELECTION_NOT_NEEDED: spec(84),
  NO_REASSIGNMENT_IN_PROGRESS: spec(85),
  INVALID_RECORD: spec(87),
  UNSTABLE_OFFSET_COMMIT: spec(88, true),
  PRODUCER_FENCED: spec(90),
  INVALID_UPDATE_VERSION: spec(95),
  UNKNOWN_TOPIC_ID: spec(100, true, true),
  DUPLICATE_BROKER_REGISTRATION: spec(101),
  BROKER_ID_NOT_REGISTERED: spec(102),
  INELIGIBLE_REPLICA: spec(107),
  FENCED_MEMBER_EPOCH: spec(110),
  UNRELEASED_INSTANCE_ID: spec(111),
  UNSUPPORTED_ASSIGNOR: spec(112),
  STALE_MEMBER_EPOCH: spec(113),
  TRANSACTION_ABORTABLE: spec(120),
  INVALID_RECORD_STATE: spec(121),
  SHARE_SESSION_NOT_FOUND: spec(122, true),
  INVALID_SHARE_SESSION_EPOCH: spec(123, true),
  FENCED_STATE_EPOCH: spec(124),
  // Outcomes that a client tells its application; never on the wire.
  TIMED_OUT: spec(undefined),
  COMMIT_FAILED: spec(undefined),
  RETRIABLE_COMMIT_FAILED: spec(undefined),
  NO_OFFSET: spec(undefined),
  LOG_TRUNCATION: spec(undefined),
  CONFIG: spec(undefined),
  TRANSACTION_ABORTED: spec(undefined),
} as const satisfies Readonly<Record<string, ErrorSpec>>

export type KafkaError = keyof typeof errors

export const isRetriable = (error: KafkaError): boolean => errors[error].retriable
export const refreshesMetadata = (error: KafkaError): boolean => errors[error].refreshes
