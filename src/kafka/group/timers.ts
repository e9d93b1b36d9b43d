/** A coordinator's timers by name: what is due, for which group, and for which member of it. */
import { fromMs } from '../../base/units.ts'
import type { CoordinatorHost } from './host.ts'
import type { Group, Member } from './state.ts'

export type TimerKind = 'session' | 'join' | 'sync' | 'memberSession' | 'revocation'

export const timerKey = (kind: TimerKind, group: string, member = ''): string => `${kind}|${group}|${member}`

/** A group's name may hold anything, a member's id no bar. */
export function parseTimer(key: string): { readonly kind: TimerKind; readonly group: string; readonly member: string } {
  const first = key.indexOf('|'), last = key.lastIndexOf('|')
  return { kind: key.slice(0, first) as TimerKind, group: key.slice(first + 1, last), member: key.slice(last + 1) }
}

/** GRP-13: a member is given up when it has sent nothing for so long. */
export const startSession = (group: Group, memberId: string, timeoutMs: number, host: CoordinatorHost): void =>
  host.setTimer(timerKey('session', group.id, memberId), fromMs(timeoutMs))
export const keepAlive = (group: Group, member: Member, host: CoordinatorHost): void =>
  startSession(group, member.memberId, member.sessionTimeoutMs, host)
export const endSession = (group: Group, memberId: string, host: CoordinatorHost): void =>
  host.cancelTimer(timerKey('session', group.id, memberId))

export const startJoinTimer = (group: Group, ms: number, host: CoordinatorHost): void => host.setTimer(timerKey('join', group.id), fromMs(ms))
export const cancelJoinTimer = (group: Group, host: CoordinatorHost): void => host.cancelTimer(timerKey('join', group.id))
export const startSyncTimer = (group: Group, ms: number, host: CoordinatorHost): void => host.setTimer(timerKey('sync', group.id), fromMs(ms))
export const cancelSyncTimer = (group: Group, host: CoordinatorHost): void => host.cancelTimer(timerKey('sync', group.id))
