/**
 * One replica's log: batches in order of offset, the terms they were written in, and what it remembers of producers.
 * Follows storage/.../log/UnifiedLog.java. Simplified: one segment for ever, no files, no retention.
 */
import { append as push, at, firstIndex, newChunks, shorten, type Chunks } from '../../base/chunks.ts'
import { assert } from '../../base/assert.ts'
import { added } from '../../base/list.ts'
import type { Epoch, Offset } from '../../base/units.ts'
import { assign, endOffsetFor, truncateFromEnd, type EpochEntry } from './epochs.ts'
import { remember, type ProducerEntry } from './producer-state.ts'
import type { RecordBatch } from './record.ts'

export interface Log {
  batches: Chunks<RecordBatch>
  startOffset: Offset
  /** The offset the next record gets. */
  endOffset: Offset
  epochs: readonly EpochEntry[]
  producers: Map<number, ProducerEntry>
}

export const newLog = (): Log => ({ batches: newChunks(), startOffset: 0, endOffset: 0, epochs: Object.freeze([]), producers: new Map() })

/** A batch with its offsets and epoch already stamped, by this leader or by the one it was fetched from. */
export function append(log: Log, batch: RecordBatch): void {
  assert(batch.baseOffset === log.endOffset, 'a batch is appended at the end of its log')
  push(log.batches, batch)
  log.endOffset = batch.lastOffset + 1
  if (lastEpoch(log) !== batch.partitionLeaderEpoch) log.epochs = Object.freeze(assign(log.epochs, batch.partitionLeaderEpoch, batch.baseOffset))
  if (batch.producerId >= 0) remember(log.producers, batch)
}

/** A term begins here, at the log's end, before it has any record (REP-31). */
export function beginEpoch(log: Log, epoch: Epoch): void {
  log.epochs = Object.freeze(assign(log.epochs, epoch, log.endOffset))
}

/** The newest term this log knows of; -1 = none. */
export const lastEpoch = (log: Log): Epoch => log.epochs[log.epochs.length - 1]?.[0] ?? -1
export const endOffsetForEpoch = (log: Log, epoch: Epoch): { readonly epoch: Epoch; readonly endOffset: Offset } | undefined =>
  endOffsetFor(log.epochs, epoch, log.endOffset)

/** Drop everything from `offset` on. Batches are whole: one that reaches over the cut goes altogether. Gives what was dropped. */
export function truncateTo(log: Log, offset: Offset): readonly RecordBatch[] {
  const kept = firstIndex(log.batches, (batch) => batch.lastOffset >= offset)
  const dropped: RecordBatch[] = []
  for (let i = kept; i < log.batches.length; i++) dropped.push(at(log.batches, i)!)
  shorten(log.batches, kept)
  log.endOffset = dropped[0]?.baseOffset ?? Math.min(log.endOffset, offset)
  log.epochs = Object.freeze(truncateFromEnd(log.epochs, log.endOffset))
  if (dropped.some((batch) => batch.producerId >= 0)) rebuildProducers(log)
  return dropped
}

function rebuildProducers(log: Log): void {
  log.producers.clear()
  for (let i = 0; i < log.batches.length; i++) {
    const batch = at(log.batches, i)!
    if (batch.producerId >= 0) remember(log.producers, batch)
  }
}

/** Whole batches from the one that holds `from`, below `limit`, up to `maxBytes`; the first one, if it is wanted, however large it is. */
export function read(log: Log, from: Offset, limit: Offset, maxBytes: number, atLeastOne = true): readonly RecordBatch[] {
  if (from >= limit) return NOTHING
  let batches: RecordBatch[] = []
  let bytes = 0
  for (let i = firstIndex(log.batches, (batch) => batch.lastOffset >= from); i < log.batches.length; i++) {
    const batch = at(log.batches, i)!
    if (batch.lastOffset >= limit || (bytes + batch.sizeInBytes > maxBytes && !(atLeastOne && bytes === 0))) break
    batches = added(batches, batch)
    bytes += batch.sizeInBytes
  }
  return batches.length === 0 ? NOTHING : batches
}
const NOTHING: readonly RecordBatch[] = Object.freeze([])

/** The batch that holds `offset`. */
export function batchAt(log: Log, offset: Offset): RecordBatch | undefined {
  if (offset < log.startOffset || offset >= log.endOffset) return undefined
  return at(log.batches, firstIndex(log.batches, (batch) => batch.lastOffset >= offset))
}
