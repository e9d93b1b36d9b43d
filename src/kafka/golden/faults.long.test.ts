/**
 * Clients through whatever happens to them and to their brokers, with the invariants of groups and producers checked when
 * all is whole again: INV-P1, INV-P2, INV-G1, INV-G6, INV-G10, LIV-3, LIV-7.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { between } from '../../base/chunks.ts'
import type { Input } from '../../engine/input.ts'
import { account, newLedgerIndex } from '../ledger.ts'
import { act, assignmentOf, clusterOf, consumerOf, groupOf, producerOf, run, SECOND, start, tell, type TestCluster } from './testing.ts'

const CONSUMERS = ['A', 'B', 'C']
const BROKERS = ['b1', 'b2', 'b3']
type Fault =
  | { readonly at: number; readonly kind: 'crash' | 'stop' | 'restart' | 'pause' | 'resume' | 'cut'
  | 'heal'; readonly node: string; readonly peer: string }

const fault: fc.Arbitrary<Fault> = fc.record({
  at: fc.integer({ min: 4, max: 90 }),
  kind: fc.constantFrom('crash', 'stop', 'restart', 'restart', 'pause', 'resume', 'resume', 'cut', 'heal'),
  node: fc.constantFrom('A', 'B', 'C', 'A', 'B', 'C', 'shop', 'b1', 'b2', 'b3'),
  peer: fc.constantFrom(...BROKERS),
})

const conditionOf = ({ sim }: TestCluster, node: string) => sim.world.nodes.get(node)!.condition

/** Only one broker is away at a time: with two gone nothing can be written, and that is another story. */
function allows(cluster: TestCluster, { kind, node }: Fault): boolean {
  const condition = conditionOf(cluster, node)
  if (kind === 'restart') return condition === 'down'
  if (kind === 'resume') return condition === 'frozen'
  if (kind === 'cut' || kind === 'heal') return !BROKERS.includes(node)
  if (condition !== 'running') return false
  return !BROKERS.includes(node) || BROKERS.every((broker) => conditionOf(cluster, broker) === 'running')
}

function make(cluster: TestCluster, { kind, node, peer }: Fault): void {
  const both = (input: 'cut' | 'heal'): Input[] => [[node, peer], [peer, node]].map(([from, to]) =>
    (input === 'cut' ? { do: 'cut', from: from!, to: to!, traffic: 'all' } : { do: 'heal', from: from!, to: to! }))
  if (kind === 'cut' || kind === 'heal') for (const input of both(kind)) act(cluster, input)
  else act(cluster, { do: kind, node })
}

function heal(cluster: TestCluster, at: number): void {
  for (const [name, node] of cluster.sim.world.nodes) {
    if (node.condition === 'frozen') act(cluster, { do: 'resume', node: name })
    if (node.condition === 'down') act(cluster, { do: 'restart', node: name })
  }
  for (const link of [...cluster.sim.world.links.keys()]) {
    const [from = '', to = ''] = link.split('>')
    act(cluster, { do: 'heal', from, to })
  }
  run(cluster, at)
  // Who was being stopped when everything was made whole has ended by now.
  for (const [name, node] of cluster.sim.world.nodes) if (node.condition === 'down') act(cluster, { do: 'restart', node: name })
}

function play(faults: readonly Fault[], seed: number): TestCluster {
  const reader = { topics: ['t'], configs: { 'auto.offset.reset': 'earliest', 'session.timeout.ms': 10_000 } }
  const cluster = clusterOf({ t: 3 }, { shop: { topic: 't', rate: { count: 10, per: SECOND }, keys: ['key-0', 'key-1', 'key-2'] } },
    { A: reader, B: reader, C: reader }, {}, seed)
  start(cluster, 'shop', ...CONSUMERS)
  for (const one of faults.toSorted((a, b) => a.at - b.at)) {
    run(cluster, one.at)
    if (allows(cluster, one)) make(cluster, one)
  }
  run(cluster, 100)
  heal(cluster, 130)
  run(cluster, 200)
  tell(cluster, 'shop', { type: 'close' })
  run(cluster, 420)
  return cluster
}

test('once all is whole again, the group is, and every acknowledged record has been read', () => {
  fc.assert(
    fc.property(fc.array(fault, { maxLength: 14 }), fc.nat({ max: 99 }), (faults, seed) => {
      const cluster = play(faults, seed)
      expect(groupOf(cluster, 'g')).toMatchObject({ state: 'Stable' })
      expect(Object.values(assignmentOf(cluster, 'g')).flat().sort()).toEqual(['t/0', 't/1', 't/2'])
      for (const id of CONSUMERS) expect([...consumerOf(cluster, id).positions.keys()]).toEqual(assignmentOf(cluster, 'g')[id])

      const { notebook } = producerOf(cluster, 'shop')
      expect(notebook.outcomes.length).toBe(notebook.sent)
      expect(account(cluster.sim.world, newLedgerIndex())).toMatchObject({ lost: [], duplicated: 0, unavailable: 0 })
      const read = new Set(CONSUMERS.flatMap((id) => [...between(consumerOf(cluster, id).notebook.handled, 0)].map((one) => one.id)))
      const acked = [...between(notebook.outcomes, 0)].filter(({ error }) => error === 'NONE')
      expect(acked.filter(({ id }) => !read.has(id))).toEqual([])
      expect(acked.length).toBeGreaterThan(500)
    }),
    { numRuns: 6, seed: 42 },
  )
}, 120_000)
