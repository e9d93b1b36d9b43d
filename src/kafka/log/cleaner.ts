/**
 * Compaction of one log: the newest offset of every key is looked up in the dirty part, then everything below is written
 * anew without what has a newer value. Offsets never change. Follows storage/.../log/Cleaner.java and
 * clients/.../common/record/internal/MemoryRecords.java#filterTo. CMP-3 to CMP-7.
 */
import { append, at, firstIndex, newChunks } from '../../base/chunks.ts'
import type { Offset } from '../../base/units.ts'
import type { LogToClean } from './cleanable.ts'
import { CleanedTransactions } from './cleaned-transactions.ts'
import { codecOf } from './codec.ts'
import { compressionSlot } from './compression-slot.ts'
import { segmentsOf, type Log } from './log.ts'
import { BATCH_HEADER_BYTES, cleanedSize, DELETE_HORIZON, isControl, LOG_APPEND_TIME, offsetOf, recordSize, type Cleaned, type KafkaRecord, type RecordBatch } from './record.ts'
import { INDEX_ENTRY_BYTES, newSegment, noteAppended, type Segment } from './segment.ts'
import { abortedBetween } from './transactions.ts'

export interface Cleaning {
  /** Where the next one begins. */
  readonly newDirtyOffset: Offset
  readonly removedRecords: number
  readonly bytesBefore: number
  readonly bytesAfter: number
}

/** `log.cleaner.dedupe.buffer.size` at 24 bytes a key, used up to `log.cleaner.io.buffer.load.factor`. */
const MOST_KEYS = Math.floor(Math.floor(134_217_728 / 24) * 0.9)

/** The newest offset of every key, up to and including `latestOffset`. */
interface OffsetMap { readonly offsets: ReadonlyMap<string, Offset>; readonly latestOffset: Offset }

/** Clean this log once. Simplified: it takes no time, whatever there is to read and write. */
export function clean(log: Log, { firstDirtyOffset, firstUncleanableOffset }: LogToClean, nowMs: number, mostKeys = MOST_KEYS): Cleaning {
  const map = buildOffsetMap(log, firstDirtyOffset, firstUncleanableOffset, mostKeys)
  const newDirtyOffset = map.latestOffset + 1
  const segments = segmentsOf(log).filter(({ baseOffset }) => baseOffset < newDirtyOffset)
  const end = segmentsOf(log)[segments.length]?.baseOffset ?? log.endOffset
  const places = firstIndex(log.batches, (batch) => batch.lastOffset >= end)
  const transactions = new CleanedTransactions(abortedBetween(log.transactions, 0, end))
  const filter: Filter = { log, map, transactions, nowMs, upperBound: firstUncleanableOffset }
  const kept: RecordBatch[] = []
  let before = 0, after = 0
  for (let i = 0; i < places; i++) {
    const batch = at(log.batches, i)!
    const filtered = filterBatch(filter, batch)
    before += batch.records.length
    if (filtered === undefined) continue
    after += filtered.records.length
    kept.push(filtered)
  }
  const bytesBefore = sum(segments)
  const merged = groupsOf(segments, log).map((group) => rewritten(log, group, kept))
  replace(log, kept, places)
  log.closed = Object.freeze([...merged, ...log.closed.slice(segments.length)])
  const aborted = [...transactions.kept, ...log.transactions.aborted.filter(({ lastOffset }) => lastOffset >= end)]
  log.transactions = Object.freeze({ ...log.transactions, aborted: Object.freeze(aborted) })
  log.cleanedTo = newDirtyOffset
  return { newDirtyOffset, removedRecords: before - after, bytesBefore, bytesAfter: sum(merged) }
}
const sum = (segments: readonly Segment[]): number => segments.reduce((bytes, { sizeInBytes }) => bytes + sizeInBytes, 0)

/** Markers are passed over, and so is what belongs to an aborted transaction. When the map is full, cleaning ends with the batch before. */
function buildOffsetMap(log: Log, start: Offset, end: Offset, mostKeys: number): OffsetMap {
  const offsets = new Map<string, Offset>()
  const transactions = new CleanedTransactions(abortedBetween(log.transactions, start, end))
  let latestOffset = start - 1
  for (let i = firstIndex(log.batches, (batch) => batch.lastOffset >= start); i < log.batches.length; i++) {
    const batch = at(log.batches, i)!
    if (batch.baseOffset >= end) break
    const isAborted = transactions.isDone(batch)
    if (!isControl(batch) && !isAborted && !addKeys(offsets, batch, start, mostKeys)) return { offsets, latestOffset }
    latestOffset = batch.lastOffset
  }
  // Where the segments end in a gap, they have been read to their end all the same.
  return { offsets, latestOffset: end - 1 }
}

function addKeys(offsets: Map<string, Offset>, batch: RecordBatch, start: Offset, mostKeys: number): boolean {
  for (let i = 0; i < batch.records.length; i++) {
    const { key } = batch.records[i]!
    const offset = offsetOf(batch, i)
    if (key === undefined || offset < start) continue
    if (offsets.size >= mostKeys) return false
    offsets.set(key, offset)
  }
  return true
}

interface Filter {
  readonly log: Log
  readonly map: OffsetMap
  readonly transactions: CleanedTransactions
  readonly nowMs: number
  /** The batch that ends here stays, empty if need be, so that the log's end is not forgotten. */
  readonly upperBound: Offset
}

/** What becomes of a batch; undefined = nothing is left of it. */
function filterBatch(filter: Filter, batch: RecordBatch): RecordBatch | undefined {
  const control = isControl(batch)
  const horizon = batch.cleaned?.deleteHorizonMs
  const isDone = filter.transactions.isDone(batch)
  const discards = isDone && (!control || (horizon !== undefined && horizon <= filter.nowMs))
  const staysEmpty = isLastOfProducer(filter.log, batch) || batch.lastOffset + 1 === filter.upperBound
  if (discards && !staysEmpty) return undefined
  const records: KafkaRecord[] = [], deltas: number[] = []
  batch.records.forEach((record, i) => {
    const offset = offsetOf(batch, i)
    if (discards || !(control || isRetained(filter, record, offset, horizon))) return
    records.push(record)
    deltas.push(offset - batch.baseOffset)
  })
  if (records.length === 0) return staysEmpty ? rebuilt(batch, records, { deltas, deleteHorizonMs: undefined }) : undefined
  const mayGoLater = control ? isDone : records.some(({ value }) => value === undefined)
  const setsHorizon = mayGoLater && horizon === undefined
  if (records.length === batch.records.length && !setsHorizon) return batch
  return rebuilt(batch, records, { deltas, deleteHorizonMs: setsHorizon ? filter.nowMs + filter.log.config.deleteRetentionMs : horizon })
}

/** Producers are known by their last batch, or by the marker with their newest epoch: these stay, empty if need be. */
function isLastOfProducer({ producers }: Log, batch: RecordBatch): boolean {
  const entry = batch.producerId < 0 ? undefined : producers.get(batch.producerId)
  if (entry === undefined) return false
  const newest = entry.batches[entry.batches.length - 1]
  return newest === undefined ? isControl(batch) && batch.producerEpoch === entry.producerEpoch : batch.lastOffset === newest.lastOffset
}

/** The newest of its key; a tombstone until the horizon that its batch was given when it was first cleaned. */
function isRetained({ map, nowMs }: Filter, { key, value }: KafkaRecord, offset: Offset, horizon: number | undefined): boolean {
  if (offset > map.latestOffset) return true
  if (key === undefined || offset < (map.offsets.get(key) ?? -1)) return false
  return value !== undefined || horizon === undefined || nowMs < horizon
}

/** In the codec that it had. */
const packedAs = (batch: RecordBatch, records: readonly KafkaRecord[], bytes: number): number =>
  (codecOf(batch) === 0 ? bytes : compressionSlot().packedSize(codecOf(batch), bytes, recordSize(records[0]!, 0, 0)))

function rebuilt(batch: RecordBatch, records: readonly KafkaRecord[], cleaned: Cleaned): RecordBatch {
  const { deltas, deleteHorizonMs } = cleaned
  const keepsTime = records.length === 0 || (batch.attributes & LOG_APPEND_TIME) !== 0
  return Object.freeze({
    ...batch, records: Object.freeze(records), cleaned: Object.freeze({ deltas: Object.freeze(deltas), deleteHorizonMs }),
    sizeInBytes: records.length === 0 ? BATCH_HEADER_BYTES : packedAs(batch, records, cleanedSize(records, cleaned)),
    maxTimestamp: keepsTime ? batch.maxTimestamp : Math.max(...records.map(({ timestamp }) => timestamp)),
    attributes: deleteHorizonMs === undefined ? batch.attributes & ~DELETE_HORIZON : batch.attributes | DELETE_HORIZON,
  })
}

/** Neighbours become one as long as what they were fits into a segment, and their indexes into an index. */
function groupsOf(segments: readonly Segment[], { config: { segmentBytes, segmentIndexBytes } }: Log): readonly (readonly Segment[])[] {
  const groups: Segment[][] = []
  let bytes = 0, entries = 0
  for (const segment of segments) {
    const last = groups[groups.length - 1]
    bytes += segment.sizeInBytes
    entries += segment.indexEntries
    if (last !== undefined && bytes <= segmentBytes && entries * INDEX_ENTRY_BYTES <= segmentIndexBytes) last.push(segment)
    else {
      groups.push([segment])
      bytes = segment.sizeInBytes
      entries = segment.indexEntries
    }
  }
  return groups
}

function rewritten(log: Log, group: readonly Segment[], kept: readonly RecordBatch[]): Segment {
  const from = group[0]!.baseOffset, last = group[group.length - 1]!
  const to = segmentsOf(log).find(({ baseOffset }) => baseOffset > last.baseOffset)!.baseOffset
  const segment = newSegment(from, last.createdMs)
  segment.largestTimestamp = last.largestTimestamp
  for (const batch of kept) if (batch.lastOffset >= from && batch.baseOffset < to) noteAppended(segment, batch, log.config)
  return Object.freeze(segment)
}

function replace(log: Log, kept: readonly RecordBatch[], places: number): void {
  const batches = newChunks<RecordBatch>()
  for (const batch of kept) append(batches, batch)
  for (let i = places; i < log.batches.length; i++) append(batches, at(log.batches, i)!)
  log.batches = batches
}
