/** PRD-10, PRD-15: what decides before the built-in logic does. */
import { describe, expect, test } from 'vitest'
import { ROUND_ROBIN } from '../../config.ts'
import { orders, producer, TestCluster } from '../../testing.ts'
import type { ProducerConfig } from './state.ts'

const four = orders({ 'min.insync.replicas': '1' }, [[1, 2], [2, 3], [3, 1], [1, 3]])
const partitionsOf = (cluster: TestCluster): readonly number[] =>
  [...cluster.producer('shop').notebook.outcomes.open].map(({ partition }) => Number(partition!.split('/')[1]))
const send = (configs: ProducerConfig['configs'], keys: readonly (string | undefined)[], over: Partial<ProducerConfig> = {}): TestCluster => {
  const cluster = new TestCluster({ topics: [four], producers: [producer('shop', configs, over)] })
  cluster.run(1).send('shop', ...keys.map((key) => ({ key, value: 'v' })))
  return cluster.run(2)
}

describe('partitioner.class', () => {
  // Javadoc of RoundRobinPartitioner: "The 'Round-Robin' partitioner. This partitioning strategy can be used when user wants to
  // distribute the writes to all partitions equally. This is the behaviour regardless of record key hash."
  test('round robin goes round, whatever the keys', () => {
    expect(partitionsOf(send({ 'partitioner.class': ROUND_ROBIN }, ['k', 'k', 'k', 'k', undefined, 'k', 'x', 'y']))).toEqual([0, 1, 2, 3, 0, 1, 2, 3])
  })

  test('round robin leaves out what has no leader', () => {
    const cluster = new TestCluster({ topics: [orders({ 'min.insync.replicas': '1' }, [[1], [2], [3]])], producers: [producer('shop', { 'partitioner.class': ROUND_ROBIN, 'metadata.max.age.ms': 2000 })] })
    cluster.run(1).act('crash', 'b2').run(14).send('shop', ...Array.from({ length: 6 }, () => ({ value: 'v' }))).run(3)
    expect(partitionsOf(cluster)).toEqual([0, 2, 0, 2, 0, 2])
  })

  // The seeds' lanes: eight for some, two for the rest. First match counts, each rule goes round its own partitions.
  test('an application\'s own: the first rule that matches, round its partitions; without a match the built-in logic', () => {
    const partitioner = [{ keys: 'vip-*', to: [0, 1, 2] }, { keys: '*-late', to: [3] }]
    const keys = ['vip-1', 'vip-2', 'order-late', 'vip-late', 'vip-1', 'order-late']
    expect(partitionsOf(send({}, keys, { partitioner }))).toEqual([0, 1, 3, 2, 0, 3])
    expect(partitionsOf(send({}, ['a', 'b', 'c'], { partitioner }))).toEqual(partitionsOf(send({}, ['a', 'b', 'c'])))
    expect(partitionsOf(send({}, ['a', undefined], { partitioner: [{ keys: '*', to: [2] }] }))).toEqual([2, 2])
    // A partition that does not exist is none.
    expect(partitionsOf(send({}, ['a'], { partitioner: [{ keys: '*', to: [9, 1] }] }))).toEqual([1])
  })

  // Kafka docs, partitioner.ignore.keys: "When set to 'true' the producer won't use record keys to choose a partition."
  test('partitioner.ignore.keys: the same key may go anywhere', () => {
    const keys = Array.from({ length: 40 }, () => 'same')
    const batches = { 'batch.size': 200, 'linger.ms': 0 }
    expect(new Set(partitionsOf(send(batches, keys))).size).toBe(1)
    expect(new Set(partitionsOf(send({ ...batches, 'partitioner.ignore.keys': true }, keys))).size).toBeGreaterThan(1)
  })
})
