/** Faults and what follows from them (FLT-1 to FLT-21 of the semantics), row by row, with a cluster that runs. */
import { describe, expect, test } from 'vitest'
import { SECOND } from '../base/units.ts'
import { account, newLedgerIndex } from './ledger.ts'
import { orders, producer, TestCluster } from './testing.ts'

const writing = (acks: 'all' | '1' = 'all', minIsr = '2', more: ConstructorParameters<typeof TestCluster>[0] = {}): TestCluster =>
  new TestCluster({ topics: [orders({ 'min.insync.replicas': minIsr })], producers: [producer('shop', { acks }, { rate: { count: 5, per: SECOND } })], ...more }).start('shop').run(2)
const ledger = (cluster: TestCluster) => account(cluster.sim.world, newLedgerIndex())
/** Seconds from `begin` to the first acknowledgement at or after it. */
const goesOnAfter = (cluster: TestCluster, begin: number): number => cluster.firstAt('record.acked', () => true, begin)! - begin
const settle = (cluster: TestCluster): TestCluster => cluster.tell('shop', { type: 'close' }).run(5)

describe('the leader is killed (FLT-1)', () => {
  test('7 to 11 s of silence, then the next leader; nothing lost, nothing twice, no error', () => {
    const cluster = writing().act('crash', 'b1')
    const begin = cluster.now / SECOND
    cluster.run(20)
    const silence = goesOnAfter(cluster, begin + 0.02) + 0.02
    expect(silence).toBeGreaterThan(7)
    expect(silence).toBeLessThan(11.7)
    cluster.act('restart', 'b1').run(5)
    settle(cluster)
    expect(ledger(cluster)).toMatchObject({ lost: [], duplicated: 0, ackedInvisible: 0, unavailable: 0 })
    expect(cluster.producer('shop').notebook).toMatchObject({ failed: 0 })
    expect(cluster.truth()).toMatchObject({ leader: 2, leaderEpoch: 1, isr: [2, 3, 1] })
  })

  // FLT-19
  test('with acks=1, what it acknowledged and nobody fetched is gone', () => {
    const cluster = writing('1').stallFetch('b2').stallFetch('b3').run(1).act('crash', 'b1').run(1).tell('b2', { type: 'resumeFetch' }).tell('b3', { type: 'resumeFetch' }).run(20)
    expect(ledger(cluster).lost.length).toBeGreaterThanOrEqual(4)
  })
})

// FLT-3
test('the leader is stopped in order: no pause but one round trip, no error', () => {
  const cluster = writing().act('stop', 'b1')
  const begin = cluster.now / SECOND
  cluster.run(8)
  const gaps = cluster.told.filter(({ at, fact }) => fact.code === 'record.acked' && at > (begin - 1) * SECOND).map(({ at }) => at / SECOND)
  expect(Math.max(...gaps.slice(1).map((at, i) => at - gaps[i]!))).toBeLessThan(0.5)
  expect(cluster.truth()).toMatchObject({ leader: 2, isr: [2, 3] })
  expect(settle(cluster).producer('shop').notebook.failed).toBe(0)
})

describe('links are cut', () => {
  // FLT-4: "acks=all: appended, HW does not move. T+30...45 s: leader proposes {1}; controller accepts. min ISR 2: HW frozen".
  test('the leader from its followers, min ISR 2: writes stand still until the heal, then everything commits', () => {
    const cluster = writing().cut('b1-b2').cut('b1-b3')
    const begin = cluster.now / SECOND
    cluster.run(50)
    const asked = cluster.firstAt('isr.asked')! - begin
    expect(asked).toBeGreaterThan(29.9)
    expect(asked).toBeLessThan(45.1)
    expect(cluster.truth()).toMatchObject({ leader: 1, leaderEpoch: 0, isr: [1] })
    const held = cluster.replica(1).highWatermark
    expect(cluster.replica(1).log.endOffset).toBeGreaterThan(held)
    expect(cluster.facts('highWatermark.held')).toHaveLength(1)
    expect(cluster.firstAt('record.acked', () => true, begin + 0.1)).toBeUndefined()
    cluster.heal('b1-b2').heal('b1-b3').run(40)
    expect(cluster.truth().isr.slice().sort((a, b) => a - b)).toEqual([1, 2, 3])
    expect(settle(cluster).replica(1)).toMatchObject({ truncations: 0, highWatermark: cluster.replica(1).log.endOffset })
    expect(ledger(cluster)).toMatchObject({ lost: [], duplicated: 0, ackedInvisible: 0 })
  })

  test('the leader from its followers, min ISR 1: everything waiting succeeds on a single copy', () => {
    const cluster = writing('all', '1').cut('b1-b2').cut('b1-b3')
    const begin = cluster.now / SECOND
    cluster.run(50)
    expect(goesOnAfter(cluster, begin + 0.1)).toBeLessThan(46)
    expect(cluster.replica(1).highWatermark).toBe(cluster.replica(1).log.endOffset)
  })

  // FLT-5: "Until then every acks=all produce waits". Throughput of acks=all stops for up to 45 s.
  test('one follower from the leader: acks=all waits until it is out of the ISR', () => {
    const cluster = writing().cut('b1-b3')
    const begin = cluster.now / SECOND
    cluster.run(50)
    const pause = goesOnAfter(cluster, begin + 0.1)
    expect(pause).toBeGreaterThan(29.5)
    expect(pause).toBeLessThan(45.2)
    expect(cluster.truth()).toMatchObject({ isr: [1, 2], leaderEpoch: 0 })
    expect(cluster.facts('broker.fenced')).toEqual([])
  })

  // cluster.md, seen live: "cut for 1, 3, 5, 10, 20 s, writes went on at 1.6, 3.2, 6.7, 13.4, 26.5 s, ISR {1,2,3} throughout, no error."
  test.each([[1, 1.6], [3, 3.2], [5, 6.7], [10, 13.4], [20, 26.5]])('for %d s: writes go on after %d s, and nothing has changed', (length, seen) => {
    const cluster = writing().cut('b1-b2').cut('b1-b3')
    const begin = cluster.now / SECOND
    cluster.run(length).heal('b1-b2').heal('b1-b3').run(30 - length)
    const after = goesOnAfter(cluster, begin + 0.1) + 0.1
    expect(after).toBeGreaterThan(seen * 0.85)
    expect(after).toBeLessThan(seen * 1.05)
    expect(cluster.truth()).toMatchObject({ isr: [1, 2, 3], leaderEpoch: 0, partitionEpoch: 0 })
    expect(cluster.producer('shop').notebook).toMatchObject({ failed: 0, retries: 0 })
    expect(cluster.facts('connection.lost')).toEqual([])
  })

  // FLT-6: "1 does not know. ... Two brokers believed to lead, but nothing above the old HW was ever visible on 1".
  test('the leader from the controllers: it leads on, on its island, and nothing it takes there becomes visible', () => {
    const cluster = writing('1').cut('b1-k1')
    const begin = cluster.now / SECOND
    cluster.run(13)
    const fenced = cluster.firstAt('broker.fenced')! - begin
    expect(fenced).toBeGreaterThanOrEqual(7)
    expect(fenced).toBeLessThan(10.2)
    expect(cluster.truth()).toMatchObject({ leader: 2, leaderEpoch: 1, isr: [2, 3] })
    expect([1, 2].map((id) => cluster.replica(id).leaderEpoch)).toEqual([0, 1])
    expect(cluster.replica(1).leading).toBeDefined()
    const island = cluster.replica(1).highWatermark
    cluster.run(20)
    expect(cluster.replica(1).highWatermark).toBe(island)
    expect(cluster.replica(1).log.endOffset).toBeGreaterThan(island + 80)
    expect(cluster.replica(2).log.endOffset).toBe(island)
    expect(ledger(cluster).lost.length).toBeGreaterThan(80)
    cluster.heal('b1-k1').run(30)
    expect(cluster.replica(1)).toMatchObject({ leading: undefined, truncations: 1, leaderEpoch: 1 })
    expect(cluster.broker(1).starts).toBe(1)
    expect(cluster.truth().isr.slice().sort((a, b) => a - b)).toEqual([1, 2, 3])
  })

  // FLT-6 with acks=all: nothing is acknowledged on the island, so nothing can be lost.
  test('the leader from the controllers, acks=all: nothing is acknowledged there, and nothing lost', () => {
    const cluster = writing().cut('b1-k1').run(40).heal('b1-k1').run(40)
    settle(cluster).run(10)
    expect(ledger(cluster)).toMatchObject({ lost: [], duplicated: 0 })
    expect(cluster.truth().leader).toBe(2)
  })

  // FLT-7
  test('the leader from everybody but one client: what that client was told vanishes at the heal', () => {
    const cluster = writing('1').cut('b1-k1').cut('b1-b2').cut('b1-b3').run(20)
    expect(cluster.replica(1).leading).toBeDefined()
    const onIsland = cluster.replica(1).log.endOffset - cluster.replica(2).log.endOffset
    expect(onIsland).toBeGreaterThan(80)
    cluster.heal('b1-k1').heal('b1-b2').heal('b1-b3').run(30)
    expect(cluster.replica(1).truncations).toBe(1)
    expect(ledger(cluster).lost.length).toBeGreaterThan(80)
  })
})

describe('the leader is frozen (FLT-12)', () => {
  test('for less than 7 s: latency, and nothing else', () => {
    const cluster = writing().act('pause', 'b1').run(4).act('resume', 'b1').run(10)
    expect(cluster.truth()).toMatchObject({ leader: 1, leaderEpoch: 0, partitionEpoch: 0 })
    expect(settle(cluster).producer('shop').notebook).toMatchObject({ failed: 0, retries: 0 })
    expect(ledger(cluster)).toMatchObject({ lost: [], duplicated: 0 })
  })

  // "on waking the old leader acknowledges what waits in its socket before it hears of its successor" (S19, seen live)
  test('for 15 s, acks=1: another leads; on waking it acknowledges what waits in its socket, and that is lost', () => {
    const cluster = writing('1', '2', { producers: [producer('shop', { acks: '1' }, { rate: { count: 20, per: SECOND } })] }).act('pause', 'b1').run(15)
    const before = cluster.producer('shop').notebook.acked
    expect(cluster.truth()).toMatchObject({ leader: 2, leaderEpoch: 1 })
    cluster.act('resume', 'b1').run(0.2)
    expect(cluster.producer('shop').notebook.acked).toBeGreaterThan(before)
    cluster.run(10)
    expect(cluster.replica(1)).toMatchObject({ leading: undefined, truncations: 1 })
    expect(ledger(cluster).lost.length).toBeGreaterThan(0)
  })

  test('for 15 s, acks=all: what waits is appended, refused, and sent again to the new leader: once', () => {
    const cluster = writing().act('pause', 'b1').run(15).act('resume', 'b1').run(20)
    settle(cluster)
    expect(cluster.producer('shop').notebook.failed).toBe(0)
    expect(ledger(cluster)).toMatchObject({ lost: [], duplicated: 0, ackedInvisible: 0 })
    expect(cluster.truth().isr.slice().sort((a, b) => a - b)).toEqual([1, 2, 3])
  })

  // "Its ISR check may propose shrinking (followers look > 30 s old if D > 30 s): refused with FENCED_LEADER_EPOCH."
  test('for 40 s: its wish to shrink the ISR comes too late', () => {
    const cluster = writing('1').act('pause', 'b1').run(40).act('resume', 'b1').run(10)
    expect(cluster.truth()).toMatchObject({ leader: 2, leaderEpoch: 1 })
    expect(cluster.truth().isr.slice().sort((a, b) => a - b)).toEqual([1, 2, 3])
    expect(cluster.replica(1).leading).toBeUndefined()
  })
})

// FLT-9
test('a slow follower sets the pace of acks=all, and stays in the ISR', () => {
  const cluster = writing().do({ do: 'slow', from: 'b3', to: 'b1', add: 2 * SECOND }).run(60)
  expect(cluster.truth()).toMatchObject({ isr: [1, 2, 3], partitionEpoch: 0 })
  expect(cluster.replica(1).highWatermark).toBeGreaterThan(100)
})

// FLT-21, min ISR 2 of three
test('a whole rack lost: writes go on with two of three', () => {
  const cluster = writing().act('crash', 'b3', 'k3')
  const begin = cluster.now / SECOND
  cluster.run(15)
  expect(goesOnAfter(cluster, begin + 0.1)).toBeLessThan(10.7)
  expect(cluster.truth().isr).toEqual([1, 2])
})
