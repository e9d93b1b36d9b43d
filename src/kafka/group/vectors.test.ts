/** What Kafka's own classes answered (public conformance vectors), asked of these. */
import { describe, expect, test } from 'vitest'
import partitions from './vectors/coordinator-partition.json'
import protocols from './vectors/classic-group-protocol.json'
import states from './vectors/classic-group-state.json'
import timings from './vectors/consumer-timing.json'
import type { JoinGroupRequest, JoinGroupResponse, SyncGroupRequest, SyncGroupResponse } from '../protocol/group.ts'
import { handleHeartbeat, handleJoinGroup, handleSyncGroup } from './coordinator.ts'
import { coordinatorIndex } from './coordinator-partition.ts'
import { selectProtocol, validPreviousStates, type GroupState } from './state.ts'
import { TestBroker } from './testing.ts'

const MS = 1000
const joinRequest = (clientId: string, memberId: string, names: readonly string[], rebalanceTimeoutMs = 300_000, sessionTimeoutMs =
  45_000): JoinGroupRequest => ({
  type: 'JoinGroupRequest', clientId, groupId: 'g', memberId, sessionTimeoutMs, rebalanceTimeoutMs,
  protocols: names.map((name) => ({ name, topics: ['t'], owned: [] })),
})
const join = (broker: TestBroker, request: JoinGroupRequest, on: string) =>
  broker.ask<JoinGroupRequest, JoinGroupResponse>(handleJoinGroup, request, on)

/** Both rounds; the answer to the second may come later. */
function joinWithId(broker: TestBroker, clientId: string, names: readonly string[], rebalanceTimeoutMs?: number) {
  const first = join(broker, joinRequest(clientId, '', names, rebalanceTimeoutMs), clientId)!
  return first.error === 'MEMBER_ID_REQUIRED' ? join(broker, joinRequest(clientId, first.memberId, names, rebalanceTimeoutMs),
    clientId) : first
}

describe('coordinator partition', () => {
  test.each(partitions)('$id: $title', ({ input, expected }) => {
    const keys = input.groupIds ?? input.transactionalIds ?? input.keys ?? []
    expect(Object.fromEntries(keys.map((key) => [key, coordinatorIndex(key, input.numPartitions)]))).toEqual(expected)
  })
})

describe('classic group protocol', () => {
  test.each(protocols)('$id: $title', ({ input, expected }) => {
    const broker = new TestBroker()
    const joinErrors = input.members.map((names, i) => joinWithId(broker, `m${i}`, names)?.error ?? 'NONE')
    expect(joinErrors).toEqual(expected.joinErrors)
    const members = [...broker.coordinator.groups.get('g')!.members.values()]
    if (expected.selected !== undefined) expect(selectProtocol(members)).toBe(expected.selected)
  })
})

describe('classic group state', () => {
  test.each(states.filter(({ variant }) => variant === 'transitions'))('$id: $title', ({ input, expected }) => {
    const answer = Object.fromEntries((input.states ?? []).map((state) => [state, validPreviousStates[state as GroupState].toSorted()]))
    expect(answer).toEqual(expected)
  })
  test.each(states.filter(({ variant }) => variant === 'initial-delay'))('$id: $title', ({ input, expected }) => {
    const broker = new TestBroker()
    broker.configs['group.initial.rebalance.delay.ms'] = input['group.initial.rebalance.delay.ms'] ?? 0
    for (const [i, at] of (input.memberJoinTimesMs ?? []).entries()) {
      broker.runUntil(at * MS)
      joinWithId(broker, `m${i}`, ['range'], input.rebalanceTimeoutMs)
    }
    const completes = (expected.joinPhaseCompletesAtMs ?? 0) * MS
    broker.runUntil(completes - 1)
    expect(broker.coordinator.groups.get('g')!.state).toBe('PreparingRebalance')
    broker.runUntil(completes)
    expect(broker.coordinator.groups.get('g')!.state).toBe('CompletingRebalance')
  })
})

describe('consumer timing', () => {
  test.each(timings)('$id: $title', ({ input, expected }) => {
    const broker = new TestBroker()
    const names = ['range']
    const stays = join(broker, joinRequest('stays', '', names), 'stays')!.memberId
    const crashes = join(broker, joinRequest('crashes', '', names, 300_000, input['session.timeout.ms']), 'crashes')!.memberId
    join(broker, joinRequest('stays', stays, names), 'stays')
    join(broker, joinRequest('crashes', crashes, names, 300_000, input['session.timeout.ms']), 'crashes')
    broker.runUntil(10_000 * MS)
    for (const [on, memberId] of [['crashes', crashes], ['stays', stays]] as const) {
      broker.ask<SyncGroupRequest, SyncGroupResponse>(handleSyncGroup,
        { type: 'SyncGroupRequest', clientId: on, groupId: 'g', generationId: 1, memberId, assignments: [] }, on)
    }
    expect(broker.coordinator.groups.get('g')!.state).toBe('Stable')
    const beat = (memberId: string) =>
      broker.ask(handleHeartbeat, { type: 'HeartbeatRequest', clientId: 'c', groupId: 'g', generationId: 1, memberId } as const, 'beat')
    const last = broker.now - input.lastHeartbeatAtMs * MS
    beat(crashes)
    const removedAt = last + expected.memberRemovedAtMs * MS
    for (let at = last; at < removedAt; at += input['heartbeat.interval.ms'] * MS) {
      broker.runUntil(at)
      beat(stays)
    }
    broker.runUntil(removedAt - 1)
    expect(broker.coordinator.groups.get('g')!.members.has(crashes)).toBe(true)
    broker.runUntil(removedAt)
    expect(broker.coordinator.groups.get('g')!.members.has(crashes)).toBe(false)
    expect(broker.coordinator.groups.get('g')!.state).toBe(expected.groupState)
  })
})
