/**
 * One replica's log: batches in order of offset, the segments they lie in, the terms they were written in, and what it
 * remembers of producers and their transactions. Follows storage/.../log/{UnifiedLog,LocalLog}.java.
 */
import { append as push, at, dropFirst, firstIndex, newChunks, shorten, type Chunks } from '../../base/chunks.ts'
import { assert } from '../../base/assert.ts'
import { added } from '../../base/list.ts'
import type { Epoch, Offset } from '../../base/units.ts'
import { assign, endOffsetFor, truncateFromEnd, truncateFromStart, type EpochEntry } from './epochs.ts'
import { DEFAULT_LOG_CONFIG, type LogConfig } from './log-config.ts'
import { remember, type ProducerEntry } from './producer-state.ts'
import type { RecordBatch } from './record.ts'
import { newSegment, noteAppended, shouldRoll, type Segment } from './segment.ts'
import { dropAborted, follow, NO_TRANSACTIONS, type Transactions } from './transactions.ts'

export interface Log {
  batches: Chunks<RecordBatch>
  /** The first offset that may be read; need not be where a segment begins. */
  startOffset: Offset
  /** The offset the next record gets. */
  endOffset: Offset
  epochs: readonly EpochEntry[]
  producers: Map<number, ProducerEntry>
  transactions: Transactions
  config: LogConfig
  /** Segments that nothing is appended to any more, oldest first; frozen. */
  closed: readonly Segment[]
  active: Segment
  /** `recovery-point-offset-checkpoint`: everything before it has been forced to the disk. */
  recoveryPoint: Offset
  /** Everything before it is on the disk, forced, or written back by the system. */
  writtenTo: Offset
  /** When it was flushed last. */
  flushedMs: number
  /** `cleaner-offset-checkpoint`: everything before it has been compacted; undefined = nothing yet. */
  cleanedTo: Offset | undefined
}

export const newLog = (config: LogConfig = DEFAULT_LOG_CONFIG, startOffset: Offset = 0, nowMs = 0): Log => ({
  batches: newChunks(), startOffset, endOffset: startOffset, epochs: Object.freeze([]), producers: new Map(), transactions: NO_TRANSACTIONS,
  config, closed: NO_SEGMENTS, active: newSegment(startOffset, nowMs), recoveryPoint: startOffset, writtenTo: startOffset, flushedMs: nowMs, cleanedTo: undefined,
})
const NO_SEGMENTS: readonly Segment[] = Object.freeze([])

/** All segments, oldest first; the last is the active one. */
export const segmentsOf = (log: Log): readonly Segment[] => [...log.closed, log.active]
export const sizeOf = (log: Log): number => log.closed.reduce((size, { sizeInBytes }) => size + sizeInBytes, log.active.sizeInBytes)

/**
 * A batch with its offsets and epoch already stamped, by this leader or by the one it was fetched from, whose log may have
 * gaps. Gives the segment that was closed for it, if one was.
 */
export function append(log: Log, batch: RecordBatch, nowMs: number = batch.maxTimestamp): Segment | undefined {
  assert(batch.baseOffset >= log.endOffset, 'a batch is appended at the end of its log')
  const closed = shouldRoll(log.active, batch, log.config) ? roll(log, batch.baseOffset, nowMs) : undefined
  noteAppended(log.active, batch, log.config)
  push(log.batches, batch)
  log.endOffset = batch.lastOffset + 1
  if (lastEpoch(log) !== batch.partitionLeaderEpoch) log.epochs = Object.freeze(assign(log.epochs, batch.partitionLeaderEpoch, batch.baseOffset))
  if (batch.producerId >= 0) rememberProducer(log, batch)
  return closed
}

function rememberProducer(log: Log, batch: RecordBatch): void {
  if (batch.attributes !== 0) log.transactions = follow(log.transactions, log.producers.get(batch.producerId), batch)
  remember(log.producers, batch)
}

/**
 * Close the active segment; the next one begins at `baseOffset`. What is closed is flushed behind the scenes (SEG-3).
 * Simplified: at once, as if the disk took no time.
 */
export function roll(log: Log, baseOffset: Offset, nowMs: number): Segment {
  const { active } = log
  log.closed = Object.freeze([...log.closed, Object.freeze(active)])
  log.active = newSegment(baseOffset, nowMs)
  flushTo(log, baseOffset, nowMs)
  return active
}

/** fsync: everything before `offset` survives whatever happens to this machine. */
export function flushTo(log: Log, offset: Offset, nowMs: number = log.flushedMs): void {
  log.flushedMs = nowMs
  log.recoveryPoint = Math.max(log.recoveryPoint, Math.min(offset, log.endOffset))
  log.writtenTo = Math.max(log.writtenTo, log.recoveryPoint)
}

/** A term begins here, at the log's end, before it has any record (REP-31). */
export function beginEpoch(log: Log, epoch: Epoch): void {
  log.epochs = Object.freeze(assign(log.epochs, epoch, log.endOffset))
}

/** The newest term this log knows of; -1 = none. */
export const lastEpoch = (log: Log): Epoch => log.epochs[log.epochs.length - 1]?.[0] ?? -1
export const endOffsetForEpoch = (log: Log, epoch: Epoch): { readonly epoch: Epoch; readonly endOffset: Offset } | undefined =>
  endOffsetFor(log.epochs, epoch, log.endOffset)

/** The batches of a segment: from which, and up to not including which. */
export function placesOf(log: Log, { baseOffset }: Segment): readonly [from: number, to: number] {
  const next = log.closed.find((segment) => segment.baseOffset > baseOffset)?.baseOffset ?? (log.active.baseOffset > baseOffset ? log.active.baseOffset : Infinity)
  return [firstIndex(log.batches, (batch) => batch.lastOffset >= baseOffset), firstIndex(log.batches, (batch) => batch.lastOffset >= next)]
}

/** Drop everything from `offset` on. Batches are whole: one that reaches over the cut goes altogether. Gives what was dropped. */
export function truncateTo(log: Log, offset: Offset): readonly RecordBatch[] {
  const kept = firstIndex(log.batches, (batch) => batch.lastOffset >= offset)
  const dropped: RecordBatch[] = []
  for (let i = kept; i < log.batches.length; i++) dropped.push(at(log.batches, i)!)
  shorten(log.batches, kept)
  log.endOffset = Math.min(dropped[0]?.baseOffset ?? log.endOffset, Math.max(offset, log.startOffset))
  log.epochs = Object.freeze(truncateFromEnd(log.epochs, log.endOffset))
  if (dropped.length > 0) truncateSegments(log)
  if (dropped.some((batch) => batch.producerId >= 0)) rebuildProducers(log)
  log.recoveryPoint = Math.min(log.recoveryPoint, log.endOffset)
  log.writtenTo = Math.min(log.writtenTo, log.endOffset)
  if (log.cleanedTo !== undefined) log.cleanedTo = Math.min(log.cleanedTo, log.endOffset)
  return dropped
}

/** Segments that begin beyond the end are gone; the one that holds the end is written again, and is the active one. */
function truncateSegments(log: Log): void {
  const kept = segmentsOf(log).filter(({ baseOffset }) => baseOffset <= log.endOffset)
  const last = kept.pop() ?? newSegment(log.endOffset, log.active.createdMs)
  log.closed = Object.freeze(kept)
  log.active = newSegment(last.baseOffset, last.createdMs)
  for (let i = firstIndex(log.batches, (batch) => batch.lastOffset >= last.baseOffset); i < log.batches.length; i++) noteAppended(log.active, at(log.batches, i)!, log.config)
}

/** RET-7: nothing below may be read any more, and the terms of leaders that ended before it are forgotten. */
export function raiseStart(log: Log, offset: Offset): void {
  if (offset <= log.startOffset) return
  log.startOffset = offset
  log.epochs = Object.freeze(truncateFromStart(log.epochs, offset))
  flushTo(log, offset)
}

/** Whole segments are gone from the head of the log, those below `baseOffset`, where one begins; with them goes what they told of aborted transactions. */
export function dropSegmentsBefore(log: Log, baseOffset: Offset): void {
  log.closed = Object.freeze(log.closed.filter((segment) => segment.baseOffset >= baseOffset))
  dropFirst(log.batches, firstIndex(log.batches, (batch) => batch.lastOffset >= baseOffset))
  log.transactions = dropAborted(log.transactions, ({ lastOffset }) => lastOffset >= baseOffset)
}

/** Everything is gone, and the log begins anew at `offset`: a follower that its leader has left behind. Gives what was dropped. */
export function restartAt(log: Log, offset: Offset, nowMs: number): readonly RecordBatch[] {
  const dropped: RecordBatch[] = []
  for (let i = 0; i < log.batches.length; i++) dropped.push(at(log.batches, i)!)
  Object.assign(log, newLog(log.config, offset, nowMs))
  return dropped
}

/** What was deleted from the head is remembered of producers all the same: Kafka keeps it in snapshots. */
function rebuildProducers(log: Log): void {
  const first = at(log.batches, 0)?.baseOffset ?? log.endOffset
  log.transactions = NO_TRANSACTIONS
  for (const [producerId, { batches, coordinatorEpoch }] of [...log.producers]) {
    const before = batches.filter(({ lastOffset }) => lastOffset < first)
    const newest = before[before.length - 1]
    if (newest === undefined) log.producers.delete(producerId)
    else log.producers.set(producerId, { producerEpoch: newest.producerEpoch, coordinatorEpoch, openSince: undefined, batches: before.filter(({ producerEpoch }) => producerEpoch === newest.producerEpoch) })
  }
  for (let i = 0; i < log.batches.length; i++) {
    const batch = at(log.batches, i)!
    if (batch.producerId >= 0) rememberProducer(log, batch)
  }
}

/** The first batch that reaches `offset`. Nearly always that is one of the newest: these are looked at one by one. */
function firstReaching(batches: Chunks<RecordBatch>, offset: Offset): number {
  for (let i = batches.length, near = 4; near > 0; i--, near--) if (i === 0 || at(batches, i - 1)!.lastOffset < offset) return i
  return firstIndex(batches, (batch) => batch.lastOffset >= offset)
}

/** Whole batches from the one that holds `from`, below `limit`, up to `maxBytes`; the first one, if it is wanted, however large it is. */
export function read(log: Log, from: Offset, limit: Offset, maxBytes: number, atLeastOne = true): readonly RecordBatch[] {
  if (from >= limit) return NOTHING
  let batches: RecordBatch[] = []
  let bytes = 0
  for (let i = firstReaching(log.batches, from); i < log.batches.length; i++) {
    const batch = at(log.batches, i)!
    if (batch.lastOffset >= limit || (bytes + batch.sizeInBytes > maxBytes && !(atLeastOne && bytes === 0))) break
    batches = added(batches, batch)
    bytes += batch.sizeInBytes
  }
  return batches.length === 0 ? NOTHING : batches
}
const NOTHING: readonly RecordBatch[] = Object.freeze([])

/** The batch that holds `offset`; undefined = not in this log any more, or not yet. */
export function batchAt(log: Log, offset: Offset): RecordBatch | undefined {
  if (offset < log.startOffset || offset >= log.endOffset) return undefined
  const batch = at(log.batches, firstIndex(log.batches, ({ lastOffset }) => lastOffset >= offset))
  return batch === undefined || batch.baseOffset > offset ? undefined : batch
}
