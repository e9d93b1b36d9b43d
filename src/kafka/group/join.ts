/**
 * JoinGroup and LeaveGroup (GRP-11, GRP-16, GRP-18).
 * Follows group-coordinator/.../group/GroupMetadataManager.java#classicGroupJoin, #classicGroupLeave.
 */
import type { Connection } from '../../engine/process.ts'
import type { JoinGroupRequest, LeaveGroupRequest, LeaveGroupResponse } from '../protocol/group.ts'
import { uuidOf } from '../uuid.ts'
import { answerJoin, refuseJoin } from './answers.ts'
import { coordinates } from './find.ts'
import type { CoordinatorHost } from './host.ts'
import { maybeRebalance, removeMember, removePendingMember } from './rebalance.ts'
import { groupOf } from './records.ts'
import { refusalOfMember, staticMember, supportsProtocols, type Coordinator, type Group, type Member } from './state.ts'
import { replaceStaticMember } from './static-member.ts'
import { startSession } from './timers.ts'

/** A member that never hears of its JoinGroup is not kept for ever. */
const NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000

export function handleJoinGroup(coordinator: Coordinator, request: JoinGroupRequest, on: Connection, host: CoordinatorHost): void {
  const { groupId, memberId, sessionTimeoutMs } = request
  const partition = coordinates(coordinator, groupId, host)
  if (partition === undefined) return refuseJoin(groupId, memberId, 'NOT_COORDINATOR', on, host)
  if (sessionTimeoutMs < host.config('group.min.session.timeout.ms') || sessionTimeoutMs > host.config('group.max.session.timeout.ms')) {
    return refuseJoin(groupId, memberId, 'INVALID_SESSION_TIMEOUT', on, host)
  }
  if ((coordinator.consumerGroups.get(groupId)?.members.size ?? 0) > 0) return refuseJoin(groupId, memberId, 'INCONSISTENT_GROUP_PROTOCOL', on, host)
  if (memberId === '') return joinAnew(coordinator, groupOf(coordinator, partition, groupId), request, on, host)
  const group = coordinator.groups.get(groupId)
  if (group === undefined) return refuseJoin(groupId, memberId, 'UNKNOWN_MEMBER_ID', on, host)
  if (!supportsProtocols(group, request.protocols)) return refuseJoin(groupId, memberId, 'INCONSISTENT_GROUP_PROTOCOL', on, host)
  if (group.pendingMembers.includes(memberId)) return addMember(group, memberId, request, on, host)
  const refusal = refusalOfMember(group, memberId, request.groupInstanceId)
  if (refusal !== 'NONE') return refuseJoin(groupId, memberId, refusal, on, host)
  rejoin(group, group.members.get(memberId)!, request, on, host)
}

/** Without a member id: a static member takes its place at once, a dynamic one is given an id to come back with. */
function joinAnew(coordinator: Coordinator, group: Group, request: JoinGroupRequest, on: Connection, host: CoordinatorHost): void {
  const { groupInstanceId, clientId } = request
  if (!supportsProtocols(group, request.protocols)) return refuseJoin(group.id, '', 'INCONSISTENT_GROUP_PROTOCOL', on, host)
  const memberId = `${groupInstanceId ?? clientId}-${uuidOf(() => host.random('member id'))}`
  if (groupInstanceId === undefined) return requireMemberId(group, memberId, request, on, host)
  const former = staticMember(group, groupInstanceId)
  if (former === undefined) addMember(group, memberId, request, on, host)
  else replaceStaticMember(coordinator, group, former, memberId, request, on, host)
}

/** GRP-11 (1): a stranger is given an id and must come back with it, or dead requests would fill the group. */
function requireMemberId(group: Group, memberId: string, request: JoinGroupRequest, on: Connection, host: CoordinatorHost): void {
  group.pendingMembers.push(memberId)
  startSession(group, memberId, request.sessionTimeoutMs, host)
  refuseJoin(group.id, memberId, 'MEMBER_ID_REQUIRED', on, host)
}

function addMember(group: Group, memberId: string, request: JoinGroupRequest, on: Connection, host: CoordinatorHost): void {
  const { clientId, groupInstanceId, sessionTimeoutMs, rebalanceTimeoutMs, protocols } = request
  group.pendingMembers = group.pendingMembers.filter((id) => id !== memberId)
  if (group.state === 'PreparingRebalance' && group.previousState === 'Empty') group.newMemberAdded = true
  group.leader ??= memberId
  group.members.set(memberId, {
    memberId, clientId, groupInstanceId, sessionTimeoutMs, rebalanceTimeoutMs, protocols, assignment: Object.freeze([]), joining: on, syncing: undefined,
    isNew: true,
  })
  startSession(group, memberId, NEW_MEMBER_JOIN_TIMEOUT_MS, host)
  host.note({ code: 'member.joined', group: group.id, member: clientId })
  maybeRebalance(group, 'joined', host)
}

function rejoin(group: Group, member: Member, request: JoinGroupRequest, on: Connection, host: CoordinatorHost): void {
  if (group.state === 'Empty' || group.state === 'Dead') return refuseJoin(group.id, member.memberId, 'UNKNOWN_MEMBER_ID', on, host)
  const leads = group.leader === member.memberId
  // GRP-18: nothing new in what it says, and it is not the leader, whose rejoining means that the topics have changed.
  const unchanged = isSame(member, request) && (group.state === 'CompletingRebalance' || (group.state === 'Stable' && !leads))
  if (unchanged) return answerJoin(group, member, on, host)
  member.protocols = request.protocols
  member.sessionTimeoutMs = request.sessionTimeoutMs
  member.rebalanceTimeoutMs = request.rebalanceTimeoutMs
  member.joining = on
  maybeRebalance(group, request.reason ?? 'metadata', host)
}

/** ClassicGroupMember#matches compares the bytes: what it claims, and since which generation, is part of them. */
function isSame(member: Member, { protocols }: JoinGroupRequest): boolean {
  const text = (list: JoinGroupRequest['protocols']): string =>
    list.map(({ name, topics, owned, generation }) => `${name}:${topics.join()}:${owned.join()}:${generation}`).join(';')
  return text(member.protocols) === text(protocols)
}

export function handleLeaveGroup(coordinator: Coordinator, request: LeaveGroupRequest, on: Connection, host: CoordinatorHost): void {
  const { groupId, memberId } = request
  const answer = (error: LeaveGroupResponse['error']): void => {
    const response: LeaveGroupResponse = { type: 'LeaveGroupResponse', groupId, error }
    host.respond(on, response)
  }
  if (coordinates(coordinator, groupId, host) === undefined) return answer('NOT_COORDINATOR')
  const group = coordinator.groups.get(groupId)
  const member = group?.members.get(memberId)
  if (group === undefined) return answer('UNKNOWN_MEMBER_ID')
  if (group.pendingMembers.includes(memberId)) removePendingMember(group, memberId, host)
  else if (member === undefined) return answer('UNKNOWN_MEMBER_ID')
  else removeMember(group, member, request.why ?? 'closed', host)
  answer('NONE')
}
