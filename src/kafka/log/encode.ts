/**
 * A batch as the bytes that travel and lie on disk (record batch format v2). Of a compressed one the header is right, and
 * zeros stand for what the codec would have made.
 * Follows clients/.../common/record/{DefaultRecord,MemoryRecordsBuilder,EndTransactionMarker}.java. REC-2 to REC-4.
 */
import { utf8 } from '../client/utf8.ts'
import { codecOf } from './codec.ts'
import { withHeader, type HeaderFields } from './header.ts'
import {
  BATCH_HEADER_BYTES, CONTROL, DELETE_HORIZON, isControl, isTransactional, LOG_APPEND_TIME, RUN_BEGAN_MS, TRANSACTIONAL, type Cleaned, type KafkaRecord, type RecordBatch,
} from './record.ts'
import { markerOf } from './marker.ts'
import { varint, varlong } from './varint.ts'

export interface RecordFields {
  readonly timestamp: number
  readonly key: readonly number[] | undefined
  readonly value: readonly number[] | undefined
  readonly headers: readonly { readonly key: string; readonly value: readonly number[] | undefined }[]
}
/** What a batch says of itself; the rest follows from its records. */
export interface BatchFields extends Pick<
  HeaderFields,
  'baseOffset' | 'partitionLeaderEpoch' | 'producerId' | 'producerEpoch' | 'baseSequence'
> {
  readonly transactional: boolean
  readonly control: boolean
  /** The broker's own time stands for all records; undefined = each has its creator's. */
  readonly logAppendTime: number | undefined
  /** Of a batch that compaction has rewritten. */
  /** Of a compressed batch: with which codec, and its size. */
  readonly packed?: { readonly codec: number; readonly bytes: number }
  readonly cleaned?: Cleaned & Pick<HeaderFields, 'lastOffsetDelta' | 'maxTimestamp'>
}

export function encodeBatch(batch: BatchFields, records: readonly RecordFields[]): Uint8Array {
  const { transactional, control, logAppendTime, cleaned, packed, ...fields } = batch
  const horizon = cleaned?.deleteHorizonMs
  const baseTimestamp = horizon ?? records[0]?.timestamp ?? -1
  const latest = cleaned?.maxTimestamp ?? records.reduce((most, { timestamp }) => Math.max(most, timestamp), -1)
  return withHeader(
    {
      ...fields,
      baseTimestamp,
      maxTimestamp: logAppendTime ?? latest,
      lastOffsetDelta: cleaned?.lastOffsetDelta ?? records.length - 1,
      recordCount: records.length,
      attributes:
        (logAppendTime === undefined ? 0 : LOG_APPEND_TIME) | (transactional ? TRANSACTIONAL : 0) | (control ? CONTROL : 0) |
        (horizon === undefined ? 0 : DELETE_HORIZON) | (packed?.codec ?? 0),
    },
    packed !== undefined ? Array.from({ length: packed.bytes - BATCH_HEADER_BYTES }, () => 0) : records.flatMap((record, i) => encodeRecord(record, cleaned?.deltas[i] ?? i, record.timestamp - baseTimestamp)),
  )
}

function encodeRecord({ key, value, headers }: RecordFields, offsetDelta: number, timestampDelta: number): number[] {
  const body = [
    0,
    ...varlong(BigInt(timestampDelta)),
    ...varint(offsetDelta),
    ...field(key),
    ...field(value),
    ...varint(headers.length),
    ...headers.flatMap((header) => [...field(utf8(header.key)), ...field(header.value)]),
  ]
  return [...varint(body.length), ...body]
}
/** Its length, -1 for nothing, and what it is. */
const field = (bytes: readonly number[] | undefined): number[] => (bytes === undefined ? varint(-1) : [...varint(bytes.length), ...bytes])

/** Types of control records that end a transaction. */
const MARKERS = { ABORT: 0, COMMIT: 1 } as const

/** The record that ends a transaction: its key says how, its value which coordinator says so. It takes an offset like any other. */
export const endMarker = (type: keyof typeof MARKERS, coordinatorEpoch: number, timestamp: number): RecordFields => ({
  timestamp,
  key: [...int16(0), ...int16(MARKERS[type])],
  value: [...int16(0), ...int16(coordinatorEpoch >>> 16), ...int16(coordinatorEpoch)],
  headers: [],
})
const int16 = (value: number): [number, number] => [(value >> 8) & 0xff, value & 0xff]

/** A batch of the model as it would lie in a segment file. */
export function bytesOfBatch(batch: RecordBatch): Uint8Array {
  const { baseOffset, lastOffset, partitionLeaderEpoch, producerId, producerEpoch, baseSequence, attributes, cleaned } = batch
  const maxTimestamp = batch.maxTimestamp + RUN_BEGAN_MS
  const deleteHorizonMs = cleaned?.deleteHorizonMs === undefined ? undefined : cleaned.deleteHorizonMs + RUN_BEGAN_MS
  return encodeBatch(
    {
      baseOffset, partitionLeaderEpoch, producerId, producerEpoch, baseSequence, transactional: isTransactional(batch), control: isControl(batch),
      ...(codecOf(batch) === 0 ? {} : { packed: { codec: codecOf(batch), bytes: batch.sizeInBytes } }),
      logAppendTime: (attributes & LOG_APPEND_TIME) === 0 ? undefined : maxTimestamp,
      ...(cleaned === undefined ? {} : { cleaned: { deltas: cleaned.deltas, deleteHorizonMs, lastOffsetDelta: lastOffset - baseOffset, maxTimestamp } }),
    },
    fieldsOf(batch),
  )
}

/** The records of a batch as the format has them. */
export function fieldsOf(batch: RecordBatch): readonly RecordFields[] {
  if (!isControl(batch)) return batch.records.map(recordFields)
  const marker = markerOf(batch)
  return marker === undefined ? [] : [endMarker(marker.type, marker.coordinatorEpoch, batch.records[0]!.timestamp + RUN_BEGAN_MS)]
}

const recordFields = ({ timestamp, key, value, valueBytes, headers = [] }: KafkaRecord): RecordFields => ({
  timestamp: timestamp + RUN_BEGAN_MS,
  key: key === undefined ? undefined : utf8(key),
  value: value === undefined ? undefined : filled(utf8(value), valueBytes),
  headers: headers.map((header) => ({ key: header.key, value: utf8(header.value) })),
})

/** A value whose size the scenario gives is its text, with spaces behind it, or as much of it as fits. */
function filled(text: readonly number[], size: number | undefined): readonly number[] {
  if (size === undefined) return text
  return Array.from({ length: size }, (_, i) => text[i] ?? 0x20)
}
