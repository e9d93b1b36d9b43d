/** Looks for what is on a disk: one replica's files, or one batch of it. Alive or not, the disk is there. */
import { at, firstIndex } from '../base/chunks.ts'
import type { Offset } from '../base/units.ts'
import type { World } from '../engine/world.ts'
import type { Replica } from '../kafka/broker/state.ts'
import { bytesOfBatch } from '../kafka/log/encode.ts'
import { exportSegment, segmentAt } from '../kafka/log/export.ts'
import { segmentFileNames } from '../kafka/log/files.ts'
import { indexesOf, lookUpOffset } from '../kafka/log/indexes.ts'
import { placesOf, segmentsOf, type Log } from '../kafka/log/log.ts'
import { isSpoiled, type RecordBatch } from '../kafka/log/record.ts'
import { fieldsOfBatch } from './batch-fields.ts'
import type { Hues } from './cells.ts'
import type { Ask, BatchView, Found } from './disk-view.ts'
import { filesView, type KeptBroker } from './files.ts'
import { sightOf } from './sight.ts'

export function lookFor(world: World, ask: Ask, hues: Hues): Found | undefined {
  if (ask.what === 'cluster') return { what: 'cluster', sight: sightOf(world, ask.wish) }
  const [partition, name] = ask.replica.split('@') as [string, string]
  const node = world.nodes.get(name)
  const broker = (node?.kind === 'broker' ? (node.state ?? node.disk) : undefined) as KeptBroker | undefined
  const replica = (broker?.replicas.get(partition) ?? broker?.offline?.get(partition))
  if (broker === undefined || replica === undefined) return undefined
  switch (ask.what) {
    case 'files': return filesView(world, name, broker, replica, hues)
    case 'batch': return batchView(name, replica, ask.offset)
    case 'segment': {
      const segment = segmentAt(replica.log, ask.offset ?? replica.log.endOffset)
      return { what: 'segment', replica: ask.replica, name: segmentFileNames(segment.baseOffset).log, bytes: exportSegment(replica.log, segment) }
    }
  }
}

function batchView(broker: string, { partition, log }: Replica, offset: Offset): BatchView | undefined {
  const place = placeOfBatch(log, offset)
  if (place < 0) return undefined
  const batch = at(log.batches, place)!
  const segment = segmentsOf(log).findLast(({ baseOffset }) => baseOffset <= batch.baseOffset) ?? segmentsOf(log)[0]!
  const [from] = placesOf(log, segment)
  const sizes: number[] = [0]
  for (let i = from; i < place; i++) sizes.push(sizes[sizes.length - 1]! + at(log.batches, i)!.sizeInBytes)
  const position = sizes[sizes.length - 1]!
  const entry = lookUpOffset(segment.baseOffset, indexesOf(log, segment).offsets, batch.baseOffset)
  return {
    what: 'batch', replica: `${partition}@${broker}`, partition, broker, offset, base: batch.baseOffset, last: batch.lastOffset, sizeInBytes: batch.sizeInBytes,
    segment: segment.baseOffset, file: segmentFileNames(segment.baseOffset).log, position, entry, readOver: sizes.length - 1 - sizes.indexOf(entry[1]),
    before: baseAt(log, place - 1), after: baseAt(log, place + 1), ...fieldsOfBatch(bytesOfBatch(batch), offset), spoiled: isSpoiled(batch),
  }
}

/** Of the batch that holds the offset, or the last one before it, or the first; -1 = the log is empty. */
function placeOfBatch(log: Log, offset: Offset): number {
  const { length } = log.batches
  if (length === 0) return -1
  const place = Math.min(length - 1, firstIndex(log.batches, ({ lastOffset }) => lastOffset >= offset))
  return at(log.batches, place)!.baseOffset > offset && place > 0 ? place - 1 : place
}
const baseAt = (log: Log, place: number): Offset | undefined => (at(log.batches, place) as RecordBatch | undefined)?.baseOffset
