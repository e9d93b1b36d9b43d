/**
 * Groups of the consumer protocol as their coordinator keeps them: three epochs, a target for everybody, and what each
 * member has on its way there (KIP-848).
 * Follows group-coordinator/.../group/modern/{ModernGroup,consumer/ConsumerGroup,consumer/ConsumerGroupMember}.java.
 */
import type { Epoch, Micros } from '../../../base/units.ts'
import { LEAVE_GROUP_STATIC_MEMBER_EPOCH } from '../../protocol/consumer-group.ts'
import type { CurrentAssignment } from '../reconcile.ts'

export type ConsumerGroupState = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable'

/** Frozen. */
export interface MemberSubscription {
  readonly memberId: string
  readonly clientId: string
  readonly instanceId: string | undefined
  readonly topics: readonly string[]
  readonly rebalanceTimeoutMs: number
  /** `group.remote.assignor`; undefined = whatever the group has. */
  readonly serverAssignor: string | undefined
}

export interface ConsumerGroupMember { readonly subscription: MemberSubscription; readonly current: CurrentAssignment }

export interface ConsumerGroup {
  readonly id: string
  /** Its partition of `__consumer_offsets`. */
  readonly partition: string
  /** Rises with whatever makes a new target necessary. */
  epoch: Epoch
  /** The subscribed topics with their numbers of partitions when it last rose for them. */
  metadata: string
  /** The group epoch for which the target was computed, and when. */
  targetEpoch: Epoch
  targetAt: Micros
  assignor: string
  /** By member id: names of partitions. Frozen lists. */
  target: Map<string, readonly string[]>
  /** By member id, in order of joining. */
  members: Map<string, ConsumerGroupMember>
  /** The last target epoch to which everybody came, and since when a later one has been wanted; undefined = none is. */
  settledEpoch: Epoch
  unsettledSince: Micros | undefined
  /** How often it has come to rest. */
  rebalances: number
}

/** ModernGroup's first epoch is 1, so the first member makes it 2. */
export const newConsumerGroup = (id: string, partition: string): ConsumerGroup => ({
  id, partition, epoch: 1, metadata: '', targetEpoch: 0, targetAt: -Infinity, assignor: 'uniform', target: new Map(), members: new Map(),
  settledEpoch: 0, unsettledSince: undefined, rebalances: 0,
})

export const newMemberAssignment: CurrentAssignment = Object.freeze({
  state: 'STABLE', memberEpoch: 0, previousMemberEpoch: -1, assigned: new Map(), pendingRevocation: new Map(),
})

/** GRP-34. */
export function stateOf({ members, epoch, targetEpoch }: ConsumerGroup): ConsumerGroupState {
  if (members.size === 0) return 'Empty'
  if (epoch > targetEpoch) return 'Assigning'
  for (const { current } of members.values()) {
    if (current.state !== 'STABLE' || current.memberEpoch !== targetEpoch) return 'Reconciling'
  }
  return 'Stable'
}

/** Somebody has it, or has not said yet that he gave it up. */
export function isHeld({ members }: ConsumerGroup, partition: string): boolean {
  for (const { current: { assigned, pendingRevocation } } of members.values()) {
    if (assigned.has(partition) || pendingRevocation.has(partition)) return true
  }
  return false
}

export function staticMemberOf({ members }: ConsumerGroup, instanceId: string): ConsumerGroupMember | undefined {
  for (const member of members.values()) if (member.subscription.instanceId === instanceId) return member
  return undefined
}

/** A static member that has left and means to come back. */
export const isAway = ({ current }: ConsumerGroupMember): boolean => current.memberEpoch === LEAVE_GROUP_STATIC_MEMBER_EPOCH
