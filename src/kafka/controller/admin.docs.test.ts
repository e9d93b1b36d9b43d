/** What an admin client asks for, and what the cluster makes of it: by Kafka's documentation, and as a live cluster answered. */
import { describe, expect, test } from 'vitest'
import type { AdminRequest } from '../protocol/admin.ts'
import { orders, producer, steady, TestCluster } from '../testing.ts'

const create = (topic: string, more: Partial<Extract<AdminRequest, { type: 'CreateTopicsRequest' }>> = {}): AdminRequest =>
  ({ type: 'CreateTopicsRequest', topic, numPartitions: 3, replicationFactor: 2, assignments: undefined, configs: {}, ...more })
const grow = (count: number, assignments?: number[][]): AdminRequest => ({ type: 'CreatePartitionsRequest', topic: 'orders', count, assignments })
const elect = (electionType: 'PREFERRED' | 'UNCLEAN' = 'PREFERRED'): AdminRequest => ({ type: 'ElectLeadersRequest', electionType, partition: 'orders/0' })
const move = (replicas: readonly number[] | undefined): AdminRequest => ({ type: 'AlterPartitionReassignmentsRequest', partition: 'orders/0', replicas })
const alter = (set: Record<string, string>, more: Partial<Extract<AdminRequest, { type: 'IncrementalAlterConfigsRequest' }>> = {}): AdminRequest =>
  ({ type: 'IncrementalAlterConfigsRequest', resource: 'topic', name: 'orders', set, unset: [], ...more })

const ascending = (a: number, b: number): number => a - b

/** The answer, once it is there. */
function answerTo(cluster: TestCluster, request: AdminRequest): string {
  cluster.call('call', request).runUntil(() => cluster.result('call').answeredAt !== undefined)
  return cluster.result('call').error!
}

describe('topics', () => {
  // S04: "createTopic(12 partitions, RF 3) and (12, RF 2) without assignment; 3 brokers in 3 racks. See: replicas of each partition in
  // different racks; [...] each broker leads 4. RF 4 → InvalidReplicationFactorException."
  test('are placed over the racks, as many leaders on each broker', () => {
    const cluster = new TestCluster()
    expect(answerTo(cluster, create('a', { numPartitions: 12, replicationFactor: 3 }))).toBe('NONE')
    expect(answerTo(cluster, create('b', { numPartitions: 12 }))).toBe('NONE')
    for (const topic of ['a', 'b']) {
      const partitions = Array.from({ length: 12 }, (_, i) => cluster.truth(`${topic}/${i}`))
      for (const id of [1, 2, 3]) expect(partitions.filter(({ leader }) => leader === id)).toHaveLength(4)
      for (const { replicas, isr, leader } of partitions) expect([new Set(replicas).size, isr, leader]).toEqual([topic === 'a' ? 3 : 2, replicas, replicas[0]])
    }
    expect(answerTo(cluster, create('c', { replicationFactor: 4 }))).toBe('INVALID_REPLICATION_FACTOR')
  })

  // S04: "One broker stopped (fenced): RF 3 still possible, the fenced one is never leader and not in the initial ISR."
  test.each(['crash', 'stop'] as const)('may have a fenced broker among their replicas, which leads nothing (after a %s)', (end) => {
    const cluster = new TestCluster().act(end, 'b3').run(12)
    expect(answerTo(cluster, create('a', { numPartitions: 6, replicationFactor: 3 }))).toBe('NONE')
    for (let i = 0; i < 6; i++) {
      const { replicas, isr, leader } = cluster.truth(`a/${i}`)
      expect(replicas.toSorted(ascending)).toEqual([1, 2, 3])
      expect(isr.toSorted(ascending)).toEqual([1, 2])
      expect(leader).toBe(isr[0])
    }
    cluster.act('restart', 'b3').runUntil(() => cluster.truth('a/0').isr.length === 3)
  })

  test('are refused in Kafka\'s words', () => {
    const cluster = new TestCluster()
    expect(answerTo(cluster, create('orders'))).toBe('TOPIC_ALREADY_EXISTS')
    expect(answerTo(cluster, create('a b'))).toBe('INVALID_TOPIC_EXCEPTION')
    expect(answerTo(cluster, create('a', { numPartitions: 0 }))).toBe('INVALID_PARTITIONS')
    expect(answerTo(cluster, create('a', { assignments: [[1, 2], [3]] }))).toBe('INVALID_REPLICA_ASSIGNMENT')
    expect(answerTo(cluster, create('a', { assignments: [[1, 9]] }))).toBe('INVALID_REPLICA_ASSIGNMENT')
    expect(answerTo(cluster, create('a', { configs: { 'min.insync.replicas': '0' } }))).toBe('INVALID_CONFIG')
    expect(answerTo(cluster, create('a', { configs: { 'no.such.config': '0' } }))).toBe('INVALID_CONFIG')
  })

  // ReplicationControlManager#validateNewTopicNames and Topic#hasCollision: "topics with a period ('.') or underscore ('_') could collide".
  test('cannot both be where their names differ by . and _ alone', () => {
    const cluster = new TestCluster()
    expect(answerTo(cluster, create('a.b_c'))).toBe('NONE')
    expect(answerTo(cluster, create('a_b.c'))).toBe('INVALID_TOPIC_EXCEPTION')
    expect(cluster.facts('admin.answered').at(-1)).toMatchObject({ message: "Topic 'a_b.c' collides with existing topic: a.b_c" })
    expect(answerTo(cluster, create('a.b_c'))).toBe('TOPIC_ALREADY_EXISTS')
    expect(answerTo(cluster, create('a-b_c'))).toBe('NONE')
    expect(answerTo(cluster, { type: 'DeleteTopicsRequest', topic: 'a.b_c' })).toBe('NONE')
    expect(answerTo(cluster, create('a_b.c'))).toBe('NONE')
  })

  test('can be written to and read at once', () => {
    const cluster = new TestCluster({ producers: [producer('p', {}, { topic: 'audit' })] })
    expect(answerTo(cluster, create('audit', { assignments: [[2, 3]], configs: { 'min.insync.replicas': '2' } }))).toBe('NONE')
    cluster.send('p', { value: 'x' }).run(1)
    expect(cluster.replica(2, 'audit/0')).toMatchObject({ highWatermark: 1, minInsyncReplicas: 2 })
    expect(cluster.replica(3, 'audit/0').log.endOffset).toBe(1)
  })

  // Docs, Basic Kafka Operations: "Kafka does not currently support reducing the number of partitions for a topic."
  test('only grow', () => {
    const cluster = new TestCluster()
    expect(answerTo(cluster, grow(1))).toBe('INVALID_PARTITIONS')
    expect(answerTo(cluster, grow(3, [[2, 3, 1]]))).toBe('INVALID_REPLICA_ASSIGNMENT')
    expect(answerTo(cluster, grow(3, [[2, 3, 1], [3, 1, 2]]))).toBe('NONE')
    expect(cluster.truth('orders/2')).toMatchObject({ leader: 3, isr: [3, 1, 2], leaderEpoch: 0, partitionEpoch: 0 })
    expect(answerTo(cluster, { ...grow(2), topic: 'none' } as AdminRequest)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })

  test('are gone everywhere when they are deleted, also on a broker that was away', () => {
    const cluster = new TestCluster({ producers: [producer('p', { retries: 0, 'max.block.ms': 500 })] }).send('p', { value: 'x' }).run(1).act('crash', 'b3').run(12)
    expect(answerTo(cluster, { type: 'DeleteTopicsRequest', topic: 'orders' })).toBe('NONE')
    cluster.act('restart', 'b3').run(10)
    for (const id of [1, 2, 3]) expect(cluster.broker(id).replicas.has('orders/0')).toBe(false)
    expect(answerTo(cluster, { type: 'DeleteTopicsRequest', topic: 'orders' })).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })
})

describe('leaders', () => {
  // S14: "electLeaders(PREFERRED): leader 1, epoch +1 again; repeated → ElectionNotNeededException. With broker 1 down: PreferredLeaderNotAvailableException."
  test('are moved to the preferred replica, if it can', () => {
    const cluster = new TestCluster({ overrides: { 'auto.leader.rebalance.enable': false }, producers: [producer('p', {}, steady)] })
    cluster.start('p').run(2).act('crash', 'b1').runUntil(() => cluster.truth().leader === 2)
    expect(answerTo(cluster, elect())).toBe('PREFERRED_LEADER_NOT_AVAILABLE')
    cluster.act('restart', 'b1').runUntil(() => cluster.truth().isr.includes(1))
    expect(answerTo(cluster, elect())).toBe('NONE')
    expect(cluster.truth()).toMatchObject({ leader: 1, leaderEpoch: 2 })
    expect(answerTo(cluster, elect())).toBe('ELECTION_NOT_NEEDED')
    cluster.run(2)
    expect(cluster.facts('producer.failed')).toEqual([])
  })

  // Admin#electLeaders, ElectionType.UNCLEAN: "an out-of-sync replica is elected [...] only if no eligible replica is available".
  test('are elected uncleanly when somebody asks for it', () => {
    const features = { 'eligible.leader.replicas.version': 0 }
    const cluster = new TestCluster({ features, topics: [orders({}, [[1, 2]])], producers: [producer('p', { acks: '1' })] })
    cluster.act('crash', 'b2').run(12).send('p', { value: 'x' }).run(1).act('crash', 'b1').run(12).act('restart', 'b2').run(5)
    expect(cluster.truth().leader).toBe(-1)
    expect(answerTo(cluster, elect('UNCLEAN'))).toBe('NONE')
    expect(cluster.truth()).toMatchObject({ leader: 2, isr: [2], leaderRecoveryState: 'RECOVERING' })
    expect(cluster.facts('leader.elected').at(-1)).toMatchObject({ leader: 'b2', how: 'unclean' })
  })
})

describe('replicas', () => {
  // S22: "[1,2] → [2,3] with data. See during: replicas [2,3,1], adding [3], removing [1], leader 1, epoch +0; end: replicas [2,3], ISR {2,3},
  // leader 2, epoch +1, directory on 1 removed."
  test('are moved: added first, then taken away', () => {
    const cluster = new TestCluster({ topics: [orders({}, [[1, 2]])], producers: [producer('p', {}, steady)] }).start('p').run(2)
    cluster.call('move', move([2, 3])).runUntil(() => cluster.truth().adding.length > 0)
    expect(cluster.truth()).toMatchObject({ replicas: [2, 3, 1], adding: [3], removing: [1], isr: [1, 2], leader: 1, leaderEpoch: 0 })
    cluster.runUntil(() => cluster.truth().adding.length === 0).run(1)
    expect(cluster.truth()).toMatchObject({ replicas: [2, 3], adding: [], removing: [], leader: 2, leaderEpoch: 1 })
    expect(cluster.truth().isr.toSorted(ascending)).toEqual([2, 3])
    expect(cluster.broker(1).replicas.has('orders/0')).toBe(false)
    cluster.run(2)
    expect(cluster.facts('producer.failed')).toEqual([])
    expect(cluster.facts('reassignment.finished')).toMatchObject([{ replicas: ['b2', 'b3'], how: 'done' }])
    expect(cluster.replica(2).highWatermark).toBeGreaterThan(30)
  })

  // S22: "Cancel midway: replicas [1,2], epoch +1 (3 dropped), nothing lost. Cancel when none → NoReassignmentInProgressException."
  test('stay where they were when the move is taken back', () => {
    const cluster = new TestCluster({ topics: [orders({}, [[1, 2]])], producers: [producer('p', {}, steady)] }).start('p').run(2)
    expect(answerTo(cluster, move(undefined))).toBe('NO_REASSIGNMENT_IN_PROGRESS')
    cluster.stallFetch('b3').call('move', move([2, 3])).runUntil(() => cluster.truth().adding.length > 0).run(2)
    expect(cluster.broker(3).replicas.has('orders/0')).toBe(true)
    expect(answerTo(cluster, move(undefined))).toBe('NONE')
    cluster.run(1)
    expect(cluster.truth()).toMatchObject({ replicas: [2, 1], isr: [1, 2], leader: 1, leaderEpoch: 1, adding: [], removing: [] })
    expect(cluster.broker(3).replicas.has('orders/0')).toBe(false)
    expect(cluster.facts('reassignment.finished')).toMatchObject([{ how: 'cancelled' }])
  })

  // S22: "Pure reorder [1,2] → [2,1]: immediate, leader stays 1 until a preferred election."
  test('change their order at once', () => {
    const cluster = new TestCluster({ topics: [orders({}, [[1, 2]])] })
    expect(answerTo(cluster, move([2, 1]))).toBe('NONE')
    expect(cluster.truth()).toMatchObject({ replicas: [2, 1], leader: 1, leaderEpoch: 0 })
    expect(answerTo(cluster, move([2, 9]))).toBe('INVALID_REPLICA_ASSIGNMENT')
  })
})

describe('configs', () => {
  test('of a topic are in force as soon as its leader has heard of them', () => {
    const cluster = new TestCluster()
    expect(cluster.replica(1).minInsyncReplicas).toBe(2)
    expect(answerTo(cluster, alter({ 'min.insync.replicas': '1' }))).toBe('NONE')
    cluster.run(1)
    expect(cluster.replica(1).minInsyncReplicas).toBe(1)
    expect(cluster.facts('config.changed')).toMatchObject([{ kind: 'topic', name: 'orders', value: '1', was: '2' }])
    expect(answerTo(cluster, alter({ 'min.insync.replicas': '0' }))).toBe('INVALID_CONFIG')
    expect(answerTo(cluster, alter({}, { name: 'none' }))).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })

  // KIP-966: "The cluster level min.insync.replicas can not be removed"; "Broker level min.insync.replicas [...] is not allowed".
  test('of all brokers hold for topics without one of their own', () => {
    const cluster = new TestCluster({ topics: [orders({})] })
    expect(answerTo(cluster, alter({ 'min.insync.replicas': '3' }, { resource: 'broker', name: undefined }))).toBe('NONE')
    cluster.run(1)
    expect(cluster.replica(1).minInsyncReplicas).toBe(3)
    expect(answerTo(cluster, alter({}, { resource: 'broker', name: undefined, unset: ['min.insync.replicas'] }))).toBe('INVALID_CONFIG')
    expect(answerTo(cluster, alter({ 'min.insync.replicas': '2' }, { resource: 'broker', name: 'b1' }))).toBe('INVALID_CONFIG')
  })

  // KIP-966: "when the min.insync.replicas config is updated, the ELR fields will be cleaned".
  test('that say how many must be in sync make nobody eligible any more', () => {
    const cluster = new TestCluster({ producers: [producer('p', { acks: '1' })] }).act('crash', 'b3').run(12).act('crash', 'b2').run(12)
    expect(cluster.truth()).toMatchObject({ isr: [1], elr: [2] })
    expect(answerTo(cluster, alter({ 'min.insync.replicas': '1' }))).toBe('NONE')
    expect(cluster.truth()).toMatchObject({ isr: [1], elr: [] })
    cluster.send('p', { value: 'x' }).run(1)
    expect(cluster.replica(1).highWatermark).toBe(1)
    // The leader's next proposal counts from the partition epoch that this has raised.
    cluster.act('restart', 'b2').runUntil(() => cluster.truth().isr.includes(2))
  })
})

describe('an admin client', () => {
  // AdminClientConfig, default.api.timeout.ms: "Specifies the timeout (in milliseconds) for client APIs."
  test('gives up after its API timeout when no controller answers', () => {
    const cluster = new TestCluster().act('crash', 'k1', 'k2', 'k3').call('late', create('audit'))
    cluster.runUntil(() => cluster.result('late').answeredAt !== undefined)
    expect(cluster.result('late').error).toBe('TIMED_OUT')
    expect(cluster.now).toBe(60_000_000)
  })

  // S25: "createTopic issued at once succeeds within its 60 s timeout."
  test('is answered by the next active controller', () => {
    const cluster = new TestCluster().run(1).act('crash', 'k1')
    expect(answerTo(cluster, create('audit'))).toBe('NONE')
    expect(cluster.facts('controller.elected')).toHaveLength(1)
    expect(cluster.now).toBeLessThan(10_000_000)
  })

  test('asks the next broker where one is down', () => {
    const cluster = new TestCluster().act('crash', 'b1').run(1)
    expect(answerTo(cluster, create('audit'))).toBe('NONE')
    expect(cluster.sent.some(({ from, to }) => from === 'admin' && to === 'b2')).toBe(true)
  })
})
