/** A log forgets producers. Docs, producer.id.expiration.ms: "The time in ms that a topic partition leader will wait before expiring producer IDs." */
import { describe, expect, test } from 'vitest'
import { someBatch, TestCluster } from '../testing.ts'
import type { ProduceRequest } from '../protocol/produce.ts'

const overrides = { 'producer.id.expiration.ms': 60_000, 'producer.id.expiration.check.interval.ms': 10_000, 'log.retention.check.interval.ms': 5_000, 'log.initial.task.delay.ms': 500 }
const produce = (baseSequence: number): ProduceRequest => ({
  type: 'ProduceRequest', clientId: 'probe', acks: 1, timeoutMs: 1000,
  partitions: [{ partition: 'orders/0', batch: someBatch(1, { producerId: 7, producerEpoch: 0, baseSequence }) }],
} as ProduceRequest)
const end = (cluster: TestCluster): number => cluster.replica(1).log.endOffset

describe('a producer of which nothing was written for producer.id.expiration.ms', () => {
  // "Producer IDs will not expire while a transaction associated to them is still ongoing."; ProducerStateManager#isProducerExpired.
  test('is forgotten on every replica: what it sends again is stored again, and any sequence is as good as the first', () => {
    const cluster = new TestCluster({ overrides }).ask('b1', produce(0)).run(1).ask('b1', produce(0)).run(1)
    expect(end(cluster)).toBe(1)
    cluster.run(30)
    expect([1, 2, 3].map((id) => cluster.replica(id).log.producers.size)).toEqual([1, 1, 1])
    cluster.run(50)
    expect([1, 2, 3].map((id) => cluster.replica(id).log.producers.size)).toEqual([0, 0, 0])
    cluster.ask('b1', produce(0)).run(1)
    expect(end(cluster)).toBe(2)
  })

  test('is remembered as long as it writes', () => {
    const cluster = new TestCluster({ overrides })
    for (let sequence = 0; sequence < 5; sequence++) cluster.ask('b1', { ...produce(sequence), partitions: [{ partition: 'orders/0', batch: { ...someBatch(1, { producerId: 7, producerEpoch: 0, baseSequence: sequence }), maxTimestamp: cluster.now / 1000 } }] } as ProduceRequest).run(40)
    expect([cluster.replica(1).log.producers.size, end(cluster)]).toEqual([1, 5])
  })

  test('is remembered while its transaction is open', () => {
    const cluster = new TestCluster({ overrides })
    cluster.replica(1).log.producers.set(7, { producerEpoch: 0, coordinatorEpoch: -1, openSince: 0, batches: [someBatch(1, { producerId: 7, producerEpoch: 0, baseSequence: 0 })] })
    cluster.run(100)
    expect(cluster.replica(1).log.producers.has(7)).toBe(true)
  })
})
