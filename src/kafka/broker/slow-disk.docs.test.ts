/** A disk that takes its time: writes are late, and so is what waits for them; nobody takes the broker for dead. FLT-8, FLT-9, REP-4. */
import { expect, test } from 'vitest'
import type { Tagged } from '../../engine/process.ts'
import { orders, producer, steady, TestCluster } from '../testing.ts'

const slow = (cluster: TestCluster, node: string, ms: number) => cluster.tell(node, { type: 'slowDisk', add: ms * 1000 } as Tagged)
const ackedAt = (cluster: TestCluster): number => cluster.firstAt('record.acked')!

test('on the leader each write is late by so much', () => {
  const well = new TestCluster({ producers: [producer('shop')] }).send('shop', { value: 'x' }).run(2)
  const ill = slow(new TestCluster({ producers: [producer('shop')] }), 'b1', 300).send('shop', { value: 'x' }).run(2)
  expect(ackedAt(ill) - ackedAt(well)).toBeCloseTo(0.3, 5)
})

test('one log is written by one at a time: what comes while it is written waits', () => {
  const two = [producer('shop', { 'linger.ms': 0 }), producer('bank', { 'linger.ms': 0 })]
  const cluster = slow(new TestCluster({ producers: two }), 'b1', 300).send('shop', { value: 'x' }).send('bank', { value: 'y' }).run(3)
  const [first, second] = cluster.told.filter(({ fact }) => fact.code === 'batch.appended').map(({ at }) => at)
  expect(second! - first!).toBe(300_000)
})

test('on a follower it sets the pace of acks=all, and is not asked by acks=1', () => {
  const run = (acks: string) => ackedAt(slow(new TestCluster({ producers: [producer('shop', { acks })] }), 'b2', 400).send('shop', { value: 'x' }).run(3))
  expect(run('all')).toBeGreaterThan(0.4)
  expect(run('1')).toBeLessThan(0.1)
})

// Docs, replica.lag.time.max.ms: "If a follower hasn't sent any fetch requests or hasn't consumed up to the leader's log end offset for at least this time, the leader will remove the follower from ISR".
test('a follower that cannot keep up for replica.lag.time.max.ms leaves the ISR, and comes back when its disk is well', () => {
  const cluster = slow(new TestCluster({ producers: [producer('shop', { acks: '1' }, steady)] }), 'b2', 40_000).start('shop').run(60)
  expect([cluster.truth().isr, cluster.facts('broker.fenced')]).toEqual([[1, 3], []])
  slow(cluster, 'b2', 0).run(60)
  expect(cluster.truth().isr).toEqual([1, 3, 2])
})

test('heartbeats go on, whatever the writes take', () => {
  const cluster = slow(new TestCluster({ topics: [orders()], producers: [producer('shop', {}, steady)] }), 'b1', 20_000).start('shop').run(40)
  expect([cluster.facts('broker.fenced'), cluster.truth().leader]).toEqual([[], 1])
})
