/**
 * What of a compacted log may be compacted, and how dirty it is.
 * Follows storage/.../log/{LogCleanerManager,LogToClean}.java and LogSegments.java#values. CMP-1, CMP-2.
 */
import type { Offset } from '../../base/units.ts'
import { segmentsOf, type Log } from './log.ts'
import type { Segment } from './segment.ts'
import { lastStableOffset } from './transactions.ts'

export interface LogToClean {
  /** From here on nothing has been compacted yet. */
  readonly firstDirtyOffset: Offset
  /** The active segment, undecided transactions, what is not committed, and what is too young begin here; where a segment does. */
  readonly firstUncleanableOffset: Offset
  readonly cleanBytes: number; readonly cleanableBytes: number
  /** Of what would be read, how much has come since the last time. */
  readonly cleanableRatio: number
  /** `max.compaction.lag.ms` has passed for something dirty. */
  readonly isOverdue: boolean
}

/** Segments that hold anything from `from` up to, not including, `to`. */
function segmentsBetween(segments: readonly Segment[], from: Offset, to: Offset): readonly Segment[] {
  return segments.filter(({ baseOffset }, i) => baseOffset < to && (baseOffset >= from || (segments[i + 1]?.baseOffset ?? Infinity) > from))
}
const bytesOf = (segments: readonly Segment[]): number => segments.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0)

export function logToClean(log: Log, highWatermark: Offset, nowMs: number): LogToClean {
  const firstDirtyOffset = firstDirty(log)
  const uncleanable = Math.max(firstDirtyOffset, firstUncleanable(log, firstDirtyOffset, highWatermark, nowMs))
  const segments = segmentsOf(log)
  const firstUncleanableOffset = segmentsBetween(segments, uncleanable, log.active.baseOffset)[0]?.baseOffset ?? log.active.baseOffset
  const cleanBytes = bytesOf(segments.filter(({ baseOffset }) => baseOffset < firstDirtyOffset))
  const cleanableBytes = bytesOf(segmentsBetween(segments, Math.min(firstDirtyOffset, firstUncleanableOffset), firstUncleanableOffset))
  const total = cleanBytes + cleanableBytes
  return {
    firstDirtyOffset, firstUncleanableOffset, cleanBytes, cleanableBytes, cleanableRatio: total === 0 ? 0 : cleanableBytes / total,
    isOverdue: isOverdue(log, firstDirtyOffset, nowMs),
  }
}

/** A checkpoint that the log does not reach any more, or that lies below its start, counts for nothing. */
export function firstDirty({ cleanedTo, startOffset, endOffset }: Log): Offset {
  return cleanedTo === undefined || cleanedTo < startOffset || cleanedTo > endOffset ? startOffset : cleanedTo
}

function firstUncleanable(log: Log, from: Offset, highWatermark: Offset, nowMs: number): Offset {
  const { transactions, active, config: { minCompactionLagMs } } = log
  const young = minCompactionLagMs <= 0 ? undefined
    : segmentsBetween(segmentsOf(log), from, active.baseOffset).find(({ largestTimestamp }) => largestTimestamp > nowMs - minCompactionLagMs)
  return Math.min(lastStableOffset(transactions, highWatermark), active.baseOffset, young?.baseOffset ?? Infinity)
}

function isOverdue(log: Log, from: Offset, nowMs: number): boolean {
  const { maxCompactionLagMs } = log.config
  if (maxCompactionLagMs === Infinity) return false
  return segmentsBetween(segmentsOf(log), from, log.active.baseOffset).some(({ firstTimestamp }) => firstTimestamp < nowMs - maxCompactionLagMs)
}

/** Strictly dirtier than `min.cleanable.dirty.ratio`, or in need of it for its age. */
export const needsCleaning = ({ config: { minCleanableDirtyRatio } }: Log, { cleanableBytes, cleanableRatio, isOverdue: overdue }: LogToClean): boolean =>
  (overdue && cleanableBytes > 0) || cleanableRatio > minCleanableDirtyRatio
