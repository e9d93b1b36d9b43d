/**
 * The life of a generation: members are called together, the protocol is chosen, the leader is asked for an assignment
 * (GRP-11, GRP-12). Follows group-coordinator/.../group/GroupMetadataManager.java#prepareRebalance, #completeClassicGroupJoin.
 */
import type { KafkaError } from '../errors.ts'
import type { FactOf } from '../notes.ts'
import { answerJoin, answerSync, refuseJoin } from './answers.ts'
import type { CoordinatorHost } from './host.ts'
import { groupRecord, toDate } from './records.ts'
import { haveAllJoined, rebalanceTimeoutMs, selectProtocol, transitionTo, validPreviousStates, type Group, type Member } from './state.ts'
import { cancelJoinTimer, cancelSyncTimer, endSession, keepAlive, startJoinTimer, startSyncTimer } from './timers.ts'

type Why = FactOf<'rebalance.started'>['why']
type Left = FactOf<'member.left'>['why']

/** Something has changed: call everybody together, or, while that is going on, see whether all are there. */
export function maybeRebalance(group: Group, why: Why, host: CoordinatorHost): void {
  if (validPreviousStates.PreparingRebalance.includes(group.state)) prepareRebalance(group, why, host)
  else if (group.state === 'PreparingRebalance' && group.previousState !== 'Empty' && haveAllJoined(group)) completeJoin(group, host)
}

function prepareRebalance(group: Group, why: Why, host: CoordinatorHost): void {
  if (group.state === 'CompletingRebalance') refuseSyncs(group, 'REBALANCE_IN_PROGRESS', host)
  group.pendingSync = []
  cancelSyncTimer(group, host)
  const initial = group.state === 'Empty'
  transitionTo(group, 'PreparingRebalance')
  group.rebalancingSince ??= host.now
  if (group.members.size > 0) host.note({ code: 'rebalance.started', group: group.id, why })
  if (initial) {
    // A new group: give others the time to come too, so that not each of them makes a generation.
    const delayMs = host.config('group.initial.rebalance.delay.ms')
    group.newMemberAdded = false
    group.initialDelay = Object.freeze({ delayMs, remainingMs: Math.max(rebalanceTimeoutMs(group) - delayMs, 0) })
    startJoinTimer(group, delayMs, host)
  } else if (haveAllJoined(group)) completeJoin(group, host)
  else startJoinTimer(group, rebalanceTimeoutMs(group), host)
}

/** The end of a window of the initial delay, or of the time that members have to come back. */
export function handleJoinTimer(group: Group, host: CoordinatorHost): void {
  if (group.state !== 'PreparingRebalance') return
  const window = group.initialDelay
  if (window === undefined || !group.newMemberAdded || window.remainingMs === 0) return completeJoin(group, host)
  group.newMemberAdded = false
  const delayMs = Math.min(host.config('group.initial.rebalance.delay.ms'), window.remainingMs)
  group.initialDelay = Object.freeze({ delayMs, remainingMs: Math.max(window.remainingMs - window.delayMs, 0) })
  startJoinTimer(group, delayMs, host)
}

/**
 * GRP-11 (4): those who did not come are out, unless they are static: these have until their sessions end. The others form the
 * next generation.
 */
export function completeJoin(group: Group, host: CoordinatorHost): void {
  cancelJoinTimer(group, host)
  group.initialDelay = undefined
  for (const member of [...group.members.values()]) {
    if (member.joining === undefined && member.groupInstanceId === undefined) forget(group, member, 'poll', host)
  }
  if (group.members.size > 0 && !electJoinedLeader(group)) return startJoinTimer(group, rebalanceTimeoutMs(group), host)
  group.generation++
  if (group.members.size === 0) {
    group.protocol = undefined
    group.leader = undefined
    group.rebalancingSince = undefined
    transitionTo(group, 'Empty')
    group.emptySince = toDate(host.clock)
    // Nobody waits for it: a group that is found again in its old generation has no members either, soon enough.
    host.append(group.partition, [groupRecord(group, {}, host.clock)])
    return
  }
  group.protocol = selectProtocol([...group.members.values()])
  transitionTo(group, 'CompletingRebalance')
  group.pendingSync = [...group.members.keys()]
  for (const member of group.members.values()) {
    const on = member.joining
    member.joining = undefined
    member.isNew = false
    if (on !== undefined) answerJoin(group, member, on, host)
    keepAlive(group, member, host)
  }
  startSyncTimer(group, rebalanceTimeoutMs(group), host)
}

/** The leader stays while it joins; else the first member that has joined. False = nobody has. */
function electJoinedLeader(group: Group): boolean {
  if (group.leader !== undefined && group.members.get(group.leader)?.joining !== undefined) return true
  const joined = [...group.members.values()].find(({ joining }) => joining !== undefined)
  if (joined !== undefined) group.leader = joined.memberId
  return joined !== undefined
}

/** GRP-12: who has joined and does not sync in time is out. */
export function handleSyncTimer(group: Group, host: CoordinatorHost): void {
  if ((group.state !== 'CompletingRebalance' && group.state !== 'Stable') || group.pendingSync.length === 0) return
  for (const memberId of group.pendingSync) {
    const member = group.members.get(memberId)
    if (member !== undefined) forget(group, member, 'poll', host)
  }
  prepareRebalance(group, 'left', host)
}

/** All who wait for their assignment are told to look again. */
export function refuseSyncs(group: Group, error: KafkaError, host: CoordinatorHost): void {
  for (const member of group.members.values()) {
    member.assignment = Object.freeze([])
    const on = member.syncing
    if (on === undefined) continue
    member.syncing = undefined
    answerSync(group.id, error, [], on, host)
    keepAlive(group, member, host)
  }
}

export function removeMember(group: Group, member: Member, why: Left, host: CoordinatorHost): void {
  if (member.joining !== undefined) refuseJoin(group.id, '', 'UNKNOWN_MEMBER_ID', member.joining, host)
  forget(group, member, why, host)
  if (group.state === 'Stable' || group.state === 'CompletingRebalance') prepareRebalance(group, 'left', host)
  else completeIfAllJoined(group, host)
}

export function removePendingMember(group: Group, memberId: string, host: CoordinatorHost): void {
  group.pendingMembers = group.pendingMembers.filter((id) => id !== memberId)
  endSession(group, memberId, host)
  completeIfAllJoined(group, host)
}

function completeIfAllJoined(group: Group, host: CoordinatorHost): void {
  if (group.state === 'PreparingRebalance' && haveAllJoined(group)) completeJoin(group, host)
}

function forget(group: Group, member: Member, why: Left, host: CoordinatorHost): void {
  group.members.delete(member.memberId)
  if (group.leader === member.memberId) group.leader = group.members.keys().next().value
  endSession(group, member.memberId, host)
  host.note({ code: 'member.left', group: group.id, member: member.clientId, why })
}
