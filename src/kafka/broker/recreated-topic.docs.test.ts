/** A topic of the same name is another topic: what a broker has of the old one is nothing of the new one. */
import { expect, test } from 'vitest'
import { at } from '../../base/chunks.ts'
import { producer, steady, TestCluster } from '../testing.ts'

const create = { type: 'CreateTopicsRequest', topic: 'new', numPartitions: 1, replicationFactor: 3, assignments: undefined, configs: {} } as const

// ReplicaManager#applyDelta stops the partitions of deleted topics, which it knows by their ids, before it makes new ones; at a
// start LogManager.isStrayKraftReplica finds logs whose topic id is not that of the metadata, and they are removed.
test.each([['frozen', 'pause', 'resume'], ['down', 'crash', 'restart']] as const)('deleted and created again while a broker is %s', (_, leave, back) => {
  const cluster = new TestCluster({ producers: [producer('shop', { 'linger.ms': 0 }, { topic: 'new', ...steady })] })
    .call('create', create).run(3).start('shop').run(8).act(leave, 'b3').run(15)
    .call('delete', { type: 'DeleteTopicsRequest', topic: 'new' }).run(3).call('again', create).run(12).act(back, 'b3').run(30)
  expect(cluster.result('again').error).toBe('NONE')
  const logs = [1, 2, 3].map((id) => cluster.replica(id, 'new/0').log)
  const first = at(logs[0]!.batches, 0)!.records[0]!.id
  expect(first).not.toBe('shop#1')
  for (const log of logs) expect(at(log.batches, 0)!.records[0]!.id).toBe(first)
  expect([...cluster.truth('new/0').isr].sort((a, b) => a - b)).toEqual([1, 2, 3])
})
