/** Classic groups at their coordinator. */
import { MILLISECOND as MS } from '../../base/units.ts'
import { rebalanceProtocol, type AssignorName } from '../../kafka/client/consumer/assign/assignor.ts'
import { handleHeartbeat, handleJoinGroup, handleSyncGroup } from '../../kafka/group/coordinator.ts'
import { coordinatorIndex } from '../../kafka/group/coordinator-partition.ts'
import { javaHash } from '../../kafka/java-hash.ts'
import { selectProtocol, validPreviousStates, type Group, type GroupState } from '../../kafka/group/state.ts'
import { TestBroker } from '../../kafka/group/testing.ts'
import type { JoinGroupRequest, JoinGroupResponse } from '../../kafka/protocol/group.ts'
import { adapter, type Adapters } from './adapter.ts'

interface Asked {
  clientId: string
  memberId?: string
  protocols: readonly string[]
  rebalanceTimeoutMs?: number
  sessionTimeoutMs?: number
}
function join(
  broker: TestBroker,
  { clientId, memberId = '', protocols, rebalanceTimeoutMs = 300_000, sessionTimeoutMs = 45_000 }: Asked,
): JoinGroupResponse | undefined {
  const request: JoinGroupRequest = {
    type: 'JoinGroupRequest',
    clientId,
    groupId: 'g',
    memberId,
    sessionTimeoutMs,
    rebalanceTimeoutMs,
    protocols: protocols.map((name) => ({ name, topics: ['t'], owned: [], generation: -1 })),
  }
  return broker.ask<JoinGroupRequest, JoinGroupResponse>(handleJoinGroup, request, clientId)
}
/** Both rounds; the answer to the second may come later. */
function joinWithId(broker: TestBroker, asked: Asked): { readonly memberId: string; readonly error: string } {
  const first = join(broker, asked)!
  if (first.error !== 'MEMBER_ID_REQUIRED') return first
  return { memberId: first.memberId, error: join(broker, { ...asked, memberId: first.memberId })?.error ?? 'NONE' }
}
const groupOf = (broker: TestBroker): Group => broker.coordinator.groups.get('g')!

/** The first millisecond at which it holds. */
function firstMs(broker: TestBroker, from: number, holds: () => boolean, each: (ms: number) => void = () => undefined): number {
  for (let ms = from; ; ms++) {
    broker.runUntil(ms * MS)
    if (holds()) return ms
    each(ms)
  }
}

interface Delay {
  'group.initial.rebalance.delay.ms': number
  rebalanceTimeoutMs: number
  memberJoinTimesMs: number[]
}
interface Session {
  'session.timeout.ms': number
  'heartbeat.interval.ms': number
  lastHeartbeatAtMs: number
}

export const groupAdapters: Adapters = {
  'coordinator-partition/group': adapter(({ groupIds, numPartitions }: { groupIds: string[]; numPartitions: number }) =>
    indexes(groupIds, numPartitions),
  ),
  'coordinator-partition/transaction': adapter(
    ({ transactionalIds, numPartitions }: { transactionalIds: string[]; numPartitions: number }) =>
      indexes(transactionalIds, numPartitions),
  ),
  'coordinator-partition/share': adapter(({ keys, numPartitions }: { keys: string[]; numPartitions: number }) =>
    indexes(keys, numPartitions),
  ),
  'coordinator-partition/java-hash': adapter(({ strings }: { strings: string[] }) =>
    Object.fromEntries(strings.map((text) => [text, javaHash(text)])),
  ),
  'classic-group-protocol': adapter(({ members }: { members: AssignorName[][] }) => {
    const broker = new TestBroker()
    const joinErrors = members.map((protocols, i) => joinWithId(broker, { clientId: `m${i}`, protocols }).error)
    const joined = [...groupOf(broker).members.values()]
    return { joinErrors, selected: selectProtocol(joined), rebalanceProtocol: same(members.map(rebalanceProtocol)) }
  }),
  'classic-group-state/transitions': adapter(({ states }: { states: GroupState[] }) =>
    Object.fromEntries(states.map((state) => [state, validPreviousStates[state].toSorted()])),
  ),
  'classic-group-state/initial-delay': adapter((input: Delay) => {
    const broker = new TestBroker()
    broker.configs['group.initial.rebalance.delay.ms'] = input['group.initial.rebalance.delay.ms']
    const joins = input.memberJoinTimesMs.slice()
    const joinDue = (ms: number): void => {
      for (; joins[0] === ms; joins.shift())
        joinWithId(broker, { clientId: `m${joins.length}`, protocols: ['range'], rebalanceTimeoutMs: input.rebalanceTimeoutMs })
    }
    return {
      joinPhaseCompletesAtMs: firstMs(broker, 0, () => broker.coordinator.groups.get('g')?.state === 'CompletingRebalance', joinDue),
    }
  }),
  'consumer-timing/session-timeout': adapter((input: Session) => {
    const broker = new TestBroker()
    const protocols = ['range']
    const [stays, crashes] = ['stays', 'crashes'].map((clientId) => join(broker, { clientId, protocols })!.memberId) as [string, string]
    join(broker, { clientId: 'stays', memberId: stays, protocols })
    join(broker, { clientId: 'crashes', memberId: crashes, protocols, sessionTimeoutMs: input['session.timeout.ms'] })
    const stable = firstMs(broker, 0, () => groupOf(broker).state === 'CompletingRebalance')
    for (const [on, memberId] of [
      ['crashes', crashes],
      ['stays', stays],
    ] as const) {
      broker.ask(
        handleSyncGroup,
        { type: 'SyncGroupRequest', clientId: on, groupId: 'g', generationId: 1, memberId, assignments: [] } as const,
        on,
      )
    }
    const beat = (memberId: string) =>
      broker.ask(handleHeartbeat, { type: 'HeartbeatRequest', clientId: 'c', groupId: 'g', generationId: 1, memberId } as const, 'beat')
    beat(crashes)
    const removed = firstMs(
      broker,
      stable,
      () => !groupOf(broker).members.has(crashes),
      (ms) => {
        if ((ms - stable) % input['heartbeat.interval.ms'] === 0) beat(stays)
      },
    )
    return { memberRemovedAtMs: removed - stable + input.lastHeartbeatAtMs, groupState: groupOf(broker).state }
  }),
}
const indexes = (keys: readonly string[], partitions: number) =>
  Object.fromEntries(keys.map((key) => [key, coordinatorIndex(key, partitions)]))
const same = (values: readonly string[]): string | undefined => (new Set(values).size === 1 ? values[0] : undefined)
