/**
 * The heartbeat thread: it speaks for the member while the application is busy, and leaves for it when the application
 * does not come back to poll() (GRP-13, GRP-19).
 * Follows clients/.../consumer/internals/AbstractCoordinator.java#HeartbeatThread.
 */
import { fromMs, type Micros } from '../../../base/units.ts'
import type { HeartbeatRequest, HeartbeatResponse, LeaveGroupRequest } from '../../protocol/group.ts'
import { countError } from '../notebook.ts'
import { fenced, identity, resetGeneration } from './commits.ts'
import { askCoordinator, backoff, coordinatorChannel } from './coordinator.ts'
import { loseCoordinator } from './lost.ts'
import type { ConsumerContext, ConsumerState } from './state.ts'
import { awaySince } from './work.ts'

const isMember = ({ membership }: ConsumerState): boolean => membership.state === 'completing' || membership.state === 'stable'

export function startHeartbeats(state: ConsumerState, ctx: ConsumerContext): void {
  state.membership.heardAt = ctx.now
  state.membership.heartbeatFailures = 0
  state.membership.heartbeatAt = ctx.now + state.settings.heartbeatInterval
  armHeartbeat(state, ctx)
}

/** Wake the thread for its next heartbeat, or when the application has been away for too long. */
export function armHeartbeat(state: ConsumerState, ctx: ConsumerContext): void {
  if (!isMember(state)) return
  const at = Math.min(state.membership.heartbeatAt, pollDueAt(state))
  ctx.setTimer({ type: 'heartbeat' }, Math.max(0, at - ctx.now))
}

/** Inside poll() an application is never late. */
const pollDueAt = ({ work, settings }: ConsumerState): Micros => (awaySince(work) ?? Infinity) + fromMs(settings.maxPollIntervalMs)

export function handleHeartbeatTimer(state: ConsumerState, ctx: ConsumerContext): void {
  const { membership, settings } = state
  if (!isMember(state) || (state.lifecycle !== 'running' && state.lifecycle !== 'closing')) return
  if (ctx.now - membership.heardAt >= fromMs(settings.sessionTimeoutMs)) loseCoordinator(state, ctx)
  const channel = coordinatorChannel(state, ctx)
  if (channel === undefined) {
    // Whom it would tell that its application has been away for too long is not there either: first it is looked for.
    membership.heartbeatAt = ctx.now + backoff(state, 0, ctx)
    return ctx.setTimer({ type: 'heartbeat' }, membership.heartbeatAt - ctx.now)
  }
  if (ctx.now >= pollDueAt(state)) leave(state, 'poll', ctx)
  else if (ctx.now >= membership.heartbeatAt) {
    const { memberId, generation } = membership
    const request: HeartbeatRequest = { type: 'HeartbeatRequest', clientId: state.config.id, groupId: state.config.group ?? '',
      generationId: generation, memberId, ...identity(state) }
    membership.heartbeatAt = ctx.now + settings.heartbeatInterval
    askCoordinator(state, channel, request, { kind: 'heartbeat', memberId, generation }, ctx)
  }
  armHeartbeat(state, ctx)
}

export function handleHeartbeatResponse(
  state: ConsumerState, { error }: HeartbeatResponse, ctx: ConsumerContext,
  purpose: { readonly memberId: string; readonly generation: number },
): void {
  const { membership } = state
  if (error === 'NONE' || error === 'REBALANCE_IN_PROGRESS') {
    membership.heardAt = ctx.now
    membership.heartbeatFailures = 0
  }
  if (error === 'NONE') return
  countError(state.notebook.errors, error)
  switch (error) {
    case 'REBALANCE_IN_PROGRESS':
      if (membership.state === 'stable') membership.rejoinNeeded = true
      return
    case 'COORDINATOR_NOT_AVAILABLE':
    case 'NOT_COORDINATOR': return loseCoordinator(state, ctx)
    case 'UNKNOWN_MEMBER_ID':
    case 'ILLEGAL_GENERATION':
      // An answer to a heartbeat of an earlier generation says nothing about this one.
      if (membership.memberId !== purpose.memberId || membership.generation !== purpose.generation) return
      return resetGeneration(state, error === 'UNKNOWN_MEMBER_ID')
    case 'FENCED_INSTANCE_ID':
      if (membership.memberId === purpose.memberId && membership.generation === purpose.generation) resetGeneration(state, true)
      return fenced(state, ctx)
    default:
      membership.heartbeatAt = ctx.now + backoff(state, membership.heartbeatFailures++, ctx)
      return armHeartbeat(state, ctx)
  }
}

/**
 * GRP-16, GRP-19: what a dynamic member says when it goes, if there is somebody to say it to. A static one says nothing: it
 * means to come back before its session ends.
 */
export function leave(state: ConsumerState, why: 'closed' | 'poll', ctx: ConsumerContext): void {
  const { membership, config } = state
  const isGone = membership.coordinator === undefined || membership.memberId === '' || membership.state === 'unjoined'
  const channel = isGone || state.settings.instanceId !== undefined ? undefined : coordinatorChannel(state, ctx)
  if (channel !== undefined) {
    const request: LeaveGroupRequest = { type: 'LeaveGroupRequest', clientId: config.id, groupId: config.group ?? '',
      memberId: membership.memberId, why }
    askCoordinator(state, channel, request, { kind: 'leave' }, ctx)
  }
  resetGeneration(state, true)
}
