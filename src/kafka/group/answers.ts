/** Answers of a group coordinator, and the errors that stand for failed writes (GRP-3). */
import type { Connection } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import type { JoinedMember, JoinGroupResponse, OffsetCommitResponse, SyncGroupResponse } from '../protocol/group.ts'
import type { TxnOffsetCommitResponse } from '../protocol/transaction.ts'
import type { CoordinatorHost } from './host.ts'
import type { Group, Member } from './state.ts'

export function refuseJoin(groupId: string, memberId: string, error: KafkaError, on: Connection, host: CoordinatorHost): void {
  const response: JoinGroupResponse = { type: 'JoinGroupResponse', groupId, error, generationId: -1, protocolName: '', leader: '',
    memberId, members: Object.freeze([]) }
  host.respond(on, response)
}

/** Only the leader is told who the members are. `returned`: a static member whose assignment stands. */
export function answerJoin(group: Group, member: Member, on: Connection, host: CoordinatorHost, returned = false): void {
  const leads = group.leader === member.memberId
  const members = !leads ? [] : [...group.members.values()].map(({ memberId, protocols, groupInstanceId }): JoinedMember => {
    const chosen = protocols.find(({ name }) => name === group.protocol)
    const { topics = [], owned = [], generation = -1 } = chosen ?? {}
    return Object.freeze({ memberId, topics, owned, generation, ...(groupInstanceId === undefined ? {} : { groupInstanceId }) })
  })
  const response: JoinGroupResponse = {
    type: 'JoinGroupResponse', groupId: group.id, error: 'NONE', generationId: group.generation, protocolName: group.protocol ?? '',
    leader: group.leader ?? '',
    memberId: member.memberId, members: Object.freeze(members), ...(returned && leads ? { skipAssignment: true } : {}),
  }
  host.respond(on, response)
}

export function answerSync(groupId: string, error: KafkaError, assignment: readonly string[], on: Connection, host: CoordinatorHost): void {
  const response: SyncGroupResponse = { type: 'SyncGroupResponse', groupId, error, assignment }
  host.respond(on, response)
}

export function answerCommit(
  groupId: string, partitions: readonly string[], error: KafkaError, on: Connection, host: CoordinatorHost,
): void {
  const response: OffsetCommitResponse = {
    type: 'OffsetCommitResponse', groupId, partitions: Object.freeze(partitions.map((partition) => Object.freeze({ partition, error }))),
  }
  host.respond(on, response)
}

export function answerTxnCommit(groupId: string, error: KafkaError, on: Connection, host: CoordinatorHost): void {
  const response: TxnOffsetCommitResponse = { type: 'TxnOffsetCommitResponse', groupId, error: error === 'NOT_ENOUGH_REPLICAS' ? 'COORDINATOR_NOT_AVAILABLE' : error }
  host.respond(on, response)
}

/** What a client is told when the coordinator could not write. Follows GroupMetadataManager#appendGroupMetadataErrorToResponseError. */
export function errorOfWrite(error: KafkaError): KafkaError {
  switch (error) {
    case 'UNKNOWN_TOPIC_OR_PARTITION':
    case 'NOT_ENOUGH_REPLICAS':
    case 'REQUEST_TIMED_OUT':
      return 'COORDINATOR_NOT_AVAILABLE'
    case 'NOT_LEADER_OR_FOLLOWER':
    case 'KAFKA_STORAGE_ERROR':
      return 'NOT_COORDINATOR'
    default:
      return error
  }
}
