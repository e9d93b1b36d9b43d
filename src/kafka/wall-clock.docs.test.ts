/** What a wrong clock changes, and what it does not: FLT-25. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { at } from '../base/chunks.ts'
import { SECOND } from '../base/units.ts'
import { orders, producer, steady, TestCluster } from './testing.ts'

const HOUR = 3600 * SECOND, DAY = 24 * HOUR
const set = (cluster: TestCluster, node: string, add: number): TestCluster => cluster.do({ do: 'clock', node, add })
const quick = { 'log.retention.check.interval.ms': 1000, 'log.initial.task.delay.ms': 500 }
const timeOf = (cluster: TestCluster): number => at(cluster.replica(1).log.batches, 0)!.maxTimestamp

describe('the clock of a producer', () => {
  // ProducerRecord: "If the user did not provide a timestamp, the producer will stamp the record with its current time."
  // Docs, message.timestamp.after.max.ms: "the maximum allowable timestamp difference between the message timestamp and the broker's
  // timestamp. The message timestamp can be later than or equal to the broker's timestamp"; an hour.
  test.each([[30 * 60 * SECOND, 'NONE'], [2 * HOUR, 'INVALID_TIMESTAMP'], [-8 * DAY, 'NONE']])('%d µs ahead: %s', (add, error) => {
    const cluster = set(new TestCluster({ topics: [orders({})], producers: [producer('p')] }).run(1), 'p', add).send('p', { value: 'x' }).run(2)
    const failed = cluster.facts('producer.failed')
    expect(failed.map((fact) => fact.error)).toEqual(error === 'NONE' ? [] : [error])
    if (error === 'NONE') expect(timeOf(cluster)).toBeCloseTo((SECOND + add) / 1000, -2)
    // Not retried.
    expect(cluster.facts('producer.retried')).toEqual([])
  })

  // FLT-25: "8 days behind with retention 7 d: record acknowledged, readable at once, its whole segment (even the active one) deleted".
  test('8 days behind: acknowledged, and gone at the next retention check', () => {
    const cluster = set(new TestCluster({ topics: [orders({})], producers: [producer('p')], overrides: quick }), 'p', -8 * DAY).send('p', { value: 'x' })
    cluster.runUntil(() => cluster.facts('record.acked').length === 1).run(2)
    expect(cluster.replica(1).log).toMatchObject({ startOffset: 1, endOffset: 1 })
  })
})

describe('the clock of a broker', () => {
  // Docs, message.timestamp.type=LogAppendTime: "the timestamp will be overwritten by the broker with its current time".
  test('dates what LogAppendTime dates', () => {
    const cluster = set(new TestCluster({ topics: [orders({ 'message.timestamp.type': 'LogAppendTime' })], producers: [producer('p')] }).run(1), 'b1', -3 * HOUR).send('p', { value: 'x' }).run(1)
    // Sent at 1 s, and on its way when the producer has its id, 0.1 s later.
    expect(timeOf(cluster)).toBeCloseTo(1100 - 3 * 3_600_000, -2)
  })

  // "Broker clock ahead by 8 days: deletes everything older than "now" by its own clock, also on followers independently."
  test.each([1, 2])('8 days ahead on b%d: that broker deletes what is young', (id) => {
    const cluster = new TestCluster({ topics: [orders({})], producers: [producer('p')], overrides: quick }).send('p', { value: 'x' }).run(3)
    set(cluster, `b${id}`, 8 * DAY).run(2)
    expect([1, 2, 3].filter((other) => cluster.replica(other).log.startOffset === 1)).toContain(id)
    expect(cluster.replica(3).log.startOffset).toBe(id === 1 ? 1 : 0)
    expect(cluster.facts('segment.deleted')[0]).toMatchObject({ node: `b${id}`, why: 'time' })
  })

  // BrokerHeartbeatTracker: `Time.nanoseconds()`. "Nothing in replication or leader election compares clocks of two machines."
  test('moves no session, no ISR and no leader, however wrong it is on whichever machines', () => {
    fc.assert(fc.property(fc.array(fc.record({ node: fc.constantFrom('b1', 'b2', 'b3', 'k1', 'k2', 'k3'), days: fc.integer({ min: -400, max: 6 }) }), { maxLength: 6 }), (wrong) => {
      const calm = new TestCluster({ producers: [producer('p', {}, steady)] }).start('p').run(25)
      const skewed = new TestCluster({ producers: [producer('p', { }, steady)], topics: [orders({ 'message.timestamp.after.max.ms': '999999999999', 'min.insync.replicas': '2' })] }).start('p').run(5)
      for (const { node, days } of wrong) set(skewed, node, days * DAY)
      skewed.run(20)
      expect(skewed.facts('broker.fenced').length + skewed.facts('isr.changed').length + skewed.facts('leader.elected').length + skewed.facts('controller.resigned').length).toBe(0)
      expect(skewed.replica(1).highWatermark).toBe(calm.replica(1).highWatermark)
    }), { numRuns: 6, seed: 2 })
  })
})
