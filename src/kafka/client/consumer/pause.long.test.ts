/** KafkaConsumer.pause() and resume(), held against a cluster that runs. CSM-4 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { between, newChunks } from '../../../base/chunks.ts'
import '../../whole.ts'
import { consumerOf, groupOf } from '../../look.ts'
import type { FetchRequest } from '../../protocol/fetch.ts'
import { orders, producer, TestCluster } from '../../testing.ts'
import { pausedOf } from './paused.ts'
import type { ConsumerCall, ConsumerConfig, ConsumerState } from './state.ts'

const EARLIEST = { 'auto.offset.reset': 'earliest', 'session.timeout.ms': 6000, 'heartbeat.interval.ms': 1000 }
const twoPartitions = [orders({}, [[1, 2, 3], [1, 2, 3]])]
const BOTH = ['orders/0', 'orders/1'] as const

const reader = (id: string, more: Partial<ConsumerConfig> = {}, configs: ConsumerConfig['configs'] = {}): ConsumerConfig =>
  ({ id, library: 'java', group: 'g', topics: ['orders'], bootstrap: ['b1'], configs: { ...EARLIEST, ...configs }, ...more })
const byHand = (configs: ConsumerConfig['configs'] = {}): ConsumerConfig => reader('c', { group: undefined, topics: [], assign: BOTH, polls: 'manual' }, configs)

const stateOf = (cluster: TestCluster, id = 'c'): ConsumerState => consumerOf(cluster.sim.world.nodes.get(id)) as ConsumerState
const returned = (cluster: TestCluster, partition: string, id = 'c'): number[] => [...between(stateOf(cluster, id).notebook.returned.get(partition) ?? newChunks<number>(), 0)]
const call = (cluster: TestCluster, ...calls: ConsumerCall[]): TestCluster => {
  for (const one of calls) cluster.tell('c', one)
  return cluster
}
const pause = (...partitions: string[]): ConsumerCall => ({ type: 'pause', partitions })
const resume = (...partitions: string[]): ConsumerCall => ({ type: 'resume', partitions })
const poll: ConsumerCall = { type: 'poll' }
/** Partitions that it has asked for from this message on. */
const askedFor = (cluster: TestCluster, from: number): Set<string> =>
  new Set(cluster.sent.slice(from).flatMap((sent) => (sent.from === 'c' && sent.message.type === 'FetchRequest' ? (sent.message as FetchRequest).partitions.map(({ partition }) => partition) : [])))
function send(cluster: TestCluster, partition: number, count: number): TestCluster {
  for (let i = 0; i < count; i++) cluster.send('p', { partition, value: `${partition}-${i}` })
  return cluster
}
const clusterWith = (...consumers: ConsumerConfig[]): TestCluster => new TestCluster({ topics: twoPartitions, producers: [producer('p')], consumers })

// "Suspend fetching from the requested partitions. Future calls to poll(Duration) will not return any records from these partitions until
// they have been resumed using resume(Collection)."
describe('pause()', () => {
  test('what is paused is neither asked for nor returned; the rest is, also from the same broker', () => {
    const cluster = send(send(clusterWith(byHand()).run(1), 0, 3), 1, 3).run(1).start('c')
    call(cluster, pause('orders/0'), poll).run(2)
    const from = cluster.sent.length
    call(send(send(cluster, 0, 2), 1, 2), poll, poll).run(2)
    expect([returned(cluster, 'orders/0'), returned(cluster, 'orders/1')]).toEqual([[], [0, 1, 2, 3, 4]])
    expect(askedFor(cluster, from)).toEqual(new Set(['orders/1']))
    call(cluster, resume('orders/0'), poll, poll).run(2)
    expect(returned(cluster, 'orders/0')).toEqual([0, 1, 2, 3, 4])
    expect([...cluster.facts('partitions.paused'), ...cluster.facts('partitions.resumed')].map(({ partitions }) => partitions)).toEqual([['orders/0'], ['orders/0']])
  })

  // FetchCollector: "we add the records back to the completedFetches queue instead of draining them so that they can be returned on a
  // subsequent poll if the partition is resumed at that time".
  test('what had been fetched waits, blocks nobody, and is returned without being fetched again', () => {
    const cluster = send(clusterWith(byHand({ 'max.poll.records': 2 })).run(1), 0, 6).run(1).start('c')
    call(cluster, poll).run(1)
    expect(returned(cluster, 'orders/0')).toEqual([0, 1])
    call(send(cluster, 1, 1), pause('orders/0'), poll, poll).run(3)
    expect([returned(cluster, 'orders/0'), returned(cluster, 'orders/1')]).toEqual([[0, 1], [0]])
    expect(stateOf(cluster).fetched.map(({ partition }) => partition)).toEqual(['orders/0'])
    const from = cluster.sent.length
    call(cluster, resume('orders/0'), poll).run(0.001)
    expect(returned(cluster, 'orders/0')).toEqual([0, 1, 2, 3])
    expect(askedFor(cluster, from).has('orders/0')).toBe(false)
  })

  test('the position can be moved meanwhile; what waits for another place is not returned', () => {
    const cluster = send(clusterWith(byHand({ 'max.poll.records': 2 })).run(1), 0, 6).run(1).start('c')
    call(cluster, poll).run(1)
    call(cluster, pause('orders/0'), { type: 'seek', partition: 'orders/0', to: 5, withEpoch: false }, poll).run(2)
    expect(returned(cluster, 'orders/0')).toEqual([0, 1])
    call(cluster, resume('orders/0'), poll).run(2)
    expect(returned(cluster, 'orders/0')).toEqual([0, 1, 5])
  })

  // "This method does not affect partition subscription. In particular, it does not cause a group rebalance when automatic assignment is used."
  test('its group sees nothing of it, as long as it polls', () => {
    const cluster = clusterWith(reader('c')).start('c').run(5)
    call(cluster, pause(...BOTH)).run(30)
    send(cluster, 0, 3).run(6)
    expect(groupOf(cluster.sim.world, 'g').group!.members).toHaveLength(1)
    expect(cluster.facts('rebalance.started')).toHaveLength(1)
    expect(pausedOf(stateOf(cluster))).toEqual(['orders/0', 'orders/1'])
    expect(stateOf(cluster).notebook.handled.length).toBe(0)
  })

  test('who does not poll is out of the group all the same', () => {
    const cluster = clusterWith(reader('c', { polls: 'manual' }, { 'max.poll.interval.ms': 5000 })).start('c')
    for (let i = 0; i < 50; i++) call(cluster, poll).run(0.1)
    call(cluster, pause('orders/0')).run(12)
    expect(cluster.facts('member.left')).toMatchObject([{ member: 'c' }])
  })

  // SubscriptionState#assignedState: IllegalStateException("No current assignment for partition " + tp)
  test.each(['pause', 'resume'] as const)('%s() of what it does not have throws; what was named before it is done', (type) => {
    const cluster = clusterWith(byHand()).start('c')
    call(cluster, pause('orders/1'), { type, partitions: ['orders/0', 'orders/9', 'orders/1'] }).run(1)
    expect(pausedOf(stateOf(cluster))).toEqual(type === 'pause' ? ['orders/0', 'orders/1'] : ['orders/1'])
    expect(cluster.facts('client.misused')).toEqual([{ code: 'client.misused', client: 'c', how: type, state: '', message: 'No current assignment for partition orders/9' }])
  })

  test('twice is once, and a new process has paused nothing', () => {
    const cluster = clusterWith(byHand()).start('c')
    call(cluster, pause('orders/0'), pause('orders/0'), resume('orders/1')).run(1)
    expect([cluster.facts('partitions.paused').length, cluster.facts('partitions.resumed').length]).toEqual([1, 0])
    cluster.act('crash', 'c').run(1).act('restart', 'c').run(1)
    expect(pausedOf(stateOf(cluster))).toEqual([])
  })
})

// "Note: Rebalance will not preserve the pause/resume state." An eager member gives up everything; others keep what they keep, and with it
// the flag, which is a part of it (SubscriptionState#assignFromSubscribed).
describe('a rebalance', () => {
  test.each([
    ['range', {}, []], ['cooperative-sticky', {}, ['orders/0']], ['consumer', { 'group.protocol': 'consumer' }, ['orders/0']],
  ] as const)('takes the flag with what it takes: %s', (strategy, own, kept) => {
    const configs = { ...own, ...(strategy === 'consumer' ? {} : { 'partition.assignment.strategy': strategy }) }
    const cluster = clusterWith(reader('c', {}, configs), reader('d', {}, configs)).start('c').run(8)
    call(cluster, pause(...BOTH)).run(1)
    cluster.start('d').run(15)
    expect(pausedOf(stateOf(cluster))).toEqual(kept)
    expect(pausedOf(stateOf(cluster, 'd'))).toEqual([])
    expect(cluster.facts('partitions.revoked').map(({ paused }) => paused)).toEqual([kept.length === 0 ? [...BOTH] : ['orders/1']])
    send(send(cluster, 0, 2), 1, 2).run(2)
    const read = (partition: string): number[] => [...returned(cluster, partition), ...returned(cluster, partition, 'd')]
    expect([read('orders/0'), read('orders/1')]).toEqual([kept.length === 0 ? [0, 1] : [], [0, 1]])
    // What comes back is not paused any more.
    cluster.act('stop', 'd').run(15)
    expect(pausedOf(stateOf(cluster))).toEqual(kept)
    expect(read('orders/1')).toEqual([0, 1])
  })
})

describe('whatever is paused and resumed when', () => {
  const deed = fc.record({
    at: fc.integer({ min: 1, max: 80 }), what: fc.constantFrom('pause', 'pause', 'pause', 'resume', 'resume', 'start', 'start', 'start', 'stop', 'crash'), who: fc.constantFrom('c', 'd'),
    of: fc.constantFrom(['orders/0'], ['orders/1'], [...BOTH]),
  })

  /** As the story tells it: nobody reads what it has paused, and nobody leaves a gap or goes back as long as it has the partition. */
  function checkStory({ told }: TestCluster): void {
    const paused = new Set<string>(), next = new Map<string, number>()
    const forget = (client: string, partitions: readonly string[] = BOTH): void => {
      for (const partition of partitions) {
        paused.delete(`${client} ${partition}`)
        next.delete(`${client} ${partition}`)
      }
    }
    for (const { fact } of told) {
      if (fact.code === 'partitions.paused') for (const partition of fact.partitions) paused.add(`${fact.consumer} ${partition}`)
      if (fact.code === 'partitions.resumed') for (const partition of fact.partitions) paused.delete(`${fact.consumer} ${partition}`)
      if (fact.code === 'node.crashed' || fact.code === 'node.stopped') forget(fact.node)
      if (fact.code === 'partitions.revoked' || fact.code === 'partitions.lost') forget(fact.member, fact.partitions)
      if (fact.code !== 'records.read') continue
      const key = `${fact.consumer} ${fact.partition}`
      expect(paused).not.toContain(key)
      expect(fact.base).toBe(next.get(key) ?? fact.base)
      next.set(key, fact.last + 1)
    }
  }

  function perform(cluster: TestCluster, what: string, who: string, of: readonly string[]): void {
    const { condition } = cluster.sim.world.nodes.get(who)!
    if (what === 'start' && condition === 'down') cluster.act('restart', who)
    else if (what === 'start') cluster.start(who)
    else if (condition === 'running' && (what === 'stop' || what === 'crash')) cluster.act(what, who)
    else if (condition === 'running') cluster.tell(who, { type: what, partitions: of } as ConsumerCall)
  }

  test.each(['range', 'cooperative-sticky', 'consumer'] as const)('every record is read, in order, and nothing of what is paused: %s', (strategy) => {
    const own = strategy === 'consumer' ? { 'group.protocol': strategy } : { 'partition.assignment.strategy': strategy }
    let paused = 0
    fc.assert(fc.property(fc.noBias(fc.array(deed, { minLength: 12, maxLength: 20 })), fc.nat(99), (deeds, seed) => {
      const readers = ['c', 'd'].map((id) => reader(id, { processMs: 20 }, { ...own, 'max.poll.records': 3 }))
      const cluster = new TestCluster({ topics: twoPartitions, producers: [producer('p')], consumers: readers, seed, overrides: { 'group.consumer.session.timeout.ms': 6000, 'group.consumer.min.session.timeout.ms': 6000 } }).start('c').run(5)
      for (let tick = 1; tick <= 80; tick++) {
        send(send(cluster, 0, 1), 1, 1)
        for (const { at, what, who, of } of deeds) if (at === tick) perform(cluster, what, who, of)
        cluster.run(0.25)
      }
      for (const id of ['c', 'd']) perform(cluster.run(7), 'start', id, [])
      cluster.run(30)
      for (const id of ['c', 'd']) cluster.tell(id, resume(...stateOf(cluster, id).positions.keys()))
      cluster.run(8)
      checkStory(cluster)
      paused += cluster.facts('partitions.paused').length
      for (const partition of BOTH) expect(new Set([...returned(cluster, partition, 'c'), ...returned(cluster, partition, 'd')]).size).toBe(80)
    }), { seed: 3, numRuns: 16 })
    expect(paused).toBeGreaterThan(12)
  })
})
