/** Compaction of one log, step by step. CMP-1 to CMP-7. */
import { describe, expect, test } from 'vitest'
import { between } from '../../base/chunks.ts'
import { logToClean, needsCleaning } from './cleanable.ts'
import { clean } from './cleaner.ts'
import { logConfig } from './log-config.ts'
import { append, newLog, read, roll, segmentsOf, sizeOf, type Log } from './log.ts'
import { newMarker } from './marker.ts'
import { newBatch, NO_PRODUCER, offsetOf, recordAt, stamped, TRANSACTIONAL } from './record.ts'
import { checkSequence } from './producer-state.ts'

const compacted = (settings: Readonly<Record<string, string | number>> = {}): Log => newLog(logConfig({ 'cleanup.policy': 'compact', ...settings }, {}))
const NOBODY = { ...NO_PRODUCER }
function put(log: Log, keys: string, producer: { producerId: number; producerEpoch: number; baseSequence: number } = NOBODY, attributes = 0): void {
  const records = keys.split('').map((key, i) => ({ id: `p#${log.endOffset + i}`, key, value: 'v', valueBytes: undefined, timestamp: 0 }))
  append(log, stamped(newBatch(records, 'p', producer, attributes), log.endOffset, 0))
}
const close = (log: Log): void => void roll(log, log.endOffset, 0)
const run = (log: Log, now = 0, mostKeys?: number) => clean(log, logToClean(log, log.endOffset, now), now, mostKeys)
const left = (log: Log): [number, string | undefined][] => [...between(log.batches, 0)].flatMap((batch) => batch.records.map(({ key }, i): [number, string | undefined] => [offsetOf(batch, i), key]))

describe('which part', () => {
  // Docs, min.cleanable.dirty.ratio: "how frequently the log compactor will attempt to clean the log". LogToClean: dirty bytes of all that would be read; strictly more is asked for.
  test('dirty is what has come since the last time, in closed segments', () => {
    const log = compacted({ 'min.cleanable.dirty.ratio': 0.5 })
    put(log, 'a')
    close(log)
    run(log)
    put(log, 'b')
    close(log)
    const half = logToClean(log, log.endOffset, 0)
    expect([half.firstDirtyOffset, half.firstUncleanableOffset, half.cleanableRatio, needsCleaning(log, half)]).toEqual([1, 2, 0.5, false])
    put(log, 'c')
    close(log)
    expect(needsCleaning(log, logToClean(log, log.endOffset, 0))).toBe(true)
  })

  test('never beyond the high watermark, and then only whole segments', () => {
    const log = compacted()
    put(log, 'a')
    put(log, 'a')
    close(log)
    put(log, 'b')
    close(log)
    expect([0, 1, 2, 3].map((highWatermark) => logToClean(log, highWatermark, 0).firstUncleanableOffset)).toEqual([0, 0, 2, 3])
  })
})

describe('what becomes of it', () => {
  // Docs, Log Compaction: "All offsets remain valid positions in the log, even if the message with that offset has been compacted away; in this case this position is
  // indistinguishable from the next highest offset that does appear in the log."
  test('a batch keeps its ends, whatever is gone between; who reads from a gap gets what comes next', () => {
    const log = compacted()
    put(log, 'abc')
    put(log, 'acd')
    close(log)
    expect(run(log)).toMatchObject({ newDirtyOffset: 6, removedRecords: 2 })
    expect(left(log)).toEqual([[1, 'b'], [3, 'a'], [4, 'c'], [5, 'd']])
    const [first] = read(log, 0, 6, Infinity)
    expect([first!.baseOffset, first!.lastOffset, recordAt(first!, 0), recordAt(first!, 1)?.key]).toEqual([0, 2, undefined, 'b'])
  })

  // Cleaner#groupSegmentsBySize: "This prevents segment sizes from shrinking too much."
  test('neighbours become one segment as long as they would have fitted into one', () => {
    const log = compacted({ 'internal.segment.bytes': 220 })
    for (const key of 'aabbcc') {
      put(log, key)
      close(log)
    }
    run(log)
    expect(segmentsOf(log).map(({ baseOffset, sizeInBytes }) => [baseOffset, sizeInBytes])).toEqual([[0, 70], [3, 140], [6, 0]])
    expect([left(log).map(([offset]) => offset), sizeOf(log)]).toEqual([[1, 3, 5], 210])
  })

  // Cleaner#buildOffsetMap: when the map is full, the rest waits for the next time.
  test('as many keys as the offset map holds', () => {
    const log = compacted()
    for (const key of 'abab') put(log, key)
    put(log, 'c')
    put(log, 'a')
    close(log)
    const rounds = Array.from({ length: 3 }, () => [run(log, 0, 2).newDirtyOffset, left(log).map(([offset]) => offset)])
    expect(rounds).toEqual([[2, [0, 1, 2, 3, 4, 5]], [4, [2, 3, 4, 5]], [6, [3, 4, 5]]])
  })

  // Cleaner: "We retain the batch in order to preserve the state of active producers."
  test('the last batch of a producer stays, empty, so that its next sequence is known', () => {
    const log = compacted()
    put(log, 'a', { producerId: 4, producerEpoch: 0, baseSequence: 0 })
    put(log, 'a')
    close(log)
    run(log)
    expect([...between(log.batches, 0)].map(({ baseOffset, records, producerId, sizeInBytes }) => [baseOffset, records.length, producerId, sizeInBytes])).toEqual([[0, 0, 4, 61], [1, 1, -1, 70]])
    const next = newBatch([{ id: 'p#9', key: 'z', value: 'v', valueBytes: undefined, timestamp: 0 }], 'p', { producerId: 4, producerEpoch: 0, baseSequence: 1 })
    expect(checkSequence(log.producers.get(4), next).kind).toBe('append')
  })

  // "we will never delete a marker until all the records from that transaction are removed"; then it goes like a tombstone.
  test('a marker outlives its records by delete.retention.ms', () => {
    const log = compacted({ 'delete.retention.ms': 100 })
    put(log, 'a', { producerId: 4, producerEpoch: 0, baseSequence: 0 }, TRANSACTIONAL)
    append(log, stamped(newMarker({ type: 'COMMIT', coordinatorEpoch: 0 }, { producerId: 4, producerEpoch: 0 }, 0, 'c'), log.endOffset, 0))
    put(log, 'z', { producerId: 4, producerEpoch: 0, baseSequence: 1 })
    const markers = () => [...between(log.batches, 0)].filter(({ baseSequence, producerId }) => producerId === 4 && baseSequence < 0).map(({ cleaned }) => cleaned?.deleteHorizonMs)
    const round = (now: number): void => {
      put(log, 'a')
      close(log)
      run(log, now)
    }
    round(10)
    // Its record has a newer value: it is gone, but it was met on the way.
    expect([left(log), markers()]).toEqual([[[1, '\0\0\0\u0001'], [2, 'z'], [3, 'a']], [undefined]])
    round(20)
    expect(markers()).toEqual([120])
    round(119)
    expect(markers()).toEqual([120])
    round(120)
    expect(markers()).toEqual([])
  })
})
