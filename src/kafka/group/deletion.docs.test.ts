/** A group is deleted, or some of its offsets: what is answered, and what is left once its log is compacted: nothing. Follows GroupMetadataManager#createGroupTombstoneRecords. */
import { describe, expect, test } from 'vitest'
import { between } from '../../base/chunks.ts'
import '../whole.ts'
import type { ConsumerConfig } from '../client/consumer/state.ts'
import type { ShareConsumerConfig } from '../client/share-consumer/state.ts'
import { orders, producer, TestCluster } from '../testing.ts'
import { coordinatorPartition } from './coordinator-partition.ts'

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

// OffsetMetadataManager#deleteOffsets, KafkaApis#handleOffsetDeleteRequest.
describe('OffsetDelete answers for each partition', () => {
  const asks = (cluster: TestCluster, ...partitions: readonly string[]): unknown => {
    const before = cluster.facts('admin.answered').length
    cluster.call('delete', { type: 'DeleteGroupOffsets', group: 'g', partitions }).run(2)
    return cluster.facts('admin.answered').slice(before)
  }
  const cluster = (protocol: string): TestCluster => new TestCluster({
    topics: [orders({}), { ...orders({}), name: 'bills' }], consumers: [consumer('c1', { 'group.protocol': protocol })], groups: [{ id: 'g', committed: { 'bills/0': 0 } }],
  }).start('c1').run(20)

  test.each(['classic', 'consumer'])('in a %s group', (protocol) => {
    const at = cluster(protocol)
    expect(asks(at, 'orders/0', 'bills/0', 'bills/1', 'nix/0')).toMatchObject([{ error: 'GROUP_SUBSCRIBED_TO_TOPIC', partitions: [
      { partition: 'orders/0', error: 'GROUP_SUBSCRIBED_TO_TOPIC' }, { partition: 'bills/0', error: 'NONE' },
      { partition: 'bills/1', error: 'UNKNOWN_TOPIC_OR_PARTITION' }, { partition: 'nix/0', error: 'UNKNOWN_TOPIC_OR_PARTITION' },
    ] }])
    const { leader } = at.truth(coordinatorPartition('g', 50))
    expect([...at.broker(leader).coordinator.groups.get('g')!.offsets.keys()]).toEqual(['orders/0'])
  })

  test('and as a whole where all are alike, or the group is unknown', () => {
    const at = cluster('classic').act('stop', 'c1').run(5)
    expect(asks(at, 'orders/0', 'bills/0')).toEqual([expect.objectContaining({ error: 'NONE' })])
    expect(asks(at, 'orders/0')).toEqual([expect.not.objectContaining({ partitions: expect.anything() })])
    at.call('all', { type: 'DeleteGroup', group: 'g' }).run(2)
    expect(asks(at, 'orders/0')).toMatchObject([{ error: 'GROUP_ID_NOT_FOUND' }])
  })
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
