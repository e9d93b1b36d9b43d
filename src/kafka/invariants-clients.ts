/** Statements about what clients were told, and about groups. */
import { at } from '../base/chunks.ts'
import type { Node, World } from '../engine/world.ts'
import type { Broker } from './broker/state.ts'
import type { ConsumerState } from './client/consumer/state.ts'
import type { ConsumerGroup } from './group/consumer/state.ts'
import type { ProducerState } from './client/producer/state.ts'
import { stringOf } from './config.ts'
import type { Memory, Violation } from './invariants-memory.ts'
import { whyNotCommitted } from './invariants-transactions.ts'
import type { Log } from './log/log.ts'
import { addSequence, lastSequence } from './log/record.ts'
import { controllerOf, replicaOf } from './look.ts'

/** What clients know by now has been looked at, or will never be. */
export function passOver(world: World, memory: Memory): void {
  for (const [name, { kind, state, disk }] of world.nodes) {
    const book = ((state ?? disk) as { readonly notebook?: Partial<ProducerState['notebook'] & ConsumerState['notebook']> } | undefined)?.notebook
    if (kind === 'producer') memory.outcomes.set(name, book?.outcomes?.length ?? 0)
    if (kind === 'consumer') memory.handled.set(name, book?.handled?.length ?? 0)
  }
}

export function checkClients(world: World, memory: Memory): Violation | undefined {
  for (const [name, node] of world.nodes) {
    const broken = node.kind === 'producer' ? checkProducer(name, node, memory) : node.kind === 'consumer' ? checkConsumer(world, name, node, memory) : checkGroups(name, node)
    if (broken !== undefined) return broken
  }
  return undefined
}

/** '' = deleted before anybody looked. */
const identityOf = (committed: string | undefined): string | undefined => committed?.slice(0, Math.max(0, committed.lastIndexOf('/')))

function checkProducer(name: string, node: Node, memory: Memory): Violation | undefined {
  const book = ((node.state ?? node.disk) as Partial<ProducerState> | undefined)?.notebook
  let seen = memory.outcomes.get(name) ?? 0
  for (; book !== undefined && seen < book.outcomes.length; seen++) {
    const { id, error, acks, partition, offset } = at(book.outcomes, seen)!
    if (error !== 'NONE' || acks !== -1 || partition === undefined) continue
    const committed = identityOf(memory.prefix.get(partition)?.[offset])
    if (committed !== id && committed !== '') return { id: 'INV-R12', what: `${id} was acknowledged at ${partition}/${offset}, committed there is ${committed}`, partition }
  }
  memory.outcomes.set(name, seen)
  return undefined
}

function checkConsumer(world: World, name: string, node: Node, memory: Memory): Violation | undefined {
  const { notebook: book, configs = {} } = ((node.state ?? node.disk) ?? {}) as Partial<ConsumerState>
  const readsCommitted = stringOf('consumer', configs, 'isolation.level') === 'read_committed'
  let seen = memory.handled.get(name) ?? 0
  for (; book !== undefined && seen < book.handled.length; seen++) {
    const { id, partition, offset } = at(book.handled, seen)!
    const committed = identityOf(memory.prefix.get(partition)?.[offset])
    if (committed !== id && committed !== '') return { id: 'INV-R13', what: `${name} read ${id} at ${partition}/${offset}, committed there is ${committed}`, partition }
    const outcome = readsCommitted ? whyNotCommitted(world, partition, offset) : undefined
    if (outcome === undefined) continue
    memory.handled.set(name, seen + 1)
    return { id: 'INV-T4', what: `${name} read ${id} at ${partition}/${offset} of a transaction that is ${outcome}` }
  }
  memory.handled.set(name, seen)
  return undefined
}

function checkGroups(name: string, node: Node): Violation | undefined {
  if (node.kind !== 'broker' || node.state === undefined) return undefined
  for (const group of (node.state as Broker).coordinator.groups.values()) {
    const owners = new Map<string, string>()
    for (const { memberId, assignment } of group.members.values()) {
      for (const partition of assignment) {
        const other = owners.get(partition)
        if (other !== undefined) return { id: 'INV-G1', what: `${name}: ${partition} belongs to ${other} and ${memberId} in generation ${group.generation} of ${group.id}` }
        owners.set(partition, memberId)
      }
    }
  }
  for (const group of (node.state as Broker).coordinator.consumerGroups.values()) {
    const broken = checkConsumerGroup(name, group)
    if (broken !== undefined) return broken
  }
  return undefined
}

/** INV-G1 of the target, INV-G2 of what members hold on their way there, INV-G4 of the epochs. */
function checkConsumerGroup(name: string, { id, epoch, targetEpoch, target, members }: ConsumerGroup): Violation | undefined {
  const twice = (lists: Iterable<Iterable<string>>): string | undefined => {
    const seen = new Set<string>()
    for (const list of lists) {
      for (const partition of list) {
        if (seen.has(partition)) return partition
        seen.add(partition)
      }
    }
    return undefined
  }
  const given = twice(target.values())
  if (given !== undefined) return { id: 'INV-G1', what: `${name}: ${given} is meant for two members in epoch ${targetEpoch} of ${id}` }
  const held = twice([...members.values()].map(({ current }) => [...current.assigned.keys(), ...current.pendingRevocation.keys()]))
  if (held !== undefined) return { id: 'INV-G2', what: `${name}: two members of ${id} hold ${held}` }
  const ahead = [...members.values()].find(({ current }) => current.memberEpoch > targetEpoch)
  if (ahead !== undefined || targetEpoch > epoch) return { id: 'INV-G4', what: `${name}: epochs of ${id} are ${ahead?.current.memberEpoch ?? '-'}, ${targetEpoch}, ${epoch}` }
  return undefined
}

/** For the end of a run in which only idempotent producers have written: the sequences in the leaders' logs. */
export function checkSequences(world: World): Violation | undefined {
  for (const { partition, leader } of controllerOf(world)?.committed.partitions.values() ?? []) {
    const replica = replicaOf(world, partition, leader)
    const broken = replica === undefined ? undefined : checkLog(partition, replica.log)
    if (broken !== undefined) return broken
  }
  return undefined
}

function checkLog(partition: string, log: Log): Violation | undefined {
  const expected = new Map<string, number>(), newest = new Map<string, number>()
  for (let i = 0; i < log.batches.length; i++) {
    const batch = at(log.batches, i)!
    if (batch.producerId < 0) continue
    const session = `${batch.producerId}/${batch.producerEpoch}`
    // What came before the log's start is not known.
    const next = expected.get(session) ?? (log.startOffset === 0 ? 0 : batch.baseSequence)
    if (batch.baseSequence !== next) return { id: 'INV-P1', what: `${partition}/${batch.baseOffset}: sequence ${batch.baseSequence} of ${session}, expected ${next}` }
    expected.set(session, addSequence(lastSequence(batch), 1))
    for (const { id } of batch.records) {
      const number = Number(id.slice(id.lastIndexOf('#') + 1))
      if (number <= (newest.get(session) ?? 0)) return { id: 'INV-P2', what: `${partition}: ${id} lies behind number ${newest.get(session)} of its session` }
      newest.set(session, number)
    }
  }
  return undefined
}
