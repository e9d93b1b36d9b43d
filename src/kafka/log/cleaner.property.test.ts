/** Compaction on any history, with transactions: what stays is where it was, and nothing that counts is gone. INV-L9, CMP-3 to CMP-7. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { between } from '../../base/chunks.ts'
import { clone } from '../../base/clone.ts'
import { asText } from '../../engine/testing.ts'
import { logToClean } from './cleanable.ts'
import { clean } from './cleaner.ts'
import { bytesOfBatch } from './encode.ts'
import { isWhole } from './header.ts'
import { logConfig } from './log-config.ts'
import { append, newLog, read, roll, segmentsOf, sizeOf, type Log } from './log.ts'
import { newMarker } from './marker.ts'
import { isControl, newBatch, NO_PRODUCER, offsetOf, stamped, TRANSACTIONAL, type KafkaRecord, type RecordBatch } from './record.ts'
import { abortedBetween, committedOnly, lastStableOffset } from './transactions.ts'

type Move =
  | { readonly write: readonly { readonly key: string; readonly value: string | undefined }[]; readonly producer: number }
  | { readonly end: 'COMMIT' | 'ABORT'; readonly producer: number }
  | { readonly roll: true }
  | { readonly clean: number }

const record = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), value: fc.option(fc.constantFrom('1', '2', 'three'), { nil: undefined, freq: 3 }) })
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ write: fc.array(record, { minLength: 1, maxLength: 4 }), producer: fc.constantFrom(-1, -1, 1, 2) }) },
  { weight: 2, arbitrary: fc.record({ end: fc.constantFrom('COMMIT' as const, 'ABORT' as const), producer: fc.constantFrom(1, 2) }) },
  { weight: 2, arbitrary: fc.constant({ roll: true as const }) },
  { weight: 2, arbitrary: fc.record({ clean: fc.nat(5000) }) },
)

interface Placed { readonly offset: number; readonly record: KafkaRecord }
interface Run { readonly log: Log; now: number; readonly open: Set<number>; readonly sequences: Map<number, number> }

const placed = (batches: readonly RecordBatch[]): Placed[] => batches.filter((batch) => !isControl(batch)).flatMap((batch) => batch.records.map((each, i) => ({ offset: offsetOf(batch, i), record: each })))
const all = (log: Log): readonly RecordBatch[] => [...between(log.batches, 0)]
/** What a read_committed reader gets below this offset. */
const visible = (log: Log, limit: number): Placed[] => placed(committedOnly(read(log, 0, limit, Infinity), abortedBetween(log.transactions, 0, limit)))
/** The newest record of each key. */
const newest = (records: readonly Placed[]): Map<string, Placed> => new Map(records.map((each) => [each.record.key!, each]))

function make(run: Run, each: Move, id: number): void {
  const { log, open, sequences } = run
  if ('write' in each) {
    const { producer } = each
    const baseSequence = sequences.get(producer) ?? 0
    const records = each.write.map(({ key, value }, i) => ({ id: `t#${id}.${i}`, key, value, valueBytes: undefined, timestamp: run.now }))
    const batch = producer < 0 ? newBatch(records, 't', NO_PRODUCER) : newBatch(records, 't', { producerId: producer, producerEpoch: 0, baseSequence }, TRANSACTIONAL)
    append(log, stamped(batch, log.endOffset, 0), run.now)
    if (producer >= 0) {
      open.add(producer)
      sequences.set(producer, baseSequence + records.length)
    }
  } else if ('end' in each) {
    if (!open.delete(each.producer)) return
    append(log, stamped(newMarker({ type: each.end, coordinatorEpoch: 0 }, { producerId: each.producer, producerEpoch: 0 }, run.now, 't'), log.endOffset, 0), run.now)
  } else if ('roll' in each) {
    if (log.active.sizeInBytes > 0) roll(log, log.endOffset, run.now)
  } else {
    run.now += each.clean
    cleanAndCheck(run)
  }
}

function cleanAndCheck({ log, now }: Run): void {
  const toClean = logToClean(log, log.endOffset, now)
  if (toClean.cleanableBytes === 0) return
  const { firstUncleanableOffset: limit } = toClean
  expect(limit).toBeLessThanOrEqual(lastStableOffset(log.transactions, log.endOffset))
  const before = clone(log)
  const bases = new Map(placed(all(before)).map(({ offset, record: { id } }) => [offset, id]))
  const dataBefore = visible(before, limit)
  const { newDirtyOffset } = clean(log, toClean, now)
  expect(newDirtyOffset).toBe(limit)
  expect([log.startOffset, log.endOffset]).toEqual([before.startOffset, before.endOffset])

  // Every record that is left stands where it stood, in order; beyond the limit nothing has changed.
  const after = placed(all(log))
  for (const { offset, record: { id } } of after) expect(bases.get(offset)).toBe(id)
  expect(after.map(({ offset }) => offset)).toEqual(after.map(({ offset }) => offset).toSorted((a, b) => a - b))
  expect(asText(all(log).filter(({ baseOffset }) => baseOffset >= limit))).toBe(asText(all(before).filter(({ baseOffset }) => baseOffset >= limit)))

  // The newest committed value of each key is there, and what a reader gets is one record a key.
  const kept = visible(log, limit)
  const [was, is] = [newest(dataBefore), newest(kept)]
  for (const [key, { offset, record: { value } }] of was) if (value !== undefined) expect(is.get(key)?.offset).toBe(offset)
  for (const [key, { record: { value } }] of is) if (was.get(key) === undefined || was.get(key)!.record.value === undefined) expect(value).toBeUndefined()
  expect(kept.length).toBe(is.size)

  // Batches are whole, as large as they say, and the segments add up.
  for (const batch of all(log)) {
    const bytes = bytesOfBatch(batch)
    expect([isWhole(bytes), bytes.length]).toEqual([true, batch.sizeInBytes])
  }
  expect(sizeOf(log)).toBe(all(log).reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0))
  expect(segmentsOf(log).every(({ baseOffset }, i, list) => i === 0 || baseOffset > list[i - 1]!.baseOffset)).toBe(true)
}

test('of every key the newest value stays, offsets and order too, and nobody sees an aborted record come back', () => {
  fc.assert(fc.property(fc.array(move, { minLength: 20, maxLength: 80, size: 'max' }), fc.constantFrom(0, 1000), (moves, deleteRetentionMs) => {
    const config = logConfig({ 'cleanup.policy': 'compact', 'internal.segment.bytes': 700, 'delete.retention.ms': deleteRetentionMs }, {})
    const run: Run = { log: newLog(config), now: 0, open: new Set(), sequences: new Map() }
    moves.forEach((each, i) => make(run, each, i))
    make(run, { roll: true }, -1)
    cleanAndCheck(run)
    // Producers are still known by their last sequence.
    for (const [producer, next] of run.sequences) {
      const last = all(run.log).findLast((batch) => batch.producerId === producer && !isControl(batch))
      expect(last!.baseSequence + last!.lastOffset - last!.baseOffset + 1).toBe(next)
    }
  }), { seed: 8, numRuns: 200 })
})
