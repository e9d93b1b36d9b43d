/** Throttled replication. Docs, Limiting Bandwidth Usage during Data Migration, and KIP-73. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AdminOrder } from '../client/admin/admin.ts'
import { sizeOf } from '../log/log.ts'
import { orders, producer, TestCluster } from '../testing.ts'
import { rate } from './quota-rate.ts'

const MB = 1024 * 1024
const execute = (bytesPerSecond: number): AdminOrder['request'] => ({ type: 'ExecuteMove', partition: 'orders/0', replicas: [2, 3], bytesPerSecond })
/** 4 MB on b1 and b2. */
const cluster = (): TestCluster => new TestCluster({
  topics: [{ ...orders({}, [[1, 2]]), records: [Array.from({ length: 400 }, (_, i) => ({ id: `r#${i}`, key: undefined, value: 'v', valueBytes: 10_400, timestamp: 0 }))] }],
})
const configs = (of: TestCluster) => [of.broker(1).metadata.topics.get('orders')!.config, Object.fromEntries(of.broker(1).metadata.brokerConfig)]

describe('a move with a throttle', () => {
  // Docs: "you can limit the bandwidth used to move replicas", "--throttle 50000000". The leader counts what it sends in windows of
  // a second, and stops when the mean is over the rate: it is late by no more than what it had in hand.
  test.each([0.5, 1, 2])('takes as long as its data at %d MB/s, give or take what was in hand', (megabytes) => {
    const its = cluster().call('move', execute(megabytes * MB))
    its.runUntil(() => isMoved(its))
    const seconds = its.now / 1_000_000
    const bytes = sizeOf(its.replica(3).log)
    expect(bytes).toBeGreaterThan(4_000_000)
    expect(seconds).toBeGreaterThan((bytes - 2 * MB) / (megabytes * MB) - 1)
    expect(seconds).toBeLessThan(bytes / (megabytes * MB) + 4)
    expect(its.facts('replication.throttled').some(({ side, limit, peer }) => side === 'leader' && limit === megabytes * MB && peer === 'b3')).toBe(true)
  })

  // ReassignPartitionsCommand: sources are throttled as leaders, destinations as followers; each broker with a part in it has the rate.
  test('is set as the tool sets it, and the move begins after that', () => {
    const its = cluster().call('move', execute(MB))
    its.runUntil(() => its.result('move').answeredAt !== undefined)
    expect(its.result('move').error).toBe('NONE')
    expect(configs(its.run(0.2))).toEqual([
      { 'leader.replication.throttled.replicas': '0:1,0:2', 'follower.replication.throttled.replicas': '0:3' },
      expect.objectContaining(Object.fromEntries(['b1', 'b2', 'b3'].flatMap((name) => ['leader', 'follower'].map((side) => [`${name}/${side}.replication.throttled.rate`, String(MB)])))),
    ])
    const first = its.told.findIndex(({ fact }) => fact.code === 'reassignment.started')
    expect(its.told.slice(first).some(({ fact }) => fact.code === 'config.changed')).toBe(false)
  })

  // Docs: "It is important that you remove the throttle [...] by running the command with the --verify option"; "Throttle was removed".
  test('keeps it until --verify finds the move done', () => {
    const its = cluster().call('move', execute(2 * MB)).run(1).call('early', { type: 'VerifyMove', partition: 'orders/0' }).run(1)
    expect(its.result('early')).toMatchObject({ error: 'NONE', value: 1 })
    expect(configs(its)[0]).not.toEqual({})
    its.runUntil(() => isMoved(its)).run(5)
    expect(configs(its)[0]).not.toEqual({})
    its.call('late', { type: 'VerifyMove', partition: 'orders/0' }).run(2)
    expect(its.result('late')).toMatchObject({ error: 'NONE' })
    expect([configs(its)[0], Object.keys(configs(its)[1]!).filter((key) => key.includes('throttled'))]).toEqual([{}, []])
    expect([1, 2, 3].map((id) => its.broker(id).quotas)).toEqual([undefined, undefined, undefined])
  })

  // ReplicaManager#shouldLeaderThrottle: "To avoid ISR thrashing, we only throttle a replica on the leader if it's in the throttled
  // replica list, the quota is exceeded and the replica is not in sync."
  test('holds back nobody who is in sync: acks=all goes on', () => {
    const its = new TestCluster({ topics: [orders({ 'leader.replication.throttled.replicas': '*', 'follower.replication.throttled.replicas': '*' })], producers: [producer('p', {}, { rate: { count: 20, per: 1_000_000 } })] })
    for (const name of ['b1', 'b2', 'b3']) its.call(name, { type: 'IncrementalAlterConfigsRequest', resource: 'broker', name, set: { 'leader.replication.throttled.rate': '1', 'follower.replication.throttled.rate': '1' }, unset: [] })
    its.run(2).start('p').run(40)
    expect(its.truth().isr).toEqual([1, 2, 3])
    expect(its.facts('isr.changed')).toEqual([])
    expect(its.replica(1).highWatermark).toBeGreaterThan(700)
    expect(its.facts('replication.throttled').length).toBeGreaterThan(0)
  })
})
const isMoved = (its: TestCluster): boolean => its.truth().adding.length === 0 && its.truth().replicas.includes(3)

// SimpleRate: "the rate is incrementally calculated based on the elapsed time between the earliest reading and now. An exception is
// made for the first window, which is considered of fixed size."
test('a rate is the bytes of the windows over the time since the oldest began', () => {
  const windows = { windows: 11, windowMs: 1000 }
  fc.assert(fc.property(fc.array(fc.record({ gap: fc.nat(1500), bytes: fc.nat(5000) }), { minLength: 1, maxLength: 11 }), fc.nat(900), (list, later) => {
    let at = 0
    const samples = list.map(({ gap, bytes }) => ({ since: (at += gap), last: at, bytes }))
    const now = at + later
    const kept = samples.filter(({ last }) => now - last < 11_000)
    const bytes = kept.reduce((sum, one) => sum + one.bytes, 0)
    expect(rate(windows, { samples: structuredClone(samples) }, now)).toBeCloseTo((bytes * 1000) / Math.max(now - (kept[0]?.since ?? now), 1000), 6)
  }), { seed: 3 })
})
