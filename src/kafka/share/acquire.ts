/**
 * Records are handed out: the oldest free ones, whole batches unless the member wants no more than so many. What has come
 * back often is handed out in ever smaller parts, so that one record that nobody can handle ends up alone (SHR-3, SHR-5).
 * Follows core/.../server/share/SharePartition.java#acquire.
 */
import type { Micros, Offset } from '../../base/units.ts'
import { countInFlight, inFlight, isFree, type InFlight, type InFlightBatch, type SharePartition } from './in-flight.ts'

/** The offsets of a batch of the log. */
export interface Range { readonly first: Offset; readonly last: Offset }
/** As a response tells it: these offsets are the member's now, for the `count`-th time. Frozen. */
export interface AcquiredRecords extends Range { readonly count: number }

export interface Acquisition {
  readonly member: string
  /** When its locks run out. */
  readonly lockedUntil: Micros
  /** `group.share.delivery.count.limit` */
  readonly limit: number
  /** `group.share.partition.max.record.locks` */
  readonly mostLocks: number
  /** `max.poll.records` of the member: of whole batches so many are enough, and with `record_limit` none more. */
  readonly maxRecords: number
  /** Leases are taken of so many records at most at a time, as far as batches allow. */
  readonly batchSize: number
  readonly recordLimit: boolean
}

/** Batches whose records have been handed out so often are taken apart: half the limit, rounded up, and at least 2. */
const throttleLimit = (limit: number): number => Math.max(2, Math.ceil(limit / 2))

/** `fetched`: what was read of the log from `fetchOffset` on. */
export function acquire(share: SharePartition, fetched: readonly Range[], fetchOffset: Offset, ask: Acquisition): readonly AcquiredRecords[] {
  const first = fetched[0]?.first
  if (first === undefined || ask.maxRecords <= 0) return []
  let last = fetched[fetched.length - 1]!.last
  let most = Math.min(ask.maxRecords, ask.mostLocks - countInFlight(share))
  if (most <= 0) {
    if (share.batches.length === 0 || fetchOffset > share.endOffset) return []
    most = Math.min(ask.maxRecords, share.endOffset - fetchOffset + 1)
    last = Math.min(last, share.endOffset)
  }
  archiveMissing(share, fetchOffset, first)
  const known = share.batches.filter((batch) => batch.last >= first && batch.first <= last)
  const taken: (readonly [Offset, InFlight])[] = []
  for (const batch of known) {
    if (taken.length >= most) break
    const throttled = highestFreeCount(batch, first, last) >= throttleLimit(ask.limit)
    if (throttled && taken.length > 0) return grouped(taken)
    const before = taken.length
    takeFree(batch, first, last, most - taken.length, ask, taken)
    if (throttled && taken.length > before) return grouped(taken)
  }
  const from = known.length === 0 ? first : known[known.length - 1]!.last + 1
  if (taken.length < most && from <= last) takeNew(share, fetched, from, last, most - taken.length, ask, taken)
  return grouped(taken)
}

/** Compacted away between two reads: what was free there will never come again. Follows SharePartition#maybeArchiveStaleBatches. */
function archiveMissing(share: SharePartition, from: Offset, to: Offset): void {
  for (const { first, records } of share.batches) {
    for (let i = Math.max(0, from - first); i < records.length && first + i < to; i++) if (isFree(records[i]!)) records[i] = inFlight('ARCHIVED', records[i]!.count)
  }
}

function highestFreeCount({ first, records }: InFlightBatch, from: Offset, to: Offset): number {
  let highest = 0
  records.forEach((record, i) => {
    if (first + i >= from && first + i <= to && isFree(record)) highest = Math.max(highest, record.count)
  })
  return highest
}

type Taken = (readonly [Offset, InFlight])[]

/** Follows SharePartition#acquireSubsetBatchRecords: a record on its last attempt is handed out alone. */
function takeFree({ first, records }: InFlightBatch, from: Offset, to: Offset, most: number, ask: Acquisition, into: Taken): void {
  const { limit, member, lockedUntil, recordLimit } = ask
  let count = 0
  let part = Infinity
  for (let i = Math.max(0, from - first); i < records.length && first + i <= to; i++) {
    const record = records[i]!
    if (!isFree(record)) continue
    const isLast = limit > 2 && record.count === limit - 1
    if (isLast && count > 0) return
    if (record.count >= throttleLimit(limit) && part === Infinity) part = Math.max(1, records.length >> (record.count - throttleLimit(limit) + 1))
    records[i] = inFlight('ACQUIRED', record.count + 1, member, lockedUntil)
    into.push([first + i, records[i]!])
    count++
    if (isLast || count >= part || (recordLimit && count >= most)) return
  }
}

/** Beyond the end: batches of the log, the last one whole. */
function takeNew(share: SharePartition, fetched: readonly Range[], first: Offset, last: Offset, most: number, ask: Acquisition, into: Taken): void {
  const from = share.batches.length === 0 ? Math.max(first, share.endOffset) : first
  if (from > last) return
  const wanted = from + most - 1
  const to = wanted >= last ? last : fetched.find((batch) => batch.last >= wanted)!.last
  if (share.batches.length === 0) share.startOffset = Math.max(share.startOffset, from)
  const held = inFlight('ACQUIRED', 1, ask.member, ask.lockedUntil)
  let begins = from
  const close = (end: Offset): void => {
    const records = Array.from({ length: end - begins + 1 }, (_, i) => (ask.recordLimit && begins + i > wanted ? FREE : held))
    share.batches.push({ first: begins, last: end, records })
    records.forEach((record, i) => {
      if (record === held) into.push([begins + i, held])
    })
    begins = end + 1
  }
  if (!ask.recordLimit) for (const batch of fetched) if (batch.first <= to && batch.first - begins >= ask.batchSize) close(batch.first - 1)
  close(to)
  share.endOffset = to
}
const FREE = inFlight('AVAILABLE', 0)

/** Neighbours with the same count, together. */
function grouped(taken: Taken): readonly AcquiredRecords[] {
  const groups: AcquiredRecords[] = []
  for (const [offset, { count }] of taken) {
    const open = groups[groups.length - 1]
    if (open !== undefined && open.last + 1 === offset && open.count === count) groups[groups.length - 1] = Object.freeze({ ...open, last: offset })
    else groups.push(Object.freeze({ first: offset, last: offset, count }))
  }
  return groups
}
