/**
 * Random clusters under random faults, and what must be true all the same: the statements of part 9 at every moment, and
 * when all is mended, that it comes to rest with nothing lost that its configuration promises to keep.
 */
import fc from 'fast-check'
import { assert } from '../base/assert.ts'
import { deepFreeze } from '../base/clone.ts'
import { MILLISECOND as MS, SECOND } from '../base/units.ts'
import type { Input } from '../engine/input.ts'
import { apply, runUntil, type Simulation } from '../engine/simulation.ts'
import { noWatch } from '../engine/watch.ts'
import type { World } from '../engine/world.ts'
import { isInSync } from './broker/isr-state.ts'
import { METADATA_DIR, type DiskOrder } from './broker/log-directories.ts'
import { isQuiet } from './broker/read.ts'
import type { Broker } from './broker/state.ts'
import { newCluster, roundRobinPlacement } from './cluster.ts'
import { logEndOffset, type Controller } from './controller/state.ts'
import { Monitor } from './invariants.ts'
import { account, newLedgerIndex, type Ledger } from './ledger.ts'
import { brokerOf, controllerOf, quorumLeaderOf, replicaOf } from './look.ts'
import { producer } from './testing.ts'

/** Something happens to a disk, whether the process runs or not. */
interface DiskFault { readonly do: 'disk'; readonly node: string; readonly what: DiskOrder }
type Gesture = readonly (Input | DiskFault)[]
export interface Fault { readonly at: number; readonly input: Input | DiskFault }
export interface Plan {
  readonly seed: number
  readonly brokers: number
  readonly partitions: number
  readonly replication: number
  readonly minIsr: number
  readonly acks: 'all' | '1' | '0'
  readonly idempotence: boolean
  readonly lagMs: number
  readonly jitterMs: number
  readonly consumers: number
  readonly controllers: number
  readonly combined?: boolean
  /** Log directories of every broker; 1 unless said. */
  readonly logDirs?: number
  /** Further configs of the topic, and of all brokers and controllers. */
  readonly log: Readonly<Record<string, string>>
  readonly overrides?: Readonly<Record<string, number>>
  readonly faults: readonly Fault[]
}
/** Faults are made within a minute; then everything is mended, and given time to come to rest. */
const FAULTS = 40, REST = 55
/** Far more steps than such a run has reason to take: something runs in circles. */
const STORM = 200_000

const machines = ['b1', 'b2', 'b3', 'k1', 'k2', 'shop'] as const
const oftenBroker = fc.oneof({ weight: 8, arbitrary: fc.constantFrom('b1', 'b2', 'b3') }, { weight: 1, arbitrary: fc.constantFrom(...machines) })
const twoMachines = fc.tuple(fc.constantFrom('b1', 'b2', 'b3'), fc.constantFrom(...machines)).filter(([from, to]) => from !== to)
const link = (input: (from: string, to: string) => readonly Input[]) =>
  fc.tuple(twoMachines, fc.constantFrom('both', 'there', 'back')).map(([[from, to], way]) => [...(way === 'back' ? [] : input(from, to)), ...(way === 'there' ? [] : input(to, from))])
export const gesture: fc.Arbitrary<Gesture> = fc.oneof(
  { weight: 4, arbitrary: oftenBroker.map((node): readonly Input[] => [{ do: 'crash', node }]) },
  { weight: 5, arbitrary: oftenBroker.map((node): readonly Input[] => [{ do: 'restart', node }]) },
  { weight: 2, arbitrary: oftenBroker.map((node): readonly Input[] => [{ do: 'stop', node }]) },
  { weight: 2, arbitrary: oftenBroker.map((node): readonly Input[] => [{ do: 'pause', node }]) },
  { weight: 3, arbitrary: oftenBroker.map((node): readonly Input[] => [{ do: 'resume', node }]) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('b1', 'b2', 'b3'), fc.integer({ min: 1, max: 40 })).map(([node, s]): readonly Input[] => [{ do: 'tell', node, order: { type: 'stallFetch', for: s * SECOND } as { type: string } }]) },
  { weight: 4, arbitrary: fc.constantFrom('all', 'replication', 'controller', 'clients').chain((traffic) => link((from, to) => [{ do: 'cut', from, to, traffic }])) },
  { weight: 2, arbitrary: fc.constantFrom('all', 'replication', 'controller', 'clients').chain((traffic) => link((from, to) => [{ do: 'cut', from, to, traffic, reset: true }])) },
  { weight: 3, arbitrary: link((from, to) => [{ do: 'heal', from, to }]) },
  { weight: 1, arbitrary: fc.nat(1500).chain((ms) => link((from, to) => [{ do: 'slow', from, to, add: ms * MS }])) },
)
/** By minutes, hours or days: more than a broker accepts of a record, and more than it keeps one. */
const wrongClock = fc.tuple(oftenBroker, fc.constantFrom(1, 60, 1440), fc.integer({ min: -10, max: 10 })).map(([node, minutes, times]): readonly Input[] => [{ do: 'clock', node, add: minutes * times * 60 * SECOND }])
/** Mostly the controllers, and among themselves; now and then a broker, so that there is something to decide. */
const voter = fc.oneof({ weight: 6, arbitrary: fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5') }, { weight: 1, arbitrary: fc.constantFrom('b1', 'b2', 'b3') })
const twoVoters = fc.tuple(fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5'), voter).filter(([from, to]) => from !== to)
const between = (input: (from: string, to: string) => readonly Input[]) =>
  fc.tuple(twoVoters, fc.constantFrom('both', 'both', 'there', 'back')).map(([[from, to], way]) => [...(way === 'back' ? [] : input(from, to)), ...(way === 'there' ? [] : input(to, from))])
export const quorumGesture: fc.Arbitrary<readonly Input[]> = fc.oneof(
  { weight: 4, arbitrary: voter.map((node): readonly Input[] => [{ do: 'crash', node }]) },
  { weight: 5, arbitrary: voter.map((node): readonly Input[] => [{ do: 'restart', node }]) },
  { weight: 2, arbitrary: voter.map((node): readonly Input[] => [{ do: 'stop', node }]) },
  { weight: 3, arbitrary: voter.map((node): readonly Input[] => [{ do: 'pause', node }]) },
  { weight: 4, arbitrary: voter.map((node): readonly Input[] => [{ do: 'resume', node }]) },
  { weight: 4, arbitrary: between((from, to) => [{ do: 'cut', from, to, traffic: 'controller' }]) },
  { weight: 1, arbitrary: between((from, to) => [{ do: 'cut', from, to, traffic: 'controller', reset: true }]) },
  { weight: 3, arbitrary: between((from, to) => [{ do: 'heal', from, to }]) },
  { weight: 1, arbitrary: fc.nat(1500).chain((ms) => between((from, to) => [{ do: 'slow', from, to, add: ms * MS }])) },
)
export const faultsOf = (gestures: fc.Arbitrary<Gesture>) => (most: number): fc.Arbitrary<readonly Fault[]> =>
  fc.array(fc.record({ at: fc.integer({ min: 10, max: FAULTS * 10 - 1 }).map((tenths) => tenths / 10), inputs: gestures }), { maxLength: most })
    .map((list) => list.flatMap(({ at, inputs }) => inputs.map((input) => ({ at, input }))).sort((a, b) => a.at - b.at))
export const plan = (fixed: Partial<Plan> = {}, most = 14, faults = faultsOf(gesture)): fc.Arbitrary<Plan> => fc.record({
  seed: fc.nat(99_999), brokers: fc.integer({ min: 1, max: 3 }), partitions: fc.integer({ min: 1, max: 4 }), replication: fc.integer({ min: 1, max: 3 }), minIsr: fc.integer({ min: 1, max: 2 }),
  acks: fc.constantFrom('all' as const, 'all' as const, '1' as const, '0' as const), idempotence: fc.constantFrom(true, true, true, false), lagMs: fc.constantFrom(30_000, 6_000),
  jitterMs: fc.constantFrom(0, 3), consumers: fc.constantFrom(0, 0, 0, 2), controllers: fc.constant(3), log: fc.constant({}), faults: faults(most),
}).map((free) => ({ ...free, ...fixed }))

function clusterOf(plan: Plan, monitor: Monitor): Simulation {
  const ids = Array.from({ length: plan.brokers }, (_, i) => i + 1)
  const bootstrap = ids.map((id) => `b${id}`)
  const configs = { acks: plan.acks, ...(plan.idempotence ? {} : { 'enable.idempotence': false }) }
  return newCluster({
    seed: plan.seed, hop: 5 * MS, jitter: plan.jitterMs * MS, controllers: plan.controllers, combined: plan.combined === true,
    brokers: ids.map((id) => ({ id, rack: undefined, overrides: plan.logDirs === undefined ? {} : { 'metadata.log.dir': METADATA_DIR }, ...(plan.logDirs === undefined ? {} : { logDirs: plan.logDirs }) })),
    overrides: { 'replica.lag.time.max.ms': plan.lagMs, 'offsets.topic.num.partitions': 2, 'log.initial.task.delay.ms': 500, 'log.retention.check.interval.ms': 1000, 'log.cleaner.backoff.ms': 1000, ...plan.overrides },
    topics: [{ name: 'orders', replicas: roundRobinPlacement(ids, plan.partitions, Math.min(plan.replication, plan.brokers)), config: { 'min.insync.replicas': String(plan.minIsr), ...plan.log } }],
    producers: [producer('shop', configs, { rate: { count: 6, per: SECOND }, keys: ['ann', 'ben', 'chloe', 'dan', 'eve'], bootstrap })],
    consumers: Array.from({ length: plan.consumers }, (_, i) => ({ id: `c${i + 1}`, library: 'java', group: 'readers', topics: ['orders'], bootstrap, configs: { 'auto.offset.reset': 'earliest', ...(plan.seed % 2 === 0 ? {} : { 'group.protocol': 'consumer' }) } })),
  }, { ...noWatch, sent(_id, _step, wire, from, to, message) {
    deepFreeze(message)
    monitor.sent(wire.id, from, to, message)
  }, noted: (_at, _step, _cause, node, fact) => monitor.noted(node, fact), stepped(world, node) {
    if (world.steps > STORM) throw new Error(`${world.steps} steps by ${world.now / SECOND} s: a storm`)
    monitor.stepped(world, node)
    if (world.steps % LOOK_EVERY === 0) checkSettled(world)
  } })
}

/** Play it; throws at the first moment at which something is not true. */
/** Nobody is passed over who has news: who is settled has everything, and has been told so. */
function checkSettled(world: World): void {
  for (const { kind, state } of world.nodes.values()) {
    if (kind !== 'broker' || state === undefined) continue
    for (const [on, { wishes, settled, replicaId }] of (state as Broker).sessions) {
      wishes.forEach((wanted, place) => {
        if (settled[place] !== 1) return
        const replica = (state as Broker).replicas.get(wanted.partition)
        const follower = replica?.leading?.followers.get(replicaId)
        assert(follower?.settledAt === place && follower.toldOn === on && replica!.leaderEpoch === wanted.currentLeaderEpoch, `${on} is settled with ${wanted.partition}, and it is another`)
        assert(isQuiet(replica!, wanted, follower, on) && isInSync(replica!.leading!, replicaId), `${on} is settled with ${wanted.partition}, and has news`)
      })
    }
  }
}
const LOOK_EVERY = 97

export function play(plan: Plan): Simulation {
  const monitor = new Monitor()
  const sim = clusterOf(plan, monitor)
  const there = (name: string) => sim.world.nodes.has(name)
  for (const { do: what, node } of [{ do: 'start', node: 'shop' }, { do: 'start', node: 'c1' }, { do: 'start', node: 'c2' }]) if (there(node)) apply(sim, { do: 'tell', node, order: { type: what } })
  for (const { at, input } of plan.faults) {
    runUntil(sim, Math.round(at * SECOND))
    if (input.do === 'disk') {
      if (there(input.node)) ail(sim, input.node, input.what)
    } else if ('node' in input ? there(input.node) : 'from' in input ? there(input.from) && there(input.to) : true) apply(sim, input)
  }
  for (const at of [FAULTS, FAULTS + 15]) {
    runUntil(sim, at * SECOND)
    mend(sim)
  }
  runUntil(sim, (FAULTS + REST) * SECOND)
  // Whoever commits offsets writes too.
  for (const client of ['shop', 'c1', 'c2']) if (sim.world.nodes.get(client)?.condition === 'running') apply(sim, { do: 'tell', node: client, order: { type: 'close' } })
  runUntil(sim, (FAULTS + REST + 5) * SECOND)
  monitor.look(sim.world)
  return sim
}
function ail(sim: Simulation, node: string, what: DiskOrder): void {
  const dirs = ((sim.world.nodes.get(node)!.state ?? sim.world.nodes.get(node)!.disk) as Pick<Broker, 'logDirs'>).logDirs.length
  const order: DiskOrder = what.type === 'slowDisk' ? what : { ...what, dir: what.dir % dirs }
  apply(sim, sim.world.nodes.get(node)!.condition === 'down' ? { do: 'damage', node, what: order } : { do: 'tell', node, order })
}
/** A directory that has failed is looked at only by the next process. */
function mendDisks(sim: Simulation): void {
  for (const [name, node] of sim.world.nodes) {
    if (node.kind !== 'broker') continue
    const { logDirs } = (node.state ?? node.disk) as Pick<Broker, 'logDirs'>
    logDirs.forEach(({ ails }, dir) => ails !== undefined && ail(sim, name, { type: 'ailDisk', dir, ails: undefined }))
    ail(sim, name, { type: 'slowDisk', add: 0 })
    if (node.condition === 'running' && logDirs.some(({ online }) => !online)) apply(sim, { do: 'restart', node: name })
  }
}
function mend(sim: Simulation): void {
  mendDisks(sim)
  for (const key of [...sim.world.links.keys()]) {
    const [from, to] = key.split('>') as [string, string]
    apply(sim, { do: 'heal', from, to })
    apply(sim, { do: 'slow', from, to, add: 0 })
  }
  for (const [name, { condition }] of sim.world.nodes) {
    if (condition === 'frozen') apply(sim, { do: 'resume', node: name })
    else if ((condition === 'down' || condition === 'stopping') && name !== 'shop') apply(sim, { do: 'restart', node: name })
    if (name.startsWith('b')) apply(sim, { do: 'tell', node: name, order: { type: 'resumeFetch' } })
  }
}
export const ledgerOf = (sim: Simulation): Ledger => account(sim.world, newLedgerIndex())

const sorted = (ids: readonly number[]): string => ids.slice().sort((a, b) => a - b).join(', ')

/** LIV-1, LIV-2, LIV-4, LIV-5 and LIV-11: what must have come true when nothing is broken any more; the first that has not. */
function unrest(sim: Simulation): string | undefined {
  const { committed } = controllerOf(sim.world)!
  const active = quorumLeaderOf(sim.world)
  for (const [name, { kind, condition, state }] of sim.world.nodes) {
    if (kind === 'broker' && condition !== 'running') return `${name} is ${condition}`
    if (kind !== 'controller') continue
    const { epoch, highWatermark } = state as Controller
    if (epoch !== active?.epoch || logEndOffset(state as Controller) !== logEndOffset(active) || highWatermark !== committed.endOffset) return `${name} is not where the leader of the quorum is`
  }
  for (const { partition, leader, leaderEpoch, isr, replicas } of committed.partitions.values()) {
    if (!replicas.includes(leader)) return `${partition} is led by ${leader}`
    if (sorted(isr) !== sorted(replicas)) return `the ISR of ${partition} is ${sorted(isr)}, its replicas are ${sorted(replicas)}`
    const end = replicaOf(sim.world, partition, leader)!.log.endOffset
    for (const id of replicas) {
      const replica = replicaOf(sim.world, partition, id)!
      const isThere = replica.leader === leader && replica.leaderEpoch === leaderEpoch && replica.log.endOffset === end && replica.highWatermark === end
      if (!isThere || brokerOf(sim.world, id)!.metadata.endOffset !== committed.endOffset) return `${partition} on b${id} is not what it is on its leader`
    }
  }
  return undefined
}

/** What this plan's configuration promises, and its run has not kept; undefined = all is well. */
export function broken(plan: Plan, sim: Simulation): string | undefined {
  const restless = unrest(sim)
  if (restless !== undefined || plan.acks !== 'all') return restless
  const { lost, ackedInvisible, unavailable } = ledgerOf(sim)
  return lost.length + ackedInvisible + unavailable > 0 ? `${lost.length} lost, ${ackedInvisible} invisible, ${unavailable} out of reach` : undefined
}

export const usual: Plan = { seed: 1, brokers: 3, partitions: 2, replication: 3, minIsr: 2, acks: 'all', idempotence: true, lagMs: 30_000, jitterMs: 0, consumers: 0, controllers: 3, log: {}, faults: [] }

const quorums = fc.record({ seed: fc.nat(99_999), controllers: fc.constantFrom(1, 3, 3, 3, 5), jitterMs: fc.constantFrom(0, 3), faults: faultsOf(quorumGesture)(16) }).map((free): Plan => ({ ...usual, ...free }))
/** Old segments go while it happens: every second, by each replica's own account. */
const shortLived = { 'internal.segment.bytes': '500', 'retention.bytes': '1200' }
const compacted = { 'internal.segment.bytes': '700', 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.2', 'delete.retention.ms': '2000' }
const powerCut = fc.constantFrom('b1', 'b2', 'b3').map((node): readonly Input[] => [{ do: 'powerCut', node }])
export const dark = fc.oneof({ weight: 3, arbitrary: gesture }, { weight: 1, arbitrary: powerCut })

const ailing = fc.record({ node: fc.constantFrom('b1', 'b2', 'b3'), what: fc.oneof(
  fc.record({ dir: fc.nat(2), ails: fc.constantFrom('failed' as const, 'full' as const, undefined) }).map(({ dir, ails }): DiskOrder => ({ type: 'ailDisk', dir, ails })),
  fc.constantFrom(0, 0, 20, 400, 7000).map((ms): DiskOrder => ({ type: 'slowDisk', add: ms * MS })),
) }).map(({ node, what }): Gesture => [{ do: 'disk', node, what }])
const disks = fc.tuple(plan({}, 14, faultsOf(fc.oneof({ weight: 2, arbitrary: gesture }, { weight: 2, arbitrary: ailing }))), fc.constantFrom(undefined, 2, 3)).map(([free, logDirs]): Plan => (logDirs === undefined ? free : { ...free, logDirs }))

/** Kinds of plans, each with what is special about it. */
export const kinds = {
  faults: plan(),
  // Raft: election safety, log matching, leader completeness; and metadata is decided again once a majority is back (LIV-6).
  controllers: quorums,
  // KIP-630: whoever was away for too long takes over a snapshot, and knows all that was decided.
  'snapshots of the metadata': quorums.map((free): Plan => ({ ...free, overrides: { 'metadata.log.max.snapshot.interval.ms': 4_000, 'metadata.max.retention.ms': 6_000, 'metadata.log.max.record.bytes.between.snapshots': 700 } })),
  // KIP-112: what a broker has lost with a directory it copies again; nothing that is acknowledged by all goes with a disk.
  disks,
  retention: plan({ log: shortLived }),
  compaction: plan({ log: compacted }),
  'compaction and retention': plan({ log: { ...compacted, ...shortLived, 'cleanup.policy': 'compact,delete' } }),
  // process.roles=broker,controller: whoever dies takes both with it.
  'brokers that are controllers': plan({ combined: true, brokers: 3 }, 14, faultsOf(fc.oneof({ weight: 2, arbitrary: gesture }, { weight: 1, arbitrary: quorumGesture }))),
  'clocks that are wrong': plan({ log: shortLived }, 14, faultsOf(fc.oneof({ weight: 3, arbitrary: gesture }, { weight: 1, arbitrary: wrongClock }))),
  // Docs, flush.messages=1: "we would fsync after every message"; then a power cut takes no more than a crash does.
  'power cuts, every batch forced to the disk': plan({ log: { 'flush.messages': '1' }, consumers: 0 }, 14, faultsOf(dark)),
} as const satisfies Readonly<Record<string, fc.Arbitrary<Plan>>>
