/**
 * Brokers ask each other about transactions: whether a partition is part of one, and to write its marker.
 * Follows core/.../server/util/InterBrokerSendThread.java and server/.../transaction/AddPartitionsToTxnManager.java.
 *
 * Simplified: what a broker asks of itself takes no time.
 */
import type { Connection, Tagged } from '../../engine/process.ts'
import { answered, backsOffUntil, channelTo, ready, sendRequest, type Channel, type InFlight } from '../network/client.ts'
import type { AddPartitionsToTxnResponse, WriteTxnMarkersRequest, WriteTxnMarkersResponse } from '../protocol/transaction.ts'
import type { Broker, BrokerContext, BrokerPurpose, PeerPurpose } from './state.ts'

const LABEL = 'replication:transactions'
export const isPeer = ({ label }: Channel<BrokerPurpose>): boolean => label === LABEL

/** At once, or when the connection is open. */
export function askPeer(broker: Broker, node: string, request: Tagged, purpose: PeerPurpose, ctx: BrokerContext): void {
  const channel = channelTo(broker.network, node, LABEL)
  if (ready(broker.network, channel, ctx)) return sendRequest(broker.network, channel, request, purpose, ctx)
  if (backsOffUntil(channel) > ctx.now) return failed(broker, purpose, ctx)
  const waiting = broker.transactions.outbox.get(node)
  if (waiting === undefined) broker.transactions.outbox.set(node, [{ request, purpose }])
  else waiting.push({ request, purpose })
}

export function peerConnected(broker: Broker, channel: Channel<BrokerPurpose>, ctx: BrokerContext): void {
  const waiting = broker.transactions.outbox.get(channel.node) ?? []
  broker.transactions.outbox.delete(channel.node)
  for (const { request, purpose } of waiting) sendRequest(broker.network, channel, request, purpose, ctx)
}

/** Nobody knows whether it arrived: whoever asked has to ask again. */
export function peerLost(broker: Broker, { node }: Channel<BrokerPurpose>, inFlight: readonly InFlight<BrokerPurpose>[], ctx: BrokerContext): void {
  const waiting = broker.transactions.outbox.get(node) ?? []
  broker.transactions.outbox.delete(node)
  for (const { purpose } of [...inFlight, ...waiting]) if (typeof purpose === 'object') failed(broker, purpose, ctx)
}

function failed(broker: Broker, purpose: PeerPurpose, ctx: BrokerContext): void {
  if (purpose.kind === 'verify') deliver(broker, { kind: 'verified', ticket: purpose.ticket, response: NOBODY_THERE }, ctx)
  else deliver(broker, { kind: 'marked', response: unanswered(purpose.request) }, ctx)
}
const NOBODY_THERE: AddPartitionsToTxnResponse = Object.freeze({ type: 'AddPartitionsToTxnResponse', error: 'NETWORK_EXCEPTION', missing: Object.freeze([]) })
const unanswered = ({ markers }: WriteTxnMarkersRequest): WriteTxnMarkersResponse => ({
  type: 'WriteTxnMarkersResponse',
  markers: Object.freeze(markers.flatMap(({ transactionalId, producerId, producerEpoch, partitions }) =>
    partitions.map((partition) => Object.freeze({ transactionalId, producerId, producerEpoch, partition, error: 'NETWORK_EXCEPTION' as const })))),
})

export function handlePeerAnswered(broker: Broker, response: AddPartitionsToTxnResponse | WriteTxnMarkersResponse, on: Connection, ctx: BrokerContext): void {
  const answer = answered(broker.network, on)
  const purpose = answer?.answers.purpose
  if (typeof purpose !== 'object') return
  if (response.type === 'WriteTxnMarkersResponse') deliver(broker, { kind: 'marked', response }, ctx)
  else if (purpose.kind === 'verify') deliver(broker, { kind: 'verified', ticket: purpose.ticket, response }, ctx)
}

/** An answer, of a peer or of this broker itself: it is taken in a step of its own. */
export function deliver(broker: Broker, answer: Broker['transactions']['answers'][number], ctx: BrokerContext): void {
  broker.transactions.answers.push(answer)
  ctx.setTimer({ type: 'transactionAnswers' }, 0)
}
