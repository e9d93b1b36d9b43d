/** A consumer group at its coordinator, heartbeat by heartbeat. */
import { describe, expect, test } from 'vitest'
import type { FactOf, NoteCode } from '../../notes.ts'
import type { ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse } from '../../protocol/consumer-group.ts'
import type { OffsetCommitRequest, OffsetCommitResponse } from '../../protocol/group.ts'
import { becomeCoordinator, handleAppendFailed, handleOffsetCommit, resign } from '../coordinator.ts'
import { handleConsumerGroupHeartbeat } from './heartbeat.ts'
import { TestBroker } from '../testing.ts'
import { stateOf } from './state.ts'

const SECOND = 1_000_000
const PARTITION = '__consumer_offsets/1'
type Said = Partial<ConsumerGroupHeartbeatRequest>

function broker(): TestBroker {
  const made = new TestBroker()
  made.topics.set('t', 3)
  return made
}
function beat(at: TestBroker, memberId: string, memberEpoch: number, said: Said = {}): ConsumerGroupHeartbeatResponse | undefined {
  const request: ConsumerGroupHeartbeatRequest = { type: 'ConsumerGroupHeartbeatRequest', clientId: memberId, groupId: 'g', memberId, memberEpoch, ...said }
  return at.ask(handleConsumerGroupHeartbeat, request, memberId)
}
const joining: Said = { rebalanceTimeoutMs: 20_000, subscribedTopicNames: ['t'], topicPartitions: [] }
const join = (at: TestBroker, memberId: string, said: Said = {}) => beat(at, memberId, 0, { ...joining, ...said })
const group = (at: TestBroker) => at.coordinator.consumerGroups.get('g')!
const facts = <C extends NoteCode>(at: TestBroker, code: C): FactOf<C>[] => at.facts.filter((fact) => fact.code === code) as FactOf<C>[]

/** A has everything in epoch 2; B joined in epoch 3 and waits for one partition. */
function growing(): TestBroker {
  const at = broker()
  join(at, 'A')
  at.runUntil(2 * SECOND)
  join(at, 'B')
  return at
}
/** What A has to give up. */
const moving = (at: TestBroker): string => group(at).target.get('B')![0]!
const kept = (at: TestBroker): readonly string[] => group(at).target.get('A')!

describe('epochs', () => {
  test('the first member makes epoch 2 and has everything; the second makes 3 and waits', () => {
    const at = broker()
    expect(join(at, 'A')).toMatchObject({ error: 'NONE', memberEpoch: 2, heartbeatIntervalMs: 5000, assignment: ['t/0', 't/1', 't/2'] })
    at.runUntil(2 * SECOND)
    expect(join(at, 'B')).toMatchObject({ error: 'NONE', memberEpoch: 3, assignment: [] })
    expect([group(at).epoch, group(at).targetEpoch, stateOf(group(at))]).toEqual([3, 3, 'Reconciling'])
  })

  test('who has to give something up stays in its epoch until it says that it has', () => {
    const at = growing()
    const told = beat(at, 'A', 2)
    expect(told).toMatchObject({ error: 'NONE', memberEpoch: 2 })
    expect(told!.assignment).toEqual(kept(at))
    expect(beat(at, 'B', 3)).toMatchObject({ memberEpoch: 3 })
    expect(beat(at, 'B', 3)!.assignment).toBeUndefined()
    expect(beat(at, 'A', 2, { topicPartitions: [...kept(at)] })).toMatchObject({ memberEpoch: 3 })
    expect(beat(at, 'B', 3)).toMatchObject({ memberEpoch: 3, assignment: [moving(at)] })
    expect(stateOf(group(at))).toBe('Stable')
    expect(facts(at, 'rebalance.finished').map(({ epoch }) => epoch)).toEqual([2, 3])
  })

  // group.consumer.assignment.interval.ms: "the interval between assignment updates for a consumer group".
  test('the target is computed at most once in an interval', () => {
    const at = broker()
    join(at, 'A')
    at.runUntil(0.5 * SECOND)
    expect(join(at, 'B')).toMatchObject({ memberEpoch: 2, assignment: [] })
    expect([group(at).epoch, group(at).targetEpoch, stateOf(group(at))]).toEqual([3, 2, 'Assigning'])
    at.runUntil(1.5 * SECOND)
    beat(at, 'B', 2)
    expect(group(at).targetEpoch).toBe(3)
  })

  test('more partitions raise the epoch with the next heartbeat', () => {
    const at = broker()
    join(at, 'A')
    at.runUntil(2 * SECOND)
    at.topics.set('t', 4)
    expect(beat(at, 'A', 2)).toMatchObject({ memberEpoch: 3, assignment: ['t/0', 't/1', 't/2', 't/3'] })
    expect(facts(at, 'group.advanced').map(({ why }) => why)).toEqual(['joined', 'metadata'])
  })

  test('a topic that is no longer subscribed to is given up, and the others get it', () => {
    const at = broker()
    at.topics.set('u', 1)
    join(at, 'A', { subscribedTopicNames: ['t', 'u'] })
    at.runUntil(2 * SECOND)
    const told = beat(at, 'A', 2, { subscribedTopicNames: ['t'] })
    expect(told).toMatchObject({ memberEpoch: 2, assignment: ['t/0', 't/1', 't/2'] })
    expect(beat(at, 'A', 2, { topicPartitions: ['t/0', 't/1', 't/2'] })).toMatchObject({ memberEpoch: 3 })
  })
})

// KIP-848, Member Epoch Validation.
describe('who may speak', () => {
  test('the epoch before is taken while it owns no more than it may: the answer may have been lost', () => {
    const at = broker()
    join(at, 'A')
    at.runUntil(2 * SECOND)
    at.topics.set('t', 4)
    beat(at, 'A', 2)
    const again = beat(at, 'A', 2, { ...joining, topicPartitions: ['t/0', 't/1', 't/2'] })
    expect(again).toMatchObject({ error: 'NONE', memberEpoch: 3, assignment: ['t/0', 't/1', 't/2', 't/3'] })
    expect(beat(at, 'A', 2, { topicPartitions: ['t/9'] })).toMatchObject({ error: 'FENCED_MEMBER_EPOCH' })
    expect(beat(at, 'A', 2)).toMatchObject({ error: 'FENCED_MEMBER_EPOCH' })
    expect(beat(at, 'A', 9)).toMatchObject({ error: 'FENCED_MEMBER_EPOCH' })
    expect(beat(at, 'X', 3)).toMatchObject({ error: 'UNKNOWN_MEMBER_ID' })
    expect(beat(at, 'A', 3, { serverAssignor: 'tea' })).toMatchObject({ error: 'UNSUPPORTED_ASSIGNOR' })
    expect(beat(broker(), 'A', 3)).toMatchObject({ error: 'GROUP_ID_NOT_FOUND' })
  })

  test('a member that joins again keeps what its record says', () => {
    const at = broker()
    join(at, 'A')
    expect(join(at, 'A')).toMatchObject({ memberEpoch: 2, assignment: ['t/0', 't/1', 't/2'] })
    expect(group(at).epoch).toBe(2)
  })

  test('silent for its session it is out; not giving up within its rebalance timeout it is out too', () => {
    const at = growing()
    beat(at, 'A', 2)
    at.runUntil(21 * SECOND)
    beat(at, 'B', 3)
    expect(group(at).members.has('A')).toBe(true)
    at.runUntil(23 * SECOND)
    expect(facts(at, 'member.left')).toEqual([{ code: 'member.left', group: 'g', member: 'A', why: 'poll' }])
    expect(beat(at, 'A', 2)).toMatchObject({ error: 'UNKNOWN_MEMBER_ID' })
    expect(beat(at, 'B', 3)!.assignment).toEqual(['t/0', 't/1', 't/2'])
    at.runUntil(70 * SECOND)
    expect(facts(at, 'member.left').at(-1)).toMatchObject({ member: 'B', why: 'session' })
    expect([stateOf(group(at)), group(at).members.size]).toEqual(['Empty', 0])
  })

  test('a static member that left with -2 is replaced with all it had; one that did not is not', () => {
    const at = broker()
    join(at, 'A', { instanceId: 'desk' })
    expect(join(at, 'A2', { instanceId: 'desk' })).toMatchObject({ error: 'UNRELEASED_INSTANCE_ID' })
    expect(beat(at, 'A', -2, { instanceId: 'desk' })).toMatchObject({ error: 'NONE', memberEpoch: -2 })
    expect(join(at, 'A2', { instanceId: 'desk' })).toMatchObject({ error: 'NONE', memberEpoch: 2, assignment: ['t/0', 't/1', 't/2'] })
    expect(beat(at, 'A', 2, { instanceId: 'desk' })).toMatchObject({ error: 'FENCED_INSTANCE_ID' })
    expect([group(at).epoch, [...group(at).members.keys()], [...group(at).target.keys()]]).toEqual([2, ['A2'], ['A2']])
  })
})

describe('what is written down', () => {
  test('is answered when it is committed; what cannot be written has not happened', () => {
    const at = broker()
    at.instant = false
    expect(join(at, 'A')).toBeUndefined()
    at.commit()
    expect(at.take('A')).toMatchObject({ error: 'NONE', memberEpoch: 2 })
    at.refuse = 'NOT_ENOUGH_REPLICAS'
    expect(join(at, 'B')).toMatchObject({ error: 'COORDINATOR_NOT_AVAILABLE' })
    expect([group(at).epoch, [...group(at).members.keys()]]).toEqual([2, ['A']])
    at.refuse = undefined
    at.runUntil(2 * SECOND)
    expect(join(at, 'B')).toBeUndefined()
    handleAppendFailed(at.coordinator, PARTITION, 'REQUEST_TIMED_OUT', at.host)
    expect(at.take('B')).toMatchObject({ error: 'COORDINATOR_NOT_AVAILABLE' })
  })

  test('is all that the next coordinator needs', () => {
    const at = growing()
    beat(at, 'A', 2)
    const before = structuredClone(group(at))
    resign(at.coordinator, PARTITION, at.host)
    expect(at.coordinator.consumerGroups.size).toBe(0)
    const next = new TestBroker([], 0)
    next.topics.set('t', 3)
    resign(next.coordinator, PARTITION, next.host)
    becomeCoordinator(next.coordinator, PARTITION, 1, at.log, next.host)
    const { settledEpoch: _, unsettledSince: __, rebalances: ___, ...found } = group(next)
    expect(before).toMatchObject(found)
    next.runUntil(21 * SECOND)
    expect(facts(next, 'member.left')).toMatchObject([{ member: 'A', why: 'poll' }])
  })
})

// KIP-848 and, since 4.3, KIP-1251: a commit of an older epoch counts for partitions that were the member's already then.
test('a commit comes from the present epoch, or from one in which the partition was the member\'s', () => {
  const at = growing()
  const commit = (memberId: string, generationId: number, partition: string): string | undefined => {
    const request: OffsetCommitRequest = { type: 'OffsetCommitRequest', clientId: memberId, groupId: 'g', memberId, generationId, offsets: [{ partition, offset: 5, leaderEpoch: 0 }] }
    return at.ask<OffsetCommitRequest, OffsetCommitResponse>(handleOffsetCommit, request, `${memberId} commits`)?.partitions[0]?.error
  }
  beat(at, 'A', 2)
  beat(at, 'A', 2, { topicPartitions: [...kept(at)] })
  expect(commit('A', 3, kept(at)[0]!)).toBe('NONE')
  expect(commit('A', 2, kept(at)[0]!)).toBe('NONE')
  expect(commit('A', 2, moving(at))).toBe('STALE_MEMBER_EPOCH')
  expect(commit('A', 4, kept(at)[0]!)).toBe('STALE_MEMBER_EPOCH')
  expect(commit('X', 3, 't/0')).toBe('UNKNOWN_MEMBER_ID')
})
