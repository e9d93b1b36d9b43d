/** Random joins, leaves, crashes and freezes of a group's members, under every assignor: who holds what, at every moment and in the end. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConsumerState } from './client/consumer/state.ts'
import { stateOf } from './group/consumer/state.ts'
import { act, clusterOf, consumerGroupOf, consumerOf, groupOf, run, start, type TestCluster } from './golden/testing.ts'

const names = ['A', 'B', 'C', 'D'] as const
const PARTITIONS = 5
/** Deeds are done within this many seconds; then everybody runs, and the group comes to rest. */
const DEEDS = 40, REST = 70

type Do = 'start' | 'stop' | 'crash' | 'restart' | 'pause' | 'resume'
interface Deed { readonly at: number; readonly do: Do; readonly who: (typeof names)[number] }
const deed: fc.Arbitrary<Deed> = fc.record({
  at: fc.integer({ min: 1, max: DEEDS * 4 }).map((quarters) => quarters / 4), who: fc.constantFrom(...names),
  do: fc.constantFrom<Do[]>('start', 'start', 'stop', 'crash', 'restart', 'restart', 'pause', 'resume'),
})
const deeds = fc.array(deed, { minLength: 2, maxLength: 12 }).map((list) => list.toSorted((a, b) => a.at - b.at))

const perform = (cluster: TestCluster, { do: what, who }: Deed): void =>
  (what === 'start' ? start(cluster, who) : act(cluster, { do: what, node: who }))

const membersOf = (cluster: TestCluster): ReadonlyMap<string, unknown> =>
  (consumerGroupOf(cluster, 'g')?.members ?? groupOf(cluster, 'g')?.members ?? new Map<string, unknown>())

/** Partitions that members of the group hold at this moment: those the coordinator knows under the id that they have. */
function heldByMembers(cluster: TestCluster): string[] {
  const members = membersOf(cluster)
  return names.flatMap((name) => {
    const state = cluster.sim.world.nodes.get(name)?.state as ConsumerState | undefined
    return state === undefined || !members.has(state.membership.memberId) ? [] : [...state.positions.keys()]
  })
}

function play(strategy: string, instances: boolean, plan: readonly Deed[], check: (cluster: TestCluster) => void): TestCluster {
  const own = strategy === 'consumer' ? { 'group.protocol': strategy } : { 'partition.assignment.strategy': strategy, 'session.timeout.ms': 6000, 'heartbeat.interval.ms': 2000 }
  const configs = { ...own, 'auto.offset.reset': 'earliest' }
  const consumers = Object.fromEntries(names.map((name) =>
    [name, { topics: ['t'], configs: instances ? { ...configs, 'group.instance.id': `desk-${name}` } : configs }]))
  const cluster = clusterOf({ t: PARTITIONS }, {}, consumers, { 'group.consumer.session.timeout.ms': 6000, 'group.consumer.heartbeat.interval.ms': 2000 })
  start(cluster, 'A')
  for (let tick = 1; tick <= DEEDS * 4; tick++) {
    run(cluster, tick / 4)
    check(cluster)
    for (const one of plan) if (one.at === tick / 4) perform(cluster, one)
  }
  // Who was told to stop in his sleep stops when he wakes; who is still stopping starts when he is done.
  for (const node of names) act(cluster, { do: 'resume', node })
  // A static member that crashed is not let in before its session has ended (UNRELEASED_INSTANCE_ID): its program ended with it.
  run(cluster, DEEDS + 10)
  for (const node of names) {
    if (cluster.sim.world.nodes.get(node)!.condition !== 'running' || consumerOf(cluster, node).lifecycle === 'failed') act(cluster, { do: 'restart', node })
    start(cluster, node)
  }
  run(cluster, DEEDS + REST)
  return cluster
}

const strategies = ['range', 'roundrobin', 'sticky', 'cooperative-sticky', 'range,cooperative-sticky', 'consumer'] as const
describe.each(strategies.flatMap((strategy) => [[strategy, false] as const, [strategy, true] as const]))('%s, static: %s', (strategy, instances) => {
  test('INV-G1, INV-G6, INV-G8: nobody holds what another member holds, and at rest everything is owned once', () => {
    fc.assert(fc.property(deeds, (plan) => {
      const cluster = play(strategy, instances, plan, (now) => {
        const held = heldByMembers(now)
        expect(held.toSorted()).toEqual([...new Set(held)].sort())
      })
      const modern = consumerGroupOf(cluster, 'g')
      const group = groupOf(cluster, 'g')!
      expect(modern === undefined ? group.state : stateOf(modern)).toBe('Stable')
      expect(heldByMembers(cluster).sort()).toEqual(Array.from({ length: PARTITIONS }, (_, p) => `t/${p}`))
      for (const name of names) for (const position of consumerOf(cluster, name).positions.values()) expect(position.state).toBe('fetching')
      for (const name of names) expect(consumerOf(cluster, name).membership).toMatchObject({ state: 'stable', generation: modern?.targetEpoch ?? group.generation })
    }), { numRuns: 8, seed: 31 })
  })
})
