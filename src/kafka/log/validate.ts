/**
 * What a leader asks of a client's batch before anything else. Follows storage/.../log/{UnifiedLog,LogValidator}.java. REC-5, REC-6.
 */
import type { KafkaError } from '../errors.ts'
import { codecOf, type Codec } from './codec.ts'
import { compressionSlot } from './compression-slot.ts'
import { isControl, type RecordBatch } from './record.ts'

/** Of one topic. */
export interface BatchLimits {
  readonly maxMessageBytes: number
  /** How far a record's time may lie after the broker's, and before it. */
  readonly timestampAfterMaxMs: number; readonly timestampBeforeMaxMs: number
  /** A compacted topic takes no record without a key. */
  readonly isKeyed: boolean
  readonly segmentBytes: number
  /** `compression.type`; undefined = `producer`, as its producer has it. */
  readonly codec?: Codec | undefined
}

/** What is appended in place of it: packed as its topic wants it. Markers of transactions are left alone. */
export const inTopicCodec = (batch: RecordBatch, { codec }: BatchLimits): RecordBatch =>
  (codec === undefined || codec === codecOf(batch) || isControl(batch) ? batch : compressionSlot().repacked(batch, codec))

/**
 * One record that does not fit makes the whole batch wrong; a time that is wrong goes before a key that is missing. `packed` is
 * what would be appended in place of what was sent: it is measured again, and it is what has to fit into a segment.
 */
export function refusal(sent: RecordBatch, limits: BatchLimits, nowMs: number, packed = sent): KafkaError | undefined {
  if (sent.sizeInBytes > limits.maxMessageBytes) return 'MESSAGE_TOO_LARGE'
  const wrong = wrongRecord(sent, limits, nowMs)
  if (wrong !== undefined) return wrong
  if (packed.sizeInBytes > limits.maxMessageBytes) return 'MESSAGE_TOO_LARGE'
  return packed.sizeInBytes > limits.segmentBytes ? 'RECORD_LIST_TOO_LARGE' : undefined
}

function wrongRecord({ maxTimestamp, records }: RecordBatch, limits: BatchLimits, nowMs: number): KafkaError | undefined {
  const { isKeyed, timestampAfterMaxMs, timestampBeforeMaxMs } = limits
  if (!isKeyed && timestampBeforeMaxMs === Infinity) return maxTimestamp - nowMs > timestampAfterMaxMs ? 'INVALID_TIMESTAMP' : undefined
  let wrong: KafkaError | undefined
  for (const { key, timestamp } of records) {
    if (isKeyed && key === undefined) wrong = 'INVALID_RECORD'
    else if (timestamp - nowMs > timestampAfterMaxMs || nowMs - timestamp > timestampBeforeMaxMs) return 'INVALID_TIMESTAMP'
  }
  return wrong
}
