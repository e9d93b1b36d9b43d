/**
 * SyncGroup: the leader's assignment is written down, and when it is committed everybody gets his part (GRP-3, GRP-12).
 * Follows group-coordinator/.../group/GroupMetadataManager.java#classicGroupSync.
 */
import type { Connection } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import type { SyncGroupRequest } from '../protocol/group.ts'
import { answerSync, errorOfWrite } from './answers.ts'
import { coordinates } from './find.ts'
import type { CoordinatorHost } from './host.ts'
import { addPending } from './pending.ts'
import { maybeRebalance, refuseSyncs } from './rebalance.ts'
import { groupRecord } from './records.ts'
import { refusalOfMember, transitionTo, type Coordinator, type Group, type PendingWrite } from './state.ts'
import { cancelSyncTimer, keepAlive } from './timers.ts'

export function handleSyncGroup(coordinator: Coordinator, request: SyncGroupRequest, on: Connection, host: CoordinatorHost): void {
  const { groupId, memberId, groupInstanceId, generationId } = request
  const refuse = (error: KafkaError): void => answerSync(groupId, error, [], on, host)
  if (coordinates(coordinator, groupId, host) === undefined) return refuse('NOT_COORDINATOR')
  const group = coordinator.groups.get(groupId)
  if (group === undefined) return refuse('UNKNOWN_MEMBER_ID')
  const refusal = refusalOfMember(group, memberId, groupInstanceId)
  if (refusal !== 'NONE') return refuse(refusal)
  const member = group.members.get(memberId)!
  if (generationId !== group.generation) return refuse('ILLEGAL_GENERATION')
  if (group.state === 'PreparingRebalance') return refuse('REBALANCE_IN_PROGRESS')
  group.pendingSync = group.pendingSync.filter((id) => id !== memberId)
  if (group.pendingSync.length === 0) cancelSyncTimer(group, host)
  if (group.state === 'Stable') {
    keepAlive(group, member, host)
    return answerSync(groupId, 'NONE', member.assignment, on, host)
  }
  member.syncing = on
  if (group.leader === memberId) storeAssignment(coordinator, group, request, host)
}

function storeAssignment(
  coordinator: Coordinator, group: Group, { assignments, generationId }: SyncGroupRequest, host: CoordinatorHost,
): void {
  const all: Record<string, readonly string[]> = {}
  for (const memberId of group.members.keys()) all[memberId] =
    Object.freeze((assignments.find((one) => one.memberId === memberId)?.partitions ?? []).slice())
  Object.freeze(all)
  const written = host.append(group.partition, [groupRecord(group, all, host.clock)])
  if (typeof written === 'string') return assignmentFailed(group, generationId, written, host)
  addPending(coordinator, group.partition, { kind: 'assignment', committedAt: written.committedAt, group: group.id,
    generation: generationId, assignments: all })
}

/** In the meantime another rebalance may have begun; then nobody waits for this one any more. */
export function assignmentCommitted(coordinator: Coordinator, { group: id, generation, assignments }: Extract<PendingWrite,
  { kind: 'assignment' }>, host: CoordinatorHost): void {
  const group = coordinator.groups.get(id)
  if (group === undefined || group.state !== 'CompletingRebalance' || group.generation !== generation) return
  for (const member of group.members.values()) member.assignment = assignments[member.memberId] ?? Object.freeze([])
  transitionTo(group, 'Stable')
  group.rebalances++
  host.note({ code: 'rebalance.finished', group: id, epoch: generation,
    tookMs: Math.round((host.now - (group.rebalancingSince ?? host.now)) / 1000) })
  group.rebalancingSince = undefined
  for (const member of group.members.values()) {
    const on = member.syncing
    if (on === undefined) continue
    member.syncing = undefined
    answerSync(id, 'NONE', member.assignment, on, host)
    keepAlive(group, member, host)
  }
}

export function assignmentFailed(group: Group, generation: number, error: KafkaError, host: CoordinatorHost): void {
  if (group.state !== 'CompletingRebalance' || group.generation !== generation) return
  refuseSyncs(group, errorOfWrite(error), host)
  maybeRebalance(group, 'metadata', host)
}
