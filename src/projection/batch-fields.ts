/**
 * The bytes of a batch read field by field, as a reader of the file would: nothing here knows what was written.
 * Follows clients/.../common/record/internal/{DefaultRecordBatch,DefaultRecord,EndTransactionMarker,ControlRecordType}.java. REC-2 to REC-4.
 */
import type { Offset } from '../base/units.ts'
import { CODECS } from '../kafka/log/codec.ts'
import { readHeader } from '../kafka/log/header.ts'
import { BATCH_HEADER_BYTES, CONTROL, DELETE_HORIZON, LOG_APPEND_TIME, TRANSACTIONAL } from '../kafka/log/record.ts'
import type { Field, FieldName } from './disk-view.ts'

export { BATCH_HEADER_BYTES }

/** Of a longer field only its beginning and its end are shown. */
const HEAD = 32, TAIL = 4
/** Of so many records fields are made, those around the one that was asked for. */
const SHOWN_RECORDS = 12

export interface BatchFields { readonly fields: readonly Field[]; readonly otherRecords: number }

/** `opened`: its records have been unpacked, whatever its attributes say. */
export function fieldsOfBatch(bytes: Uint8Array, asked: Offset, opened = false): BatchFields {
  const header = readHeader(bytes)
  const control = (header.attributes & CONTROL) !== 0
  if ((header.attributes & 7) !== 0 && !opened) return { fields: [...headerFields(bytes), packedField(bytes)], otherRecords: header.recordCount }
  const places = recordPlaces(bytes, header.recordCount)
  const wanted = Math.max(0, places.findIndex(({ delta }) => header.baseOffset + delta >= asked))
  const first = Math.max(0, Math.min(wanted - SHOWN_RECORDS / 2, places.length - SHOWN_RECORDS))
  const shown = places.slice(first, first + SHOWN_RECORDS)
  const records = shown.flatMap(({ at, delta }) => new RecordReader(bytes, at, header.baseOffset + delta, control).fields)
  return { fields: [...headerFields(bytes), ...records], otherRecords: places.length - shown.length }
}

/** What is compressed cannot be read field by field. */
const packedField = (bytes: Uint8Array): Field => ({
  name: 'compressedRecords', part: 'batch', record: undefined, at: BATCH_HEADER_BYTES, length: bytes.length - BATCH_HEADER_BYTES,
  bytes: [...bytes.subarray(BATCH_HEADER_BYTES, BATCH_HEADER_BYTES + HEAD)], tail: [...bytes.subarray(Math.max(BATCH_HEADER_BYTES + HEAD, bytes.length - TAIL))], value: '',
})

type Width = readonly [name: FieldName, length: number, value: string]

/** Of a batch whose records cannot be read. */
export function headerFields(bytes: Uint8Array): readonly Field[] {
  const { baseOffset, batchLength, partitionLeaderEpoch, magic, crc, attributes, lastOffsetDelta, baseTimestamp, maxTimestamp, producerId, producerEpoch, baseSequence, recordCount } = readHeader(bytes)
  const outside: readonly Width[] = [
    ['baseOffset', 8, String(baseOffset)], ['batchLength', 4, String(batchLength)], ['partitionLeaderEpoch', 4, String(partitionLeaderEpoch)], ['magic', 1, String(magic)],
    ['crc', 4, `0x${crc.toString(16).padStart(8, '0')}`],
  ]
  const batch: readonly Width[] = [
    ['attributes', 2, attributeNames(attributes)], ['lastOffsetDelta', 4, String(lastOffsetDelta)], ['baseTimestamp', 8, String(baseTimestamp)], ['maxTimestamp', 8, String(maxTimestamp)],
    ['producerId', 8, String(producerId)], ['producerEpoch', 2, String(producerEpoch)], ['baseSequence', 4, String(baseSequence)], ['recordCount', 4, String(recordCount)],
  ]
  let at = 0
  const field = (part: Field['part']) => ([name, length, value]: Width): Field => {
    at += length
    return { name, part, record: undefined, at: at - length, length, bytes: [...bytes.subarray(at - length, at)], tail: [], value }
  }
  return [...outside.map(field('outside')), ...batch.map(field('batch'))]
}

/** Its bits by Kafka's names; without any, the two things that are so by default. */
function attributeNames(attributes: number): string {
  const names = [
    CODECS[attributes & 7] ?? `compression ${attributes & 7}`, (attributes & LOG_APPEND_TIME) === 0 ? 'CreateTime' : 'LogAppendTime',
    ...((attributes & TRANSACTIONAL) === 0 ? [] : ['isTransactional']), ...((attributes & CONTROL) === 0 ? [] : ['isControlBatch']),
    ...((attributes & DELETE_HORIZON) === 0 ? [] : ['hasDeleteHorizonMs']),
  ]
  return names.join(', ')
}

/** Where each record begins, and its offset delta. */
function recordPlaces(bytes: Uint8Array, count: number): readonly { readonly at: number; readonly delta: number }[] {
  const places: { at: number; delta: number }[] = []
  for (let i = 0, at = BATCH_HEADER_BYTES; i < count; i++) {
    const length = readVarint(bytes, at)
    const timestamp = readVarint(bytes, at + length.size + 1)
    places.push({ at, delta: readVarint(bytes, at + length.size + 1 + timestamp.size).value })
    at += length.size + length.value
  }
  return places
}

/** Zig-zag; timestamps of a run are far below what a double holds exactly. */
export function readVarint(bytes: Uint8Array, at: number): { readonly value: number; readonly size: number } {
  let raw = 0, size = 0, unit = 1
  for (;;) {
    const byte = bytes[at + size++]!
    raw += (byte & 0x7f) * unit
    unit *= 128
    if (byte < 0x80) break
  }
  return { value: raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2, size }
}

/** One record, from its length on. */
class RecordReader {
  readonly fields: Field[] = []
  readonly #bytes: Uint8Array
  readonly #record: Offset
  #at: number

  constructor(bytes: Uint8Array, at: number, record: Offset, control: boolean) {
    this.#bytes = bytes
    this.#at = at
    this.#record = record
    this.#varint('length')
    this.#take('recordAttributes', 1, String(bytes[this.#at]!))
    this.#varint('timestampDelta')
    this.#varint('offsetDelta')
    const key = this.#varint('keyLength')
    if (control) this.#pair('controlVersion', 'controlType', key, (type) => `${type} (${type === 0 ? 'ABORT' : type === 1 ? 'COMMIT' : '?'})`)
    else this.#text('key', key)
    const value = this.#varint('valueLength')
    if (control) this.#pair('markerVersion', 'coordinatorEpoch', value, String)
    else this.#text('value', value)
    const headers = this.#varint('headerCount')
    for (let i = 0; i < headers; i++) {
      this.#text('headerKey', this.#varint('headerKeyLength'))
      this.#text('headerValue', this.#varint('headerValueLength'))
    }
  }

  #varint(name: FieldName): number {
    const { value, size } = readVarint(this.#bytes, this.#at)
    this.#take(name, size, String(value))
    return value
  }

  /** -1 = there is none, and no byte of it. */
  #text(name: FieldName, length: number): void {
    if (length > 0) this.#take(name, length, textOf(this.#bytes.subarray(this.#at, this.#at + Math.min(length, 4 * HEAD))))
  }

  /** Two bytes of a version, the rest a number. */
  #pair(version: FieldName, rest: FieldName, length: number, say: (value: number) => string): void {
    if (length < 2) return
    this.#take(version, 2, String(this.#number(2)))
    this.#take(rest, length - 2, say(this.#number(length - 2)))
  }
  #number(length: number): number {
    let value = 0
    for (let i = 0; i < length; i++) value = value * 256 + this.#bytes[this.#at + i]!
    return value
  }

  #take(name: FieldName, length: number, value: string): void {
    const from = this.#at, to = from + length
    const whole = length <= HEAD + TAIL
    this.fields.push({
      name, part: 'record', record: this.#record, at: from, length, value,
      bytes: [...this.#bytes.subarray(from, whole ? to : from + HEAD)], tail: whole ? [] : [...this.#bytes.subarray(to - TAIL, to)],
    })
    this.#at = to
  }
}

/** UTF-8 as text; what is not to be seen is a dot. */
function textOf(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length;) {
    const byte = bytes[i]!
    const size = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
    if (i + size > bytes.length) break
    let point = size === 1 ? byte : byte & (0x7f >> size)
    for (let k = 1; k < size; k++) point = point * 64 + (bytes[i + k]! & 0x3f)
    text += point < 0x20 || point === 0x7f ? '·' : String.fromCodePoint(Math.min(point, 0x10ffff))
    i += size
  }
  return text
}
