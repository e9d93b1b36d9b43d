/**
 * The three indexes beside a segment file, as entries and as bytes. Sparse: an entry every `index.interval.bytes`.
 * Follows storage/.../log/{OffsetIndex,TimeIndex,AbortedTxn,LogSegment}.java. SEG-4, SEG-6.
 */
import { at } from '../../base/chunks.ts'
import type { Offset } from '../../base/units.ts'
import { placesOf, segmentsOf, type Log } from './log.ts'
import { RUN_BEGAN_MS } from './record.ts'
import { INDEX_ENTRY_BYTES, TIME_INDEX_ENTRY_BYTES, type Segment } from './segment.ts'
import type { AbortedTxn } from './transactions.ts'

/** Last offset of a batch, and where in the file it begins. */
export type IndexEntry = readonly [offset: Offset, position: number]
/** The largest timestamp so far, milliseconds since 1970, and the last offset of the batch that has it. */
export type TimeIndexEntry = readonly [timestamp: number, offset: Offset]

/** Four bytes for the offset, relative to the segment's base, four for the position. */
export function offsetIndexBytes(baseOffset: Offset, entries: readonly IndexEntry[]): Uint8Array {
  const bytes = new Uint8Array(entries.length * INDEX_ENTRY_BYTES)
  const view = new DataView(bytes.buffer)
  for (const [i, [offset, position]] of entries.entries()) {
    view.setInt32(i * INDEX_ENTRY_BYTES, offset - baseOffset)
    view.setInt32(i * INDEX_ENTRY_BYTES + 4, position)
  }
  return bytes
}

/** Where to begin to look for an offset: the largest entry that is not above it, else the beginning of the file. */
export const lookUpOffset = (baseOffset: Offset, entries: readonly IndexEntry[], target: Offset): IndexEntry =>
  entries.findLast(([offset]) => offset <= target) ?? [baseOffset, 0]

/** Taken only if it is newer than the last one; at the end of a segment, and there only, if it is the same. */
export function addTime(entries: readonly TimeIndexEntry[], timestamp: number, offset: Offset): readonly TimeIndexEntry[] {
  const last = entries[entries.length - 1]
  return last !== undefined && timestamp <= last[0] ? entries : [...entries, [timestamp, offset]]
}

/** Eight bytes for the timestamp, four for the offset, relative to the segment's base. */
export function timeIndexBytes(baseOffset: Offset, entries: readonly TimeIndexEntry[]): Uint8Array {
  const bytes = new Uint8Array(entries.length * TIME_INDEX_ENTRY_BYTES)
  const view = new DataView(bytes.buffer)
  for (const [i, [timestamp, offset]] of entries.entries()) {
    view.setBigInt64(i * TIME_INDEX_ENTRY_BYTES, BigInt(timestamp))
    view.setInt32(i * TIME_INDEX_ENTRY_BYTES + 8, offset - baseOffset)
  }
  return bytes
}

/** The largest entry that is not above this time; -1 = every record of the segment may be as late. */
export const lookUpTime = (baseOffset: Offset, entries: readonly TimeIndexEntry[], target: number): TimeIndexEntry =>
  entries.findLast(([timestamp]) => timestamp <= target) ?? [-1, baseOffset]

export const TXN_INDEX_ENTRY_BYTES = 34
/** A version, then four numbers of eight bytes. */
export function abortedTxnBytes({ producerId, firstOffset, lastOffset, lastStableOffset }: AbortedTxn): Uint8Array {
  const bytes = new Uint8Array(TXN_INDEX_ENTRY_BYTES)
  const view = new DataView(bytes.buffer)
  for (const [i, value] of [producerId, firstOffset, lastOffset, lastStableOffset].entries()) view.setBigInt64(2 + i * 8, BigInt(value))
  return bytes
}

/** Of the segment that holds their markers. A segment without any has no such file. */
export function abortedIn(log: Log, { baseOffset }: Segment): readonly AbortedTxn[] {
  const next = segmentsOf(log).find((other) => other.baseOffset > baseOffset)?.baseOffset ?? Infinity
  return log.transactions.aborted.filter(({ lastOffset }) => lastOffset >= baseOffset && lastOffset < next)
}

/** The indexes of a segment as they stand on disk; made from its batches when somebody asks. */
export function indexesOf(log: Log, segment: Segment): { readonly offsets: readonly IndexEntry[]; readonly times: readonly TimeIndexEntry[] } {
  const offsets: IndexEntry[] = []
  let times: readonly TimeIndexEntry[] = []
  let position = 0, since = 0, latest = -Infinity, latestAt = segment.baseOffset
  const [from, to] = placesOf(log, segment)
  for (let i = from; i < to; i++) {
    const { lastOffset, maxTimestamp, sizeInBytes } = at(log.batches, i)!
    if (maxTimestamp > latest) {
      latest = maxTimestamp
      latestAt = lastOffset
    }
    if (since > log.config.indexIntervalBytes) {
      offsets.push([lastOffset, position])
      times = addTime(times, latest + RUN_BEGAN_MS, latestAt)
      since = 0
    }
    position += sizeInBytes
    since += sizeInBytes
  }
  // A closed segment's last entry is that of its newest record.
  if (segment !== log.active && to > from) times = addTime(times, latest + RUN_BEGAN_MS, latestAt)
  return { offsets, times }
}
