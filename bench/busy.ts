/** The busy cluster that the engine's numbers are measured on: 3 brokers, 12 partitions, three copies of each, three producers. */
import { MILLISECOND, SECOND } from '../src/base/units.ts'
import { apply, type Simulation } from '../src/engine/simulation.ts'
import type { Watch } from '../src/engine/watch.ts'
import { newCluster, roundRobinPlacement, type ClusterSpec } from '../src/kafka/cluster.ts'

export const busySpec = (seed: number): ClusterSpec => ({
  seed, hop: 5 * MILLISECOND, jitter: 0, controllers: 3, overrides: {},
  brokers: [1, 2, 3].map((id) => ({ id, rack: `r${id}`, overrides: {} })),
  topics: [{ name: 'orders', replicas: roundRobinPlacement([1, 2, 3], 12, 3), config: { 'min.insync.replicas': '2' } }],
  producers: ['shop', 'web', 'till'].map((id) => ({
    id, library: 'java' as const, topic: 'orders', bootstrap: ['b1', 'b2', 'b3'], configs: {}, rate: { count: 200, per: SECOND }, keys: Array.from({ length: 24 }, (_, i) => `${id}-key-${i}`),
  })),
  consumers: [],
})

/** Running, with its producers at work. */
export function busyCluster(seed: number, watch?: Watch): Simulation {
  const sim = newCluster(busySpec(seed), watch)
  for (const id of ['shop', 'web', 'till']) apply(sim, { do: 'tell', node: id, order: { type: 'start' } })
  return sim
}
