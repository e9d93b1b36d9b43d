/** The classic group protocol. Follows the JoinGroup, SyncGroup, Heartbeat, LeaveGroup, OffsetCommit and OffsetFetch schemas. */
import type { Epoch, Offset } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'

/** One assignor a member supports, with what it tells the leader under it. Follows ConsumerPartitionAssignor.Subscription. */
export interface MemberProtocol {
  readonly name: string; readonly topics: readonly string[]
  /** What it claims to own, and since which generation; -1 = none. */
  readonly owned: readonly string[]; readonly generation: Epoch
}

export interface JoinGroupRequest {
  readonly type: 'JoinGroupRequest'
  readonly clientId: string; readonly groupId: string
  /** '' = not known yet: answered by MEMBER_ID_REQUIRED and one */
  readonly memberId: string
  /** `group.instance.id` of a static member. */
  readonly groupInstanceId?: string | undefined
  readonly sessionTimeoutMs: number; readonly rebalanceTimeoutMs: number
  readonly protocols: readonly MemberProtocol[]
  /** KIP-800: why it joins again; undefined = nothing that needs saying. */
  readonly reason?: 'revoked' | undefined
}
export interface JoinedMember extends Omit<MemberProtocol, 'name'> { readonly memberId: string; readonly groupInstanceId?: string | undefined }
export interface JoinGroupResponse {
  readonly type: 'JoinGroupResponse'
  readonly groupId: string
  readonly error: KafkaError; readonly generationId: Epoch; readonly protocolName: string; readonly leader: string; readonly memberId: string
  /** For the leader only. */
  readonly members: readonly JoinedMember[]
  /** To a static leader that has come back: the assignment stands. */
  readonly skipAssignment?: boolean | undefined
}
export interface SyncGroupRequest {
  readonly type: 'SyncGroupRequest'
  readonly clientId: string; readonly groupId: string; readonly generationId: Epoch; readonly memberId: string
  readonly groupInstanceId?: string | undefined
  /** From the leader only. */
  readonly assignments: readonly { readonly memberId: string; readonly partitions: readonly string[] }[]
}
export interface SyncGroupResponse { readonly type: 'SyncGroupResponse'; readonly groupId: string; readonly error: KafkaError; readonly assignment: readonly string[] }
export interface HeartbeatRequest {
  readonly type: 'HeartbeatRequest'
  readonly clientId: string; readonly groupId: string; readonly generationId: Epoch; readonly memberId: string
  readonly groupInstanceId?: string | undefined
}
export interface HeartbeatResponse { readonly type: 'HeartbeatResponse'; readonly groupId: string; readonly error: KafkaError }
export interface LeaveGroupRequest {
  readonly type: 'LeaveGroupRequest'
  readonly clientId: string; readonly groupId: string; readonly memberId: string
  /** KIP-800's reason: close(), or no poll() within `max.poll.interval.ms`. */
  readonly why?: 'closed' | 'poll'
}
export interface LeaveGroupResponse { readonly type: 'LeaveGroupResponse'; readonly groupId: string; readonly error: KafkaError }

export interface OffsetCommitRequest {
  readonly type: 'OffsetCommitRequest'
  readonly clientId: string; readonly groupId: string; readonly generationId: Epoch; readonly memberId: string
  readonly groupInstanceId?: string | undefined
  readonly offsets: readonly { readonly partition: string; readonly offset: Offset; readonly leaderEpoch: Epoch }[]
}
export interface OffsetCommitResponse {
  readonly type: 'OffsetCommitResponse'
  readonly groupId: string
  readonly partitions: readonly { readonly partition: string; readonly error: KafkaError }[]
}
export interface OffsetFetchRequest { readonly type: 'OffsetFetchRequest'; readonly clientId: string; readonly groupId: string; readonly memberId: string; readonly generationId: Epoch; readonly partitions: readonly string[] }
export interface OffsetFetchResponse {
  readonly type: 'OffsetFetchResponse'
  readonly groupId: string; readonly error: KafkaError
  /** offset -1 = nothing committed */
  readonly offsets: readonly { readonly partition: string; readonly offset: Offset; readonly leaderEpoch: Epoch }[]
}
