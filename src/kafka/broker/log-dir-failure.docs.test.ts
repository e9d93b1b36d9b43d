/** Log directories: several a broker, and what happens when the disk under one fails or is full. CTL-16, FLT-11, KIP-112, KIP-858. */
import { describe, expect, test } from 'vitest'
import { account, newLedgerIndex } from '../ledger.ts'
import type { BrokerHeartbeatRequest } from '../protocol/controller.ts'
import { orders, producer, steady, TestCluster, type TestOptions } from '../testing.ts'
import { directoryId, logDirPath, METADATA_DIR } from './log-directories.ts'
import type { TopicSpec } from '../cluster.ts'
import type { NodeId } from '../../base/units.ts'

const named = (name: string, ...replicas: readonly NodeId[][]): TopicSpec => ({ name, replicas, config: { 'min.insync.replicas': '2' } })
/** b3 has two directories: the first log lies in the first of them, the second in the second. */
const two = { 3: { logDirs: 2, overrides: { 'metadata.log.dir': METADATA_DIR } } } as const
const twoDirs = (options: TestOptions = {}) => new TestCluster({ machines: two, topics: [named('t', [3, 1, 2]), named('u', [3, 1, 2])], producers: [producer('shop', {}, { ...steady, topic: 't' })], ...options })
const heartbeats = (cluster: TestCluster) => cluster.sent.filter(({ from, message }) => from === 'b3' && message.type === 'BrokerHeartbeatRequest').map(({ at, message }) => ({ at, request: message as BrokerHeartbeatRequest }))
const state = (cluster: TestCluster, node: string) => cluster.sim.world.nodes.get(node)!.condition
const committed = (cluster: TestCluster) => cluster.controller().committed

describe('several directories', () => {
  // LogManager.scala: "New logs are created in the data directory with the fewest logs."
  test('logs lie where the fewest lie, and the controller knows where', () => {
    const cluster = twoDirs({ topics: [named('a', [3], [3], [3]), named('b', [3])] })
    expect([...cluster.broker(3).replicas.values()].map(({ partition, dir }) => [partition, dir])).toEqual([['a/0', 0], ['a/1', 1], ['a/2', 0], ['b/0', 1]])
    expect(cluster.truth('a/1').directories).toEqual([directoryId('b3', 1)])
    expect(committed(cluster).brokers.get(3)!.directories).toEqual([directoryId('b3', 0), directoryId('b3', 1)])
  })

  // KIP-858: "When a new replica is created ... the broker selects the log directory ... and informs the controller".
  test('a new topic: the broker chooses, and tells with AssignReplicasToDirs', () => {
    const cluster = twoDirs({ topics: [named('a', [3])] }).run(1)
    cluster.call('new', { type: 'CreateTopicsRequest', topic: 'b', numPartitions: 2, replicationFactor: -1, assignments: [[3, 1], [1, 2]], configs: {} }).run(2)
    expect(cluster.facts('log.placed')).toEqual([{ code: 'log.placed', partition: 'b/0', node: 'b3', dir: logDirPath(1, 2) }])
    expect(cluster.truth('b/0').directories).toEqual([directoryId('b3', 1), directoryId('b1', 0)])
    const asked = cluster.sent.filter(({ message }) => message.type === 'AssignReplicasToDirsRequest')
    expect(asked.map(({ from, message }) => [from, (message as { assignments?: unknown }).assignments])).toEqual([['b3', [{ partition: 'b/0', directory: directoryId('b3', 1) }]]])
    // Where nobody has a choice nobody is told anything.
    expect(cluster.truth('b/1').directories).toBeUndefined()
  })
  test('one directory: no record and no replica says where it is', () => {
    const cluster = new TestCluster().run(1)
    expect([cluster.truth().directories, cluster.replica(1).dir]).toEqual([undefined, undefined])
  })
})

describe('a directory fails', () => {
  // KIP-858: "the broker will ... include the directory UUID in the OfflineLogDirs field of the next heartbeat"; the controller then "must update Leader and ISR".
  test('its replicas leave the ISR and their leaders move at once; the other directory is not touched', () => {
    const cluster = twoDirs().start('shop').run(5.03)
    expect(cluster.truth('t/0')).toMatchObject({ leader: 3, isr: [3, 1, 2] })
    cluster.ail('b3', 'failed', 0).run(1)
    const failedAt = cluster.firstAt('logDir.failed')!
    expect(cluster.facts('logDir.failed')).toEqual([{ code: 'logDir.failed', node: 'b3', dir: logDirPath(0, 2), partitions: 1, why: 'failed' }])
    expect(cluster.truth('t/0')).toMatchObject({ leader: 1, isr: [1, 2], leaderEpoch: 1 })
    expect(cluster.truth('u/0')).toMatchObject({ leader: 3, isr: [3, 1, 2], leaderEpoch: 0 })
    expect(cluster.firstAt('isr.changed', ({ partition, why }) => partition === 't/0' && why === 'logDir')! - failedAt).toBeLessThan(0.05)
    expect([state(cluster, 'b3'), committed(cluster).brokers.get(3)!.fenced]).toEqual(['running', false])
    expect(committed(cluster).brokers.get(3)!.directories).toEqual([directoryId('b3', 1)])
    // The heartbeat does not wait for its turn.
    expect(heartbeats(cluster).find(({ request }) => request.offlineLogDirs !== undefined)).toMatchObject({ at: failedAt * 1e6, request: { offlineLogDirs: [directoryId('b3', 0)] } })
  })

  // Errors.java, KAFKA_STORAGE_ERROR (56): "Disk error when trying to access log file on the disk."
  test('clients are told KAFKA_STORAGE_ERROR, look for the new leader, and lose nothing', () => {
    const cluster = twoDirs().start('shop').run(5.03).ail('b3', 'failed', 0).run(20)
    expect(cluster.facts('producer.retried').map(({ error, partition }) => [error, partition])).toContainEqual(['KAFKA_STORAGE_ERROR', 't/0'])
    const { lost, acked, produced, duplicated } = account(cluster.sim.world, newLedgerIndex())
    expect([lost, duplicated]).toEqual([[], 0])
    expect(acked).toBeGreaterThan(produced - 3)
  })

  // ReplicaManager.scala: the task highwatermark-checkpoint writes a file in every directory every replica.high.watermark.checkpoint.interval.ms, 5 s.
  test('without anybody who writes, the next checkpoint finds out', () => {
    const cluster = twoDirs().run(6).ail('b3', 'failed', 1).run(10)
    expect(cluster.firstAt('logDir.failed')).toBe(10)
  })

  test('it stays offline until the next start, and longer if the disk is as it was', () => {
    const cluster = twoDirs().start('shop').run(5.03).ail('b3', 'failed', 0).run(3).ail('b3', undefined, 0).run(10)
    expect(cluster.truth('t/0').isr).toEqual([1, 2])
    cluster.ail('b3', 'failed', 0).act('restart', 'b3').run(20)
    expect([state(cluster, 'b3'), cluster.truth('t/0').isr, cluster.truth('u/0').isr]).toEqual(['running', [1, 2], [1, 2, 3]])
    expect(committed(cluster).brokers.get(3)!.directories).toEqual([directoryId('b3', 1)])
    cluster.ail('b3', undefined, 0).act('restart', 'b3').run(20)
    expect([cluster.truth('t/0').isr, cluster.replica(3, 't/0').log.endOffset]).toEqual([[1, 2, 3], cluster.replica(1, 't/0').log.endOffset])
  })

  // Kafka does not make a log anew that may lie already in a directory that is offline: Partition.scala#createLogInAssignedDirectoryId.
  test('a broker that starts without it does not begin these logs anew', () => {
    const cluster = twoDirs().start('shop').run(5.03).ail('b3', 'failed', 0).run(3).act('restart', 'b3').run(20)
    expect([...cluster.broker(3).replicas.keys()]).toEqual(['u/0'])
    expect([...cluster.broker(3).offline!.keys()]).toEqual(['t/0'])
  })

  // LeaderAcceptor: a replica in a directory that is offline is nobody's leader, even where nobody else is left.
  test('its replica leads no more, even if it is the last', () => {
    const cluster = twoDirs({ topics: [named('t', [3])] }).start('shop').run(5.03).ail('b3', 'failed', 0).run(2)
    expect(cluster.truth('t/0').leader).toBe(-1)
    cluster.act('restart', 'b3').run(20)
    expect(cluster.truth('t/0').leader).toBe(-1)
    cluster.ail('b3', undefined, 0).act('restart', 'b3').run(20)
    expect(cluster.truth('t/0').leader).toBe(3)
  })

  // KafkaConfig, log.dir.failure.timeout.ms: "If the broker is unable to successfully communicate to the controller that some log directory has failed for longer than this time, ... the broker will fail and shut down."
  test('a controller that cannot be told for 30 s: the broker shuts down', () => {
    const cluster = twoDirs().start('shop').run(5.03)
    for (const controller of ['k1', 'k2', 'k3']) cluster.cut(`b3-${controller}`)
    cluster.run(1).ail('b3', 'failed', 0).run(29)
    expect(cluster.facts('logDir.untold')).toEqual([])
    cluster.run(3)
    expect(cluster.facts('logDir.untold')).toEqual([{ code: 'logDir.untold', node: 'b3', dir: logDirPath(0, 2), timeoutMs: 30_000 }])
  })

  test('one that fails while a heartbeat is under way is told with the next, which goes at once', () => {
    const cluster = new TestCluster({ machines: { 3: { logDirs: 3, overrides: { 'metadata.log.dir': METADATA_DIR } } }, topics: [named('t', [3, 1, 2]), named('u', [3, 1, 2]), named('v', [3, 1, 2])] })
    cluster.run(9).ail('b3', 'failed', 0).ail('b3', 'failed', 1).run(2)
    expect(cluster.facts('logDir.failed').map(({ dir }) => dir)).toEqual([logDirPath(0, 3), logDirPath(1, 3)])
    const told = heartbeats(cluster).filter(({ request }) => request.offlineLogDirs !== undefined)
    expect(told.map(({ request }) => request.offlineLogDirs!.length).slice(0, 2)).toEqual([1, 2])
    expect(told[1]!.at - told[0]!.at).toBeLessThan(100_000)
    expect(cluster.truth('v/0').isr).toEqual([3, 1, 2])
  })
})

describe('the process halts', () => {
  // LogManager.scala: "Shutdown broker because all log dirs in ... have failed".
  test('without any directory: then all goes as after a crash, fencing included', () => {
    const cluster = new TestCluster({ producers: [producer('shop', {}, steady)] }).start('shop').run(5.03).ail('b1', 'failed').run(1)
    expect(cluster.facts('node.halted')).toEqual([{ code: 'node.halted', node: 'b1', why: 'logDirs', dir: logDirPath(0, 1) }])
    expect([state(cluster, 'b1'), cluster.truth().leader]).toEqual(['down', 1])
    cluster.run(12)
    expect(cluster.truth()).toMatchObject({ leader: 2, isr: [2, 3] })
    expect(cluster.facts('broker.fenced').map(({ node }) => node)).toEqual(['b1'])
  })
  test('and again at each start, as long as the disk is as it is', () => {
    const cluster = new TestCluster({ producers: [producer('shop', {}, steady)] }).start('shop').run(5.03).ail('b1', 'full').run(1).act('restart', 'b1').run(20)
    expect([state(cluster, 'b1'), cluster.facts('node.halted').length]).toEqual(['down', 2])
    cluster.ail('b1', undefined).act('restart', 'b1').run(20)
    expect(cluster.truth().isr).toEqual([2, 3, 1])
    expect(account(cluster.sim.world, newLedgerIndex()).lost).toEqual([])
  })
  // ReplicaManager.scala: "Shutdown broker because the metadata log dir ... has failed". Docs, metadata.log.dir: "If it is not set, the metadata log is placed in the first log directory from log.dirs."
  test('without the directory of the metadata log: the first, unless metadata.log.dir is another', () => {
    const inFirst = twoDirs({ machines: { 3: { logDirs: 2 } } }).start('shop').run(5.03).ail('b3', 'failed', 0).run(1)
    expect(inFirst.facts('node.halted')).toEqual([{ code: 'node.halted', node: 'b3', why: 'metadataDir', dir: logDirPath(0, 2) }])
    const inSecond = twoDirs({ machines: { 3: { logDirs: 2, overrides: { 'metadata.log.dir': logDirPath(1, 2) } } } }).start('shop').run(5.03).ail('b3', 'failed', 0).run(1)
    expect([state(inSecond, 'b3'), inSecond.truth('t/0').leader]).toEqual(['running', 1])
  })
})

describe('a disk is full', () => {
  test('by what Kafka has written itself: the batch that does not fit is refused, and so is the disk', () => {
    const cluster = new TestCluster({ machines: { 2: { diskBytes: 2000 } }, producers: [producer('shop', {}, { ...steady, bytes: 100 })] }).start('shop').run(3)
    expect(cluster.facts('logDir.failed')).toMatchObject([{ node: 'b2', why: 'full' }])
    expect(cluster.replica(2).log.active.sizeInBytes).toBeLessThanOrEqual(2000)
    expect(state(cluster, 'b2')).toBe('down')
    // More space, a start, and it copies what it lacks.
    cluster.ail('b2', undefined).run(15).act('restart', 'b2').run(2)
    expect(cluster.facts('logDir.failed').length).toBeGreaterThan(1)
  })
  test('orderly stopped, a broker with a full disk starts, and fails with the first write', () => {
    const cluster = new TestCluster({ producers: [producer('shop', {}, steady)] }).run(3).act('stop', 'b3').run(5).ail('b3', 'full').act('restart', 'b3').run(5)
    expect([state(cluster, 'b3'), cluster.facts('node.halted').length]).toEqual(['down', 1])
  })
})

test('the state of a broker without disks that ail is not larger than it was', () => {
  const { offline, assignments, slowWrites } = new TestCluster({ topics: [orders()] }).run(20).broker(1)
  expect([offline, assignments, slowWrites]).toEqual([undefined, undefined, undefined])
})
