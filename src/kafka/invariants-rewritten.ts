/** INV-L6, INV-L8, INV-L9 and INV-L10: what becomes of a log that nobody truncates, when it is written to, cut at its head, or compacted. */
import { append, at, dropFirst } from '../base/chunks.ts'
import type { Offset } from '../base/units.ts'
import type { World } from '../engine/world.ts'
import type { Broker, Replica } from './broker/state.ts'
import type { Memory, Scanned, Violation } from './invariants-memory.ts'
import { sizeOf, type Log } from './log/log.ts'
import { isTransactional, offsetOf, recordAt, type RecordBatch } from './log/record.ts'
import type { Fact, FactOf } from './notes.ts'
import { wallMs } from './wall-clock.ts'

/** So many batches of each log are looked at again each time, in turn. */
const AGAIN = 2

/** A batch is looked at for the first time. */
export const keepWritten = ({ written }: Scanned, batch: RecordBatch): void => append(written, batch)

/** INV-L6, and what was deleted at the head is forgotten. */
export function checkWritten(node: string, { partition, log }: Replica, scanned: Scanned): Violation | undefined {
  const { written } = scanned
  const first = at(log.batches, 0)?.baseOffset ?? log.endOffset
  let gone = 0
  while (gone < written.length && at(written, gone)!.lastOffset < first) gone++
  if (gone > 0) dropFirst(written, gone)
  if (written.length === 0) return undefined
  for (let turn = 0; turn < AGAIN; turn++) {
    scanned.again = (scanned.again + 1) % written.length
    const was = at(written, scanned.again)!, is = at(log.batches, scanned.again)
    if (was !== is && (is === undefined || !isSame(was, is))) return { id: 'INV-L6', what: `${partition}@${node} had ${tell(was)}, and has ${is === undefined ? 'nothing' : tell(is)}` }
  }
  return undefined
}
/** The same object, unless a part of the run has been made again. */
const isSame = (one: RecordBatch, other: RecordBatch): boolean =>
  one.baseOffset === other.baseOffset && one.lastOffset === other.lastOffset && one.partitionLeaderEpoch === other.partitionLeaderEpoch && one.records.length === other.records.length
  && one.records.every(({ id }, i) => id === other.records[i]!.id)
const tell = ({ baseOffset, lastOffset, partitionLeaderEpoch, records }: RecordBatch): string => `${records[0]?.id ?? 'nothing'} at ${baseOffset} to ${lastOffset} of epoch ${partitionLeaderEpoch}`

const replicaAt = (world: World, node: string, partition: string): Replica | undefined => (world.nodes.get(node)?.state as Broker | undefined)?.replicas.get(partition)

/** INV-L8 and INV-L10. In one look at a log what is too large goes before what is too old. */
export function noteDeleted(world: World, node: string, fact: FactOf<'segment.deleted'>, _memory: Memory, facts: readonly { readonly node: string; readonly fact: Fact }[]): Violation | undefined {
  const { partition, base, last, why } = fact
  const replica = replicaAt(world, node, partition)
  if (replica === undefined) return undefined
  const { log, highWatermark } = replica
  if (last >= highWatermark) return { id: 'INV-L8', what: `${partition}@${node} deleted ${base} to ${last}, HW is ${highWatermark}` }
  const { retentionBytes } = log.config
  if (why !== 'size' || retentionBytes < 0) return undefined
  let left = sizeOf(log)
  for (const other of facts) if (other.node === node && other.fact.code === 'segment.deleted' && other.fact.partition === partition && other.fact.base > base) left += other.fact.bytes
  return left >= retentionBytes ? undefined : { id: 'INV-L10', what: `${partition}@${node} has ${left} bytes left without ${base} to ${last}, and is to keep ${retentionBytes}` }
}

/**
 * INV-L9, against the batches as they were looked at last. What a transaction has written may be gone because it was aborted,
 * so of a key whose newest record is part of one nothing is said.
 */
export function noteCleaned(world: World, node: string, { partition, upTo }: FactOf<'log.cleaned'>, memory: Memory): Violation | undefined {
  const replica = replicaAt(world, node, partition)
  const scanned = memory.partitions.get(partition)?.scanned.get(node)
  if (replica === undefined || scanned?.truncations !== replica.truncations || scanned.rewrites !== replica.rewrites - 1) return undefined
  const { log } = replica
  const key = `${partition}@${node}`
  const newest = newestOf(log)
  for (const [of, { offset, mayGo }] of wantedOf(scanned, log, upTo, wallMs({ clock: world.now + (world.nodes.get(node)?.skew ?? 0) }))) {
    if (!mayGo && (newest.get(of) ?? -1) < offset) return { id: 'INV-L9', what: `${key} was compacted up to ${upTo}: ${of} stood at ${offset}, and is gone` }
  }
  return checkSurvivors(key, log, scanned, upTo)
}

interface Wanted { readonly offset: Offset; readonly mayGo: boolean }
/** Of each key the newest record that was there. */
function wantedOf({ written }: Scanned, { startOffset }: Log, upTo: Offset, nowMs: number): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>()
  for (let i = 0; i < written.length; i++) {
    const batch = at(written, i)!
    if (batch.baseOffset >= upTo) break
    const horizon = batch.cleaned?.deleteHorizonMs
    batch.records.forEach(({ key, value }, j) => {
      const offset = offsetOf(batch, j)
      if (key !== undefined && offset < upTo) wanted.set(key, { offset, mayGo: isTransactional(batch) || offset < startOffset || (value === undefined && horizon !== undefined && horizon <= nowMs) })
    })
  }
  return wanted
}
function newestOf({ batches }: Log): Map<string, Offset> {
  const newest = new Map<string, Offset>()
  for (let i = 0; i < batches.length; i++) {
    const batch = at(batches, i)!
    batch.records.forEach(({ key }, j) => key !== undefined && newest.set(key, offsetOf(batch, j)))
  }
  return newest
}

/** What is left stands where it stood. */
function checkSurvivors(key: string, { batches }: Log, { written }: Scanned, upTo: Offset): Violation | undefined {
  let before = 0
  for (let i = 0; i < batches.length; i++) {
    const batch = at(batches, i)!
    if (batch.baseOffset >= upTo) break
    while (before < written.length && at(written, before)!.lastOffset < batch.baseOffset) before++
    const was = at(written, before)
    for (let j = 0; j < batch.records.length; j++) {
      const offset = offsetOf(batch, j)
      const { id } = batch.records[j]!
      if (was !== undefined && was.baseOffset <= offset && offset <= was.lastOffset && recordAt(was, offset)?.id !== id) return { id: 'INV-L9', what: `${key} was compacted up to ${upTo}: ${id} is at ${offset} now` }
    }
  }
  return undefined
}
