/**
 * A handler that works outside the poll loop: "Typically, you must disable automatic commits and manually commit processed offsets for
 * records only after the thread has finished handling them"; "Note: Using automatic offset commits can also give you 'at-least-once'
 * delivery, but the requirement is that you must consume all data returned from each call to poll(Duration) before any subsequent
 * calls, or before closing the consumer. If you fail to do either of these, it is possible for the committed offset to get ahead of
 * the consumed position, which results in missing records" (KafkaConsumer). M15
 */
import { describe, expect, test } from 'vitest'
import { between, newChunks } from '../../../base/chunks.ts'
import { groupOf } from '../../look.ts'
import { orders, producer, TestCluster, type TestOptions } from '../../testing.ts'
import type { ConsumerConfig, ConsumerState } from './state.ts'
import { queued } from './worker.ts'

const reader = (more: Partial<ConsumerConfig> = {}, configs: ConsumerConfig['configs'] = {}): ConsumerConfig =>
  ({ id: 'c', library: 'java', group: 'g', topics: ['orders'], bootstrap: ['b1'], processMs: 1000, threads: true, configs: { 'auto.offset.reset': 'earliest', ...configs }, ...more })
function filled(consumers: readonly ConsumerConfig[], more: TestOptions = {}): TestCluster {
  const cluster = new TestCluster({ topics: [orders({}, [[1, 2, 3]])], producers: [producer('p')], consumers, ...more })
  for (let i = 0; i < 10; i++) cluster.send('p', { key: i % 2 === 0 ? 'vip' : 'ann', value: String(i) })
  return cluster.run(1)
}
const stateOf = (cluster: TestCluster, id = 'c'): ConsumerState => {
  const node = cluster.sim.world.nodes.get(id)!
  return (node.state ?? node.disk) as ConsumerState
}
const returned = (cluster: TestCluster, id = 'c'): number[] => [...between(stateOf(cluster, id).notebook.returned.get('orders/0') ?? newChunks<number>(), 0)]
const handled = (cluster: TestCluster, id = 'c'): number[] => [...between(stateOf(cluster, id).notebook.handled, 0)].map(({ offset }) => offset)
const waiting = (cluster: TestCluster): number => queued(stateOf(cluster).worker ?? { queue: newChunks(), done: 0 })
const committed = (cluster: TestCluster): number | undefined => groupOf(cluster.sim.world, 'g').group?.offsets.get('orders/0')?.offset
const begun = (cluster: TestCluster): TestCluster => cluster.start('c').runUntil(() => returned(cluster).length === 10, 20)

describe('a worker thread', () => {
  test.each(['classic', 'consumer'])('auto-commit commits what poll() has returned, done or not: %s', (protocol) => {
    const cluster = begun(filled([reader({}, { 'group.protocol': protocol })])).run(5.5)
    expect([handled(cluster), waiting(cluster), committed(cluster)]).toEqual([[0, 1, 2, 3, 4], 5, 10])
    cluster.run(5)
    expect([handled(cluster).length, waiting(cluster)]).toEqual([10, 0])
  })
  test.each([[true, [0, 1, 2, 3, 4], 5], [false, [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 0]] as const)('a crash after the fifth; threads: %s', (threads, all, missed) => {
    const cluster = begun(filled([reader({ threads })])).run(5.5).act('crash', 'c').run(46).act('restart', 'c').run(30)
    expect(handled(cluster)).toEqual(all)
    expect(10 - new Set(handled(cluster)).size).toBe(missed)
  })
  test('before the first commit a crash loses nothing', () => {
    const cluster = begun(filled([reader()])).run(3.5)
    expect([handled(cluster).length, committed(cluster)]).toEqual([3, undefined])
    cluster.act('crash', 'c').run(46).act('restart', 'c').run(30)
    expect(handled(cluster)).toEqual([0, 1, 2, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
  test.each(['stop', 'close'] as const)('%s commits and waits for nobody', (how) => {
    const cluster = begun(filled([reader()])).run(2.5)
    if (how === 'stop') cluster.act('stop', 'c')
    else cluster.tell('c', { type: 'close' })
    cluster.run(0.5)
    expect(committed(cluster)).toBe(10)
    cluster.run(20)
    expect([handled(cluster), stateOf(cluster).worker]).toEqual([[0, 1], undefined])
  })
  test('the loop goes on polling, so however long the work takes nobody is put out of the group', () => {
    const late = (threads: boolean): TestCluster => filled([reader({ threads, processMs: 8000 }, { 'max.poll.interval.ms': 20_000 })]).start('c').run(90)
    expect(late(true).facts('member.left')).toEqual([])
    expect(late(false).facts('member.left')).toMatchObject([{ member: 'c' }])
  })
  test('what is revoked stays in its queue, and whoever has the partition now is not given it', () => {
    const cluster = filled([reader(), reader({ id: 'd' })], { topics: [orders({}, [[1, 2, 3]])] })
    begun(cluster).run(2.5).start('d').run(30)
    expect([handled(cluster).length, handled(cluster, 'd')]).toEqual([10, []])
  })
  test('what is not wanted is dropped in the loop, and takes the worker no time', () => {
    const cluster = begun(filled([reader({ filter: { keys: 'vip' } })])).run(5.1)
    expect([handled(cluster), waiting(cluster), stateOf(cluster).notebook.filtered?.length]).toEqual([[0, 2, 4, 6, 8], 0, 5])
  })
  test('what its task throws nobody sees: that record is never handled, and the next one is', () => {
    const cluster = filled([reader({ processMs: 100 })]).send('p', { key: 'ann', value: 'bad', poison: true }).send('p', { key: 'ann', value: 'good' }).start('c').run(8)
    expect(handled(cluster)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11])
    expect(cluster.facts('handler.failed')).toMatchObject([{ offset: 10, how: 'skipped' }])
    expect(stateOf(cluster).lifecycle).toBe('running')
  })
  test('a slower handler is slower here too, from its next record on', () => {
    const cluster = begun(filled([reader()])).run(0.5).tell('c', { type: 'slowHandler', add: 2_000_000 } as { type: string }).run(4)
    expect(handled(cluster)).toEqual([0, 1])
  })
})
