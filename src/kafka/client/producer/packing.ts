/**
 * What a producer with a `compression.type` does beside others. How far a batch will shrink is known only when it is closed:
 * until then the accumulator goes by what batches of this topic came to before.
 * Follows clients/.../common/record/internal/{CompressionRatioEstimator,MemoryRecordsBuilder}.java.
 *
 * Simplified: the application's thread is held up by compressing; unpacking costs brokers and consumers no time.
 */
import type { Micros } from '../../../base/units.ts'
import { compressNanos, packed } from '../../log/compression.ts'
import { BATCH_HEADER_BYTES, newBatch, recordSize, TRANSACTIONAL, type RecordBatch } from '../../log/record.ts'
import type { ProducerBatch, ProducerState, SendCall } from './state.ts'

// Java counts this in floats, and so does this: a double that is rounded after each operation is the same number.
const float = Math.fround
/** COMPRESSION_RATIO_IMPROVING_STEP, COMPRESSION_RATIO_DETERIORATE_STEP, COMPRESSION_RATE_ESTIMATION_FACTOR */
const IMPROVING = float(0.005), DETERIORATING = float(0.05), FACTOR = float(1.05)

const topicOf = (partition: string): string => partition.slice(0, partition.lastIndexOf('/'))

export const ratioFor = ({ ratios }: ProducerState, partition: string): number => ratios?.get(topicOf(partition)) ?? 1

/** A batch came to this: better than expected is believed step by step, worse at once. */
export function nextEstimate(current: number, observed: number): number {
  if (observed > current) return Math.max(float(current + DETERIORATING), observed)
  return observed < current ? Math.max(float(current - IMPROVING), observed) : current
}

/** MemoryRecordsBuilder#estimatedBytesWritten; exact once it is closed. */
export function estimatedBytes({ wire, bytes, ratio = 1 }: ProducerBatch): number {
  if (wire !== undefined) return wire.sizeInBytes
  return BATCH_HEADER_BYTES + Math.trunc(float(float(float(bytes - BATCH_HEADER_BYTES) * ratio) * FACTOR))
}

/** ProducerBatch#close: what goes over the wire. Each time that it is sent counts for the estimate. */
export function close(state: ProducerState, batch: ProducerBatch): void {
  const { settings: { codec }, config, txn } = state
  batch.wire ??= packed(newBatch(batch.records, config.id, batch, txn === undefined ? 0 : TRANSACTIONAL), codec)
  setRatio(state, batch.partition, nextEstimate(ratioFor(state, batch.partition), ratioOf(batch, batch.wire)))
}

const ratioOf = ({ bytes }: ProducerBatch, { sizeInBytes }: RecordBatch): number =>
  float(float(sizeInBytes - BATCH_HEADER_BYTES) / float(bytes - BATCH_HEADER_BYTES))

function setRatio(state: ProducerState, partition: string, ratio: number): void {
  state.ratios ??= new Map()
  state.ratios.set(topicOf(partition), ratio)
}

/** A batch was too large after all: nothing is expected of compression any more, so that the next are not. RecordAccumulator#splitAndReenqueue. */
export function expectLittle(state: ProducerState, batch: ProducerBatch): void {
  setRatio(state, batch.partition, Math.max(1, batch.wire === undefined ? 1 : ratioOf(batch, batch.wire)))
}

/** Records are compressed in send(), on the application's thread: until this moment it makes no other call. */
export const busyUntil = ({ busyNanos = 0 }: ProducerState): Micros => Math.ceil(busyNanos / 1000)

/** Time goes by whole microseconds; what a call before this one has left of one is not lost. */
export function compress(state: ProducerState, call: SendCall, now: Micros): void {
  const since = state.busyNanos !== undefined && busyUntil(state) === now ? state.busyNanos : now * 1000
  state.busyNanos = since + compressNanos(state.settings.codec, recordSize(call, 0, 0))
}
