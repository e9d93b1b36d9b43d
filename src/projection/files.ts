/**
 * One replica's log as its files: segments with their indexes, the checkpoints beside them, and what the next retention
 * check and the next cleaning would do. These are asked of the model's own rules, with a copy of the log.
 */
import { at, between } from '../base/chunks.ts'
import { clone } from '../base/clone.ts'
import type { Micros } from '../base/units.ts'
import type { World } from '../engine/world.ts'
import { directoryOf } from '../kafka/broker/log-directories.ts'
import { logDirectory } from '../kafka/broker/log-directory.ts'
import type { Broker, Replica } from '../kafka/broker/state.ts'
import { logToClean, needsCleaning, type LogToClean } from '../kafka/log/cleanable.ts'
import { clean } from '../kafka/log/cleaner.ts'
import { segmentFileNames } from '../kafka/log/files.ts'
import { indexesOf } from '../kafka/log/indexes.ts'
import { placesOf, segmentsOf, sizeOf, type Log } from '../kafka/log/log.ts'
import { isControl, offsetOf, RUN_BEGAN_MS } from '../kafka/log/record.ts'
import { deleteOldSegments } from '../kafka/log/retention.ts'
import type { Segment } from '../kafka/log/segment.ts'
import { lastStableOffset } from '../kafka/log/transactions.ts'
import { wallMs } from '../kafka/wall-clock.ts'
import { cellOf, type Hues } from './cells.ts'
import type { BatchMark, CheckView, CleaningView, FilesView, LogLimits, LogRecord, SegmentView } from './disk-view.ts'

/** Alive, or what its disk has kept. */
export type KeptBroker = Partial<Broker> & Pick<Broker, 'replicas'>

/** More segments than these are folded into one, the oldest first. */
const MOST_SEGMENTS = 6
/** Batches of a segment, or entries of an index, beyond which they are only counted. */
const MOST_MARKS = 240
/** Records of a compacted log that are told one by one. */
const MOST_RECORDS = 60

export function filesView(world: World, broker: string, kept: KeptBroker, replica: Replica, hues: Hues): FilesView {
  const { partition, log, highWatermark } = replica
  const folder = partition.replace(/\/(\d+)$/, '-$1')
  const home = kept.logDirs?.[directoryOf(replica)]?.path
  const directory = logDirectory(kept as Broker, broker).filter((file) => file.directory === home)
  const own = directory.filter(({ path }) => path.startsWith(`${folder}/`)).map(({ path, ...rest }) => ({ ...rest, name: path.slice(folder.length + 1) }))
  const segments = segmentsOf(log)
  const folded = segments.slice(0, Math.max(0, segments.length - MOST_SEGMENTS))
  const snapshots = new Set(own.map(({ name }) => name).filter((name) => name.endsWith('.snapshot')))
  // By the broker's own clock, which may be wrong.
  const nowMs = wallMs({ clock: world.now + (world.nodes.get(broker)?.skew ?? 0) })
  return {
    what: 'files', replica: `${partition}@${broker}`, partition, broker, folder,
    logStart: log.startOffset, logEnd: log.endOffset, highWatermark, lastStable: lastStableOffset(log.transactions, highWatermark),
    recoveryPoint: log.recoveryPoint, writtenTo: log.writtenTo, bytes: sizeOf(log), limits: limitsOf(log),
    segments: segments.slice(folded.length).map((segment) => segmentView(log, segment, snapshots.size === 0 ? segment.baseOffset > 0 : snapshots.has(segmentFileNames(segment.baseOffset).snapshot))),
    folded: folded.length === 0 ? undefined
      : { base: folded[0]!.baseOffset, segments: folded.length, bytes: folded.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0) },
    check: checkView(world, broker, kept, log, highWatermark, nowMs),
    cleaning: log.config.compact ? cleaningView(kept, log, highWatermark, nowMs, hues) : undefined,
    checkpoints: [
      ...own.flatMap(({ name, text }) => (text === undefined ? [] : [{ path: `${folder}/${name}`, text }])),
      ...directory.flatMap(({ path, text }) => (text === undefined || path.includes('/') ? [] : [{ path, text }])),
    ],
    files: own.map(({ name, sizeInBytes }) => ({ name, sizeInBytes })).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

const limitsOf = ({ config: { segmentBytes, retentionBytes, retentionMs, indexIntervalBytes, compact, delete: deletes, deleteRetentionMs } }: Log): LogLimits =>
  ({ segmentBytes, retentionBytes, retentionMs, indexIntervalBytes, compact, delete: deletes, deleteRetentionMs })

function segmentView(log: Log, segment: Segment, snapshot: boolean): SegmentView {
  const [from, to] = placesOf(log, segment)
  const { offsets, times } = indexesOf(log, segment)
  const segments = segmentsOf(log)
  const next = segments[segments.indexOf(segment) + 1]
  return {
    base: segment.baseOffset, end: next?.baseOffset ?? log.endOffset, sizeInBytes: segment.sizeInBytes, active: segment === log.active,
    largestTimeMs: to > from ? segment.largestTimestamp : undefined,
    batches: to - from > MOST_MARKS ? undefined : marksOf(log, from, to), count: to - from,
    index: offsets.slice(0, MOST_MARKS), times: times.slice(0, MOST_MARKS).map(([time, offset]) => [time - RUN_BEGAN_MS, offset]),
    indexCount: offsets.length, timesCount: times.length, snapshot,
  }
}

function marksOf(log: Log, from: number, to: number): readonly BatchMark[] {
  const marks: BatchMark[] = []
  let position = 0
  for (let i = from; i < to; i++) {
    const batch = at(log.batches, i)!
    marks.push({ base: batch.baseOffset, last: batch.lastOffset, position, sizeInBytes: batch.sizeInBytes, records: batch.records.length, control: isControl(batch) })
    position += batch.sizeInBytes
  }
  return marks
}

/** The check of a compacted log comes with its cleaner. */
function checkView(world: World, broker: string, kept: KeptBroker, log: Log, highWatermark: number, nowMs: number): CheckView {
  const copy = clone(log)
  const deleted = deleteOldSegments(copy, highWatermark, nowMs)
  return {
    at: log.config.compact ? cleanerAt(kept) : timerAt(world, broker, 'retention'),
    goes: deleted.map(({ segment, breach }) => ({ base: segment.baseOffset, why: breach.why, figure: breach.figure, limit: breach.limit })),
    logStartAfter: copy.startOffset,
  }
}

function timerAt(world: World, node: string, type: string): Micros | undefined {
  const { condition, incarnation } = world.nodes.get(node)!
  if (condition === 'down') return undefined
  return world.queue.find((event) => event.kind === 'timer' && event.to === node && event.incarnation === incarnation && event.body.type === type)?.at
}
const cleanerAt = ({ disk }: KeptBroker): Micros | undefined => (disk === undefined || disk.cleanerAt === Infinity ? undefined : disk.cleanerAt)

function cleaningView(kept: KeptBroker, log: Log, highWatermark: number, nowMs: number, hues: Hues): CleaningView {
  const toClean = logToClean(log, highWatermark, nowMs)
  const { firstDirtyOffset: firstDirty, firstUncleanableOffset: firstUncleanable, cleanableBytes, cleanableRatio } = toClean
  const records = recordsOf(log, hues)
  return {
    at: cleanerAt(kept), firstDirty, firstUncleanable, dirtyBytes: cleanableBytes,
    cleanBytes: segmentsOf(log).reduce((sum, { baseOffset, sizeInBytes }) => sum + (baseOffset < firstDirty ? sizeInBytes : 0), 0),
    ratio: cleanableRatio, minRatio: log.config.minCleanableDirtyRatio, due: needsCleaning(log, toClean), records,
    map: records === undefined || log.transactions.aborted.length > 0 ? [] : mapOf(records, firstDirty, firstUncleanable), after: cleanableBytes === 0 ? undefined : afterCleaning(log, toClean, nowMs),
  }
}

/** undefined = too many. */
function recordsOf(log: Log, hues: Hues): readonly LogRecord[] | undefined {
  const records: LogRecord[] = []
  for (const batch of between(log.batches, 0)) {
    if (records.length + batch.records.length > MOST_RECORDS) return undefined
    const control = isControl(batch)
    batch.records.forEach((record, i) => {
      const offset = offsetOf(batch, i)
      const { hue } = cellOf(record, offset, 0, 0, hues)
      const mayGo = control || record.value === undefined
      records.push({ offset, key: control ? undefined : record.key, value: control ? undefined : record.value, hue, control, horizonMs: mayGo ? batch.cleaned?.deleteHorizonMs : undefined })
    })
  }
  return records
}

/** Markers are passed over, as the cleaner does. */
function mapOf(records: readonly LogRecord[], from: number, to: number): CleaningView['map'] {
  const last = new Map<string, CleaningView['map'][number]>()
  for (const { offset, key, hue, control } of records) {
    if (control || key === undefined || offset < from || offset >= to) continue
    last.set(key, { key, hue, offset })
  }
  return [...last.values()]
}

function afterCleaning(log: Log, toClean: LogToClean, nowMs: number): CleaningView['after'] {
  const copy = clone(log)
  const { newDirtyOffset, bytesAfter, removedRecords } = clean(copy, toClean, nowMs)
  const kept: number[] = []
  for (const batch of between(copy.batches, 0)) {
    if (batch.baseOffset >= newDirtyOffset || kept.length > MOST_RECORDS) break
    batch.records.forEach((_, i) => kept.push(offsetOf(batch, i)))
  }
  return { kept: kept.slice(0, MOST_RECORDS), bytes: bytesAfter, removed: removedRecords }
}
