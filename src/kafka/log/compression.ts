/**
 * What compression makes of a batch: its size, and the processor time that it takes. Only the records are compressed, all of a
 * batch as one; the 61 bytes before them stay as they are (REC-3).
 *
 * Simplified: nothing is really compressed. Of the records of a batch the first shrinks to a fixed share of its size, and each
 * further one to a smaller share, as it is like those before it; on top comes what the codec's own frame takes. A codec's
 * speed is fixed too. Compressed bytes cannot be looked into: in their place stand as many zeros.
 */
import type { FactOf } from '../notes.ts'
import { CODECS, type Codec } from './codec.ts'
import { BATCH_HEADER_BYTES, batchSize, recordSize, type KafkaRecord, type RecordBatch } from './record.ts'

interface CodecModel {
  /** Thousandths that are left of the first record of a batch, and of each further one. */
  readonly first: number; readonly further: number
  /** Bytes of the codec's own frame around one block. */
  readonly frame: number
  /** Nanoseconds of processor time for one byte, which is microseconds for a thousand. */
  readonly compress: number; readonly decompress: number
}

/** By the codec's id. */
const models: readonly CodecModel[] = [
  { first: 1000, further: 1000, frame: 0, compress: 0, decompress: 0 },
  { first: 650, further: 250, frame: 20, compress: 40, decompress: 8 },
  { first: 850, further: 500, frame: 20, compress: 4, decompress: 2 },
  { first: 850, further: 450, frame: 15, compress: 3, decompress: 1 },
  { first: 620, further: 220, frame: 13, compress: 8, decompress: 3 },
]
const modelOf = (codec: Codec): CodecModel => models[codec]!

export const compressNanos = (codec: Codec, bytes: number): number => bytes * modelOf(codec).compress

/**
 * Bytes of a batch whose records are `plain` bytes long, header included, the first of them `first`. What does not get
 * smaller is stored as it is, in the same frame: one short record is longer compressed than not.
 */
export function packedSize(codec: Codec, plain: number, first: number): number {
  const model = modelOf(codec)
  const records = plain - BATCH_HEADER_BYTES
  const left = Math.ceil((first * model.first + (records - first) * model.further) / 1000)
  return BATCH_HEADER_BYTES + Math.min(left, records) + model.frame
}

/** This batch, not compressed so far, with this codec. */
export const packed = (batch: RecordBatch, codec: Codec): RecordBatch => Object.freeze({
  ...batch, attributes: (batch.attributes & ~7) | codec, sizeInBytes: packedSize(codec, batch.sizeInBytes, firstSize(batch.records)),
})
const firstSize = (records: readonly KafkaRecord[]): number => (records.length === 0 ? 0 : recordSize(records[0]!, 0, 0))

/** What a leader makes of a client's batch whose codec is not its topic's: unpacked, and packed again. */
export const repacked = (batch: RecordBatch, codec: Codec): RecordBatch =>
  packed({ ...batch, attributes: batch.attributes & ~7, sizeInBytes: batchSize(batch.records) }, codec)

/** What is left of how many bytes, and what each side has spent on it. */
function figuresOf({ attributes, records, sizeInBytes }: RecordBatch) {
  const was = batchSize(records), codec = attributes & 7
  const micros = (nanos: number): number => Math.ceil((was * nanos) / 1000)
  return { codec: CODECS[codec]!, bytes: sizeInBytes, was, compressMicros: micros(modelOf(codec).compress), decompressMicros: micros(modelOf(codec).decompress) }
}

/** Of a batch that is compressed, or that its leader has packed again. */
export function factsOf(appended: FactOf<'batch.appended'>, sent: RecordBatch, batch: RecordBatch): readonly (FactOf<'batch.appended'> | FactOf<'batch.recompressed'>)[] {
  const { codec, bytes, was, compressMicros, decompressMicros } = figuresOf(batch)
  const told = { ...appended, packed: { codec, bytes, was, micros: batch === sent ? decompressMicros : 0 } }
  if (batch === sent) return [told]
  const { partition, node, producer, base } = appended
  const before = figuresOf(sent)
  return [{ code: 'batch.recompressed', partition, node, producer, base, from: before.codec, to: codec, was: before.bytes, bytes, micros: before.decompressMicros + compressMicros }, told]
}
