/**
 * What a broker asks of share coordinators, as the leader of a partition or as the group's coordinator: on connections of its
 * own, again after 1, 2, 4 and 8 s. Follows server-common/.../share/persister/PersisterStateManager.java.
 *
 * Simplified: these pauses have no jitter.
 */
import { SECOND } from '../../base/units.ts'
import type { Connection, Timer } from '../../engine/process.ts'
import { liveLeader } from '../broker/live-leader.ts'
import type { Broker, BrokerContext } from '../broker/state.ts'
import type { KafkaError } from '../errors.ts'
import { answered, backsOffUntil, channelTo, handleConnected, handleDisconnected, handleNetworkTimer, ready, sendRequest } from '../network/client.ts'
import type { ShareStateRequest, ShareStateResponse } from '../protocol/share.ts'
import { lookAfter, shareOf } from './append.ts'
import { handleShareState, stateTopicPartition } from './coordinator.ts'
import type { AskPurpose, ShareAsk } from './state.ts'

const LABEL = 'replication:share'
const MOST_ATTEMPTS = 5

/** The network client of this part has a timer of its own beside that of the broker. */
const NETWORK: Timer = Object.freeze({ type: 'shareNetwork' })
const named = (timer: Timer): Timer => (timer.type === 'network' ? NETWORK : timer)
const ownContext = (ctx: BrokerContext): BrokerContext => ({
  self: ctx.self, now: ctx.now, clock: ctx.clock, step: ctx.step, random: (purpose) => ctx.random(`share: ${purpose}`), connect: (to, purpose) => ctx.connect(to, purpose),
  send: (on, message) => ctx.send(on, message), close: (on) => ctx.close(on), mute: (on) => ctx.mute(on), unmute: (on) => ctx.unmute(on),
  setTimer: (timer, delay) => ctx.setTimer(named(timer), delay), cancelTimer: (timer) => ctx.cancelTimer(named(timer)), hasTimer: (timer) => ctx.hasTimer(named(timer)),
  note: (fact) => ctx.note(fact), exit: () => ctx.exit(), halt: () => ctx.halt(),
})

export function ask(broker: Broker, request: ShareStateRequest, purpose: AskPurpose, ctx: BrokerContext): void {
  const share = shareOf(broker)
  const asked: ShareAsk = { id: share.nextId++, request: Object.freeze(request), purpose: Object.freeze(purpose), attempts: 0, retryAt: Infinity, waitsFor: undefined }
  share.asks.set(asked.id, asked)
  send(broker, asked, ctx)
}

function send(broker: Broker, asked: ShareAsk, ctx: BrokerContext): void {
  const { id, request } = asked
  asked.attempts++
  asked.retryAt = Infinity
  asked.waitsFor = undefined
  const partition = stateTopicPartition(broker, request.key)
  const leader = partition === undefined ? undefined : liveLeader(broker, partition)?.name
  if (leader === undefined) return take(broker, id, 'COORDINATOR_NOT_AVAILABLE', request, ctx)
  if (leader === broker.spec.name) return handleShareState(broker, request, { ask: id }, ctx)
  const { network } = shareOf(broker)
  const channel = channelTo(network, leader, LABEL)
  if (ready(network, channel, ownContext(ctx))) sendRequest(network, channel, request, id, ownContext(ctx))
  else if (backsOffUntil(channel) > ctx.now) take(broker, id, 'NETWORK_EXCEPTION', request, ctx)
  else asked.waitsFor = leader
}

/** Nobody could be asked: that is an answer too. */
function take(broker: Broker, id: number, error: KafkaError, { type }: ShareStateRequest, ctx: BrokerContext): void {
  const response = { type: type.replace('Request', 'Response'), error, stateEpoch: 0, startOffset: -1, batches: [] } as unknown as ShareStateResponse
  shareOf(broker).answers.push(Object.freeze({ id, response: Object.freeze(response) }))
  lookAfter(ctx)
}

export function handleStateAnswered(broker: Broker, response: ShareStateResponse, on: Connection, ctx: BrokerContext): void {
  const answer = answered(shareOf(broker).network, on)
  if (answer === undefined) return
  shareOf(broker).answers.push(Object.freeze({ id: answer.answers.purpose, response }))
  lookAfter(ctx)
}

export function handleShareConnected(broker: Broker, on: Connection, ctx: BrokerContext): void {
  const { network, asks } = shareOf(broker)
  const channel = handleConnected(network, on)
  if (channel === undefined) return
  for (const asked of asks.values()) {
    if (asked.waitsFor !== channel.node) continue
    asked.waitsFor = undefined
    sendRequest(network, channel, asked.request, asked.id, ownContext(ctx))
  }
}

/** True when it was one of these connections. */
export function handleAskLost(broker: Broker, on: Connection, ctx: BrokerContext): boolean {
  const lost = handleDisconnected(shareOf(broker).network, on, ownContext(ctx))
  if (lost !== undefined) failed(broker, lost.channel.node, lost.failed.map(({ purpose }) => purpose), ctx)
  return lost !== undefined
}

export function handleShareNetworkTimer(broker: Broker, ctx: BrokerContext): void {
  for (const { channel, failed: requests } of handleNetworkTimer(shareOf(broker).network, ownContext(ctx))) failed(broker, channel.node, requests.map(({ purpose }) => purpose), ctx)
}

function failed(broker: Broker, node: string, inFlight: readonly number[], ctx: BrokerContext): void {
  for (const asked of shareOf(broker).asks.values()) {
    if (inFlight.includes(asked.id) || asked.waitsFor === node) take(broker, asked.id, 'NETWORK_EXCEPTION', asked.request, ctx)
  }
}

const retried: ReadonlySet<KafkaError> = new Set(['NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_LOAD_IN_PROGRESS', 'NETWORK_EXCEPTION'])

/** Answers that have come, with what was asked. */
export function takeAnswers(broker: Broker): readonly { readonly asked: ShareAsk; readonly response: ShareStateResponse }[] {
  const share = shareOf(broker)
  const { answers } = share
  share.answers = []
  return answers.flatMap(({ id, response }) => {
    const asked = share.asks.get(id)
    share.asks.delete(id)
    return asked === undefined ? [] : [{ asked, response }]
  })
}

/** True when it will be asked again. */
export function maybeRetry(broker: Broker, asked: ShareAsk, { error }: ShareStateResponse, now: number): boolean {
  if (!retried.has(error) || asked.attempts >= MOST_ATTEMPTS) return false
  asked.retryAt = now + SECOND * (1 << (asked.attempts - 1))
  shareOf(broker).asks.set(asked.id, asked)
  return true
}

export function askAgain(broker: Broker, ctx: BrokerContext): void {
  for (const asked of [...shareOf(broker).asks.values()]) if (asked.retryAt <= ctx.now) send(broker, asked, ctx)
}
