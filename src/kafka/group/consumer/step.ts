/**
 * GRP-32: what one heartbeat comes to, as records. Whatever has changed raises the group epoch; a target that is behind is
 * computed for everybody; then this member goes one step towards it. Nothing is changed here.
 * Follows group-coordinator/.../group/GroupMetadataManager.java#consumerGroupHeartbeat.
 */
import type { ConsumerGroupHeartbeatRequest } from '../../protocol/consumer-group.ts'
import { parsePartition } from '../../topic-partition.ts'
import type { CoordinatorHost } from '../host.ts'
import { reconcile, type CurrentAssignment } from '../reconcile.ts'
import { dropMember } from './leave.ts'
import { firstAssignment, subscriptionOf, type Identified } from './members.ts'
import type { ConsumerGroupRecord } from './records.ts'
import { isHeld, type ConsumerGroup, type MemberSubscription } from './state.ts'
import { computeTarget, mayCompute, metadataOf, targetRecords, type ComputedTarget } from './target.ts'

export interface Step {
  readonly subscription: MemberSubscription
  /** What the member had; undefined = it is new, and takes nobody's place. */
  readonly was: CurrentAssignment | undefined
  readonly current: CurrentAssignment
  readonly topicsChanged: boolean
  readonly raisesEpoch: boolean
  readonly computed: ComputedTarget | undefined
  readonly records: readonly ConsumerGroupRecord[]
}

export function stepOf(group: ConsumerGroup, request: ConsumerGroupHeartbeatRequest, found: Identified, host: CoordinatorHost): Step {
  const former = found.before ?? found.replaces
  const was = found.before?.current ?? (found.replaces === undefined ? undefined : firstAssignment(found.replaces))
  const subscription = subscriptionOf(request, former?.subscription)
  const topicsChanged = former === undefined || former.subscription.topics.join() !== subscription.topics.join()
  const everybody = [...others(group, subscription.memberId, found.replaces?.subscription.memberId), subscription]
  const records = introduce(group, subscription, found)
  const epoch = epochWith(group, everybody, topicsChanged, host)
  if (epoch > group.epoch) records.push({ kind: 'consumerGroup', group: group.id, epoch, metadata: metadataOf(everybody, host) })
  const computed = group.targetEpoch < epoch && mayCompute(group, host) ? computeTarget(group, epoch, everybody, host) : undefined
  if (computed !== undefined) records.push(...targetRecords(group, computed, host))
  const leftTopics = topicsChanged && former !== undefined
  const current = advance(group, subscription, was ?? firstAssignment(undefined), request, computed, found, leftTopics)
  if (found.before === undefined || current !== was) {
    records.push({ kind: 'consumerCurrent', group: group.id, memberId: subscription.memberId, current })
  }
  return { subscription, was, current, topicsChanged, raisesEpoch: epoch > group.epoch, computed, records }
}

const others = ({ members }: ConsumerGroup, memberId: string, replaced: string | undefined): MemberSubscription[] =>
  [...members.values()].map(({ subscription }) => subscription).filter((one) => one.memberId !== memberId && one.memberId !== replaced)

/** A new member, or what it has changed of itself; a static one takes over the target of the id that it had. */
function introduce(group: ConsumerGroup, subscription: MemberSubscription, { before, replaces }: Identified): ConsumerGroupRecord[] {
  const { memberId } = subscription
  const records: ConsumerGroupRecord[] = replaces === undefined ? [] : dropMember(group, replaces.subscription.memberId)
  if (before === undefined || JSON.stringify(before.subscription) !== JSON.stringify(subscription)) {
    records.push({ kind: 'consumerMember', group: group.id, memberId, subscription })
  }
  const inherited = replaces === undefined ? undefined : group.target.get(replaces.subscription.memberId)
  if (inherited !== undefined) records.push({ kind: 'consumerTargetMember', group: group.id, memberId, partitions: inherited })
  return records
}

/** GRP-31: another member, other subscriptions, other topics. */
const epochWith = (group: ConsumerGroup, everybody: readonly MemberSubscription[], topicsChanged: boolean, host: CoordinatorHost): number =>
  (topicsChanged || metadataOf(everybody, host) !== group.metadata ? group.epoch + 1 : group.epoch)

/** GRP-33, with the target of this very heartbeat. */
function advance(
  group: ConsumerGroup, { memberId, topics }: MemberSubscription, current: CurrentAssignment, { topicPartitions }: ConsumerGroupHeartbeatRequest,
  computed: ComputedTarget | undefined, { replaces }: Identified, leftTopics: boolean,
): CurrentAssignment {
  const subscribed = new Set(topics)
  const target = computed?.target.get(memberId) ?? group.target.get(memberId) ?? group.target.get(replaces?.subscription.memberId ?? '') ?? []
  return reconcile(current, {
    targetEpoch: computed?.epoch ?? group.targetEpoch, owned: topicPartitions,
    target: new Set(target.filter((partition) => subscribed.has(parsePartition(partition).topic))),
    // What a returning static member left behind is its own.
    isHeld: (partition) => isHeld(group, partition) && replaces?.current.assigned.has(partition) !== true,
    ...(leftTopics ? { subscriptionChangedTo: subscribed } : {}),
  })
}
