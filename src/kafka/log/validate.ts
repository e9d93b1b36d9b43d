/**
 * What a leader asks of a client's batch before anything else. Follows storage/.../log/{UnifiedLog,LogValidator}.java. REC-5, REC-6.
 */
import type { KafkaError } from '../errors.ts'
import type { RecordBatch } from './record.ts'

/** Of one topic. */
export interface BatchLimits {
  readonly maxMessageBytes: number
  /** How far a record's time may lie after the broker's, and before it. */
  readonly timestampAfterMaxMs: number; readonly timestampBeforeMaxMs: number
}

/** One record that does not fit makes the whole batch wrong. */
export function refusal({ sizeInBytes, maxTimestamp, records }: RecordBatch, limits: BatchLimits, nowMs: number): KafkaError | undefined {
  if (sizeInBytes > limits.maxMessageBytes) return 'MESSAGE_TOO_LARGE'
  if (maxTimestamp - nowMs > limits.timestampAfterMaxMs) return 'INVALID_TIMESTAMP'
  if (limits.timestampBeforeMaxMs === Infinity) return undefined
  return records.some(({ timestamp }) => nowMs - timestamp > limits.timestampBeforeMaxMs) ? 'INVALID_TIMESTAMP' : undefined
}
