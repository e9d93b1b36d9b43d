/** Groups of the consumer protocol on a whole cluster, as KIP-848 has them and as a live Kafka 4.3.1 was seen to do. */
import { describe, expect, test } from 'vitest'
import { between } from '../../base/chunks.ts'
import { resumeFrom } from '../../engine/simulation.ts'
import { cloneWorld } from '../../engine/world.ts'
import { stateOf } from '../group/consumer/state.ts'
import { replicaOf } from '../look.ts'
import { act, clusterOf, consumerGroupOf, consumerOf, factsOf, groupOf, run, SECOND, start, type TestCluster } from './testing.ts'

const orders = { shop: { topic: 't', rate: { count: 30, per: SECOND }, keys: ['key-0', 'key-1', 'key-2', 'key-3', 'key-4'] } }
const member = (more = {}) => ({ topics: ['t'], configs: { 'auto.offset.reset': 'earliest', 'group.protocol': 'consumer', ...more } })
const stateNow = (cluster: TestCluster): string => stateOf(consumerGroupOf(cluster, 'g')!)
const owned = (cluster: TestCluster, id: string): string[] => [...consumerOf(cluster, id).positions.keys()]
const epochOf = (cluster: TestCluster, id: string): number => consumerOf(cluster, id).membership.generation
const coordinatorOf = (cluster: TestCluster): string => [...cluster.sim.world.nodes].find(([, { state }]) =>
  (state as { coordinator?: { consumerGroups: Map<string, unknown> } } | undefined)?.coordinator?.consumerGroups.has('g') === true)![0]

describe('S30: a group grows and shrinks', () => {
  // "In 4.3 the group starts at epoch 1, so the first member gets 2", and there is no initial rebalance delay.
  test('one member has everything within a second', () => {
    const cluster = clusterOf({ t: 3 }, orders, { A: member() })
    start(cluster, 'A')
    run(cluster, 1)
    expect(consumerGroupOf(cluster, 'g')).toMatchObject({ epoch: 2, targetEpoch: 2 })
    expect([stateNow(cluster), epochOf(cluster, 'A'), owned(cluster, 'A')]).toEqual(['Stable', 2, ['t/0', 't/1', 't/2']])
  })

  // KIP-848: "a member is only given a partition when its former owner has revoked it and said so"; nobody stops for it.
  test('a second member gets one partition when the first has let go of it, and the first reads the others all the while', () => {
    const cluster = clusterOf({ t: 3 }, orders, { A: member(), B: member() })
    start(cluster, 'shop', 'A')
    run(cluster, 11)
    start(cluster, 'B')
    run(cluster, 12)
    expect(consumerGroupOf(cluster, 'g')).toMatchObject({ epoch: 3, targetEpoch: 3 })
    expect([stateNow(cluster), epochOf(cluster, 'A')]).toEqual(['Reconciling', 2])
    for (let tick = 12; tick <= 23; tick++) {
      const before = consumerOf(cluster, 'A').notebook.handled.length
      run(cluster, tick)
      if (tick > 12) expect(consumerOf(cluster, 'A').notebook.handled.length).toBeGreaterThan(before)
    }
    expect([stateNow(cluster), epochOf(cluster, 'A'), epochOf(cluster, 'B')]).toEqual(['Stable', 3, 3])
    expect([owned(cluster, 'A').length, owned(cluster, 'B').length]).toEqual([2, 1])
    const given = factsOf(cluster, 'partitions.revoked')
    expect(given.map(({ fact }) => [fact.member, fact.partitions])).toEqual([['A', owned(cluster, 'B')]])
    // It was told at its next heartbeat, at most five seconds later.
    expect(given[0]!.at - 11 * SECOND).toBeLessThan(5.2 * SECOND)
    expect(consumerOf(cluster, 'A').notebook).toMatchObject({ revokedCount: 1, lostCount: 0 })
  })

  test('a killed member is missed after its session; the target is computed at a survivor\'s next heartbeat', () => {
    const cluster = clusterOf({ t: 3 }, orders, { A: member(), B: member() })
    start(cluster, 'shop', 'A', 'B')
    run(cluster, 20)
    act(cluster, { do: 'crash', node: 'B' })
    run(cluster, 59)
    expect(consumerGroupOf(cluster, 'g')!.members.size).toBe(2)
    run(cluster, 75)
    const left = factsOf(cluster, 'member.left')[0]!
    expect(left.fact.why).toBe('session')
    expect(left.at - 20 * SECOND).toBeGreaterThanOrEqual(40 * SECOND)
    expect(left.at - 20 * SECOND).toBeLessThanOrEqual(45.1 * SECOND)
    const computed = factsOf(cluster, 'target.computed').at(-1)!
    expect(computed.at - left.at).toBeLessThanOrEqual(5.1 * SECOND)
    expect([stateNow(cluster), owned(cluster, 'A')]).toEqual(['Stable', ['t/0', 't/1', 't/2']])
  })

  test('who closes leaves at once, and the others hear of it with their heartbeats', () => {
    const cluster = clusterOf({ t: 2 }, orders, { A: member(), B: member() })
    start(cluster, 'shop', 'A', 'B')
    run(cluster, 22)
    const { epoch } = consumerGroupOf(cluster, 'g')!
    act(cluster, { do: 'stop', node: 'B' })
    run(cluster, 22.5)
    expect([consumerGroupOf(cluster, 'g')!.epoch, stateNow(cluster)]).toEqual([epoch + 1, 'Assigning'])
    run(cluster, 28)
    expect([stateNow(cluster), owned(cluster, 'A')]).toEqual(['Stable', ['t/0', 't/1']])
  })
})

test('nothing is lost and nothing read twice when partitions change hands in order', () => {
  const cluster = clusterOf({ t: 4 }, orders, { A: member(), B: member(), C: member() })
  start(cluster, 'shop', 'A')
  for (const [at, id] of [[8, 'B'], [20, 'C']] as const) {
    run(cluster, at)
    start(cluster, id)
  }
  run(cluster, 40)
  act(cluster, { do: 'stop', node: 'A' })
  run(cluster, 59)
  const partitions = ['t/0', 't/1', 't/2', 't/3']
  const written = new Map(partitions.map((partition) => [partition, replicaOf(cluster.sim.world, partition, 1)!.highWatermark]))
  expect([...written.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(1_500)
  run(cluster, 60)
  const books = ['A', 'B', 'C'].map((id) => consumerOf(cluster, id).notebook)
  for (const partition of partitions) {
    const read = books.flatMap(({ returned }) => (returned.has(partition) ? [...between(returned.get(partition)!, 0)] : [])).sort((a, b) => a - b)
    // The producer is still at it: what was committed a second ago has come through.
    expect(read.length).toBeGreaterThanOrEqual(written.get(partition)!)
    expect(read).toEqual(read.map((_, offset) => offset))
  }
})

// KIP-848: "the group coordinator ... persists its state in the __consumer_offsets topic": a failover rebalances nobody.
test('a new coordinator has the same epochs, members and assignments', () => {
  const cluster = clusterOf({ t: 3 }, orders, { A: member(), B: member() })
  start(cluster, 'shop', 'A', 'B')
  run(cluster, 20)
  const before = { epoch: consumerGroupOf(cluster, 'g')!.epoch, A: owned(cluster, 'A'), B: owned(cluster, 'B') }
  act(cluster, { do: 'crash', node: coordinatorOf(cluster) })
  run(cluster, 55)
  expect(stateNow(cluster)).toBe('Stable')
  expect({ epoch: consumerGroupOf(cluster, 'g')!.epoch, A: owned(cluster, 'A'), B: owned(cluster, 'B') }).toEqual(before)
  expect(factsOf(cluster, 'partitions.revoked').filter(({ at }) => at > 20 * SECOND)).toEqual([])
  expect(factsOf(cluster, 'coordinator.moved')).toHaveLength(1)
  for (const id of ['A', 'B']) expect(consumerOf(cluster, id).notebook).toMatchObject({ lostCount: 0 })
})

// S31: with the consumer protocol "the client notices only when its background thread wakes".
test('an application that is away from poll() for too long is out at its next heartbeat, has lost what it had, and joins again', () => {
  const slow = { ...member({ 'max.poll.interval.ms': 6000, 'max.poll.records': 100 }), processMs: 150 }
  const cluster = clusterOf({ t: 2 }, orders, { A: slow })
  start(cluster, 'shop', 'A')
  run(cluster, 45)
  const left = factsOf(cluster, 'member.left').map(({ fact }) => fact)
  expect(left[0]).toEqual({ code: 'member.left', group: 'g', member: 'A', why: 'poll' })
  expect(factsOf(cluster, 'partitions.lost').length).toBeGreaterThan(0)
  expect(consumerOf(cluster, 'A').notebook.handled.length).toBeGreaterThan(100)
  expect(factsOf(cluster, 'member.joined').length).toBeGreaterThan(1)
})

test('a member whose commits take longer than its heartbeats holds nobody up for ever, and is left with nothing half given up', () => {
  const ids = ['A', 'B', 'C', 'D']
  const cluster = clusterOf({ t: 6 }, orders, Object.fromEntries(ids.map((id) => [id, member()])))
  start(cluster, 'shop', 'A')
  run(cluster, 11)
  // What A commits takes longer than two of its heartbeats.
  act(cluster, { do: 'slow', from: coordinatorOf(cluster), to: 'A', add: 7 * SECOND })
  for (const [i, id] of ids.slice(1).entries()) {
    run(cluster, 11 + 4 * i)
    start(cluster, id)
  }
  run(cluster, 90)
  act(cluster, { do: 'slow', from: coordinatorOf(cluster), to: 'A', add: 0 })
  run(cluster, 130)
  expect(stateNow(cluster)).toBe('Stable')
  for (const id of ids) {
    const before = consumerOf(cluster, id).notebook.handled.length
    expect([...consumerOf(cluster, id).positions.values()].every(({ state }) => state === 'fetching')).toBe(true)
    expect(before).toBeGreaterThan(0)
  }
})

test('frozen beyond its session a member is fenced: it gives up everything as lost and joins with epoch 0', () => {
  const cluster = clusterOf({ t: 2 }, orders, { A: member(), B: member() }, { 'group.consumer.session.timeout.ms': 10_000 })
  start(cluster, 'shop', 'A', 'B')
  run(cluster, 15)
  act(cluster, { do: 'pause', node: 'B' })
  run(cluster, 35)
  expect(owned(cluster, 'A')).toEqual(['t/0', 't/1'])
  act(cluster, { do: 'resume', node: 'B' })
  run(cluster, 55)
  expect(consumerOf(cluster, 'B').notebook.lostCount).toBe(1)
  expect(consumerOf(cluster, 'B').notebook.errors.get('UNKNOWN_MEMBER_ID')).toBeGreaterThan(0)
  expect([stateNow(cluster), owned(cluster, 'A').length, owned(cluster, 'B').length]).toEqual(['Stable', 1, 1])
})

describe('static members', () => {
  test('say that they mean to come back, and find their partitions as they left them', () => {
    const cluster = clusterOf({ t: 3 }, orders, { A: member({ 'group.instance.id': 'a' }), B: member({ 'group.instance.id': 'b' }) })
    start(cluster, 'shop', 'A', 'B')
    run(cluster, 20)
    const before = [owned(cluster, 'A'), owned(cluster, 'B'), consumerGroupOf(cluster, 'g')!.epoch]
    act(cluster, { do: 'stop', node: 'B' })
    run(cluster, 28)
    act(cluster, { do: 'restart', node: 'B' })
    run(cluster, 35)
    expect([owned(cluster, 'A'), owned(cluster, 'B'), consumerGroupOf(cluster, 'g')!.epoch]).toEqual(before)
    expect(stateNow(cluster)).toBe('Stable')
    expect(factsOf(cluster, 'member.left')).toEqual([])
  })

  test('one whose id is in use is not let in: UNRELEASED_INSTANCE_ID ends its program', () => {
    const cluster = clusterOf({ t: 2 }, {}, { A: member({ 'group.instance.id': 'a' }), A2: member({ 'group.instance.id': 'a' }) })
    start(cluster, 'A')
    run(cluster, 5)
    start(cluster, 'A2')
    run(cluster, 12)
    expect(consumerOf(cluster, 'A2')).toMatchObject({ lifecycle: 'failed', notebook: { lastError: 'UNRELEASED_INSTANCE_ID' } })
    expect(owned(cluster, 'A')).toEqual(['t/0', 't/1'])
  })
})

test('the coordinator\'s assignor may be chosen by the clients; two protocols do not mix in one group', () => {
  const range = member({ 'group.remote.assignor': 'range' })
  const cluster = clusterOf({ t: 3 }, {}, { A: range, B: range, C: { topics: ['t'], configs: {} } })
  start(cluster, 'A', 'B')
  run(cluster, 20)
  expect(consumerGroupOf(cluster, 'g')!.assignor).toBe('range')
  start(cluster, 'C')
  run(cluster, 25)
  expect(consumerOf(cluster, 'C').notebook.lastError).toBe('INCONSISTENT_GROUP_PROTOCOL')
  expect(groupOf(cluster, 'g')?.members.size ?? 0).toBe(0)
})

test('an idle group costs one heartbeat and its answer for each member in five seconds', () => {
  const cluster = clusterOf({ t: 2 }, {}, { A: member({ 'enable.auto.commit': false }), B: member({ 'enable.auto.commit': false }) })
  start(cluster, 'A', 'B')
  run(cluster, 30)
  const from = cluster.messages.length
  run(cluster, 60)
  const beats = cluster.messages.slice(from).filter(({ message }) => message.type === 'ConsumerGroupHeartbeatRequest')
  expect(beats).toHaveLength(12)
  expect(beats.every(({ message }) => !('topicPartitions' in message) && !('subscribedTopicNames' in message))).toBe(true)
})

test('a copy of the world in the middle of a reconciliation goes on as the world itself does', () => {
  const cluster = clusterOf({ t: 4 }, orders, { A: member(), B: member(), C: member({ 'group.instance.id': 'c' }) })
  start(cluster, 'shop', 'A')
  run(cluster, 11)
  start(cluster, 'B', 'C')
  run(cluster, 16)
  expect(stateNow(cluster)).not.toBe('Stable')
  const copy = cloneWorld(cluster.sim.world)
  run(cluster, 40)
  const { hash, steps } = cluster.sim.world
  const first = { hash: structuredClone(hash), steps, owned: ['A', 'B', 'C'].map((id) => owned(cluster, id)) }
  resumeFrom(cluster.sim, copy)
  run(cluster, 40)
  expect({ hash: cluster.sim.world.hash, steps: cluster.sim.world.steps, owned: ['A', 'B', 'C'].map((id) => owned(cluster, id)) }).toEqual(first)
})
