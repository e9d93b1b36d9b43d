import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BatchMark, SegmentView } from '../projection/disk-view.ts'
import { batchBox, bytesBackX, layoutFiles, offsetX, pagesOf, shownLines } from './files-layout.ts'

/** Segments of batches of so many bytes each, one record a batch. */
function segmentsOf(sizes: readonly (readonly number[])[]): SegmentView[] {
  let offset = 0
  return sizes.map((batches, i) => {
    const base = offset
    let position = 0
    const marks = batches.map((sizeInBytes): BatchMark => {
      const mark = { base: offset, last: offset++, position, sizeInBytes, records: 1, control: false }
      position += sizeInBytes
      return mark
    })
    return { base, end: offset, sizeInBytes: position, active: i === sizes.length - 1, largestTimeMs: 0, batches: marks, count: marks.length, index: [], times: [], indexCount: 0, timesCount: 0, snapshot: i > 0 }
  })
}
const some = fc.array(fc.array(fc.integer({ min: 61, max: 100_000 }), { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 6 }).map(segmentsOf)

describe('the files of a log', () => {
  test('stand in a row within the width; boxes that are not widened have one scale; offsets go from left to right', () => {
    fc.assert(fc.property(some, fc.constantFrom(350, 790, 1200), (segments, width) => {
      const frame = layoutFiles({ segments, folded: undefined }, width, width < 560 ? 0 : 104)
      let right = frame.x0
      for (const { x, w } of frame.segments) {
        expect(x).toBeGreaterThanOrEqual(right - 0.01)
        right = x + w
      }
      expect(frame.end + 26).toBeLessThanOrEqual(width + 0.01)
      const scales = frame.segments.filter(({ widened }) => !widened).map(({ w, segment }) => w / segment.sizeInBytes)
      for (const scale of scales) expect(scale).toBeCloseTo(scales[0]!, 8)
      const offsets = Array.from({ length: segments.at(-1)!.end + 1 }, (_, offset) => offsetX(frame, offset))
      for (const [i, x] of offsets.entries()) if (i > 0) expect(x).toBeGreaterThanOrEqual(offsets[i - 1]!)
      const total = segments.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0)
      expect(bytesBackX(frame, total)).toBeCloseTo(frame.segments[0]!.x, 6)
      const last = frame.segments.at(-1)!
      expect(batchBox(last, last.segment.batches!.at(-1)!).x).toBeCloseTo(bytesBackX(frame, last.segment.batches!.at(-1)!.sizeInBytes), 6)
    }), { numRuns: 120 })
  })

  test('pages: what is written in part is not on the device', () => {
    const [segment] = segmentsOf([Array.from({ length: 8 }, () => 131_072)])
    expect(pagesOf(segment!, 5)).toEqual({ pages: 256, each: 4, boxes: 64, written: 40 })
    expect(pagesOf(segment!, 8)).toMatchObject({ written: 64 })
    expect(pagesOf(segment!, 0)).toMatchObject({ written: 0 })
    expect(pagesOf(segmentsOf([[100, 100]])[0]!, 1)).toEqual({ pages: 1, each: 1, boxes: 1, written: 0 })
  })

  test('a checkpoint of many lines shows its head and the lines of one partition', () => {
    const text = `0\n100\n${Array.from({ length: 100 }, (_, i) => `t ${i} ${i * 2}`).join('\n')}\n`
    expect(shownLines(text, 't', 42)).toEqual({ lines: ['0', '100', 't 42 84'], others: 99 })
    expect(shownLines('0\n1\nt 0 32\n', 't', 0)).toEqual({ lines: ['0', '1', 't 0 32'], others: 0 })
  })
})
