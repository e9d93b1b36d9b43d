/** A log as comparison records have it: what any reader finds, and the files of it. */
import { between } from '../base/chunks.ts'
import type { Replica } from '../kafka/broker/state.ts'
import { segmentsOf } from '../kafka/log/log.ts'
import { markerOf } from '../kafka/log/marker.ts'
import { isControl, offsetOf } from '../kafka/log/record.ts'
import type { LogRecord, SegmentRecord } from './comparison-record.ts'

/** From the start of the log to its high watermark. */
export function logRecordsOf({ log, highWatermark }: Replica): readonly LogRecord[] {
  const records: LogRecord[] = []
  for (const batch of between(log.batches, 0)) {
    const control = isControl(batch) ? markerOf(batch) : undefined
    batch.records.forEach(({ key = null, value = null, valueBytes }, i) => {
      const offset = offsetOf(batch, i)
      if (offset < log.startOffset || offset >= highWatermark) return
      if (isControl(batch)) records.push({ offset, key: null, value: null, control: control?.type === 'COMMIT' ? 'commit' : 'abort' })
      else records.push({ offset, key, value: value === null ? null : value.slice(0, valueBytes).trimEnd() })
    })
  }
  return records
}

export const segmentRecordsOf = ({ log }: Replica): readonly SegmentRecord[] =>
  segmentsOf(log).map(({ baseOffset, sizeInBytes }) => ({ base: baseOffset, bytes: sizeInBytes }))
