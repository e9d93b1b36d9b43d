/** The consumer protocol of KIP-848. Follows the ConsumerGroupHeartbeat schema. */
import type { Epoch } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'

/** Instead of a member epoch: it joins, it leaves, or it leaves as a static member that means to come back. */
export const JOIN_GROUP_MEMBER_EPOCH = 0
export const LEAVE_GROUP_MEMBER_EPOCH = -1
export const LEAVE_GROUP_STATIC_MEMBER_EPOCH = -2

export interface ConsumerGroupHeartbeatRequest {
  readonly type: 'ConsumerGroupHeartbeatRequest'
  readonly clientId: string; readonly groupId: string
  /** Made by the client when it starts (KIP-1082). */
  readonly memberId: string
  readonly memberEpoch: Epoch
  readonly instanceId?: string | undefined
  // What follows is said when it joins, after an error, and when it has changed.
  readonly rebalanceTimeoutMs?: number | undefined
  readonly subscribedTopicNames?: readonly string[] | undefined
  readonly serverAssignor?: string | undefined
  /** The partitions that it owns. */
  readonly topicPartitions?: readonly string[] | undefined
  /** Of a farewell: close(), or no poll() within `max.poll.interval.ms`. The stage wants to know; Kafka's request does not say. */
  readonly why?: 'closed' | 'poll' | undefined
}

export interface ConsumerGroupHeartbeatResponse {
  readonly type: 'ConsumerGroupHeartbeatResponse'
  readonly groupId: string
  readonly error: KafkaError
  readonly memberId: string; readonly memberEpoch: Epoch
  readonly heartbeatIntervalMs: number
  /** What it may own now; undefined = as before. */
  readonly assignment?: readonly string[] | undefined
}
