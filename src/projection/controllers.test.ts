import { describe, expect, test } from 'vitest'
import { TestCluster } from '../kafka/testing.ts'
import { controllerView } from './controllers.ts'

const viewOf = (cluster: TestCluster, name: string) => controllerView(name, cluster.sim.world.nodes.get(name)!)

describe('a controller, as seen', () => {
  test('at 00:00 the first leads and is active, the others follow it', () => {
    const cluster = new TestCluster()
    expect(viewOf(cluster, 'k1')).toMatchObject({ role: 'leader', active: true, epoch: 1, leader: 'k1', votes: undefined })
    expect(viewOf(cluster, 'k2')).toMatchObject({ role: 'follower', active: false, epoch: 1, leader: 'k1', votes: undefined })
  })

  test('in an election it shows who would vote for it, and for whom it has voted', () => {
    const cluster = new TestCluster().run(1).act('crash', 'k1')
    cluster.runUntil(() => cluster.facts('vote.refused').length > 0)
    const { node: refuser, candidate } = cluster.facts('vote.refused')[0]!
    expect(viewOf(cluster, candidate)).toMatchObject({ role: 'prospective', active: false, epoch: 1, votes: { granted: [candidate], refused: [], of: 3 } })
    expect(viewOf(cluster, 'k1')).toMatchObject({ role: 'unattached', condition: 'down', active: false })
    cluster.runUntil(() => cluster.facts('vote.granted').some(({ preVote }) => !preVote))
    expect(viewOf(cluster, refuser)).toMatchObject({ role: 'candidate', epoch: 2, leader: undefined, votedFor: refuser, votes: { granted: [refuser], of: 3 } })
    expect(viewOf(cluster, candidate)).toMatchObject({ epoch: 2, votedFor: refuser })
    cluster.runUntil(() => cluster.facts('controller.elected').length > 0)
    expect(viewOf(cluster, refuser)).toMatchObject({ role: 'leader', active: false })
    cluster.runUntil(() => cluster.facts('controller.activated').length > 0)
    expect(viewOf(cluster, refuser)).toMatchObject({ role: 'leader', active: true })
  })

  test('of the topics that are Kafka’s own nothing stands in the tail of the log', () => {
    const cluster = new TestCluster({ consumers: [{ id: 'c1', library: 'java', group: 'g', topics: ['orders'], bootstrap: ['b1'], configs: {} }] })
    const { tail, logEndOffset } = viewOf(cluster, 'k1')
    expect(logEndOffset).toBeGreaterThan(50)
    expect(tail.filter(({ text }) => text.startsWith('__'))).toEqual([])
    expect(tail.at(-1)).toMatchObject({ type: 'PartitionRecord', text: 'orders/0 leader b1 isr b1 b2 b3' })
  })

  test('what is written and not committed is told from what is', () => {
    const cluster = new TestCluster().run(1).act('stop', 'b3').run(2).cut('k1-k2', 'controller').cut('k1-k3', 'controller').act('restart', 'b3').run(1)
    const { highWatermark, logEndOffset, tail } = viewOf(cluster, 'k1')
    expect(logEndOffset).toBe(highWatermark + 1)
    expect(tail.slice(-2).map(({ type, committed }) => [type, committed])).toEqual([['PartitionChangeRecord', true], ['RegisterBrokerRecord', false]])
  })
})
