/**
 * A share consumer's one request to its coordinator: it joins, reports and leaves. What it is told to read it reads at once.
 * Follows clients/.../consumer/internals/{ShareHeartbeatRequestManager,ShareMembershipManager}.java.
 */
import { fromMs } from '../../../base/units.ts'
import type { ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse } from '../../protocol/share.ts'
import { uuidOf } from '../../uuid.ts'
import { askCoordinator, backoff, coordinatorChannel } from '../consumer/coordinator.ts'
import { groupHeartbeatFailed, loseCoordinator } from '../consumer/lost.ts'
import { newPosition } from '../consumer/positions.ts'
import type { ConsumerContext } from '../consumer/state.ts'
import { awaySince } from '../consumer/work.ts'
import { countError } from '../notebook.ts'
import type { ShareConsumerState } from './state.ts'

const isOut = ({ protocol: { state } }: ShareConsumerState): boolean => state === 'unsubscribed' || state === 'fenced' || state === 'stale'

/** In poll(): who is not a member becomes one. */
export function joinIfNeeded(state: ShareConsumerState, ctx: ConsumerContext): void {
  const { membership, protocol } = state
  if (isOut(state)) {
    if (membership.memberId === '') membership.memberId = uuidOf(() => ctx.random('member id'))
    membership.generation = 0
    protocol.state = 'joining'
    protocol.told.topics = false
    membership.heartbeatAt = ctx.now
  }
  maybeSendHeartbeat(state, ctx)
}

function maybeSendHeartbeat(state: ShareConsumerState, ctx: ConsumerContext): void {
  const { membership, protocol, config } = state
  if (isOut(state) || protocol.inFlight) return
  const urgent = (protocol.state === 'joining' || protocol.state === 'acknowledging') && membership.heartbeatFailures === 0
  if (membership.heartbeatAt > ctx.now && !urgent) return
  const channel = coordinatorChannel(state, ctx)
  if (channel === undefined) return
  const memberEpoch = Math.max(0, membership.generation)
  const request: ShareGroupHeartbeatRequest = {
    type: 'ShareGroupHeartbeatRequest', clientId: config.id, groupId: config.group, memberId: membership.memberId, memberEpoch,
    ...(protocol.told.topics ? {} : { subscribedTopicNames: Object.freeze(config.topics.slice()) }),
  }
  protocol.told.topics = true
  protocol.inFlight = true
  if (protocol.state === 'acknowledging') protocol.state = 'stable'
  askCoordinator(state, channel, request, { kind: 'groupHeartbeat', memberEpoch }, ctx)
  arm(state, protocol.heartbeatInterval, ctx)
}

function arm({ membership }: ShareConsumerState, delay: number, ctx: ConsumerContext): void {
  membership.heartbeatAt = ctx.now + delay
  ctx.setTimer({ type: 'heartbeat' }, delay)
}

export function handleShareHeartbeatResponse(state: ShareConsumerState, response: ShareGroupHeartbeatResponse, ctx: ConsumerContext, purpose: { readonly kind: string; readonly memberEpoch?: number }): void {
  const { membership, protocol } = state
  if (purpose.kind === 'leave') return
  protocol.inFlight = false
  if (protocol.state === 'joining' && purpose.memberEpoch !== 0) return
  if (response.error !== 'NONE') return refused(state, response, ctx)
  membership.heartbeatFailures = 0
  membership.heardAt = ctx.now
  if (isOut(state)) return
  protocol.heartbeatInterval = fromMs(response.heartbeatIntervalMs)
  membership.generation = response.memberEpoch
  membership.state = 'stable'
  const { assignment } = response
  const isNews = assignment !== undefined && (protocol.current === undefined || protocol.current.partitions.join() !== assignment.join())
  if (isNews) {
    protocol.current = Object.freeze({ version: (protocol.current?.version ?? -1) + 1, partitions: assignment })
    state.positions = new Map(assignment.map((partition) => [partition, newPosition(partition, 'fetching')]))
    state.notebook.assignedLast = assignment
    state.notebook.assignedCount++
  }
  protocol.state = isNews ? 'acknowledging' : 'stable'
}

function refused(state: ShareConsumerState, { error }: ShareGroupHeartbeatResponse, ctx: ConsumerContext): void {
  const { membership, protocol, notebook } = state
  countError(notebook.errors, error)
  protocol.told.topics = false
  switch (error) {
    case 'COORDINATOR_NOT_AVAILABLE': case 'NOT_COORDINATOR':
      loseCoordinator(state, ctx)
      return arm(state, backoff(state, membership.heartbeatFailures++, ctx), ctx)
    case 'FENCED_MEMBER_EPOCH': case 'UNKNOWN_MEMBER_ID':
      lose(state)
      protocol.state = 'fenced'
      return
    case 'COORDINATOR_LOAD_IN_PROGRESS': return groupHeartbeatFailed(state, ctx)
    default:
      notebook.lastError = error
      state.fatal = true
  }
}

/** Nothing is assigned to it any more. What it holds it may still acknowledge. */
function lose(state: ShareConsumerState): void {
  state.membership.generation = -1
  state.membership.state = 'unjoined'
  state.protocol.current = undefined
  state.positions = new Map()
}

/** Also while the application is busy; one that is away for `max.poll.interval.ms` leaves its group. */
export function handleShareHeartbeatTimer(state: ShareConsumerState, ctx: ConsumerContext): void {
  if ((state.lifecycle !== 'running' && state.lifecycle !== 'closing') || isOut(state)) return
  if (ctx.now - (awaySince(state.work) ?? Infinity) >= fromMs(state.settings.maxPollIntervalMs)) {
    sayFarewell(state, ctx)
    state.protocol.state = 'stale'
    return
  }
  maybeSendHeartbeat(state, ctx)
  if (!state.protocol.inFlight && state.membership.heartbeatAt <= ctx.now) arm(state, backoff(state, 0, ctx), ctx)
}

export function sayFarewell(state: ShareConsumerState, ctx: ConsumerContext): void {
  const { membership, protocol, config } = state
  const channel = isOut(state) || membership.coordinator === undefined ? undefined : coordinatorChannel(state, ctx)
  if (channel !== undefined) {
    const request: ShareGroupHeartbeatRequest = { type: 'ShareGroupHeartbeatRequest', clientId: config.id, groupId: config.group, memberId: membership.memberId, memberEpoch: -1 }
    askCoordinator(state, channel, request, { kind: 'leave' }, ctx)
  }
  lose(state)
  protocol.state = 'unsubscribed'
}
