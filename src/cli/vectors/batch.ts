/** Bytes of a batch. */
import { utf8 } from '../../kafka/client/utf8.ts'
import { crc32c } from '../../kafka/log/crc32c.ts'
import { encodeBatch, endMarker, type RecordFields } from '../../kafka/log/encode.ts'
import { readHeader } from '../../kafka/log/header.ts'
import { addSequence } from '../../kafka/log/record.ts'
import { varint, varlong } from '../../kafka/log/varint.ts'
import { adapter, hexOf, type Adapters } from './adapter.ts'

interface Data {
  baseOffset: number
  partitionLeaderEpoch: number
  producerId: number
  producerEpoch: number
  baseSequence: number
  transactional: boolean
  logAppendTime: number | null
  records: { timestamp: number; key: string | null; value: string | null; headers: { key: string; value: string | null }[] }[]
}
interface Control {
  baseOffset: number
  timestamp: number
  partitionLeaderEpoch: number
  producerId: number
  producerEpoch: number
  type: 'COMMIT' | 'ABORT'
  coordinatorEpoch: number
}

const bytes = (text: string | null): number[] | undefined => (text === null ? undefined : utf8(text))
const word = (value: number): string => value.toString(16).padStart(8, '0')

export const batchAdapters: Adapters = {
  'varint/int32': adapter(({ int32 }: { int32: number }) => ({ hex: hexOf(varint(int32)), size: varint(int32).length })),
  'varint/int64': adapter(({ int64 }: { int64: string }) => ({ hex: hexOf(varlong(BigInt(int64))), size: varlong(BigInt(int64)).length })),
  crc32c: adapter(({ utf8: text }: { utf8: string }) => ({ uint32: crc32c(utf8(text)), hex: word(crc32c(utf8(text))) })),
  'record-batch-v2/data': adapter(
    ({ records, logAppendTime, baseOffset, partitionLeaderEpoch, producerId, producerEpoch, baseSequence, transactional }: Data) => {
      const fields: RecordFields[] = records.map(({ timestamp, key, value, headers }) => ({
        timestamp,
        key: bytes(key),
        value: bytes(value),
        headers: headers.map((header) => ({ key: header.key, value: bytes(header.value) })),
      }))
      const batch = encodeBatch(
        {
          baseOffset,
          partitionLeaderEpoch,
          producerId,
          producerEpoch,
          baseSequence,
          transactional,
          control: false,
          logAppendTime: logAppendTime ?? undefined,
        },
        fields,
      )
      const { batchLength, crc, attributes, lastOffsetDelta, baseTimestamp, maxTimestamp, recordCount } = readHeader(batch)
      return {
        hex: hexOf(batch),
        sizeInBytes: batch.length,
        batchLengthField: batchLength,
        crc32c: word(crc),
        attributes,
        lastOffsetDelta,
        baseTimestamp,
        maxTimestamp,
        recordsCount: recordCount,
        lastSequence: baseSequence < 0 ? -1 : addSequence(baseSequence, lastOffsetDelta),
      }
    },
  ),
  'record-batch-v2/control': adapter(
    ({ baseOffset, timestamp, partitionLeaderEpoch, producerId, producerEpoch, type, coordinatorEpoch }: Control) => {
      const marker = endMarker(type, coordinatorEpoch, timestamp)
      const fields = {
        baseOffset,
        partitionLeaderEpoch,
        producerId,
        producerEpoch,
        baseSequence: -1,
        transactional: true,
        control: true,
        logAppendTime: undefined,
      }
      const batch = encodeBatch(fields, [marker])
      const { crc, attributes, baseSequence } = readHeader(batch)
      return {
        hex: hexOf(batch),
        sizeInBytes: batch.length,
        attributes,
        controlKeyHex: hexOf(marker.key!),
        controlValueHex: hexOf(marker.value!),
        baseSequence,
        crc32c: word(crc),
      }
    },
  ),
}
