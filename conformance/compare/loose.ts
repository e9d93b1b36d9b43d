/**
 * What two runs of the same file cannot have in common to the number, read off the file: how far a client has come that
 * writes as fast as it is told, where Kafka draws lots. Of these the comparison keeps what does not depend on it (that
 * there is one, order, gaps, which errors were seen); the rest is compared by the statements of the file, on both sides.
 */
import { expression, pathsOf } from '../../src/scenario/expression.ts'
import type { FileData } from '../../src/scenario/format.ts'
import { allActions, namesOf } from '../../src/scenario/names.ts'
import type { Action, RecordSpec, Scenario } from '../../src/scenario/types.ts'
import { parsePartition } from '../../src/kafka/topic-partition.ts'
import type { Rule } from '../../src/text/checked.ts'

export type { Rule }

export interface Loose {
  /** Topics whose offsets are not the same twice. */
  readonly topics: ReadonlyMap<string, Rule>
  /** Topics of whose partitions, from this one on, the placement is not. */
  readonly placed: ReadonlyMap<string, number>
  /** Clients of whose results the number is not. */
  readonly clients: ReadonlyMap<string, Rule>
  /** Transactional ids whose epoch counts turns. */
  readonly transactions: ReadonlySet<string>
  /** The topics that what was asked under a name is about. */
  readonly results: ReadonlyMap<string, string>
}

export const topicOf = (partition: string): string => parsePartition(partition).topic

export function looseOf(scenario: Scenario): Loose {
  const { producers = [], transactional = [] } = scenario.clients ?? {}
  const topics = new Map<string, Rule>()
  const clients = new Map<string, Rule>()
  for (const { id, topic, rate } of producers) {
    if (rate === undefined) continue
    clients.set(id, 'rate')
    topics.set(topic, 'rate')
  }
  const looping = transactional.filter(({ group, writes }) => group !== undefined && writes !== undefined)
  for (const { id, writes = '' } of looping) {
    clients.set(id, 'turns')
    if (!topics.has(writes)) topics.set(writes, 'turns')
  }
  const actions = allActions(scenario as FileData).filter(({ ofSolution }) => !ofSolution).map(({ action }) => action as Action)
  for (const topic of actions.flatMap((action) => drawn(scenario, action))) if (!topics.has(topic)) topics.set(topic, 'sticky')
  return {
    topics, clients,
    placed: placedIn(scenario, actions),
    transactions: new Set(looping.map(({ config }) => String(config?.['transactional.id'] ?? ''))),
    results: new Map(actions.flatMap(({ as, deleteRecords, rawProduce }) => {
      const partition = deleteRecords?.partition ?? rawProduce?.partition
      return as === undefined || partition === undefined ? [] : [[as, topicOf(partition)] as const]
    })),
  }
}

/** Where its replicas lie is drawn by lot: it came with a new topic, or was added to one, and nobody said where. */
export function isPlaced({ placed }: Loose, partition: string): boolean {
  const { topic, partition: index } = parsePartition(partition)
  return index >= (placed.get(topic) ?? Infinity)
}
function placedIn({ topics = [] }: Scenario, actions: readonly Action[]): ReadonlyMap<string, number> {
  const counts = new Map(topics.map(({ name, partitions }) => [name, partitions]))
  const placed = new Map<string, number>()
  const place = (topic: string, from: number): void => void placed.set(topic, Math.min(from, placed.get(topic) ?? Infinity))
  for (const { createTopic, addPartitions } of actions) {
    if (createTopic !== undefined && !counts.has(createTopic.name)) {
      counts.set(createTopic.name, createTopic.partitions ?? Object.keys(createTopic.replicas ?? {}).length)
      if (createTopic.replicas === undefined) place(createTopic.name, 0)
    }
    if (addPartitions === undefined) continue
    const { topic, to, replicas } = addPartitions
    if (replicas === undefined) place(topic, counts.get(topic) ?? 0)
    counts.set(topic, Math.max(to, counts.get(topic) ?? 0))
  }
  return placed
}

/** The statement speaks of what is compared only in part: then it stands in for the rest, and must be true. `elected`: the quorum is. */
export function standsIn(text: string, loose: Loose, elected: boolean): boolean {
  const { topics, clients, placed, transactions, results } = loose
  return pathsOf(expression(text).node).some(({ root }) => {
    const name = root.args[0]?.text ?? ''
    switch (root.name) {
      case 'partition': return topics.has(topicOf(name)) || isPlaced(loose, name)
      case 'replica': return topics.has(topicOf(name)) || isPlaced(loose, name.split('@')[0]!)
      case 'topic': return topics.has(name) || placed.has(name)
      case 'producer': return clients.has(name)
      case 'txn': return transactions.has(name)
      case 'result': return topics.has(results.get(name) ?? '')
      case 'controller': return elected
      case 'app': case 'ledger': return topics.size > 0
      default: return false
    }
  })
}

/** The topic, if this writes records into it whose partition the client draws. */
function drawn({ clients, ...scenario }: Scenario, { produce }: Action): readonly string[] {
  if (produce === undefined) return []
  const by = [...(clients?.producers ?? []), ...(clients?.transactional ?? [])].find(({ id }) => id === produce.by)
  const topic = produce.topic ?? by?.topic ?? ''
  const chooses = by?.config?.['partitioner.class'] !== undefined
  if (chooses || (namesOf({ ...scenario, clients } as FileData).topics.get(topic) ?? 1) < 2) return []
  const keys = by !== undefined && 'keys' in by ? by.keys : undefined
  const isDrawn = ({ key, partition }: RecordSpec): boolean => (key ?? undefined) === undefined && partition === undefined
  const generated = produce.each ?? (produce.records === undefined ? {} : undefined)
  const isAnyDrawn = produce.records?.some(isDrawn) === true || (generated !== undefined && keys === undefined && isDrawn(generated))
  return isAnyDrawn ? [topic] : []
}
