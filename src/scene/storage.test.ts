import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cells, replica } from './fixtures/build.ts'
import type { StripFrame } from './layout-types.ts'
import { gapsOf, railOf, segmentsIn, wholeGap } from './storage.ts'

const frame: StripFrame = { partition: 't/0', x0: 100, y: 10, h: 40, cw: 20, n: 10, record: 8, digit: 12 }
const kept = (offsets: readonly number[], rest = {}) => replica('t/0', 'b1', offsets.flatMap((offset) => cells(offset + 1, offset + 1, offset)), rest)

describe('gaps', () => {
  test('a log that nobody compacted has none', () => expect(gapsOf(kept([0, 1, 2]), 0, 10)).toEqual([]))
  test('stand where records have gone, also at the start and up to the end', () => {
    expect(gapsOf(kept([2, 3, 4, 11], { logEndOffset: 14 }), 0, 20)).toEqual([{ from: 0, to: 2 }, { from: 5, to: 11 }, { from: 12, to: 14 }])
  })
  test('what retention has deleted is no gap', () => expect(gapsOf(kept([5, 6], { logStartOffset: 5 }), 0, 10)).toEqual([]))
  test('are told whole though the window shows a part', () => {
    const log = kept([1, 9])
    expect(gapsOf(log, 5, 5)).toEqual([{ from: 5, to: 9 }])
    expect(wholeGap(log, { from: 5, to: 9 })).toEqual({ from: 2, to: 9 })
  })
})

describe('segments', () => {
  const log = kept([0, 1, 2, 3, 4, 5, 6, 7], { segmentBases: [0, 3, 6], writtenTo: 4 })
  test('each is a stretch; the first begins before all, the others within the window', () => {
    expect(segmentsIn(log, 0, 10)).toEqual([
      { from: 0, to: 3, begins: false, written: 3 },
      { from: 3, to: 6, begins: true, written: 4 },
      { from: 6, to: 8, begins: true, written: 6 },
    ])
  })
  test('one that is on its way through the window keeps only its rest', () => {
    expect(segmentsIn(log, 4, 3)).toEqual([{ from: 4, to: 6, begins: false, written: 4 }, { from: 6, to: 7, begins: true, written: 6 }])
  })
  test('the rail is whole on the disk, and the rest of it is what a power cut would take', () => {
    expect(railOf(segmentsIn(log, 0, 10), frame, 0)).toEqual({ disk: 'M102 53H158M162 53H180', cache: 'M180 53H218M222 53H258' })
  })
  test('together they cover what the window shows of the log, once', () => {
    const logs = fc.record({ start: fc.nat(20), length: fc.nat(40), cuts: fc.array(fc.nat(40), { maxLength: 5 }), written: fc.nat(70), first: fc.nat(60), n: fc.integer({ min: 1, max: 30 }) })
    fc.assert(fc.property(logs, ({ start, length, cuts, written, first, n }) => {
      const end = start + length
      const bases = [start, ...new Set(cuts.map((each) => start + each).filter((each) => each > start && each < end).sort((a, b) => a - b))]
      const seen = segmentsIn({ logStartOffset: start, logEndOffset: end, tail: [], segmentBases: bases, writtenTo: Math.min(written, end) }, first, n)
      let next = Math.max(start, first)
      for (const { from, to, written: disk } of seen) {
        expect(from).toBe(next)
        expect(disk).toBeGreaterThanOrEqual(from)
        expect(disk).toBeLessThanOrEqual(to)
        next = to
      }
      if (seen.length > 0) expect(next).toBe(Math.min(end, first + n))
    }), { seed: 7 })
  })
})
