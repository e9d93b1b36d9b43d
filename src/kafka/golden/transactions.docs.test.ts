/** Transactions in a whole cluster, by what Kafka's documentation and KIP-98, KIP-360, KIP-447 and KIP-890 promise. */
import { describe, expect, test } from 'vitest'
import type { ProducerState } from '../client/producer/state.ts'
import type { Broker } from '../broker/state.ts'
import type { TransactionMetadata } from '../transaction/metadata.ts'
import { between } from '../../base/chunks.ts'
import { isControl } from '../log/record.ts'
import { replicaOf } from '../look.ts'
import { orders, producer, TestCluster, type TestOptions } from '../testing.ts'

const client = (id: string, configs: Record<string, string | number> = {}) => producer(id, { 'transactional.id': 't1', ...configs })
const plain = producer('P')
const consumer = (id: string, isolation: string) =>
  ({ id, library: 'java', group: id, topics: ['orders'], bootstrap: ['b1', 'b2', 'b3'], configs: { 'isolation.level': isolation, 'auto.offset.reset': 'earliest' } } as const)

const newCluster = (options: TestOptions = {}) => new TestCluster({
  producers: [client('A'), client('B'), plain], consumers: [consumer('rc', 'read_committed'), consumer('ru', 'read_uncommitted')],
  overrides: { 'transaction.state.log.num.partitions': 5, 'offsets.topic.num.partitions': 5, 'auto.leader.rebalance.enable': false }, topics: [orders()], ...options,
})
const call = (cluster: TestCluster, node: string, ...apis: readonly ('beginTransaction' | 'commitTransaction' | 'abortTransaction')[]): TestCluster => {
  for (const api of apis) cluster.tell(node, { type: 'transaction', api } as { type: string })
  return cluster
}
const send = (cluster: TestCluster, node: string, count: number): TestCluster => cluster.send(node, ...Array.from({ length: count }, () => ({})))
const txnOf = (cluster: TestCluster, id = 't1'): TransactionMetadata | undefined => {
  for (const node of cluster.sim.world.nodes.values()) {
    const found = node.kind === 'broker' && node.condition === 'running' ? (node.state as Broker).transactions.coordinator.transactions.get(id) : undefined
    if (found !== undefined) return found.metadata
  }
  return undefined
}
const stateOf = (cluster: TestCluster, id: string): ProducerState['txn'] => (cluster.sim.world.nodes.get(id)!.state as ProducerState).txn
const offsetsOf = (cluster: TestCluster, id: string): readonly number[] => {
  const book = (cluster.sim.world.nodes.get(id)!.state as { notebook: { returned: Map<string, never> } }).notebook
  const offsets = book.returned.get('orders/0')
  return offsets === undefined ? [] : [...between<number>(offsets, 0)]
}
const batchesOf = (cluster: TestCluster) => [...between(replicaOf(cluster.sim.world, 'orders/0', 1)!.log.batches, 0)]

describe('commit and abort', () => {
  const cluster = newCluster().start('rc', 'ru', 'A')
  call(cluster, 'A', 'beginTransaction')
  call(send(cluster, 'A', 3), 'A', 'commitTransaction', 'beginTransaction')
  cluster.runTo(4)
  call(send(cluster, 'A', 2).run(1), 'A', 'abortTransaction').runTo(8)
  test('the transaction is complete', () => {
    expect(txnOf(cluster)).toMatchObject({ state: 'CompleteAbort', producerEpoch: 2 })
    expect(stateOf(cluster, 'A')).toMatchObject({ state: 'ready' })
    expect(cluster.producer('A').notebook.lastError).toBe(undefined)
  })
  test('the log', () => {
    send(cluster, 'P', 1).run(4)
    expect(batchesOf(cluster).map((batch) => [batch.baseOffset, isControl(batch), batch.producerEpoch])).toEqual([[0, false, 0], [3, true, 1], [4, false, 1], [6, true, 2], [7, false, 0]])
    expect(offsetsOf(cluster, 'rc')).toEqual([0, 1, 2, 7])
    expect(offsetsOf(cluster, 'ru')).toEqual([0, 1, 2, 4, 5, 7])
  })
})

// "Zombie fencing": KIP-98; an epoch that ends what the old one had begun, and one for the new producer.
describe('a zombie', () => {
  const cluster = newCluster().start('rc', 'A').runTo(2)
  send(call(cluster, 'A', 'beginTransaction'), 'A', 2).run(1)
  send(call(cluster.start('B').run(2), 'B', 'beginTransaction'), 'B', 1).run(1)
  test('is shut out by whoever begins with its id', () => {
    expect(cluster.producer('B').identity.epoch).toBe(2)
    send(cluster, 'A', 1).run(1)
    expect(stateOf(cluster, 'A')).toMatchObject({ state: 'abortableError', error: 'INVALID_PRODUCER_EPOCH' })
    call(cluster, 'A', 'abortTransaction').run(1)
    expect(stateOf(cluster, 'A')).toMatchObject({ state: 'fatalError', error: 'PRODUCER_FENCED' })
    expect(cluster.producer('A').notebook.lastError).toBe('PRODUCER_FENCED')
  })
  test('what it wrote is never read', () => {
    call(cluster, 'B', 'commitTransaction').run(2)
    expect(offsetsOf(cluster, 'rc')).toEqual([3])
  })
})

// KIP-890: "the coordinator bumps the epoch on every transaction", so also when it aborts one by itself.
describe.each([1, 2])('a transaction that takes too long, transaction.version %i', (version) => {
  const begin = () => {
    const cluster = newCluster({ producers: [client('A', { 'transaction.timeout.ms': 15_000 }), plain], features: { 'transaction.version': version } }).start('rc', 'A').runTo(2)
    send(call(cluster, 'A', 'beginTransaction'), 'A', 1).run(1)
    return send(cluster, 'P', 5).run(5)
  }
  test('holds up whoever reads what is committed, until it is aborted (15 to 25 s later, at most)', () => {
    const cluster = begin()
    expect(offsetsOf(cluster, 'rc')).toEqual([])
    cluster.run(25)
    expect(offsetsOf(cluster, 'rc')).toEqual([1, 2, 3, 4, 5])
    const tookS = cluster.firstAt('txn.finished')! - cluster.firstAt('txn.began')!
    expect(tookS).toBeGreaterThanOrEqual(15)
    expect(tookS).toBeLessThanOrEqual(25.1)
    expect(txnOf(cluster)).toMatchObject({ state: 'CompleteAbort', producerEpoch: 1 })
  })
  test('cannot be committed any more', () => {
    const cluster = call(begin().run(25), 'A', 'commitTransaction').run(1)
    expect(stateOf(cluster, 'A')).toMatchObject({ state: 'fatalError', error: version === 2 ? 'INVALID_TXN_STATE' : 'PRODUCER_FENCED' })
  })
  test('can be aborted with version 2, and the next one begun', () => {
    const cluster = send(begin().run(25), 'A', 1).run(1)
    expect(stateOf(cluster, 'A')).toMatchObject({ state: 'abortableError', error: 'INVALID_PRODUCER_EPOCH' })
    call(cluster, 'A', 'abortTransaction', 'beginTransaction').run(1)
    expect(stateOf(cluster, 'A')!.state).toBe(version === 2 ? 'inTransaction' : 'fatalError')
  })
})

// KIP-98: "the new coordinator ... completes the transactions that were prepared".
describe('the coordinator crashes', () => {
  test('and whoever leads its partition then brings to an end what was decided', () => {
    const cluster = newCluster().start('rc', 'A').runTo(2)
    send(call(cluster, 'A', 'beginTransaction'), 'A', 2).run(1)
    const leader = [1, 2, 3].find((id) => cluster.broker(id).transactions.coordinator.transactions.has('t1'))!
    call(cluster, 'A', 'commitTransaction').runUntil(() => cluster.firstAt('txn.decided') !== undefined)
    cluster.act('crash', `b${leader}`).run(20)
    expect(stateOf(cluster, 'A')!.state).toBe('ready')
    expect(txnOf(cluster)).toMatchObject({ state: 'CompleteCommit', producerEpoch: 1 })
    expect(offsetsOf(cluster, 'rc')).toEqual([0, 1])
  })
})
