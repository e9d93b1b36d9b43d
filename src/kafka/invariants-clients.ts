/** Statements about what clients were told, and where they sent. */
import { at } from '../base/chunks.ts'
import { SECOND, type Micros } from '../base/units.ts'
import type { Node, World } from '../engine/world.ts'
import type { ConsumerState } from './client/consumer/state.ts'
import { hasHashedKey, keyedPartition } from './client/partitioner.ts'
import type { Outcome } from './client/producer/notebook.ts'
import type { ProducerState } from './client/producer/state.ts'
import { stringOf } from './config.ts'
import { noteCount } from './invariants-controller.ts'
import { checkGroups } from './invariants-groups.ts'
import type { Memory, Violation } from './invariants-memory.ts'
import { whyNotCommitted } from './invariants-transactions.ts'
import { parsePartition } from './topic-partition.ts'

/** What clients know by now has been looked at, or will never be. */
export function passOver(world: World, memory: Memory): void {
  for (const [name, { kind, state, disk }] of world.nodes) {
    const kept = (state ?? disk) as { readonly notebook?: Partial<ProducerState['notebook'] & ConsumerState['notebook']>; readonly metadata?: ProducerState['metadata'] } | undefined
    const book = kept?.notebook
    if (kind === 'producer') for (const [topic, partitions] of kept?.metadata?.partitionsOf ?? []) noteCount(memory, topic, partitions.length)
    if (kind === 'producer') memory.outcomes.set(name, book?.outcomes?.length ?? 0)
    if (kind === 'consumer') memory.handled.set(name, book?.handled?.length ?? 0)
  }
}

export function checkClients(world: World, memory: Memory): Violation | undefined {
  for (const [name, node] of world.nodes) {
    const broken = node.kind === 'producer' ? checkProducer(name, node, memory) : node.kind === 'consumer' ? checkConsumer(world, name, node, memory) : checkGroups(world, name, node)
    if (broken !== undefined) return broken
  }
  return undefined
}

/** Of a topic that has been deleted since; its clients, and a broker that has not heard of it, go on for a while. */
function mayBeGone({ gone }: Memory, partition: string, when: Micros): boolean {
  const since = gone.size === 0 ? undefined : gone.get(parsePartition(partition).topic)?.at
  return since !== undefined && when <= since + 60 * SECOND
}

function checkProducer(name: string, node: Node, memory: Memory): Violation | undefined {
  const kept = (node.state ?? node.disk) as Partial<ProducerState> | undefined
  const book = kept?.notebook
  if (kept?.settings !== undefined && !isKeyed(kept as ProducerState)) memory.unkeyed.add(name)
  let seen = memory.outcomes.get(name) ?? 0
  for (; book !== undefined && seen < book.outcomes.length; seen++) {
    const outcome = at(book.outcomes, seen)!
    const { id, error, acks, partition, offset } = outcome
    const strays = memory.unkeyed.has(name) ? undefined : whyElsewhere(node.config as ProducerState['config'], book, outcome, memory)
    if (strays !== undefined) {
      memory.outcomes.set(name, seen + 1)
      return { id: 'INV-P4', what: strays }
    }
    if (error !== 'NONE' || acks !== -1 || partition === undefined || mayBeGone(memory, partition, outcome.sentAt)) continue
    const committed = memory.partitions.get(partition)?.committed.ids[offset]
    if (committed !== id && committed !== '') return { id: 'INV-R12', what: `${id} was acknowledged at ${partition}/${offset}, committed there is ${committed}`, partition }
  }
  memory.outcomes.set(name, seen)
  return undefined
}

/** Neither a partitioner of its own nor a config keeps it from going by the key. */
const isKeyed = ({ config, settings }: ProducerState): boolean => config.partitioner === undefined && !settings.roundRobin && !settings.ignoreKeys

/** INV-P4: by its key it belongs to another partition, however many the topic has had since the run was looked at first. */
function whyElsewhere({ library }: ProducerState['config'], { placed }: ProducerState['notebook'], { id, number, key, partition, sentAt }: Outcome, { counts, since }: Memory): string | undefined {
  if (partition === undefined || sentAt <= since || placed?.has(number) === true || !hasHashedKey(key, library)) return undefined
  const slash = partition.lastIndexOf('/')
  const index = Number(partition.slice(slash + 1))
  const possible = counts.get(partition.slice(0, slash))
  if (possible === undefined) return undefined
  for (const count of possible) if (keyedPartition(library, key, count) === index) return undefined
  return `${id} with key ${key} went to ${partition}, of ${[...possible].join(' or ')} partitions`
}

function checkConsumer(world: World, name: string, node: Node, memory: Memory): Violation | undefined {
  const { notebook: book, configs = {} } = ((node.state ?? node.disk) ?? {}) as Partial<ConsumerState>
  const readsCommitted = stringOf('consumer', configs, 'isolation.level') === 'read_committed'
  let seen = memory.handled.get(name) ?? 0
  for (; book !== undefined && seen < book.handled.length; seen++) {
    const { id, partition, offset, at: when } = at(book.handled, seen)!
    if (mayBeGone(memory, partition, when)) continue
    const committed = memory.partitions.get(partition)?.committed.ids[offset]
    if (committed !== id && committed !== '') return { id: 'INV-R13', what: `${name} read ${id} at ${partition}/${offset}, committed there is ${committed}`, partition }
    const outcome = readsCommitted ? whyNotCommitted(world, partition, offset) : undefined
    if (outcome === undefined) continue
    memory.handled.set(name, seen + 1)
    return { id: 'INV-T4', what: `${name} read ${id} at ${partition}/${offset} of a transaction that is ${outcome}` }
  }
  memory.handled.set(name, seen)
  return undefined
}
