/** Leader epochs, fencing of old leaders, and the end of what was never committed. */
import { describe, expect, test } from 'vitest'
import { SECOND } from '../../base/units.ts'
import type { FetchRequest, FetchResponse, OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse } from '../protocol/fetch.ts'
import { orders, producer, TestCluster } from '../testing.ts'

const ids = (cluster: TestCluster, broker: number): string[] => {
  const { batches } = cluster.replica(broker).log
  return [...batches.full.flat(), ...batches.open].flatMap(({ records }) => records.map(({ id }) => id))
}
/** b1 has acknowledged a#1 to a#3 by acks=1; the last two are nowhere else when it dies. Then b2 takes a#4. */
function acknowledgedAndGone(): TestCluster {
  const cluster = new TestCluster({ topics: [orders({})], producers: [producer('a', { acks: '1' }), producer('late', { acks: 'all' })] })
  cluster.send('a', { value: 'x' }).run(1).stallFetch('b2').stallFetch('b3').run(1)
  cluster.send('a', { value: 'x' }, { value: 'y' }).run(0.5).act('crash', 'b1').run(0.1)
  cluster.tell('b2', { type: 'resumeFetch' }).tell('b3', { type: 'resumeFetch' })
  return cluster.runTo(15)
}

describe('a leader dies with what only it had', () => {
  // Kafka docs 4.x, acks=1: "should the leader fail immediately after acknowledging the record but before the followers have
  // replicated it then the record will be lost." FLT-19
  test('the new one begins its epoch where its own log ends', () => {
    const cluster = acknowledgedAndGone()
    expect(cluster.truth()).toMatchObject({ leader: 2, leaderEpoch: 1, isr: [2, 3], partitionEpoch: 1 })
    expect(cluster.facts('record.acked').map(({ offset, records }) => [offset, records])).toEqual([[0, 1], [1, 2]])
    expect(cluster.replica(2).log).toMatchObject({ endOffset: 1, epochs: [[0, 0], [1, 1]] })
    expect(cluster.facts('leader.started')).toContainEqual({ code: 'leader.started', partition: 'orders/0', node: 'b2', epoch: 1, offset: 1 })
  })

  // REP-32, REP-33: "Leader compares the follower's (fetch offset, last fetched epoch)"; the follower truncates to where they part.
  test('when the old one is back it cuts off what the new one has not, and copies what it has', () => {
    const cluster = acknowledgedAndGone().send('late', { value: 'z' }).run(1)
    expect(ids(cluster, 1)).toEqual(['a#1', 'a#2', 'a#3'])
    cluster.act('restart', 'b1').run(5)
    expect(cluster.facts('log.truncated')).toEqual([{ code: 'log.truncated', partition: 'orders/0', node: 'b1', from: 3, to: 1, epoch: 0 }])
    for (const broker of [1, 2, 3]) {
      expect(ids(cluster, broker)).toEqual(['a#1', 'late#1'])
      expect(cluster.replica(broker).log.epochs).toEqual([[0, 0], [1, 1]])
    }
    expect(cluster.replica(1)).toMatchObject({ truncations: 1, highWatermark: 2, lastTruncation: { from: 1, to: 3 } })
    expect(cluster.truth().isr).toEqual([2, 3, 1])
  })

  // "followers truncate to their HW on leader change" was true until 0.11 (KIP-101): what the new leader has stays.
  test('a follower that had more than its high watermark keeps what the new leader has too', () => {
    const cluster = new TestCluster({ topics: [orders({})], producers: [producer('a', { acks: '1' })] })
    cluster.send('a', { value: 'x' }).runUntil(() => cluster.replica(3).log.endOffset === 1)
    expect([2, 3].map((id) => cluster.replica(id).highWatermark)).toEqual([0, 0])
    cluster.act('crash', 'b1').run(15)
    expect(cluster.facts('log.truncated')).toEqual([])
    expect([2, 3].map((id) => cluster.replica(id).log.endOffset)).toEqual([1, 1])
    expect([2, 3].map((id) => cluster.replica(id).highWatermark)).toEqual([1, 1])
  })

  // "the replica with the longest log is elected" would be wrong: CTL-3, the first in assignment order that is in sync.
  test('not the longest log is elected, but the first in-sync replica of the assignment', () => {
    const cluster = new TestCluster({ topics: [orders({})], producers: [producer('a', { acks: '1' })] })
    cluster.send('a', { value: 'x' }).run(1).stallFetch('b2').run(1).send('a', { value: 'y' }).run(0.1)
    expect([2, 3].map((id) => cluster.replica(id).log.endOffset)).toEqual([1, 2])
    cluster.act('crash', 'b1').tell('b2', { type: 'resumeFetch' }).run(15)
    expect(cluster.truth()).toMatchObject({ leader: 2, isr: [2, 3] })
    expect(cluster.facts('log.truncated')).toMatchObject([{ node: 'b3', from: 2, to: 1 }])
  })
})

describe('epochs in requests', () => {
  const fetch = (currentLeaderEpoch: number): FetchRequest => ({
    type: 'FetchRequest', clientId: 'probe', replicaId: -1, brokerEpoch: -1, maxWaitMs: 0, minBytes: 1, maxBytes: 1e6,
    partitions: [{ partition: 'orders/0', fetchOffset: 0, currentLeaderEpoch, lastFetchedEpoch: -1, partitionMaxBytes: 1e6 }],
  })
  // REP-30
  test.each([[0, 'FENCED_LEADER_EPOCH'], [1, 'NONE'], [2, 'UNKNOWN_LEADER_EPOCH'], [-1, 'NONE']])('a fetch in epoch %d of a leader of epoch 1: %s', (epoch, error) => {
    const cluster = acknowledgedAndGone().ask('b2', fetch(epoch)).run(0.1)
    expect((cluster.answers.at(-1)!.message as FetchResponse).partitions[0]).toMatchObject({ error })
  })
  test('in the right epoch at one who does not lead: NOT_LEADER_OR_FOLLOWER', () => {
    const cluster = acknowledgedAndGone().ask('b3', fetch(1)).run(0.1)
    expect((cluster.answers.at(-1)!.message as FetchResponse).partitions[0]).toMatchObject({ error: 'NOT_LEADER_OR_FOLLOWER', currentLeader: { leaderId: 2, leaderEpoch: 1 } })
  })

  // KIP-320: a consumer asks where the epoch it has read ended.
  test.each([[0, { error: 'NONE', leaderEpoch: 0, endOffset: 1 }], [1, { error: 'NONE', leaderEpoch: 1, endOffset: 1 }], [5, { error: 'NONE', leaderEpoch: -1, endOffset: -1 }]])('where epoch %d ended', (leaderEpoch, answer) => {
    const request: OffsetForLeaderEpochRequest = { type: 'OffsetForLeaderEpochRequest', clientId: 'probe', partitions: [{ partition: 'orders/0', currentLeaderEpoch: 1, leaderEpoch }] }
    const cluster = acknowledgedAndGone().ask('b2', request).run(0.1)
    expect((cluster.answers.at(-1)!.message as OffsetForLeaderEpochResponse).partitions[0]).toMatchObject(answer)
  })
})

describe('many changes of leader', () => {
  // CTL-2: an epoch for each leader, entries without records included; INV-L4, INV-R2
  test('all logs end up the same, with the same epochs', () => {
    const cluster = new TestCluster({ topics: [orders({})], producers: [producer('a', { acks: '1' }, { rate: { count: 20, per: SECOND } })] }).start('a')
    for (const [down, up] of [['b1', 'b2'], ['b2', 'b3'], ['b3', 'b1']] as const) {
      cluster.run(2).stallFetch(up).run(0.3).act('crash', down).tell(up, { type: 'resumeFetch' }).run(14).act('restart', down).run(6)
    }
    cluster.tell('a', { type: 'configure', set: {}, unset: [] } as { type: string }).act('stop', 'a').run(3)
    const { epochs, endOffset } = cluster.replica(1).log
    expect(epochs.length).toBeGreaterThan(2)
    expect(endOffset).toBeGreaterThan(200)
    for (const broker of [2, 3]) {
      expect(cluster.replica(broker).log.epochs).toEqual(epochs)
      expect(ids(cluster, broker)).toEqual(ids(cluster, 1))
    }
    expect(new Set([1, 2, 3].map((broker) => cluster.replica(broker).highWatermark))).toEqual(new Set([endOffset]))
  })
})
