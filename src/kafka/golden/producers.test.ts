/** Producers on a whole cluster, compared with what the documentation says and what a live Kafka 4.3.1 did. */
import { describe, expect, test } from 'vitest'
import { between } from '../../base/chunks.ts'
import { outcomeOf } from '../client/producer/notebook.ts'
import type { Overrides } from '../config.ts'
import { account, newLedgerIndex } from '../ledger.ts'
import { act, clusterOf, consumerOf, factsOf, producerOf, run, SECOND, start, tell, type TestCluster } from './testing.ts'

const shop = (configs: Overrides = {}) => ({ shop: { topic: 't', rate: { count: 20, per: SECOND }, configs } })
const reader = { R: { topics: ['t'], group: undefined, configs: { 'auto.offset.reset': 'earliest' } } }
const ledger = (cluster: TestCluster) => account(cluster.sim.world, newLedgerIndex())

/** What a reader of everything got, once the producer has closed and all is quiet. */
function readAll(cluster: TestCluster, at: number): string[] {
  tell(cluster, 'shop', { type: 'close' })
  run(cluster, at)
  return [...between(consumerOf(cluster, 'R').notebook.handled, 0)].map(({ value }) => value ?? '')
}
const sentInOrder = (cluster: TestCluster) => Array.from({ length: producerOf(cluster, 'shop').notebook.sent }, (_, i) => `shop-${i + 1}`)

describe('S14, FLT-1: the leader is killed', () => {
  test('the producer waits for the new leader, and everything is there once and in order', () => {
    const cluster = clusterOf({ t: 1 }, shop(), reader)
    start(cluster, 'shop', 'R')
    run(cluster, 10)
    act(cluster, { do: 'crash', node: 'b1' })
    run(cluster, 30)
    const { notebook, metadata } = producerOf(cluster, 'shop')
    expect(notebook).toMatchObject({ failed: 0, lastError: undefined })
    expect(notebook.longestGap).toBeGreaterThan(7 * SECOND)
    expect(notebook.longestGap).toBeLessThan(10.6 * SECOND)
    expect(metadata.beliefs.get('t/0')).toEqual({ leader: 'b2', epoch: 1 })
    expect(factsOf(cluster, 'metadata.refreshed').filter(({ node }) => node === 'shop').map(({ fact }) => [fact.leader,
      fact.epoch])).toEqual([['b2', 1]])
    act(cluster, { do: 'restart', node: 'b1' })
    run(cluster, 40)
    expect(readAll(cluster, 45)).toEqual(sentInOrder(cluster))
    expect(ledger(cluster)).toMatchObject({ lost: [], duplicated: 0, ackedInvisible: 0 })
  })

  test('without idempotence a batch whose answer was lost may stand twice', () => {
    const copies = [1, 2, 3, 4, 5, 6].map((seed) => {
      const cluster = clusterOf({ t: 1 }, shop({ 'enable.idempotence': false, 'linger.ms': 0 }), reader, {}, seed)
      start(cluster, 'shop', 'R')
      run(cluster, 10 + seed / 500)
      act(cluster, { do: 'crash', node: 'b1' })
      run(cluster, 30)
      return readAll(cluster, 35).length - sentInOrder(cluster).length
    })
    expect(Math.max(...copies)).toBeGreaterThanOrEqual(1)
    expect(Math.min(...copies)).toBeGreaterThanOrEqual(0)
  })
})

describe('S15, FLT-3: the leader is stopped in order', () => {
  test('the answer names its successor, so that nobody waits', () => {
    const cluster = clusterOf({ t: 1 }, shop(), reader)
    start(cluster, 'shop', 'R')
    run(cluster, 10)
    act(cluster, { do: 'stop', node: 'b1' })
    run(cluster, 20)
    const { notebook } = producerOf(cluster, 'shop')
    expect(notebook.failed).toBe(0)
    expect(notebook.longestGap).toBeLessThan(0.5 * SECOND)
    expect(readAll(cluster, 25)).toEqual(sentInOrder(cluster))
  })
})

describe('FLT-12: the leader is frozen, and wakes after another has taken its place', () => {
  test('acks=all: nothing is lost or repeated', () => {
    const cluster = clusterOf({ t: 1 }, shop(), reader)
    start(cluster, 'shop', 'R')
    run(cluster, 10)
    act(cluster, { do: 'pause', node: 'b1' })
    run(cluster, 25)
    act(cluster, { do: 'resume', node: 'b1' })
    run(cluster, 60)
    expect(producerOf(cluster, 'shop').notebook.failed).toBe(0)
    expect(readAll(cluster, 70)).toEqual(sentInOrder(cluster))
    expect(ledger(cluster)).toMatchObject({ lost: [], duplicated: 0 })
  })

  test('acks=1: what it acknowledges on waking, before it hears of its successor, is gone', () => {
    const cluster = clusterOf({ t: 1 }, shop({ acks: '1' }), reader)
    start(cluster, 'shop', 'R')
    run(cluster, 10)
    act(cluster, { do: 'pause', node: 'b1' })
    run(cluster, 25)
    act(cluster, { do: 'resume', node: 'b1' })
    run(cluster, 60)
    expect(ledger(cluster).lost.length).toBeGreaterThan(0)
    expect(producerOf(cluster, 'shop').notebook.failed).toBe(0)
  })
})

describe('S13: too few replicas in sync', () => {
  test('acks=all: refused and tried again until delivery.timeout.ms; without retries the error itself; acks=1 is acknowledged', () => {
    const cluster = clusterOf({ t: 1 }, {
      all: { topic: 't', configs: { 'delivery.timeout.ms': 35_000 } }, once: { topic: 't', configs: { retries: 0 } },
        one: { topic: 't', configs: { acks: '1' } },
    }, {})
    act(cluster, { do: 'crash', node: 'b2' })
    act(cluster, { do: 'crash', node: 'b3' })
    run(cluster, 15)
    for (const id of ['all', 'once', 'one']) tell(cluster, id, { type: 'send', records: [{}] } as never)
    run(cluster, 60)
    expect(outcomeOf(producerOf(cluster, 'all').notebook, 0)).toMatchObject({ error: 'TIMED_OUT' })
    expect(producerOf(cluster, 'all').notebook.errors.get('NOT_ENOUGH_REPLICAS')).toBeGreaterThan(30)
    expect(outcomeOf(producerOf(cluster, 'once').notebook, 0)).toMatchObject({ error: 'NOT_ENOUGH_REPLICAS' })
    expect(outcomeOf(producerOf(cluster, 'one').notebook, 0)).toMatchObject({ error: 'NONE', offset: 0 })
    expect(ledger(cluster).ackedInvisible).toBe(1)
  })
})

test('FLT-2: a leader behind a dead link is only found out by request.timeout.ms', () => {
  const cluster = clusterOf({ t: 1 }, shop(), reader)
  start(cluster, 'shop', 'R')
  run(cluster, 10)
  for (const peer of ['shop', 'R', 'b2', 'b3', 'k1', 'k2', 'k3']) {
    act(cluster, { do: 'cut', from: 'b1', to: peer, traffic: 'all' })
    act(cluster, { do: 'cut', from: peer, to: 'b1', traffic: 'all' })
  }
  run(cluster, 60)
  const { notebook } = producerOf(cluster, 'shop')
  expect(notebook.failed).toBe(0)
  expect(notebook.longestGap).toBeGreaterThan(29 * SECOND)
  expect(notebook.longestGap).toBeLessThan(33 * SECOND)
  expect(readAll(cluster, 70)).toEqual(sentInOrder(cluster))
})
