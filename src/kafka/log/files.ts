/**
 * What lies in a log directory: names, and the text of the small files. Follows storage/.../log/LogFileUtils.java,
 * storage/.../checkpoint/{OffsetCheckpointFile,LeaderEpochCheckpointFile,PartitionMetadataFile,CleanShutdownFileHandler}.java. SEG-4, SEG-5.
 */
import type { Epoch, Offset } from '../../base/units.ts'
import type { EpochEntry } from './epochs.ts'
import { abortedIn, indexesOf, TXN_INDEX_ENTRY_BYTES } from './indexes.ts'
import { segmentsOf, type Log } from './log.ts'
import { INDEX_ENTRY_BYTES, TIME_INDEX_ENTRY_BYTES } from './segment.ts'
import { hasSnapshot, producersBefore, snapshotBytes } from './snapshot.ts'

/** Version, number of lines, lines. */
const checkpoint = (lines: readonly string[]): string => ['0', String(lines.length), ...lines, ''].join('\n')

/** `replication-offset-checkpoint` (high watermarks), `recovery-point-`, `log-start-` and `cleaner-offset-checkpoint`. */
export const offsetCheckpoint = (entries: readonly (readonly [topic: string, partition: number, offset: Offset])[]): string =>
  checkpoint(entries.map((entry) => entry.join(' ')))

export const leaderEpochCheckpoint = (entries: readonly EpochEntry[]): string => checkpoint(entries.map((entry) => entry.join(' ')))

export const partitionMetadata = (topicId: string): string => `version: 0\ntopic_id: ${topicId}`

/** `meta.properties`: whose directory this is. Written by kafka-storage.sh format, at 00:00. */
export const metaProperties = (clusterId: string, directoryId: string, nodeId: number): string =>
  `#\n#Thu Jan 01 00:00:00 UTC 2026\ncluster.id=${clusterId}\ndirectory.id=${directoryId}\nnode.id=${nodeId}\nversion=1\n`

/** `.kafka_cleanshutdown`: there only after an orderly stop, and taken away at the next start. */
export const cleanShutdownFile = (brokerEpoch: Epoch): string => JSON.stringify({ version: 0, brokerEpoch })

export interface SegmentFileNames { readonly log: string; readonly index: string; readonly timeindex: string; readonly txnindex: string; readonly snapshot: string }
/** Twenty digits, so that names sort as offsets do. */
export function segmentFileNames(baseOffset: Offset): SegmentFileNames {
  const name = String(baseOffset).padStart(20, '0')
  return { log: `${name}.log`, index: `${name}.index`, timeindex: `${name}.timeindex`, txnindex: `${name}.txnindex`, snapshot: `${name}.snapshot` }
}

export interface LogFile { readonly name: string; readonly sizeInBytes: number }
/** The files of one partition that hold its records, with their real sizes (an active segment's indexes are preallocated larger). */
export function segmentFiles(log: Log): readonly LogFile[] {
  return segmentsOf(log).flatMap((segment) => {
    const names = segmentFileNames(segment.baseOffset)
    const { offsets, times } = indexesOf(log, segment)
    const aborted = abortedIn(log, segment)
    return [
      { name: names.log, sizeInBytes: segment.sizeInBytes },
      { name: names.index, sizeInBytes: offsets.length * INDEX_ENTRY_BYTES },
      { name: names.timeindex, sizeInBytes: times.length * TIME_INDEX_ENTRY_BYTES },
      ...(aborted.length === 0 ? [] : [{ name: names.txnindex, sizeInBytes: aborted.length * TXN_INDEX_ENTRY_BYTES }]),
      ...(hasSnapshot(segment.baseOffset) ? [{ name: names.snapshot, sizeInBytes: snapshotBytes(producersBefore(log, segment.baseOffset)).length }] : []),
    ]
  })
}
