/** One process that is broker and controller. Docs, KRaft: "process.roles: [...] broker,controller"; "Kafka servers that act as both brokers and controllers are referred to as combined servers". */
import { describe, expect, test } from 'vitest'
import { producer, steady, TestCluster } from './testing.ts'

const combined = (): TestCluster => new TestCluster({ combined: true, producers: [producer('p', {}, steady)] }).start('p').run(2)
const isUp = (cluster: TestCluster, name: string): boolean => cluster.sim.world.nodes.get(name)!.condition === 'running'

describe('a combined server', () => {
  // Docs: "the controller will be less isolated from the rest of the system": its end is the end of both.
  test.each(['b1', 'k1'])('that is killed as %s takes its controller with it: election and fencing', (name) => {
    const cluster = combined().act('crash', name)
    expect([isUp(cluster, 'b1'), isUp(cluster, 'k1')]).toEqual([false, false])
    cluster.runUntil(() => cluster.truth().leader === 2)
    // First a controller, 2 to 5 s; from its activation on b1 has a session of its own, 9 s.
    const elected = cluster.firstAt('controller.elected', () => true, 2)!, fenced = cluster.firstAt('broker.fenced')!
    expect(elected - 2).toBeLessThan(5)
    expect(fenced - elected).toBeGreaterThanOrEqual(9)
    expect(fenced - elected).toBeLessThanOrEqual(10.6)
    cluster.act('restart', name).run(15)
    expect([isUp(cluster, 'b1'), isUp(cluster, 'k1'), cluster.truth().isr.length]).toEqual([true, true, 3])
  })

  // KafkaRaftServer#shutdown: "In combined mode, we want to shut down the broker first, since the controller may be needed for
  // controlled shutdown."
  test('stops as a broker first, and its controller sees to that', () => {
    const cluster = combined().act('stop', 'k1')
    cluster.runUntil(() => ['b1', 'k1'].every((name) => cluster.sim.world.nodes.get(name)!.condition === 'down'), 20)
    const stopped = (name: string) => cluster.told.findIndex(({ fact }) => fact.code === 'node.stopped' && fact.node === name)
    expect(stopped('b1')).toBeGreaterThan(-1)
    expect(stopped('k1')).toBeGreaterThan(stopped('b1'))
    expect(cluster.facts('leader.elected')[0]).toMatchObject({ how: 'controlledShutdown' })
    cluster.run(5)
    expect(cluster.facts('broker.fenced')).toEqual([])
  })

  test('two of three gone: no leader for what they led, and nobody to decide', () => {
    const cluster = combined().act('crash', 'b1', 'b2').run(30)
    expect(cluster.truth().leader).toBe(1)
    expect(cluster.facts('leader.elected')).toEqual([])
    cluster.act('restart', 'b2').runUntil(() => cluster.truth().leader === 2 || cluster.truth().leader === 3)
  })
})
