/** The files of one log as bytes, exactly as they would lie on a disk: what Kafka's own tools read. SEG-4. */
import { at } from '../../base/chunks.ts'
import type { Offset } from '../../base/units.ts'
import { utf8 } from '../client/utf8.ts'
import { bytesOfBatch } from './encode.ts'
import { leaderEpochCheckpoint, partitionMetadata, segmentFileNames } from './files.ts'
import { abortedIn, abortedTxnBytes, indexesOf, offsetIndexBytes, timeIndexBytes } from './indexes.ts'
import { placesOf, segmentsOf, type Log } from './log.ts'
import { isSpoiled } from './record.ts'
import type { Segment } from './segment.ts'
import { hasSnapshot, producersBefore, snapshotBytes } from './snapshot.ts'

/** Its `.log` file: the batches, one behind the other. What is spoiled has a byte that is another, so that its checksum fails. */
export function exportSegment(log: Log, segment: Segment): Uint8Array<ArrayBuffer> {
  const [from, to] = placesOf(log, segment)
  const batches = Array.from({ length: to - from }, (_, i) => {
    const batch = at(log.batches, from + i)!
    const bytes = bytesOfBatch(batch)
    if (isSpoiled(batch)) bytes[bytes.length - 1]! ^= 0xff
    return bytes
  })
  return joined(batches)
}

/** The segment that begins there, or that holds this offset. */
export const segmentAt = (log: Log, offset: Offset): Segment => segmentsOf(log).findLast(({ baseOffset }) => baseOffset <= offset) ?? segmentsOf(log)[0]!

export interface ExportedFile { readonly name: string; readonly bytes: Uint8Array }

/** Everything in the folder of a partition. */
export function exportLog(log: Log, topicId: string): readonly ExportedFile[] {
  return [
    ...segmentsOf(log).flatMap((segment) => exportedFiles(log, segment)),
    { name: 'leader-epoch-checkpoint', bytes: Uint8Array.from(utf8(leaderEpochCheckpoint(log.epochs))) },
    { name: 'partition.metadata', bytes: Uint8Array.from(utf8(partitionMetadata(topicId))) },
  ]
}

function exportedFiles(log: Log, segment: Segment): readonly ExportedFile[] {
  const { baseOffset } = segment
  const names = segmentFileNames(baseOffset)
  const { offsets, times } = indexesOf(log, segment)
  const aborted = abortedIn(log, segment)
  return [
    { name: names.log, bytes: exportSegment(log, segment) },
    { name: names.index, bytes: offsetIndexBytes(baseOffset, offsets) },
    { name: names.timeindex, bytes: timeIndexBytes(baseOffset, times) },
    ...(aborted.length === 0 ? [] : [{ name: names.txnindex, bytes: joined(aborted.map(abortedTxnBytes)) }]),
    ...(hasSnapshot(baseOffset) ? [{ name: names.snapshot, bytes: snapshotBytes(producersBefore(log, baseOffset)) }] : []),
  ]
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let place = 0
  for (const part of parts) {
    bytes.set(part, place)
    place += part.length
  }
  return bytes
}
