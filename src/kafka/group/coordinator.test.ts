import { describe, expect, test } from 'vitest'
import type {
  HeartbeatRequest, HeartbeatResponse, JoinGroupRequest, JoinGroupResponse, LeaveGroupRequest, LeaveGroupResponse, OffsetCommitRequest,
  OffsetCommitResponse,
  OffsetFetchRequest, OffsetFetchResponse, SyncGroupRequest, SyncGroupResponse,
} from '../protocol/group.ts'
import type { FactOf, NoteCode } from '../notes.ts'
import {
  becomeCoordinator, handleAppendFailed, handleFindCoordinator, handleHeartbeat, handleJoinGroup, handleLeaveGroup, handleOffsetCommit,
  handleOffsetFetch, handleSyncGroup, resign,
} from './coordinator.ts'
import { TestBroker } from './testing.ts'

const SECOND = 1_000_000
const PARTITION = '__consumer_offsets/1'

/** A client that knows the protocol and says what it is told to. */
class Client {
  memberId = ''
  generation = -1
  readonly #broker: TestBroker
  readonly #id: string
  readonly #instance: { readonly groupInstanceId?: string }
  constructor(broker: TestBroker, id: string, instance?: string) {
    this.#broker = broker
    this.#id = id
    this.#instance = instance === undefined ? {} : { groupInstanceId: instance }
  }
  join(topics: readonly string[] = ['t']): JoinGroupResponse | undefined {
    const request = (): JoinGroupRequest => ({
      type: 'JoinGroupRequest', clientId: this.#id, groupId: 'g', memberId: this.memberId, sessionTimeoutMs: 45_000,
      rebalanceTimeoutMs: 60_000, ...this.#instance,
      protocols: [{ name: 'range', topics, owned: [], generation: -1 }, { name: 'cooperative-sticky', topics, owned: [], generation: -1 }],
    })
    const first = this.#broker.ask<JoinGroupRequest, JoinGroupResponse>(handleJoinGroup, request(), this.#id)
    if (first?.error !== 'MEMBER_ID_REQUIRED') return this.joined(first)
    this.memberId = first.memberId
    return this.joined(this.#broker.ask<JoinGroupRequest, JoinGroupResponse>(handleJoinGroup, request(), this.#id))
  }
  /** The answer to a JoinGroup that waited. */
  joined(answer = this.#broker.take<JoinGroupResponse>(this.#id)): JoinGroupResponse | undefined {
    if (answer?.error === 'NONE') this.generation = answer.generationId
    return answer
  }
  sync(assignments: SyncGroupRequest['assignments'] = []): SyncGroupResponse | undefined {
    const { memberId, generation: generationId } = this
    return this.#broker.ask<SyncGroupRequest, SyncGroupResponse>(handleSyncGroup,
      { type: 'SyncGroupRequest', clientId: this.#id, groupId: 'g', generationId, memberId, ...this.#instance, assignments }, this.#id)
  }
  synced(): SyncGroupResponse | undefined {
    return this.#broker.take<SyncGroupResponse>(this.#id)
  }
  beat(): string | undefined {
    const { memberId, generation: generationId } = this
    return this.#broker.ask<HeartbeatRequest, HeartbeatResponse>(handleHeartbeat,
      { type: 'HeartbeatRequest', clientId: this.#id, groupId: 'g', generationId, memberId, ...this.#instance }, this.#id)?.error
  }
  leave(): string | undefined {
    return this.#broker.ask<LeaveGroupRequest, LeaveGroupResponse>(handleLeaveGroup,
      { type: 'LeaveGroupRequest', clientId: this.#id, groupId: 'g', memberId: this.memberId }, this.#id)?.error
  }
  commit(offset: number, memberId = this.memberId, generationId = this.generation): string | undefined {
    const request: OffsetCommitRequest = { type: 'OffsetCommitRequest', clientId: this.#id, groupId: 'g', generationId, memberId,
      offsets: [{ partition: 't/0', offset, leaderEpoch: 3 }] }
    return this.#broker.ask<OffsetCommitRequest, OffsetCommitResponse>(handleOffsetCommit, request, this.#id)?.partitions[0]?.error
  }
  fetch(): OffsetFetchResponse | undefined {
    const request: OffsetFetchRequest = { type: 'OffsetFetchRequest', clientId: this.#id, groupId: 'g', memberId: this.memberId,
      generationId: this.generation, partitions: ['t/0', 't/1'] }
    return this.#broker.ask<OffsetFetchRequest, OffsetFetchResponse>(handleOffsetFetch, request, this.#id)
  }
}

const group = (broker: TestBroker) => broker.coordinator.groups.get('g')!
const facts = <C extends NoteCode>(broker: TestBroker, code: C): FactOf<C>[] =>
  broker.facts.filter((fact) => fact.code === code) as FactOf<C>[]

/** A and B in generation 1, A the leader, one partition each. */
function stable(): { broker: TestBroker; a: Client; b: Client } {
  const broker = new TestBroker()
  const a = new Client(broker, 'A'), b = new Client(broker, 'B')
  a.join()
  b.join()
  broker.runUntil(7 * SECOND)
  a.joined()
  b.joined()
  b.sync()
  a.sync([{ memberId: a.memberId, partitions: ['t/0'] }, { memberId: b.memberId, partitions: ['t/1'] }])
  b.synced()
  return { broker, a, b }
}

describe('joining', () => {
  test('an unknown member is told to come back with the id it is given', () => {
    const broker = new TestBroker()
    const request: JoinGroupRequest = { type: 'JoinGroupRequest', clientId: 'A', groupId: 'g', memberId: '', sessionTimeoutMs: 45_000,
      rebalanceTimeoutMs: 300_000, protocols: [{ name: 'range', topics: ['t'], owned: [], generation: -1 }] }
    const answer = broker.ask<JoinGroupRequest, JoinGroupResponse>(handleJoinGroup, request, 'A')!
    expect(answer).toMatchObject({ error: 'MEMBER_ID_REQUIRED', generationId: -1 })
    expect(answer.memberId).toMatch(/^A-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
    expect(group(broker)).toMatchObject({ state: 'Empty', pendingMembers: [answer.memberId] })
    broker.runUntil(45 * SECOND)
    expect(group(broker).pendingMembers).toEqual([])
  })

  test('a session timeout outside the broker\'s limits is refused', () => {
    const broker = new TestBroker()
    const request: JoinGroupRequest = { type: 'JoinGroupRequest', clientId: 'A', groupId: 'g', memberId: '', sessionTimeoutMs: 5_999,
      rebalanceTimeoutMs: 300_000, protocols: [{ name: 'range', topics: ['t'], owned: [], generation: -1 }] }
    expect(broker.ask<JoinGroupRequest, JoinGroupResponse>(handleJoinGroup, request, 'A')?.error).toBe('INVALID_SESSION_TIMEOUT')
  })

  test('the first member alone waits one window of the initial rebalance delay', () => {
    const broker = new TestBroker()
    const a = new Client(broker, 'A')
    expect(a.join()).toBeUndefined()
    broker.runUntil(3 * SECOND - 1)
    expect(a.joined()).toBeUndefined()
    broker.runUntil(3 * SECOND)
    expect(a.joined()).toMatchObject({ error: 'NONE', generationId: 1, protocolName: 'range', leader: a.memberId,
      members: [{ memberId: a.memberId, topics: ['t'] }] })
    expect(facts(broker, 'rebalance.started')).toEqual([{ code: 'rebalance.started', group: 'g', why: 'joined' }])
  })

  test('only the leader, who joined first, is told who the members are', () => {
    const { broker, a, b } = stable()
    expect(group(broker)).toMatchObject({ state: 'Stable', generation: 1, leader: a.memberId, protocol: 'range' })
    expect([...group(broker).members.values()].map(({ assignment }) => assignment)).toEqual([['t/0'], ['t/1']])
    expect(b.generation).toBe(1)
    expect(facts(broker, 'rebalance.finished')).toEqual([{ code: 'rebalance.finished', group: 'g', epoch: 1, tookMs: 7000 }])
  })

  test('a member who joins a stable group calls everybody together, and the generation is complete when the last has come', () => {
    const { broker, a, b } = stable()
    const c = new Client(broker, 'C')
    expect(c.join()).toBeUndefined()
    expect(a.beat()).toBe('REBALANCE_IN_PROGRESS')
    expect(a.join()).toBeUndefined()
    expect(b.join()).toMatchObject({ generationId: 2, members: [] })
    expect(a.joined()).toMatchObject({ generationId: 2, members: [{}, {}, {}] })
    expect(c.joined()).toMatchObject({ generationId: 2 })
    expect(b.beat()).toBe('NONE')
  })

  test('who does not come back within the rebalance timeout is out', () => {
    const { broker, a, b } = stable()
    const c = new Client(broker, 'C')
    c.join()
    a.join()
    for (let at = broker.now; at < 70 * SECOND; at += 3 * SECOND) {
      broker.runUntil(at)
      b.beat()
    }
    expect([...group(broker).members.keys()]).toEqual([a.memberId, c.memberId])
    expect(facts(broker, 'member.left')).toEqual([{ code: 'member.left', group: 'g', member: 'B', why: 'poll' }])
    expect(b.beat()).toBe('UNKNOWN_MEMBER_ID')
  })

  test('a follower that rejoins with nothing new gets its generation back; the leader starts a rebalance', () => {
    const { broker, a, b } = stable()
    expect(b.join()).toMatchObject({ error: 'NONE', generationId: 1 })
    expect(group(broker).state).toBe('Stable')
    a.join()
    expect(group(broker).state).toBe('PreparingRebalance')
    expect(facts(broker, 'rebalance.started').at(-1)).toMatchObject({ why: 'metadata' })
  })

  test('a follower that rejoins with another subscription starts a rebalance', () => {
    const { broker, b } = stable()
    expect(b.join(['t', 'u'])).toBeUndefined()
    expect(group(broker).state).toBe('PreparingRebalance')
  })
})

describe('syncing', () => {
  test('everybody gets his part when the leader\'s assignment is committed', () => {
    const { broker, a, b } = stable()
    a.join()
    b.join()
    a.joined()
    broker.instant = false
    expect(b.sync()).toBeUndefined()
    expect(a.sync([{ memberId: a.memberId, partitions: ['t/0', 't/1'] }])).toBeUndefined()
    expect(group(broker).state).toBe('CompletingRebalance')
    broker.commit()
    expect(a.synced()).toMatchObject({ error: 'NONE', assignment: ['t/0', 't/1'] })
    expect(b.synced()).toMatchObject({ error: 'NONE', assignment: [] })
    expect(group(broker).state).toBe('Stable')
  })

  test('in a stable group it answers with what is assigned; in another generation with ILLEGAL_GENERATION', () => {
    const { b } = stable()
    expect(b.sync()).toMatchObject({ error: 'NONE', assignment: ['t/1'] })
    b.generation = 7
    expect(b.sync()).toMatchObject({ error: 'ILLEGAL_GENERATION' })
    b.memberId = 'nobody'
    expect(b.sync()).toMatchObject({ error: 'UNKNOWN_MEMBER_ID' })
  })

  test('an assignment that cannot be written sends everybody back to join', () => {
    const { broker, a, b } = stable()
    a.join()
    b.join()
    a.joined()
    b.sync()
    broker.refuse = 'NOT_ENOUGH_REPLICAS'
    expect(a.sync()).toMatchObject({ error: 'COORDINATOR_NOT_AVAILABLE' })
    expect(b.synced()).toMatchObject({ error: 'COORDINATOR_NOT_AVAILABLE' })
    expect(group(broker).state).toBe('PreparingRebalance')
  })

  test('who has joined and does not sync within the rebalance timeout is out', () => {
    const { broker, a, b } = stable()
    a.join()
    b.join()
    a.joined()
    a.sync([{ memberId: a.memberId, partitions: ['t/0'] }])
    for (let at = broker.now; at < 70 * SECOND; at += 3 * SECOND) {
      broker.runUntil(at)
      a.beat()
      b.beat()
    }
    expect([...group(broker).members.keys()]).toEqual([a.memberId])
    expect(group(broker).state).toBe('PreparingRebalance')
  })
})

describe('sessions', () => {
  test('a member that is silent for its session timeout is removed, and a rebalance begins', () => {
    const { broker, a, b } = stable()
    for (let at = broker.now; at <= 52 * SECOND; at += 3 * SECOND) {
      broker.runUntil(at)
      a.beat()
    }
    expect(facts(broker, 'member.left')).toEqual([{ code: 'member.left', group: 'g', member: 'B', why: 'session' }])
    expect(group(broker).state).toBe('PreparingRebalance')
    expect(a.beat()).toBe('REBALANCE_IN_PROGRESS')
    expect(b.beat()).toBe('UNKNOWN_MEMBER_ID')
  })

  test('a member that waits for the others in JoinGroup is not expired', () => {
    const { broker, a, b } = stable()
    new Client(broker, 'C').join()
    expect(a.join()).toBeUndefined()
    for (let at = broker.now; at < 60 * SECOND; at += 3 * SECOND) {
      broker.runUntil(at)
      b.beat()
    }
    expect(group(broker)).toMatchObject({ state: 'PreparingRebalance' })
    expect(group(broker).members.has(a.memberId)).toBe(true)
  })

  test('LeaveGroup removes at once; when the last has gone the group is empty, one generation on', () => {
    const { broker, a, b } = stable()
    expect(b.leave()).toBe('NONE')
    expect(group(broker).state).toBe('PreparingRebalance')
    expect(a.leave()).toBe('NONE')
    expect(group(broker)).toMatchObject({ state: 'Empty', generation: 2, protocol: undefined, leader: undefined })
    expect(a.leave()).toBe('UNKNOWN_MEMBER_ID')
    expect(facts(broker, 'member.left').map(({ why }) => why)).toEqual(['closed', 'closed'])
  })
})

describe('offsets', () => {
  test('a commit is answered when it is committed in the log, and read only from then on', () => {
    const { broker, a } = stable()
    broker.instant = false
    expect(a.commit(5)).toBeUndefined()
    expect(a.fetch()?.offsets[0]).toEqual({ partition: 't/0', offset: -1, leaderEpoch: -1 })
    broker.commit()
    expect(broker.take<OffsetCommitResponse>('A')?.partitions).toEqual([{ partition: 't/0', error: 'NONE' }])
    expect(a.fetch()?.offsets).toEqual([{ partition: 't/0', offset: 5, leaderEpoch: 3 }, { partition: 't/1', offset: -1, leaderEpoch: -1 }])
    expect(facts(broker, 'offsets.committed')).toEqual([{ code: 'offsets.committed', group: 'g', partition: 't/0', offset: 5 }])
    expect(broker.log.at(-1)).toMatchObject({ key: 'g t/0', value: '5' })
  })

  test('only a member of the present generation may commit; nothing checks that an offset moves forwards', () => {
    const { broker, a, b } = stable()
    expect(a.commit(9)).toBe('NONE')
    expect(a.commit(2)).toBe('NONE')
    expect(a.commit(3, 'nobody')).toBe('UNKNOWN_MEMBER_ID')
    expect(a.commit(3, a.memberId, 0)).toBe('ILLEGAL_GENERATION')
    expect(a.commit(3, '', -1)).toBe('UNKNOWN_MEMBER_ID')
    new Client(broker, 'C').join()
    expect(a.commit(4)).toBe('NONE')
    a.join()
    b.join()
    b.joined()
    a.joined()
    expect(a.commit(5)).toBe('REBALANCE_IN_PROGRESS')
  })

  test('with no members, somebody without a generation may commit', () => {
    const broker = new TestBroker()
    expect(new Client(broker, 'tool').commit(7, '', -1)).toBe('NONE')
    expect(new Client(broker, 'tool').commit(7, 'x', 3)).toBe('UNKNOWN_MEMBER_ID')
  })

  test.each([['NOT_ENOUGH_REPLICAS', 'COORDINATOR_NOT_AVAILABLE'], ['REQUEST_TIMED_OUT', 'COORDINATOR_NOT_AVAILABLE'],
    ['NOT_LEADER_OR_FOLLOWER', 'NOT_COORDINATOR']] as const)(
    'a write that fails with %s is answered by %s', (failure, answer) => {
      const { broker, a } = stable()
      broker.instant = false
      expect(a.commit(5)).toBeUndefined()
      handleAppendFailed(broker.coordinator, PARTITION, failure, broker.host)
      expect(broker.take<OffsetCommitResponse>('A')?.partitions).toEqual([{ partition: 't/0', error: answer }])
      broker.refuse = failure
      expect(a.commit(5)).toBe(answer)
    },
  )
})

describe('moving', () => {
  test('GRP-4: members, assignments and offsets are read back from the log, and every session starts anew', () => {
    const { broker, a, b } = stable()
    a.commit(5)
    const next = new TestBroker(broker.log, 1)
    expect(facts(next, 'coordinator.moved')).toEqual([{ code: 'coordinator.moved', group: 'g', from: undefined, to: 'b1' }])
    expect(group(next)).toMatchObject({ state: 'Stable', generation: 1, leader: a.memberId })
    expect([...group(next).members.values()].map(({ clientId, assignment }) => [clientId, assignment])).toEqual([['A', ['t/0']],
      ['B', ['t/1']]])
    expect(group(next).offsets.get('t/0')).toMatchObject({ offset: 5, leaderEpoch: 3 })
    next.runUntil(45 * SECOND)
    expect(group(next)).toMatchObject({ state: 'Empty' })
    expect(b.memberId).not.toBe('')
  })

  test('who waits at a broker that stops leading is sent to look for the new coordinator', () => {
    const { broker, a, b } = stable()
    broker.instant = false
    a.commit(5)
    expect(new Client(broker, 'C').join()).toBeUndefined()
    expect(b.join()).toBeUndefined()
    resign(broker.coordinator, PARTITION, broker.host)
    expect(broker.take<OffsetCommitResponse>('A')?.partitions[0]?.error).toBe('NOT_COORDINATOR')
    expect(b.joined()?.error).toBe('NOT_COORDINATOR')
    expect(a.beat()).toBe('NOT_COORDINATOR')
    expect(a.fetch()?.error).toBe('NOT_COORDINATOR')
    expect(a.leave()).toBe('NOT_COORDINATOR')
    expect(a.join()?.error).toBe('NOT_COORDINATOR')
    expect(a.sync()?.error).toBe('NOT_COORDINATOR')
    broker.runUntil(100 * SECOND)
    expect(broker.coordinator.groups.size).toBe(0)
  })

  test('a new epoch under the same leader changes nothing', () => {
    const { broker, a } = stable()
    becomeCoordinator(broker.coordinator, PARTITION, 2, broker.log, broker.host)
    expect(group(broker).members.has(a.memberId)).toBe(true)
    expect(facts(broker, 'coordinator.moved')).toEqual([])
  })

  test('FindCoordinator names the leader of the group\'s partition, or says that there is none', () => {
    const broker = new TestBroker()
    handleFindCoordinator({ type: 'FindCoordinatorRequest', clientId: 'A', key: 'g' }, 'A', broker.host,
      (partition) => (partition === PARTITION ? { id: 2, name: 'b2' } : undefined))
    expect(broker.take('A')).toMatchObject({ error: 'NONE', nodeId: 2, node: 'b2' })
    handleFindCoordinator({ type: 'FindCoordinatorRequest', clientId: 'A', key: 'g' }, 'A', broker.host, () => undefined)
    expect(broker.take('A')).toMatchObject({ error: 'COORDINATOR_NOT_AVAILABLE' })
  })
})

// KIP-345: "a member with a known instance id and an unknown member id takes the place of the one that had it".
describe('static members', () => {
  function stableDesk() {
    const broker = new TestBroker()
    const desk = new Client(broker, 'A', 'desk')
    desk.join()
    broker.runUntil(4 * SECOND)
    desk.joined()
    desk.memberId = group(broker).leader!
    desk.sync([{ memberId: desk.memberId, partitions: ['t/0'] }])
    return { broker, desk }
  }

  test('join without a round for an id, and come back to what they had', () => {
    const { broker, desk } = stableDesk()
    expect(desk.memberId).toMatch(/^desk-/)
    const again = new Client(broker, 'A', 'desk')
    expect(again.join()).toMatchObject({ error: 'NONE', generationId: 1, skipAssignment: true })
    again.memberId = group(broker).leader!
    expect(again.sync()).toMatchObject({ error: 'NONE', assignment: ['t/0'] })
    expect(desk.beat()).toBe('FENCED_INSTANCE_ID')
    expect(desk.join()).toMatchObject({ error: 'FENCED_INSTANCE_ID' })
    expect(facts(broker, 'member.returned')).toEqual([{ code: 'member.returned', group: 'g', member: 'A', instance: 'desk', stable: true }])
    expect(facts(broker, 'rebalance.started')).toHaveLength(1)
  })

  test('are answered when the new id is written down; when it cannot be, the former one stands', () => {
    const { broker, desk } = stableDesk()
    broker.instant = false
    const again = new Client(broker, 'A', 'desk')
    expect(again.join()).toBeUndefined()
    handleAppendFailed(broker.coordinator, PARTITION, 'NOT_ENOUGH_REPLICAS', broker.host)
    expect(again.joined()).toMatchObject({ error: 'COORDINATOR_NOT_AVAILABLE' })
    expect([...group(broker).members.keys()]).toEqual([desk.memberId])
    expect(desk.beat()).toBe('NONE')
    broker.refuse = 'NOT_ENOUGH_REPLICAS'
    expect(again.join()).toMatchObject({ error: 'COORDINATOR_NOT_AVAILABLE' })
    expect(desk.beat()).toBe('NONE')
  })

  test('are kept through a rebalance that they sleep through, and lost with their session', () => {
    const { broker, desk } = stableDesk()
    const b = new Client(broker, 'B')
    b.join()
    broker.runUntil(45 * SECOND)
    expect(group(broker).members.has(desk.memberId)).toBe(true)
    broker.runUntil(70 * SECOND)
    expect([...group(broker).members.values()].map(({ clientId }) => clientId)).toEqual(['B'])
  })

  test('with other assignors than before they make the group rebalance', () => {
    const { broker } = stableDesk()
    const request: JoinGroupRequest = { type: 'JoinGroupRequest', clientId: 'A', groupId: 'g', memberId: '', groupInstanceId: 'desk', sessionTimeoutMs: 45_000,
      rebalanceTimeoutMs: 60_000, protocols: [{ name: 'cooperative-sticky', topics: ['t'], owned: [], generation: -1 }] }
    expect(broker.ask<JoinGroupRequest, JoinGroupResponse>(handleJoinGroup, request, 'A')).toMatchObject({ error: 'NONE', generationId: 2, protocolName: 'cooperative-sticky' })
  })
})
