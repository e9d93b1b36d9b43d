/**
 * GRP-17: a static member comes back. Whoever shows its `group.instance.id` without a member id takes its place under a new
 * one, and the former holder is fenced (KIP-345).
 * Follows group-coordinator/.../group/GroupMetadataManager.java#updateStaticMemberThenRebalanceOrCompleteJoin.
 *
 * Simplified: where Kafka's coordinator goes on showing the former client id, this one shows the new one, by which the stage knows it.
 */
import type { Connection } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import type { JoinGroupRequest } from '../protocol/group.ts'
import { answerJoin, answerSync, errorOfWrite, refuseJoin } from './answers.ts'
import type { CoordinatorHost } from './host.ts'
import { addPending } from './pending.ts'
import { maybeRebalance } from './rebalance.ts'
import { groupRecord } from './records.ts'
import { selectProtocol, type Coordinator, type FormerMember, type Group, type Member, type PendingWrite } from './state.ts'
import { endSession, keepAlive } from './timers.ts'

type Replacement = Extract<PendingWrite, { kind: 'replacement' }>

export function replaceStaticMember(
  coordinator: Coordinator, group: Group, former: Member, memberId: string, request: JoinGroupRequest, on: Connection, host: CoordinatorHost,
): void {
  fence(group, former, host)
  const { clientId, sessionTimeoutMs, rebalanceTimeoutMs, protocols } = request
  const was: FormerMember = Object.freeze({
    memberId: former.memberId, clientId: former.clientId, sessionTimeoutMs: former.sessionTimeoutMs,
    rebalanceTimeoutMs: former.rebalanceTimeoutMs, protocols: former.protocols,
  })
  const member = { ...former, memberId, clientId, sessionTimeoutMs, rebalanceTimeoutMs, protocols, joining: on, syncing: undefined }
  takePlace(group, former, member, host)
  const stable = group.state === 'Stable' && selectProtocol([...group.members.values()]) === group.protocol
  host.note({ code: 'member.returned', group: group.id, member: clientId, instance: request.groupInstanceId ?? '', stable })
  if (!stable) return maybeRebalance(group, 'metadata', host)
  // The others need not know: the group goes on in its generation, and only the new id is written down.
  const assignments = Object.fromEntries([...group.members.values()].map((one) => [one.memberId, one.assignment]))
  const written = host.append(group.partition, [groupRecord(group, assignments, host.clock)])
  const replacement = { kind: 'replacement', group: group.id, memberId, on, was } as const
  if (typeof written === 'string') return replacementFailed(coordinator, { ...replacement, committedAt: 0 }, written, host)
  addPending(coordinator, group.partition, { ...replacement, committedAt: written.committedAt })
}

/** Whoever waits under the former id is told at once; the rest of that process with its next request. */
function fence(group: Group, { memberId, joining, syncing }: Member, host: CoordinatorHost): void {
  if (joining !== undefined) refuseJoin(group.id, memberId, 'FENCED_INSTANCE_ID', joining, host)
  if (syncing !== undefined) answerSync(group.id, 'FENCED_INSTANCE_ID', [], syncing, host)
}

/** In the order of joining it stands where the former stood. */
function takePlace(group: Group, former: Member, member: Member, host: CoordinatorHost): void {
  group.members = new Map([...group.members].map(([id, one]) => (id === former.memberId ? [member.memberId, member] : [id, one])))
  if (group.leader === former.memberId) group.leader = member.memberId
  endSession(group, former.memberId, host)
  keepAlive(group, member, host)
}

/** A rebalance that began in the meantime answers the join itself. */
export function replacementCommitted(coordinator: Coordinator, { group: id, memberId, on }: Replacement, host: CoordinatorHost): void {
  const group = coordinator.groups.get(id)
  const member = group?.members.get(memberId)
  if (group === undefined || member === undefined || member.joining !== on) return
  member.joining = undefined
  answerJoin(group, member, on, host, true)
  keepAlive(group, member, host)
}

export function replacementFailed(coordinator: Coordinator, { group: id, memberId, on, was }: Replacement, error: KafkaError, host: CoordinatorHost): void {
  const group = coordinator.groups.get(id)
  const member = group?.members.get(memberId)
  if (group === undefined || member === undefined || member.joining !== on) return
  takePlace(group, member, { ...member, ...was, joining: undefined }, host)
  refuseJoin(id, '', errorOfWrite(error), on, host)
}
