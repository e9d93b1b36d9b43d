/** Share groups (KIP-932) in a whole cluster. The sentences are Kafka's documentation and the KIP's. */
import { describe, expect, test } from 'vitest'
import { clone, findNonTree } from '../../base/clone.ts'
import type { Tagged } from '../../engine/process.ts'
import { runUntil } from '../../engine/simulation.ts'
import { noWatch } from '../../engine/watch.ts'
import type { ShareConsumerConfig, ShareConsumerState } from '../client/share-consumer/state.ts'
import { brokerOf } from '../look.ts'
import { orders, producer, TestCluster, type TestOptions } from '../testing.ts'
import { recordAt, type InFlight, type SharePartition } from './in-flight.ts'
import { bringShareGroups } from './part.ts'

bringShareGroups()

interface More extends Partial<ShareConsumerConfig> { readonly ackMode?: 'explicit' | 'implicit' }
const member = (id: string, { ackMode = 'implicit', ...more }: More = {}, configs: ShareConsumerConfig['configs'] = {}): ShareConsumerConfig =>
  ({ id, library: 'java', group: 'jobs', topics: ['orders'], bootstrap: ['b1', 'b2', 'b3'], configs: { 'share.acknowledgement.mode': ackMode, ...configs }, ...more })
const one = { 'max.poll.records': 1 }
const earliest: TestOptions['groups'] = [{ id: 'jobs', committed: {}, config: { 'share.auto.offset.reset': 'earliest' } }]

function clusterOf(members: readonly ShareConsumerConfig[], records = 3, more: TestOptions = {}): TestCluster {
  const cluster = new TestCluster({ topics: [orders({}, [[1, 2, 3]])], producers: [producer('p')], shareConsumers: members, groups: earliest, ...more })
  for (let i = 0; i < records; i++) cluster.send('p', { value: String(i) }).run(0.05)
  return cluster
}
const stateOf = (cluster: TestCluster, id: string): ShareConsumerState => {
  const node = cluster.sim.world.nodes.get(id)!
  return (node.state ?? node.disk) as ShareConsumerState
}
const loaded = (cluster: TestCluster, broker = 1): SharePartition | undefined => cluster.broker(broker).share!.partitions.get('jobs:orders/0')
const shareOf = (cluster: TestCluster, broker = 1): SharePartition => loaded(cluster, broker)!
const record = (cluster: TestCluster, offset: number): InFlight | undefined => (loaded(cluster) === undefined ? undefined : recordAt(shareOf(cluster), offset))
const handled = (cluster: TestCluster, id: string): number => stateOf(cluster, id).notebook.handled.length
const acknowledge = (cluster: TestCluster, id: string, offset: number, as: string): TestCluster => cluster.tell(id, { type: 'acknowledge', partition: 'orders/0', offset, as } as Tagged)
const poll = (cluster: TestCluster, id: string): TestCluster => cluster.tell(id, { type: 'poll' })

// "the consumers in a share group ... cooperatively consume records from topics": the members share partitions.
describe('a group', () => {
  test('has several members on one partition, and each record goes to one of them', () => {
    const cluster = clusterOf([member('s1', { processMs: 200 }, one), member('s2', { processMs: 200 }, one), member('s3', { processMs: 200 }, one)], 12).start('s1', 's2', 's3').run(15)
    const each = ['s1', 's2', 's3'].map((id) => handled(cluster, id))
    expect(each.reduce((sum, count) => sum + count, 0)).toBe(12)
    expect(Math.min(...each)).toBeGreaterThan(0)
    expect(shareOf(cluster)).toMatchObject({ state: 'active', startOffset: 12, batches: [] })
  })
  test('begins at latest unless its config says otherwise', () => {
    const late = clusterOf([member('s1')], 3, { groups: [] }).start('s1').run(10)
    expect([shareOf(late).startOffset, handled(late, 's1')]).toEqual([3, 0])
    expect(late.send('p', { value: 'new' }).run(1).facts('share.started')).toEqual([{ code: 'share.started', group: 'jobs', partition: 'orders/0', offset: 3, policy: 'latest' }])
    expect(handled(late, 's1')).toBe(1)
  })
  test('is joined by heartbeat: epoch 1 without partitions, 2 when the share coordinator has a state of them', () => {
    const cluster = clusterOf([member('s1')]).start('s1').run(10)
    expect(cluster.facts('group.advanced').map(({ epoch }) => epoch)).toEqual([1, 2])
    expect(cluster.facts('target.computed').at(-1)).toMatchObject({ assignor: 'simple', epoch: 2 })
    expect([...stateOf(cluster, 's1').positions.keys()]).toEqual(['orders/0'])
  })
  test('goes on without a member that has been silent for its session', () => {
    const cluster = clusterOf([member('s1'), member('s2')]).start('s1', 's2').run(12).act('crash', 's2').run(50)
    expect(cluster.facts('member.left')).toEqual([{ code: 'member.left', group: 'jobs', member: 's2', why: 'session' }])
  })
})

// "The broker also increments a delivery count for each record ... group.share.delivery.count.limit": "the maximum number of delivery attempts".
describe('a record', () => {
  const releasing = { ackMode: 'explicit', answers: [{ partition: 'orders/0', offset: 0, as: 'release' }] } as const
  test('that is released each time is handed out five times, and never again', () => {
    const cluster = clusterOf([member('s1', releasing, one)]).start('s1').run(20)
    expect(cluster.facts('share.acquired').filter(({ offset }) => offset === 0).map(({ count }) => count)).toEqual([1, 2, 3, 4, 5])
    expect(cluster.facts('share.archived')).toMatchObject([{ offset: 0, why: 'limit', count: 5, limit: 5 }])
    expect([shareOf(cluster).startOffset, handled(cluster, 's1')]).toEqual([3, 2])
  })
  test('that is rejected is archived at once', () => {
    const cluster = clusterOf([member('s1', { ackMode: 'explicit', answers: [{ partition: 'orders/0', offset: 1, as: 'reject' }] })]).start('s1').run(10)
    expect(cluster.facts('share.archived')).toMatchObject([{ offset: 1, last: 1, why: 'asked', count: 1 }])
    expect(shareOf(cluster).startOffset).toBe(3)
  })
  // "If the consumer does not acknowledge within the acquisition lock ... becomes available for another delivery attempt."
  test('comes back when its lock runs out, and who held it is refused', () => {
    const cluster = clusterOf([member('s1', { processMs: 1000 }, one), member('s2', { processMs: 20_000 }, one)], 1).start('s1')
    cluster.runUntil(() => record(cluster, 0)?.state === 'ACQUIRED').act('pause', 's1').start('s2').run(29.9)
    expect(record(cluster, 0)).toMatchObject({ count: 1, member: stateOf(cluster, 's1').membership.memberId })
    cluster.run(0.3)
    expect(cluster.facts('share.released')).toMatchObject([{ member: 's1', offset: 0, why: 'lock', lockMs: 30000 }])
    expect(record(cluster, 0)).toMatchObject({ state: 'ACQUIRED', count: 2, member: stateOf(cluster, 's2').membership.memberId })
    cluster.act('resume', 's1').run(2)
    expect(stateOf(cluster, 's1').notebook.errors.get('INVALID_RECORD_STATE')).toBe(1)
    expect(cluster.facts('share.refused')).toMatchObject([{ member: 's1', offset: 0, error: 'INVALID_RECORD_STATE' }])
    expect(record(cluster, 0)).toMatchObject({ state: 'ACQUIRED', count: 2 })
  })
  // KIP-1222: "renew the acquisition lock".
  test('is held for longer when its lock is renewed', () => {
    const cluster = clusterOf([member('s1', { polls: 'manual', ackMode: 'explicit' }, one)], 1).start('s1')
    for (let i = 0; i < 40 && record(cluster, 0) === undefined; i++) poll(cluster, 's1').run(0.3)
    const until = record(cluster, 0)!.lockedUntil
    cluster.run(20)
    acknowledge(cluster, 's1', 0, 'renew').run(0.2)
    expect(record(cluster, 0)!.lockedUntil - until).toBeGreaterThan(19_900_000)
    expect(record(cluster, 0)).toMatchObject({ state: 'ACQUIRED', count: 1 })
    acknowledge(cluster, 's1', 0, 'accept').run(0.2)
    expect(shareOf(cluster).startOffset).toBe(1)
  })
  // "When a share session closes, acquired records are released": they were not handled, so that delivery does not count.
  test('of a member whose connection is gone is free at once, and its delivery does not count', () => {
    const cluster = clusterOf([member('s1', { processMs: 60_000 }, one), member('s2', { processMs: 60_000 }, one)], 1).start('s1').run(8)
    expect(record(cluster, 0)).toMatchObject({ state: 'ACQUIRED', count: 1 })
    cluster.act('crash', 's1').run(0.2)
    expect(cluster.facts('share.released')).toMatchObject([{ member: 's1', offset: 0, why: 'left' }])
    // Nobody of the group is left there, so the leader knows of it only what is written down (SharePartitionManager#ShareGroupListenerImpl).
    expect(loaded(cluster)).toBeUndefined()
    cluster.start('s2').run(8)
    expect(cluster.facts('share.acquired').at(-1)).toMatchObject({ member: 's2', offset: 0, count: 1 })
  })
})

// "The share coordinator persists share-group state": the start offset of the listing is the persisted one.
describe('the state', () => {
  test('that is written lags behind the start offset in the leader\'s memory', () => {
    const cluster = clusterOf([member('s1')], 3).start('s1').run(10)
    const share = shareOf(cluster)
    expect([share.startOffset, share.persistedStart]).toEqual([3, 0])
  })
  test('outlives the leader: another goes on with the delivery counts that were written', () => {
    const cluster = clusterOf([member('s1', { ackMode: 'explicit', processMs: 500, answers: [{ partition: 'orders/0', offset: 1, as: 'release' }] }, one)], 3, { overrides: { 'min.insync.replicas': 2 } }).start('s1')
    cluster.runUntil(() => cluster.facts('share.released').length === 2).act('crash', 'b1').run(30)
    const leader = Number(cluster.truth().leader)
    expect(leader).not.toBe(1)
    expect(shareOf(cluster, leader)).toMatchObject({ startOffset: 3, leaderEpoch: 1 })
    expect(cluster.facts('share.archived')).toMatchObject([{ offset: 1, why: 'limit' }])
  })
  test('outlives the coordinators, of the group and of its state', () => {
    const cluster = clusterOf([member('s1', { processMs: 300 }, one)], 40).start('s1').run(9)
    cluster.act('crash', 'b2', 'b3').run(3).act('restart', 'b2', 'b3').run(20)
    expect(handled(cluster, 's1')).toBe(40)
    cluster.act('crash', 'b1').run(12)
    for (let i = 0; i < 5; i++) cluster.send('p', { value: `more ${i}` })
    cluster.run(40)
    expect(new Set(['s1'].map((id) => handled(cluster, id)))).toEqual(new Set([45]))
  })
})

// KIP-932, DeleteShareGroupState: "delete share-group state"; ShareCoordinatorShard#deleteState writes a tombstone.
describe('a group that is deleted', () => {
  const statesOf = (cluster: TestCluster): readonly number[] => [1, 2, 3].filter((id) => brokerOf(cluster.sim.world, id)?.share!.states.has('jobs:orders/0') === true)
  const deleted = (): TestCluster => {
    const cluster = clusterOf([member('s1'), member('s2')]).start('s1').run(10)
    for (let i = 0; i < 3; i++) cluster.act('stop', 's1').run(2).start('s1').run(8)
    return cluster.act('stop', 's1').run(2)
  }
  test('begins anew under its name, whatever epoch it had reached', () => {
    const cluster = deleted()
    expect(statesOf(cluster)).toHaveLength(1)
    cluster.call('gone', { type: 'DeleteGroup', group: 'jobs' }).run(2)
    expect([cluster.result('gone').error, statesOf(cluster)]).toEqual(['NONE', []])
    cluster.start('s2').run(10)
    expect([handled(cluster, 's1'), handled(cluster, 's2')]).toEqual([3, 3])
  })
  test('is deleted at the next coordinator of its state too', () => {
    const cluster = deleted()
    const [coordinator] = statesOf(cluster)
    cluster.call('gone', { type: 'DeleteGroup', group: 'jobs' }).run(2).act('crash', `b${coordinator}`).run(15)
    expect(statesOf(cluster)).toEqual([])
    cluster.start('s2').run(30)
    expect(handled(cluster, 's2')).toBe(3)
  })
  // GroupMetadataManager#validateDeleteGroup, asked again once the states are gone.
  test('stays if somebody joins while the states of its partitions are forgotten', () => {
    const cluster = clusterOf([member('s1')], 3, { topics: [orders({}, [[1, 2, 3], [2, 3, 1], [3, 1, 2]])] }).start('s1').run(10).act('stop', 's1').run(2)
    const asking = (): number => [1, 2, 3].find((id) => [...cluster.broker(id).share!.asks.values()].some(({ purpose }) => purpose.kind === 'admin')) ?? 0
    cluster.call('gone', { type: 'DeleteGroup', group: 'jobs' }).runUntil(() => asking() > 0)
    cluster.ask(`b${asking()}`, { type: 'ShareGroupHeartbeatRequest', clientId: 'late', groupId: 'jobs', memberId: 'late', memberEpoch: 0, subscribedTopicNames: ['orders'] } as Tagged).run(2)
    expect(cluster.result('gone').error).toBe('NON_EMPTY_GROUP')
    expect([1, 2, 3].flatMap((id) => [...cluster.broker(id).share!.groups.get('jobs')?.members.keys() ?? []])).toEqual(['late'])
  })
  test('in one partition only is a group all the same, and begins anew there', () => {
    const cluster = deleted()
    cluster.call('gone', { type: 'DeleteShareOffsets', group: 'jobs', partitions: ['orders/0'] }).run(2)
    expect([cluster.result('gone').error, statesOf(cluster)]).toEqual(['NONE', []])
    cluster.start('s2').run(10)
    expect(handled(cluster, 's2')).toBe(3)
  })
})

// share.acquire.mode, KIP-1206: "record_limit: ... the number of records returned in a poll will not exceed max.poll.records".
test('in batch_optimized mode whole batches are handed out, with record_limit not one record more than was asked for', () => {
  const batch = (mode: string) => {
    const cluster = clusterOf([member('s1', { processMs: 60_000 }, { ...one, 'share.acquire.mode': mode })], 0)
    cluster.send('p', ...Array.from({ length: 6 }, (_, i) => ({ value: String(i) }))).start('s1').run(9)
    return cluster.facts('share.acquired').map(({ offset, last }) => [offset, last])
  }
  expect(batch('batch_optimized')).toEqual([[0, 5]])
  expect(batch('record_limit')).toEqual([[0, 0]])
})

test('who closes frees what it has not acknowledged, and leaves', () => {
  const cluster = clusterOf([member('s1', { polls: 'manual', ackMode: 'explicit' })], 3).start('s1')
  for (let i = 0; i < 30 && stateOf(cluster, 's1').leases.size === 0; i++) poll(cluster, 's1').run(0.3)
  acknowledge(cluster, 's1', 0, 'accept').run(0.2)
  cluster.act('stop', 's1').run(1)
  expect(cluster.facts('member.left')).toMatchObject([{ why: 'closed' }])
  const written = [1, 2, 3].map((id) => cluster.broker(id).share!.states.get('jobs:orders/0')).find((state) => state !== undefined)!
  expect([written.startOffset, written.batches.map(({ first, last, state }) => [first, last, state])]).toEqual([1, [[1, 2, 'AVAILABLE']]])
})

test('all that anybody knows of share groups is a tree of plain data, and a copy of it goes the same way', () => {
  const cluster = clusterOf([member('s1', { processMs: 300, ackMode: 'explicit', answers: [{ partition: 'orders/0', offset: 1, as: 'release' }] }, one), member('s2', { processMs: 700 }, one)], 12).start('s1', 's2').run(6.5)
  expect(findNonTree(cluster.sim.world)).toBeUndefined()
  const copy = clone(cluster.sim.world)
  cluster.run(3)
  const other = { ...cluster.sim, world: copy, watch: noWatch }
  runUntil(other, cluster.now)
  expect(other.world.hash).toEqual(cluster.sim.world.hash)
})
