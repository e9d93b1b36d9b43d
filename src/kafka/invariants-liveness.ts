/**
 * LIV-1 to LIV-11: what must come true when nothing is wrong any more with those that it takes, however long that may last
 * with others. Time is that of the run; the bounds are those of the semantics (9.7) with the configs in force, and something
 * for messages on top.
 *
 * What keeps changing is on its way: something is late only when it has stood still for so long.
 */
import { at, firstIndex } from '../base/chunks.ts'
import { fromMs, SECOND, type Micros } from '../base/units.ts'
import type { Node, World } from '../engine/world.ts'
import { effectiveMinIsr } from './broker/high-watermark.ts'
import { nodeName, type Broker, type Replica } from './broker/state.ts'
import type { ProducerState } from './client/producer/state.ts'
import type { Controller } from './controller/state.ts'
import { stateOf } from './group/consumer/state.ts'
import { groupSetting } from './group/group-setting.ts'
import type { Memory, Violation, Waiting } from './invariants-memory.ts'
import type { LivenessId } from './invariants-names.ts'
import { sizeOf } from './log/log.ts'
import { isSpoiled } from './log/record.ts'
import { brokerOf, controllerOf, isLive, quorumLeaderOf } from './look.ts'
import type { MetadataImage, PartitionRegistration } from './metadata/image.ts'
import { quorumSince, noteSteady } from './steady.ts'

/** What is not as it should be at this moment. */
interface Late {
  readonly id: LivenessId
  /** What it is about. */
  readonly of: string
  /** As long as this is the same nothing has happened to it. */
  readonly token: string
  /** Since when those that it takes have been steady. */
  readonly since: Micros
  readonly bound: Micros
  readonly what: string
}

export function checkLiveness(world: World, memory: Memory): Violation | undefined {
  noteSteady(world, memory)
  const waiting = new Map<string, Waiting>()
  let broken: Violation | undefined
  for (const { id, of, token, since, bound, what } of lateOnes(world, memory)) {
    const key = `${id} ${of}`
    const before = memory.waiting.get(key)
    const now: Waiting = before?.token === token ? before : { token, since: world.now }
    waiting.set(key, now)
    const waited = world.now - Math.max(since, now.since)
    // One at a time: the others are still late at the next look.
    if (waited <= bound || broken !== undefined) continue
    broken = { id, what: `${of} for ${Math.floor(waited / SECOND)} s: ${what}` }
    now.since = world.now
  }
  memory.waiting = waiting
  return broken
}

function* lateOnes(world: World, memory: Memory): Generator<Late> {
  const steadyOf = (id: number): Micros | undefined => memory.steady.get(nodeName(id))
  yield* lateClients(world)
  const quorum = quorumSince(world, memory)
  const committed = controllerOf(world)?.committed
  if (quorum === undefined || committed === undefined) return
  const active = quorumLeaderOf(world)
  if (active === undefined || active.voter.kind !== 'Leader' || !active.voter.active) {
    yield { id: 'LIV-6', of: 'the quorum', token: '', since: quorum, bound: 60 * SECOND, what: 'nobody acts as the controller' }
    return
  }
  for (const { id } of committed.brokers.values()) {
    const broker = brokerOf(world, id)
    const since = steadyOf(id)
    if (broker === undefined || since === undefined || broker.metadata.endOffset === committed.endOffset) continue
    yield { id: 'LIV-5', of: broker.spec.name, token: `${broker.metadata.endOffset}`, since: Math.max(quorum, since), bound: 30 * SECOND, what: `it has applied metadata up to ${broker.metadata.endOffset}, committed is ${committed.endOffset}` }
  }
  for (const partition of committed.partitions.values()) yield* latePartition(world, partition, active, quorum, steadyOf)
  for (const [name, node] of world.nodes) {
    const since = memory.steady.get(name)
    if (node.kind !== 'broker' || since === undefined) continue
    yield* lateGroups(committed, node.state as Broker, Math.max(quorum, since), steadyOf)
    yield* lateTransactions(world, committed, node, Math.max(quorum, since), steadyOf)
  }
}

/** LIV-3: a batch is decided by its deadline, and a request is not kept waiting for longer than it says. */
function* lateClients(world: World): Generator<Late> {
  for (const [name, { kind, state, condition, since }] of world.nodes) {
    if (condition !== 'running' || state === undefined) continue
    if (kind === 'producer') {
      const { batches, settings, lifecycle } = state as ProducerState
      const oldest = lifecycle === 'stopped' || lifecycle === 'failed' ? undefined : batches.values().next().value
      if (oldest === undefined || world.now <= oldest.createdAt + settings.deliveryTimeout) continue
      yield { id: 'LIV-3', of: `${name}, ${oldest.partition}`, token: `${oldest.id}`, since, bound: 10 * SECOND, what: `a batch of ${oldest.records.length} is neither acknowledged nor failed after delivery.timeout.ms` }
    } else if (kind === 'broker') {
      for (const { on, until, waiting } of (state as Broker).parked.produces.values()) {
        if (until < world.now) yield { id: 'LIV-3', of: `${name}, ${waiting.map(({ partition }) => partition).join()}`, token: on, since, bound: 10 * SECOND, what: 'a Produce request is kept waiting beyond its timeout' }
      }
    }
  }
}

type SteadyOf = (id: number) => Micros | undefined
/** Since when all of these have been steady. */
function allSince(ids: readonly number[], steadyOf: SteadyOf, from: Micros): Micros | undefined {
  let since = from
  for (const id of ids) {
    const one = steadyOf(id)
    if (one === undefined) return undefined
    since = Math.max(since, one)
  }
  return since
}

function* latePartition(world: World, record: PartitionRegistration, active: Controller, quorum: Micros, steadyOf: SteadyOf): Generator<Late> {
  const { partition, leader, leaderEpoch, partitionEpoch, isr, elr, replicas, adding, removing } = record
  const { config } = active
  if (!isLive(world, leader)) {
    const eligible = [...isr, ...elr].map(steadyOf).filter((since) => since !== undefined)
    const bound = config.brokerSessionTimeout + config.sessionCheck + 30 * SECOND
    if (eligible.length > 0) yield { id: 'LIV-1', of: partition, token: `${leaderEpoch}`, since: Math.max(quorum, Math.min(...eligible)), bound, what: `nobody leads, and ${[...isr, ...elr].map(nodeName).join()} could` }
    return
  }
  const broker = brokerOf(world, leader)
  const replica = broker?.replicas.get(partition)
  const since = allSince([leader], steadyOf, quorum)
  if (since === undefined || replica === undefined) return
  const [preferred] = replicas
  if (config.autoLeaderRebalance && preferred !== leader && preferred !== undefined && isr.includes(preferred) && steadyOf(preferred) !== undefined) {
    yield { id: 'LIV-10', of: partition, token: `${leaderEpoch} ${isr.join()} ${active.epoch}`, since: Math.max(since, steadyOf(preferred)!), bound: config.leaderImbalanceCheck + 60 * SECOND, what: `b${leader} leads, and b${preferred} is preferred and in sync` }
  }
  if (replica.leading === undefined) return
  const size = Math.ceil(sizeOf(replica.log) / 1_000_000) * SECOND
  const moving = adding.length + removing.length > 0 ? allSince([...replicas, ...adding], steadyOf, since) : undefined
  if (moving !== undefined && !cannotCopy(world, replica, replicas)) yield { id: 'LIV-9', of: partition, token: `${partitionEpoch}`, since: moving, bound: 90 * SECOND + size, what: `its replicas are to become ${replicas.filter((id) => !removing.includes(id)).map(nodeName).join()}` }
  for (const id of replicas) {
    const joins = isr.includes(id) || cannotCopy(world, replica, [id]) ? undefined : allSince([id], steadyOf, since)
    if (joins !== undefined) yield { id: 'LIV-2', of: `${partition}@b${id}`, token: `${leaderEpoch} ${partitionEpoch}`, since: joins, bound: 60 * SECOND + size, what: `it is not in the ISR ${isr.map(nodeName).join()}` }
  }
  yield* lateReplicas(world, record, replica, since, steadyOf)
}

const replicaIn = (world: World, id: number, partition: string): Replica | undefined => brokerOf(world, id)?.replicas.get(partition)
/** What comes next in the leader's log is spoiled, and nobody takes it. */
const cannotCopy = (world: World, { partition, log }: Replica, ids: readonly number[]): boolean => ids.some((id) => {
  const end = replicaIn(world, id, partition)?.log.endOffset ?? 0
  const next = end >= log.endOffset ? undefined : at(log.batches, firstIndex(log.batches, ({ lastOffset }) => lastOffset >= end))
  return next !== undefined && isSpoiled(next)
})

const lastEpochIn = ({ log }: Replica): number => (log.startOffset === log.endOffset ? -1 : at(log.batches, log.batches.length - 1)?.partitionLeaderEpoch ?? -1)
/** LIV-4 and LIV-11, where all are in sync, and nobody writes. */
function* lateReplicas(world: World, { partition, isr, replicas, leaderEpoch, partitionEpoch }: PartitionRegistration, leader: Replica, from: Micros, steadyOf: SteadyOf): Generator<Late> {
  if (isr.length < replicas.length || isr.length < effectiveMinIsr(leader)) return
  const since = allSince(replicas, steadyOf, from)
  const end = leader.log.endOffset
  if (since === undefined || cannotCopy(world, leader, replicas)) return
  for (const id of replicas) {
    const replica = replicaIn(world, id, partition)
    const of = `${partition}@b${id}`, token = `${leaderEpoch} ${partitionEpoch} ${end}`, bound = 30 * SECOND
    if (replica?.highWatermark !== end) yield { id: 'LIV-4', of, token, since, bound, what: `its HW is ${replica?.highWatermark}, the leader's log ends at ${end}` }
    // An epoch without a record is nothing that a follower hears of; of what was written before INV-R1 takes care.
    const differs = replica?.log.endOffset !== end || lastEpochIn(replica) !== lastEpochIn(leader)
    if (differs) yield { id: 'LIV-11', of, token, since, bound, what: `it ends at ${replica?.log.endOffset} with epoch ${replica === undefined ? -1 : lastEpochIn(replica)}, the leader's at ${end} with ${lastEpochIn(leader)}` }
  }
}

/** Since when a partition has been led by this broker, can be written to, and nothing is wrong with those in sync. */
function writableSince({ partitions }: MetadataImage, { spec, replicas }: Broker, partition: string, from: Micros, steadyOf: SteadyOf): Micros | undefined {
  const truth = partitions.get(partition)
  const replica = replicas.get(partition)
  if (truth?.leader !== spec.id || replica?.leading === undefined || replica.leaderEpoch !== truth.leaderEpoch || truth.isr.length < effectiveMinIsr(replica)) return undefined
  return allSince(truth.isr, steadyOf, from)
}

/** LIV-7. Whoever does not do his part is put out in time. */
function* lateGroups(committed: MetadataImage, broker: Broker, from: Micros, steadyOf: SteadyOf): Generator<Late> {
  const { groups, consumerGroups, partitions } = broker.coordinator
  for (const { id, partition, state, members, rebalances } of groups.values()) {
    const since = state === 'PreparingRebalance' || state === 'CompletingRebalance' ? writableSince(committed, broker, partition, from, steadyOf) : undefined
    if (since === undefined) continue
    const longest = (of: 'sessionTimeoutMs' | 'rebalanceTimeoutMs'): Micros => fromMs([...members.values()].reduce((most, member) => Math.max(most, member[of]), 45_000))
    yield { id: 'LIV-7', of: id, token: `${partitions.get(partition)} ${rebalances}`, since, bound: longest('sessionTimeoutMs') + 2 * longest('rebalanceTimeoutMs') + 60 * SECOND, what: `it is ${state}` }
  }
  for (const group of consumerGroups.values()) {
    const { id, partition, members, settledEpoch } = group
    const state = stateOf(group)
    const since = state === 'Assigning' || state === 'Reconciling' ? writableSince(committed, broker, partition, from, steadyOf) : undefined
    if (since === undefined) continue
    const session = fromMs(groupSetting(broker.metadata.groupConfig, broker.overrides, id, 'group.consumer.session.timeout.ms'))
    const rebalance = fromMs([...members.values()].reduce((most, { subscription }) => Math.max(most, subscription.rebalanceTimeoutMs), 0))
    yield { id: 'LIV-7', of: id, token: `${partitions.get(partition)} ${settledEpoch}`, since, bound: session + 2 * rebalance + 60 * SECOND, what: `it is ${state}` }
  }
}

/** LIV-8. By a clock that is wrong time passes otherwise. */
function* lateTransactions(world: World, committed: MetadataImage, { state, skew }: Node, from: Micros, steadyOf: SteadyOf): Generator<Late> {
  const broker = state as Broker
  const { coordinator } = broker.transactions
  if (skew !== undefined) return
  for (const { metadata, partition } of coordinator.transactions.values()) {
    const { id, state: phase, producerEpoch, startedAt, timeoutMs, partitions } = metadata
    if (phase === 'Empty' || phase === 'Dead' || phase.startsWith('Complete')) continue
    let since = writableSince(committed, broker, partition, from, steadyOf)
    if (phase !== 'Ongoing') for (const of of partitions) {
      const leader = brokerOf(world, committed.partitions.get(of)?.leader ?? -1)
      since = since === undefined || leader === undefined || steadyOf(leader.spec.id) === undefined ? undefined : writableSince(committed, leader, of, Math.max(since, steadyOf(leader.spec.id)!), steadyOf)
    }
    const bound = (phase === 'Ongoing' ? fromMs(timeoutMs) + 10 * SECOND : 0) + 60 * SECOND
    if (since !== undefined) yield { id: 'LIV-8', of: id, token: `${coordinator.partitions.get(partition)} ${phase} ${producerEpoch} ${startedAt}`, since, bound, what: `its transaction is ${phase}` }
  }
}
