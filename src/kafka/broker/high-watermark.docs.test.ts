/** What Kafka's documentation says of committed records, held against a cluster that runs. */
import { describe, expect, test } from 'vitest'
import { SECOND } from '../../base/units.ts'
import type { FetchRequest, FetchResponse, ListOffsetsRequest, ListOffsetsResponse } from '../protocol/fetch.ts'
import { orders, producer, TestCluster } from '../testing.ts'

const consumerFetch = (fetchOffset = 0, maxWaitMs = 0): FetchRequest => ({
  type: 'FetchRequest', clientId: 'probe', replicaId: -1, brokerEpoch: -1, maxWaitMs, minBytes: 1, maxBytes: 52428800,
  partitions: [{ partition: 'orders/0', fetchOffset, currentLeaderEpoch: -1, lastFetchedEpoch: -1, partitionMaxBytes: 1048576 }],
})
const latest: ListOffsetsRequest = { type: 'ListOffsetsRequest', clientId: 'probe', replicaId: -1, partitions: [{ partition: 'orders/0', currentLeaderEpoch: -1, timestamp: 'latest' }] }
const read = (cluster: TestCluster, to = 'b1'): number => {
  cluster.ask(to, consumerFetch()).run(0.1)
  const { partitions } = cluster.answers.at(-1)!.message as FetchResponse
  return partitions[0]!.batches.reduce((sum, { records }) => sum + records.length, 0)
}
const sendOne = (cluster: TestCluster, client = 'shop') => cluster.send(client, { value: 'x' }).run(0.2)

describe('committed', () => {
  // Kafka docs 4.x, Replication: "a message is considered committed when all replicas in the ISR for that partition have
  // applied it to their log. Only committed messages are ever given out to the consumer."
  test('a record is committed, and given out, when every replica of the ISR has it', () => {
    const cluster = new TestCluster({ producers: [producer('shop', { acks: '1' })] })
    sendOne(cluster)
    expect(cluster.replica(1)).toMatchObject({ highWatermark: 1 })
    cluster.stallFetch('b3').run(1)
    sendOne(cluster)
    expect([1, 2, 3].map((id) => cluster.replica(id).log.endOffset)).toEqual([2, 2, 1])
    expect(cluster.replica(1).highWatermark).toBe(1)
    expect(read(cluster)).toBe(1)
    cluster.tell('b3', { type: 'resumeFetch' }).run(1)
    expect(cluster.replica(1).highWatermark).toBe(2)
    expect(read(cluster)).toBe(2)
  })

  // REP-2: "the leader learns of an append one fetch later, and the follower learns the resulting HW one more response later."
  test('an append is known to be stored one hop back and forth later, and known to be committed up to 500 ms after that', () => {
    const cluster = new TestCluster({ producers: [producer('shop')] })
    sendOne(cluster).run(1)
    const appended = cluster.firstAt('batch.appended')!
    expect(cluster.firstAt('highWatermark.advanced', ({ node }) => node === 'b1')! - appended).toBeCloseTo(0.01, 6)
    for (const follower of ['b2', 'b3']) {
      const later = cluster.firstAt('highWatermark.advanced', ({ node }) => node === follower)! - appended
      expect(later).toBeGreaterThan(0.01)
      expect(later).toBeLessThanOrEqual(0.515)
    }
  })

  // REP-6, LIV-4: "an idle follower's HW trails by <= 500 ms", whatever happened to the answer that carried it.
  test('a follower whose answer was lost hears of the high watermark again', () => {
    const cluster = new TestCluster({ producers: [producer('shop')] })
    cluster.send('shop', { value: 'x' }).runUntil(() => cluster.replica(1).highWatermark === 1)
    cluster.runUntil(() => cluster.sent.some(({ at, from, to, message, arrives }) =>
      from === 'b1' && to === 'b2' && arrives > cluster.now && at > 0 && message.type === 'FetchResponse' && (message as FetchResponse).partitions.some(({ highWatermark }) => highWatermark === 1)), 2)
    cluster.act('crash', 'b2').run(0.01)
    expect(cluster.replica(2).highWatermark).toBe(0)
    cluster.act('restart', 'b2').run(15)
    expect(cluster.replica(2)).toMatchObject({ highWatermark: 1, leading: undefined })
  })

  // INV-R10; REP-10: "HW never goes down on a leader."
  test('it never goes back while one broker leads', () => {
    const seen: number[] = []
    const cluster = new TestCluster({ producers: [producer('shop', { acks: '1' }, { rate: { count: 20, per: SECOND } })], stepped: () => void seen.push(cluster?.replica(1).highWatermark ?? 0) })
    cluster.start('shop').run(3).stallFetch('b2').run(5).tell('b2', { type: 'resumeFetch' }).run(5)
    expect(seen).toEqual(seen.slice().sort((a, b) => a - b))
  })
})

describe('min.insync.replicas', () => {
  // KIP-966, and Kafka docs 4.x, min.insync.replicas: "Regardless of the acks setting, the messages will not be visible to the
  // consumers until they are replicated to all in-sync replicas and the min.insync.replicas condition is met." REP-11, REP-17
  test('below it nothing becomes visible, whatever the acks; it all does when the ISR is big enough again', () => {
    const cluster = new TestCluster({ producers: [producer('shop', { acks: '1' })] })
    sendOne(cluster).act('crash', 'b2', 'b3').run(25)
    expect(cluster.truth().isr).toEqual([1])
    sendOne(cluster)
    expect(cluster.facts('record.acked').at(-1)).toMatchObject({ offset: 1, acks: '1' })
    expect(cluster.replica(1)).toMatchObject({ highWatermark: 1, log: { endOffset: 2 } })
    expect(read(cluster)).toBe(1)
    expect(cluster.facts('highWatermark.held')).toMatchObject([{ partition: 'orders/0', isr: ['b1'], min: 2 }])
    cluster.act('restart', 'b3').run(10)
    expect(cluster.truth().isr).toEqual([1, 3])
    expect(cluster.replica(1).highWatermark).toBe(2)
    expect(read(cluster)).toBe(2)
  })

  // REP-11: the effective minimum is never more than there are replicas.
  test('a topic with fewer replicas than it asks for is written all the same', () => {
    const cluster = new TestCluster({ topics: [orders({ 'min.insync.replicas': '3' }, [[1, 2]])], producers: [producer('shop')] })
    sendOne(cluster)
    expect(cluster.facts('record.acked')).toHaveLength(1)
    expect(cluster.replica(1).highWatermark).toBe(1)
  })
})

describe('a new leader', () => {
  // REP-13: "On becoming leader HW is what the broker had as a follower (possibly behind the old leader's HW). It must first hear
  // from the ISR again. ListOffsets(latest) meanwhile returns OFFSET_NOT_AVAILABLE(78) while HW < start offset of the leader's epoch".
  test('begins with the high watermark it had, and says what is the latest when it has heard from the ISR', () => {
    const cluster = new TestCluster({ producers: [producer('shop')] })
    cluster.send('shop', { value: 'x' }).runUntil(() => cluster.facts('record.acked').length === 1)
    cluster.stallFetch('b3').act('crash', 'b1').runUntil(() => cluster.replica(2).leading !== undefined)
    expect(cluster.replica(2)).toMatchObject({ leaderEpoch: 1, log: { endOffset: 1 } })
    const begins = cluster.replica(2).highWatermark
    cluster.ask('b2', latest).run(0.1)
    const answer = () => (cluster.answers.at(-1)!.message as ListOffsetsResponse).partitions[0]!
    if (begins < 1) expect(answer()).toMatchObject({ error: 'OFFSET_NOT_AVAILABLE' })
    cluster.tell('b3', { type: 'resumeFetch' }).run(2).ask('b2', latest).run(0.1)
    expect(cluster.replica(2).highWatermark).toBe(1)
    expect(answer()).toMatchObject({ error: 'NONE', offset: 1, leaderEpoch: 1 })
  })
})
