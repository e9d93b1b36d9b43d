/** Retention and truncation on any history: what may go, what must stay, and that the segments always add up to the log. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { at, between } from '../../base/chunks.ts'
import { asText } from '../../engine/testing.ts'
import { clone } from '../../base/clone.ts'
import { batchOfBytes } from '../testing.ts'
import { logConfig } from './log-config.ts'
import { append, batchAt, newLog, placesOf, raiseStart, segmentsOf, sizeOf, truncateTo, type Log } from './log.ts'
import { stamped } from './record.ts'
import { deleteOldSegments, hasOldSegments } from './retention.ts'

type Move =
  | { readonly append: number; readonly timestamp: number; readonly epochStep: number }
  | { readonly retain: number; readonly committed: number }
  | { readonly truncate: number }
  | { readonly deleteBefore: number }

const part = fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10)
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ append: fc.integer({ min: 70, max: 400 }), timestamp: fc.integer({ min: -5000, max: 20_000 }), epochStep: fc.constantFrom(0, 0, 0, 1) }) },
  { weight: 2, arbitrary: fc.record({ retain: fc.nat(30_000), committed: part }) },
  { weight: 1, arbitrary: fc.record({ truncate: part }) },
  { weight: 1, arbitrary: fc.record({ deleteBefore: part }) },
)
const config = fc.record({
  'cleanup.policy': fc.constantFrom('delete', 'compact', 'compact,delete'), 'internal.segment.bytes': fc.integer({ min: 400, max: 2000 }),
  'segment.ms': fc.constantFrom(1000, 604_800_000), 'retention.ms': fc.constantFrom(-1, 3000, 604_800_000), 'retention.bytes': fc.constantFrom(-1, 0, 1500),
})

interface Run { readonly log: Log; highWatermark: number; epoch: number }
const between0 = (log: Log, share: number): number => log.startOffset + Math.floor(share * (log.endOffset - log.startOffset))

function make(run: Run, each: Move): void {
  const { log } = run
  if ('append' in each) {
    run.epoch += each.epochStep
    append(log, stamped(batchOfBytes(each.append, each.timestamp), log.endOffset, run.epoch))
  } else if ('truncate' in each) {
    truncateTo(log, Math.max(run.highWatermark, between0(log, each.truncate)))
  } else if ('deleteBefore' in each) {
    run.highWatermark = Math.max(run.highWatermark, between0(log, each.deleteBefore))
    raiseStart(log, Math.min(run.highWatermark, between0(log, each.deleteBefore)))
  } else {
    run.highWatermark = Math.max(run.highWatermark, between0(log, each.committed))
    retain(run, each.retain)
  }
}

/** INV-L8, INV-L10, RET-2 to RET-6. */
function retain({ log, highWatermark }: Run, nowMs: number): void {
  const { delete: deletes, retentionBytes, retentionMs } = log.config
  const [before, sizeBefore, startBefore] = [segmentsOf(log), sizeOf(log), log.startOffset]
  const looked = hasOldSegments(log, nowMs)
  const deleted = deleteOldSegments(log, highWatermark, nowMs)
  if (!looked) expect(deleted).toEqual([])
  expect(deleted.map(({ segment }) => segment.baseOffset)).toEqual(before.slice(0, deleted.length).map(({ baseOffset }) => baseOffset))
  for (const { segment, last, breach } of deleted) {
    expect(last).toBeLessThan(highWatermark)
    if (breach.why === 'logStart') expect(last).toBeLessThan(startBefore)
    else expect(deletes).toBe(true)
    if (breach.why === 'time') expect(nowMs - segment.largestTimestamp).toBeGreaterThan(retentionMs)
  }
  expect(log.startOffset).toBeLessThanOrEqual(highWatermark)
  const bySize = deleted.filter(({ breach }) => breach.why === 'size')
  if (bySize.length === deleted.length && deleted.length > 0) expect(sizeOf(log)).toBeGreaterThanOrEqual(Math.min(retentionBytes, sizeBefore))
  // What is left and could have gone is held by the high watermark, or by the segment before it.
  const [first] = segmentsOf(log)
  const end = segmentsOf(log)[1]?.baseOffset ?? log.endOffset
  if (deletes && retentionMs >= 0 && end <= highWatermark && first!.sizeInBytes > 0) expect(nowMs - first!.largestTimestamp).toBeLessThanOrEqual(retentionMs)
}

/** INV-L1 to INV-L5. */
function check({ log, highWatermark }: Run): void {
  const segments = segmentsOf(log)
  expect(log.startOffset).toBeLessThanOrEqual(log.endOffset)
  expect(log.recoveryPoint).toBeLessThanOrEqual(log.endOffset)
  expect(log.writtenTo).toBeGreaterThanOrEqual(log.recoveryPoint)
  expect(highWatermark).toBeLessThanOrEqual(log.endOffset)
  for (const [i, segment] of segments.entries()) {
    if (i > 0) expect(segment.baseOffset).toBeGreaterThan(segments[i - 1]!.baseOffset)
    const [from, to] = placesOf(log, segment)
    let bytes = 0, latest = -Infinity
    for (let j = from; j < to; j++) {
      bytes += at(log.batches, j)!.sizeInBytes
      latest = Math.max(latest, at(log.batches, j)!.maxTimestamp)
    }
    expect(segment.sizeInBytes).toBe(bytes)
    if (bytes > 0) expect(segment.largestTimestamp).toBe(latest)
    expect(bytes).toBeLessThanOrEqual(log.config.segmentBytes)
  }
  expect(segments.reduce((sum, { baseOffset }) => Math.min(sum, baseOffset), Infinity)).toBeLessThanOrEqual(log.startOffset)
  for (let offset = log.startOffset; offset < log.endOffset; offset++) expect(batchAt(log, offset)?.baseOffset).toBe(offset)
  for (const [i, [epoch, start]] of log.epochs.entries()) {
    expect(start).toBeGreaterThanOrEqual(log.startOffset)
    if (i > 0) expect([epoch > log.epochs[i - 1]![0], start > log.epochs[i - 1]![1]]).toEqual([true, true])
  }
}

test('whole segments go from the head, for a reason, and never what is not committed; the rest adds up', () => {
  fc.assert(fc.property(config, fc.array(move, { minLength: 20, maxLength: 80, size: 'max' }), (configs, moves) => {
    const run: Run = { log: newLog(logConfig(configs, {})), highWatermark: 0, epoch: 0 }
    const snapshots: { readonly copy: Log; readonly text: string }[] = []
    for (const [i, each] of moves.entries()) {
      make(run, each)
      check(run)
      if (i % 20 === 0) snapshots.push({ copy: clone(run.log), text: asText(run.log) })
    }
    for (const { copy, text } of snapshots) expect(asText(copy)).toBe(text)
  }), { seed: 3, numRuns: 150 })
})

test('two runs of one history share nothing, and a follower that copies the log has the same batches', () => {
  fc.assert(fc.property(config, fc.array(move, { minLength: 20, maxLength: 60, size: 'max' }), (configs, moves) => {
    const runs = [0, 1].map((): Run => ({ log: newLog(logConfig(configs, {})), highWatermark: 0, epoch: 0 }))
    for (const each of moves) for (const run of runs) make(run, each)
    const [one, other] = runs as [Run, Run]
    expect(asText(one.log)).toBe(asText(other.log))
    // A follower that copies what there is now has the same batches.
    const follower = newLog(one.log.config, one.log.startOffset)
    for (const batch of between(one.log.batches, 0)) if (batch.baseOffset >= follower.endOffset) append(follower, batch)
    expect([...between(follower.batches, 0)]).toEqual([...between(one.log.batches, 0)].filter(({ lastOffset }) => lastOffset >= one.log.startOffset))
  }), { seed: 4, numRuns: 60 })
})
