/**
 * What a window shows of the files behind a log: where segments begin, how far each is on the disk, and places that
 * nothing stands in any more. Pure.
 */
import type { Offset } from '../base/units.ts'
import type { ReplicaView } from '../projection/cluster-view.ts'
import type { StripFrame } from './layout-types.ts'
import { cellX } from './window.ts'

type Log = Pick<ReplicaView, 'logStartOffset' | 'logEndOffset' | 'tail' | 'segmentBases' | 'writtenTo'>

/** A stretch of offsets, the end exclusive. */
export interface Range {
  readonly from: Offset
  readonly to: Offset
}

/** Offsets of the log that hold no record, though others before and behind them do: compaction has taken them. */
export function gapsOf({ logStartOffset, logEndOffset, tail }: Log, first: Offset, n: number): Range[] {
  const gaps: Range[] = []
  const end = Math.min(logEndOffset, first + n)
  let next = Math.max(first, logStartOffset)
  for (const { offset } of tail) {
    if (offset < next) continue
    if (offset >= end) break
    if (offset > next) gaps.push({ from: next, to: offset })
    next = offset + 1
  }
  if (next < end) gaps.push({ from: next, to: end })
  return gaps
}

/** A gap in the window is told whole: from the record before it, even where that lies before the window. */
export function wholeGap({ logStartOffset, tail }: Log, gap: Range): Range {
  const before = tail.findLast(({ offset }) => offset < gap.from)
  const from = before === undefined ? Math.min(gap.from, Math.max(logStartOffset, 0)) : before.offset + 1
  return { from, to: gap.to }
}

/** One segment in the window. */
export interface SegmentStretch extends Range {
  /** Its file begins here, and not before the window. */
  readonly begins: boolean
  /** The end of what of it is on the disk: between `from` and `to`. */
  readonly written: Offset
}

/** Segments that reach into the window, oldest first. */
export function segmentsIn({ logStartOffset, logEndOffset, segmentBases, writtenTo }: Log, first: Offset, n: number): SegmentStretch[] {
  const bases = segmentBases ?? [logStartOffset]
  const written = writtenTo ?? logEndOffset
  const stretches: SegmentStretch[] = []
  for (let i = 0; i < bases.length; i++) {
    const base = bases[i]!
    const from = Math.max(base, first, logStartOffset)
    const to = Math.min(bases[i + 1] ?? logEndOffset, logEndOffset, first + n)
    if (to <= from) continue
    stretches.push({ from, to, begins: base >= first && i > 0, written: Math.max(from, Math.min(to, written)) })
  }
  return stretches
}

/** Between two segments the rail is interrupted by so much on either side. */
const apart = 2

/** Path data of the rail under a log: whole where it is on the disk, and the rest. */
export function railOf(segments: readonly SegmentStretch[], frame: StripFrame, first: Offset): { readonly disk: string; readonly cache: string } {
  const y = frame.y + frame.h + 3
  let disk = '', cache = ''
  for (const { from, to, written } of segments) {
    const left = cellX(frame, first, from) + apart, right = cellX(frame, first, to) - apart
    const middle = Math.max(left, Math.min(right, cellX(frame, first, written)))
    if (written > from) disk += `M${left} ${y}H${middle}`
    if (written < to) cache += `M${middle} ${y}H${right}`
  }
  return { disk, cache }
}
