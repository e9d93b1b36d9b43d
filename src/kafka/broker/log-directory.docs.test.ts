/** The log directory as an operator finds it. SEG-4, SEG-5. */
import { expect, test } from 'vitest'
import type { DeleteRecordsRequest } from '../protocol/delete-records.ts'
import { orders, producer, TestCluster } from '../testing.ts'
import { directoryId, logDirPath, METADATA_DIR } from './log-directories.ts'
import { logDirectory, topicIdOf } from './log-directory.ts'
import type { Broker } from './state.ts'

const kept = (cluster: TestCluster, node: string): Broker => {
  const found = cluster.sim.world.nodes.get(node)!
  return (found.state ?? found.disk) as Broker
}
const texts = (cluster: TestCluster) => Object.fromEntries(logDirectory(kept(cluster, 'b1'), 'b1').flatMap(({ path, text }) => (text === undefined ? [] : [[path, text]])))

const names = (cluster: TestCluster) => logDirectory(kept(cluster, 'b1'), 'b1').filter(({ path }) => path.endsWith('.snapshot')).map(({ path, sizeInBytes }) => `${path} ${sizeInBytes}`)

// Docs, Implementation, Log: "A log for a topic named "my-topic" with two partitions consists of two directories (namely my-topic-0 and my-topic-1) populated with data files
// containing the messages for that topic"; "Each log file is named with the offset of the first message it contains."
test('segments by the offset they begin with, checkpoints as text, and the marker of an orderly stop', () => {
  const cluster = new TestCluster({ topics: [orders({ 'segment.bytes': '1048576' })], producers: [producer('a', { 'batch.size': 0, 'linger.ms': 0 })] })
  for (let i = 0; i < 10; i++) cluster.send('a', { key: 'k', value: 'x', valueBytes: 131_000 })
  const request: DeleteRecordsRequest = { type: 'DeleteRecordsRequest', clientId: 'probe', timeoutMs: 1000, partitions: [{ partition: 'orders/0', offset: 3 }] }
  cluster.runTo(4).ask('b1', request).runTo(6)
  expect(texts(cluster)).toEqual({
    'cleaner-offset-checkpoint': '0\n0\n', 'log-start-offset-checkpoint': '0\n1\norders 0 3\n', 'recovery-point-offset-checkpoint': '0\n1\norders 0 7\n',
    'replication-offset-checkpoint': '0\n1\norders 0 10\n', 'orders-0/leader-epoch-checkpoint': '0\n1\n0 3\n',
    'orders-0/partition.metadata': `version: 0\ntopic_id: ${topicIdOf('orders')}`,
    'meta.properties': expect.stringContaining(`directory.id=${directoryId('b1', 0)}\nnode.id=1\nversion=1\n`) as string,
  })
  expect(logDirectory(kept(cluster, 'b1'), 'b1').filter(({ path }) => path.endsWith('.log'))).toEqual([
    { path: 'orders-0/00000000000000000000.log', directory: logDirPath(0, 1), sizeInBytes: 7 * 131_073, text: undefined },
    { path: 'orders-0/00000000000000000007.log', directory: logDirPath(0, 1), sizeInBytes: 3 * 131_073, text: undefined },
  ])
  // ProducerStateManager.java: at the roll, under the offset of the new segment; a header and one producer.
  expect(names(cluster)).toEqual(['orders-0/00000000000000000007.snapshot 56'])
  cluster.act('stop', 'b1').run(5)
  const brokerEpoch = kept(cluster, 'b1').cleanShutdownEpoch
  expect(texts(cluster)).toMatchObject({ '.kafka_cleanshutdown': `{"version":0,"brokerEpoch":${brokerEpoch}}`, 'recovery-point-offset-checkpoint': '0\n1\norders 0 10\n' })
  expect(names(cluster)).toEqual(['orders-0/00000000000000000007.snapshot 56', 'orders-0/00000000000000000010.snapshot 56'])
})

// KIP-112: "a broker can have several log directories": each has its own checkpoints and its own meta.properties.
test('several directories: each with its own files, and a failed one too', () => {
  const cluster = new TestCluster({ machines: { 1: { logDirs: 2, overrides: { 'metadata.log.dir': METADATA_DIR } } }, topics: [orders(), { ...orders(), name: 'other' }] })
  const listed = () => logDirectory(kept(cluster, 'b1'), 'b1').filter(({ path }) => /epoch|replication/.test(path)).map(({ directory, path, text }) => [directory, path, text])
  const both = [
    [logDirPath(0, 2), 'replication-offset-checkpoint', '0\n1\norders 0 0\n'], [logDirPath(0, 2), 'orders-0/leader-epoch-checkpoint', '0\n1\n0 0\n'],
    [logDirPath(1, 2), 'replication-offset-checkpoint', '0\n1\nother 0 0\n'], [logDirPath(1, 2), 'other-0/leader-epoch-checkpoint', '0\n1\n0 0\n'],
  ]
  expect(listed()).toEqual(both)
  cluster.ail('b1', 'failed', 0).run(6)
  expect([...cluster.broker(1).offline!.keys()]).toEqual(['orders/0'])
  expect(listed()).toEqual(both)
})
