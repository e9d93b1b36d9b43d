import { describe, expect, test } from 'vitest'
import { at } from '../base/chunks.ts'
import { deepFreeze, findNonTree } from '../base/clone.ts'
import { printed } from '../base/hash.ts'
import { SECOND } from '../base/units.ts'
import { resumeFrom, runUntil } from '../engine/simulation.ts'
import { asText } from '../engine/testing.ts'
import { cloneWorld } from '../engine/world.ts'
import { newCluster, roundRobinPlacement, type ClusterSpec } from './cluster.ts'
import { orders, producer, someRecords, TestCluster } from './testing.ts'

describe('00:00', () => {
  const cluster = new TestCluster({ brokers: 4, topics: [{ ...orders({ 'min.insync.replicas': '2' }, [[2, 3, 1], [3, 1, 2]]), records: [someRecords(3), []] }] })

  test('brokers are registered and unfenced, by the records of the metadata log', () => {
    const { committed, log, highWatermark } = cluster.controller()
    const brokers = [...committed.brokers.values()]
    expect(brokers.map(({ name, fenced }) => [name, fenced])).toEqual([['b1', false], ['b2', false], ['b3', false], ['b4', false]])
    for (const { name, epoch } of brokers) expect(at(log, epoch)!.record).toMatchObject({ type: 'RegisterBrokerRecord', name })
    expect(highWatermark).toBe(log.length)
    for (const id of [1, 2, 3, 4]) expect(cluster.broker(id)).toMatchObject({ brokerEpoch: committed.brokers.get(id)!.epoch, lifecycle: 'running', published: true, metadata: { endOffset: log.length } })
  })

  test('the first replica leads in epoch 0, all of them are in sync', () => {
    expect(cluster.truth('orders/0')).toMatchObject({ leader: 2, leaderEpoch: 0, partitionEpoch: 0, isr: [2, 3, 1], replicas: [2, 3, 1] })
    expect(cluster.leading(2).isr).toEqual({ kind: 'Committed', isr: [2, 3, 1], epoch: 0 })
    expect(cluster.replica(3, 'orders/1').leading).toBeDefined()
  })

  test('the records that a topic begins with are everywhere, and committed', () => {
    for (const id of [1, 2, 3]) {
      expect(cluster.replica(id)).toMatchObject({ highWatermark: 3, log: { endOffset: 3, epochs: [[0, 0]] } })
      expect(cluster.replica(id, 'orders/1')).toMatchObject({ highWatermark: 0, log: { endOffset: 0 } })
    }
  })

  test('who has no replica of a partition has none', () => expect(cluster.broker(4).replicas.size).toBe(0))

  test('__consumer_offsets is there where a consumer needs it, with the numbers of its configs', () => {
    const consumer = { id: 'c1', library: 'java', group: 'g', topics: ['orders'], bootstrap: ['b1'], configs: {} } as const
    const partitions = (overrides = {}) => new TestCluster({ overrides, consumers: [consumer] }).controller().committed.topics.get('__consumer_offsets')?.partitions.length
    expect([partitions(), partitions({ 'offsets.topic.num.partitions': 3 }), cluster.controller().committed.topics.has('__consumer_offsets')]).toEqual([50, 3, false])
  })
})

test('replicas go round the brokers', () => {
  expect(roundRobinPlacement([1, 2, 3], 4, 2)).toEqual([[1, 2], [2, 3], [3, 1], [1, 2]])
})

/** A cluster with everything going on in it. */
function busy(): TestCluster {
  return new TestCluster({
    topics: [orders({ 'min.insync.replicas': '2' }, [[1, 2, 3], [2, 3, 1], [3, 1, 2]])], jitter: 2000, overrides: { 'offsets.topic.num.partitions': 3 },
    producers: [producer('shop', {}, { rate: { count: 20, per: SECOND }, keys: ['ann', 'ben', 'chloe'] }), producer('quick', { acks: '1' }, { rate: { count: 10, per: SECOND } })],
    consumers: ['c1', 'c2'].map((id) => ({ id, library: 'java' as const, group: 'readers', topics: ['orders'], bootstrap: ['b1', 'b2', 'b3'], configs: {} })),
  }).start('shop', 'quick', 'c1', 'c2').run(5).cut('b1-b3', 'replication').act('crash', 'b2').run(3).act('pause', 'b3').run(2)
}

describe('a world', () => {
  test('is a tree of plain data, whatever goes on in it (contract 11)', () => {
    const cluster = busy()
    for (const seconds of [0, 0.5, 1, 5]) {
      const { nodes, connections, links } = cluster.run(seconds).sim.world
      expect(findNonTree([[...nodes.values()].map(({ state, disk, timers, random }) => [state, disk, timers, random]), connections, links])).toBeUndefined()
    }
  })

  test('remembered stays as it was while the run goes on, and the run goes on from it as it did (contract 12)', () => {
    const cluster = busy()
    const kept = cloneWorld(cluster.sim.world)
    const text = asText(kept)
    cluster.act('resume', 'b3').act('restart', 'b2').heal('b1-b3').run(10)
    const end = printed(cluster.sim.world.hash)
    expect(asText(kept)).toBe(text)
    resumeFrom(cluster.sim, kept)
    cluster.act('resume', 'b3').act('restart', 'b2').heal('b1-b3').run(10)
    expect(printed(cluster.sim.world.hash)).toBe(end)
  })

  test('needs no message to change after it was sent', () => {
    const spec: ClusterSpec = { seed: 1, hop: 5000, jitter: 0, controllers: 3, brokers: [1, 2, 3].map((id) => ({ id, rack: undefined, overrides: {} })), overrides: {}, topics: [orders()], producers: [producer('shop', {}, { rate: { count: 20, per: SECOND } })], consumers: [] }
    const sim = newCluster(spec, { sent: (_id, _step, _wire, _from, _to, message) => void deepFreeze(message), amended: () => undefined, noted: (_at, _step, _cause, _node, fact) => void deepFreeze(fact), stepped: () => undefined })
    expect(() => runUntil(sim, 5 * SECOND)).not.toThrow()
  })

  test('is the same for the same seed, and another for another', () => {
    const print = (seed: number) => printed(new TestCluster({ seed, jitter: 1000, producers: [producer('shop', {}, { rate: { count: 5, per: SECOND } })] }).start('shop').run(4).sim.world.hash)
    expect(print(1)).toBe(print(1))
    expect(print(1)).not.toBe(print(2))
  })
})
