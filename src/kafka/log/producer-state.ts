/**
 * What a log remembers of idempotent producers: the last five batches of each, by which repeats are known.
 * Follows storage/.../log/{ProducerStateManager,ProducerAppendInfo,ProducerStateEntry}.java.
 */
import type { Epoch, Offset } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'
import { addSequence, lastSequence, type RecordBatch } from './record.ts'

export interface ProducerEntry {
  producerEpoch: Epoch
  /** Oldest first, at most five. */
  batches: RecordBatch[]
}

/** Why a client may have five requests in flight and no more. */
export const REMEMBERED_BATCHES = 5

export type SequenceCheck =
  | { readonly kind: 'append' }
  | { readonly kind: 'duplicate'; readonly baseOffset: Offset }
  | { readonly kind: 'refused'; readonly error: KafkaError }

/** PRD-32, in its order; only a leader asks. */
export function checkSequence(entry: ProducerEntry | undefined, batch: RecordBatch): SequenceCheck {
  if (entry === undefined) return APPEND
  const last = lastSequence(batch)
  if (entry.producerEpoch === batch.producerEpoch) {
    for (const known of entry.batches) {
      if (known.baseSequence === batch.baseSequence && lastSequence(known) === last) return { kind: 'duplicate', baseOffset: known.baseOffset }
    }
  }
  if (batch.producerEpoch < entry.producerEpoch) return { kind: 'refused', error: 'INVALID_PRODUCER_EPOCH' }
  const expected = batch.producerEpoch > entry.producerEpoch ? 0 : nextSequence(entry)
  if (expected !== undefined && batch.baseSequence !== expected) return { kind: 'refused', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' }
  return APPEND
}
const APPEND: SequenceCheck = Object.freeze({ kind: 'append' })

function nextSequence(entry: ProducerEntry): number | undefined {
  const newest = entry.batches[entry.batches.length - 1]
  return newest === undefined ? undefined : addSequence(lastSequence(newest), 1)
}

/** This batch has been appended. */
export function remember(producers: Map<number, ProducerEntry>, batch: RecordBatch): void {
  const entry = producers.get(batch.producerId)
  if (entry === undefined || entry.producerEpoch !== batch.producerEpoch) producers.set(batch.producerId, { producerEpoch: batch.producerEpoch, batches: [batch] })
  else {
    entry.batches.push(batch)
    if (entry.batches.length > REMEMBERED_BATCHES) entry.batches.shift()
  }
}
