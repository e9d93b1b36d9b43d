/** What a handler waits for becomes slow: each record takes longer, whoever runs the program, until it is mended. FLT-16, GRP-14. */
import { describe, expect, test } from 'vitest'
import { between } from '../../../base/chunks.ts'
import { SECOND } from '../../../base/units.ts'
import '../../whole.ts'
import { consumerOf } from '../../look.ts'
import { orders, producer, TestCluster } from '../../testing.ts'
import type { ConsumerConfig } from './state.ts'

const EARLIEST = { 'auto.offset.reset': 'earliest', 'max.poll.interval.ms': 10_000, 'session.timeout.ms': 6000, 'heartbeat.interval.ms': 1000 }
const reader = (id: string, more: Partial<ConsumerConfig> = {}): ConsumerConfig =>
  ({ id, library: 'java', group: 'g', topics: ['orders'], bootstrap: ['b1'], configs: EARLIEST, processMs: 100, ...more })
const sends = Array.from({ length: 6 }, (_, i) => ({ key: 'k', value: `v${i}` }))
const handledAt = (cluster: TestCluster, id: string): readonly number[] => [...between(consumerOf(cluster.sim.world.nodes.get(id))!.notebook!.handled, 0)].map(({ at }) => at)
const gaps = (moments: readonly number[]): readonly number[] => moments.slice(1).map((at, i) => at - moments[i]!)
const slow = (cluster: TestCluster, id: string, seconds: number): TestCluster => cluster.tell(id, { type: 'slowHandler', add: seconds * SECOND } as { type: string })
const running = (more: Partial<ConsumerConfig> = {}, ids: readonly string[] = ['c1']): TestCluster => {
  const cluster = new TestCluster({ producers: [producer('shop')], consumers: ids.map((id) => reader(id, more)) })
  for (const id of ids) cluster.start(id)
  return cluster.run(5)
}

describe('a slow handler', () => {
  test('takes so much longer for each record, and no longer when it is mended', () => {
    const cluster = slow(running(), 'c1', 1).send('shop', ...sends).run(7)
    expect(gaps(handledAt(cluster, 'c1'))).toEqual(Array.from({ length: 5 }, () => 1.1 * SECOND))
    slow(cluster, 'c1', 0).send('shop', ...sends).run(2)
    expect(gaps(handledAt(cluster, 'c1').slice(6))).toEqual(Array.from({ length: 5 }, () => 0.1 * SECOND))
  })

  test('is slow where it took no time before', () => {
    const cluster = slow(running({ processMs: 0 }), 'c1', 1).send('shop', ...sends).run(7)
    expect(gaps(handledAt(cluster, 'c1'))).toEqual(Array.from({ length: 5 }, () => SECOND))
  })

  test('takes as long each time that it tries a record again', () => {
    const cluster = slow(running({ onPoison: 'retry' }), 'c1', 1).send('shop', { key: 'k', value: 'bad', poison: true }).run(3)
    expect(cluster.facts('handler.failed')).toMatchObject([{ how: 'again', afterMs: 1100 }])
    slow(cluster, 'c1', 0).run(2)
    expect(cluster.facts('handler.failed')).toHaveLength(1)
  })

  test('stays slow when its program is started again: it is what it waits for that is slow', () => {
    const cluster = slow(running({ commits: 'after' }), 'c1', 1).act('crash', 'c1').act('restart', 'c1').run(15).send('shop', ...sends).run(7)
    expect(gaps(handledAt(cluster, 'c1'))).toEqual(Array.from({ length: 5 }, () => 1.1 * SECOND))
  })

  test('runs into max.poll.interval.ms: the member leaves, and another does the same work again', () => {
    const cluster = slow(running({ commits: 'after' }, ['c1', 'c2']), 'c1', 8)
    slow(cluster, 'c2', 8).send('shop', ...sends).run(20)
    const left = cluster.facts('member.left')
    expect(left).toHaveLength(1)
    expect(left[0]).toMatchObject({ why: 'poll' })
    cluster.run(60)
    expect(cluster.facts('offsets.committed')).toEqual([])
  })

  // AbstractCoordinator.HeartbeatThread#run: an unknown coordinator is looked for before a poll timeout is acted upon.
  test('too slow while no coordinator is there: its heartbeat thread goes on looking, and leaves when it has found one', () => {
    const configs = { ...EARLIEST, 'max.poll.interval.ms': 4000, 'session.timeout.ms': 45_000 }
    const cluster = slow(running({ configs, commits: 'after' }), 'c1', 19).send('shop', ...sends).run(1)
    for (const broker of ['b1', 'b2', 'b3']) cluster.act('crash', broker)
    cluster.run(8)
    expect(cluster.facts('member.left')).toEqual([])
    for (const broker of ['b1', 'b2', 'b3']) cluster.act('restart', broker)
    expect(cluster.run(10).facts('member.left')).toMatchObject([{ member: 'c1', why: 'poll' }])
  })

  test('of a client that reads and writes is slow too', () => {
    const topics = [orders({}), { ...orders({}), name: 'copies' }]
    const copier = producer('A', { 'transactional.id': 'a', 'auto.offset.reset': 'earliest' }, { topic: 'copies', reads: { group: 'g', topics: ['orders'] } })
    const cluster = new TestCluster({ topics, producers: [producer('shop'), copier] }).start('A').run(8)
    slow(cluster, 'A', 1).send('shop', ...sends).run(8)
    expect(gaps(handledAt(cluster, 'A')).filter((gap) => gap !== SECOND)).toEqual([])
    expect(handledAt(cluster, 'A')).toHaveLength(6)
    slow(cluster, 'A', 0).send('shop', ...sends).run(3)
    expect(handledAt(cluster, 'A')).toHaveLength(12)
  })
})
