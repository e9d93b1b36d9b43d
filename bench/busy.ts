/**
 * The busy cluster that the engine's numbers are measured on: 3 brokers, 12 partitions with three copies each, three
 * producers (idempotent, acks=all, 24 keys each) and a group of three consumers that commits.
 */
import type { Simulation } from '../src/engine/simulation.ts'
import { apply } from '../src/engine/simulation.ts'
import type { Watch } from '../src/engine/watch.ts'
import { newCluster } from '../src/kafka/cluster.ts'
import { compile } from '../src/scenario/compile.ts'
import type { Scenario } from '../src/scenario/types.ts'

const producers = ['shop', 'web', 'till']
const consumers = ['c1', 'c2', 'c3']

export const busyScenario: Scenario = {
  format: 'kafka-scenario/v1', id: 'busy', kind: 'sandbox', title: 'Busy', languages: ['en'], seed: 1,
  cluster: { brokers: 3, controllers: 3 },
  topics: [{ name: 'orders', partitions: 12, replicationFactor: 3, config: { 'min.insync.replicas': 2 } }],
  clients: {
    producers: producers.map((id) => ({ id, topic: 'orders', rate: '200/s', keys: Array.from({ length: 24 }, (_, i) => `${id}-key-${i}`) })),
    consumers: consumers.map((id) => ({ id, topic: 'orders', group: 'billing' })),
  },
  steps: [{ id: 'all-day', do: [{ start: [...producers, ...consumers] }] }],
}

/** Running, with its clients at work. */
export function busyCluster(seed: number, watch: Watch): Simulation {
  const sim = newCluster(compile(busyScenario, seed), watch)
  for (const node of [...producers, ...consumers]) apply(sim, { do: 'tell', node, order: { type: 'start' } })
  return sim
}
