/**
 * Records and batches as they travel and lie on disk, with their exact sizes (record batch format v2).
 * Follows clients/.../common/record/internal/{DefaultRecordBatch,DefaultRecord}.java.
 */
import type { Epoch, Offset } from '../../base/units.ts'

/** 00:00 of a run on the clocks of its machines, milliseconds since 1970: the first of January 2026. */
export const RUN_BEGAN_MS = 1_767_225_600_000

/** One record. Frozen; the same object from the producer's send() to every log and reader. */
export interface KafkaRecord {
  /** The ledger's hidden identity, `shop#8`. Kafka has nothing like it. */
  readonly id: string
  readonly key: string | undefined
  readonly value: string | undefined
  /** Size of the value in bytes where it is not that of its text. */
  readonly valueBytes: number | undefined
  /** CreateTime, milliseconds of the run by the sender's clock. */
  readonly timestamp: number
  /** In order; undefined = none. */
  readonly headers?: readonly RecordHeader[] | undefined
  /** The scenario's doing: every handler fails on it. Nothing of the format. */
  readonly poison?: true
  /** What a record of an internal topic means to its coordinator (contents simplified). */
  readonly data?: unknown
}

export interface RecordHeader { readonly key: string; readonly value: string }

/** A batch: sent, stored and fetched as one. Frozen; the leader stamps offsets and epoch into a copy. */
export interface RecordBatch {
  readonly baseOffset: Offset
  readonly lastOffset: Offset
  readonly partitionLeaderEpoch: Epoch
  /** Bits 3 to 6 of the format's: timestamp type, transactional, control, delete horizon. */
  readonly attributes: number
  /** -1 = not idempotent */
  readonly producerId: number; readonly producerEpoch: Epoch; readonly baseSequence: number
  readonly maxTimestamp: number
  readonly sizeInBytes: number
  readonly records: readonly KafkaRecord[]
  /** What the cleaner has made of it; undefined = all records are there, one an offset. */
  readonly cleaned: Cleaned | undefined
  /** Client that made it, for the story; not a field of the format. */
  readonly sender: string
}

/** A batch that compaction has rewritten. It keeps its first and last offset, whatever is gone between them. */
export interface Cleaned {
  /** Of each record that is left, how far after the base offset it stands. */
  readonly deltas: readonly number[]
  /** When its tombstones, or its marker, may go; stands in place of the base timestamp. undefined = not set. */
  readonly deleteHorizonMs: number | undefined
}

/** Bits of the attributes (REC-2). */
export const LOG_APPEND_TIME = 8,
  TRANSACTIONAL = 16,
  CONTROL = 32,
  DELETE_HORIZON = 64

/** Not of the format: what lies on the disk under this batch is not what was written, and its checksum says so. */
export const SPOILED = 1 << 16

export const isSpoiled = ({ attributes }: RecordBatch): boolean => (attributes & SPOILED) !== 0
export const isControl = ({ attributes }: RecordBatch): boolean => (attributes & CONTROL) !== 0
export const isTransactional = ({ attributes }: RecordBatch): boolean => (attributes & TRANSACTIONAL) !== 0

export const NO_PRODUCER = { producerId: -1, producerEpoch: -1, baseSequence: -1 } as const

interface FromProducer { readonly producerId: number; readonly producerEpoch: Epoch; readonly baseSequence: number }

/** A batch as a client sends it: base offset 0, no leader epoch yet. */
export function newBatch(records: readonly KafkaRecord[], sender: string, producer: FromProducer, attributes = 0): RecordBatch {
  let maxTimestamp = records[0]?.timestamp ?? -1
  for (const record of records) maxTimestamp = Math.max(maxTimestamp, record.timestamp)
  return Object.freeze({
    baseOffset: 0, lastOffset: records.length - 1, partitionLeaderEpoch: -1, attributes, producerId: producer.producerId, producerEpoch: producer.producerEpoch, baseSequence: producer.baseSequence,
    maxTimestamp, sizeInBytes: batchSize(records), records: records.slice(), cleaned: undefined, sender,
  })
}

/** What the leader makes of a client's batch: offsets and leader epoch stamped (they lie outside the checksum). */
export const stamped = (batch: RecordBatch, baseOffset: Offset, epoch: Epoch): RecordBatch =>
  // Field by field: a spread of a frozen object is five times slower.
  Object.freeze({
    baseOffset, lastOffset: baseOffset + batch.records.length - 1, partitionLeaderEpoch: epoch, attributes: batch.attributes, producerId: batch.producerId, producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence, maxTimestamp: batch.maxTimestamp, sizeInBytes: batch.sizeInBytes, records: batch.records, cleaned: batch.cleaned, sender: batch.sender,
  })

/** REC-6, `message.timestamp.type=LogAppendTime`: the leader's clock stands for all records; theirs stay in it, unread. */
export const withAppendTime = (batch: RecordBatch, nowMs: number): RecordBatch =>
  Object.freeze({ ...batch, attributes: batch.attributes | LOG_APPEND_TIME, maxTimestamp: nowMs })

/** Where the i-th record of a batch stands. */
export const offsetOf = ({ baseOffset, cleaned }: RecordBatch, i: number): Offset => baseOffset + (cleaned === undefined ? i : cleaned.deltas[i]!)
/** The record at this offset of the batch's range; undefined = compacted away. */
export function recordAt({ baseOffset, records, cleaned }: RecordBatch, offset: Offset): KafkaRecord | undefined {
  return records[cleaned === undefined ? offset - baseOffset : cleaned.deltas.indexOf(offset - baseOffset)]
}
/** The first of its records at or after this offset, by its place among them. */
export function firstFrom({ baseOffset, cleaned }: RecordBatch, offset: Offset): number {
  if (cleaned === undefined) return Math.max(0, offset - baseOffset)
  const found = cleaned.deltas.findIndex((delta) => baseOffset + delta >= offset)
  return found < 0 ? cleaned.deltas.length : found
}
/** The time that readers are told of a record. */
export const timestampOf = ({ attributes, maxTimestamp, records }: RecordBatch, i: number): number =>
  ((attributes & LOG_APPEND_TIME) === 0 ? records[i]!.timestamp : maxTimestamp)

/** The sequence of a batch's last record, -1 where it has none; sequences wrap from 2^31 - 1 to 0. */
export const lastSequence = ({ baseSequence, baseOffset, lastOffset }: RecordBatch): number => (baseSequence < 0 ? -1 : addSequence(baseSequence, lastOffset - baseOffset))
export function addSequence(sequence: number, by: number): number {
  const sum = sequence + by
  return sum > 2147483647 ? sum - 2147483648 : sum
}

/** Bytes before the records of a batch. */
export const BATCH_HEADER_BYTES = 61

export function batchSize(records: readonly KafkaRecord[]): number {
  const base = records[0]?.timestamp ?? 0
  let size = BATCH_HEADER_BYTES
  for (let i = 0; i < records.length; i++) size += recordSize(records[i]!, i, records[i]!.timestamp - base)
  return size
}

/** The same of a batch that is rewritten: times count from the delete horizon, if it has one. */
export function cleanedSize(records: readonly KafkaRecord[], { deltas, deleteHorizonMs }: Cleaned): number {
  const base = deleteHorizonMs ?? records[0]?.timestamp ?? 0
  return records.reduce((size, record, i) => size + recordSize(record, deltas[i]!, record.timestamp - base), BATCH_HEADER_BYTES)
}

type SizedRecord = Pick<KafkaRecord, 'key' | 'value' | 'valueBytes' | 'headers'>
/** A record's bytes in a batch, its own length field included. */
export function recordSize(record: SizedRecord, offsetDelta: number, timestampDelta: number): number {
  const body = 1 + varintSize(timestampDelta) + varintSize(offsetDelta) + fieldSize(keySize(record)) + fieldSize(valueSize(record)) + headersSize(record.headers)
  return varintSize(body) + body
}
const keySize = (record: Pick<KafkaRecord, 'key'>): number => (record.key === undefined ? -1 : utf8Length(record.key))
const valueSize = (record: Pick<KafkaRecord, 'value' | 'valueBytes'>): number =>
  record.value === undefined ? -1 : (record.valueBytes ?? utf8Length(record.value))
export const headersSize = (headers: KafkaRecord['headers']): number => (headers === undefined
  ? 1 : headers.reduce((size, { key, value }) => size + fieldSize(utf8Length(key)) + fieldSize(utf8Length(value)), varintSize(headers.length)))
const fieldSize = (bytes: number): number => varintSize(bytes) + Math.max(0, bytes)

/** Bytes of a zig-zag varint. */
export function varintSize(value: number): number {
  if (value >= -64 && value < 64) return 1
  let rest = value >= 0 ? value * 2 : -value * 2 - 1
  let size = 1
  while (rest >= 128) {
    rest = Math.floor(rest / 128)
    size++
  }
  return size
}

export function utf8Length(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    if (unit < 0x800) length++
    else if (isPair(text, i)) {
      length += 2
      i++
    } else if ((unit & 0xf800) !== 0xd800) length += 2
    // Half a surrogate pair is a question mark.
  }
  return length
}
const isPair = (text: string, i: number): boolean => (text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00
