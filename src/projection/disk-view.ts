/** What is on a broker's disk, as records of plain data: made when somebody looks, for one replica at one moment. */
import type { Micros, Offset } from '../base/units.ts'
import type { NodeName, PartitionName, ReplicaName } from './cluster-view.ts'
import type { Sight, SightWish } from './sight.ts'

export type Ask =
  | { readonly what: 'files'; readonly replica: ReplicaName }
  /** The batch that holds this offset; where there is none, the nearest one before it, else the first. */
  | { readonly what: 'batch'; readonly replica: ReplicaName; readonly offset: Offset }
  /** The file of the segment that holds this offset; without one, of the active segment. */
  | { readonly what: 'segment'; readonly replica: ReplicaName; readonly offset: Offset | undefined }
  /** All that the tools of the command line can ask a cluster for. */
  | { readonly what: 'cluster'; readonly wish: SightWish }
export type Found = FilesView | BatchView | SegmentFile | { readonly what: 'cluster'; readonly sight: Sight }

export interface SegmentFile { readonly what: 'segment'; readonly replica: ReplicaName; readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }

export interface FilesView {
  readonly what: 'files'
  readonly replica: ReplicaName
  readonly partition: PartitionName
  readonly broker: NodeName
  /** `orders-0` */
  readonly folder: string
  readonly logStart: Offset
  readonly logEnd: Offset
  readonly highWatermark: Offset
  readonly lastStable: Offset
  /** After a crash, recovery reads from here. */
  readonly recoveryPoint: Offset
  /** Everything before it is on the device, the rest in the page cache only. */
  readonly writtenTo: Offset
  readonly bytes: number
  readonly limits: LogLimits
  /** The newest, oldest first; the last is the active one. */
  readonly segments: readonly SegmentView[]
  /** Older ones, for which there is no room; undefined = all are listed. */
  readonly folded: { readonly base: Offset; readonly segments: number; readonly bytes: number } | undefined
  /** What a retention check would do with the log as it is. */
  readonly check: CheckView
  /** Of a compacted log. */
  readonly cleaning: CleaningView | undefined
  /** The small text files, whole. */
  readonly checkpoints: readonly { readonly path: string; readonly text: string }[]
  /** All files in the partition's folder, by name. */
  readonly files: readonly { readonly name: string; readonly sizeInBytes: number }[]
}

export interface LogLimits {
  readonly segmentBytes: number
  /** -1 = without limit */
  readonly retentionBytes: number
  readonly retentionMs: number
  readonly indexIntervalBytes: number
  readonly compact: boolean
  readonly delete: boolean
  readonly deleteRetentionMs: number
}

export interface SegmentView {
  readonly base: Offset
  /** The next one's base, or the log end. */
  readonly end: Offset
  readonly sizeInBytes: number
  readonly active: boolean
  /** Milliseconds of the run; undefined = it has no record. */
  readonly largestTimeMs: number | undefined
  /** In order; undefined = too many to be told apart. */
  readonly batches: readonly BatchMark[] | undefined
  readonly count: number
  /** `.index`: the last offset of a batch, and where it begins; `.timeindex`: time in milliseconds of the run, and an offset. At most so many as can be drawn. */
  readonly index: readonly (readonly [offset: Offset, position: number])[]
  readonly times: readonly (readonly [timeMs: number, offset: Offset])[]
  readonly indexCount: number
  readonly timesCount: number
  /** Its `.snapshot` lies beside it: the state of producers before its first record. */
  readonly snapshot: boolean
}
export interface BatchMark {
  readonly base: Offset
  readonly last: Offset
  /** Where in its file it begins. */
  readonly position: number
  readonly sizeInBytes: number
  readonly records: number
  /** A commit or abort marker. */
  readonly control: boolean
}

/** Each segment that is asked, oldest first: why it goes; the first that stays ends the check. */
export interface CheckView {
  /** When the broker looks next; undefined = nothing is planned. */
  readonly at: Micros | undefined
  readonly goes: readonly { readonly base: Offset; readonly why: 'logStart' | 'size' | 'time'; readonly figure: number; readonly limit: number }[]
  readonly logStartAfter: Offset
}

export interface CleaningView {
  /** When the cleaner looks next; undefined = it rests. */
  readonly at: Micros | undefined
  readonly firstDirty: Offset
  /** The active segment, and what is not decided or too young, begins here. */
  readonly firstUncleanable: Offset
  readonly cleanBytes: number
  readonly dirtyBytes: number
  readonly ratio: number
  readonly minRatio: number
  /** It is dirty enough, or overdue. */
  readonly due: boolean
  /** Records of the log, while they are few enough to be drawn one by one. */
  readonly records: readonly LogRecord[] | undefined
  /** What the map of a cleaning would hold: the last offset of each key in the dirty part. */
  readonly map: readonly { readonly key: string; readonly hue: number; readonly offset: Offset }[]
  /** What a cleaning now would leave. */
  readonly after: { readonly kept: readonly Offset[]; readonly bytes: number; readonly removed: number } | undefined
}
export interface LogRecord {
  readonly offset: Offset
  readonly key: string | undefined
  readonly value: string | undefined
  readonly hue: number
  readonly control: boolean
  /** Of a tombstone or marker that a cleaning has seen: when it may go, milliseconds of the run. */
  readonly horizonMs: number | undefined
}

export interface BatchView {
  readonly what: 'batch'
  readonly replica: ReplicaName
  readonly partition: PartitionName
  readonly broker: NodeName
  /** What was asked for; the batch may not hold it. */
  readonly offset: Offset
  readonly base: Offset
  readonly last: Offset
  readonly sizeInBytes: number
  /** Where in which file. */
  readonly segment: Offset
  readonly file: string
  readonly position: number
  /** How a reader finds it: the index entry it begins at, and how many batches it reads over. */
  readonly entry: readonly [offset: Offset, position: number]
  readonly readOver: number
  /** Offsets that neighbours begin at; undefined = there is none. */
  readonly before: Offset | undefined
  readonly after: Offset | undefined
  readonly fields: readonly Field[]
  /** Records that are not among the fields. */
  readonly otherRecords: number
  /** What lies on the disk in its place is not what was written. */
  readonly spoiled: boolean
}

/** What a field belongs to: what the leader may write into, what the checksum covers, or one of the records. */
export type FieldPart = 'outside' | 'batch' | 'record'
export interface Field {
  readonly name: FieldName
  readonly part: FieldPart
  /** Of the record it belongs to; undefined = of the batch. */
  readonly record: Offset | undefined
  /** From the beginning of the batch. */
  readonly at: number
  readonly length: number
  /** Its first bytes, and its last ones where there are too many. */
  readonly bytes: readonly number[]
  readonly tail: readonly number[]
  /** As it is read. */
  readonly value: string
}
export type FieldName =
  | 'baseOffset' | 'batchLength' | 'partitionLeaderEpoch' | 'magic' | 'crc'
  | 'attributes' | 'lastOffsetDelta' | 'baseTimestamp' | 'maxTimestamp' | 'producerId' | 'producerEpoch' | 'baseSequence' | 'recordCount'
  | 'length' | 'recordAttributes' | 'timestampDelta' | 'offsetDelta' | 'keyLength' | 'key' | 'valueLength' | 'value' | 'headerCount'
  | 'headerKeyLength' | 'headerKey' | 'headerValueLength' | 'headerValue'
  /** All records of a compressed batch in one. */
  | 'compressedRecords'
  /** Of a control record: how its key and value are to be read. */
  | 'controlVersion' | 'controlType' | 'markerVersion' | 'coordinatorEpoch'
