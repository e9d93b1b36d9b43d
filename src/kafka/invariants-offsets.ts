/**
 * INV-G9 and INV-G10: what groups have committed. `told` is what the coordinator last said to be so; what has been asked for
 * since may be in its log too, and whoever coordinates next reads the log.
 */
import { at, firstIndex } from '../base/chunks.ts'
import type { Offset } from '../base/units.ts'
import type { World } from '../engine/world.ts'
import type { ConsumerState } from './client/consumer/state.ts'
import type { Memory, Standing, Violation } from './invariants-memory.ts'
import type { SentMessage } from './invariants-replication.ts'
import { isControl, offsetOf } from './log/record.ts'
import { brokerOf, consumerOf, controllerOf, groupPartition, replicaOf } from './look.ts'
import type { FactOf } from './notes.ts'

function standingOf({ standings }: Memory, group: string, partition: string): Standing {
  let known = standings.get(group)
  if (known === undefined) standings.set(group, (known = new Map()))
  let standing = known.get(partition)
  if (standing === undefined) known.set(partition, (standing = { told: undefined, asked: [], from: undefined, start: undefined, returned: new Set() }))
  return standing
}

/** Of a transaction or not. An administrator's commit passes over records as he likes. */
export function noteAsked(world: World, { from, message }: SentMessage<{ readonly groupId: string; readonly offsets: readonly { readonly partition: string; readonly offset: Offset }[] }>, memory: Memory): undefined {
  const client = world.nodes.get(from)?.kind
  for (const { partition, offset } of message.offsets) {
    const standing = standingOf(memory, message.groupId, partition)
    if (client === 'admin') standing.from = undefined
    if (offset !== (standing.asked[standing.asked.length - 1] ?? standing.told)) standing.asked.push(offset)
    // A commit that failed was not told; of so many none is on its way any more but the newest.
    if (standing.asked.length > 64) standing.asked.shift()
  }
}

/** A group is deleted, or what it has committed for some partitions. */
export function noteForgotten(_world: World, { message: { groupId } }: SentMessage<{ readonly groupId: string }>, { standings }: Memory): undefined {
  standings.delete(groupId)
}

/** It was old enough; whoever reads there next begins anew. */
export function noteExpired(_world: World, _node: string, { group, partition }: FactOf<'offsets.expired'>, { standings }: Memory): undefined {
  standings.get(group)?.delete(partition)
}

/** What the readers of this group have been given since the last look. */
function takeReturned(world: World, memory: Memory, group: string, partition: string, standing: Standing): void {
  for (const [name, node] of world.nodes) {
    if (node.kind !== 'consumer' && node.kind !== 'producer') continue
    const reader = consumerOf(node)
    if (reader?.config?.group !== group) continue
    const offsets = reader.notebook?.returned.get(partition)
    if (offsets === undefined) continue
    const key = `${name} ${partition}`
    for (let i = memory.returned.get(key) ?? 0; i < offsets.length; i++) standing.returned.add(at(offsets, i)!)
    memory.returned.set(key, offsets.length)
  }
}

/** INV-G10, of what it has passed over with this commit. */
export function noteOffset(world: World, _node: string, { group, partition, offset }: FactOf<'offsets.committed'>, memory: Memory): Violation | undefined {
  const standing = standingOf(memory, group, partition)
  const place = standing.asked.indexOf(offset)
  if (place >= 0) standing.asked.splice(0, place + 1)
  standing.told = offset
  takeReturned(world, memory, group, partition, standing)
  const { from, returned } = standing
  const missed = from === undefined || isByHand(world, group) ? undefined : firstMissed(world, partition, from, offset, returned)
  // A commit that went back, having been late, has passed over nothing: what lies before was read.
  standing.from = Math.max(from ?? offset, offset)
  for (const each of returned) if (each < standing.from) returned.delete(each)
  return missed === undefined ? undefined : { id: 'INV-G10', what: `${group} has committed ${offset} of ${partition}, and nobody in it was given ${missed}` }
}

/** Some application of the group commits what it likes, or reads with another isolation than the others. */
function isByHand({ nodes }: World, group: string): boolean {
  const isolations = new Set<unknown>()
  for (const node of nodes.values()) {
    if (node.kind !== 'consumer' && node.kind !== 'producer') continue
    const { config, configs } = consumerOf(node) ?? {} as Partial<ConsumerState>
    if (config?.group !== group) continue
    if (config.commits === 'manual' || config.polls === 'manual') return true
    isolations.add(configs?.['isolation.level'])
  }
  return isolations.size > 1
}

/** What is not there any more nobody can be given. */
function firstMissed(world: World, partition: string, from: Offset, to: Offset, returned: ReadonlySet<Offset>): Offset | undefined {
  const leader = controllerOf(world)?.committed.partitions.get(partition)?.leader ?? -1
  const log = replicaOf(world, partition, leader)?.log
  if (log === undefined) return undefined
  for (let i = firstIndex(log.batches, ({ lastOffset }) => lastOffset >= from); i < log.batches.length; i++) {
    const batch = at(log.batches, i)!
    if (batch.baseOffset >= to) break
    if (isControl(batch) || isAborted(log.transactions.aborted, batch.producerId, batch.baseOffset)) continue
    for (let j = 0; j < batch.records.length; j++) {
      const offset = offsetOf(batch, j)
      if (offset >= Math.max(from, log.startOffset) && offset < to && !returned.has(offset)) return offset
    }
  }
  return undefined
}
const isAborted = (aborted: readonly { readonly producerId: number; readonly firstOffset: Offset; readonly lastOffset: Offset }[], producerId: number, offset: Offset): boolean =>
  aborted.some((one) => one.producerId === producerId && one.firstOffset <= offset && offset <= one.lastOffset)

/** Where a reader goes to another place than it was at: from the beginning of its reading on everything counts, otherwise from the next commit on. */
export function notePlaced(world: World, _node: string, { consumer, partition, from, to }: FactOf<'offset.reset'> | FactOf<'position.sought'>, memory: Memory): undefined {
  const group = consumerOf(world.nodes.get(consumer))?.config?.group
  if (group === undefined) return
  const standing = standingOf(memory, group, partition)
  const begins = from === undefined && standing.told === undefined && memory.isWhole
  standing.from = begins && standing.from === undefined ? to : undefined
  standing.start = begins ? to : undefined
}

/** INV-G9, when another broker has begun to coordinate a group. */
export function checkStandings(world: World, memory: Memory): Violation | undefined {
  for (const [group, standings] of memory.standings) {
    const partition = groupPartition(world, group)
    const truth = partition === undefined ? undefined : controllerOf(world)?.committed.partitions.get(partition)
    const coordinator = truth === undefined ? undefined : brokerOf(world, truth.leader)?.coordinator
    if (coordinator?.partitions.get(partition!) !== truth?.leaderEpoch || truth === undefined) continue
    const term = `${truth.leader}/${truth.leaderEpoch}`
    const before = memory.coordinatorTerms.get(group)
    memory.coordinatorTerms.set(group, term)
    if (before === term || before === undefined) continue
    for (const [of, { told, asked }] of standings) {
      const offset = coordinator!.groups.get(group)?.offsets.get(of)?.offset
      if (told === undefined || offset === told || (offset !== undefined && asked.includes(offset))) continue
      return { id: 'INV-G9', what: `${group} had committed ${told} of ${of}; b${truth.leader}, its coordinator in epoch ${truth.leaderEpoch}, has ${offset ?? 'nothing'}`, partition: partition! }
    }
  }
  return undefined
}

/** Something committed in this partition of `__consumer_offsets` is gone. */
export function forgetStandings(world: World, memory: Memory, lost: string): void {
  for (const group of memory.standings.keys()) if (groupPartition(world, group) === lost) memory.standings.delete(group)
}
