/**
 * GRP-36: a member goes, or is missed. What it had is free at once, and the group epoch rises; the others hear of it with
 * their next heartbeats. Follows GroupMetadataManager#consumerGroupLeave, #consumerGroupFenceMember.
 */
import type { Connection } from '../../../engine/process.ts'
import type { FactOf } from '../../notes.ts'
import { LEAVE_GROUP_STATIC_MEMBER_EPOCH, type ConsumerGroupHeartbeatRequest } from '../../protocol/consumer-group.ts'
import type { CoordinatorHost } from '../host.ts'
import type { Coordinator } from '../state.ts'
import { metadataOf } from './target.ts'
import { consumerGroupOf, type ConsumerGroupRecord } from './records.ts'
import { staticMemberOf, type ConsumerGroup, type ConsumerGroupMember } from './state.ts'
import { cancelMemberTimers, startMemberSession } from './timers.ts'
import { answerHeartbeat, settle, write, type Answering } from './write.ts'

export const dropMember = ({ id }: ConsumerGroup, memberId: string): ConsumerGroupRecord[] => [
  { kind: 'consumerCurrent', group: id, memberId, current: undefined }, { kind: 'consumerTargetMember', group: id, memberId, partitions: undefined },
  { kind: 'consumerMember', group: id, memberId, subscription: undefined },
]

export function leaveGroup(
  coordinator: Coordinator, group: ConsumerGroup, request: ConsumerGroupHeartbeatRequest, on: Connection, host: CoordinatorHost,
): void {
  const { groupId, memberId, memberEpoch, instanceId } = request
  const member = instanceId === undefined ? group.members.get(memberId) : staticMemberOf(group, instanceId)
  if (member === undefined) return answerHeartbeat(request, 'UNKNOWN_MEMBER_ID', on, host)
  if (member.subscription.memberId !== memberId) return answerHeartbeat(request, 'FENCED_INSTANCE_ID', on, host)
  const response = { type: 'ConsumerGroupHeartbeatResponse', groupId, error: 'NONE', memberId, memberEpoch, heartbeatIntervalMs: 0 } as const
  const answering: Answering = { request, on, response }
  if (memberEpoch === LEAVE_GROUP_STATIC_MEMBER_EPOCH) stepOut(coordinator, group, member, answering, host)
  else fenceMember(coordinator, group, member, request.why ?? 'closed', answering, host)
}

/** A static member that means to come back keeps its place until its session ends. */
function stepOut(
  coordinator: Coordinator, group: ConsumerGroup, { subscription: { memberId }, current }: ConsumerGroupMember, answering: Answering, host: CoordinatorHost,
): void {
  const assigned = new Map([...current.assigned.keys()].map((partition) => [partition, 0]))
  const away = Object.freeze({ ...current, memberEpoch: LEAVE_GROUP_STATIC_MEMBER_EPOCH, assigned, pendingRevocation: new Map() })
  if (!write(coordinator, group, [{ kind: 'consumerCurrent', group: group.id, memberId, current: away }], answering, host)) return
  cancelMemberTimers(group, memberId, host)
  startMemberSession(group, memberId, host)
  settle(group, host)
}

type Left = FactOf<'member.left'>['why']

export function fenceMember(
  coordinator: Coordinator, group: ConsumerGroup, { subscription }: ConsumerGroupMember, why: Left, answering: Answering | undefined, host: CoordinatorHost,
): void {
  const rest = [...group.members.values()].map((one) => one.subscription).filter(({ memberId }) => memberId !== subscription.memberId)
  const metadata = metadataOf(rest, host)
  const records = [...dropMember(group, subscription.memberId), { kind: 'consumerGroup', group: group.id, epoch: group.epoch + 1, metadata } as const]
  if (!write(coordinator, group, records, answering, host)) return
  cancelMemberTimers(group, subscription.memberId, host)
  host.note({ code: 'member.left', group: group.id, member: subscription.clientId, why })
  host.note({ code: 'group.advanced', group: group.id, epoch: group.epoch, why: 'left' })
  settle(group, host)
}

/** Its session has ended, or it has not given up in time what it was told to. */
export function expireMember(coordinator: Coordinator, id: string, memberId: string, why: 'session' | 'poll', host: CoordinatorHost): void {
  const known = coordinator.consumerGroups.get(id)
  const member = known?.members.get(memberId)
  if (known === undefined || member === undefined) return
  if (why === 'poll' && member.current.state !== 'UNREVOKED_PARTITIONS') return
  fenceMember(coordinator, consumerGroupOf(coordinator, known.partition, id), member, why, undefined, host)
}
