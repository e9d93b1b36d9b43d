/** What is left of a group that was deleted, once its log is compacted: nothing. Follows GroupMetadataManager#createGroupTombstoneRecords. */
import { expect, test } from 'vitest'
import { between } from '../../base/chunks.ts'
import '../whole.ts'
import type { ConsumerConfig } from '../client/consumer/state.ts'
import type { ShareConsumerConfig } from '../client/share-consumer/state.ts'
import { orders, producer, TestCluster } from '../testing.ts'

const consumer = (id: string, configs: ConsumerConfig['configs']): ConsumerConfig =>
  ({ id, library: 'java', group: 'g', topics: ['orders'], bootstrap: ['b1'], configs: { 'auto.offset.reset': 'earliest', ...configs } })

/** Keys in the cluster's `__consumer_offsets` whose last record has a value: what compaction keeps in the end. */
function kept(cluster: TestCluster): readonly string[] {
  const last = new Map<string, string | undefined>()
  for (const id of [1, 2, 3]) {
    for (const [partition, { leading, log }] of cluster.broker(id).replicas) {
      if (leading === undefined || !partition.startsWith('__consumer_offsets/')) continue
      for (const { records } of between(log.batches, 0)) for (const { key, value } of records) if (key !== undefined) last.set(key, value)
    }
  }
  return [...last].filter(([, value]) => value !== undefined).map(([key]) => key)
}

test.each(['classic', 'consumer'])('every key that a %s group wrote ends with a tombstone', (protocol) => {
  const cluster = new TestCluster({ topics: [orders({})], producers: [producer('p')], consumers: [consumer('c1', { 'group.protocol': protocol }), consumer('c2', { 'group.protocol': protocol })] })
    .send('p', { value: 'x' }).start('c1', 'c2').run(20).act('stop', 'c1', 'c2').run(5)
  expect(kept(cluster).length).toBeGreaterThan(1)
  cluster.call('delete', { type: 'DeleteGroup', group: 'g' }).run(2)
  expect(cluster.result('delete').error).toBe('NONE')
  expect(kept(cluster)).toEqual([])
})

test('every key that a share group wrote ends with a tombstone', () => {
  const member = (id: string): ShareConsumerConfig => ({ id, library: 'java', group: 'g', topics: ['orders'], bootstrap: ['b1'], configs: {} })
  const cluster = new TestCluster({ topics: [orders({})], producers: [producer('p')], shareConsumers: [member('s1'), member('s2')] })
    .start('s1', 's2').run(20).send('p', { value: 'x' }).run(2).act('stop', 's1', 's2').run(5)
  expect(kept(cluster).map((key) => key.split(' ')[0])).toEqual(['ShareGroupMetadata', 'ShareGroupTargetAssignmentMetadata', 'ShareGroupStatePartitionMetadata'])
  cluster.call('delete', { type: 'DeleteGroup', group: 'g' }).run(2)
  expect(cluster.result('delete').error).toBe('NONE')
  expect(kept(cluster)).toEqual([])
})
