/**
 * The network side of everything that sends requests: connections, back-off, what is in flight, time-outs.
 * Follows clients/.../NetworkClient.java, ClusterConnectionStates.java and ExponentialBackoff.java.
 *
 * Its state is a part of its owner's; its owner forwards `Connected`, `Disconnected` and the timer `network`.
 */
import type { Micros } from '../../base/units.ts'
import type { Connection, Context, Tagged } from '../../engine/process.ts'
import { exponentialBackoff } from './backoff.ts'

export interface NetworkConfig {
  readonly requestTimeout: Micros
  readonly reconnectBackoffMs: number
  readonly reconnectBackoffMaxMs: number
  readonly connectionSetupTimeout: Micros
}

export interface InFlight<Purpose> {
  readonly request: Tagged
  /** What the owner needs to know when the answer comes. Plain data that does not change. */
  readonly purpose: Purpose
  readonly sentAt: Micros
  readonly timesOutAt: Micros
}

export interface Channel<Purpose> {
  readonly node: string
  /** Traffic kind, with a label behind a colon where a pair of machines has several channels. */
  readonly label: string
  state: 'closed' | 'connecting' | 'ready'
  on: Connection | undefined
  /** Failed attempts in a row; sets the pause before the next one. */
  failures: number
  /** No attempt before this moment. */
  retryAt: Micros
  connectingSince: Micros
  /** Answers come in the order of the requests. */
  inFlight: InFlight<Purpose>[]
}

export interface NetworkClient<Purpose> {
  readonly config: NetworkConfig
  channels: Map<string, Channel<Purpose>>
  /** The channel of each connection, by name. */
  connections: Map<Connection, string>
  /** The moment for which the timer `network` is set. */
  wakeAt: Micros
}

export const newNetworkClient = <Purpose>(config: NetworkConfig): NetworkClient<Purpose> => ({ config, channels: new Map(), connections: new Map(), wakeAt: Infinity })

/** The owner's timer that wakes the network client: connection set-up and request time-outs. */
export interface NetworkTimer { readonly type: 'network' }
const WAKE: NetworkTimer = Object.freeze({ type: 'network' })

export function channelTo<Purpose>(client: NetworkClient<Purpose>, node: string, label: string): Channel<Purpose> {
  let channel = findChannel(client, node, label)
  if (channel === undefined) {
    channel = { node, label, state: 'closed', on: undefined, failures: 0, retryAt: 0, connectingSince: 0, inFlight: [] }
    client.channels.set(nameOf(node, label), channel)
  }
  return channel
}

/** Remembered, because to put a name together and look it up takes longer than to find it twice. */
const names = new Map<string, Map<string, string>>()
function nameOf(node: string, label: string): string {
  let byNode = names.get(label)
  if (byNode === undefined) names.set(label, (byNode = new Map()))
  let name = byNode.get(node)
  if (name === undefined) byNode.set(node, (name = `${node}#${label}`))
  return name
}

/** To look at so many is cheaper than to put a name together. */
const FEW = 8

export function findChannel<Purpose>(client: NetworkClient<Purpose>, node: string, label: string): Channel<Purpose> | undefined {
  if (client.channels.size > FEW) return client.channels.get(nameOf(node, label))
  for (const channel of client.channels.values()) if (channel.node === node && channel.label === label) return channel
  return undefined
}

export function channelOf<Purpose>(client: NetworkClient<Purpose>, on: Connection): Channel<Purpose> | undefined {
  const name = client.connections.get(on)
  return name === undefined ? undefined : client.channels.get(name)
}

/** Open the channel unless it is open, opening, or still backing off. True when requests can be sent on it now. */
export function ready<Purpose>(client: NetworkClient<Purpose>, channel: Channel<Purpose>, ctx: Context): boolean {
  if (channel.state === 'ready') return true
  if (channel.state === 'closed' && ctx.now >= channel.retryAt) {
    channel.state = 'connecting'
    channel.connectingSince = ctx.now
    channel.on = ctx.connect(channel.node, channel.label)
    client.connections.set(channel.on, nameOf(channel.node, channel.label))
    wakeBy(client, ctx.now + client.config.connectionSetupTimeout, ctx)
  }
  return false
}

/** When an attempt may be made again; only meaningful while closed. */
export const backsOffUntil = <Purpose>(channel: Channel<Purpose>): Micros => (channel.state === 'closed' ? channel.retryAt : 0)

/** On a ready channel. `expectsAnswer` is false for a produce with acks=0. */
export function sendRequest<Purpose>(
  client: NetworkClient<Purpose>, channel: Channel<Purpose>, request: Tagged, purpose: Purpose, ctx: Context, expectsAnswer = true, timeout = client.config.requestTimeout,
): void {
  if (channel.on === undefined || channel.state !== 'ready') throw new Error(`${ctx.self} sends on a channel to ${channel.node} that is ${channel.state}`)
  ctx.send(channel.on, request)
  if (!expectsAnswer) return
  channel.inFlight.push({ request, purpose, sentAt: ctx.now, timesOutAt: ctx.now + timeout })
  wakeBy(client, ctx.now + timeout, ctx)
}

/** Somebody has still to answer something of this kind. */
export function isAsking<Purpose extends { readonly kind: string }>({ channels }: NetworkClient<Purpose>, kind: Purpose['kind']): boolean {
  for (const { inFlight } of channels.values()) for (const { purpose } of inFlight) if (purpose.kind === kind) return true
  return false
}

/** An answer has come on this connection: to the oldest request in flight. Undefined when the channel is gone. */
export function answered<Purpose>(client: NetworkClient<Purpose>, on: Connection): { readonly channel: Channel<Purpose>; readonly answers: InFlight<Purpose> } | undefined {
  const channel = channelOf(client, on)
  const answers = channel?.inFlight.shift()
  return channel === undefined || answers === undefined ? undefined : { channel, answers }
}

export function handleConnected<Purpose>(client: NetworkClient<Purpose>, on: Connection): Channel<Purpose> | undefined {
  const channel = channelOf(client, on)
  if (channel === undefined) return undefined
  channel.state = 'ready'
  channel.failures = 0
  return channel
}

/** The connection is gone, or was refused: all that was in flight fails. The channel backs off: 50 ms, doubled each time up to 1 s, +-20 %. */
export function handleDisconnected<Purpose>(
  client: NetworkClient<Purpose>, on: Connection, ctx: Context,
): { readonly channel: Channel<Purpose>; readonly failed: readonly InFlight<Purpose>[] } | undefined {
  const channel = channelOf(client, on)
  return channel === undefined ? undefined : { channel, failed: fail(client, channel, ctx) }
}

function fail<Purpose>(client: NetworkClient<Purpose>, channel: Channel<Purpose>, ctx: Context): readonly InFlight<Purpose>[] {
  const failed = channel.inFlight
  channel.inFlight = []
  if (channel.on !== undefined) client.connections.delete(channel.on)
  channel.on = undefined
  channel.state = 'closed'
  const { reconnectBackoffMs, reconnectBackoffMaxMs } = client.config
  channel.retryAt = ctx.now + exponentialBackoff(reconnectBackoffMs, reconnectBackoffMaxMs, channel.failures, ctx.random('reconnect backoff'))
  channel.failures++
  return failed
}

/** Close a channel from this side, for good or until the next `ready`. */
export function closeChannel<Purpose>(client: NetworkClient<Purpose>, channel: Channel<Purpose>, ctx: Context): readonly InFlight<Purpose>[] {
  if (channel.on !== undefined) ctx.close(channel.on)
  return fail(client, channel, ctx)
}

/** What the wake-up timer found: channels that failed, with what was in flight on them. A request time-out closes its connection. */
export function handleNetworkTimer<Purpose>(
  client: NetworkClient<Purpose>, ctx: Context,
): { readonly channel: Channel<Purpose>; readonly failed: readonly InFlight<Purpose>[]; readonly how: 'timeout' }[] {
  const gone: { channel: Channel<Purpose>; failed: readonly InFlight<Purpose>[]; how: 'timeout' }[] = []
  for (const channel of client.channels.values()) {
    const oldest = channel.inFlight[0]
    const late = channel.state === 'connecting'
      ? channel.connectingSince + client.config.connectionSetupTimeout <= ctx.now
      : oldest !== undefined && earliest(channel.inFlight) <= ctx.now
    if (late) gone.push({ channel, failed: closeChannel(client, channel, ctx), how: 'timeout' })
  }
  wakeAgain(client, ctx)
  return gone
}

const earliest = <Purpose>(requests: readonly InFlight<Purpose>[]): Micros => requests.reduce((least, { timesOutAt }) => Math.min(least, timesOutAt), Infinity)

/** One timer for all channels. It looks again when it fires, so it is only ever moved to an earlier moment. */
function wakeBy<Purpose>(client: NetworkClient<Purpose>, at: Micros, ctx: Context): void {
  if (at >= client.wakeAt) return
  client.wakeAt = at
  ctx.setTimer(WAKE, at - ctx.now)
}

/** The next moment at which a channel may have to be given up. */
function wakeAgain<Purpose>(client: NetworkClient<Purpose>, ctx: Context): void {
  let at = Infinity
  for (const channel of client.channels.values()) {
    if (channel.state === 'connecting') at = Math.min(at, channel.connectingSince + client.config.connectionSetupTimeout)
    else if (channel.inFlight.length > 0) at = Math.min(at, earliest(channel.inFlight))
  }
  client.wakeAt = Infinity
  if (at < Infinity) wakeBy(client, at, ctx)
}
