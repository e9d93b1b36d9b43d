/** What a crash keeps and a power cut takes: the page cache, flushes, and recovery. SEG-8, SEG-10, FLT-23. */
import { describe, expect, test } from 'vitest'
import { account, newLedgerIndex } from '../ledger.ts'
import { orders, producer, TestCluster } from '../testing.ts'

const shop = producer('shop', { acks: 'all' })
const ends = (cluster: TestCluster): number[] => [1, 2, 3].map((id) => cluster.replica(id).log.endOffset)
const all = ['b1', 'b2', 'b3'] as const
const sent = (config: Readonly<Record<string, string>> = {}) =>
  new TestCluster({ topics: [orders({ 'min.insync.replicas': '2', ...config })], producers: [shop] }).send('shop', { value: 'x' }, { value: 'y' }, { value: 'z' }).run(2)

// Docs, Design, "Don't fear the filesystem!": "all data is immediately written to a persistent log on the filesystem without necessarily flushing to disk. In effect
// this just means that it is transferred into the kernel's pagecache."
test('killed processes leave everything behind: the page cache is the system\'s', () => {
  const cluster = sent().act('crash', ...all).run(1)
  expect(ends(cluster)).toEqual([3, 3, 3])
  cluster.act('restart', ...all).run(30)
  expect(ends(cluster)).toEqual([3, 3, 3])
  expect(account(cluster.sim.world, newLedgerIndex()).lost).toEqual([])
  expect(cluster.facts('log.recovered')).toEqual([])
})

describe('the power goes', () => {
  // Docs, acks=all: "This guarantees that the record will not be lost as long as at least one in-sync replica remains alive."
  test('on one machine: it copies again what it has lost', () => {
    const cluster = sent()
    cluster.do({ do: 'powerCut', node: 'b3' }).run(1)
    expect([ends(cluster), cluster.facts('power.lost')]).toEqual([[3, 3, 0], [{ code: 'power.lost', node: 'b3', records: 3 }]])
    cluster.run(12).act('restart', 'b3').run(5)
    expect(cluster.facts('log.recovered')).toEqual([{ code: 'log.recovered', partition: 'orders/0', node: 'b3', from: 3, to: 0 }])
    expect([ends(cluster), cluster.truth().isr]).toEqual([[3, 3, 3], [1, 2, 3]])
    expect(account(cluster.sim.world, newLedgerIndex()).lost).toEqual([])
  })

  test('nobody is told: the others learn of it by their own timers', () => {
    const cluster = sent().do({ do: 'powerCut', node: 'b1' }).run(5)
    expect(cluster.facts('connection.lost')).toEqual([])
    expect(cluster.truth().leader).toBe(1)
    cluster.run(8)
    expect(cluster.truth()).toMatchObject({ leader: 2, leaderEpoch: 1 })
  })

  // Docs, Replication, Availability and durability: "it is possible that data written ... may be lost if all replicas fail"; SEG-8: no fsync comes before an acknowledgement.
  test('on all of them: what was acknowledged by all is lost by all', () => {
    const cluster = sent()
    for (const node of all) cluster.do({ do: 'powerCut', node })
    cluster.run(1).act('restart', ...all).run(30)
    expect(ends(cluster)).toEqual([0, 0, 0])
    expect(account(cluster.sim.world, newLedgerIndex()).lost.map(({ offset }) => offset)).toEqual([0, 1, 2])
    cluster.send('shop', { value: 'again' }).run(2)
    expect(ends(cluster)).toEqual([1, 1, 1])
  })

  test('after the system has written back: nothing is lost', () => {
    const cluster = sent().run(30)
    for (const node of all) cluster.do({ do: 'powerCut', node })
    expect(ends(cluster)).toEqual([3, 3, 3])
  })

  // Docs, flush.messages: "if this was set to 1 we would fsync after every message; if it were 5 we would fsync after every five messages."
  test('with flush.messages=1 nothing is lost, with 5 what is less than that', () => {
    for (const [messages, left] of [['1', 3], ['5', 0], ['3', 3]] as const) {
      const cluster = sent({ 'flush.messages': messages })
      for (const node of all) cluster.do({ do: 'powerCut', node })
      expect(ends(cluster)).toEqual([left, left, left])
    }
  })

  test('after the process had been killed: the system wrote back in its own time', () => {
    const early = sent().act('crash', 'b1').run(1).do({ do: 'powerCut', node: 'b1' })
    const late = sent().act('crash', 'b1').run(40).do({ do: 'powerCut', node: 'b1' })
    expect([early, late].map((cluster) => cluster.replica(1).log.endOffset)).toEqual([0, 3])
  })

  test('after an orderly stop: everything had been flushed', () => {
    const cluster = sent().act('stop', 'b3').run(3).do({ do: 'powerCut', node: 'b3' })
    expect(cluster.replica(3).log).toMatchObject({ endOffset: 3, recoveryPoint: 3 })
    expect(cluster.facts('power.lost')).toEqual([{ code: 'power.lost', node: 'b3', records: 0 }])
  })
})

// SEG-5: replication-offset-checkpoint is written every 5 s, and at an orderly stop.
test('a broker that was killed begins with the high watermark of its last checkpoint', () => {
  const cluster = new TestCluster({ brokers: 1, topics: [orders({}, [[1]])], producers: [producer('shop', {}, { bootstrap: ['b1'] })] })
  cluster.send('shop', { value: 'x' }).runTo(5.5).send('shop', { value: 'y' }).runTo(6)
  expect(cluster.replica(1)).toMatchObject({ highWatermark: 2, checkpointedHighWatermark: 1 })
  cluster.act('crash', 'b1').act('restart', 'b1')
  expect(cluster.replica(1)).toMatchObject({ highWatermark: 1, log: { endOffset: 2 } })
  cluster.run(12)
  expect(cluster.replica(1)).toMatchObject({ highWatermark: 2 })
})

// flush.ms counts only where somebody looks: log.flush.scheduler.interval.ms, which by default nobody does.
test('a log that has waited for flush.ms is flushed at the next look', () => {
  const cluster = new TestCluster({ topics: [orders({ 'flush.ms': '2000' })], producers: [shop], overrides: { 'log.flush.scheduler.interval.ms': 1000 } })
  cluster.send('shop', { value: 'x' }).runTo(0.9)
  expect(cluster.replica(1).log.recoveryPoint).toBe(0)
  expect(cluster.runTo(2.1).replica(1).log.recoveryPoint).toBe(1)
  expect(sent({ 'flush.ms': '1' }).replica(1).log.recoveryPoint).toBe(0)
})

// AbstractFetcherThread#processFetchRequest: "Found invalid messages during fetch for partition ... offset": the partition is set aside and asked for again.
test('a follower does not store what is not whole', () => {
  const cluster = new TestCluster({ topics: [orders({}, [[1, 2]])], producers: [producer('shop', { acks: '1', 'batch.size': 0, 'linger.ms': 0 })] })
  cluster.act('crash', 'b2').run(12)
  for (let i = 0; i < 5; i++) cluster.send('shop', { value: 'x' })
  cluster.run(1).act('stop', 'b1').run(5).do({ do: 'damage', node: 'b1', what: { type: 'damage', partition: 'orders/0', flipAt: 3 } as { type: string } })
  cluster.act('restart', 'b1').run(12).act('restart', 'b2').run(10)
  expect([1, 2].map((id) => cluster.replica(id).log.endOffset)).toEqual([5, 3])
  expect(cluster.truth()).toMatchObject({ leader: 1, isr: [1] })
})
