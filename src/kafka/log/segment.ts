/**
 * One piece of a log: a file of batches with its indexes. The batches themselves lie in the log's one list; a segment says
 * where a file begins, how large it is, and what decides when the next one does.
 * Follows storage/.../log/LogSegment.java#shouldRoll, #append. SEG-1, SEG-6.
 */
import type { Offset } from '../../base/units.ts'
import type { LogConfig } from './log-config.ts'
import type { RecordBatch } from './record.ts'

export interface Segment {
  readonly baseOffset: Offset
  sizeInBytes: number
  /** The largest timestamp of its first batch: the age of a segment counts from there. */
  firstTimestamp: number
  /** The largest of all. */
  largestTimestamp: number
  /** Wall clock: counts for an empty segment only, as every record of this model has a time. */
  readonly createdMs: number
  /** Entries of `.index` and `.timeindex`, and bytes since the last one. */
  indexEntries: number
  timeIndexEntries: number
  lastIndexedTimestamp: number
  bytesSinceIndexEntry: number
}

export const newSegment = (baseOffset: Offset, nowMs: number): Segment => ({
  baseOffset, sizeInBytes: 0, firstTimestamp: nowMs, largestTimestamp: nowMs, createdMs: nowMs,
  indexEntries: 0, timeIndexEntries: 0, lastIndexedTimestamp: nowMs - 1, bytesSinceIndexEntry: 0,
})

/** Bytes of an entry of `.index`, and of `.timeindex`. */
export const INDEX_ENTRY_BYTES = 8,
  TIME_INDEX_ENTRY_BYTES = 12
/** Offsets in a segment's indexes are four bytes, relative to its base. */
const MAX_RELATIVE_OFFSET = 2_147_483_647

/** Asked before each append, of the active segment: an exact fit does not roll, and an idle one never does. */
export function shouldRoll(segment: Segment, { lastOffset, maxTimestamp, sizeInBytes }: RecordBatch, config: LogConfig): boolean {
  if (segment.sizeInBytes > config.segmentBytes - sizeInBytes) return true
  if (segment.sizeInBytes > 0 && maxTimestamp - segment.firstTimestamp > maxSegmentMs(config)) return true
  return indexesFull(segment, config) || lastOffset - segment.baseOffset > MAX_RELATIVE_OFFSET
}

/** Which limit it had met, for the story. */
export function whyRolled(segment: Segment, { maxTimestamp, sizeInBytes }: RecordBatch, config: LogConfig): { readonly why: 'size' | 'time' | 'lag' | 'index'; readonly limit: number } {
  const { segmentBytes, segmentMs, segmentIndexBytes } = config
  if (segment.sizeInBytes > segmentBytes - sizeInBytes) return { why: 'size', limit: segmentBytes }
  const most = maxSegmentMs(config)
  if (maxTimestamp - segment.firstTimestamp > most) return { why: most < segmentMs ? 'lag' : 'time', limit: most }
  return { why: 'index', limit: segmentIndexBytes }
}

/** With compaction a segment must close in time to be compacted in time. */
const maxSegmentMs = ({ compact, segmentMs, maxCompactionLagMs }: LogConfig): number =>
  (compact && maxCompactionLagMs > 0 ? Math.min(maxCompactionLagMs, segmentMs) : segmentMs)

/** One entry of the time index is kept for the segment's end. */
const indexesFull = ({ indexEntries, timeIndexEntries }: Segment, { segmentIndexBytes }: LogConfig): boolean =>
  indexEntries >= Math.floor(segmentIndexBytes / INDEX_ENTRY_BYTES) || timeIndexEntries >= Math.floor(segmentIndexBytes / TIME_INDEX_ENTRY_BYTES) - 1

/** This batch lies in it now. */
export function noteAppended(segment: Segment, { maxTimestamp, sizeInBytes }: RecordBatch, { indexIntervalBytes }: LogConfig): void {
  if (segment.sizeInBytes === 0) {
    segment.firstTimestamp = maxTimestamp
    segment.largestTimestamp = maxTimestamp
    segment.lastIndexedTimestamp = maxTimestamp - 1
  } else if (maxTimestamp > segment.largestTimestamp) segment.largestTimestamp = maxTimestamp
  if (segment.bytesSinceIndexEntry > indexIntervalBytes) {
    segment.indexEntries++
    if (segment.largestTimestamp > segment.lastIndexedTimestamp) {
      segment.timeIndexEntries++
      segment.lastIndexedTimestamp = segment.largestTimestamp
    }
    segment.bytesSinceIndexEntry = 0
  }
  segment.sizeInBytes += sizeInBytes
  segment.bytesSinceIndexEntry += sizeInBytes
}
