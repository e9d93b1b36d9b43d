/** KIP-392: consumers read from a replica in their rack. Brokers b1 to b3 stand in racks r1 to r3. */
import { describe, expect, test } from 'vitest'
import { between, newChunks } from '../../base/chunks.ts'
import type { ConsumerConfig, ConsumerState } from '../client/consumer/state.ts'
import { orders, producer, TestCluster, type TestOptions } from '../testing.ts'

const byRack = { 'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector' }
const reader = (rack: string | undefined): ConsumerConfig => ({
  id: 'c', library: 'java', group: undefined, topics: [], assign: ['orders/0'], bootstrap: ['b1'],
  configs: { 'auto.offset.reset': 'earliest', ...(rack === undefined ? {} : { 'client.rack': rack }) },
})
function filled(rack: string | undefined, more: TestOptions = {}): TestCluster {
  const cluster = new TestCluster({ topics: [orders({}, [[1, 2, 3]])], producers: [producer('p')], consumers: [reader(rack)], overrides: byRack, ...more })
  for (let i = 0; i < 10; i++) cluster.send('p', { value: String(i) })
  return cluster.run(1)
}
const stateOf = (cluster: TestCluster) => cluster.sim.world.nodes.get('c')!.state as ConsumerState
const returned = (cluster: TestCluster): number[] => [...between(stateOf(cluster).notebook.returned.get('orders/0') ?? newChunks<number>(), 0)]
const fetches = (cluster: TestCluster): Readonly<Record<string, number>> => Object.fromEntries(stateOf(cluster).notebook.fetches)
const ten = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

describe('who is read from', () => {
  // "The leader ... returns the preferred replica to the consumer" and no records; from then on the consumer reads there.
  test('a replica in the rack', () => {
    const cluster = filled('r3').start('c').run(3)
    expect(returned(cluster)).toEqual(ten)
    expect(fetches(cluster)).toMatchObject({ b1: 1 })
    expect(cluster.facts('fetch.redirected')).toEqual([{ code: 'fetch.redirected', consumer: 'c', partition: 'orders/0', from: 'b1', to: 'b3', rack: 'r3' }])
  })
  test.each([['without a rack', undefined, byRack], ['in the rack of the leader', 'r1', byRack], ['in a rack without a replica', 'r9', byRack], ['without a selector', 'r3', {}]] as const)('the leader: %s', (_, rack, overrides) => {
    const cluster = filled(rack, { overrides }).start('c').run(3)
    expect([returned(cluster), Object.keys(fetches(cluster)), cluster.facts('fetch.redirected')]).toEqual([ten, ['b1'], []])
  })
  // ReplicaManager#findPreferredReadReplica: only those of the ISR that have the offset.
  test('the leader, while the replica there has not what is asked for', () => {
    const cluster = filled('r3').stallFetch('b3').send('p', { value: 'new' })
    cluster.runUntil(() => !cluster.truth().isr.includes(3), 60).start('c').run(1)
    expect([returned(cluster).length, Object.keys(fetches(cluster))]).toEqual([11, ['b1']])
    cluster.tell('b3', { type: 'resumeFetch' }).runUntil(() => cluster.truth().isr.includes(3), 10).run(1.5)
    expect(Object.keys(fetches(cluster))).toEqual(['b1', 'b3'])
  })
})

describe('a follower serves', () => {
  // "The follower ... can serve reads up to its own high watermark", which it hears of with its next fetch.
  test('what it knows to be committed, as soon as it knows', () => {
    const cluster = filled('r3').start('c').run(3)
    cluster.send('p', { value: 'new' }).runUntil(() => cluster.replica(1).highWatermark === 11)
    expect(returned(cluster)).toEqual(ten)
    cluster.runUntil(() => cluster.replica(3).highWatermark === 11).run(0.01)
    expect(returned(cluster)).toEqual([...ten, 10])
  })
  test('nobody who did not say its rack', () => {
    const cluster = filled(undefined)
    const partitions = [{ partition: 'orders/0', fetchOffset: 0, currentLeaderEpoch: 0, lastFetchedEpoch: -1, partitionMaxBytes: 1000 }]
    cluster.ask('b2', { type: 'FetchRequest', clientId: 'probe', replicaId: -1, brokerEpoch: -1, maxWaitMs: 0, minBytes: 1, maxBytes: 1000, partitions } as { type: string }).run(0.1)
    expect(cluster.answers.at(-1)!.message).toMatchObject({ partitions: [{ error: 'NOT_LEADER_OR_FOLLOWER' }] })
  })
})

describe('back to the leader', () => {
  // "Out of range ... the consumer should ... retry with the leader" before it resets anything.
  test('when the follower is behind: nothing is reset', () => {
    const cluster = filled('r3').start('c').run(2).stallFetch('b3').run(1)
    for (let i = 0; i < 5; i++) cluster.send('p', { value: `more ${i}` })
    cluster.tell('c', { type: 'seek', partition: 'orders/0', to: 14, withEpoch: false } as { type: string })
    cluster.runUntil(() => !cluster.truth().isr.includes(3), 60).run(2)
    expect([stateOf(cluster).notebook.errors.get('OFFSET_OUT_OF_RANGE'), stateOf(cluster).positions.get('orders/0')!.offset]).toEqual([1, 15])
    expect(cluster.facts('offset.reset')).toHaveLength(1)
  })
  test('when it does not answer, and to it again when it is in sync again', () => {
    const cluster = filled('r3').start('c').run(2).act('crash', 'b3').send('p', { value: 'new' })
    cluster.runUntil(() => !cluster.truth().isr.includes(3), 30).run(1)
    expect(returned(cluster)).toEqual([...ten, 10])
    cluster.act('restart', 'b3').runUntil(() => cluster.truth().isr.includes(3), 30).run(3)
    expect(stateOf(cluster).positions.get('orders/0')!.preferred?.node).toBe('b3')
  })
  // "metadata.max.age.ms": it is asked anew who is nearest.
  test('after metadata.max.age.ms', () => {
    const cluster = filled('r3').start('c').run(299)
    expect(fetches(cluster)['b1']).toBe(1)
    cluster.run(3)
    expect(fetches(cluster)['b1']).toBe(2)
    expect(cluster.facts('fetch.redirected')).toHaveLength(2)
  })
})
