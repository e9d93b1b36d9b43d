/** Filtering is a pattern of applications, held against a cluster that runs: Kafka itself filters nothing. M48 */
import { describe, expect, test } from 'vitest'
import { between } from '../../../base/chunks.ts'
import { SECOND } from '../../../base/units.ts'
import '../../whole.ts'
import { consumerOf } from '../../look.ts'
import { orders, producer, TestCluster } from '../../testing.ts'
import type { ProducerConfig, SendRecord } from '../producer/state.ts'
import type { ConsumerConfig, ConsumerState } from './state.ts'

const EARLIEST = { 'auto.offset.reset': 'earliest' }
const topics = [orders(), { ...orders(), name: 'vips' }]
const reader = (id: string, more: Partial<ConsumerConfig> = {}): ConsumerConfig =>
  ({ id, library: 'java', group: id, topics: ['orders'], bootstrap: ['b1'], configs: EARLIEST, commits: 'after', ...more })
const VIPS = { keys: 'vip-*' }
/** Two of twenty are wanted. */
const mixed: readonly SendRecord[] = Array.from({ length: 20 }, (_, i) => ({ key: i % 10 === 3 ? `vip-${i}` : `k${i}`, value: `v${i}` }))

const stateOf = (cluster: TestCluster, id: string): ConsumerState => consumerOf(cluster.sim.world.nodes.get(id)) as ConsumerState
const handledBy = (cluster: TestCluster, id: string) => [...between(stateOf(cluster, id).notebook.handled, 0)]
const committed = (cluster: TestCluster, group: string) => cluster.facts('offsets.committed').filter((fact) => fact.group === group && fact.partition === 'orders/0').at(-1)?.offset

describe('a filter at the client', () => {
  test('passes over what it does not want; its offset is committed with the rest, and every byte has been fetched', () => {
    const cluster = new TestCluster({ topics, producers: [producer('shop')], consumers: [reader('some', { filter: VIPS }), reader('all')] }).start('some', 'all').run(5).send('shop', ...mixed).run(3)
    expect(handledBy(cluster, 'some').map(({ value }) => value)).toEqual(['v3', 'v13'])
    expect(handledBy(cluster, 'all')).toHaveLength(20)
    expect([...between(stateOf(cluster, 'some').notebook.filtered!, 0)].map(({ offset }) => offset)).toEqual(mixed.flatMap(({ key }, i) => (key!.startsWith('vip') ? [] : [i])))
    expect([committed(cluster, 'some'), committed(cluster, 'all')]).toEqual([20, 20])
    const [some, all] = ['some', 'all'].map((id) => stateOf(cluster, id).notebook)
    expect(some!.fetchedBytes).toBe(all!.fetchedBytes)
    expect(some!.usedBytes!).toBeLessThan(some!.fetchedBytes / 5)
    expect(cluster.facts('records.filtered').reduce((sum, { count }) => sum + count, 0)).toBe(18)
  })

  test.each([0, 200])('it takes no time: handler %i ms', (processMs) => {
    const cluster = new TestCluster({ topics, producers: [producer('shop')], consumers: [reader('some', { filter: VIPS, processMs })] }).start('some').run(5).send('shop', ...mixed).run(3)
    const [first, second] = handledBy(cluster, 'some')
    expect(second!.at - first!.at).toBe(processMs * 1000)
    expect(cluster.sim.world.now - first!.at).toBeGreaterThan(2 * SECOND)
    expect(committed(cluster, 'some')).toBe(20)
  })

  test('nothing fails on what is not wanted; with nothing that is, a poll is done at once', () => {
    const consumers = [reader('some', { filter: VIPS, onPoison: 'retry', processMs: 100 }), reader('none', { filter: { keys: 'nobody' }, processMs: 100 })]
    const cluster = new TestCluster({ topics, producers: [producer('shop')], consumers }).start('some', 'none').run(5).send('shop', ...mixed.map((each, i) => (i === 5 ? { ...each, poison: true as const } : each))).run(3)
    expect(cluster.facts('handler.failed')).toEqual([])
    expect([committed(cluster, 'some'), committed(cluster, 'none'), handledBy(cluster, 'none').length]).toEqual([20, 20, 0])
  })
})

// "Derived topics": a program reads everything once, and writes what is wanted to a topic of its own.
describe.each([0, 20])('a program that copies what is wanted, handler %i ms', (processMs) => {
  test('each once, whatever crashes; its offsets cover what it passed over', () => {
    const copier: ProducerConfig = producer('copier', { 'transactional.id': 'copier', ...EARLIEST }, { topic: 'vips', transactional: true, reads: { group: 'copier', topics: ['orders'], filter: VIPS, batch: 4, processMs } })
    const cluster = new TestCluster({ topics, producers: [producer('shop'), copier], consumers: [reader('vips', { topics: ['vips'], configs: { ...EARLIEST, 'isolation.level': 'read_committed' } })] })
      .start('copier', 'vips').run(6).send('shop', ...mixed).run(0.08).act('crash', 'copier').run(1).act('restart', 'copier').run(60)
    expect(handledBy(cluster, 'vips').map(({ value }) => value)).toEqual(['v3', 'v13'])
    expect(committed(cluster, 'copier')).toBe(20)
    expect(stateOf(cluster, 'vips').notebook.fetchedBytes).toBeGreaterThan(0)
  })
})
