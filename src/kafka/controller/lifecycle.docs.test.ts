/** Brokers as their controller sees them: sessions, fencing, registration, orderly stops, preferred leaders. */
import { describe, expect, test } from 'vitest'
import { SECOND } from '../../base/units.ts'
import type { BrokerRegistrationResponse } from '../protocol/controller.ts'
import type { MetadataRequest, MetadataResponse } from '../protocol/metadata.ts'
import { orders, producer, steady, TestCluster } from '../testing.ts'

const withoutElr = { 'eligible.leader.replicas.version': 0 }

describe('a broker is killed', () => {
  // Kafka docs 4.x, Replication: "If the controller fails to receive a heartbeat before the timeout configured by
  // broker.session.timeout.ms expires, then the broker is considered offline." CTL-10: "7-10.1 s after a crash".
  test.each([0, 0.5, 1, 1.5, 1.9])('it is fenced 7 to 10.1 s later (%d s after its heartbeat)', (phase) => {
    const cluster = new TestCluster().runTo(4.1 + phase).act('crash', 'b1')
    const begin = cluster.now / SECOND
    cluster.run(12)
    const after = cluster.firstAt('broker.fenced')! - begin
    expect(after).toBeGreaterThanOrEqual(7)
    expect(after).toBeLessThanOrEqual(10.13)
    expect(cluster.facts('broker.fenced')[0]!.silentMs).toBeGreaterThan(9000)
    expect(cluster.facts('broker.fenced')[0]!.silentMs).toBeLessThanOrEqual(10125)
  })

  // CTL-2, CTL-3, CTL-10: out of the ISR and a new leader in one change: leader epoch +1, partition epoch +1.
  test('its partitions get the next leader, and lose it from their ISR, in one change each', () => {
    const cluster = new TestCluster({ topics: [orders({}, [[1, 2, 3], [2, 1, 3], [3, 1, 2]])] }).run(1).act('crash', 'b1').run(12)
    expect(cluster.truth('orders/0')).toMatchObject({ leader: 2, isr: [2, 3], leaderEpoch: 1, partitionEpoch: 1 })
    expect(cluster.truth('orders/1')).toMatchObject({ leader: 2, isr: [2, 3], leaderEpoch: 0, partitionEpoch: 1 })
    expect(cluster.truth('orders/2')).toMatchObject({ leader: 3, isr: [3, 2], leaderEpoch: 0, partitionEpoch: 1 })
    expect(cluster.facts('leader.elected')).toEqual([{ code: 'leader.elected', partition: 'orders/0', leader: 'b2', epoch: 1, how: 'clean' }])
  })

  // CTL-10: "One stale broker per run, then rescheduled at once while more are stale."
  test('two at once are fenced one after the other', () => {
    const cluster = new TestCluster().run(1).act('crash', 'b1', 'b2').run(12)
    expect(cluster.facts('broker.fenced').map(({ node }) => node)).toEqual(['b1', 'b2'])
    expect(cluster.truth()).toMatchObject({ leader: 3, isr: [3] })
  })

  // CTL-5: "ELR off. The last ISR member is never removed: ISR stays {x} and leader -1 until x returns."
  test('the last member stays in the ISR, without a leader, until it is back', () => {
    const cluster = new TestCluster({ features: withoutElr, producers: [producer('shop', { acks: '1' })] }).send('shop', { value: 'x' }).run(1)
    cluster.act('crash', 'b2', 'b3').run(12).act('crash', 'b1').run(12)
    expect(cluster.truth()).toMatchObject({ leader: -1, isr: [1], leaderEpoch: 1 })
    expect(cluster.facts('leader.lost')).toEqual([{ code: 'leader.lost', partition: 'orders/0', epoch: 1, was: 'b1' }])
    cluster.act('restart', 'b2', 'b3').run(5)
    expect(cluster.truth()).toMatchObject({ leader: -1, isr: [1] })
    cluster.act('restart', 'b1').run(5)
    expect(cluster.truth()).toMatchObject({ leader: 1, leaderEpoch: 2 })
    expect(cluster.truth().isr.slice().sort((a, b) => a - b)).toEqual([1, 2, 3])
  })
})

describe('a broker comes back', () => {
  // CTL-13: "a quick restart after a crash retries every 2 s until the old session runs out".
  test('soon after a crash: refused while its old session lives, so it is fenced first', () => {
    const cluster = new TestCluster().run(2.5).act('crash', 'b3').run(1).act('restart', 'b3').run(12)
    const refused = cluster.sent.filter(({ message }) => message.type === 'BrokerRegistrationResponse' && (message as { error?: string }).error === 'DUPLICATE_BROKER_REGISTRATION')
    expect(refused.length).toBeGreaterThanOrEqual(3)
    expect(refused.slice(1).map(({ at }, i) => Math.round((at - refused[i]!.at) / 1000))).toEqual(refused.slice(1).map(() => 2010))
    expect(cluster.firstAt('broker.registered')!).toBeGreaterThan(cluster.firstAt('broker.fenced')!)
    expect(cluster.truth().isr).toEqual([1, 2, 3])
    expect(cluster.controller().image.brokers.get(3)!.epoch).toBe(cluster.broker(3).brokerEpoch)
  })

  // Kafka docs 4.x, Balancing leadership: "When the broker is restarted it will only be a follower for all its partitions".
  test('it only follows', () => {
    const cluster = new TestCluster({ producers: [producer('shop', {}, steady)] }).start('shop').run(1).act('crash', 'b1').run(15).act('restart', 'b1').run(5)
    expect(cluster.truth()).toMatchObject({ leader: 2, isr: [2, 3, 1] })
    expect(cluster.replica(1)).toMatchObject({ leading: undefined, leader: 2 })
  })

  // CTL-7, and the same docs: with auto.leader.rebalance.enable the preferred replica leads again at the next check, 300 s apart.
  test('it leads again at the next check of leader.imbalance.check.interval.seconds', () => {
    const cluster = new TestCluster().run(1).act('crash', 'b1').run(15).act('restart', 'b1').runTo(299)
    expect(cluster.truth().leader).toBe(2)
    cluster.runTo(301)
    expect(cluster.truth()).toMatchObject({ leader: 1, leaderEpoch: 2 })
    expect(cluster.facts('leader.elected').at(-1)).toMatchObject({ how: 'preferred', leader: 'b1' })
  })

  test('with auto.leader.rebalance.enable=false it never does', () => {
    const cluster = new TestCluster({ overrides: { 'auto.leader.rebalance.enable': false } }).run(1).act('crash', 'b1').run(15).act('restart', 'b1').runTo(601)
    expect(cluster.truth().leader).toBe(2)
  })

  // CTL-12: "Unfence requires: wants it, and has applied metadata up to its own registration record."
  test('it answers nobody before it has caught up with the metadata log', () => {
    const request: MetadataRequest = { type: 'MetadataRequest', clientId: 'probe', topics: ['orders'] }
    const cluster = new TestCluster().run(1).act('crash', 'b1').run(12).act('pause', 'k1').act('restart', 'b1').run(1).ask('b1', request).run(3)
    expect(cluster.answers).toEqual([])
    cluster.act('resume', 'k1').run(1)
    expect((cluster.answers[0]!.message as MetadataResponse).topics[0]!.partitions[0]).toMatchObject({ leaderId: 2, leaderEpoch: 1 })
  })
})

describe('an orderly stop', () => {
  // Kafka docs 4.x, Graceful shutdown: "It will migrate any partitions the server is the leader for to other replicas prior to
  // shutting down. This will make the leadership transfer faster and minimize the time each partition is unavailable to a few
  // milliseconds." CTL-14, FLT-3
  test('leaderships move at once; it goes when it leads nothing and the others know', () => {
    const cluster = new TestCluster({ topics: [orders({}, [[1, 2, 3], [2, 3, 1]])] }).run(1.5).act('stop', 'b1')
    const begin = cluster.now / SECOND
    cluster.run(6)
    expect(cluster.firstAt('leader.started', ({ node }) => node === 'b2', begin)! - begin).toBeLessThan(0.1)
    expect(cluster.facts('leader.elected')).toEqual([{ code: 'leader.elected', partition: 'orders/0', leader: 'b2', epoch: 1, how: 'controlledShutdown' }])
    expect(cluster.truth('orders/1')).toMatchObject({ isr: [2, 3], leader: 2, leaderEpoch: 0 })
    expect(cluster.facts('node.stopped')[0]!.tookMs).toBeLessThan(4500)
    expect(cluster.facts('broker.fenced')).toEqual([])
    expect(cluster.controller().image.brokers.get(1)!.fenced).toBe(true)
  })

  test('started again it registers at once, for its session ended with it', () => {
    const cluster = new TestCluster().run(1).act('stop', 'b1').run(6).act('restart', 'b1').run(2)
    expect(cluster.facts('node.started')).toEqual([{ code: 'node.started', node: 'b1', clean: true }])
    expect(cluster.truth()).toMatchObject({ leader: 2, isr: [2, 3, 1] })
  })

  // CTL-14: "Partitions whose only ISR member it is stay with it as last ISR (leader -1 after exit)."
  test('a partition that only it has in sync loses its leader, and waits for it', () => {
    const cluster = new TestCluster({ features: withoutElr }).run(1).act('crash', 'b2', 'b3').run(12).act('stop', 'b1').run(3)
    expect(cluster.sim.world.nodes.get('b1')!.condition).toBe('down')
    expect(cluster.truth()).toMatchObject({ leader: -1, isr: [1] })
    cluster.act('restart', 'b1').run(3)
    expect(cluster.truth()).toMatchObject({ leader: 1, isr: [1] })
  })

  test('two after another: the second one\'s leaderships go to whoever is left', () => {
    const cluster = new TestCluster().run(1).act('stop', 'b1').run(6).act('stop', 'b2').run(6)
    expect(cluster.truth()).toMatchObject({ leader: 3, isr: [3], leaderEpoch: 2 })
  })
})

describe('the metadata log', () => {
  // GEN-3: a change becomes true for a broker when it has fetched and applied the record; until then it answers by what it knows.
  test('a broker that cannot follow it tells clients of the leader it knows', () => {
    const request: MetadataRequest = { type: 'MetadataRequest', clientId: 'probe', topics: ['orders'] }
    const cluster = new TestCluster().run(1).cut('b3-k1').act('crash', 'b1').run(12)
    expect(cluster.truth().leader).toBe(2)
    cluster.ask('b3', request).ask('b2', request).run(1)
    const told = cluster.answers.map(({ from, message }) => [from, (message as MetadataResponse).topics[0]!.partitions[0]!.leaderId])
    expect(told).toEqual([['b3', 1], ['b2', 2]])
  })

  // GEN-2, KRF-5: what is decided is true when a majority of the controllers has it.
  test('with two of three controllers gone nothing changes; with one of them back everything does', () => {
    const cluster = new TestCluster().run(1).act('crash', 'k2', 'k3', 'b1').run(15)
    expect(cluster.truth()).toMatchObject({ leader: 1, isr: [1, 2, 3], leaderEpoch: 0 })
    expect(cluster.broker(2).metadata.partitions.get('orders/0')).toMatchObject({ leader: 1 })
    cluster.act('restart', 'k2').run(15)
    expect(cluster.truth()).toMatchObject({ leader: 2, isr: [2, 3], leaderEpoch: 1 })
    expect(cluster.replica(2).leading).toBeDefined()
  })
})

// ClusterControlManager#registerBroker: "Amending registration of broker {}, incarnation ID {}. Broker epoch remains {}."
test('a broker that registers again, the same process, keeps its epoch and stays unfenced', () => {
  const cluster = new TestCluster()
  const before = cluster.controller().image.brokers.get(2)!
  const register = () => cluster.ask('k1', { type: 'BrokerRegistrationRequest', brokerId: 2, incarnationId: before.incarnationId, rack: 'r2', previousBrokerEpoch: -1 } as { type: string }).run(1)
  expect((register().answers.at(-1)!.message as unknown as BrokerRegistrationResponse)).toMatchObject({ error: 'NONE', brokerEpoch: before.epoch })
  expect(cluster.controller().image.brokers.get(2)).toMatchObject({ epoch: before.epoch, fenced: false })
  expect(cluster.controller().image.brokers.get(2)!.registeredAt).toBeGreaterThan(before.registeredAt)
  expect(cluster.run(12).facts('broker.fenced')).toEqual([])
})
