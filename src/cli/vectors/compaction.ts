/** Compaction of one log. */
import { between } from '../../base/chunks.ts'
import { clean } from '../../kafka/log/cleaner.ts'
import { logToClean } from '../../kafka/log/cleanable.ts'
import { endMarker } from '../../kafka/log/encode.ts'
import { newLog, roll, type Log } from '../../kafka/log/log.ts'
import { isControl, newBatch, NO_PRODUCER, offsetOf, TRANSACTIONAL, type KafkaRecord, type RecordBatch } from '../../kafka/log/record.ts'
import { markerOf, newMarker } from '../../kafka/log/marker.ts'
import { refusal } from '../../kafka/log/validate.ts'
import { adapter, hexOf, type Adapters } from './adapter.ts'
import { appendAtEnd, configOfVector, segmentList } from './disk.ts'

interface Producer { producerId: number; producerEpoch: number }
interface Keyed { key: string | null; value: string | null; timestamp: number }
type Operation =
  | ({ op: 'append' } & Keyed)
  | { op: 'appendBatch'; records: { key: string; value: string }[]; timestamp: number }
  | ({ op: 'idempotentAppend' | 'txnAppend'; sequence: number } & Producer & Keyed)
  | ({ op: 'commitMarker' | 'abortMarker'; coordinatorEpoch: number; timestamp: number } & Producer)
  | { op: 'roll' }
  | { op: 'advanceClock'; ms: number }
  | { op: 'clean' }
interface Compaction {
  config: Record<string, number | string>
  clockStart: number
  operations: Operation[]
}

const record = ({ key, value }: Pick<Keyed, 'key' | 'value'>, timestamp: number): KafkaRecord =>
  ({ id: 'test#1', key: key ?? undefined, value: value ?? undefined, valueBytes: undefined, timestamp })

/** The batch that an operation appends; undefined = it appends nothing. */
function batchOf(operation: Operation): RecordBatch | undefined {
  switch (operation.op) {
    case 'append': return newBatch([record(operation, operation.timestamp)], 'p', NO_PRODUCER)
    case 'appendBatch': return newBatch(operation.records.map((each) => record(each, operation.timestamp)), 'p', NO_PRODUCER)
    case 'idempotentAppend':
    case 'txnAppend': {
      const producer = { ...operation, baseSequence: operation.sequence }
      return newBatch([record(operation, operation.timestamp)], 'p', producer, operation.op === 'txnAppend' ? TRANSACTIONAL : 0)
    }
    case 'commitMarker':
    case 'abortMarker': {
      const type = operation.op === 'commitMarker' ? 'COMMIT' : 'ABORT'
      return newMarker({ type, coordinatorEpoch: operation.coordinatorEpoch }, operation, operation.timestamp, 'coordinator')
    }
    default: return undefined
  }
}

function described(batch: RecordBatch): object {
  const { baseOffset, lastOffset, producerId, baseSequence, records, cleaned } = batch
  const marker = isControl(batch) ? markerOf(batch) : undefined
  const bytes = marker === undefined ? undefined : endMarker(marker.type, marker.coordinatorEpoch, 0)
  return {
    baseOffset, lastOffset, producerId, baseSequence, control: isControl(batch), deleteHorizonMs: cleaned?.deleteHorizonMs ?? null,
    records: records.map(({ key, value }, i) => ({
      offset: offsetOf(batch, i), key: bytes === undefined ? key : hexOf(bytes.key!), value: bytes === undefined ? (value ?? null) : hexOf(bytes.value!),
    })),
  }
}
const batchList = (log: Log) => [...between(log.batches, 0)].map(described)

export const compactionAdapters: Adapters = {
  compaction: adapter(({ config, clockStart, operations }: Compaction) => {
    let now = clockStart
    const log = newLog(configOfVector(config), 0, now)
    const limits = { maxMessageBytes: Infinity, timestampAfterMaxMs: Infinity, timestampBeforeMaxMs: Infinity, isKeyed: log.config.compact, segmentBytes: Infinity }
    const operationErrors: object[] = [], rounds: object[] = []
    let before: object = {}
    for (const [index, operation] of operations.entries()) {
      const batch = batchOf(operation)
      if (batch !== undefined) {
        const error = isControl(batch) ? undefined : refusal(batch, limits, now)
        if (error === undefined) appendAtEnd(log, batch, now)
        else operationErrors.push({ operation: index, error })
      }
      if (operation.op === 'roll') roll(log, log.endOffset, now)
      if (operation.op === 'advanceClock') now += operation.ms
      if (operation.op !== 'clean') continue
      if (rounds.length === 0) before = { segmentsBeforeFirstClean: segmentList(log), batchesBeforeFirstClean: batchList(log) }
      const toClean = logToClean(log, log.endOffset, now)
      const nothingToClean = toClean.cleanableBytes === 0
      const done = nothingToClean ? {} : { newDirtyOffset: clean(log, toClean, now).newDirtyOffset }
      rounds.push({ ...toClean, nothingToClean, ...done, batchesAfter: batchList(log) })
    }
    return { operationErrors, ...before, rounds, logStartOffset: log.startOffset, logEndOffset: log.endOffset }
  }),
}
