/**
 * The 61 bytes before the records of a batch, big-endian. Offset and leader epoch lie outside the checksum, so that the
 * leader can write them into a client's batch. Follows clients/.../common/record/internal/DefaultRecordBatch.java. REC-1, REC-2.
 */
import type { Epoch, Offset } from '../../base/units.ts'
import { crc32c } from './crc32c.ts'
import { BATCH_HEADER_BYTES } from './record.ts'

export interface BatchHeader {
  readonly baseOffset: Offset
  /** Bytes after this field. */
  readonly batchLength: number
  readonly partitionLeaderEpoch: Epoch
  readonly magic: number
  readonly crc: number
  readonly attributes: number
  readonly lastOffsetDelta: number
  readonly baseTimestamp: number
  readonly maxTimestamp: number
  readonly producerId: number
  readonly producerEpoch: Epoch
  readonly baseSequence: number
  readonly recordCount: number
}
/** What is not said of a batch follows from its bytes. */
export type HeaderFields = Omit<BatchHeader, 'batchLength' | 'magic' | 'crc'>

/** Fields before and in `batchLength`. */
const LOG_OVERHEAD = 12
const MAGIC = 2
const CRC_AT = 17,
  CHECKED_FROM = 21

/** The whole batch: this header, then these records. */
export function withHeader(fields: HeaderFields, records: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(BATCH_HEADER_BYTES + records.length)
  const view = new DataView(bytes.buffer)
  view.setBigInt64(0, BigInt(fields.baseOffset))
  view.setInt32(8, bytes.length - LOG_OVERHEAD)
  view.setInt32(12, fields.partitionLeaderEpoch)
  view.setInt8(16, MAGIC)
  view.setInt16(CHECKED_FROM, fields.attributes)
  view.setInt32(23, fields.lastOffsetDelta)
  view.setBigInt64(27, BigInt(fields.baseTimestamp))
  view.setBigInt64(35, BigInt(fields.maxTimestamp))
  view.setBigInt64(43, BigInt(fields.producerId))
  view.setInt16(51, fields.producerEpoch)
  view.setInt32(53, fields.baseSequence)
  view.setInt32(57, fields.recordCount)
  bytes.set(records, BATCH_HEADER_BYTES)
  view.setUint32(CRC_AT, crc32c(bytes.subarray(CHECKED_FROM)))
  return bytes
}

export function readHeader(bytes: Uint8Array): BatchHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return {
    baseOffset: Number(view.getBigInt64(0)),
    batchLength: view.getInt32(8),
    partitionLeaderEpoch: view.getInt32(12),
    magic: view.getInt8(16),
    crc: view.getUint32(CRC_AT),
    attributes: view.getInt16(CHECKED_FROM),
    lastOffsetDelta: view.getInt32(23),
    baseTimestamp: Number(view.getBigInt64(27)),
    maxTimestamp: Number(view.getBigInt64(35)),
    producerId: Number(view.getBigInt64(43)),
    producerEpoch: view.getInt16(51),
    baseSequence: view.getInt32(53),
    recordCount: view.getInt32(57),
  }
}
/** Nothing between its attributes and its end has changed since it was written. */
export const isWhole = (bytes: Uint8Array): boolean =>
  bytes.length >= BATCH_HEADER_BYTES && crc32c(bytes.subarray(CHECKED_FROM)) === readHeader(bytes).crc
