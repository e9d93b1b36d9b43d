/** Statements about logs, high watermarks and leaders. */
import { at, firstIndex } from '../base/chunks.ts'
import type { World } from '../engine/world.ts'
import { nodeName, type Broker, type Replica } from './broker/state.ts'
import type { Micros, Offset } from '../base/units.ts'
import { effectiveMinIsr } from './broker/high-watermark.ts'
import { maximalIsr } from './broker/isr-state.ts'
import { knownPartition, newScanned, type Committed, type KnownPartition, type Memory, type Scanned, type Violation } from './invariants-memory.ts'
import { checkFollower, completeWrites } from './invariants-replication.ts'
import { checkWritten, keepWritten } from './invariants-rewritten.ts'
import { forgetSequences } from './invariants-sequences.ts'
import { controllerOf, replicaOf } from './look.ts'
import { batchAt, segmentsOf } from './log/log.ts'
import { offsetOf, recordAt, type RecordBatch } from './log/record.ts'
import type { FactOf } from './notes.ts'
import { parsePartition } from './topic-partition.ts'

/** Deleted, or compacted away: nothing stands there that could be another record. */
const isGone = ({ log }: Replica, offset: number): boolean => offset < log.startOffset || (log.config.compact && offset < log.endOffset)
function agrees(replica: Replica, offset: number, { ids, epochs }: Committed): boolean {
  const batch = batchAt(replica.log, offset)
  const record = batch === undefined ? undefined : recordAt(batch, offset)
  const id = ids[offset]
  if (id === '') return true
  return record === undefined ? isGone(replica, offset) : record.id === id && batch!.partitionLeaderEpoch === epochs[offset]
}
function recall({ ids, epochs }: Committed, { log }: Replica, to: Offset): void {
  for (let offset = ids.length; offset < to; offset++) {
    const batch = batchAt(log, offset)
    ids.push((batch === undefined ? undefined : recordAt(batch, offset)?.id) ?? '')
    epochs.push(batch?.partitionLeaderEpoch ?? -1)
  }
}
const tellAt = ({ log }: Replica, offset: Offset): string => {
  const batch = batchAt(log, offset)
  const record = batch === undefined ? undefined : recordAt(batch, offset)
  return record === undefined ? 'nothing' : `${record.id} of epoch ${batch!.partitionLeaderEpoch}`
}

/** What leaders have committed is remembered, and their high watermarks only rise. */
export function noteLeaders(world: World, memory: Memory): Violation | undefined {
  for (const [name, { kind, state }] of world.nodes) {
    if (kind !== 'broker') continue
    if (state === undefined) {
      for (const { leads } of memory.partitions.values()) leads.delete(name)
      continue
    }
    for (const replica of (state as Broker).replicas.values()) {
      const broken = noteLeader(world, state as Broker, replica, memory)
      if (broken !== undefined) return broken
    }
  }
  return undefined
}

/** What has been committed so far, by the newest replica that knows: whoever led last may be down. */
export function recallCommitted(world: World, memory: Memory, only?: string): void {
  const newest = new Map<string, Replica>()
  for (const { kind, state, disk } of world.nodes.values()) {
    if (kind !== 'broker') continue
    const broker = (state ?? disk) as Pick<Broker, 'replicas' | 'metadata'>
    for (const replica of broker.replicas.values()) {
      if ((only !== undefined && replica.partition !== only) || isStale(memory, broker, replica.partition)) continue
      const known = newest.get(replica.partition)
      if (known === undefined || replica.leaderEpoch > known.leaderEpoch || (replica.leaderEpoch === known.leaderEpoch && replica.highWatermark > known.highWatermark)) newest.set(replica.partition, replica)
    }
  }
  for (const [partition, replica] of newest) {
    const { committed } = knownPartition(memory, partition)
    committed.ids = []
    committed.epochs = []
    recall(committed, replica, replica.highWatermark)
  }
}

/** After a step in which the high watermark of this replica moved. */
export function noteMoved(world: World, name: string, { partition, to }: FactOf<'highWatermark.advanced'>, memory: Memory): Violation | undefined {
  const broker = world.nodes.get(name)?.state as Broker | undefined
  const replica = broker?.replicas.get(partition)
  if (broker === undefined || replica === undefined) return undefined
  if (replica.leading === undefined) return checkFollower(name, replica, to, memory)
  completeWrites(name, replica, memory)
  return noteLeader(world, broker, replica, memory)
}

/** What is known to have been committed there does not count any more: what its newest replica has below its high watermark does. */
export function forgetPartition(world: World, partition: string, memory: Memory): void {
  recallCommitted(world, memory, partition)
  forgetSequences(memory, partition)
  const { scanned, leads } = knownPartition(memory, partition)
  scanned.clear()
  leads.clear()
}

/** A topic of this name that is created again has nothing to do with this one. */
export function forgetTopic(memory: Memory, topic: string, partitions: readonly string[], gone: { readonly offset: Offset; readonly at: Micros }): void {
  for (const partition of partitions) {
    memory.partitions.delete(partition)
    for (const key of memory.told.keys()) if (key.startsWith(`${partition}@`)) memory.told.delete(key)
    forgetSequences(memory, partition)
    for (const standings of memory.standings.values()) standings.delete(partition)
  }
  memory.placements.delete(topic)
  memory.counts.delete(topic)
  memory.gone.set(topic, gone)
}
/** What this broker has is of a topic that was deleted, and it has not heard of that. */
const isStale = ({ gone }: Memory, { metadata }: Pick<Broker, 'metadata'>, partition: string): boolean =>
  gone.size > 0 && metadata.endOffset <= (gone.get(parsePartition(partition).topic)?.offset ?? -1)

function noteLeader(world: World, broker: Broker, replica: Replica, memory: Memory): Violation | undefined {
  const { partition, leading, highWatermark, leaderEpoch } = replica
  const { name } = broker.spec
  const { leads, committed } = knownPartition(memory, partition)
  const before = leads.get(name)
  if (leading === undefined) {
    if (before !== undefined) leads.delete(name)
    return undefined
  }
  if ((before?.epoch === leaderEpoch && before.highWatermark === highWatermark) || isStale(memory, broker, partition)) return undefined
  leads.set(name, { epoch: leaderEpoch, highWatermark })
  if (before?.epoch === leaderEpoch && highWatermark < before.highWatermark) return { id: 'INV-R10', what: `${partition}@${name} went from ${before.highWatermark} to ${highWatermark}` }
  if (before?.epoch === leaderEpoch && leading.isr.isr.length < effectiveMinIsr(replica)) return { id: 'INV-R8', what: `${partition}@${name} reached ${highWatermark} with an ISR of ${leading.isr.isr.join()}` }
  if (before?.epoch !== leaderEpoch && controllerOf(world)?.committed.partitions.get(partition)?.leaderEpoch === leaderEpoch) {
    const lacks = committed.ids.findIndex((_, offset) => !agrees(replica, offset, committed))
    if (lacks >= 0) return { id: 'INV-R11', what: `${partition} was committed up to ${committed.ids.length}, ${name} leads without what was at ${lacks}`, partition }
  }
  recall(committed, replica, highWatermark)
  return undefined
}

/** All replicas, on disk or alive, and the partitions they are of. */
export function checkReplicas(world: World, memory: Memory): Violation | undefined {
  for (const [name, node] of world.nodes) {
    if (node.kind !== 'broker') continue
    const broker = (node.state ?? node.disk) as Pick<Broker, 'replicas' | 'offline' | 'metadata'>
    const { replicas, offline } = broker
    // A log in a directory that has failed is what it was when it failed.
    for (const replica of offline === undefined ? replicas.values() : [...replicas.values(), ...offline.values()]) {
      const broken = isStale(memory, broker, replica.partition) ? undefined : checkReplica(name, replica, memory)
      if (broken !== undefined) return broken
    }
  }
  return checkLeaders(world, memory) ?? checkIsrs(world, memory)
}

function checkReplica(node: string, replica: Replica, memory: Memory): Violation | undefined {
  const { log, lastTruncation, partition } = replica
  const known = knownPartition(memory, partition)
  const { committed } = known
  let scanned = known.scanned.get(node)
  const isKnown = scanned?.truncations === replica.truncations && scanned.rewrites === replica.rewrites
  if (isKnown && isAsItWas(scanned!, replica, committed)) return checkWritten(node, replica, scanned!)
  const broken = checkShape(`${partition}@${node}`, replica)
  if (broken !== undefined) return broken
  if (!isKnown) {
    if (scanned !== undefined && scanned.truncations !== replica.truncations) {
      // Who begins anew where the leader does drops what has been deleted there.
      const lost = lastTruncation?.batches.find((batch) => batch.lastOffset >= log.startOffset
        && batch.records.some(({ id }, i) => committed.ids[offsetOf(batch, i)] === id && committed.epochs[offsetOf(batch, i)] === batch.partitionLeaderEpoch))
      if (lost !== undefined) return { id: 'INV-R17', what: `${partition}@${node} dropped ${lost.baseOffset} to ${lost.lastOffset}, committed up to ${committed.ids.length}`, partition }
    }
    scanned = newScanned(replica.truncations, replica.rewrites, log.startOffset)
    known.scanned.set(node, scanned)
  }
  return checkContents(node, replica, scanned!, known)
}

/** Segments and epochs are lists that are frozen and replaced. */
const isAsItWas = (scanned: Scanned, { log, highWatermark }: Replica, { ids }: Committed): boolean =>
  scanned.end === log.endOffset && scanned.highWatermark === highWatermark && scanned.start === log.startOffset && scanned.recoveryPoint === log.recoveryPoint && scanned.closed === log.closed
  && scanned.epochs === log.epochs && scanned.committed === ids.length

/** INV-L1, INV-L4 and INV-L5. */
function checkShape(key: string, { log, highWatermark }: Replica): Violation | undefined {
  if (!(log.startOffset >= 0 && log.startOffset <= highWatermark && highWatermark <= log.endOffset)) return { id: 'INV-L1', what: `${key}: ${log.startOffset}, ${highWatermark}, ${log.endOffset}` }
  const { epochs } = log
  for (let i = 1; i < epochs.length; i++) {
    if (epochs[i]![0] <= epochs[i - 1]![0] || epochs[i]![1] <= epochs[i - 1]![1]) return { id: 'INV-L4', what: `${key}: ${JSON.stringify(epochs)}` }
  }
  const bases = segmentsOf(log).map(({ baseOffset }) => baseOffset)
  if (bases.some((base, i) => base <= (bases[i - 1] ?? -1)) || bases[0]! > log.startOffset || log.recoveryPoint > log.endOffset) return { id: 'INV-L5', what: `${key}: ${bases.join()}, ${log.recoveryPoint}` }
  return undefined
}

function checkContents(node: string, replica: Replica, scanned: Scanned, known: KnownPartition): Violation | undefined {
  const { log, highWatermark, partition } = replica
  const { committed } = known
  if (log.startOffset < scanned.start) return { id: 'INV-L7', what: `${partition}@${node} went from ${scanned.start} to ${log.startOffset}` }
  scanned.start = log.startOffset
  const broken = scan(node, replica, scanned, known) ?? checkWritten(node, replica, scanned)
  if (broken !== undefined) return broken
  const { length } = committed.ids
  while (scanned.matches < length && agrees(replica, scanned.matches, committed)) scanned.matches++
  if (scanned.matches < Math.min(highWatermark, length)) {
    return { id: 'INV-R1', what: `${partition}@${node} has ${tellAt(replica, scanned.matches)} at ${scanned.matches}, committed was ${committed.ids[scanned.matches]} of epoch ${committed.epochs[scanned.matches]}`, partition }
  }
  Object.assign(scanned, { end: log.endOffset, highWatermark, recoveryPoint: log.recoveryPoint, closed: log.closed, epochs: log.epochs, committed: length })
  return undefined
}

/** Batches not looked at before. */
function scan(node: string, { log, partition }: Replica, scanned: Scanned, { records }: KnownPartition): Violation | undefined {
  const { compact } = log.config
  for (let i = firstIndex(log.batches, ({ lastOffset }) => lastOffset >= scanned.next); i < log.batches.length; i++) {
    const batch = at(log.batches, i)!
    keepWritten(scanned, batch)
    // A log whose head has been deleted begins with the batch that holds its start.
    const expected = i === 0 ? Math.max(scanned.next, Math.min(batch.baseOffset, log.startOffset)) : Math.max(scanned.next, at(log.batches, i - 1)!.lastOffset + 1)
    scanned.next = batch.lastOffset + 1
    const dense = batch.cleaned === undefined ? batch.lastOffset === batch.baseOffset + batch.records.length - 1 : compact
    if (batch.baseOffset < expected || (batch.baseOffset > expected && !compact) || !dense) return { id: 'INV-L2', what: `${partition}@${node}: ${batch.baseOffset} to ${batch.lastOffset} after ${expected - 1}` }
    const epoch = batch.partitionLeaderEpoch
    if (epoch < scanned.lastEpoch) return { id: 'INV-L3', what: `${partition}@${node}: epoch ${epoch} after ${scanned.lastEpoch}` }
    if (epoch > scanned.lastEpoch && batch.lastOffset >= log.startOffset && !log.epochs.some(([e, start]) => e === epoch && (start === batch.baseOffset || ((compact || start === log.startOffset) && start <= batch.lastOffset)))) return { id: 'INV-L4', what: `${partition}@${node}: epoch ${epoch} begins at ${batch.baseOffset}: ${JSON.stringify(log.epochs)}` }
    scanned.lastEpoch = epoch
    const other = noteRecords(records, batch)
    if (other !== undefined) return { id: 'INV-R2', what: `${partition}@${node} has ${tellAt({ log } as Replica, other.offset)} at ${other.offset}, elsewhere it is ${other.id}` }
  }
  return undefined
}

/** Where another record has been seen with this epoch and offset. */
function noteRecords(records: KnownPartition['records'], batch: RecordBatch): { readonly offset: Offset; readonly id: string } | undefined {
  let known = records.get(batch.partitionLeaderEpoch)
  if (known === undefined) records.set(batch.partitionLeaderEpoch, (known = { base: batch.baseOffset, ids: [] }))
  if (batch.baseOffset < known.base) {
    known.ids = [...Array.from<undefined>({ length: known.base - batch.baseOffset }), ...known.ids]
    known.base = batch.baseOffset
  }
  const { base, ids } = known
  for (let i = 0; i < batch.records.length; i++) {
    const offset = offsetOf(batch, i)
    const { id } = batch.records[i]!
    while (ids.length < offset - base) ids.push(undefined)
    const other = ids[offset - base]
    if (other === undefined) ids[offset - base] = id
    else if (other !== id) return { offset, id: other }
  }
  return undefined
}

/** One leader an epoch, ever; and what the one of the newest epoch may believe of its followers. */
function checkLeaders(world: World, memory: Memory): Violation | undefined {
  const committed = controllerOf(world)?.committed
  for (const [name, node] of world.nodes) {
    if (node.kind !== 'broker' || node.state === undefined) continue
    const broker = node.state as Broker
    for (const replica of broker.replicas.values()) {
      const { partition, leading, leaderEpoch, highWatermark } = replica
      if (isStale(memory, broker, partition)) continue
      const truth = committed?.partitions.get(partition)
      if (truth !== undefined && leaderEpoch > truth.leaderEpoch) return { id: 'INV-C10', what: `${name} is in epoch ${leaderEpoch} of ${partition}, committed is ${truth.leaderEpoch}` }
      if (leading === undefined) continue
      const { leaders } = knownPartition(memory, partition)
      const leader = leaders.get(leaderEpoch)
      if (leader === undefined) leaders.set(leaderEpoch, broker.spec.id)
      else if (leader !== broker.spec.id) return { id: 'INV-R15', what: `b${leader} and ${name} lead ${partition} in epoch ${leaderEpoch}` }
      if (truth?.leaderEpoch !== leaderEpoch) continue
      const counted = maximalIsr(leading.isr)
      // What it knows of the newest record, and that record itself: nobody joins but by its own asking.
      const missing = truth.isr.find((id) => !counted.includes(id))
      if (missing !== undefined) return { id: 'INV-R7', what: `${name} counts ${counted.join()} of ${partition}, b${missing} is in the ISR ${truth.isr.join()}` }
      const behind = counted.find((id) => id !== broker.spec.id && (replicaOf(world, partition, id)?.log.endOffset ?? 0) < highWatermark)
      if (behind !== undefined) return { id: 'INV-R4', what: `${name} has committed ${partition} up to ${highWatermark}, b${behind} has less` }
    }
  }
  return undefined
}

/** Who is in sync, or eligible, by the committed record, has all that was ever committed. */
function checkIsrs(world: World, memory: Memory): Violation | undefined {
  for (const { partition, isr, elr, leader } of controllerOf(world)?.committed.partitions.values() ?? []) {
    const { scanned, committed: { ids: prefix } } = knownPartition(memory, partition)
    for (const id of elr.length === 0 ? isr : [...isr, ...elr]) {
      const matches = scanned.get(nodeName(id))?.matches ?? 0
      if (matches < prefix.length) return { id: id === leader ? 'INV-R11' : isr.includes(id) ? 'INV-R5' : 'INV-R6', what: `${partition} was committed up to ${prefix.length}, b${id} agrees up to ${matches}`, partition }
    }
  }
  return undefined
}
