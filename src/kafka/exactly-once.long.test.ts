/**
 * A hundred thousand records through two read-process-write clients, while brokers and clients crash, freeze and are cut off
 * by chance: with read_committed each of them is there once, and in its order (INV-T8, TXN-11).
 */
import { expect, test } from 'vitest'
import { between } from '../base/chunks.ts'
import { MILLISECOND as MS, SECOND } from '../base/units.ts'
import type { Input } from '../engine/input.ts'
import { apply, runUntil, type Simulation } from '../engine/simulation.ts'
import { noWatch, type Watch } from '../engine/watch.ts'
import type { ProducerConfig, ProducerState } from './client/producer/state.ts'
import { newCluster } from './cluster.ts'
import type { KafkaRecord } from './log/record.ts'
import { committedOnly } from './log/transactions.ts'
import { controllerOf, groupOf, replicaOf } from './look.ts'
import { monitored } from './monitored.testing.ts'
import type { FactOf } from './notes.ts'

const PARTITIONS = 4, EACH = 25_000, BATCH = 50
const brokers = ['b1', 'b2', 'b3'], copiers = ['A', 'B'], machines = [...brokers, ...copiers]

/** Numbers by chance, the same each time. */
function chance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 4_294_967_296) * below)
  }
}

const source = (partition: number): readonly KafkaRecord[] => Array.from({ length: EACH }, (_, i) =>
  Object.freeze({ id: `src${partition}#${i + 1}`, key: undefined, value: `${partition}:${i}`, valueBytes: undefined, timestamp: 0 }))

function pipeline(seed: number, version: 1 | 2, noted: Watch['noted']): Simulation {
  const copier = (id: string): ProducerConfig => ({
    id, library: 'java', topic: 'dst', bootstrap: brokers, transactional: true,
    configs: { 'transactional.id': `copy-${id}`, 'transaction.timeout.ms': 10_000, 'auto.offset.reset': 'earliest', 'session.timeout.ms': 6000, 'heartbeat.interval.ms': 2000 },
    reads: { group: 'g', topics: ['src'], batch: BATCH },
  })
  return newCluster({
    seed, hop: 5 * MS, jitter: 0, controllers: 3, brokers: [1, 2, 3].map((id) => ({ id, rack: undefined, overrides: {} })), features: version === 1 ? { 'transaction.version': 1 } : {},
    overrides: { 'offsets.topic.num.partitions': 2, 'transaction.state.log.num.partitions': 2, 'group.min.session.timeout.ms': 6000 },
    topics: [
      { name: 'src', replicas: Array.from({ length: PARTITIONS }, (_, p) => [0, 1, 2].map((i) => ((p + i) % 3) + 1)), config: { 'min.insync.replicas': '2' }, records: Array.from({ length: PARTITIONS }, (_, p) => source(p)) },
      { name: 'dst', replicas: [[3, 1, 2], [1, 2, 3]], config: { 'min.insync.replicas': '2' } },
    ],
    producers: copiers.map(copier), consumers: [],
  }, monitored({ ...noWatch, noted }))
}

/** One thing goes wrong, and is put right so much later. */
function fault(sim: Simulation, pick: (below: number) => number): readonly [wrong: Input, right: Input] | undefined {
  const node = machines[pick(machines.length)]!
  const kind = pick(4)
  if (kind === 3) {
    const from = brokers[pick(3)]!, to = machines[pick(machines.length)]!
    return from === to ? undefined : [{ do: 'cut', from, to, traffic: 'all' }, { do: 'heal', from, to }]
  }
  if (sim.world.nodes.get(node)!.condition !== 'running') return undefined
  return kind === 2 ? [{ do: 'pause', node }, { do: 'resume', node }] : [{ do: kind === 0 ? 'crash' : 'stop', node }, { do: 'restart', node }]
}

const leaderOf = (sim: Simulation, partition: string) => replicaOf(sim.world, partition, controllerOf(sim.world)!.committed.partitions.get(partition)!.leader)!
const committedOf = (sim: Simulation, partition: string): number => groupOf(sim.world, 'g').group?.offsets.get(partition)?.offset ?? 0
const done = (sim: Simulation): number => Array.from({ length: PARTITIONS }, (_, p) => committedOf(sim, `src/${p}`)).reduce((sum, offset) => sum + offset, 0)

function valuesOf(sim: Simulation, partition: string): readonly string[] {
  const { log, highWatermark } = leaderOf(sim, partition)
  const batches = [...between(log.batches, 0)].filter(({ lastOffset }) => lastOffset < highWatermark)
  return committedOnly(batches, log.transactions.aborted).flatMap(({ records }) => records.map(({ value }) => value ?? ''))
}

/** Who was fenced for good has ended; somebody starts it again. */
function startAgain(sim: Simulation): void {
  for (const name of copiers) {
    const node = sim.world.nodes.get(name)!
    if (node.condition === 'running' && (node.state as ProducerState).lifecycle === 'failed') apply(sim, { do: 'restart', node: name })
  }
}

test.each([[2, 11], [1, 12]] as const)('transaction.version=%i: 100,000 records, each once, whatever goes wrong', (version, seed) => {
  let aborted = 0
  const sim = pipeline(seed, version, (_at, _step, _cause, _node, fact) => {
    if (fact.code === 'txn.decided' && (fact as FactOf<'txn.decided'>).outcome === 'abort') aborted++
  })
  const pick = chance(seed)
  for (const node of copiers) apply(sim, { do: 'tell', node, order: { type: 'start' } })
  let faults = 0, second = 4
  while (done(sim) < PARTITIONS * EACH && second < 3000) {
    runUntil(sim, second++ * SECOND)
    startAgain(sim)
    if (pick(5) > 0) continue
    const made = fault(sim, pick)
    if (made === undefined) continue
    faults++
    const [wrong, right] = made
    apply(sim, wrong)
    second += pick(15)
    runUntil(sim, second++ * SECOND)
    if (right.do !== 'restart' || sim.world.nodes.get(right.node)!.condition === 'down') apply(sim, right)
  }
  runUntil(sim, (second + 60) * SECOND)
  expect(faults).toBeGreaterThan(15)
  expect(done(sim)).toBe(PARTITIONS * EACH)
  const values = ['dst/0', 'dst/1'].map((partition) => valuesOf(sim, partition))
  const seen = new Set(values.flat())
  expect([values.flat().length, seen.size]).toEqual([PARTITIONS * EACH, PARTITIONS * EACH])
  for (let p = 0; p < PARTITIONS; p++) for (let i = 0; i < EACH; i++) if (!seen.has(`${p}:${i}`)) throw new Error(`${p}:${i} is missing`)
  // What came from one partition stands in its order wherever it was written to.
  for (const list of values) {
    const last = new Map<string, number>()
    for (const value of list) {
      const [partition = '', index] = value.split(':')
      if (Number(index) <= (last.get(partition) ?? -1)) throw new Error(`${value} stands behind ${partition}:${last.get(partition)}`)
      last.set(partition, Number(index))
    }
  }
  for (const partition of ['dst/0', 'dst/1', '__consumer_offsets/0', '__consumer_offsets/1']) expect(leaderOf(sim, partition).log.transactions.open, partition).toEqual([])
  // Something had to be undone on the way, or nothing was tried.
  expect(aborted).toBeGreaterThan(0)
}, 120_000)
