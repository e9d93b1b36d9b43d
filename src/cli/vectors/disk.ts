/** Segments, retention and transactions of one log. */
import { append, lastEpoch, newLog, raiseStart, read, segmentsOf, type Log } from '../../kafka/log/log.ts'
import { DEFAULT_LOG_CONFIG, logConfig } from '../../kafka/log/log-config.ts'
import { remember, type ProducerEntry } from '../../kafka/log/producer-state.ts'
import { newBatch, NO_PRODUCER, offsetOf, stamped, TRANSACTIONAL, type RecordBatch } from '../../kafka/log/record.ts'
import { deleteOldSegments } from '../../kafka/log/retention.ts'
import { newMarker } from '../../kafka/log/marker.ts'
import { abortedBetween, checkMarker, committedOnly, forgetReplicated, lastStableOffset } from '../../kafka/log/transactions.ts'
import { batchOfBytes, someRecords } from '../../kafka/testing.ts'
import { adapter, type Adapters } from './adapter.ts'

interface Roll {
  config: Record<string, number>
  appends: { clockAdvanceMs: number; recordTimestampRelative: number; batchSizeBytes: number }[]
}
interface Retention {
  config: Record<string, number | string>
  recordTimestampsRelative: number[]
  batchSizeBytes: number
  highWatermark: number
  deleteRecordsTo: number | null
  nowRelative: number
}
type TxnOperation =
  | { op: 'append' }
  | { op: 'txnAppend'; producerId: number; producerEpoch: number; baseSequence: number }
  | { op: 'marker'; producerId: number; producerEpoch: number; result: 'COMMIT' | 'ABORT'; holdHighWatermark?: true }
  | { op: 'advanceHighWatermark' }
interface LateMarker {
  openTransaction: { producerId: number; producerEpoch: number }
  marker: { producerEpoch: number; coordinatorEpoch: number }
  transactionVersions: (1 | 2)[]
}

/** Sizes below what Kafka allows are set as its tests do. */
export const configOfVector = ({ 'segment.bytes': segmentBytes, ...config }: Readonly<Record<string, number | string>>) =>
  logConfig(segmentBytes === undefined ? config : { ...config, 'internal.segment.bytes': segmentBytes }, {})

export const segmentList = (log: Log) => segmentsOf(log).map(({ baseOffset, sizeInBytes }) => ({ baseOffset, sizeBytes: sizeInBytes }))

/** At the log's end, as its leader in the epoch it is in. */
export const appendAtEnd = (log: Log, batch: RecordBatch, nowMs: number) => append(log, stamped(batch, log.endOffset, Math.max(0, lastEpoch(log))), nowMs)

export const diskAdapters: Adapters = {
  'segment-roll': adapter(({ config, appends }: Roll) => {
    const log = newLog(configOfVector(config))
    let now = 0
    const bases = appends.map(({ clockAdvanceMs, recordTimestampRelative, batchSizeBytes }) => {
      now += clockAdvanceMs
      appendAtEnd(log, batchOfBytes(batchSizeBytes, recordTimestampRelative), now)
      return log.active.baseOffset
    })
    return { activeSegmentBaseOffsetAfterEachAppend: bases, segments: segmentList(log) }
  }),
  retention: adapter(({ config, recordTimestampsRelative, batchSizeBytes, highWatermark, deleteRecordsTo, nowRelative }: Retention) => {
    const log = newLog(configOfVector(config))
    for (const timestamp of recordTimestampsRelative) appendAtEnd(log, batchOfBytes(batchSizeBytes, timestamp), 0)
    if (deleteRecordsTo !== null) raiseStart(log, deleteRecordsTo < 0 ? highWatermark : deleteRecordsTo)
    const deleted = deleteOldSegments(log, highWatermark, nowRelative)
    return { segmentsDeleted: deleted.length, segmentsAfter: segmentList(log), logStartOffset: log.startOffset, logEndOffset: log.endOffset }
  }),
  'txn-lso/trace': adapter(({ operations }: { operations: TxnOperation[] }) => {
    const log = newLog(DEFAULT_LOG_CONFIG)
    let highWatermark = 0
    const trace = operations.map((operation) => {
      if (operation.op === 'append') appendAtEnd(log, newBatch(someRecords(1), 'p', NO_PRODUCER), 0)
      if (operation.op === 'txnAppend') appendAtEnd(log, newBatch(someRecords(1), 'p', operation, TRANSACTIONAL), 0)
      if (operation.op === 'marker') appendAtEnd(log, newMarker({ type: operation.result, coordinatorEpoch: 0 }, operation, 0, 'coordinator'), 0)
      if (!('holdHighWatermark' in operation)) highWatermark = log.endOffset
      log.transactions = forgetReplicated(log.transactions, highWatermark)
      return { logEndOffset: log.endOffset, lastStableOffset: lastStableOffset(log.transactions, highWatermark), highWatermark }
    })
    const stable = lastStableOffset(log.transactions, highWatermark)
    const batches = read(log, 0, stable, Infinity)
    const visible = committedOnly(batches, abortedBetween(log.transactions, 0, stable))
    return {
      trace, abortedTransactions: log.transactions.aborted,
      readCommittedVisibleOffsets: visible.flatMap((batch) => batch.records.map((_, i) => offsetOf(batch, i))),
    }
  }),
  'txn-lso/late-marker': adapter(({ openTransaction, marker, transactionVersions }: LateMarker) => {
    const producers = new Map<number, ProducerEntry>()
    remember(producers, newBatch(someRecords(1), 'p', { ...openTransaction, baseSequence: 0 }, TRANSACTIONAL))
    const entry = producers.get(openTransaction.producerId)
    return { errors: Object.fromEntries(transactionVersions.map((version) => [version, checkMarker(entry, marker, version) ?? 'NONE'])) }
  }),
}
