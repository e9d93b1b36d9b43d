/** The clients of a scenario as the probes host them: which JVM each lives in, and what the official client is told. */
import { configOf } from '../../src/kafka/config.ts'
import type { ClusterSpec } from '../../src/kafka/cluster.ts'
import { selectorOf } from '../../src/scenario/selectors.ts'
import type { Action, Scenario, Targets } from '../../src/scenario/types.ts'
import { failingOf } from './failing.ts'

export interface ClientPlan {
  readonly id: string
  readonly kind: 'producer' | 'turns' | 'consumer' | 'share'
  /** The machine it runs on, with a JVM of its own or with others. */
  readonly machine: string
  readonly spec: { readonly id: string; readonly config: Readonly<Record<string, string>>; readonly [key: string]: unknown }
  readonly acks: 0 | 1 | -1
}

/** Those that share a JVM. */
export const SHARED = 'clients'
export const ADMIN = 'admin-machine'

type Configs = Readonly<Record<string, string | number | boolean>>
/** A file may call an assignor by its protocol's name; the client wants the class. */
const assignors: Readonly<Record<string, string>> = {
  range: 'RangeAssignor', roundrobin: 'RoundRobinAssignor', sticky: 'StickyAssignor', 'cooperative-sticky': 'CooperativeStickyAssignor',
}
const classOf = (name: string): string => {
  const short = assignors[name.trim()] ?? name.trim()
  return short.includes('.') ? short : `org.apache.kafka.clients.consumer.${short}`
}
const strings = (configs: Configs): Record<string, string> => Object.fromEntries(Object.entries(configs).map(([key, value]) =>
  [key, key === 'partition.assignment.strategy' ? String(value).split(',').map(classOf).join(',') : String(value)]))

export function clientPlans(spec: ClusterSpec, scenario: Scenario, addressOf: (name: string) => string): readonly ClientPlan[] {
  const fails = failingOf(spec, scenario)
  const alone = new Set([...aloneOf(scenario), ...(fails.length === 0 ? [] : endingOf(scenario))])
  const machineOf = (id: string): string => (alone.has(id) ? id : SHARED)
  const bootstrapOf = (names: readonly string[]): string => names.map(addressOf).join(',')
  const producers = spec.producers.map((client): ClientPlan => {
    const { id, topic, bootstrap, configs, rate, keys, bytes, partitioner, reads } = client
    const config = strings(configs)
    return {
      id, kind: reads === undefined ? 'producer' : 'turns', machine: machineOf(id), acks: acksOf(config),
      spec: {
        id, topic, bootstrap: bootstrapOf(bootstrap), config, keys, bytes, partitioner, ...(rate === undefined ? {} : { everyMicros: rate.per / rate.count }),
        ...(reads === undefined ? {} : { reads: { topics: reads.topics, processMs: reads.processMs, config: readsConfig(config, reads), fails, onPoison: reads.onPoison, side: reads.side, filter: reads.filter?.keys } }),
      },
    }
  })
  const consumers = spec.consumers.map((client): ClientPlan => {
    const { id, group, topics, bootstrap, configs, processMs, polls, commits, assign, onPoison, filter, threads } = client
    // Whose application commits by itself has no second one that commits every five seconds, and when it closes.
    const byHand = commits === undefined || commits === 'auto' ? {} : { 'enable.auto.commit': 'false' }
    const config = { ...strings(configs), ...byHand, ...(group === undefined ? {} : { 'group.id': group }) }
    return { id, kind: 'consumer', machine: machineOf(id), acks: -1, spec: { id, bootstrap: bootstrapOf(bootstrap), config, topics, processMs, polls, commits, assign, fails, onPoison: threads === true ? 'skip' : onPoison, filter: filter?.keys, threads } }
  })
  const shares = (spec.shareConsumers ?? []).map((client): ClientPlan => {
    const { id, group, topics, bootstrap, configs, processMs, polls, answers, onPoison } = client
    return { id, kind: 'share', machine: machineOf(id), acks: -1, spec: { id, bootstrap: bootstrapOf(bootstrap), config: { ...strings(configs), 'group.id': group ?? '' }, topics, processMs, polls, answers, fails, onPoison } }
  })
  return [...producers, ...consumers, ...shares]
}

const acksOf = ({ acks = 'all' }: Readonly<Record<string, string>>): 0 | 1 | -1 => (acks === '0' ? 0 : acks === '1' ? 1 : -1)

/** It commits with its turns, and reads one turn's records at a time. */
function readsConfig(config: Readonly<Record<string, string>>, { group, batch }: { readonly group: string; readonly batch?: number | undefined }): Readonly<Record<string, string>> {
  const own = Object.fromEntries(Object.entries(config).filter(([name]) => configOf('consumer', name) !== undefined))
  return { ...own, 'group.id': group, 'enable.auto.commit': 'false', ...(batch === undefined ? {} : { 'max.poll.records': String(batch) }) }
}

/** Whose program may end over a record, as by an exception that nobody catches: a process of its own ends with it. */
function endingOf({ clients = {} }: Scenario): readonly string[] {
  const { consumers = [], shareConsumers = [], transactional = [] } = clients
  return [...consumers.filter(({ retry }) => retry === undefined), ...shareConsumers, ...transactional.filter(({ group }) => group !== undefined)]
    .filter(({ onPoison = 'fail' }) => onPoison === 'fail').map(({ id }) => id)
}

/** Who is crashed, frozen, cut off or listened to has a process and a network of its own. */
export function aloneOf(scenario: Scenario): ReadonlySet<string> {
  const { producers = [], consumers = [], shareConsumers = [], transactional = [] } = scenario.clients ?? {}
  const clients = [...producers, ...consumers, ...shareConsumers, ...transactional]
  const names = new Set<string>()
  const see = (targets: Targets | undefined): void => {
    for (const target of targets === undefined ? [] : typeof targets === 'string' ? [targets] : targets) {
      const selector = selectorOf(target)
      if (selector === undefined) names.add(target)
      else if (selector.name === 'owner') for (const client of clients) if ((client as { readonly group?: string }).group === selector.args[0]) names.add(client.id)
    }
  }
  for (const action of actionsOf(scenario)) {
    for (const targets of [action.crash, action.powerLoss, action.pause?.target, action.cut?.from, action.cut?.to]) see(targets)
    for (const order of [action.dropNext, action.delayNext, action.duplicateNext]) {
      see(order?.from)
      see(order?.to)
    }
  }
  return new Set(clients.map(({ id }) => id).filter((id) => names.has(id)))
}

export const actionsOf = ({ steps = [] }: Scenario): readonly Action[] => steps.flatMap(({ do: items = [] }) => items)
