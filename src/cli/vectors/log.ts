/** Logs, batches and leader epoch caches. */
import { assign, endOffsetFor, truncateFromEnd, truncateFromStart, type EpochEntry } from '../../kafka/log/epochs.ts'
import { append, newLog } from '../../kafka/log/log.ts'
import { checkSequence } from '../../kafka/log/producer-state.ts'
import { batchSize, newBatch, recordSize, stamped } from '../../kafka/log/record.ts'
import { someRecords } from '../../kafka/testing.ts'
import { adapter, type Adapters } from './adapter.ts'

interface EndOffsets {
  assignCalls: EpochEntry[]
  logEndOffset: number
  requestedEpochs: number[]
}
interface Cache {
  cache: EpochEntry[]
  operation: 'truncateFromEnd' | 'truncateFromStart'
  offset: number
}
interface Sequences {
  batches: { producerId: number; producerEpoch: number; baseSequence: number; records: number }[]
}
interface Size {
  keyBytes: number | null
  valueBytes: number
}

export const logAdapters: Adapters = {
  'epoch-end-offset': adapter(({ assignCalls, logEndOffset, requestedEpochs }: EndOffsets) => {
    const cache = assignCalls.reduce<readonly EpochEntry[]>((so, [epoch, start]) => assign(so, epoch, start), [])
    const answers = requestedEpochs.map((epoch) => [epoch, endOffsetFor(cache, epoch, logEndOffset) ?? { epoch: -1, endOffset: -1 }])
    return { cache, endOffsets: Object.fromEntries(answers) }
  }),
  'epoch-cache': adapter(({ cache, operation, offset }: Cache) => ({
    cache: operation === 'truncateFromEnd' ? truncateFromEnd(cache, offset) : truncateFromStart(cache, offset),
  })),
  'producer-sequence': adapter(({ batches }: Sequences) => {
    const log = newLog()
    const results = batches.map(({ records: count, ...producer }) => {
      const batch = newBatch(someRecords(count), 'p', producer)
      const check = checkSequence(log.producers.get(batch.producerId), batch)
      if (check.kind === 'refused') return { error: check.error }
      const baseOffset = check.kind === 'duplicate' ? check.baseOffset : log.endOffset
      if (check.kind === 'append') append(log, stamped(batch, baseOffset, 0))
      return { error: 'NONE', baseOffset, lastOffset: baseOffset + count - 1, duplicate: check.kind === 'duplicate' }
    })
    return { results, logEndOffset: log.endOffset }
  }),
  'record-size': adapter(({ keyBytes, valueBytes }: Size) => {
    const key = keyBytes === null ? undefined : 'k'.repeat(keyBytes)
    const record = { id: 'p#1', key, value: 'v'.repeat(valueBytes), valueBytes: undefined, timestamp: 0 }
    const batchBytes = batchSize([record]),
      recordBytes = recordSize(record, 0, 0)
    return { batchBytes, recordBytes, overheadBytes: batchBytes - recordBytes }
  }),
}
