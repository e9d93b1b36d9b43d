/** A whole cluster for a test: three brokers, three controllers, topics as they are asked for, and what happened in it. */
import type { Micros } from '../../base/units.ts'
import { findNonTree } from '../../base/clone.ts'
import type { Input } from '../../engine/input.ts'
import type { Tagged } from '../../engine/process.ts'
import { apply, runUntil, type Simulation } from '../../engine/simulation.ts'
import { noWatch } from '../../engine/watch.ts'
import type { ConsumerConfig, ConsumerState } from '../client/consumer/state.ts'
import type { ProducerConfig, ProducerState } from '../client/producer/state.ts'
import { newCluster, type TopicSpec } from '../cluster.ts'
import type { Overrides } from '../config.ts'
import type { ConsumerGroup, Coordinator, Group } from '../group/coordinator.ts'
import { monitored } from '../monitored.testing.ts'
import type { Fact, FactOf, NoteCode } from '../notes.ts'

export const SECOND: Micros = 1_000_000

export interface TestCluster {
  readonly sim: Simulation
  readonly facts: { readonly at: Micros; readonly node: string; readonly fact: Fact }[]
  readonly messages: { readonly at: Micros; readonly from: string; readonly to: string; readonly message: Tagged }[]
}

const BROKERS = ['b1', 'b2', 'b3']

/** `t/p` is led by b((p mod 3) + 1). */
export function clusterOf(
  topics: Readonly<Record<string, number>>,
  producers: Readonly<Record<string, Partial<ProducerConfig> & { readonly topic: string }>>,
  consumers: Readonly<Record<string, Partial<ConsumerConfig> & { readonly topics: readonly string[] }>>,
  overrides: Overrides = {}, seed = 1,
): TestCluster {
  const facts: TestCluster['facts'] = [], messages: TestCluster['messages'] = []
  const orders = [[1, 2, 3], [2, 3, 1], [3, 1, 2]]
  const specs = Object.entries(topics).map(([name, partitions]): TopicSpec => ({
    name, replicas: Array.from({ length: partitions }, (_, p) => orders[p % 3]!), config: { 'min.insync.replicas': '2' },
  }))
  const sim = newCluster({
    seed, hop: 5_000, jitter: 0, brokers: [1, 2, 3].map((id) => ({ id, rack: `r${id}`, overrides: {} })), controllers: 3,
    overrides: { 'offsets.topic.num.partitions': 5, 'auto.leader.rebalance.enable': false, ...overrides }, topics: specs,
    producers: Object.entries(producers).map(([id, spec]) => ({ id, library: 'java', bootstrap: BROKERS, configs: {}, ...spec })),
    consumers: Object.entries(consumers).map(([id, spec]) => ({ id, library: 'java', group: 'g', bootstrap: BROKERS, configs: {},
      ...spec })),
  }, monitored({
    ...noWatch,
    noted: (at, _step, _cause, node, fact) => void facts.push({ at, node, fact: fact as Fact }),
    sent: (_id, _step, _wire, from, to, message, at) => void messages.push({ at, from, to, message }),
  }))
  return { sim, facts, messages }
}

export const act = ({ sim }: TestCluster, input: Input): void => apply(sim, input)
export const tell = ({ sim }: TestCluster, node: string, order: Tagged): void => apply(sim, { do: 'tell', node, order })
export function start(cluster: TestCluster, ...nodes: string[]): void {
  for (const node of nodes) tell(cluster, node, { type: 'start' })
}

/** Run on, and see that what there is of the clients stays a tree. */
export function run({ sim }: TestCluster, seconds: number): void {
  runUntil(sim, Math.round(seconds * SECOND))
  for (const [name, { kind, state }] of sim.world.nodes) {
    const broken = kind === 'producer' || kind === 'consumer'
      ? findNonTree(state) : findNonTree((state as { coordinator?: Coordinator } | undefined)?.coordinator)
    if (broken !== undefined) throw new Error(`${name}: ${broken}`)
  }
}

const stateOf = ({ sim }: TestCluster, node: string): unknown => {
  const found = sim.world.nodes.get(node)
  return found?.state ?? found?.disk
}
export const producerOf = (cluster: TestCluster, id: string): ProducerState => stateOf(cluster, id) as ProducerState
export const consumerOf = (cluster: TestCluster, id: string): ConsumerState => stateOf(cluster, id) as ConsumerState

/** As its live coordinator has it. */
export const groupOf = (cluster: TestCluster, id: string): Group | undefined => inCoordinators(cluster, ({ groups }) => groups.get(id))
export const consumerGroupOf = (cluster: TestCluster, id: string): ConsumerGroup | undefined => inCoordinators(cluster, ({ consumerGroups }) => consumerGroups.get(id))

function inCoordinators<Found>(cluster: TestCluster, find: (coordinator: Coordinator) => Found | undefined): Found | undefined {
  for (const { kind, condition, state } of cluster.sim.world.nodes.values()) {
    if (kind !== 'broker' || condition === 'down') continue
    const found = find((state as { coordinator: Coordinator }).coordinator)
    if (found !== undefined) return found
  }
  return undefined
}

/** Client id -> partitions. */
export const assignmentOf = (cluster: TestCluster, id: string): Record<string, readonly string[]> =>
  Object.fromEntries([...(groupOf(cluster, id)?.members.values() ?? [])].map(({ clientId, assignment }) => [clientId, assignment]))

export const factsOf = <C extends NoteCode>({ facts }: TestCluster,
  code: C): { readonly at: Micros; readonly node: string; readonly fact: FactOf<C> }[] =>
  facts.filter(({ fact }) => fact.code === code) as { at: Micros; node: string; fact: FactOf<C> }[]
