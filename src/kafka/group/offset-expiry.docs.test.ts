/**
 * When committed offsets expire (GRP-21). Kafka docs 4.x, offsets.retention.minutes: "For subscribed consumers, committed offset of a
 * specific partition will be expired and discarded when 1) this retention period has elapsed after the consumer group loses all its
 * consumers (i.e. becomes empty); 2) this retention period has elapsed since the last time an offset is committed for the partition
 * and the group is no longer subscribed to the corresponding topic. For standalone consumers (using manual assignment), offsets will
 * be expired after this retention period has elapsed since the time of last commit."
 */
import { describe, expect, test } from 'vitest'
import { between } from '../../base/chunks.ts'
import '../whole.ts'
import type { ConsumerConfig } from '../client/consumer/state.ts'
import type { FactOf, NoteCode } from '../notes.ts'
import type { ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse } from '../protocol/consumer-group.ts'
import type { JoinGroupRequest, JoinGroupResponse, LeaveGroupRequest, OffsetCommitRequest, OffsetCommitResponse, SyncGroupRequest } from '../protocol/group.ts'
import type { TxnOffsetCommitRequest, TxnOffsetCommitResponse } from '../protocol/transaction.ts'
import { orders, producer, TestCluster, type TestOptions } from '../testing.ts'
import { handleConsumerGroupHeartbeat } from './consumer/heartbeat.ts'
import { becomeCoordinator, handleJoinGroup, handleLeaveGroup, handleOffsetCommit, handleSyncGroup, resign } from './coordinator.ts'
import { TestBroker } from './testing.ts'
import { completeTransaction, handleTxnOffsetCommit } from './txn-offsets.ts'

const SECOND = 1_000_000, MINUTE = 60 * SECOND
/** The group `g` belongs to it. */
const PARTITION = '__consumer_offsets/1'

function broker(configs: Record<string, number> = {}): TestBroker {
  const at = new TestBroker()
  Object.assign(at.configs, { 'offsets.retention.minutes': 1, 'offsets.retention.check.interval.ms': 1000, 'group.initial.rebalance.delay.ms': 0, ...configs })
  for (const topic of ['t', 'u']) at.topics.set(topic, 2)
  // Loaded again, with these configs.
  resign(at.coordinator, PARTITION, at.host)
  becomeCoordinator(at.coordinator, PARTITION, 0, [], at.host)
  return at
}
const facts = <C extends NoteCode>(at: TestBroker, code: C): readonly FactOf<C>[] => at.facts.filter((fact) => fact.code === code) as unknown as readonly FactOf<C>[]
const committed = (at: TestBroker): readonly string[] => [...at.coordinator.groups.get('g')?.offsets.keys() ?? []].toSorted()
/** Whole seconds at which something expired. */
function expiredAt(at: TestBroker, until: number): readonly number[] {
  const found: number[] = []
  for (let second = Math.ceil(at.now / SECOND); second <= until; second++) {
    const before = facts(at, 'offsets.expired').length
    at.runUntil(second * SECOND)
    for (let i = facts(at, 'offsets.expired').length; i > before; i--) found.push(second)
  }
  return found
}

interface Speaker { readonly memberId: string; readonly generation: number }
const stranger: Speaker = { memberId: '', generation: -1 }
function commit(at: TestBroker, { memberId, generation: generationId }: Speaker, ...partitions: readonly string[]): string | undefined {
  return at.ask<OffsetCommitRequest, OffsetCommitResponse>(handleOffsetCommit, { type: 'OffsetCommitRequest', clientId: 'c', groupId: 'g', generationId, memberId, offsets: partitions.map((partition) => ({ partition, offset: 7, leaderEpoch: 0 })) }, 'commit')?.partitions[0]?.error
}
/** A member that keeps its heartbeats, for the sake of brevity: its session is longer than any test. */
function join(at: TestBroker, topics: readonly string[], who = 'A'): Speaker {
  const request = (memberId: string): JoinGroupRequest => ({
    type: 'JoinGroupRequest', clientId: who, groupId: 'g', memberId, sessionTimeoutMs: 1_800_000, rebalanceTimeoutMs: 60_000,
    protocols: [{ name: 'range', topics, owned: [], generation: -1 }],
  })
  const memberId = at.ask<JoinGroupRequest, JoinGroupResponse>(handleJoinGroup, request(''), who)!.memberId
  const joined = at.ask<JoinGroupRequest, JoinGroupResponse>(handleJoinGroup, request(memberId), who) ?? (at.runUntil(at.now), at.take<JoinGroupResponse>(who))
  const generation = joined!.generationId
  at.ask<SyncGroupRequest, { readonly type: string }>(handleSyncGroup, { type: 'SyncGroupRequest', clientId: who, groupId: 'g', generationId: generation, memberId, assignments: [] }, who)
  return { memberId, generation }
}
const leave = (at: TestBroker, { memberId }: Speaker): unknown =>
  at.ask<LeaveGroupRequest, { readonly type: string }>(handleLeaveGroup, { type: 'LeaveGroupRequest', clientId: 'A', groupId: 'g', memberId }, 'leave')

describe('a classic group without members', () => {
  test('loses what it has committed when it has been empty for the retention, whenever that was committed', () => {
    const at = broker()
    const member = join(at, ['t'])
    commit(at, member, 't/0')
    at.runUntil(100 * SECOND)
    commit(at, member, 't/1')
    at.runUntil(200 * SECOND)
    leave(at, member)
    expect(expiredAt(at, 300)).toEqual([260, 260])
    expect(facts(at, 'offsets.expired')).toMatchObject([{ group: 'g', partition: 't/0', offset: 7, since: 'empty', ageMs: 60_000, retentionMs: 60_000 }, { partition: 't/1' }])
  })

  test('goes with the last of it, and leaves nothing but tombstones under the keys that it had', () => {
    const at = broker()
    const member = join(at, ['t'])
    commit(at, member, 't/0', 't/1')
    leave(at, member)
    const before = at.log.length
    at.runUntil(2 * MINUTE)
    expect(facts(at, 'group.expired')).toEqual([{ code: 'group.expired', group: 'g' }])
    expect(at.coordinator.groups.has('g')).toBe(false)
    const written = at.log.slice(before)
    expect(written.map(({ key, value }) => [key, value])).toEqual([['g t/0', undefined], ['g t/1', undefined], ['group g', undefined]])
  })

  // currentStateTimestamp is that of the group, so an offset that is reset in an old empty group goes with the others.
  test('is not kept by who resets its offsets', () => {
    const at = broker()
    const member = join(at, ['t'])
    commit(at, member, 't/0')
    leave(at, member)
    at.runUntil(59.5 * SECOND)
    expect(commit(at, stranger, 't/1')).toBe('NONE')
    expect(expiredAt(at, 200)).toEqual([60, 60])
  })

  test('keeps all of it if somebody is back in time; then it counts anew', () => {
    const at = broker()
    const member = join(at, ['t'])
    commit(at, member, 't/0')
    leave(at, member)
    at.runUntil(59 * SECOND)
    const back = join(at, ['t'])
    expect(expiredAt(at, 300)).toEqual([])
    leave(at, back)
    expect(expiredAt(at, 400)).toEqual([360])
  })

  test('and without offsets is gone with the next check', () => {
    const at = broker()
    at.runUntil(5.5 * SECOND)
    leave(at, join(at, ['t']))
    expect(at.coordinator.groups.has('g')).toBe(true)
    at.runUntil(6 * SECOND)
    expect(at.coordinator.groups.has('g')).toBe(false)
    expect(facts(at, 'group.expired')).toHaveLength(1)
  })
})

describe('a classic group with members', () => {
  test('keeps what its members read, however old it is', () => {
    const at = broker()
    commit(at, join(at, ['t']), 't/0')
    expect(expiredAt(at, 1000)).toEqual([])
    expect(committed(at)).toEqual(['t/0'])
  })

  test('loses what it has committed of a topic that nobody in it reads, from the commit on', () => {
    const at = broker()
    commit(at, stranger, 'u/0')
    at.runUntil(10 * SECOND)
    commit(at, join(at, ['t']), 't/0')
    expect(expiredAt(at, 300)).toEqual([60])
    expect(facts(at, 'offsets.expired')).toMatchObject([{ partition: 'u/0', since: 'committed', ageMs: 60_000 }])
    expect(committed(at)).toEqual(['t/0'])
    expect(facts(at, 'group.expired')).toEqual([])
  })

  test('loses nothing while it rebalances', () => {
    const at = broker()
    commit(at, stranger, 'u/0')
    const member = join(at, ['t'])
    at.runUntil(59 * SECOND)
    // A second one is called together with the first, which does not come.
    at.ask<JoinGroupRequest, JoinGroupResponse>(handleJoinGroup, { type: 'JoinGroupRequest', clientId: 'B', groupId: 'g', memberId: '', sessionTimeoutMs: 1_800_000, rebalanceTimeoutMs: 60_000, groupInstanceId: 'b', protocols: [{ name: 'range', topics: ['t'], owned: [], generation: -1 }] }, 'B')
    expect(at.coordinator.groups.get('g')!.state).toBe('PreparingRebalance')
    expect(expiredAt(at, 100)).toEqual([])
    expect(member.generation).toBe(1)
  })
})

describe('a group that never had members (manual assignment)', () => {
  test('loses each offset when the retention has passed since it was committed', () => {
    const at = broker()
    commit(at, stranger, 't/0', 't/1')
    at.runUntil(30 * SECOND)
    commit(at, stranger, 't/1')
    expect(expiredAt(at, 200)).toEqual([60, 90])
    expect(facts(at, 'offsets.expired').map(({ partition, since }) => [partition, since])).toEqual([['t/0', 'committed'], ['t/1', 'committed']])
    expect(facts(at, 'group.expired')).toHaveLength(1)
  })
})

// ConsumerGroup#offsetExpirationCondition: by commits alone; that it is empty matters only in so far as it reads nothing.
describe('a group of the consumer protocol', () => {
  const beat = (at: TestBroker, memberEpoch: number): number => at.ask<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>(handleConsumerGroupHeartbeat, {
    type: 'ConsumerGroupHeartbeatRequest', clientId: 'A', groupId: 'g', memberId: 'm', memberEpoch, ...(memberEpoch === 0 ? { subscribedTopicNames: ['t'], rebalanceTimeoutMs: 60_000, topicPartitions: [] } : {}),
  }, 'beat')!.memberEpoch
  const own = { 'group.consumer.session.timeout.ms': 1_800_000 }

  test('keeps what its members read', () => {
    const at = broker(own)
    commit(at, { memberId: 'm', generation: beat(at, 0) }, 't/0')
    expect(expiredAt(at, 1000)).toEqual([])
  })

  test('loses it with the next check after the last has left, if it was committed so long ago', () => {
    const at = broker(own)
    const generation = beat(at, 0)
    commit(at, { memberId: 'm', generation }, 't/0')
    at.runUntil(90 * SECOND)
    commit(at, { memberId: 'm', generation }, 't/1')
    at.runUntil(100.5 * SECOND)
    beat(at, -1)
    expect(expiredAt(at, 200)).toEqual([101, 150])
    expect(facts(at, 'offsets.expired')).toMatchObject([{ partition: 't/0', since: 'committed', ageMs: 101_000 }, { partition: 't/1', since: 'committed', ageMs: 60_000 }])
    expect(facts(at, 'group.expired')).toHaveLength(1)
    expect(at.coordinator.consumerGroups.has('g')).toBe(false)
    expect(at.log.slice(-3).map(({ key, value }) => [key, value])).toEqual([['g t/1', undefined], ['consumerTarget g', undefined], ['consumerGroup g', undefined]])
  })
})

// OffsetMetadataManager#cleanupExpiredOffsets: "We don't expire the offset yet if there is a pending transactional offset for the partition."
describe('a transaction that has not ended', () => {
  const hold = (at: TestBroker, partition: string): unknown => at.ask<TxnOffsetCommitRequest, TxnOffsetCommitResponse>(handleTxnOffsetCommit, {
    type: 'TxnOffsetCommitRequest', version: 2, clientId: 'p', groupId: 'g', transactionalId: 'x', producerId: 1, producerEpoch: 0, generationId: -1, memberId: '', offsets: [{ partition, offset: 9, leaderEpoch: 0 }],
  }, 'txn')

  test('holds back what is committed for its partitions, and the group', () => {
    const at = broker()
    commit(at, stranger, 't/0', 't/1')
    hold(at, 't/1')
    expect(expiredAt(at, 120)).toEqual([60])
    expect(committed(at)).toEqual(['t/1'])
    completeTransaction(at.coordinator, PARTITION, 1, false, at.host)
    expect(expiredAt(at, 200)).toEqual([121])
    expect(facts(at, 'group.expired')).toHaveLength(1)
  })

  test('dates its offsets by when they were sent, not by its end', () => {
    const at = broker()
    hold(at, 't/0')
    at.runUntil(50 * SECOND)
    completeTransaction(at.coordinator, PARTITION, 1, true, at.host)
    expect(expiredAt(at, 200)).toEqual([60])
  })
})

describe('the check', () => {
  // offsets.retention.check.interval.ms: "Frequency at which to check for stale offsets"
  test('comes every interval since the partition was loaded, so an offset may live so much longer', () => {
    const at = broker({ 'offsets.retention.check.interval.ms': 7000 })
    at.runUntil(4 * SECOND)
    commit(at, stranger, 't/0')
    expect(expiredAt(at, 200)).toEqual([70])
    expect(facts(at, 'offsets.expired')).toMatchObject([{ ageMs: 66_000, retentionMs: 60_000 }])
  })

  test('that cannot write changes nothing, and the next one tries again', () => {
    const at = broker()
    commit(at, stranger, 't/0')
    at.refuse = 'NOT_ENOUGH_REPLICAS'
    expect(expiredAt(at, 80)).toEqual([])
    expect(committed(at)).toEqual(['t/0'])
    at.refuse = undefined
    expect(expiredAt(at, 100)).toEqual([81])
  })

  test('that finds nothing writes nothing and tells nothing', () => {
    const at = broker()
    commit(at, join(at, ['t']), 't/0')
    const [log, told] = [at.log.length, at.facts.length]
    at.runUntil(10 * MINUTE)
    expect([at.log.length, at.facts.length]).toEqual([log, told])
  })

  test('goes by the wall clock of the coordinator: one that is set wrong takes what is young', () => {
    const at = broker({ 'offsets.retention.minutes': 10_080 })
    commit(at, stranger, 't/0')
    at.runUntil(10 * SECOND)
    at.skew = 8 * 24 * 3600 * SECOND
    expect(expiredAt(at, 20)).toEqual([11])
  })
})

describe('another coordinator', () => {
  /** Loads what the first one has written. */
  function next(at: TestBroker): TestBroker {
    resign(at.coordinator, PARTITION, at.host)
    at.runUntil(40 * SECOND)
    becomeCoordinator(at.coordinator, PARTITION, 1, at.log, at.host)
    return at
  }
  test('counts on from when the group became empty', () => {
    const at = broker()
    const member = join(at, ['t'])
    commit(at, member, 't/0')
    at.runUntil(20 * SECOND)
    leave(at, member)
    expect(expiredAt(next(at), 200)).toEqual([80])
  })
  test('counts on from commits', () => {
    const at = broker()
    commit(at, stranger, 't/0')
    at.runUntil(20 * SECOND)
    commit(at, stranger, 't/1')
    expect(expiredAt(next(at), 200)).toEqual([60, 80])
  })
  test('does not find what has expired', () => {
    const at = broker()
    commit(at, stranger, 't/0')
    at.runUntil(70 * SECOND)
    resign(at.coordinator, PARTITION, at.host)
    becomeCoordinator(at.coordinator, PARTITION, 1, at.log, at.host)
    expect(at.coordinator.groups.has('g')).toBe(false)
  })
})

describe('in a cluster', () => {
  const consumer = (id: string, group: string, configs: ConsumerConfig['configs'] = {}): ConsumerConfig =>
    ({ id, library: 'java', group, topics: ['orders'], bootstrap: ['b1'], configs: { 'auto.offset.reset': 'earliest', ...configs } })
  const short = { 'offsets.topic.num.partitions': 1, 'offsets.retention.minutes': 1, 'offsets.retention.check.interval.ms': 1000 }
  const options: TestOptions = { topics: [orders()], producers: [producer('p')], consumers: [consumer('away', 'g'), consumer('there', 'h')], overrides: short }

  test('who comes back late begins by auto.offset.reset; who was there all the time does not notice', () => {
    const cluster = new TestCluster(options).send('p', { value: 'x' }, { value: 'y' }).start('away', 'there').run(20).act('stop', 'away').run(62)
    expect(cluster.facts('offsets.expired')).toMatchObject([{ group: 'g', partition: 'orders/0', offset: 2, since: 'empty' }])
    expect(cluster.facts('group.expired')).toMatchObject([{ group: 'g' }])
    const resets = cluster.facts('offset.reset').length
    cluster.act('restart', 'away').start('away').run(10)
    expect(cluster.facts('offset.reset').slice(resets)).toMatchObject([{ consumer: 'away', from: undefined, to: 0, policy: 'earliest' }])
  })

  test('a tombstone is in the log of the next coordinator too', () => {
    const cluster = new TestCluster(options).send('p', { value: 'x' }).start('away').run(20).act('stop', 'away').run(62)
    const { leader } = cluster.truth('__consumer_offsets/0')
    cluster.act('crash', `b${leader}`).run(20)
    const after = cluster.truth('__consumer_offsets/0').leader
    expect(after).not.toBe(leader)
    expect(cluster.broker(after).coordinator.groups.has('g')).toBe(false)
    const last = [...between(cluster.replica(after, '__consumer_offsets/0').log.batches, 0)].flatMap(({ records }) => records).filter(({ key }) => key === 'g orders/0').at(-1)
    expect(last).toMatchObject({ value: undefined })
  })

  test('with the configs as they are nobody looks before ten minutes have passed, and then nothing goes for a week', () => {
    const cluster = new TestCluster({ ...options, overrides: { 'offsets.topic.num.partitions': 1 } }).send('p', { value: 'x' }).start('away').run(20).act('stop', 'away').run(11 * 60)
    expect(cluster.facts('offsets.expired')).toEqual([])
    const { leader } = cluster.truth('__consumer_offsets/0')
    const { checks, groups } = cluster.broker(leader).coordinator
    expect([...checks.values()]).toEqual([20 * MINUTE])
    expect([...groups.keys()]).toEqual(['g'])
  })
})
