import { describe, expect, test } from 'vitest'
import { between, newChunks } from '../../../base/chunks.ts'
import { findNonTree } from '../../../base/clone.ts'
import type { AnyProcessType, Tagged } from '../../../engine/process.ts'
import { apply, newSimulation, runUntil, type Simulation } from '../../../engine/simulation.ts'
import { noWatch } from '../../../engine/watch.ts'
import type { Overrides } from '../../config.ts'
import type { KafkaError } from '../../errors.ts'
import type { Fact, FactOf, NoteCode } from '../../notes.ts'
import { consumerType } from './consumer.ts'
import type { ConsumerConfig, ConsumerState } from './state.ts'
import { reader, type ReaderCluster } from './testing.ts'

const SECOND = 1_000_000
interface Run { sim: Simulation; facts: Fact[]; asked: { at: number; message: Tagged }[] }

function runOf(cluster: Partial<ReaderCluster> = {}, configs: Overrides = {}, more: Partial<ConsumerConfig> = {}): Run {
  const facts: Fact[] = [], asked: Run['asked'] = []
  const log: ReaderCluster = { partition: 't/0', logStart: 0, highWatermark: 0, epoch: 0, epochEnds: {}, committed: undefined, ...cluster }
  const config: ConsumerConfig = { id: 'c', library: 'java', group: 'g', topics: ['t'], bootstrap: ['b1'], configs, ...more }
  const types = [reader, consumerType] as unknown as AnyProcessType[]
  const sim = newSimulation(1, 5_000, 0, types, [{ name: 'b1', kind: 'reader', config: log, running: true },
    { name: 'c', kind: 'consumer', config, running: true }], {
    ...noWatch,
    noted: (_at, _step, _cause, _node, fact) => void facts.push(fact as Fact),
    sent: (_id, _step, _wire, from, _to, message, at) => void (from === 'c' && asked.push({ at, message })),
  })
  apply(sim, { do: 'tell', node: 'c', order: { type: 'start' } })
  return { sim, facts, asked }
}
const consumer = ({ sim }: Run): ConsumerState => {
  const node = sim.world.nodes.get('c')!
  return (node.state ?? node.disk) as ConsumerState
}
const tell = ({ sim }: Run, node: string, order: object): void => apply(sim, { do: 'tell', node, order: order as Tagged })
const fail = (run: Run, api: string, ...errors: KafkaError[]): void => tell(run, 'b1', { type: 'fail', api, errors })
const facts = <C extends NoteCode>(run: Run, code: C): FactOf<C>[] => run.facts.filter((fact) => fact.code === code) as FactOf<C>[]
const asked = (run: Run, type: string): number[] => run.asked.filter(({ message }) => message.type === type).map(({ at }) => at)
const returned = (run: Run): number[] => [...between(consumer(run).notebook.returned.get('t/0') ?? newChunks<number>(), 0)]

describe('where to begin', () => {
  test('with neither a committed offset nor a policy poll() throws, and the application closes its consumer', () => {
    const run = runOf({ highWatermark: 5 }, { 'auto.offset.reset': 'none' })
    runUntil(run.sim, SECOND)
    expect(consumer(run)).toMatchObject({ lifecycle: 'failed', notebook: { lastError: 'NO_OFFSET' } })
    expect(asked(run, 'LeaveGroupRequest')).toHaveLength(1)
    const count = run.asked.length
    runUntil(run.sim, 60 * SECOND)
    expect(run.asked).toHaveLength(count)
  })
})

describe('KIP-320', () => {
  test('a new leader epoch makes the consumer ask where the epoch it has read ended; what is gone is not skipped over', () => {
    const run = runOf({ highWatermark: 10 }, { 'auto.offset.reset': 'earliest' })
    runUntil(run.sim, SECOND)
    expect(returned(run)).toHaveLength(10)
    tell(run, 'b1', { type: 'become', cluster: { epoch: 1, highWatermark: 12, epochEnds: { 0: 7 } } })
    runUntil(run.sim, 4 * SECOND)
    expect(returned(run)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 7, 8, 9, 10, 11])
    expect(facts(run, 'offset.reset').at(-1)).toEqual({ code: 'offset.reset', consumer: 'c', partition: 't/0', from: 10, to: 7,
      policy: 'earliest' })
    expect(consumer(run).positions.get('t/0')).toMatchObject({ offset: 12, offsetEpoch: 1, leaderEpoch: 1 })
  })

  test('nothing gone: it reads on', () => {
    const run = runOf({ highWatermark: 10 }, { 'auto.offset.reset': 'earliest' })
    runUntil(run.sim, SECOND)
    tell(run, 'b1', { type: 'become', cluster: { epoch: 1, highWatermark: 12, epochEnds: { 0: 10 } } })
    runUntil(run.sim, 4 * SECOND)
    expect(returned(run)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    expect(facts(run, 'offset.reset')).toHaveLength(1)
  })
})

describe('fetching', () => {
  test('max.poll.records bounds what poll() returns; the rest waits, and the broker is not asked while it does', () => {
    const run = runOf({ highWatermark: 10 }, { 'auto.offset.reset': 'earliest', 'max.poll.records': 4 }, { processMs: 10 })
    runUntil(run.sim, SECOND)
    expect(facts(run, 'records.read').map(({ base, last }) => [base, last])).toEqual([[0, 3], [4, 7], [8, 9]])
    // The first fetch brought ten; the second one went out when the last of them had been returned.
    const fetches = asked(run, 'FetchRequest')
    expect(fetches[1]! - fetches[0]!).toBe(10_000 + 80_000)
  })

  test.each(['NOT_LEADER_OR_FOLLOWER', 'FENCED_LEADER_EPOCH', 'UNKNOWN_TOPIC_OR_PARTITION',
    'OFFSET_NOT_AVAILABLE'] as const)('%s: metadata is looked at again, and reading goes on', (error) => {
    const run = runOf({ highWatermark: 3 }, { 'auto.offset.reset': 'earliest' })
    fail(run, 'Fetch', error, error)
    runUntil(run.sim, SECOND)
    expect(returned(run)).toEqual([0, 1, 2])
    expect(consumer(run).notebook.errors.get(error)).toBe(2)
    expect(asked(run, 'MetadataRequest').length).toBeGreaterThan(1)
  })

  test('out of range: the reset policy, not an error', () => {
    const run = runOf({ highWatermark: 10, logStart: 4, committed: { offset: 2, epoch: -1 } }, { 'auto.offset.reset': 'earliest' })
    runUntil(run.sim, SECOND)
    expect(returned(run)).toEqual([4, 5, 6, 7, 8, 9])
    expect(facts(run, 'offset.reset')).toEqual([{ code: 'offset.reset', consumer: 'c', partition: 't/0', from: 2, to: 4,
      policy: 'earliest' }])
  })

  test('out of range without a policy: poll() throws', () => {
    const run = runOf({ highWatermark: 10, logStart: 4, committed: { offset: 2, epoch: -1 } }, { 'auto.offset.reset': 'none' })
    runUntil(run.sim, SECOND)
    expect(consumer(run)).toMatchObject({ lifecycle: 'failed', notebook: { lastError: 'OFFSET_OUT_OF_RANGE' } })
  })
})

describe('membership', () => {
  test('heartbeats go out every three seconds', () => {
    const run = runOf()
    runUntil(run.sim, 20 * SECOND)
    const beats = asked(run, 'HeartbeatRequest')
    expect(beats.length).toBe(6)
    expect(new Set(beats.slice(1).map((at, i) => at - beats[i]!))).toEqual(new Set([3 * SECOND]))
  })

  test('REBALANCE_IN_PROGRESS: it commits, gives up its partitions, and joins again under its id', () => {
    const run = runOf({ highWatermark: 3 }, { 'auto.offset.reset': 'earliest' })
    runUntil(run.sim, SECOND)
    fail(run, 'Heartbeat', 'REBALANCE_IN_PROGRESS')
    runUntil(run.sim, 4 * SECOND)
    const order = run.asked.map(({ message }) => message.type).filter((type) => /Heartbeat|Commit|Join|Sync/.test(type))
    expect(order).toEqual(['JoinGroupRequest', 'JoinGroupRequest', 'SyncGroupRequest', 'HeartbeatRequest', 'OffsetCommitRequest',
      'JoinGroupRequest', 'SyncGroupRequest'])
    expect(consumer(run).notebook).toMatchObject({ revokedCount: 1, assignedCount: 2, lostCount: 0 })
    expect(consumer(run).membership.memberId).toBe('c-1')
  })

  test.each([['UNKNOWN_MEMBER_ID', 'c-2'], ['ILLEGAL_GENERATION',
    'c-1']] as const)('%s to a heartbeat: its partitions are lost, and it joins again', (error, memberId) => {
    const run = runOf({ highWatermark: 3 }, { 'auto.offset.reset': 'earliest' })
    runUntil(run.sim, SECOND)
    fail(run, 'Heartbeat', error)
    runUntil(run.sim, 4 * SECOND)
    expect(consumer(run).notebook).toMatchObject({ revokedCount: 0, assignedCount: 2, lostCount: 1 })
    expect(consumer(run).notebook.errors.get('COMMIT_FAILED')).toBe(1)
    expect(consumer(run).membership).toMatchObject({ memberId, state: 'stable' })
    expect(facts(run, 'partitions.lost')).toHaveLength(1)
  })

  test.each(['NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE'] as const)('%s: it looks for its coordinator again, and keeps what it has',
    (error) => {
    const run = runOf({ highWatermark: 3 }, { 'auto.offset.reset': 'earliest' })
    runUntil(run.sim, SECOND)
    fail(run, 'Heartbeat', error)
    runUntil(run.sim, 10 * SECOND)
    expect(asked(run, 'FindCoordinatorRequest')).toHaveLength(2)
    expect(consumer(run).notebook).toMatchObject({ revokedCount: 0, assignedCount: 1, lostCount: 0 })
    expect(consumer(run).membership).toMatchObject({ memberId: 'c-1', state: 'stable', coordinator: 'b1' })
  })

  test('a coordinator that is not available is asked for again with growing pauses', () => {
    const run = runOf()
    fail(run, 'FindCoordinator', ...Array.from({ length: 5 }, () => 'COORDINATOR_NOT_AVAILABLE' as const))
    runUntil(run.sim, 10 * SECOND)
    const finds = asked(run, 'FindCoordinatorRequest')
    const gaps = finds.slice(1).map((at, i) => (at - finds[i]!) / 1000 - 10)
    gaps.forEach((gap, i) => {
      expect(gap).toBeGreaterThanOrEqual(Math.min(1000, 100 * 2 ** i) * 0.8 - 1)
      expect(gap).toBeLessThanOrEqual(Math.min(1000, 100 * 2 ** i) * 1.2)
    })
    expect(consumer(run).membership.state).toBe('stable')
  })

  test('no common assignor: poll() throws', () => {
    const run = runOf()
    fail(run, 'JoinGroup', 'NONE', 'INCONSISTENT_GROUP_PROTOCOL')
    runUntil(run.sim, SECOND)
    expect(consumer(run)).toMatchObject({ lifecycle: 'failed', notebook: { lastError: 'INCONSISTENT_GROUP_PROTOCOL' } })
  })

  test('with enable.auto.commit=false nothing is committed', () => {
    const run = runOf({ highWatermark: 3 }, { 'auto.offset.reset': 'earliest', 'enable.auto.commit': false })
    runUntil(run.sim, 20 * SECOND)
    apply(run.sim, { do: 'stop', node: 'c' })
    runUntil(run.sim, 21 * SECOND)
    expect(asked(run, 'OffsetCommitRequest')).toEqual([])
    expect(asked(run, 'LeaveGroupRequest')).toHaveLength(1)
  })

  test('configure closes, changes and starts again what was running', () => {
    const run = runOf({ highWatermark: 3 }, { 'auto.offset.reset': 'earliest' })
    runUntil(run.sim, SECOND)
    tell(run, 'c', { type: 'configure', set: { 'max.poll.records': 7 }, unset: [] })
    runUntil(run.sim, 2 * SECOND)
    expect(consumer(run)).toMatchObject({ lifecycle: 'running', settings: { maxPollRecords: 7 },
      membership: { state: 'stable', memberId: 'c-2' } })
  })
})

test('the state is a tree of plain data', () => {
  const run = runOf({ highWatermark: 30 }, { 'auto.offset.reset': 'earliest', 'max.poll.records': 4 }, { processMs: 10 })
  fail(run, 'Fetch', 'NOT_LEADER_OR_FOLLOWER')
  for (let at = 0; at < 8 * SECOND; at += 17_000) {
    runUntil(run.sim, at)
    expect(findNonTree(consumer(run))).toBeUndefined()
  }
})
