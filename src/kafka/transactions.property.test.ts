/**
 * Read, process, write under random faults of brokers, coordinators and clients: what is read with read_committed is made of
 * every record once (INV-T8), whatever had to be aborted on the way; and what must be true of transactions at every moment.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { between } from '../base/chunks.ts'
import { deepFreeze, findNonTree } from '../base/clone.ts'
import { MILLISECOND as MS, SECOND } from '../base/units.ts'
import type { Input } from '../engine/input.ts'
import { apply, runUntil, type Simulation } from '../engine/simulation.ts'
import { noWatch } from '../engine/watch.ts'
import type { ProducerConfig, ProducerState } from './client/producer/state.ts'
import { newCluster } from './cluster.ts'
import { Monitor } from './invariants.ts'
import { isControl, type KafkaRecord } from './log/record.ts'
import { committedOnly } from './log/transactions.ts'
import { controllerOf, groupOf, replicaOf } from './look.ts'

const RECORDS = 60, FAULTS = 40, REST = 110
interface Fault { readonly at: number; readonly input: Input }
interface Plan { readonly seed: number; readonly version: 1 | 2; readonly protocol: 'classic' | 'consumer'; readonly batch: number; readonly faults: readonly Fault[] }

const clients = fc.constantFrom('A', 'B')
const brokers = fc.constantFrom('b1', 'b2', 'b3')
const machines = fc.oneof({ weight: 3, arbitrary: clients }, { weight: 2, arbitrary: brokers })
const pair = fc.tuple(brokers, fc.constantFrom('b1', 'b2', 'b3', 'A', 'B')).filter(([from, to]) => from !== to)
const gesture: fc.Arbitrary<Input> = fc.oneof(
  { weight: 3, arbitrary: machines.map((node): Input => ({ do: 'crash', node })) },
  { weight: 4, arbitrary: machines.map((node): Input => ({ do: 'restart', node })) },
  { weight: 2, arbitrary: machines.map((node): Input => ({ do: 'pause', node })) },
  { weight: 2, arbitrary: machines.map((node): Input => ({ do: 'resume', node })) },
  { weight: 1, arbitrary: machines.map((node): Input => ({ do: 'stop', node })) },
  { weight: 2, arbitrary: pair.map(([from, to]): Input => ({ do: 'cut', from, to, traffic: 'all' })) },
  { weight: 2, arbitrary: pair.map(([from, to]): Input => ({ do: 'heal', from, to })) },
)
const plans: fc.Arbitrary<Plan> = fc.record({
  seed: fc.nat(9999), version: fc.constantFrom(1 as const, 2 as const), protocol: fc.constantFrom('classic' as const, 'consumer' as const), batch: fc.integer({ min: 1, max: 12 }),
  faults: fc.array(fc.record({ at: fc.integer({ min: 30, max: FAULTS * 10 }).map((tenths) => tenths / 10), input: gesture }), { maxLength: 12 })
    .map((list) => list.toSorted((a, b) => a.at - b.at)),
})

const source = (partition: number): readonly KafkaRecord[] => Array.from({ length: RECORDS }, (_, i) =>
  Object.freeze({ id: `src${partition}#${i + 1}`, key: undefined, value: `${partition}:${i}`, valueBytes: undefined, timestamp: 0 }))

function clusterOf({ seed, version, protocol, batch }: Plan, monitor: Monitor): Simulation {
  const bootstrap = ['b1', 'b2', 'b3']
  const reader = protocol === 'consumer' ? { 'group.protocol': 'consumer' } : { 'session.timeout.ms': 6000, 'heartbeat.interval.ms': 2000 }
  const client = (id: string): ProducerConfig => ({
    id, library: 'java', topic: 'dst', bootstrap, transactional: true, configs: { 'transactional.id': `copy-${id}`, 'transaction.timeout.ms': 10_000, 'auto.offset.reset': 'earliest', ...reader },
    reads: { group: 'g', topics: ['src'], batch, processMs: 250 },
  })
  return newCluster({
    seed, hop: 5 * MS, jitter: 0, controllers: 3, brokers: [1, 2, 3].map((id) => ({ id, rack: undefined, overrides: {} })), features: version === 1 ? { 'transaction.version': 1 } : {},
    overrides: { 'offsets.topic.num.partitions': 2, 'transaction.state.log.num.partitions': 2, 'group.consumer.session.timeout.ms': 6000, 'group.consumer.heartbeat.interval.ms': 2000, 'group.min.session.timeout.ms': 6000 },
    topics: [
      { name: 'src', replicas: [[1, 2, 3], [2, 3, 1]], config: { 'min.insync.replicas': '2' }, records: [source(0), source(1)] },
      { name: 'dst', replicas: [[3, 1, 2]], config: { 'min.insync.replicas': '2' } },
    ],
    producers: [client('A'), client('B')],
    consumers: [{ id: 'rc', library: 'java', group: 'audit', topics: ['dst'], bootstrap, configs: { 'isolation.level': 'read_committed', 'auto.offset.reset': 'earliest' } }],
  }, { ...noWatch, sent: (_id, _step, wire, from, to, message) => monitor.sent(wire.id, from, to, message), noted: (_at, _step, _cause, node, fact) => monitor.noted(node, fact), stepped: (world, node) => monitor.stepped(world, node) })
}

/** Can it be done now? Who is down is only started, who runs is not. */
function perform(sim: Simulation, input: Input): void {
  const condition = 'node' in input ? sim.world.nodes.get(input.node)?.condition : undefined
  if ((input.do === 'crash' || input.do === 'pause' || input.do === 'stop') && condition !== 'running') return
  if (input.do === 'restart' && condition !== 'down') return
  apply(sim, input)
}

function mend(sim: Simulation): void {
  for (const [from] of sim.world.nodes) for (const [to] of sim.world.nodes) if (from !== to) apply(sim, { do: 'heal', from, to })
  for (const node of ['b1', 'b2', 'b3', 'A', 'B']) apply(sim, { do: 'resume', node })
}
/** A client that has been fenced for good has ended; somebody starts it again. */
function startAgain(sim: Simulation): void {
  for (const name of ['b1', 'b2', 'b3', 'A', 'B']) {
    const node = sim.world.nodes.get(name)!
    if (node.condition === 'down' || (node.state as Partial<ProducerState>).lifecycle === 'failed') apply(sim, { do: 'restart', node: name })
  }
}

const leaderOf = (sim: Simulation, partition: string) => replicaOf(sim.world, partition, controllerOf(sim.world)!.committed.partitions.get(partition)!.leader)!

/** As a read_committed reader has it from the beginning. */
function committedValues(sim: Simulation): readonly string[] {
  const { log, highWatermark } = leaderOf(sim, 'dst/0')
  const batches = [...between(log.batches, 0)].filter(({ lastOffset }) => lastOffset < highWatermark)
  return committedOnly(batches, log.transactions.aborted).flatMap(({ records }) => records.map(({ value }) => value ?? ''))
}

function check(plan: Plan): void {
  const monitor = new Monitor()
  const sim = clusterOf(plan, monitor)
  for (const node of ['A', 'B', 'rc']) apply(sim, { do: 'tell', node, order: { type: 'start' } })
  for (const { at, input } of plan.faults) {
    runUntil(sim, Math.round(at * SECOND))
    perform(sim, input)
  }
  runUntil(sim, FAULTS * SECOND)
  mend(sim)
  for (let second = FAULTS; second < FAULTS + REST; second += 10) {
    startAgain(sim)
    runUntil(sim, (second + 10) * SECOND)
  }
  monitor.look(sim.world)
  for (const [name, { state }] of sim.world.nodes) expect(findNonTree(state), name).toBe(undefined)
  const wanted = [0, 1].flatMap((partition) => source(partition).map(({ value }) => value!))
  const values = committedValues(sim)
  expect(values.toSorted()).toEqual(wanted.toSorted())
  // INV-P2 in what is read: each partition's records in their order.
  for (const partition of ['0', '1']) {
    const order = values.filter((value) => value.startsWith(`${partition}:`)).map((value) => Number(value.slice(2)))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  }
  const { offsets } = groupOf(sim.world, 'g').group!
  expect([offsets.get('src/0')?.offset, offsets.get('src/1')?.offset]).toEqual([RECORDS, RECORDS])
  // LIV-8: nothing is left open.
  for (const partition of ['dst/0', '__consumer_offsets/0', '__consumer_offsets/1']) expect(leaderOf(sim, partition).log.transactions.open, partition).toEqual([])
  const returned = (sim.world.nodes.get('rc')!.state as unknown as { notebook: { returned: Map<string, never> } }).notebook.returned.get('dst/0')
  const { log } = leaderOf(sim, 'dst/0')
  const visible = committedOnly([...between(log.batches, 0)], log.transactions.aborted).flatMap((batch) => (isControl(batch) ? [] : batch.records.map((_, i) => batch.baseOffset + i)))
  expect([...between<number>(returned!, 0)]).toEqual(visible)
}

describe('exactly once', () => {
  test('INV-T8: each input record once in what is committed, in order, and the offsets with it', () => {
    fc.assert(fc.property(plans, check), { numRuns: 25, seed: 8, endOnFailure: false })
  }, 240_000)

  /** By name, what was once wrong. */
  const regressions: Readonly<Record<string, Plan>> = {
    'a member that was put out of its group commits to a group that is empty': {
      seed: 0, version: 1, protocol: 'classic', batch: 9, faults: [{ at: 17.9, input: { do: 'pause', node: 'B' } }, { at: 24.8, input: { do: 'pause', node: 'A' } }],
    },
    'a client that is told to stop is fenced before its last turn has ended': {
      seed: 1622, version: 1, protocol: 'consumer', batch: 1,
      faults: [{ at: 4.2, input: { do: 'stop', node: 'B' } }, { at: 4.5, input: { do: 'cut', from: 'b3', to: 'b1', traffic: 'all' } }, { at: 4.5, input: { do: 'stop', node: 'A' } }],
    },
  }
  test.each(Object.entries(regressions))('%s', (_, plan) => check(deepFreeze(plan) as Plan))
})
