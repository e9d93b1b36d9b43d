/** When a segment ends, what its indexes hold, and what a broker makes of a damaged one. SEG-1 to SEG-6, SEG-10. */
import { describe, expect, test } from 'vitest'
import { batchOfBytes, someBatch } from '../testing.ts'
import { segmentFiles } from './files.ts'
import { indexesOf } from './indexes.ts'
import { logConfig } from './log-config.ts'
import { append, flushTo, newLog, roll, segmentsOf, type Log } from './log.ts'
import { RUN_BEGAN_MS, stamped } from './record.ts'
import { load } from './recovery.ts'

const config = (settings: Readonly<Record<string, string | number>>) => logConfig(settings, {})
const write = (log: Log, bytes: number, timestamp = 0): void => void append(log, stamped(batchOfBytes(bytes, timestamp), log.endOffset, 0))
const bases = (log: Log): number[] => segmentsOf(log).map(({ baseOffset }) => baseOffset)

describe('a segment ends', () => {
  // Docs, segment.bytes: "This configuration controls the segment file size for the log."
  test('before a batch that would make it too large; an exact fit stays', () => {
    const log = newLog(config({ 'internal.segment.bytes': 300 }))
    for (const bytes of [100, 100, 100, 100]) write(log, bytes)
    expect([bases(log), log.closed[0]!.sizeInBytes]).toEqual([[0, 3], 300])
  })

  // Docs, segment.ms: "This configuration controls the period of time after which Kafka will force the log to roll even if the segment file isn't full".
  // LogSegment#timeWaitedForRoll: measured between records, so an idle log never rolls.
  test('when a record is younger than its first batch by more than segment.ms', () => {
    const log = newLog(config({ 'segment.ms': 1000 }))
    for (const timestamp of [500, 1500, 200, 1501]) write(log, 100, timestamp)
    expect(bases(log)).toEqual([0, 3])
  })

  // Docs, max.compaction.lag.ms: a compacted log must close its segments in time to be compacted in time. LogConfig#maxSegmentMs.
  test('sooner where it has to be compacted sooner', () => {
    const log = newLog(config({ 'cleanup.policy': 'compact', 'max.compaction.lag.ms': 100 }))
    for (const timestamp of [0, 100, 101]) write(log, 100, timestamp)
    expect(bases(log)).toEqual([0, 2])
  })

  // Docs, segment.index.bytes: "This configuration controls the size of the index that maps offsets to file positions."
  test('when an index is full', () => {
    const log = newLog(config({ 'segment.index.bytes': 24, 'index.interval.bytes': 0 }))
    for (let i = 0; i < 6; i++) write(log, 100, 0)
    // Room for two entries of the time index, and the last is kept for the segment's end: TimeIndex#isFull.
    expect(bases(log)).toEqual([0, 2, 4])
  })

  test('where its offsets would not fit into four bytes', () => {
    const log = newLog(config({}))
    write(log, 100)
    append(log, { ...stamped(someBatch(), 2_147_483_648, 0) })
    expect(bases(log)).toEqual([0, 2_147_483_648])
  })
})

// Docs, index.interval.bytes: "This setting controls how frequently Kafka adds an index entry to its offset index. The default setting ensures that we index a message
// roughly every 4096 bytes."
test('an index has an entry for the batch after every 4096 bytes, and a closed one ends with its newest record', () => {
  const log = newLog(config({}))
  for (let i = 0; i < 12; i++) write(log, 1000, i === 3 ? 900 : i)
  expect(indexesOf(log, log.active)).toEqual({ offsets: [[5, 5000], [10, 10_000]], times: [[RUN_BEGAN_MS + 900, 3]] })
  expect(log.active).toMatchObject({ indexEntries: 2, timeIndexEntries: 1 })
  roll(log, log.endOffset, 0)
  expect(segmentFiles(log).map(({ name, sizeInBytes }) => [name.slice(-13), sizeInBytes])).toEqual([
    ['000000000.log', 12_000], ['0000000.index', 16], ['000.timeindex', 12], ['000000012.log', 0], ['0000012.index', 0], ['012.timeindex', 0], ['0012.snapshot', 10],
  ])
})

describe('recovery', () => {
  const filled = (): Log => {
    const log = newLog(config({ 'internal.segment.bytes': 250 }))
    for (let i = 0; i < 5; i++) write(log, 100)
    return log
  }
  // Docs, Implementation, Log: "On startup a log recovery process is run that iterates over all messages in the newest log segment and verifies that each message entry is
  // valid ... In the event corruption is detected the log is truncated to the last valid offset."
  test('a closed segment has been flushed: only what came after it is read again', () => {
    const log = filled()
    expect(log).toMatchObject({ recoveryPoint: 4 })
    expect(load(log, false, [{ segmentBaseOffset: 0, flipAt: 130 }])).toEqual([])
    expect(log.endOffset).toBe(5)
  })
  test('a batch that is not whole takes all that follows with it', () => {
    const log = filled()
    log.recoveryPoint = 0
    expect(load(log, false, [{ segmentBaseOffset: 0, flipAt: 130 }]).map(({ baseOffset }) => baseOffset)).toEqual([1, 2, 3, 4])
    expect([bases(log), log.endOffset, log.recoveryPoint]).toEqual([[0], 1, 0])
  })
  test.each([[1, 4], [100, 4], [101, 4]])('%i bytes cut off the end of the active segment leave the log at %i', (cutBytes, end) => {
    const log = filled()
    load(log, false, [{ segmentBaseOffset: 4, cutBytes }])
    expect([log.endOffset, log.active.sizeInBytes]).toEqual([end, 0])
  })
  // LogLoader#recoverLog: "If we have the clean shutdown marker, skip recovery."
  test('after an orderly stop nothing is looked for', () => {
    const log = filled()
    flushTo(log, log.endOffset)
    expect(load(log, true, [{ segmentBaseOffset: 4, flipAt: 99 }])).toEqual([])
    expect(log.endOffset).toBe(5)
  })
})
