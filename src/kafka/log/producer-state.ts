/**
 * What a log remembers of idempotent producers: the last five batches of each, by which repeats are known.
 * Follows storage/.../log/{ProducerStateManager,ProducerAppendInfo,ProducerStateEntry}.java.
 */
import type { Epoch, Offset } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'
import { addSequence, isControl, isTransactional, lastSequence, type RecordBatch } from './record.ts'
import { markerOf } from './marker.ts'

export interface ProducerEntry {
  producerEpoch: Epoch
  /** Of the last marker; -1 = none. */
  coordinatorEpoch: Epoch
  /** First offset of its open transaction. */
  openSince: Offset | undefined
  /** Oldest first, at most five. */
  batches: RecordBatch[]
  /** When a marker was the last that was written of it, the marker's time. */
  markedAt?: number
}

/** Why a client may have five requests in flight and no more. */
export const REMEMBERED_BATCHES = 5

export type SequenceCheck =
  | { readonly kind: 'append' }
  | { readonly kind: 'duplicate'; readonly baseOffset: Offset }
  | { readonly kind: 'refused'; readonly error: KafkaError }

/** PRD-32, in its order; only a leader asks. */
export function checkSequence(entry: ProducerEntry | undefined, batch: RecordBatch): SequenceCheck {
  // KIP-890: the first batch of a transaction by a producer that is not known here is not a late one.
  if (entry === undefined) return isTransactional(batch) && batch.baseSequence > 0 ? OUT_OF_ORDER : APPEND
  const last = lastSequence(batch)
  if (entry.producerEpoch === batch.producerEpoch && batch.baseSequence >= 0) {
    for (const known of entry.batches) {
      if (known.baseSequence === batch.baseSequence && lastSequence(known) === last) return { kind: 'duplicate', baseOffset: known.baseOffset }
    }
  }
  if (batch.producerEpoch < entry.producerEpoch) return { kind: 'refused', error: 'INVALID_PRODUCER_EPOCH' }
  if (batch.baseSequence < 0) return APPEND
  const expected = batch.producerEpoch > entry.producerEpoch ? 0 : nextSequence(entry)
  if (batch.baseSequence !== expected) return { kind: 'refused', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' }
  return APPEND
}
const APPEND: SequenceCheck = Object.freeze({ kind: 'append' })
const OUT_OF_ORDER: SequenceCheck = Object.freeze({ kind: 'refused', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })

/** After a marker that raised the epoch there is no batch of this epoch yet: its sequences begin at 0. */
function nextSequence(entry: ProducerEntry): number {
  const newest = entry.batches[entry.batches.length - 1]
  return newest === undefined ? 0 : addSequence(lastSequence(newest), 1)
}

/** This batch has been appended. */
export function remember(producers: Map<number, ProducerEntry>, batch: RecordBatch): void {
  if (isControl(batch)) return rememberMarker(producers, batch)
  const entry = producers.get(batch.producerId)
  const openSince = isTransactional(batch) ? (entry?.openSince ?? batch.baseOffset) : undefined
  if (entry === undefined || entry.producerEpoch !== batch.producerEpoch) {
    producers.set(batch.producerId, { producerEpoch: batch.producerEpoch, coordinatorEpoch: entry?.coordinatorEpoch ?? -1, openSince, batches: [batch] })
  } else {
    entry.batches.push(batch)
    if (entry.batches.length > REMEMBERED_BATCHES) entry.batches.shift()
    entry.openSince = openSince
    if (entry.markedAt !== undefined) delete entry.markedAt
  }
}

/** An empty control batch says nothing any more. */
function rememberMarker(producers: Map<number, ProducerEntry>, batch: RecordBatch): void {
  const marker = markerOf(batch)
  if (marker === undefined) return
  const entry = producers.get(batch.producerId)
  const batches = entry?.producerEpoch === batch.producerEpoch ? entry.batches : []
  producers.set(batch.producerId, { producerEpoch: batch.producerEpoch, coordinatorEpoch: marker.coordinatorEpoch, openSince: undefined, batches, markedAt: batch.maxTimestamp })
}

/** When it last wrote, or a marker was written for it; undefined = never. */
export const lastTimestampOf = ({ markedAt, batches }: ProducerEntry): number | undefined => markedAt ?? batches[batches.length - 1]?.maxTimestamp

/** Nothing has been written of it for `producer.id.expiration.ms`, and no transaction of it is open: it is as if it had never been. */
export function forgetExpired(producers: Map<number, ProducerEntry>, expirationMs: number, nowMs: number): void {
  for (const [id, entry] of producers) {
    if (entry.openSince === undefined && nowMs - (lastTimestampOf(entry) ?? nowMs) >= expirationMs) producers.delete(id)
  }
}
