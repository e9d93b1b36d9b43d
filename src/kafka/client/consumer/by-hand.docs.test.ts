/** A program that says itself what it reads, when it polls and when it commits. The sentences are KafkaConsumer's. */
import { describe, expect, test } from 'vitest'
import { between, newChunks } from '../../../base/chunks.ts'
import { groupOf } from '../../look.ts'
import { orders, producer, TestCluster, type TestOptions } from '../../testing.ts'
import { durationOfPolicy } from './reset-policy.ts'
import type { ConsumerCall, ConsumerConfig, ConsumerState } from './state.ts'

const reader = (more: Partial<ConsumerConfig>, configs: ConsumerConfig['configs'] = { 'auto.offset.reset': 'earliest' }): ConsumerConfig =>
  ({ id: 'c', library: 'java', group: undefined, topics: [], bootstrap: ['b1'], configs, ...more })
const assigned: Partial<ConsumerConfig> = { assign: ['orders/0'] }
function filled(consumer: ConsumerConfig, more: TestOptions = {}): TestCluster {
  const cluster = new TestCluster({ topics: [orders({}, [[1, 2, 3]])], producers: [producer('p')], consumers: [consumer], ...more })
  for (let i = 0; i < 10; i++) cluster.send('p', { value: String(i) })
  return cluster.run(1)
}
const stateOf = (cluster: TestCluster): ConsumerState => {
  const node = cluster.sim.world.nodes.get('c')!
  return (node.state ?? node.disk) as ConsumerState
}
const returned = (cluster: TestCluster): number[] => [...between(stateOf(cluster).notebook.returned.get('orders/0') ?? newChunks<number>(), 0)]
const call = (cluster: TestCluster, ...calls: ConsumerCall[]): TestCluster => {
  for (const one of calls) cluster.tell('c', one)
  return cluster
}
const seek = (to: number | 'earliest' | 'latest', withEpoch = false): ConsumerCall => ({ type: 'seek', partition: 'orders/0', to, withEpoch })
const poll: ConsumerCall = { type: 'poll' }
const committed = (cluster: TestCluster): number | undefined => groupOf(cluster.sim.world, 'g').group?.offsets.get('orders/0')?.offset
const sent = (cluster: TestCluster, type: string): number => cluster.sent.filter(({ from, message }) => from === 'c' && message.type === type).length

// "Manually assign a list of partitions to this consumer ... this method does not use the consumer's group management functionality."
describe('assign()', () => {
  test('reads what it was given, in no group', () => {
    const cluster = filled(reader(assigned)).start('c').run(2)
    expect(returned(cluster)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect([sent(cluster, 'JoinGroupRequest'), sent(cluster, 'FindCoordinatorRequest')]).toEqual([0, 0])
  })
  test('in a group it starts where the group has committed, and commits there as a stranger to it', () => {
    const grouped = filled(reader({ ...assigned, group: 'g' })).start('c').run(2).act('stop', 'c').run(1)
    expect([committed(grouped), sent(grouped, 'JoinGroupRequest')]).toEqual([10, 0])
    grouped.act('restart', 'c').send('p', { value: 'new' }).run(8)
    expect(returned(grouped).slice(10)).toEqual([10])
    expect(committed(grouped)).toBe(11)
  })
})

// "Overrides the fetch offsets that the consumer will use on the next poll(timeout)."
describe('seek()', () => {
  test('before the first poll(), and between two', () => {
    const cluster = filled(reader(assigned, { 'auto.offset.reset': 'none' })).start('c')
    call(cluster, seek(7)).run(1)
    expect(returned(cluster)).toEqual([7, 8, 9])
    call(cluster, seek('earliest')).run(2)
    expect(returned(cluster).slice(3)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    call(cluster, seek('latest')).run(2)
    expect(stateOf(cluster).positions.get('orders/0')!.offset).toBe(10)
    // Not what auto.offset.reset decided: it is none.
    expect(cluster.facts('offset.reset')).toEqual([])
    expect(cluster.facts('position.sought').map(({ how, to }) => [how, to])).toEqual([['offset', 7], ['earliest', 0], ['latest', 10]])
  })
  test('the last of two at one moment counts, also when the first has been asked about', () => {
    const cluster = filled(reader(assigned)).start('c').run(1)
    call(cluster, seek('latest')).run(0.006)
    call(cluster, seek('earliest')).run(1)
    expect(returned(cluster)).toHaveLength(20)
  })
  // KIP-320: only with the epoch does the leader tell that the log was cut.
  test.each([[false, 'OFFSET_OUT_OF_RANGE'], [true, 'LOG_TRUNCATION']] as const)('beyond a log that was cut, with the epoch: %s', (withEpoch, error) => {
    const cluster = filled(reader({ ...assigned, polls: 'manual' }, { 'auto.offset.reset': 'none' })).start('c')
    call(cluster, seek(9), poll).run(1)
    cluster.cut('b1-b2', 'replication').cut('b1-b3', 'replication').send('p', { value: 'lost' }).act('crash', 'b1').heal('b1-b2').heal('b1-b3')
    cluster.runUntil(() => cluster.truth().leader === 2, 30).run(3)
    call(cluster, seek(12, withEpoch), poll).run(1)
    call(cluster, poll).run(1)
    expect(stateOf(cluster).notebook.lastError).toBe(error)
    expect(cluster.facts('consumer.failed').map((fact) => fact.error)).toEqual([error])
  })
})

// "The poll API is designed to ensure consumer liveness ... if you don't call poll at least as frequently as the configured max interval,
// then the client will proactively leave the group".
describe('poll() by hand', () => {
  test('nothing is returned, and nobody joins, without it; one returns what has been fetched', () => {
    const cluster = filled(reader({ ...assigned, polls: 'manual' }, { 'auto.offset.reset': 'earliest', 'max.poll.records': 4 })).start('c').run(5)
    expect([returned(cluster), sent(cluster, 'FetchRequest')]).toEqual([[], 0])
    call(cluster, poll).run(1)
    expect(returned(cluster)).toEqual([0, 1, 2, 3])
    call(cluster, poll, poll).run(1)
    expect(returned(cluster)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    call(cluster, poll).run(1)
    expect(stateOf(cluster).notebook).toMatchObject({ polls: 4, emptyPolls: 1 })
  })
  test.each(['classic', 'consumer'])('who does not poll leaves the group after max.poll.interval.ms: %s', (protocol) => {
    const cluster = filled(reader({ group: 'g', topics: ['orders'], polls: 'manual' }, { 'group.protocol': protocol, 'max.poll.interval.ms': 10_000 })).start('c')
    for (let i = 0; i < 50; i++) call(cluster, poll).run(0.1)
    expect(groupOf(cluster.sim.world, 'g').group!.members).toHaveLength(1)
    cluster.run(9)
    expect(cluster.facts('member.left')).toEqual([])
    cluster.run(7)
    expect(cluster.facts('member.left')).toMatchObject([{ member: 'c' }])
  })
})

// "If the consumer fails after committing but before processing, the records are lost to it; ... after processing but before committing,
// they are read again" (Docs, Message Delivery Semantics, in short).
describe('commitSync()', () => {
  const slow = (commits: ConsumerConfig['commits']) => reader({ group: 'g', topics: ['orders'], commits, processMs: 1000 }, { 'auto.offset.reset': 'earliest', 'max.poll.records': 4 })
  test('before the work: a crash in the middle of it loses what was in hand', () => {
    const cluster = filled(slow('before')).start('c')
    cluster.runUntil(() => returned(cluster).length === 4, 20).run(1.5)
    expect([committed(cluster), stateOf(cluster).notebook.handled.length]).toEqual([4, 1])
  })
  test('after the work: it would be done again', () => {
    const cluster = filled(slow('after')).start('c')
    cluster.runUntil(() => returned(cluster).length === 4, 20).run(3.9)
    expect(committed(cluster)).toBeUndefined()
    cluster.run(0.5)
    expect(committed(cluster)).toBe(4)
  })
  test('only when it is told to, and what it is told', () => {
    const cluster = filled(slow('manual')).start('c').run(20)
    expect(committed(cluster)).toBeUndefined()
    call(cluster, { type: 'commit', offsets: { 'orders/0': 5 } }).run(1)
    expect(committed(cluster)).toBe(5)
    call(cluster, { type: 'commit', offsets: undefined }).run(1)
    expect(committed(cluster)).toBe(10)
  })
  // SubscriptionState.allConsumed: hasValidPosition() is false in AWAIT_VALIDATION and in AWAIT_RESET.
  test.each([[4, false, 4], [4, true, 10], ['earliest', false, 10]] as const)('after seek(%s), with the epoch: %s, it commits only a position that stands', (to, withEpoch, stands) => {
    const cluster = filled(reader({ ...assigned, group: 'g', polls: 'manual' })).start('c')
    call(cluster, poll).run(1)
    call(cluster, { type: 'commit', offsets: undefined }).run(1)
    call(cluster, seek(to, withEpoch), { type: 'commit', offsets: undefined }).run(1)
    expect(committed(cluster)).toBe(stands)
  })
  test('its thread waits for the answer, and tries again what may be tried again', () => {
    const cluster = filled(reader({ ...assigned, group: 'g', commits: 'manual' })).start('c').run(2)
    const coordinator = cluster.sent.findLast(({ from, message }) => from === 'c' && message.type === 'OffsetFetchRequest')!.to
    cluster.act('pause', coordinator)
    call(cluster, { type: 'commit', offsets: undefined }).run(1)
    expect(stateOf(cluster).work.kind).toBe('committing')
    cluster.act('resume', coordinator).run(1)
    expect([stateOf(cluster).work.kind, committed(cluster)]).toEqual(['polling', 10])
  })
  // CommitFailedException: "Commit cannot be completed since the group has already rebalanced and assigned the partitions to another member."
  test.each(['classic', 'consumer'])('of who is no member any more it is refused: %s', (protocol) => {
    const late = reader({ group: 'g', topics: ['orders'], commits: 'after', processMs: 2000 }, { 'auto.offset.reset': 'earliest', 'max.poll.interval.ms': 10_000, 'group.protocol': protocol })
    const cluster = filled(late).start('c').run(40)
    expect(stateOf(cluster).notebook.errors.get('COMMIT_FAILED')).toBe(1)
    expect(cluster.facts('commit.failed')).toMatchObject([{ error: 'COMMIT_FAILED', consumer: 'c' }])
  })
})

// "This is an asynchronous call and will not block. Any errors encountered are either passed to the callback (if provided) or discarded.
// Offsets committed through multiple calls to this API are guaranteed to be sent in the same order as the invocations."
describe('commitAsync()', () => {
  const at = (offset?: number): ConsumerCall => ({ type: 'commit', offsets: offset === undefined ? undefined : { 'orders/0': offset }, async: true })
  const hand = (protocol = 'classic') => filled(reader({ group: 'g', topics: ['orders'], commits: 'manual' }, { 'auto.offset.reset': 'earliest', 'group.protocol': protocol })).start('c').run(8)
  const coordinatorOf = (cluster: TestCluster): string => cluster.sent.findLast(({ from, message }) => from === 'c' && message.type === 'OffsetFetchRequest')!.to
  const told = (cluster: TestCluster) => cluster.facts('commit.failed').map(({ error, async }) => [error, async])

  test.each(['classic', 'consumer'])('its thread goes on reading while nobody has answered: %s', (protocol) => {
    const cluster = hand(protocol)
    expect(returned(cluster)).toHaveLength(10)
    const coordinator = coordinatorOf(cluster)
    call(cluster.act('pause', coordinator), at()).run(0.2)
    expect([stateOf(cluster).work.kind, stateOf(cluster).commitsInFlight, committed(cluster)]).toEqual(['polling', 1, undefined])
    cluster.act('resume', coordinator).run(1)
    expect([stateOf(cluster).commitsInFlight, committed(cluster), told(cluster)]).toEqual([0, 10, []])
  })
  test('in the order of the calls, one behind another', () => {
    const cluster = call(hand(), at(3), at(7), { type: 'commit', offsets: { 'orders/0': 5 } }).run(1)
    expect(cluster.sent.flatMap(({ from, message }) => (from === 'c' && message.type === 'OffsetCommitRequest' ? [(message as unknown as { offsets: { offset: number }[] }).offsets[0]!.offset] : []))).toEqual([3, 7, 5])
    expect(committed(cluster)).toBe(5)
  })
  test.each(['classic', 'consumer'])('what might be tried again is not: the callback gets RetriableCommitFailedException, and a later one stands: %s', (protocol) => {
    const cluster = hand(protocol)
    const coordinator = coordinatorOf(cluster)
    call(cluster.act('pause', coordinator), at(4)).run(0.1).act('crash', coordinator)
    cluster.runUntil(() => told(cluster).length > 0, 60)
    expect([told(cluster), stateOf(cluster).commitsInFlight]).toEqual([[['RETRIABLE_COMMIT_FAILED', true]], 0])
    cluster.run(60)
    expect(committed(cluster)).toBeUndefined()
    call(cluster, at(9)).run(5)
    expect([committed(cluster), told(cluster)]).toEqual([9, [['RETRIABLE_COMMIT_FAILED', true]]])
  })
  test('before its coordinator is known it waits for the lookup, by an assignment by hand too', () => {
    const cluster = filled(reader({ ...assigned, group: 'g', polls: 'manual' })).start('c')
    call(cluster, at(6)).run(2)
    expect([committed(cluster), stateOf(cluster).awaiting, returned(cluster)]).toEqual([6, undefined, []])
  })
  test('and fails with it', () => {
    const cluster = filled(reader({ ...assigned, group: 'g' })).start('c').run(2)
    for (const broker of ['b1', 'b2', 'b3']) cluster.act('crash', broker)
    call(cluster.run(3), at(6)).run(60)
    expect(told(cluster)).toEqual([['RETRIABLE_COMMIT_FAILED', true]])
    expect(stateOf(cluster).awaiting).toBeUndefined()
  })
  test('close() waits for what has not been answered', () => {
    const cluster = hand()
    const coordinator = coordinatorOf(cluster)
    call(cluster.act('pause', coordinator), at(8)).run(0.1).tell('c', { type: 'close' })
    expect(stateOf(cluster.run(2)).lifecycle).toBe('closing')
    cluster.act('resume', coordinator).run(2)
    expect([stateOf(cluster).lifecycle, committed(cluster)]).toEqual(['stopped', 8])
  })
  // ConsumerCoordinator: CommitFailedException is not retriable, and goes to the callback as it is.
  test.each(['classic', 'consumer'])('of who is no member any more it is refused: %s', (protocol) => {
    const late = reader({ group: 'g', topics: ['orders'], commits: 'afterAsync', processMs: 2000 }, { 'auto.offset.reset': 'earliest', 'max.poll.interval.ms': 10_000, 'group.protocol': protocol })
    const cluster = filled(late).start('c').run(40)
    expect(told(cluster)[0]).toEqual(['COMMIT_FAILED', true])
    expect(stateOf(cluster).lifecycle).toBe('running')
  })
  test('after each poll: what is handled is committed, and nothing before that', () => {
    const cluster = filled(reader({ group: 'g', topics: ['orders'], commits: 'afterAsync', processMs: 1000 }, { 'auto.offset.reset': 'earliest', 'max.poll.records': 4 })).start('c')
    cluster.runUntil(() => returned(cluster).length === 4, 20).run(3.9)
    expect(committed(cluster)).toBeUndefined()
    cluster.run(0.5)
    expect([committed(cluster), returned(cluster).length]).toEqual([4, 8])
  })
})

// KIP-1106: "by_duration:<duration>: automatically reset the offset to a configured <duration> from the current timestamp."
describe('auto.offset.reset = by_duration', () => {
  test.each([['PT1H', 3_600_000], ['PT0.5S', 500], ['P1DT2H3M4.5S', 93_784_500], ['pt1s', 1000]])('%s is %i ms', (text, ms) => expect(durationOfPolicy(`by_duration:${text}`)).toBe(ms))
  test.each(['by_duration:', 'by_duration:PT', 'by_duration:-PT1H', 'by_duration:1h', 'by_duration:P', 'PT1H'])('%s is none', (text) => expect(durationOfPolicy(text)).toBeUndefined())
  test.each([['PT5S', 10], ['PT1H', 0], ['PT1S', 11]] as const)('back by %s', (back, expected) => {
    const cluster = filled(reader(assigned, { 'auto.offset.reset': `by_duration:${back}` })).run(9).send('p', { value: 'late' }).run(2).start('c').run(1)
    expect(cluster.facts('offset.reset').map(({ to, policy }) => [to, policy])).toEqual([[expected, `by_duration:${back}`]])
  })
})

test('what a group has committed at 00:00 is where its members begin', () => {
  const cluster = filled(reader({ group: 'g', topics: ['orders'] }), { groups: [{ id: 'g', committed: { 'orders/0': 6 } }] }).start('c').run(8)
  expect(returned(cluster)).toEqual([6, 7, 8, 9])
})
