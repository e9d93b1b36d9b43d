/** INV-S1 of a share partition, whatever its members do: one holder a record, counts within the limit, a start offset that never goes back, and finality below it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { acknowledge, complete, expireLocks, releaseAll, type Changes } from './acknowledge.ts'
import { acquire } from './acquire.ts'
import { advanceStart, canAcquire, countInFlight, inFlightOf, newSharePartition, nextFetchOffset, recordAt, restore, stateBatches, type SharePartition, type StateBatch } from './in-flight.ts'

const LIMIT = 3, LOCKS = 12, LOCK = 30
const members = ['A', 'B', 'C'] as const
/** Batches of the log: so many records each. */
const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 })
type Deed =
  | { readonly do: 'fetch'; readonly member: string; readonly most: number; readonly recordLimit: boolean }
  | { readonly do: 'acknowledge'; readonly member: string; readonly from: number; readonly count: number; readonly type: 'accept' | 'release' | 'reject' | 'renew' | 'gap' }
  | { readonly do: 'leave'; readonly member: string } | { readonly do: 'wait'; readonly for: number } | { readonly do: 'write'; readonly well: boolean } | { readonly do: 'fail over' }
const who = fc.constantFrom(...members)
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('fetch' as const), member: who, most: fc.integer({ min: 1, max: 5 }), recordLimit: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('acknowledge' as const), member: who, from: fc.nat(20), count: fc.integer({ min: 1, max: 4 }), type: fc.constantFrom('accept' as const, 'accept' as const, 'release' as const, 'reject' as const, 'renew' as const, 'gap' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), member: who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), for: fc.integer({ min: 1, max: 20 }) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('write' as const), well: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: 'fail over' as const }) },
)

class Run {
  share: SharePartition = newSharePartition('g', 't/0', 0)
  now = 0
  readonly log: readonly { readonly first: number; readonly last: number }[]
  /** What is being written down, oldest first; what has been. */
  writes: { readonly changes: Changes; readonly start: number }[] = []
  written: { start: number; records: Map<number, Omit<StateBatch, 'first' | 'last'>> } = { start: 0, records: new Map() }
  /** Offsets that were finished at some moment. */
  readonly final = new Set<number>()

  constructor(batches: readonly number[]) {
    let next = 0
    this.log = batches.map((size) => ({ first: next, last: (next += size) - 1 }))
    restore(this.share, 0, 0, [])
  }
  do(deed: Deed): void {
    const { share } = this
    switch (deed.do) {
      case 'fetch': return this.fetch(deed)
      case 'acknowledge': {
        const before = [...inFlightOf(share)]
        const { error, changes } = acknowledge(share, deed.member, [{ first: deed.from, last: deed.from + deed.count - 1, types: [deed.type] }], LIMIT, this.now + LOCK)
        if (error !== 'NONE') expect([...inFlightOf(share)]).toEqual(before)
        if (changes.length > 0) this.writes.push({ changes, start: share.startOffset })
        return
      }
      case 'leave': {
        const changes = releaseAll(share, deed.member)
        expect([...inFlightOf(share)].some(([, { member, state }]) => member === deed.member && state === 'ACQUIRED')).toBe(false)
        if (changes.length > 0) this.writes.push({ changes, start: share.startOffset })
        return
      }
      case 'wait': {
        this.now += deed.for
        const { changes } = expireLocks(share, this.now, LIMIT)
        for (const [, { member, state }] of changes) expect([member, state === 'ACQUIRED']).toEqual(['', false])
        advanceStart(share)
        return
      }
      case 'write': return this.write(deed.well)
      case 'fail over': {
        this.share = newSharePartition('g', 't/0', share.leaderEpoch + 1)
        this.writes = []
        this.final.clear()
        restore(this.share, this.written.start, 0, stateBatches([...this.written.records].sort(([a], [b]) => a - b)))
      }
    }
  }
  fetch({ member, most, recordLimit }: Extract<Deed, { do: 'fetch' }>): void {
    const { share } = this
    if (!canAcquire(share, LOCKS)) return expect(countInFlight(share)).toBeGreaterThanOrEqual(LOCKS)
    const from = nextFetchOffset(share)
    const before = new Map(inFlightOf(share))
    const got = acquire(share, this.log.filter(({ last }) => last >= from).slice(0, 3), from, { member, lockedUntil: this.now + LOCK, limit: LIMIT, mostLocks: LOCKS, maxRecords: most, batchSize: most, recordLimit })
    const offsets = got.flatMap(({ first, last, count }) => Array.from({ length: last - first + 1 }, (_, i) => [first + i, count] as const))
    // What is free is handed out: nobody is sent away in front of a free record.
    if (from <= (this.log.at(-1)?.last ?? -1)) expect(offsets.length).toBeGreaterThan(0)
    if (recordLimit) expect(offsets.length).toBeLessThanOrEqual(most)
    for (const [offset, count] of offsets) {
      const was = before.get(offset)
      expect(was === undefined || was.state === 'AVAILABLE').toBe(true)
      expect(recordAt(share, offset)).toMatchObject({ state: 'ACQUIRED', member, count: (was?.count ?? 0) + 1 })
      expect(count).toBe((was?.count ?? 0) + 1)
    }
  }
  write(well: boolean): void {
    const next = this.writes.shift()
    if (next === undefined) return
    if (well) {
      this.written.start = Math.max(this.written.start, next.start)
      for (const [offset, { state, count }] of next.changes) this.written.records.set(offset, { state, count })
    }
    complete(this.share, next.changes.map(([offset]) => offset), well, this.now)
    advanceStart(this.share)
  }
  check(startBefore: number): void {
    const { share } = this
    expect(share.startOffset).toBeGreaterThanOrEqual(startBefore)
    for (const [offset, { state, count, member }] of inFlightOf(share)) {
      expect(count).toBeLessThanOrEqual(LIMIT)
      expect(count).toBeGreaterThanOrEqual(0)
      expect(member !== '').toBe(state === 'ACQUIRED')
      if (this.final.has(offset)) expect(state === 'ACKNOWLEDGED' || state === 'ARCHIVED').toBe(true)
    }
    for (const [offset, { state, before }] of inFlightOf(share)) if (before === undefined && (state === 'ACKNOWLEDGED' || state === 'ARCHIVED')) this.final.add(offset)
    const first = [...inFlightOf(share)][0]
    if (first !== undefined) expect([first[0], first[1].before !== undefined || first[1].state === 'AVAILABLE' || first[1].state === 'ACQUIRED']).toEqual([share.startOffset, true])
  }
}

test('INV-S1: one holder, counts within the limit, nothing finished comes back, and the start offset only goes on', () => {
  fc.assert(fc.property(sizes, fc.array(deed, { maxLength: 60 }), (batches, deeds) => {
    const run = new Run(batches)
    for (const each of deeds) {
      const before = each.do === 'fail over' ? run.written.start : run.share.startOffset
      run.do(each)
      run.check(before)
    }
  }), { numRuns: 400, seed: 33 })
})
