/**
 * GRP-32, a member's heartbeat: whatever has changed raises the group epoch; if the target is behind, it is computed for all;
 * then this member goes one step towards it. What all that comes to is written down, and answered when it is committed.
 * Follows group-coordinator/.../group/GroupMetadataManager.java#consumerGroupHeartbeat.
 *
 * Simplified: groups do not change their protocol while members of the other one are in them.
 */
import type { Connection } from '../../../engine/process.ts'
import type { KafkaError } from '../../errors.ts'
import type { FactOf } from '../../notes.ts'
import { LEAVE_GROUP_STATIC_MEMBER_EPOCH, type ConsumerGroupHeartbeatRequest, type ConsumerGroupHeartbeatResponse } from '../../protocol/consumer-group.ts'
import { sortedNames } from '../../topic-partition.ts'
import { coordinates } from '../find.ts'
import type { CoordinatorHost } from '../host.ts'
import { reconcile, type CurrentAssignment } from '../reconcile.ts'
import type { Coordinator } from '../state.ts'
import { firstAssignment, identify, subscriptionOf, type Identified } from './members.ts'
import { consumerGroupOf, type ConsumerGroupRecord } from './records.ts'
import { isHeld, type ConsumerGroup, type MemberSubscription } from './state.ts'
import { computeTarget, mayCompute, metadataOf, serverAssignors, targetRecords, type ComputedTarget } from './target.ts'
import { dropMember, leaveGroup } from './leave.ts'
import { armRevocation, startMemberSession } from './timers.ts'
import { answerHeartbeat, settle, write } from './write.ts'

export function handleConsumerGroupHeartbeat(
  coordinator: Coordinator, request: ConsumerGroupHeartbeatRequest, on: Connection, host: CoordinatorHost,
): void {
  const { groupId, memberEpoch } = request
  const refuse = (error: KafkaError): void => answerHeartbeat(request, error, on, host)
  const partition = coordinates(coordinator, groupId, host)
  if (partition === undefined) return refuse('NOT_COORDINATOR')
  const classic = coordinator.groups.get(groupId)
  if (classic !== undefined && classic.members.size + classic.pendingMembers.length > 0) return refuse('GROUP_ID_NOT_FOUND')
  if (request.serverAssignor !== undefined && !(request.serverAssignor in serverAssignors)) return refuse('UNSUPPORTED_ASSIGNOR')
  if (memberEpoch !== 0 && !coordinator.consumerGroups.has(groupId)) return refuse('GROUP_ID_NOT_FOUND')
  const group = consumerGroupOf(coordinator, partition, groupId)
  if (memberEpoch < 0) return leaveGroup(coordinator, group, request, on, host)
  const found = identify(group, request)
  if (typeof found === 'string') return refuse(found)
  beat(coordinator, group, request, found, on, host)
}

function beat(
  coordinator: Coordinator, group: ConsumerGroup, request: ConsumerGroupHeartbeatRequest, { before, replaces }: Identified, on: Connection, host: CoordinatorHost,
): void {
  const was = before ?? (replaces === undefined ? undefined : { subscription: replaces.subscription, current: firstAssignment(replaces) })
  const subscription = subscriptionOf(request, was?.subscription)
  const records: ConsumerGroupRecord[] = replaces === undefined ? [] : dropMember(group, replaces.subscription.memberId)
  const isNew = before === undefined
  if (isNew || !sameSubscription(was!.subscription, subscription)) records.push({ kind: 'consumerMember', group: group.id, memberId: subscription.memberId, subscription })
  if (isNew && replaces !== undefined) {
    records.push({ kind: 'consumerTargetMember', group: group.id, memberId: subscription.memberId, partitions: group.target.get(replaces.subscription.memberId) ?? Object.freeze([]) })
  }
  const others = [...group.members.values()].map((one) => one.subscription)
    .filter(({ memberId }) => memberId !== subscription.memberId && memberId !== replaces?.subscription.memberId)
  const topicsChanged = was === undefined || was.subscription.topics.join() !== subscription.topics.join()
  const epoch = raiseEpoch(group, [...others, subscription], topicsChanged, records, host)
  const computed = maybeCompute(group, epoch, [...others, subscription], records, host)
  const current = advance(group, subscription, was?.current ?? firstAssignment(undefined), request, computed, topicsChanged && was !== undefined, replaces?.subscription.memberId)
  if (isNew || current !== was?.current) records.push({ kind: 'consumerCurrent', group: group.id, memberId: subscription.memberId, current })
  const response = answerOf(request, was?.current, current, host)
  if (!write(coordinator, group, records, { request, on, response }, host)) return
  startMemberSession(group, subscription.memberId, host)
  armRevocation(group, subscription, current, was?.current, host)
  if (isNew && replaces === undefined) host.note({ code: 'member.joined', group: group.id, member: subscription.clientId })
  if (isNew && replaces !== undefined) host.note({ code: 'member.returned', group: group.id, member: subscription.clientId, instance: subscription.instanceId ?? '', stable: !topicsChanged })
  if (records.some(({ kind }) => kind === 'consumerGroup')) noteEpoch(group, isNew ? 'joined' : 'metadata', host)
  if (computed !== undefined) host.note({ code: 'target.computed', group: group.id, epoch: computed.epoch, assignor: computed.assignor, members: computed.target.size })
  settle(group, host)
}

const sameSubscription = (a: MemberSubscription, b: MemberSubscription): boolean => JSON.stringify(a) === JSON.stringify(b)
const noteEpoch = (group: ConsumerGroup, why: FactOf<'group.advanced'>['why'], host: CoordinatorHost): void =>
  host.note({ code: 'group.advanced', group: group.id, epoch: group.epoch, why })

/** GRP-31: another member, other subscriptions, other topics. */
function raiseEpoch(
  group: ConsumerGroup, subscriptions: readonly MemberSubscription[], topicsChanged: boolean, records: ConsumerGroupRecord[], host: CoordinatorHost,
): number {
  const metadata = metadataOf(subscriptions, host)
  if (!topicsChanged && metadata === group.metadata) return group.epoch
  records.push({ kind: 'consumerGroup', group: group.id, epoch: group.epoch + 1, metadata })
  return group.epoch + 1
}

function maybeCompute(
  group: ConsumerGroup, epoch: number, subscriptions: readonly MemberSubscription[], records: ConsumerGroupRecord[], host: CoordinatorHost,
): ComputedTarget | undefined {
  if (group.targetEpoch >= epoch || !mayCompute(group, host)) return undefined
  const computed = computeTarget(group, epoch, subscriptions, host)
  records.push(...targetRecords(group, computed, host))
  return computed
}

/** GRP-33, with the target of this very heartbeat. */
function advance(
  group: ConsumerGroup, { memberId, topics }: MemberSubscription, current: CurrentAssignment, request: ConsumerGroupHeartbeatRequest,
  computed: ComputedTarget | undefined, topicsChanged: boolean, replaced: string | undefined,
): CurrentAssignment {
  const target = computed?.target.get(memberId) ?? group.target.get(memberId) ?? group.target.get(replaced ?? '') ?? []
  const subscribed = new Set(topics)
  return reconcile(current, {
    targetEpoch: computed?.epoch ?? group.targetEpoch, owned: request.topicPartitions,
    target: new Set(target.filter((partition) => subscribed.has(partition.slice(0, partition.lastIndexOf('/'))))),
    // What a returning static member left behind is its own.
    isHeld: (partition) => isHeld(group, partition) && group.members.get(replaced ?? '')?.current.assigned.has(partition) !== true,
    ...(topicsChanged ? { subscriptionChangedTo: subscribed } : {}),
  })
}

/** The assignment is told when it has changed, to who joins, and to who says everything because an answer may have been lost. */
function answerOf(
  request: ConsumerGroupHeartbeatRequest, was: CurrentAssignment | undefined, current: CurrentAssignment, host: CoordinatorHost,
): ConsumerGroupHeartbeatResponse {
  const { groupId, memberId, memberEpoch, rebalanceTimeoutMs, subscribedTopicNames, topicPartitions } = request
  const isFull = rebalanceTimeoutMs !== undefined && subscribedTopicNames !== undefined && topicPartitions !== undefined
  const names = (one: CurrentAssignment | undefined): string => sortedNames([...(one?.assigned.keys() ?? [])]).join()
  const tell = memberEpoch === 0 || isFull || names(was) !== names(current)
  return {
    type: 'ConsumerGroupHeartbeatResponse', groupId, error: 'NONE', memberId, memberEpoch: current.memberEpoch,
    heartbeatIntervalMs: host.config('group.consumer.heartbeat.interval.ms'), ...(tell ? { assignment: Object.freeze([...current.assigned.keys()]) } : {}),
  }
}

/** Whether a commit may come from this member in this epoch: the present one, or an older one in which it had these partitions already. */
export function refusalOfCommit(
  { members }: ConsumerGroup, memberId: string, memberEpoch: number, partitions: readonly string[],
): KafkaError {
  if (memberEpoch < 0 && members.size === 0) return 'NONE'
  const member = members.get(memberId)
  if (member === undefined) return 'UNKNOWN_MEMBER_ID'
  const { memberEpoch: present, assigned, pendingRevocation } = member.current
  if (memberEpoch === present) return 'NONE'
  const since = (partition: string): number => assigned.get(partition) ?? pendingRevocation.get(partition) ?? Infinity
  return memberEpoch < present && memberEpoch !== LEAVE_GROUP_STATIC_MEMBER_EPOCH && partitions.every((partition) => since(partition) <= memberEpoch)
    ? 'NONE' : 'STALE_MEMBER_EPOCH'
}
