/**
 * The way to the group coordinator: found by asking any broker, spoken to on a connection of its own, so that a parked
 * fetch delays no heartbeat (GRP-2, NET-3). Follows clients/.../consumer/internals/AbstractCoordinator.java.
 */
import { exponentialBackoff } from '../../network/backoff.ts'
import { channelTo, closeChannel, ready, sendRequest, type Channel, type InFlight } from '../../network/client.ts'
import type { FindCoordinatorRequest, FindCoordinatorResponse } from '../../protocol/metadata.ts'
import { MILLISECOND, type Micros } from '../../../base/units.ts'
import type { Tagged } from '../../../engine/process.ts'
import { leastLoaded } from '../node-choice.ts'
import { countError } from '../notebook.ts'
import type { ConsumerContext, ConsumerPurpose, ConsumerState } from './state.ts'

export const COORDINATOR = 'clients:coordinator'
/** A consumer sends no more than this on one connection before it has an answer. */
export const MAX_IN_FLIGHT = 100
const FIND: ConsumerPurpose = Object.freeze({ kind: 'findCoordinator' })

/** The open connection to the coordinator. Undefined while it is unknown, or cannot be reached yet. */
export function coordinatorChannel(state: ConsumerState, ctx: ConsumerContext): Channel<ConsumerPurpose> | undefined {
  const { membership } = state
  if (membership.coordinator === undefined) return findCoordinator(state, ctx)
  const channel = channelTo(state.network, membership.coordinator, COORDINATOR)
  return ready(state.network, channel, ctx) ? channel : undefined
}

function findCoordinator(state: ConsumerState, ctx: ConsumerContext): undefined {
  const { membership, config } = state
  if (config.group === undefined || membership.finding || membership.findRetryAt > ctx.now) return
  const channel = leastLoaded(state.metadata, state.network, MAX_IN_FLIGHT, ctx)
  if (channel === undefined || !ready(state.network, channel, ctx)) return
  const request: FindCoordinatorRequest = { type: 'FindCoordinatorRequest', clientId: config.id, key: config.group }
  membership.finding = true
  sendRequest(state.network, channel, request, FIND, ctx)
}

export function handleFindCoordinatorResponse(state: ConsumerState, { error, node }: FindCoordinatorResponse, ctx: ConsumerContext): void {
  const { membership } = state
  membership.finding = false
  if (error !== 'NONE') {
    countError(state.notebook.errors, error)
    return findFailed(state, ctx)
  }
  membership.findAttempts = 0
  membership.coordinator = node
  membership.heardAt = ctx.now
  // A coordinator that cannot be reached was found at a broker that does not know it yet: ask again, but not at once.
  const channel = channelTo(state.network, node, COORDINATOR)
  if (channel.state === 'closed' && channel.retryAt > ctx.now) {
    membership.coordinator = undefined
    membership.findRetryAt = channel.retryAt
  }
}

export function findFailed(state: ConsumerState, ctx: ConsumerContext): void {
  state.membership.finding = false
  state.membership.findRetryAt = ctx.now + backoff(state, state.membership.findAttempts++, ctx)
}

/**
 * It does not answer, or says that it is not the one: look for it again. What was asked of it fails. Gives those requests;
 * it is for the caller to tell whoever asked.
 */
export function forgetCoordinator(state: ConsumerState, ctx: ConsumerContext): readonly InFlight<ConsumerPurpose>[] {
  const { coordinator } = state.membership
  if (coordinator === undefined) return []
  state.membership.coordinator = undefined
  const channel = channelTo(state.network, coordinator, COORDINATOR)
  return channel.state === 'closed' ? [] : closeChannel(state.network, channel, ctx)
}

export function askCoordinator(state: ConsumerState, channel: Channel<ConsumerPurpose>, request: Tagged, purpose: ConsumerPurpose,
  ctx: ConsumerContext, timeout?: Micros): void {
  sendRequest(state.network, channel, request, Object.freeze(purpose), ctx, true, timeout)
}

/** Simplified: with `retry.backoff.ms` 0 Kafka's consumer asks again as fast as its machine can; here once a millisecond. */
export const backoff = ({ settings }: ConsumerState, attempts: number, ctx: ConsumerContext): Micros =>
  Math.max(MILLISECOND, exponentialBackoff(settings.retryBackoffMs, settings.retryBackoffMaxMs, attempts, ctx.random('retry backoff')))
