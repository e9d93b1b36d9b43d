/**
 * Deleting old segments, whole ones, from the head of the log only. Follows storage/.../log/UnifiedLog.java
 * #deleteOldSegments, #deletableSegments, #deleteSegments. RET-1 to RET-7.
 *
 * Simplified: files vanish at once; Kafka keeps them as `.deleted` for `file.delete.delay.ms`.
 */
import type { Offset } from '../../base/units.ts'
import { dropSegmentsBefore, raiseStart, roll, segmentsOf, sizeOf, type Log } from './log.ts'
import type { Segment } from './segment.ts'

/** Why a segment went, with the figure that decided and what the log was allowed. */
export type Breach =
  /** It lies wholly below the log start offset. */
  | { readonly why: 'logStart'; readonly figure: Offset; readonly limit: Offset }
  /** Without it the log is still this large: no smaller than `retention.bytes`. */
  | { readonly why: 'size'; readonly figure: number; readonly limit: number }
  /** Its newest record is so old. */
  | { readonly why: 'time'; readonly figure: number; readonly limit: number }
export interface DeletedSegment { readonly segment: Segment; readonly last: Offset; readonly breach: Breach }

/** One look, in this order: what lies below the start, then size, then time. Without `delete` in the policy only the first. */
export function deleteOldSegments(log: Log, highWatermark: Offset, nowMs: number): readonly DeletedSegment[] {
  const { config } = log
  const deleted = deletePrefix(log, highWatermark, nowMs, belowStart(log))
  if (!config.delete) return deleted
  return [...deleted, ...deletePrefix(log, highWatermark, nowMs, tooLarge(log)), ...deletePrefix(log, highWatermark, nowMs, tooOld(log, nowMs))]
}

/** Nothing to do, said without looking at each segment: the usual answer. */
export function hasOldSegments(log: Log, nowMs: number): boolean {
  const { config, startOffset, closed, active } = log
  const second = closed[1] ?? (closed.length > 0 ? active : undefined)
  if (second !== undefined && second.baseOffset <= startOffset) return true
  if (!config.delete) return false
  const first = closed[0] ?? active
  if (first.sizeInBytes === 0 && closed.length === 0) return false
  if (config.retentionMs >= 0 && nowMs - first.largestTimestamp > config.retentionMs) return true
  return config.retentionBytes >= 0 && sizeOf(log) - first.sizeInBytes >= config.retentionBytes
}

/** Asked of the oldest segment, then of the next: what speaks against keeping it. */
type Test = (segment: Segment, next: Segment | undefined) => Breach | undefined

const belowStart = ({ startOffset }: Log): Test => (_segment, next) =>
  (next !== undefined && next.baseOffset <= startOffset ? { why: 'logStart', figure: next.baseOffset, limit: startOffset } : undefined)

/** A floor: what is left is never less than `retention.bytes`, and mostly up to one segment more. */
function tooLarge(log: Log): Test {
  const { retentionBytes } = log.config
  let left = sizeOf(log)
  return ({ sizeInBytes }) => {
    if (retentionBytes < 0 || left - sizeInBytes < retentionBytes) return undefined
    left -= sizeInBytes
    return { why: 'size', figure: left, limit: retentionBytes }
  }
}

/** The newest record decides: one that is dated late keeps its whole segment, and all that come after it. */
const tooOld = ({ config: { retentionMs } }: Log, nowMs: number): Test => (segment) =>
  (retentionMs >= 0 && nowMs - segment.largestTimestamp > retentionMs ? { why: 'time', figure: nowMs - segment.largestTimestamp, limit: retentionMs } : undefined)

/** Only what is wholly committed may go. The active segment may too: an empty one is rolled in its place first. */
function deletePrefix(log: Log, highWatermark: Offset, nowMs: number, test: Test): readonly DeletedSegment[] {
  const segments = segmentsOf(log)
  const deleted: DeletedSegment[] = []
  for (const [i, segment] of segments.entries()) {
    const next = segments[i + 1]
    const end = next?.baseOffset ?? log.endOffset
    if (end > highWatermark || (next === undefined && segment.sizeInBytes === 0)) break
    const breach = test(segment, next)
    if (breach === undefined) break
    deleted.push({ segment, last: end - 1, breach })
  }
  if (deleted.length === 0) return deleted
  if (deleted.length === segments.length) roll(log, log.endOffset, nowMs)
  const start = segments[deleted.length]?.baseOffset ?? log.endOffset
  raiseStart(log, start)
  dropSegmentsBefore(log, start)
  return deleted
}
