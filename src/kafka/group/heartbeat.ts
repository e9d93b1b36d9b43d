/**
 * Heartbeats, and what the coordinator's timers find (GRP-13).
 * Follows group-coordinator/.../group/GroupMetadataManager.java#classicGroupHeartbeat, #expireClassicGroupMemberHeartbeat.
 */
import type { Connection } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import type { HeartbeatRequest, HeartbeatResponse } from '../protocol/group.ts'
import { expireMember } from './consumer/leave.ts'
import { coordinates } from './find.ts'
import type { CoordinatorHost } from './host.ts'
import { handleJoinTimer, handleSyncTimer, removeMember, removePendingMember } from './rebalance.ts'
import { refusalOfMember, type Coordinator, type Group } from './state.ts'
import { keepAlive, parseTimer } from './timers.ts'

export function handleHeartbeat(coordinator: Coordinator, request: HeartbeatRequest, on: Connection, host: CoordinatorHost): void {
  const { groupId } = request
  const error = judge(coordinator, request, host)
  const response: HeartbeatResponse = { type: 'HeartbeatResponse', groupId, error }
  host.respond(on, response)
}

function judge(
  coordinator: Coordinator, { groupId, memberId, groupInstanceId, generationId }: HeartbeatRequest, host: CoordinatorHost,
): KafkaError {
  if (coordinates(coordinator, groupId, host) === undefined) return 'NOT_COORDINATOR'
  const group = coordinator.groups.get(groupId)
  if (group === undefined) return 'UNKNOWN_MEMBER_ID'
  const refusal = refusalOfMember(group, memberId, groupInstanceId)
  if (refusal !== 'NONE') return refusal
  if (generationId !== group.generation) return 'ILLEGAL_GENERATION'
  keepAlive(group, group.members.get(memberId)!, host)
  return group.state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : 'NONE'
}

export function handleCoordinatorTimer(coordinator: Coordinator, key: string, host: CoordinatorHost): void {
  const { kind, group: id, member } = parseTimer(key)
  if (kind === 'memberSession' || kind === 'revocation') return expireMember(coordinator, id, member, kind === 'revocation' ? 'poll' : 'session', host)
  const group = coordinator.groups.get(id)
  if (group === undefined) return
  if (kind === 'join') handleJoinTimer(group, host)
  else if (kind === 'sync') handleSyncTimer(group, host)
  else expireSession(group, member, host)
}

/** Members that wait for an answer to JoinGroup or SyncGroup are not expired: it is not their turn to speak. */
function expireSession(group: Group, memberId: string, host: CoordinatorHost): void {
  if (group.pendingMembers.includes(memberId)) return removePendingMember(group, memberId, host)
  const member = group.members.get(memberId)
  if (member === undefined) return
  const waits = member.joining !== undefined || member.syncing !== undefined
  if (member.isNew || !waits) removeMember(group, member, 'session', host)
}
