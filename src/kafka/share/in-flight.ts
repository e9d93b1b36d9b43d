/**
 * What a share group has in flight of one partition: a state, a holder and a delivery count for each offset between the
 * share-partition start offset (SPSO) and the end offset (SPEO). Follows server/.../share/fetch/{InFlightState,InFlightBatch,
 * RecordState}.java and core/.../server/share/SharePartition.java. SHR-2.
 */
import type { Epoch, Micros, Offset } from '../../base/units.ts'

export type RecordState = 'AVAILABLE' | 'ACQUIRED' | 'ACKNOWLEDGED' | 'ARCHIVED'

/** Frozen and replaced. */
export interface InFlight {
  readonly state: RecordState
  /** How often it has been handed out. */
  readonly count: number
  /** Member id of who holds it; '' = nobody. */
  readonly member: string
  /** The acquisition lock runs out then; Infinity = there is none. */
  readonly lockedUntil: Micros
  /** What it was before a transition that is being written down; undefined = none is. */
  readonly before?: Omit<InFlight, 'before'>
}

/** What was acquired together at first. The states of its offsets go their own ways. */
export interface InFlightBatch { readonly first: Offset; readonly last: Offset; records: InFlight[] }

export interface SharePartition {
  readonly group: string
  readonly partition: string
  /** The term of the partition's leader in which this was loaded. */
  readonly leaderEpoch: Epoch
  /** Asking the share coordinator where it stands; asking has failed, and whoever asks next begins anew. */
  state: 'initializing' | 'active' | 'failed'
  stateEpoch: Epoch
  /** SPSO: everything before it is finished. */
  startOffset: Offset
  /** SPEO: the last offset in flight; with nothing in flight, the next one to be handed out. */
  endOffset: Offset
  /** In order of their offsets. */
  batches: InFlightBatch[]
  /** Where it stood when this leader loaded it. */
  loadedAt: Offset
  /** What the share coordinator last said that it has written. */
  persistedStart: Offset
}

export const newSharePartition = (group: string, partition: string, leaderEpoch: Epoch): SharePartition =>
  ({ group, partition, leaderEpoch, state: 'initializing', stateEpoch: 0, startOffset: 0, endOffset: 0, batches: [], loadedAt: 0, persistedStart: -1 })

/** Nothing more can become of it. */
export const isFinal = ({ state, before }: InFlight): boolean => before === undefined && (state === 'ACKNOWLEDGED' || state === 'ARCHIVED')
/** May be handed out. */
export const isFree = ({ state, before }: InFlight): boolean => before === undefined && state === 'AVAILABLE'

export const inFlight = (state: RecordState, count: number, member = '', lockedUntil: Micros = Infinity): InFlight => Object.freeze({ state, count, member, lockedUntil })

/** The offset's state; undefined = it is not in flight. */
export function recordAt({ batches }: SharePartition, offset: Offset): InFlight | undefined {
  for (const { first, last, records } of batches) if (offset >= first && offset <= last) return records[offset - first]
  return undefined
}

export function setRecord({ batches }: SharePartition, offset: Offset, record: InFlight): void {
  for (const { first, last, records } of batches) if (offset >= first && offset <= last) records[offset - first] = record
}

/** Every offset in flight with its state. */
export function* inFlightOf({ batches, startOffset }: SharePartition): Generator<readonly [Offset, InFlight]> {
  for (const { first, records } of batches) {
    for (let i = Math.max(0, startOffset - first); i < records.length; i++) yield [first + i, records[i]!]
  }
}

/** SHR-7: how much of `group.share.partition.max.record.locks` is taken, finished records behind an unfinished one included. */
export const countInFlight = ({ batches, startOffset, endOffset }: SharePartition): number => (batches.length === 0 ? 0 : endOffset - startOffset + 1)

/** The oldest free record, else what comes after the end. */
export function nextFetchOffset(share: SharePartition): Offset {
  for (const [offset, record] of inFlightOf(share)) if (isFree(record)) return offset
  return share.batches.length === 0 ? share.endOffset : share.endOffset + 1
}

export const canAcquire = (share: SharePartition, mostLocks: number): boolean =>
  (share.batches.length > 0 && nextFetchOffset(share) <= share.endOffset) || countInFlight(share) < mostLocks

/** SHR-4: the start offset moves over what is finished, and what lies before it is forgotten. Gives whether it has moved. */
export function advanceStart(share: SharePartition): boolean {
  const before = share.startOffset
  if (share.batches.length === 0) return false
  let start = share.endOffset + 1
  for (const [offset, record] of inFlightOf(share)) {
    if (isFinal(record)) continue
    start = offset
    break
  }
  share.startOffset = start
  share.batches = share.batches.filter(({ last }) => last >= start)
  if (share.batches.length === 0) share.endOffset = start
  return share.startOffset > before
}

/**
 * The log begins later now: what is free before that is finished, and what is held there is so when it comes back.
 * Follows SharePartition#updateCacheAndOffsets.
 */
export function followLogStart(share: SharePartition, logStart: Offset): void {
  if (logStart <= share.startOffset) return
  for (const { first, records } of share.batches) {
    for (let i = 0; i < records.length && first + i < logStart; i++) if (records[i]!.state === 'AVAILABLE') records[i] = inFlight('ARCHIVED', records[i]!.count)
  }
  share.startOffset = logStart
  share.batches = share.batches.filter(({ last }) => last >= logStart)
  if (share.batches.length === 0) share.endOffset = Math.max(share.endOffset, logStart)
}

/** What is written of a share partition: a range of offsets that are alike. Frozen. */
export interface StateBatch { readonly first: Offset; readonly last: Offset; readonly state: RecordState; readonly count: number }

/** Neighbours that are alike, together. Follows share-coordinator/.../PersisterStateBatchCombiner.java. */
export function stateBatches(records: Iterable<readonly [Offset, Pick<InFlight, 'state' | 'count'>]>): readonly StateBatch[] {
  const batches: StateBatch[] = []
  for (const [offset, { state, count }] of records) {
    const open = batches[batches.length - 1]
    if (open !== undefined && open.last + 1 === offset && open.state === state && open.count === count) batches[batches.length - 1] = Object.freeze({ ...open, last: offset })
    else batches.push(Object.freeze({ first: offset, last: offset, state, count }))
  }
  return Object.freeze(batches)
}

/** As a new leader finds it: what was held is free again, for who held it is not written down. What nothing is known of may be handed out. */
export function restore(share: SharePartition, startOffset: Offset, stateEpoch: Epoch, batches: readonly StateBatch[]): void {
  share.state = 'active'
  share.stateEpoch = stateEpoch
  share.startOffset = startOffset
  share.loadedAt = startOffset
  share.endOffset = startOffset
  share.batches = []
  let next = startOffset
  const add = (first: Offset, last: Offset, record: InFlight): void => {
    share.batches.push({ first, last, records: Array.from({ length: last - first + 1 }, () => record) })
  }
  for (const { first, last, state, count } of batches) {
    if (last < startOffset) continue
    const from = Math.max(first, startOffset)
    if (from > next) add(next, from - 1, inFlight('AVAILABLE', 0))
    add(from, last, inFlight(state === 'ACQUIRED' ? 'AVAILABLE' : state, count))
    next = last + 1
  }
  if (share.batches.length > 0) share.endOffset = next - 1
  advanceStart(share)
}
