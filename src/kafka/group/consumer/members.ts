/**
 * Who a heartbeat comes from: a member that joins, one that is known and in the right epoch, or nobody (GRP-35).
 * Follows group-coordinator/.../group/GroupMetadataManager.java#getOrMaybeSubscribeDynamicConsumerGroupMember,
 * #getOrMaybeSubscribeStaticConsumerGroupMember, #throwIfConsumerGroupMemberEpochIsInvalid.
 */
import type { KafkaError } from '../../errors.ts'
import { JOIN_GROUP_MEMBER_EPOCH, type ConsumerGroupHeartbeatRequest } from '../../protocol/consumer-group.ts'
import { isAway, newMemberAssignment, staticMemberOf, type ConsumerGroup, type ConsumerGroupMember, type MemberSubscription } from './state.ts'

export interface Identified {
  /** As it was; undefined = it is new. */
  readonly before: ConsumerGroupMember | undefined
  /** Whose place it takes: a static member that left and comes back under another id. */
  readonly replaces: ConsumerGroupMember | undefined
}

export function identify(group: ConsumerGroup, request: ConsumerGroupHeartbeatRequest): Identified | KafkaError {
  const { memberId, memberEpoch, instanceId } = request
  const joins = memberEpoch === JOIN_GROUP_MEMBER_EPOCH
  const known = group.members.get(memberId)
  const former = instanceId === undefined ? undefined : staticMemberOf(group, instanceId)
  if (joins) {
    if (former === undefined) return { before: known, replaces: undefined }
    if (!isAway(former) && former.subscription.memberId !== memberId) return 'UNRELEASED_INSTANCE_ID'
    return former.subscription.memberId === memberId ? { before: former, replaces: undefined } : { before: undefined, replaces: former }
  }
  if (instanceId !== undefined && former !== undefined && former.subscription.memberId !== memberId) return 'FENCED_INSTANCE_ID'
  if (known === undefined) return 'UNKNOWN_MEMBER_ID'
  return isRightEpoch(known, request) ? { before: known, replaces: undefined } : 'FENCED_MEMBER_EPOCH'
}

/** The epoch before is right too while it owns no more than it may: the answer with the new one may have been lost. */
function isRightEpoch({ current }: ConsumerGroupMember, { memberEpoch, topicPartitions }: ConsumerGroupHeartbeatRequest): boolean {
  if (memberEpoch === current.memberEpoch) return true
  return memberEpoch === current.previousMemberEpoch && topicPartitions?.every((partition) => current.assigned.has(partition)) === true
}

/** What it says of itself, and what it said before where it says nothing. */
export function subscriptionOf(request: ConsumerGroupHeartbeatRequest, before: MemberSubscription | undefined): MemberSubscription {
  const { memberId, clientId } = request
  return Object.freeze({
    memberId, clientId, instanceId: request.instanceId ?? before?.instanceId, topics: request.subscribedTopicNames ?? before?.topics ?? Object.freeze([]),
    rebalanceTimeoutMs: request.rebalanceTimeoutMs ?? before?.rebalanceTimeoutMs ?? -1, serverAssignor: request.serverAssignor ?? before?.serverAssignor,
  })
}

/** A static member finds what it had when it left; anybody else begins with nothing. */
export const firstAssignment = (replaces: ConsumerGroupMember | undefined): ConsumerGroupMember['current'] =>
  (replaces === undefined ? newMemberAssignment : Object.freeze({ ...replaces.current, memberEpoch: 0, previousMemberEpoch: 0 }))
