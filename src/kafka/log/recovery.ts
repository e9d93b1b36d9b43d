/**
 * What a broker makes of the logs that it finds when it starts. After an orderly stop they are taken as they are; else every
 * segment from the recovery point on is read again, and at the first batch that is not whole the log is cut.
 * Follows storage/.../log/{LogLoader,LogSegment}.java#recoverLog, #recover. SEG-10.
 */
import { append, at, newChunks } from '../../base/chunks.ts'
import type { Offset } from '../../base/units.ts'
import { bytesOfBatch } from './encode.ts'
import { BATCH_HEADER_BYTES, SPOILED, type RecordBatch } from './record.ts'
import { isWhole, readHeader } from './header.ts'
import { placesOf, segmentsOf, truncateTo, type Log } from './log.ts'
import type { Segment } from './segment.ts'

/** What has happened to a segment's file: one byte is another, or its end is missing. */
export type Damage = { readonly segmentBaseOffset: Offset; readonly flipAt: number } | { readonly segmentBaseOffset: Offset; readonly cutBytes: number }

/** Length field and what comes before it. */
const LOG_OVERHEAD = 12
const MAGIC = 2

/** Load a log whose files have suffered this. Gives the batches that are gone. */
export function load(log: Log, hadCleanShutdown: boolean, damage: readonly Damage[] = []): readonly RecordBatch[] {
  const lost: RecordBatch[] = []
  for (const segment of segmentsOf(log)) {
    const own = damage.filter(({ segmentBaseOffset }) => segmentBaseOffset === segment.baseOffset)
    if (own.length === 0) continue
    const [from, to] = placesOf(log, segment)
    const batches = Array.from({ length: to - from }, (_, i) => at(log.batches, from + i)!)
    const file = damaged(batches, own)
    if (!hadCleanShutdown && isUnflushed(log, segment)) {
      const { count, bytes } = wholeBatches(file)
      if (bytes < file.length) return [...lost, ...truncateTo(log, batches[count]!.baseOffset)]
    }
    spoil(log, batches, file)
    lost.push(...forgetMissing(log, segment, batches, file.length))
  }
  return lost
}

/** Segments wholly below the recovery point are taken to be on the disk, and not looked at. */
function isUnflushed(log: Log, segment: Segment): boolean {
  const next = segmentsOf(log).find(({ baseOffset }) => baseOffset > segment.baseOffset)
  return next === undefined || next.baseOffset > log.recoveryPoint
}

function damaged(batches: readonly RecordBatch[], damage: readonly Damage[]): Uint8Array {
  let file = Uint8Array.from(batches.flatMap((batch) => [...bytesOfBatch(batch)]))
  for (const each of damage) {
    if ('cutBytes' in each) file = file.slice(0, Math.max(0, file.length - each.cutBytes))
    else if (each.flipAt < file.length) file[each.flipAt]! ^= 0xff
  }
  return file
}

/** How many batches from the file's beginning are whole, and how many bytes they take. */
export function wholeBatches(file: Uint8Array): { readonly count: number; readonly bytes: number } {
  let count = 0, bytes = 0
  while (file.length - bytes >= BATCH_HEADER_BYTES) {
    const { batchLength, magic } = readHeader(file.subarray(bytes))
    const size = batchLength + LOG_OVERHEAD
    if (magic !== MAGIC || size < BATCH_HEADER_BYTES || size > file.length - bytes || !isWhole(file.subarray(bytes, bytes + size))) break
    count++
    bytes += size
  }
  return { count, bytes }
}

/** What is not whole, and was not looked at, is there all the same: whoever reads it will see. */
function spoil(log: Log, batches: readonly RecordBatch[], file: Uint8Array): void {
  let bytes = 0
  const bad = new Set(batches.filter(({ sizeInBytes }) => {
    const from = bytes
    bytes += sizeInBytes
    return bytes <= file.length && !isWhole(file.subarray(from, bytes))
  }))
  if (bad.size > 0) rewrite(log, (batch) => (bad.has(batch) ? Object.freeze({ ...batch, attributes: batch.attributes | SPOILED }) : batch))
}

function rewrite(log: Log, change: (batch: RecordBatch) => RecordBatch | undefined): void {
  const batches = newChunks<RecordBatch>()
  for (let i = 0; i < log.batches.length; i++) {
    const changed = change(at(log.batches, i)!)
    if (changed !== undefined) append(batches, changed)
  }
  log.batches = batches
}

/** Where in its segment's file the last byte of the batch lies that holds this offset; undefined = there is none. */
export function placeOf(log: Log, offset: Offset): { readonly segmentBaseOffset: Offset; readonly flipAt: number } | undefined {
  const segment = segmentsOf(log).findLast(({ baseOffset }) => baseOffset <= offset)
  if (segment === undefined) return undefined
  const [from, to] = placesOf(log, segment)
  let bytes = 0
  for (let i = from; i < to; i++) {
    const { baseOffset, lastOffset, sizeInBytes } = at(log.batches, i)!
    bytes += sizeInBytes
    if (lastOffset >= offset) return baseOffset <= offset ? { segmentBaseOffset: segment.baseOffset, flipAt: bytes - 1 } : undefined
  }
  return undefined
}

/** Whatever the file does not reach any more is not there, looked for or not; what is left of a torn batch takes its room. */
function forgetMissing(log: Log, segment: Segment, batches: readonly RecordBatch[], length: number): readonly RecordBatch[] {
  let bytes = 0
  const kept = batches.filter(({ sizeInBytes }) => (bytes += sizeInBytes) <= length)
  if (kept.length === batches.length) return []
  const lost = batches.slice(kept.length)
  if (segment === log.active) {
    truncateTo(log, lost[0]!.baseOffset)
    log.active.sizeInBytes = length
    return lost
  }
  rewrite(log, (batch) => (lost.includes(batch) ? undefined : batch))
  log.closed = Object.freeze(log.closed.map((each) => (each === segment ? Object.freeze({ ...segment, sizeInBytes: length }) : each)))
  return lost
}
