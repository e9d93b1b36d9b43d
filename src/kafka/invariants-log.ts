/** Statements about logs, high watermarks and leaders. */
import { at, firstIndex } from '../base/chunks.ts'
import type { World } from '../engine/world.ts'
import type { Broker, Replica } from './broker/state.ts'
import { effectiveMinIsr } from './broker/high-watermark.ts'
import { maximalIsr } from './broker/isr-state.ts'
import type { Memory, Scanned, Violation } from './invariants-memory.ts'
import { controllerOf, replicaOf } from './look.ts'
import { batchAt, segmentsOf } from './log/log.ts'
import { offsetOf, recordAt } from './log/record.ts'

/** A record and the term it was written in: sent again, it may lie elsewhere a second time. */
const idAt = ({ log }: Replica, offset: number): string | undefined => {
  const batch = batchAt(log, offset)
  const record = batch === undefined ? undefined : recordAt(batch, offset)
  return record === undefined ? undefined : `${record.id}/${batch!.partitionLeaderEpoch}`
}
/** Deleted, or compacted away: nothing stands there that could be another record. */
const isGone = ({ log }: Replica, offset: number): boolean => offset < log.startOffset || (log.config.compact && offset < log.endOffset)
const agrees = (replica: Replica, offset: number, committed: string): boolean => {
  const id = idAt(replica, offset)
  return id === undefined ? committed === '' || isGone(replica, offset) : id === committed || committed === ''
}

/** What leaders have committed is remembered, and their high watermarks only rise. */
export function noteLeaders(world: World, memory: Memory): Violation | undefined {
  for (const [name, { kind, state }] of world.nodes) {
    if (kind !== 'broker') continue
    if (state === undefined) {
      for (const key of memory.leads.keys()) if (key.endsWith(`@${name}`)) memory.leads.delete(key)
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
    for (const replica of ((state ?? disk) as Pick<Broker, 'replicas'>).replicas.values()) {
      if (only !== undefined && replica.partition !== only) continue
      const known = newest.get(replica.partition)
      if (known === undefined || replica.leaderEpoch > known.leaderEpoch || (replica.leaderEpoch === known.leaderEpoch && replica.highWatermark > known.highWatermark)) newest.set(replica.partition, replica)
    }
  }
  for (const [partition, replica] of newest) memory.prefix.set(partition, Array.from({ length: replica.highWatermark }, (_, offset) => idAt(replica, offset) ?? ''))
}

/** After a step in which the high watermark of this replica moved. */
export function noteMoved(world: World, name: string, partition: string, memory: Memory): Violation | undefined {
  const broker = world.nodes.get(name)?.state as Broker | undefined
  const replica = broker?.replicas.get(partition)
  return broker === undefined || replica === undefined ? undefined : noteLeader(world, broker, replica, memory)
}

/** What is known to have been committed there does not count any more: what its newest replica has below its high watermark does. */
export function forgetPartition(world: World, partition: string, memory: Memory): void {
  recallCommitted(world, memory, partition)
  for (const known of [memory.scanned, memory.leads]) for (const key of known.keys()) if (key.startsWith(`${partition}@`)) known.delete(key)
}

function noteLeader(world: World, broker: Broker, replica: Replica, memory: Memory): Violation | undefined {
  const { partition, leading, highWatermark, leaderEpoch } = replica
  const key = `${partition}@${broker.spec.name}`
  const before = memory.leads.get(key)
  if (leading === undefined) {
    if (before !== undefined) memory.leads.delete(key)
    return undefined
  }
  if (before?.epoch === leaderEpoch && before.highWatermark === highWatermark) return undefined
  memory.leads.set(key, { epoch: leaderEpoch, highWatermark })
  if (before?.epoch === leaderEpoch && highWatermark < before.highWatermark) return { id: 'INV-R10', what: `${key} went from ${before.highWatermark} to ${highWatermark}` }
  if (before?.epoch === leaderEpoch && leading.isr.isr.length < effectiveMinIsr(replica)) return { id: 'INV-R8', what: `${key} reached ${highWatermark} with an ISR of ${leading.isr.isr.join()}` }
  let prefix = memory.prefix.get(partition)
  if (prefix === undefined) memory.prefix.set(partition, (prefix = []))
  if (before?.epoch !== leaderEpoch && controllerOf(world)?.committed.partitions.get(partition)?.leaderEpoch === leaderEpoch) {
    const lacks = prefix.findIndex((committed, offset) => !agrees(replica, offset, committed))
    if (lacks >= 0) return { id: 'INV-R11', what: `${partition} was committed up to ${prefix.length}, ${key} leads without what was at ${lacks}`, partition }
  }
  while (prefix.length < highWatermark) prefix.push(idAt(replica, prefix.length) ?? '')
  return undefined
}

/** All replicas, on disk or alive, and the partitions they are of. */
export function checkReplicas(world: World, memory: Memory): Violation | undefined {
  for (const [name, node] of world.nodes) {
    if (node.kind !== 'broker') continue
    const { replicas, offline } = (node.state ?? node.disk) as Pick<Broker, 'replicas' | 'offline'>
    // A log in a directory that has failed is what it was when it failed.
    for (const replica of offline === undefined ? replicas.values() : [...replicas.values(), ...offline.values()]) {
      const broken = checkReplica(`${replica.partition}@${name}`, replica, memory)
      if (broken !== undefined) return broken
    }
  }
  return checkLeaders(world, memory) ?? checkIsrs(world, memory)
}

function checkReplica(key: string, replica: Replica, memory: Memory): Violation | undefined {
  const { log, highWatermark, lastTruncation, partition } = replica
  if (!(log.startOffset >= 0 && log.startOffset <= highWatermark && highWatermark <= log.endOffset)) return { id: 'INV-L1', what: `${key}: ${log.startOffset}, ${highWatermark}, ${log.endOffset}` }
  const { epochs } = log
  for (let i = 1; i < epochs.length; i++) {
    if (epochs[i]![0] <= epochs[i - 1]![0] || epochs[i]![1] <= epochs[i - 1]![1]) return { id: 'INV-L4', what: `${key}: ${JSON.stringify(epochs)}` }
  }
  const bases = segmentsOf(log).map(({ baseOffset }) => baseOffset)
  if (bases.some((base, i) => base <= (bases[i - 1] ?? -1)) || bases[0]! > log.startOffset || log.recoveryPoint > log.endOffset) return { id: 'INV-L5', what: `${key}: ${bases.join()}, ${log.recoveryPoint}` }
  let scanned = memory.scanned.get(key)
  const prefix = memory.prefix.get(partition) ?? []
  if (scanned?.truncations !== replica.truncations || scanned.rewrites !== replica.rewrites) {
    if (scanned !== undefined && scanned.truncations !== replica.truncations) {
      // Who begins anew where the leader does drops what has been deleted there.
      const lost = lastTruncation?.batches.find((batch) => batch.lastOffset >= log.startOffset && batch.records.some(({ id }, i) => prefix[offsetOf(batch, i)] === `${id}/${batch.partitionLeaderEpoch}`))
      if (lost !== undefined) return { id: 'INV-R17', what: `${key} dropped ${lost.baseOffset} to ${lost.lastOffset}, committed up to ${prefix.length}`, partition }
    }
    scanned = { truncations: replica.truncations, rewrites: replica.rewrites, start: log.startOffset, next: 0, lastEpoch: -1, matches: 0 }
    memory.scanned.set(key, scanned)
  }
  if (log.startOffset < scanned.start) return { id: 'INV-L7', what: `${key} went from ${scanned.start} to ${log.startOffset}` }
  scanned.start = log.startOffset
  const broken = scan(key, replica, scanned, memory)
  if (broken !== undefined) return broken
  while (scanned.matches < prefix.length && agrees(replica, scanned.matches, prefix[scanned.matches]!)) scanned.matches++
  if (scanned.matches < Math.min(highWatermark, prefix.length)) {
    return { id: 'INV-R1', what: `${key} has ${idAt(replica, scanned.matches)} at ${scanned.matches}, committed was ${prefix[scanned.matches]}`, partition }
  }
  return undefined
}

/** Batches not looked at before. */
function scan(key: string, { log, partition }: Replica, scanned: Scanned, memory: Memory): Violation | undefined {
  const { compact } = log.config
  for (let i = firstIndex(log.batches, ({ lastOffset }) => lastOffset >= scanned.next); i < log.batches.length; i++) {
    const batch = at(log.batches, i)!
    // A log whose head has been deleted begins with the batch that holds its start.
    const expected = i === 0 ? Math.max(scanned.next, Math.min(batch.baseOffset, log.startOffset)) : Math.max(scanned.next, at(log.batches, i - 1)!.lastOffset + 1)
    scanned.next = batch.lastOffset + 1
    const dense = batch.cleaned === undefined ? batch.lastOffset === batch.baseOffset + batch.records.length - 1 : compact
    if (batch.baseOffset < expected || (batch.baseOffset > expected && !compact) || !dense) return { id: 'INV-L2', what: `${key}: ${batch.baseOffset} to ${batch.lastOffset} after ${expected - 1}` }
    const epoch = batch.partitionLeaderEpoch
    if (epoch < scanned.lastEpoch) return { id: 'INV-L3', what: `${key}: epoch ${epoch} after ${scanned.lastEpoch}` }
    if (epoch > scanned.lastEpoch && batch.lastOffset >= log.startOffset && !log.epochs.some(([e, start]) => e === epoch && (start === batch.baseOffset || ((compact || start === log.startOffset) && start <= batch.lastOffset)))) return { id: 'INV-L4', what: `${key}: epoch ${epoch} begins at ${batch.baseOffset}: ${JSON.stringify(log.epochs)}` }
    scanned.lastEpoch = epoch
    for (let i = 0; i < batch.records.length; i++) {
      const place = `${partition}/${epoch}/${offsetOf(batch, i)}`
      const { id } = batch.records[i]!
      const known = memory.records.get(place)
      if (known === undefined) memory.records.set(place, id)
      else if (known !== id) return { id: 'INV-R2', what: `${key} has ${id} at ${place}, elsewhere it is ${known}` }
    }
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
      const truth = committed?.partitions.get(partition)
      if (truth !== undefined && leaderEpoch > truth.leaderEpoch) return { id: 'INV-C10', what: `${name} is in epoch ${leaderEpoch} of ${partition}, committed is ${truth.leaderEpoch}` }
      if (leading === undefined) continue
      const key = `${partition}/${leaderEpoch}`
      const leader = memory.leaders.get(key) ?? broker.spec.id
      memory.leaders.set(key, leader)
      if (leader !== broker.spec.id) return { id: 'INV-R15', what: `b${leader} and ${name} lead ${key}` }
      if (truth?.leaderEpoch !== leaderEpoch) continue
      const behind = maximalIsr(leading.isr).find((id) => id !== broker.spec.id && (replicaOf(world, partition, id)?.log.endOffset ?? 0) < highWatermark)
      if (behind !== undefined) return { id: 'INV-R4', what: `${name} has committed ${partition} up to ${highWatermark}, b${behind} has less` }
    }
  }
  return undefined
}

/** Who is in sync, or eligible, by the committed record, has all that was ever committed. */
function checkIsrs(world: World, memory: Memory): Violation | undefined {
  for (const { partition, isr, elr, leader } of controllerOf(world)?.committed.partitions.values() ?? []) {
    const prefix = memory.prefix.get(partition) ?? []
    for (const id of elr.length === 0 ? isr : [...isr, ...elr]) {
      const matches = memory.scanned.get(`${partition}@b${id}`)?.matches ?? 0
      if (matches < prefix.length) return { id: id === leader ? 'INV-R11' : isr.includes(id) ? 'INV-R5' : 'INV-R6', what: `${partition} was committed up to ${prefix.length}, b${id} agrees up to ${matches}`, partition }
    }
  }
  return undefined
}
