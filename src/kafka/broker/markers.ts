/**
 * WriteTxnMarkers: the leader of a partition ends a transaction in its log, with acks=all (TXN-7, TXN-8).
 * Follows core/.../server/KafkaApis.scala#handleWriteTxnMarkersRequest.
 */
import type { Connection } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import { newMarker } from '../log/marker.ts'
import { stamped } from '../log/record.ts'
import { checkMarker } from '../log/transactions.ts'
import { respond } from '../network/server.ts'
import type { TxnMarker, WriteTxnMarkersRequest, WriteTxnMarkersResponse } from '../protocol/transaction.ts'
import { wallMs } from '../wall-clock.ts'
import { store } from './disk.ts'
import { effectiveMinIsr, maybeAdvanceHighWatermark } from './high-watermark.ts'
import { canWrite } from './log-directories.ts'
import { deliver } from './peers.ts'
import { completeAfterAppend, completeAfterHighWatermark } from './purgatory.ts'
import { admit, type Led } from './read.ts'
import type { Broker, BrokerContext, ParkedMarkers } from './state.ts'

type Answer = ParkedMarkers['done'][number]

export function writeMarkers(broker: Broker, { markers }: WriteTxnMarkersRequest, on: Connection | undefined, ctx: BrokerContext): void {
  const done: Answer[] = []
  const waiting: ParkedMarkers['waiting'] = []
  const written: { readonly replica: Led; readonly advanced: boolean }[] = []
  for (const marker of markers) {
    for (const partition of marker.partitions) {
      const replica = admit(broker, partition, -1)
      const refusal = typeof replica === 'string' ? replica : refusalOf(broker, replica, marker, ctx)
      if (typeof replica === 'string' || refusal !== undefined) {
        done.push(answerOf(marker, partition, refusal ?? 'NONE'))
        continue
      }
      written.push({ replica, advanced: append(broker, replica, marker, ctx) })
      waiting.push(Object.freeze({ partition, required: replica.log.endOffset, leaderEpoch: replica.leaderEpoch, marker }))
    }
  }
  broker.transactions.markers.push({ on, waiting, done })
  for (const { replica, advanced } of written) {
    completeAfterAppend(broker, replica, ctx)
    if (advanced) completeAfterHighWatermark(broker, replica, ctx)
  }
  ctx.setTimer({ type: 'transactionMarkers' }, 0)
}

const answerOf = ({ transactionalId, producerId, producerEpoch }: TxnMarker, partition: string, error: KafkaError): Answer =>
  Object.freeze({ transactionalId, producerId, producerEpoch, partition, error })

function refusalOf(broker: Broker, replica: Led, marker: TxnMarker, ctx: BrokerContext): KafkaError | undefined {
  if (replica.leading.isr.isr.length < effectiveMinIsr(replica)) return 'NOT_ENOUGH_REPLICAS'
  const refused = checkMarker(replica.log.producers.get(marker.producerId), marker, marker.version)
  return refused ?? (broker.disk.watched && !canWrite(broker, replica, MARKER_BYTES, ctx) ? 'KAFKA_STORAGE_ERROR' : undefined)
}

/** A control batch with its one record. */
const MARKER_BYTES = 78

/** True when the high watermark moves at once. */
function append(broker: Broker, replica: Led, marker: TxnMarker, ctx: BrokerContext): boolean {
  const { log, partition } = replica
  const { outcome, coordinatorEpoch, transactionalId } = marker
  const batch = newMarker({ type: outcome === 'commit' ? 'COMMIT' : 'ABORT', coordinatorEpoch }, marker, wallMs(ctx), transactionalId)
  const offset = log.endOffset
  store(broker, replica, stamped(batch, offset, replica.leaderEpoch), ctx)
  ctx.note({ code: 'marker.written', partition, node: broker.spec.name, txn: transactionalId, offset, outcome })
  return maybeAdvanceHighWatermark(broker, replica, ctx)
}

/** Markers that are committed, or whose leader this broker is no longer. Gives those committed. */
export function completeMarkers(broker: Broker, ctx: BrokerContext): readonly { readonly partition: string; readonly marker: TxnMarker }[] {
  const committed: { readonly partition: string; readonly marker: TxnMarker }[] = []
  broker.transactions.markers = broker.transactions.markers.filter((parked) => {
    parked.waiting = parked.waiting.filter(({ partition, required, leaderEpoch, marker }) => {
      const replica = broker.replicas.get(partition)
      const leads = replica?.leading !== undefined && replica.leaderEpoch === leaderEpoch
      if (leads && replica.highWatermark < required) return true
      if (leads) committed.push({ partition, marker })
      parked.done.push(answerOf(marker, partition, leads ? 'NONE' : 'NOT_LEADER_OR_FOLLOWER'))
      return false
    })
    if (parked.waiting.length > 0) return true
    const response: WriteTxnMarkersResponse = { type: 'WriteTxnMarkersResponse', markers: Object.freeze(parked.done) }
    if (parked.on === undefined) deliver(broker, { kind: 'marked', response }, ctx)
    else respond(parked.on, response, ctx)
    return false
  })
  return committed
}
