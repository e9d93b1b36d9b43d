import { describe, expect, test } from 'vitest'
import { SECOND } from '../base/units.ts'
import { cloneWorld, type World } from '../engine/world.ts'
import { account, forget, newLedgerIndex, type Ledger } from './ledger.ts'
import { orders, producer, TestCluster } from './testing.ts'

const ledgerOf = (cluster: TestCluster): Ledger => account(cluster.sim.world, newLedgerIndex())
const rated = (id: string, configs = {}, count = 10) => producer(id, configs, { rate: { count, per: SECOND } })
const noMin = orders({})

describe('the account', () => {
  test('what was sent, and what its sender was told', () => {
    const cluster = new TestCluster({ producers: [producer('shop')] }).send('shop', { value: 'a' }, { value: 'b' }).run(1)
    expect(ledgerOf(cluster)).toEqual({ produced: 2, acked: 2, lost: [], unavailable: 0, ackedInvisible: 0, duplicated: 0, outOfOrderKeys: 0 })
  })

  test('acknowledged and not yet committed is invisible', () => {
    const cluster = new TestCluster({ producers: [producer('shop', { acks: '1' })] }).stallFetch('b3').run(1).send('shop', { value: 'a' }).run(1)
    expect(ledgerOf(cluster)).toMatchObject({ acked: 1, ackedInvisible: 1 })
    expect(ledgerOf(cluster.tell('b3', { type: 'resumeFetch' }).run(1))).toMatchObject({ acked: 1, ackedInvisible: 0 })
  })

  test('while nobody leads, what was acknowledged is unavailable, not lost', () => {
    const cluster = new TestCluster({ producers: [producer('shop')] }).send('shop', { value: 'a' }).run(1).act('crash', 'b1').run(2)
    expect(ledgerOf(cluster)).toMatchObject({ unavailable: 1, lost: [] })
    expect(ledgerOf(cluster.run(12))).toMatchObject({ unavailable: 0, lost: [] })
  })

  test('lost is what was acknowledged and the leader does not have', () => {
    const cluster = new TestCluster({ topics: [noMin], producers: [producer('shop', { acks: '1' })] }).send('shop', { value: 'a' }).run(1)
    cluster.stallFetch('b2').stallFetch('b3').run(1).send('shop', { value: 'b' }).run(1).act('crash', 'b1').run(0.1)
    cluster.tell('b2', { type: 'resumeFetch' }).tell('b3', { type: 'resumeFetch' }).run(14)
    expect(ledgerOf(cluster)).toMatchObject({ acked: 2, lost: [{ id: 'shop#2', partition: 'orders/0', offset: 1 }] })
  })

  test('a key is out of order when an earlier send of it stands behind a later one: a retry does that, unless the producer is idempotent', () => {
    // Two requests are in flight; the ISR is large enough again between the one and the other.
    const late = (idempotent: boolean, ms: number): number => {
      const cluster = new TestCluster({ producers: [producer('shop', { 'linger.ms': 0, 'enable.idempotence': idempotent }), producer('till')], overrides: { 'replica.lag.time.max.ms': 2000 } })
      cluster.run(1).send('shop', { key: 'k', value: 'first' }).run(1).stallFetch('b2').stallFetch('b3').send('till', { value: 'x' }).run(8)
      cluster.tell('b2', { type: 'resumeFetch' }).run(ms / 1000).send('shop', { key: 'k', value: 'a' }).run(0.004).send('shop', { key: 'k', value: 'b' }).run(5)
      const ledger = ledgerOf(cluster)
      expect(ledger.acked).toBe(4)
      return ledger.outOfOrderKeys
    }
    const moments = Array.from({ length: 30 }, (_, i) => 4 * i)
    expect(moments.map((ms) => late(false, ms))).toContain(1)
    expect(moments.map((ms) => late(true, ms))).not.toContain(1)
  })

  test('twice is what lies below the high watermark a second time', () => {
    // The answer is lost with the connection, after the append: without idempotence it is appended again (FLT-24).
    const cluster = new TestCluster({ topics: [noMin], producers: [producer('shop', { acks: '1', 'enable.idempotence': false, 'request.timeout.ms': 1000, 'delivery.timeout.ms': 20_000 })] })
    cluster.run(1).send('shop', { value: 'a' }).run(1).do({ do: 'cut', from: 'b1', to: 'shop', traffic: 'all' }).send('shop', { value: 'b' }).run(1.5)
    cluster.do({ do: 'heal', from: 'b1', to: 'shop' }).run(10)
    expect(ledgerOf(cluster)).toMatchObject({ acked: 2, duplicated: 1 })
  })

  test('nobody counts what was sent with acks=0', () => {
    const cluster = new TestCluster({ producers: [producer('shop', { acks: '0' })] }).send('shop', { value: 'a' }).run(1)
    expect(ledgerOf(cluster)).toMatchObject({ produced: 1, acked: 0, lost: [] })
  })
})

describe('the index', () => {
  // When it was noticed is the index's own memory.
  const plain = ({ lost, ...ledger }: Ledger) => ({ ...ledger, lost: lost.map(({ id, offset }) => `${id}@${offset}`) })

  /** Kept from step to step, and compared with one made from scratch; and asked again for earlier moments, in any order. */
  function followed(play: (cluster: TestCluster) => void): void {
    const index = newLedgerIndex()
    const snapshots: World[] = []
    let looked = 0
    const stepped = (world: World): void => {
      const kept = account(world, index)
      if (looked++ % 7 !== 0) return
      expect(plain(kept)).toEqual(plain(account(world, newLedgerIndex())))
      if (looked % 40 === 1) snapshots.push(cloneWorld(world))
    }
    const cluster = new TestCluster({ topics: [noMin], producers: [rated('shop'), rated('quick', { acks: '1' })], stepped }).start('shop', 'quick').run(1)
    play(cluster)
    expect(looked).toBeGreaterThan(500)
    for (let i = 0; i < snapshots.length; i++) {
      const snapshot = snapshots[(i * 7919) % snapshots.length]!
      expect(plain(account(snapshot, index))).toEqual(plain(account(snapshot, newLedgerIndex())))
    }
    // From the middle on it may have been another run.
    const middle = snapshots[snapshots.length >> 1]!
    forget(index, middle)
    for (const snapshot of [middle, snapshots[1]!]) expect(plain(account(snapshot, index))).toEqual(plain(account(snapshot, newLedgerIndex())))
  }
  test('is the same as counting from scratch, through a crash and the return', () => followed((cluster) => void cluster.act('crash', 'b1').run(12).act('restart', 'b1').run(4)))
  test('through an orderly stop', () => followed((cluster) => void cluster.act('stop', 'b1').run(6).act('restart', 'b1').run(3)))
  test('through an island: the old leader still acknowledges while the new one takes over', () => followed((cluster) => void cluster.cut('b1-k1').run(14).heal('b1-k1').run(10)))
  test('through a freeze', () => followed((cluster) => void cluster.act('pause', 'b1').run(13).act('resume', 'b1').run(3)))
})
