/**
 * A broker looks after its share groups: one timer, and whenever something has happened that they may wait for. What comes
 * first is what others build upon: who leads, what is committed, what has been answered, which locks have run out.
 */
import type { Micros } from '../../base/units.ts'
import type { Broker, BrokerContext } from '../broker/state.ts'
import type { ReadShareGroupStateResponse } from '../protocol/share.ts'
import { handleAdminAnswered } from './admin.ts'
import { settleCommits, shareOf } from './append.ts'
import { askAgain, maybeRetry, takeAnswers } from './ask.ts'
import { nextExpiry } from './acknowledge.ts'
import { acknowledged, attempt } from './calls.ts'
import { coordinatesStates } from './coordinator.ts'
import { coordinatesGroups, expireSessions, handleInitialized, initializeStates } from './group.ts'
import { dropOthers, expireShareLocks, handleLoaded, handleWritten } from './leader.ts'
import { OFFSETS_TOPIC } from '../group/coordinator-partition.ts'
import { SHARE_STATE_TOPIC } from './state.ts'

export function tend(broker: Broker, ctx: BrokerContext): void {
  if (!broker.published) return
  followLeaders(broker, ctx)
  for (const { response } of settleCommits(broker, ctx)) if (response.type === 'ShareGroupHeartbeatResponse') initializeStates(broker, response.groupId, ctx)
  takeStates(broker, ctx)
  askAgain(broker, ctx)
  expireSessions(broker, ctx)
  expireShareLocks(broker, (group, member) => clientOf(broker, group, member), ctx)
  for (const call of [...shareOf(broker).calls.values()]) attempt(broker, call, ctx)
  arm(broker, ctx)
}

function followLeaders(broker: Broker, ctx: BrokerContext): void {
  dropOthers(broker)
  for (const partition of broker.metadata.topics.get(SHARE_STATE_TOPIC)?.partitions ?? []) coordinatesStates(broker, partition)
  for (const partition of broker.metadata.topics.get(OFFSETS_TOPIC)?.partitions ?? []) coordinatesGroups(broker, partition, ctx)
}

function takeStates(broker: Broker, ctx: BrokerContext): void {
  for (const { asked, response } of takeAnswers(broker)) {
    const { purpose, request } = asked
    if (maybeRetry(broker, asked, response, ctx.now)) continue
    if (purpose.kind === 'load') handleLoaded(broker, request.key, purpose, response as ReadShareGroupStateResponse, ctx)
    else if (purpose.kind === 'initialize') handleInitialized(broker, purpose, response, ctx)
    else if (purpose.kind === 'admin') handleAdminAnswered(broker, purpose, response, ctx)
    else {
      const error = handleWritten(broker, request.key, purpose, response, ctx)
      if (purpose.call !== undefined) acknowledged(broker, purpose.call, request.key.slice(request.key.indexOf(':') + 1), error, ctx)
    }
  }
}

/** The name of a member's client, as its session says. */
function clientOf(broker: Broker, group: string, member: string): string {
  return shareOf(broker).sessions.get(`${group}:${member}`)?.client ?? member
}

/** For the next moment at which there is something to do, if nothing happens before. */
function arm(broker: Broker, ctx: BrokerContext): void {
  const share = shareOf(broker)
  let at: Micros = share.answers.length > 0 ? ctx.now : Infinity
  for (const { deadline } of share.commits) at = Math.min(at, deadline)
  for (const { retryAt } of share.asks.values()) at = Math.min(at, retryAt)
  for (const partition of share.partitions.values()) at = Math.min(at, nextExpiry(partition))
  for (const { fetched, until } of share.calls.values()) if (fetched === undefined) at = Math.min(at, until)
  for (const { members } of share.groups.values()) for (const { sessionUntil } of members.values()) at = Math.min(at, sessionUntil)
  // What was set meanwhile, for this very moment, stays.
  if (ctx.hasTimer({ type: 'share' })) return
  if (at < Infinity) ctx.setTimer({ type: 'share' }, Math.max(0, at - ctx.now))
}
