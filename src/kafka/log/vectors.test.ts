/** What Kafka's own classes answered (public conformance vectors), asked of these. */
import { describe, expect, test } from 'vitest'
import endOffsets from './vectors/epoch-end-offset.json'
import caches from './vectors/epoch-cache.json'
import sequences from './vectors/producer-sequence.json'
import sizes from './vectors/record-size.json'
import { assign, endOffsetFor, truncateFromEnd, type EpochEntry } from './epochs.ts'
import { append, newLog } from './log.ts'
import { checkSequence } from './producer-state.ts'
import { BATCH_HEADER_BYTES, batchSize, newBatch, recordSize, stamped, type KafkaRecord } from './record.ts'

const records = (count: number): KafkaRecord[] => Array.from({ length: count }, (_, i) => ({ id: `p#${i}`, key: undefined, value: 'v', valueBytes: undefined, timestamp: 0 }))

describe('the end of a leader epoch (SEG-11)', () => {
  test.each(endOffsets)('$id: $title', ({ input, expected }) => {
    const cache = (input.assignCalls as [number, number][]).reduce<readonly EpochEntry[]>((so, [epoch, start]) => assign(so, epoch, start), [])
    const answers = input.requestedEpochs.map((epoch) => [epoch, endOffsetFor(cache, epoch, input.logEndOffset) ?? { epoch: -1, endOffset: -1 }])
    expect({ cache, endOffsets: Object.fromEntries(answers) }).toEqual(expected)
  })
})

describe('the leader epoch cache after a truncation', () => {
  test.each(caches)('$id: $title', ({ input, expected }) => {
    expect({ cache: truncateFromEnd(input.cache as [number, number][], input.offset) }).toEqual(expected)
  })
})

describe('sequences of idempotent producers (PRD-32)', () => {
  test.each(sequences)('$id: $title', ({ input, expected }) => {
    const log = newLog()
    const results = input.batches.map(({ records: count, ...producer }) => {
      const batch = newBatch(records(count), 'p', producer)
      const check = checkSequence(log.producers.get(batch.producerId), batch)
      if (check.kind === 'refused') return { error: check.error }
      const baseOffset = check.kind === 'duplicate' ? check.baseOffset : log.endOffset
      if (check.kind === 'append') append(log, stamped(batch, baseOffset, 0))
      return { error: 'NONE', baseOffset, lastOffset: baseOffset + count - 1, duplicate: check.kind === 'duplicate' }
    })
    expect({ results, logEndOffset: log.endOffset }).toEqual(expected)
  })
})

describe('sizes of record batch v2', () => {
  test.each(sizes)('$id: $title', ({ input, expected }) => {
    const record = { id: 'p#1', key: input.keyBytes === null ? undefined : 'k'.repeat(input.keyBytes), value: 'v'.repeat(input.valueBytes), valueBytes: undefined, timestamp: 0 }
    expect({ batchBytes: batchSize([record]), recordBytes: recordSize(record, 0, 0), overheadBytes: BATCH_HEADER_BYTES }).toEqual(expected)
    expect(newBatch([record], 'p', { producerId: -1, producerEpoch: -1, baseSequence: -1 }).sizeInBytes).toBe(expected.batchBytes)
  })
})
