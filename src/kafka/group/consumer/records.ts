/**
 * What the coordinator of a consumer group writes to `__consumer_offsets`, and what it makes of it: a group is what its
 * records say, at once and after a failover. Follows GroupCoordinatorRecordHelpers.java and ConsumerGroup's #replay methods.
 */
import type { Epoch, Micros } from '../../../base/units.ts'
import type { KafkaRecord } from '../../log/record.ts'
import type { CurrentAssignment } from '../reconcile.ts'
import type { Coordinator } from '../state.ts'
import { newConsumerGroup, newMemberAssignment, type ConsumerGroup, type MemberSubscription } from './state.ts'

/** Frozen. Where there is no value the record is a tombstone. */
export type ConsumerGroupRecord =
  | { readonly kind: 'consumerGroup'; readonly group: string; readonly epoch: Epoch; readonly metadata: string }
  | { readonly kind: 'consumerMember'; readonly group: string; readonly memberId: string; readonly subscription: MemberSubscription | undefined }
  | { readonly kind: 'consumerTarget'; readonly group: string; readonly epoch: Epoch; readonly assignor: string; readonly at: Micros }
  | { readonly kind: 'consumerTargetMember'; readonly group: string; readonly memberId: string; readonly partitions: readonly string[] | undefined }
  | { readonly kind: 'consumerCurrent'; readonly group: string; readonly memberId: string; readonly current: CurrentAssignment | undefined }

/** Readable: the key names what it is about, the value says how it is. */
export function consumerGroupRecord(data: ConsumerGroupRecord, now: Micros): KafkaRecord {
  const key = 'memberId' in data ? `${data.kind} ${data.group} ${data.memberId}` : `${data.kind} ${data.group}`
  return Object.freeze({ id: key, key, value: valueOf(data), valueBytes: undefined, timestamp: Math.floor(now / 1000), data: Object.freeze(data) })
}

function valueOf(data: ConsumerGroupRecord): string | undefined {
  switch (data.kind) {
    case 'consumerGroup': return `epoch ${data.epoch}`
    case 'consumerTarget': return `epoch ${data.epoch}, ${data.assignor}`
    case 'consumerMember': return data.subscription === undefined ? undefined : `${data.subscription.clientId}: ${data.subscription.topics.join(' ')}`
    case 'consumerTargetMember': return data.partitions?.join(' ')
    case 'consumerCurrent': return data.current === undefined ? undefined : `epoch ${data.current.memberEpoch}, ${data.current.state}: ${[...data.current.assigned.keys()].join(' ')}`
  }
}

export function consumerGroupOf(coordinator: Coordinator, partition: string, id: string): ConsumerGroup {
  let group = coordinator.consumerGroups.get(id)
  if (group === undefined) coordinator.consumerGroups.set(id, (group = newConsumerGroup(id, partition)))
  return group
}

/** A tombstone of a group that is gone says nothing. */
export const isTombstone = (data: ConsumerGroupRecord): boolean => valueOf(data) === undefined

export function replayConsumerGroup(group: ConsumerGroup, data: ConsumerGroupRecord): void {
  switch (data.kind) {
    case 'consumerGroup':
      group.epoch = data.epoch
      group.metadata = data.metadata
      return
    case 'consumerMember':
      if (data.subscription === undefined) group.members.delete(data.memberId)
      else group.members.set(data.memberId, Object.freeze({ subscription: data.subscription, current: group.members.get(data.memberId)?.current ?? newMemberAssignment }))
      return
    case 'consumerTarget':
      group.targetEpoch = data.epoch
      group.assignor = data.assignor
      group.targetAt = data.at
      return
    case 'consumerTargetMember':
      if (data.partitions === undefined) group.target.delete(data.memberId)
      else group.target.set(data.memberId, data.partitions)
      return
    case 'consumerCurrent': {
      const member = group.members.get(data.memberId)
      if (member !== undefined) group.members.set(data.memberId, Object.freeze({ ...member, current: data.current ?? newMemberAssignment }))
    }
  }
}
