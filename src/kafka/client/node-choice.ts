/**
 * Which broker a client asks when any of them would do. Follows clients/.../NetworkClient.java#leastLoadedNode and #maybeUpdate.
 *
 * Simplified: a bootstrap address and the broker behind it are one node, with one connection; and a client that reaches none
 * of the brokers it knows does not go back to its bootstrap list (KIP-899, after five minutes).
 */
import { below } from '../../base/random.ts'
import type { Micros } from '../../base/units.ts'
import type { Context } from '../../engine/process.ts'
import { backsOffUntil, channelTo, ready, sendRequest, type Channel, type NetworkClient } from '../network/client.ts'
import type { MetadataRequest } from '../protocol/metadata.ts'
import { isKnown, knownNodes, refreshDueAt, type ClientMetadata } from './metadata.ts'

/** Kind of traffic of everything that clients send; the second connection to a coordinator has a label of its own. */
export const CLIENTS = 'clients'

/**
 * An open connection with nothing in flight, else the least busy open one, else one that is opening, else one that may be
 * opened: the one not tried for the longest. Undefined while all of them back off.
 */
export function leastLoaded<Purpose>(
  metadata: ClientMetadata, network: NetworkClient<Purpose>, maxInFlight: number, ctx: Context,
): Channel<Purpose> | undefined {
  const nodes = knownNodes(metadata)
  const first = nodes.length > 1 ? below(ctx.random('least loaded node'), nodes.length) : 0
  let open: Channel<Purpose> | undefined, opening: Channel<Purpose> | undefined, closed: Channel<Purpose> | undefined
  for (let i = 0; i < nodes.length; i++) {
    const channel = channelTo(network, nodes[(first + i) % nodes.length]!, CLIENTS)
    if (channel.state === 'ready') {
      const busy = channel.inFlight.length
      if (busy === 0) return channel
      if (busy < maxInFlight && (open === undefined || busy < open.inFlight.length)) open = channel
    } else if (channel.state === 'connecting') opening = channel
    else if (channel.retryAt <= ctx.now && (closed === undefined || channel.connectingSince < closed.connectingSince)) closed = channel
  }
  return open ?? opening ?? closed
}

/** Ask for metadata if that is due and somebody can be asked. The answer comes with `purpose`. */
export function maybeAskForMetadata<Purpose>(
  metadata: ClientMetadata, network: NetworkClient<Purpose>, clientId: string, purpose: Purpose, maxInFlight: number, ctx: Context,
): void {
  if (refreshDueAt(metadata) > ctx.now) return
  const channel = leastLoaded(metadata, network, maxInFlight, ctx)
  if (channel === undefined) return
  if (channel.state !== 'ready') {
    // One connection attempt at a time: no broker is bothered while another may still answer.
    if (!isAnyConnecting(network)) ready(network, channel, ctx)
    return
  }
  const request: MetadataRequest = { type: 'MetadataRequest', clientId, topics: Object.freeze(metadata.topics.slice()) }
  metadata.asking = true
  sendRequest(network, channel, request, purpose, ctx)
}

function isAnyConnecting<Purpose>(network: NetworkClient<Purpose>): boolean {
  for (const channel of network.channels.values()) if (channel.state === 'connecting') return true
  return false
}

/** When the first of the brokers that refused stops being left alone; Infinity when none is. */
export function reconnectPossibleAt<Purpose>(metadata: ClientMetadata, network: NetworkClient<Purpose>, now: Micros): Micros {
  let at = Infinity
  for (const channel of network.channels.values()) {
    if (channel.label === CLIENTS && backsOffUntil(channel) > now && isKnown(metadata, channel.node)) at = Math.min(at, channel.retryAt)
  }
  return at
}

/** When metadata will be asked for if no message comes before. */
export function refreshPossibleAt<Purpose>(metadata: ClientMetadata, network: NetworkClient<Purpose>, now: Micros): Micros {
  const due = refreshDueAt(metadata)
  return due > now ? due : reconnectPossibleAt(metadata, network, now)
}
