/** Control batches that end a transaction. Follows clients/.../common/record/internal/{ControlRecordType,EndTransactionMarker}.java. REC-4. */
import type { Epoch } from '../../base/units.ts'
import { batchSize, CONTROL, TRANSACTIONAL, type KafkaRecord, type RecordBatch } from './record.ts'

/** What the record of a control batch says; its bytes are in `encode.ts`. */
export interface Marker { readonly type: 'COMMIT' | 'ABORT'; readonly coordinatorEpoch: Epoch }

/** The batch that ends a transaction: it takes an offset like any other. Its key and value are those of `endMarker`, 4 and 6 bytes. */
export function newMarker(marker: Marker, producer: { readonly producerId: number; readonly producerEpoch: Epoch }, timestamp: number, sender: string): RecordBatch {
  const record: KafkaRecord = Object.freeze({
    id: `${sender}#${marker.type}`, key: `\0\0\0${marker.type === 'COMMIT' ? '\u0001' : '\0'}`, value: '', valueBytes: 6, timestamp, data: Object.freeze(marker),
  })
  const records = Object.freeze([record])
  return Object.freeze({
    baseOffset: 0, lastOffset: 0, partitionLeaderEpoch: -1, attributes: TRANSACTIONAL | CONTROL, producerId: producer.producerId, producerEpoch: producer.producerEpoch,
    baseSequence: -1, maxTimestamp: timestamp, sizeInBytes: batchSize(records), records, cleaned: undefined, sender,
  })
}
/** undefined for an empty control batch: all of its transaction has been compacted away. */
export const markerOf = ({ records }: RecordBatch): Marker | undefined => records[0]?.data as Marker | undefined
