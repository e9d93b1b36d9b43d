/**
 * Requests that only the active controller can decide travel on to it, one at a time, and its answer back to whoever asked;
 * while there is no controller they wait. Follows server/.../ForwardingManagerImpl.java and
 * core/.../server/NodeToControllerChannelManagerImpl.scala. CTL-50.
 */
import { fromMs, MILLISECOND, type Micros } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import { backsOffUntil, channelTo, closeChannel, ready, sendRequest } from '../network/client.ts'
import { respond } from '../network/server.ts'
import { answerTo, type AdminRequest, type AdminResponse } from '../protocol/admin.ts'
import type { AllocateProducerIdsRequest, AllocateProducerIdsResponse } from '../protocol/producer-ids.ts'
import { refusal } from './dynamic-config.ts'
import { nodeName, type Broker, type BrokerContext, type Forwarded } from './state.ts'

const LABEL = 'controller:forward'
/** As long as the broker tries (BrokerServer: `retryTimeoutMs`). */
const PATIENCE: Micros = fromMs(60000)
const RETRY: Micros = 50 * MILLISECOND

export function handleForwarded(broker: Broker, request: AdminRequest, on: Connection, ctx: BrokerContext): void {
  const refused = refusal(request)
  if (refused !== undefined) return respond(on, answerTo(request, refused), ctx)
  queue(broker, { of: 'client', on, request, until: ctx.now + PATIENCE }, ctx)
}

/** A question of the broker's own, on the same channel. */
export function sendForward(broker: Broker, request: AllocateProducerIdsRequest, ctx: BrokerContext): void {
  queue(broker, { of: 'self', request, until: ctx.now + PATIENCE }, ctx)
}

function queue(broker: Broker, forwarded: Forwarded, ctx: BrokerContext): void {
  broker.forwarding.waiting.push(Object.freeze(forwarded))
  forwardNext(broker, ctx)
}

export function forwardNext(broker: Broker, ctx: BrokerContext): void {
  const { forwarding } = broker
  giveUpOnOverdue(broker, ctx)
  const [next] = forwarding.waiting
  if (forwarding.sent !== undefined || next === undefined) return
  broker.toController.forward ??= broker.quorum.leaderId
  const { forward } = broker.toController
  if (forward === undefined) return ctx.setTimer({ type: 'forwardRetry' }, next.until - ctx.now)
  const channel = channelTo(broker.network, nodeName(forward), LABEL)
  if (!ready(broker.network, channel, ctx)) {
    const due = channel.state === 'closed' ? Math.max(RETRY, backsOffUntil(channel) - ctx.now) : next.until - ctx.now
    return ctx.setTimer({ type: 'forwardRetry' }, Math.min(due, next.until - ctx.now))
  }
  forwarding.waiting.shift()
  forwarding.sent = next
  sendRequest(broker.network, channel, next.request, 'forward', ctx)
}

function giveUpOnOverdue(broker: Broker, ctx: BrokerContext): void {
  const { forwarding } = broker
  const overdue = forwarding.waiting.filter(({ until }) => until <= ctx.now)
  if (overdue.length === 0) return
  forwarding.waiting = forwarding.waiting.filter(({ until }) => until > ctx.now)
  for (const each of overdue) {
    if (each.of === 'self') broker.producerIds.requested = false
    else if (each.on !== undefined) respond(each.on, answerTo(each.request, 'REQUEST_TIMED_OUT'), ctx)
  }
}

export function handleForwardAnswered(broker: Broker, response: AdminResponse | AllocateProducerIdsResponse, ctx: BrokerContext): void {
  const { forwarding } = broker
  const { sent } = forwarding
  forwarding.sent = undefined
  if (response.error === 'NOT_CONTROLLER') return handleNotController(broker, sent, ctx)
  if (sent?.of === 'client' && sent.on !== undefined) respond(sent.on, response, ctx)
  forwardNext(broker, ctx)
}

function handleNotController(broker: Broker, sent: Forwarded | undefined, ctx: BrokerContext): void {
  const { forward } = broker.toController
  broker.toController.forward = undefined
  if (forward !== undefined) closeChannel(broker.network, channelTo(broker.network, nodeName(forward), LABEL), ctx)
  again(broker, sent, ctx)
}

/** It goes again, before all others, to whoever leads then. */
export function handleForwardLost(broker: Broker, ctx: BrokerContext): void {
  broker.toController.forward = undefined
  const { sent } = broker.forwarding
  broker.forwarding.sent = undefined
  again(broker, sent, ctx)
}
const isWanted = (forwarded: Forwarded): boolean => forwarded.of === 'self' || forwarded.on !== undefined
function again(broker: Broker, sent: Forwarded | undefined, ctx: BrokerContext): void {
  if (sent !== undefined && isWanted(sent)) broker.forwarding.waiting.unshift(sent)
  if (broker.forwarding.waiting.length > 0) ctx.setTimer({ type: 'forwardRetry' }, RETRY)
}

/** A client went away: nobody waits for its answers. What the controller has been asked it does all the same. */
export function forgetForwarded(broker: Broker, on: Connection): void {
  const { forwarding } = broker
  forwarding.waiting = forwarding.waiting.filter((each) => each.of === 'self' || each.on !== on)
  const { sent } = forwarding
  if (sent?.of === 'client' && sent.on === on) forwarding.sent = Object.freeze({ ...sent, on: undefined })
}
