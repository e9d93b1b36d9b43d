/** Clusters of other sizes than the busy one: large, idle, and the same load a broker at four sizes. */
import { SECOND } from '../src/base/units.ts'
import { apply, runUntil, step, type Simulation } from '../src/engine/simulation.ts'
import type { ConsumerConfig } from '../src/kafka/client/consumer/state.ts'
import type { ProducerConfig } from '../src/kafka/client/producer/state.ts'
import { newCluster, roundRobinPlacement, type ClusterSpec } from '../src/kafka/cluster.ts'
import { collect, median, timed } from './measure.ts'

const ids = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

interface Load { readonly brokers: number; readonly partitions: number; readonly producers: number; readonly rate: number; readonly consumers: number }

/** Evenly placed, three copies of each partition; every producer writes to all partitions in turn. */
function clusterOf({ brokers, partitions, producers, rate, consumers }: Load): Simulation {
  const bootstrap = ids(Math.min(3, brokers)).map((id) => `b${id}`)
  const keys = ids(partitions).map((id) => `key-${id}`)
  const spec: ClusterSpec = {
    seed: 1, hop: 5_000, jitter: 0, controllers: 3, overrides: {}, brokers: ids(brokers).map((id) => ({ id, rack: `r${id % 3}`, overrides: {} })),
    topics: [{ name: 't', replicas: roundRobinPlacement(ids(brokers), partitions, 3), config: {} }],
    producers: ids(producers).map((id): ProducerConfig => ({ id: `p${id}`, library: 'java', topic: 't', bootstrap, configs: {}, keys, rate: { count: rate, per: SECOND } })),
    consumers: ids(consumers).map((id): ConsumerConfig => ({ id: `c${id}`, library: 'java', group: 'g', topics: ['t'], bootstrap, configs: {} })),
  }
  const sim = newCluster(spec)
  for (const { id } of [...spec.producers, ...spec.consumers]) apply(sim, { do: 'tell', node: id, order: { type: 'start' } })
  return sim
}

/** Steps a second of real time, and steps a simulated second, after `from` seconds of running in. */
function rateOf(load: Load, from: number, steps: number): { readonly perSecond: number; readonly perSimulated: number } {
  const sim = clusterOf(load)
  runUntil(sim, from * SECOND)
  collect()
  const first = sim.world.steps, begun = sim.world.now
  const ms = timed(() => {
    while (sim.world.steps < first + steps) step(sim)
  })
  return { perSecond: steps / ms * 1000, perSimulated: steps / ((sim.world.now - begun) / SECOND) }
}

/** 30 brokers, 1,000 partitions, 200 batches a second in all, a consumer for ten partitions. */
export const measureLarge = (): ReturnType<typeof rateOf> => rateOf({ brokers: 30, partitions: 1000, producers: 20, rate: 10, consumers: 100 }, 60, 200_000)

/** A day of three brokers and three controllers with nobody to serve. */
export function measureIdleDay(): { readonly events: number; readonly perSecond: number } {
  const sim = clusterOf({ brokers: 3, partitions: 12, producers: 0, rate: 1, consumers: 0 })
  const ms = timed(() => runUntil(sim, 86_400 * SECOND))
  return { events: sim.world.steps, perSecond: sim.world.steps / ms * 1000 }
}

/** Cost of a step at each size, and the k of c x n^k that fits best. */
export function measureGrowth(): { readonly k: number; readonly costs: readonly (readonly [brokers: number, microseconds: number])[] } {
  const costs = [3, 10, 30, 100].map((brokers) => {
    const rates = ids(3).map(() => rateOf({ brokers, partitions: 12 * brokers, producers: brokers, rate: 40, consumers: 0 }, 5, 150_000).perSecond)
    return [brokers, 1_000_000 / median(rates)] as const
  })
  const xs = costs.map(([n]) => Math.log(n)), ys = costs.map(([, cost]) => Math.log(cost))
  const mean = (list: readonly number[]): number => list.reduce((sum, each) => sum + each, 0) / list.length
  const x = mean(xs), y = mean(ys)
  const k = xs.reduce((sum, each, i) => sum + (each - x) * (ys[i]! - y), 0) / xs.reduce((sum, each) => sum + (each - x) ** 2, 0)
  return { k, costs }
}
