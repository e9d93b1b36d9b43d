/** What Kafka's documentation says of in-sync replicas, held against a cluster that runs. */
import { describe, expect, test } from 'vitest'
import { SECOND } from '../../base/units.ts'
import type { AlterPartition, AlterPartitionRequest, AlterPartitionResponse } from '../protocol/controller.ts'
import { orders, producer, TestCluster } from '../testing.ts'

const writing = (config = {}, overrides = {}) => new TestCluster({ producers: [producer('shop', config, { rate: { count: 4, per: SECOND } })], overrides }).start('shop').run(2)

describe('a follower that falls behind', () => {
  // Kafka docs 4.x, replica.lag.time.max.ms: "If a follower hasn't sent any fetch requests or hasn't consumed up to the leader's log
  // end offset for at least this time, the leader will remove the follower from ISR." REP-21: "between 30 s and 45 s".
  test.each([0, 8])('leaves the ISR 30 to 45 s after it last had everything (phase %d s)', (phase) => {
    const cluster = writing({ acks: '1' }).run(phase)
    const begin = cluster.now / SECOND
    cluster.stallFetch('b3').run(50)
    const asked = cluster.firstAt('isr.asked')! - begin
    expect(asked).toBeGreaterThan(29.9)
    expect(asked).toBeLessThan(45.1)
    expect(cluster.facts('isr.asked')).toMatchObject([{ node: 'b1', isr: ['b1', 'b2'], why: 'lag' }])
    expect(cluster.truth()).toMatchObject({ isr: [1, 2], leader: 1, leaderEpoch: 0, partitionEpoch: 1 })
    expect(cluster.facts('isr.changed')).toEqual([{ code: 'isr.changed', partition: 'orders/0', isr: ['b1', 'b2'], was: ['b1', 'b2', 'b3'], why: 'lag' }])
    expect(cluster.facts('broker.fenced')).toEqual([])
  })

  // REP-20: "while a shrink is in flight the removed member still counts until the controller's answer is applied."
  test('holds the high watermark until the controller has agreed', () => {
    const cluster = writing({ acks: '1' }).stallFetch('b3')
    cluster.runUntil(() => cluster.leading(1).isr.kind === 'PendingShrink')
    const held = cluster.replica(1).highWatermark
    expect(held).toBe(cluster.leading(1).followers.get(3)!.logEndOffset)
    cluster.runUntil(() => cluster.leading(1).isr.kind === 'Committed')
    expect(cluster.leading(1).isr.isr).toEqual([1, 2])
    expect(cluster.replica(1).highWatermark).toBeGreaterThan(held + 100)
  })

  // REP-21: "On an idle partition a follower whose LEO equals the leader's is never removed by the leader, however dead".
  test('is not noticed on an idle partition; one record, and it is', () => {
    const cluster = new TestCluster({ producers: [producer('shop', { acks: '1' })] }).send('shop', { value: 'x' }).run(2).stallFetch('b3').run(70)
    expect(cluster.truth().isr).toEqual([1, 2, 3])
    cluster.send('shop', { value: 'y' }).run(15.1)
    expect(cluster.truth().isr).toEqual([1, 2])
  })

  // REP-4: "A follower that is permanently one batch behind under steady load is thus in sync."
  test('by a batch or two under steady load is in sync: the leader\'s end always runs ahead', () => {
    const cluster = new TestCluster({ producers: [producer('shop', { acks: '1', 'linger.ms': 0 }, { rate: { count: 100, per: SECOND } })], hop: 20_000 }).start('shop').run(1)
    let behind = 0
    for (let i = 0; i < 45; i++) if (cluster.run(1).replica(3).log.endOffset < cluster.replica(1).log.endOffset) behind++
    expect(behind).toBeGreaterThan(40)
    expect(cluster.facts('isr.asked')).toEqual([])
  })

  test('the leader never removes itself', () => {
    const cluster = writing({ acks: '1' }).stallFetch('b2').stallFetch('b3').run(50)
    expect(cluster.truth().isr).toEqual([1])
    expect(cluster.truth().leader).toBe(1)
  })

  // FLT-6: "1 wants to shrink its ISR; AlterPartition cannot be delivered; stays in flight."
  test('stays in the leader\'s eyes while the controller cannot be reached', () => {
    const cluster = writing({ acks: '1' }).act('pause', 'k1', 'k2', 'k3').stallFetch('b3').run(60)
    expect(cluster.leading(1).isr).toMatchObject({ kind: 'PendingShrink', isr: [1, 2, 3], leaving: [3] })
    const held = cluster.replica(1).highWatermark
    expect(cluster.replica(1).log.endOffset).toBeGreaterThan(held + 150)
  })
})

describe('a follower that has caught up', () => {
  // REP-22: "No minimum time, no lag test": on the fetch with which it reaches the high watermark.
  test('joins with the fetch that reaches the high watermark', () => {
    const cluster = writing({ acks: '1' }).stallFetch('b3').run(50)
    expect(cluster.truth().isr).toEqual([1, 2])
    const begin = cluster.now / SECOND
    cluster.tell('b3', { type: 'resumeFetch' }).run(3)
    expect(cluster.firstAt('isr.asked', ({ why }) => why === 'caughtUp')! - begin).toBeLessThan(0.6)
    expect(cluster.truth()).toMatchObject({ isr: [1, 2, 3], leaderEpoch: 0, partitionEpoch: 2 })
  })

  // REP-20: "while an expansion is in flight the new member already counts for HW".
  test('counts for the high watermark from then on, before the controller has agreed', () => {
    const cluster = writing({ acks: '1' }, { 'replica.lag.time.max.ms': 6000 }).stallFetch('b3').run(15).tell('b3', { type: 'resumeFetch' })
    cluster.runUntil(() => cluster.leading(1).isr.kind === 'PendingExpand').stallFetch('b3')
    cluster.act('pause', 'k1', 'k2', 'k3').run(1)
    const held = cluster.replica(1).highWatermark
    // Long enough that having been caught up counts no more.
    cluster.run(10)
    expect(cluster.leading(1).isr).toMatchObject({ kind: 'PendingExpand', isr: [1, 2], joining: 3 })
    expect(cluster.replica(1).highWatermark).toBe(held)
  })

  // KIP-841: "fenced replicas should not be allowed to join the ISR in KRaft". FLT-10
  test('does not join while it is fenced', () => {
    const cluster = writing({ acks: '1' }).cut('b3-k1').run(15)
    expect(cluster.truth().isr).toEqual([1, 2])
    cluster.run(20)
    expect(cluster.replica(3).log.endOffset).toBeGreaterThanOrEqual(cluster.replica(1).highWatermark)
    expect(cluster.facts('isr.asked')).toEqual([])
    cluster.heal('b3-k1').run(12)
    expect(cluster.truth().isr).toEqual([1, 2, 3])
  })
})

describe('AlterPartition', () => {
  const epochs = (cluster: TestCluster, ...ids: number[]) => ids.map((brokerId) => ({ brokerId, brokerEpoch: cluster.controller().image.brokers.get(brokerId)!.epoch }))
  const answerTo = (change: (cluster: TestCluster) => Partial<AlterPartition> & { readonly from?: number; readonly brokerEpoch?: number }) => {
    const cluster = new TestCluster({ topics: [orders({}, [[1, 2], [2, 1]])] }).act('stop', 'b2').run(6).act('restart', 'b2').run(3)
    cluster.act('crash', 'b3').run(12)
    const { from = 1, brokerEpoch = cluster.controller().image.brokers.get(from)!.epoch, ...more } = change(cluster)
    const { leaderEpoch, partitionEpoch } = cluster.truth()
    const request: AlterPartitionRequest = {
      type: 'AlterPartitionRequest', brokerId: from, brokerEpoch, partitions: [{ partition: 'orders/0', leaderEpoch, partitionEpoch, newIsr: epochs(cluster, 1), leaderRecoveryState: 'RECOVERED', why: 'lag', ...more }],
    }
    cluster.ask('k1', request).run(0.2)
    const { error, partitions } = cluster.answers.at(-1)!.message as AlterPartitionResponse
    return error === 'NONE' ? partitions[0]! : error
  }
  // REP-23, in the controller's order.
  test.each<[string, (cluster: TestCluster) => Partial<AlterPartition> & { readonly from?: number; readonly brokerEpoch?: number }]>([
    ['UNKNOWN_TOPIC_OR_PARTITION', () => ({ partition: 'orders/7' })],
    ['NOT_CONTROLLER', () => ({ leaderEpoch: 9 })],
    ['NOT_CONTROLLER', () => ({ partitionEpoch: 99 })],
    ['FENCED_LEADER_EPOCH', () => ({ leaderEpoch: -1 })],
    ['INVALID_REQUEST', () => ({ from: 2 })],
    ['INVALID_UPDATE_VERSION', () => ({ partitionEpoch: 0 })],
    ['INVALID_REQUEST', (cluster) => ({ newIsr: epochs(cluster, 2) })],
    ['INVALID_REQUEST', (cluster) => ({ newIsr: epochs(cluster, 1, 3) })],
    ['INVALID_REQUEST', () => ({ leaderRecoveryState: 'RECOVERING' })],
    ['INELIGIBLE_REPLICA', (cluster) => ({ newIsr: [...epochs(cluster, 1), { brokerId: 2, brokerEpoch: 0 }] })],
    ['NONE', () => ({})],
  ])('is answered by %s', (error, change) => expect(answerTo(change)).toMatchObject({ error }))

  test('of a broker that has registered anew since: STALE_BROKER_EPOCH', () => expect(answerTo(() => ({ from: 2, brokerEpoch: 1 }))).toBe('STALE_BROKER_EPOCH'))

  test('raises the partition epoch, not the leader epoch', () => {
    const cluster = new TestCluster()
    const before = cluster.truth()
    cluster.ask('k1', { type: 'AlterPartitionRequest', brokerId: 1, brokerEpoch: before && cluster.controller().image.brokers.get(1)!.epoch, partitions: [{ partition: 'orders/0', leaderEpoch: 0, partitionEpoch: 0, newIsr: epochs(cluster, 1, 2), leaderRecoveryState: 'RECOVERED', why: 'lag' }] } as AlterPartitionRequest).run(1)
    expect(cluster.truth()).toMatchObject({ isr: [1, 2, 3], leaderEpoch: 0, partitionEpoch: 2 })
    expect(cluster.facts('isr.changed').map(({ isr }) => isr)).toEqual([['b1', 'b2'], ['b1', 'b2', 'b3']])
  })
})
