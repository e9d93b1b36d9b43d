/** Everything a file gives a name to: what references, targets and statements may speak of. */
import { DEFAULT_CONTROLLERS } from './compile.ts'
import type { ArgumentKind } from './vocabulary.ts'
import type { FileData } from './format.ts'

export interface Names {
  readonly brokers: readonly string[]; readonly controllers: readonly string[]; readonly racks: readonly string[]
  /** With the number of their partitions, made at the start or by an action. */
  readonly topics: ReadonlyMap<string, number>
  readonly producers: readonly string[]; readonly consumers: readonly string[]; readonly shareConsumers: readonly string[]
  readonly transactional: readonly string[]
  readonly groups: readonly string[]; readonly shareGroups: readonly string[]; readonly apps: readonly string[]
  readonly steps: readonly string[]; readonly predictions: readonly string[]; readonly results: readonly string[]
  readonly transactionalIds: readonly string[]
  readonly toys: readonly string[]; readonly toySenders: readonly string[]; readonly toyReaders: readonly string[]
  /** Apps that are the side effect of clients: machines beside the cluster. */
  readonly sinks: readonly string[]
}

const INTERNAL_PARTITIONS = 50

export function brokersOf({ cluster }: { readonly cluster: FileData['cluster'] }): readonly { id: string; rack: string | undefined }[] {
  const { brokers } = cluster
  if (typeof brokers === 'number') return Array.from({ length: brokers }, (_, i) => ({ id: `b${i + 1}`, rack: `r${i + 1}` }))
  return brokers.map(({ id, rack }) => ({ id, rack }))
}
const controllersOf = ({ cluster }: { readonly cluster: FileData['cluster'] }): readonly string[] =>
  Array.from({ length: cluster.controllers ?? DEFAULT_CONTROLLERS }, (_, i) => `k${i + 1}`)

export function namesOf(file: FileData): Names {
  const brokers = brokersOf(file)
  const { producers = [], consumers = [], shareConsumers = [], transactional = [] } = file.clients ?? {}
  const { steps = [], toys = [] } = file
  const ids = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id)
  return {
    brokers: ids(brokers), controllers: controllersOf(file), racks: unique(brokers.flatMap(({ rack }) => rack ?? [])),
    topics: topicsOf(file),
    producers: [...ids(producers), ...ids(transactional)],
    consumers: [...ids(consumers), ...ids(shareConsumers), ...ids(transactional)],
    shareConsumers: ids(shareConsumers), transactional: ids(transactional),
    groups: unique([...ids(file.groups ?? []), ...[...consumers, ...transactional].flatMap(({ group }) => group ?? [])]),
    shareGroups: unique(shareConsumers.map(({ group }) => group)),
    apps: ids(file.apps ?? []), steps: ids(steps), predictions: steps.flatMap(({ predict }) => predict?.id ?? []),
    results: allActions(file).flatMap(({ action }) => action.as ?? []),
    transactionalIds: unique([
      ...[...producers, ...transactional].map(({ config }) => config),
      ...allActions(file).map(({ action }) => action.config?.set),
    ].map((config) => String(config?.['transactional.id'] ?? ''))).filter(Boolean),
    toys: ids(toys), toySenders: ids(toys.flatMap(({ senders }) => senders)), toyReaders: ids(toys.flatMap(({ readers }) => readers)),
    sinks: ids((file.apps ?? []).filter(({ of }) => of !== undefined)),
  }
}

const unique = (items: readonly string[]): readonly string[] => [...new Set(items)]

function topicsOf(file: FileData): ReadonlyMap<string, number> {
  const topics = new Map<string, number>([['__consumer_offsets', internal(file, 'offsets.topic.num.partitions')], ['__transaction_state', internal(file, 'transaction.state.log.num.partitions')], ['__share_group_state', internal(file, 'share.coordinator.state.topic.num.partitions')]])
  for (const { name, partitions } of file.topics ?? []) topics.set(name, partitions)
  for (const { action } of allActions(file)) {
    const made = action.createTopic
    // It may be there already, and this be refused.
    if (made !== undefined) topics.set(made.name, Math.max(topics.get(made.name) ?? 0, made.partitions ?? Object.keys(made.replicas ?? {}).length))
    const more = action.addPartitions
    if (more !== undefined) topics.set(more.topic, Math.max(more.to, topics.get(more.topic) ?? 0))
  }
  return topics
}
const internal = (file: FileData, name: string): number => Number(file.cluster.config?.[name] ?? INTERNAL_PARTITIONS)

export type ActionData = NonNullable<NonNullable<FileData['steps']>[number]['do']>[number]
export interface PlacedAction {
  readonly action: ActionData; readonly path: readonly (string | number)[]; readonly step: number; readonly ofSolution: boolean
}

/** All items of `do`, of the steps and of the solution; `step` is the index of the step they belong to, -1 for none. */
export function allActions(file: FileData): readonly PlacedAction[] {
  const steps = file.steps ?? []
  const inSteps = steps.flatMap(({ do: items = [] }, step) =>
    items.map((action, i) => ({ action, path: ['steps', step, 'do', i], step, ofSolution: false })))
  const inSolution = (file.solution ?? []).flatMap(({ step, do: items }, i) =>
    items.map(
      (action, j) => ({ action, path: ['solution', i, 'do', j], step: steps.findIndex(({ id }) => id === step), ofSolution: true }),
    ))
  return [...inSteps, ...inSolution]
}

/** What may be named where such a thing is wanted; undefined where anything goes. */
export function namesOfKind(names: Names, kind: ArgumentKind): readonly string[] | undefined {
  switch (kind) {
    case 'node': return [...names.brokers, ...names.controllers]
    case 'broker': return names.brokers
    case 'controller': return names.controllers
    case 'topic': return [...names.topics.keys()]
    case 'producer': return names.producers
    case 'consumer': return names.consumers
    case 'client': return unique([...names.producers, ...names.consumers])
    case 'target': return unique([...names.brokers, ...names.controllers, ...names.producers, ...names.consumers, ...names.toys, ...names.toySenders, ...names.toyReaders, ...names.sinks])
    case 'group': return unique([...names.groups, ...names.shareGroups])
    case 'share': return names.shareGroups
    case 'shareConsumer': return names.shareConsumers
    case 'transactional': return names.transactional
    case 'app': return names.apps
    case 'step': return names.steps
    case 'predict': return names.predictions
    case 'rack': return names.racks
    case 'result': return names.results
    case 'txn': return names.transactionalIds
    case 'sink': return names.sinks
    case 'toy': return names.toys
    case 'toySender': return names.toySenders
    case 'toyReader': return names.toyReaders
    default: return undefined
  }
}

/** `busan/orders/0@b2` without its cluster: a topic's name holds no slash. */
export function partitionParts(text: string): { topic: string; partition: number | undefined; replica: string | undefined } {
  const [place = '', replica] = text.split('@')
  const slash = place.lastIndexOf('/')
  const digits = place.slice(slash + 1)
  if (slash < 0 || !/^[0-9]+$/.test(digits)) return { topic: place, partition: undefined, replica }
  return { topic: place.slice(0, slash), partition: Number(digits), replica }
}
