/** Patterns of applications, held against a cluster that runs: retry topics, dead letters, delay, filtering. FLT-17; M48: Kafka itself does none of it. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { between } from '../../../base/chunks.ts'
import { SECOND } from '../../../base/units.ts'
import '../../whole.ts'
import { consumerOf } from '../../look.ts'
import { orders, producer, TestCluster } from '../../testing.ts'
import type { ProducerConfig, SendRecord } from '../producer/state.ts'
import { sideTopicOf } from './outcomes.ts'
import type { ConsumerConfig } from './state.ts'

const MIN_ISR = { 'min.insync.replicas': '2' }
const topics = ['orders', 'soon', 'later', 'dead'].map((name) => ({ ...orders(MIN_ISR), name }))
const side = { ladder: [{ topic: 'soon', afterMs: 2000 }, { topic: 'later', afterMs: 5000 }], dead: 'dead' }
const EARLIEST = { 'auto.offset.reset': 'earliest', 'session.timeout.ms': 6000, 'heartbeat.interval.ms': 1000 }

const retrying = (id: string, configs: ProducerConfig['configs'] = EARLIEST): ProducerConfig =>
  producer(id, configs, { topic: 'dead', reads: { group: 'g', topics: ['orders', 'soon', 'later'], side } })
const plain = (onPoison: ConsumerConfig['onPoison'], more: Partial<ConsumerConfig> = {}): ConsumerConfig =>
  ({ id: 'c1', library: 'java', group: 'g', topics: ['orders'], bootstrap: ['b1'], configs: EARLIEST, onPoison, ...more })
const sends = (bad: readonly number[], count = 6): readonly SendRecord[] =>
  Array.from({ length: count }, (_, i) => ({ key: 'k', value: `v${i}`, ...(bad.includes(i) ? { poison: true as const } : {}) }))

const handledBy = (cluster: TestCluster, id: string): readonly string[] => [...between(consumerOf(cluster.sim.world.nodes.get(id))!.notebook!.handled, 0)].map(({ value }) => value!)
const valuesIn = (cluster: TestCluster, topic: string): readonly (string | undefined)[] =>
  [...between(cluster.replica(1, `${topic}/0`).log.batches, 0)].flatMap(({ records }) => records.map(({ value }) => value))
const committed = (cluster: TestCluster, partition = 'orders/0') => cluster.facts('offsets.committed').filter((fact) => fact.partition === partition).at(-1)?.offset

describe('a record on which the handler fails', () => {
  const run = (onPoison: ConsumerConfig['onPoison'], more: Partial<ConsumerConfig> = {}) =>
    new TestCluster({ producers: [producer('shop')], consumers: [plain(onPoison, more)] }).start('c1').run(5).send('shop', ...sends([2])).run(12)

  test('skip: the rest is handled, and its offset is committed as if it were', () => {
    const cluster = run('skip')
    expect(handledBy(cluster, 'c1')).toEqual(['v0', 'v1', 'v3', 'v4', 'v5'])
    expect(committed(cluster)).toBe(6)
  })

  test('retry: the lane is stuck behind it, nothing is committed past it, and closing gives it back', () => {
    const cluster = run('retry', { commits: 'after' })
    expect(handledBy(cluster, 'c1')).toEqual(['v0', 'v1'])
    expect(committed(cluster)).toBeUndefined()
    expect(cluster.facts('handler.failed')).toHaveLength(1)
    const closed = run('retry').tell('c1', { type: 'close' }).run(5)
    expect(closed.facts('offsets.committed').at(-1)).toMatchObject({ partition: 'orders/0', offset: 2 })
    // seek(partition, offset) knows of no epoch, so neither does what is committed.
    expect(closed.sent.findLast(({ message }) => message.type === 'OffsetCommitRequest')!.message).toMatchObject({ offsets: [{ offset: 2, leaderEpoch: -1 }] })
  })

  test('fail: the program ends and commits nothing; started again it meets it again', () => {
    const cluster = run('fail')
    expect(cluster.sim.world.nodes.get('c1')!.condition).toBe('down')
    expect(committed(cluster)).toBeUndefined()
    cluster.act('restart', 'c1').run(10)
    expect(handledBy(cluster, 'c1')).toEqual(['v0', 'v1', 'v0', 'v1'])
    expect(cluster.facts('handler.failed').map(({ how }) => how)).toEqual(['ends', 'ends'])
  })
})

describe('retry topics', () => {
  test('each failure goes one rung up, at the end to the dead letters', () => {
    expect(['orders', 'soon', 'later'].map((topic) => sideTopicOf(side, topic))).toEqual(['soon', 'later', 'dead'])
    expect(sideTopicOf({ ladder: [], dead: 'dead' }, 'orders')).toBe('dead')
  })

  test('a record is read from a retry topic when it is due, and not before; its group stays whole meanwhile', () => {
    const cluster = new TestCluster({ topics, producers: [producer('shop'), retrying('w1')] }).start('w1').run(5).send('shop', ...sends([1, 4])).run(20)
    expect(handledBy(cluster, 'w1')).toEqual(['v0', 'v2', 'v3', 'v5'])
    expect(['soon', 'later', 'dead'].map((topic) => valuesIn(cluster, topic))).toEqual([['v1', 'v4'], ['v1', 'v4'], ['v1', 'v4']])
    const failures = cluster.told.filter(({ fact }) => fact.code === 'handler.failed').map(({ at, fact }) => [at, 'to' in fact ? fact.to : ''] as const)
    const at = (to: string): number => failures.find((each) => each[1] === to)![0]
    expect(at('later') - at('soon')).toBeGreaterThanOrEqual(2 * SECOND)
    expect(at('later') - at('soon')).toBeLessThan(3 * SECOND)
    expect(at('dead') - at('later')).toBeGreaterThanOrEqual(5 * SECOND)
    expect(cluster.facts('member.left')).toEqual([])
    expect(cluster.facts('rebalance.started')).toHaveLength(1)
  })

  test('a dead letter keeps the headers that it was sent with, and tells where it has been', () => {
    const [sent] = sends([0], 1)
    const cluster = new TestCluster({ topics, producers: [producer('shop'), retrying('w1')] }).start('w1').run(5).send('shop', { ...sent!, headers: [{ key: 'trace', value: '7' }] }).run(20)
    const [dead] = [...between(cluster.replica(1, 'dead/0').log.batches, 0)].flatMap(({ records }) => records)
    expect(dead?.headers?.map(({ key, value }) => `${key}: ${value}`)).toEqual(['trace: 7', 'from: orders/0@0', 'from: soon/0@0', 'from: later/0@0'])
  })

  // Delay by tiers: whoever wants a record to be read later writes it to the topic of that tier.
  test('what is written to a tier by hand is handled so much later', () => {
    const cluster = new TestCluster({ topics, producers: [producer('shop', {}, { topic: 'later' }), retrying('w1')] }).start('w1').run(5).send('shop', ...sends([], 3)).run(4)
    expect(handledBy(cluster, 'w1')).toEqual([])
    expect(handledBy(cluster.run(3), 'w1')).toEqual(['v0', 'v1', 'v2'])
  })

  test('whatever crashes when: every record is handled, or lies among the dead letters, and none is skipped', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 11 }), { maxLength: 4 }), fc.integer({ min: 50, max: 9000 }), fc.constantFrom('b1', 'b2', 'w1', 'w2'), (bad, afterMs, victim) => {
      const cluster = new TestCluster({ topics, producers: [producer('shop'), retrying('w1'), retrying('w2')] })
        .start('w1', 'w2').run(6).send('shop', ...sends(bad, 12)).run(afterMs / 1000).act('crash', victim).run(3).act('restart', victim).run(60)
      const good = new Set(sends([], 12).flatMap(({ value }, i) => (bad.includes(i) ? [] : [value!])))
      expect(new Set([...handledBy(cluster, 'w1'), ...handledBy(cluster, 'w2')])).toEqual(good)
      expect(new Set(valuesIn(cluster, 'dead'))).toEqual(new Set(bad.map((i) => `v${i}`)))
    }), { seed: 7, numRuns: 8 })
  })
})

// M48: "Kafka can filter for me": every record crosses the wire, whoever throws it away.
test('filtering at the client: all bytes come, whatever the application then does with them', () => {
  const fetched = (onPoison: ConsumerConfig['onPoison'], bad: readonly number[]): number => {
    const cluster = new TestCluster({ producers: [producer('shop')], consumers: [plain(onPoison)] }).start('c1').run(5).send('shop', ...sends(bad)).run(2)
    return cluster.facts('records.read').reduce((sum, { base, last }) => sum + last - base + 1, 0)
  }
  expect(fetched('skip', [0, 1, 2, 3, 4])).toBe(fetched('skip', []))
})
