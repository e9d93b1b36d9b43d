/**
 * The bytes of a `.log` file as batches and records: what `encode.ts` writes, and what a Kafka broker has written. Reads
 * what is there and trusts none of it; where it is damaged it says at which byte, what was expected and what was found.
 * Follows clients/.../common/record/internal/{FileLogInputStream,DefaultRecordBatch,DefaultRecord}.java. REC-1 to REC-4.
 */
import type { Offset } from '../../base/units.ts'
import { CODECS } from './codec.ts'
import { crc32c } from './crc32c.ts'
import { readHeader, type BatchHeader } from './header.ts'
import { BATCH_HEADER_BYTES, LOG_APPEND_TIME } from './record.ts'

/** By the three low bits of a batch's attributes. Follows common/record/internal/CompressionType.java. */
export type CodecName = (typeof CODECS)[number]

export interface DecodedHeader { readonly key: Uint8Array; readonly value: Uint8Array | undefined }
export interface DecodedRecord {
  readonly offset: Offset
  /** Milliseconds since 1970, as readers are told it. */
  readonly timestamp: number
  readonly key: Uint8Array | undefined
  readonly value: Uint8Array | undefined
  readonly headers: readonly DecodedHeader[]
}
export interface DecodedBatch {
  /** Where in the file it begins. */
  readonly position: number
  readonly sizeInBytes: number
  readonly header: BatchHeader
  readonly lastOffset: Offset
  readonly codec: CodecName
  /** undefined: they are compressed, and are not opened here. */
  readonly records: readonly DecodedRecord[] | undefined
}

/**
 * The file ends too early; a length is less than it can be; another format; bytes that have changed; no such codec; an offset
 * below the one before; a varint without an end; a field that is longer than what is left; a record, or a batch of them, that
 * does not add up.
 */
export type Wrong = 'end' | 'length' | 'magic' | 'checksum' | 'codec' | 'order' | 'varint' | 'field' | 'recordLength' | 'recordCount'
export interface Damage {
  readonly wrong: Wrong
  /** From the beginning of the file. */
  readonly at: number
  readonly expected: number
  readonly found: number
}
export interface DecodedLog {
  /** As far as the file is whole. */
  readonly batches: readonly DecodedBatch[]
  readonly damage: Damage | undefined
}

/** Bytes up to and with `batchLength`. */
const LOG_OVERHEAD = 12
const CRC_AT = 17, CHECKED_FROM = 21
const MAGIC = 2

class Damaged extends Error {
  readonly damage: Damage
  constructor(wrong: Wrong, at: number, expected: number, found: number) {
    super(`${wrong} at byte ${at}: expected ${expected}, found ${found}`)
    this.damage = { wrong, at, expected, found }
  }
}

export function decodeLog(bytes: Uint8Array): DecodedLog {
  const batches: DecodedBatch[] = []
  try {
    for (let position = 0; position < bytes.length;) {
      const batch = decodeBatch(bytes, position, batches[batches.length - 1])
      batches.push(batch)
      position += batch.sizeInBytes
    }
    return { batches, damage: undefined }
  } catch (error) {
    if (!(error instanceof Damaged)) throw error
    return { batches, damage: error.damage }
  }
}

function decodeBatch(file: Uint8Array, position: number, before: DecodedBatch | undefined): DecodedBatch {
  const left = file.length - position
  if (left < LOG_OVERHEAD) throw new Damaged('end', position, LOG_OVERHEAD, left)
  const view = new DataView(file.buffer, file.byteOffset + position, left)
  const batchLength = view.getInt32(8)
  if (batchLength < BATCH_HEADER_BYTES - LOG_OVERHEAD) throw new Damaged('length', position + 8, BATCH_HEADER_BYTES - LOG_OVERHEAD, batchLength)
  const sizeInBytes = LOG_OVERHEAD + batchLength
  if (sizeInBytes > left) throw new Damaged('end', position, sizeInBytes, left)
  const bytes = file.subarray(position, position + sizeInBytes)
  const header = readHeader(bytes)
  if (header.magic !== MAGIC) throw new Damaged('magic', position + 16, MAGIC, header.magic)
  const crc = crc32c(bytes.subarray(CHECKED_FROM))
  if (crc !== header.crc) throw new Damaged('checksum', position + CRC_AT, header.crc, crc)
  const codec = CODECS[header.attributes & 7]
  if (codec === undefined) throw new Damaged('codec', position + CHECKED_FROM, CODECS.length - 1, header.attributes & 7)
  const next = before === undefined ? header.baseOffset : before.lastOffset + 1
  if (header.baseOffset < next) throw new Damaged('order', position, next, header.baseOffset)
  return {
    position, sizeInBytes, header, lastOffset: header.baseOffset + header.lastOffsetDelta, codec,
    records: codec === 'none' ? recordsOf(header, bytes.subarray(BATCH_HEADER_BYTES), position + BATCH_HEADER_BYTES) : undefined,
  }
}

/** Of a batch whose compressed part somebody has opened. */
export function decodeRecords(header: BatchHeader, opened: Uint8Array): { readonly records: readonly DecodedRecord[] } | { readonly damage: Damage } {
  try {
    return { records: recordsOf(header, opened, 0) }
  } catch (error) {
    if (!(error instanceof Damaged)) throw error
    return { damage: error.damage }
  }
}

function recordsOf(header: BatchHeader, bytes: Uint8Array, position: number): readonly DecodedRecord[] {
  const reader = new Reader(bytes, position)
  const records: DecodedRecord[] = []
  while (reader.left > 0) {
    if (records.length === header.recordCount) throw new Damaged('recordCount', reader.at, header.recordCount, records.length + 1)
    records.push(recordOf(header, reader))
  }
  if (records.length !== header.recordCount) throw new Damaged('recordCount', reader.at, header.recordCount, records.length)
  return records
}

function recordOf({ baseOffset, baseTimestamp, maxTimestamp, attributes }: BatchHeader, reader: Reader): DecodedRecord {
  const lengthAt = reader.at
  const length = reader.varint()
  const from = reader.at
  if (length < 0) throw new Damaged('length', lengthAt, 0, length)
  if (length > reader.left) throw new Damaged('field', lengthAt, reader.left, length)
  reader.take(1)
  const timestamp = baseTimestamp + reader.varlong()
  const offset = baseOffset + reader.varint()
  const key = reader.field()
  const value = reader.field()
  const headers = reader.headers()
  if (reader.at - from !== length) throw new Damaged('recordLength', lengthAt, length, reader.at - from)
  return { offset, timestamp: (attributes & LOG_APPEND_TIME) === 0 ? timestamp : maxTimestamp, key, value, headers }
}

/** Follows clients/.../common/utils/ByteUtils.java. */
class Reader {
  readonly #bytes: Uint8Array
  readonly #position: number
  #next = 0
  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes
    this.#position = position
  }
  /** In the file. */
  get at(): number {
    return this.#position + this.#next
  }
  get left(): number {
    return this.#bytes.length - this.#next
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw new Damaged('field', this.at, this.left, length)
    this.#next += length
    return this.#bytes.subarray(this.#next - length, this.#next)
  }
  /** Its length, -1 for nothing, and what it is. */
  field(): Uint8Array | undefined {
    const at = this.at
    const length = this.varint()
    if (length < -1) throw new Damaged('length', at, -1, length)
    return length < 0 ? undefined : this.take(length)
  }
  headers(): readonly DecodedHeader[] {
    const at = this.at
    const count = this.varint()
    // A header is two bytes at least.
    if (count < 0) throw new Damaged('length', at, 0, count)
    if (count * 2 > this.left) throw new Damaged('field', at, this.left, count * 2)
    return Array.from({ length: count }, () => {
      const keyAt = this.at
      const key = this.field()
      if (key === undefined) throw new Damaged('length', keyAt, 0, -1)
      return { key, value: this.field() }
    })
  }

  varint(): number {
    const raw = BigInt.asUintN(32, this.#groups(5))
    return Number(BigInt.asIntN(32, (raw >> 1n) ^ -(raw & 1n)))
  }
  varlong(): number {
    const raw = this.#groups(10)
    return Number(BigInt.asIntN(64, (raw >> 1n) ^ -(raw & 1n)))
  }
  /** Seven bits a byte, the lowest first; the high bit says that more follow. */
  #groups(most: number): bigint {
    const at = this.at
    let value = 0n
    for (let i = 0; i < most; i++) {
      const byte = this.take(1)[0]!
      value |= BigInt(byte & 0x7f) << BigInt(7 * i)
      if (byte < 0x80) return value
    }
    throw new Damaged('varint', at, most, most + 1)
  }
}
