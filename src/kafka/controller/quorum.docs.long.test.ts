/** The metadata quorum, held against what Kafka's documentation and KIP-595, KIP-853, KIP-966 and KIP-996 say of it. */
import { describe, expect, test } from 'vitest'
import { SECOND } from '../../base/units.ts'
import type { BrokerHeartbeatResponse, MetadataFetchResponse, VoteRequest, VoteResponse } from '../protocol/controller.ts'
import { controllerOf, quorumLeaderOf } from '../look.ts'
import { producer, steady, TestCluster, type TestOptions } from '../testing.ts'
import { isActiveController, type Controller } from './state.ts'
import { successorBackoffMs } from './terms.ts'
import { randomElectionTimeoutMs } from './transitions.ts'

const kept = (cluster: TestCluster, name: string): Controller => {
  const node = cluster.sim.world.nodes.get(name)!
  return (node.state ?? node.disk) as Controller
}
const leaderOf = (cluster: TestCluster): string | undefined => quorumLeaderOf(cluster.sim.world)?.spec.name
const isActive = (cluster: TestCluster): boolean => {
  const leader = quorumLeaderOf(cluster.sim.world)
  return leader !== undefined && isActiveController(leader)
}
const writing = (options: TestOptions = {}) => new TestCluster({ producers: [producer('shop', {}, steady)], ...options }).start('shop').run(4)
const phases = [0, 0.13, 0.26, 0.39, 0.47]

describe('the active controller is killed (S25)', () => {
  // Kafka docs 4.x, KRaft: "if the active controller fails, one of the other controllers takes over". KRF-12.
  test.each(phases)('another is active within 1.5 to 5 s, in a higher epoch (phase %d s)', (phase) => {
    const cluster = writing().run(phase).act('crash', 'k1')
    const begin = cluster.now / SECOND
    cluster.run(6)
    const activated = cluster.firstAt('controller.activated')! - begin
    // controller.quorum.fetch.timeout.ms runs from the last answered fetch, at most one long poll of 500 ms before.
    expect(activated).toBeGreaterThanOrEqual(1.5)
    expect(activated).toBeLessThan(5)
    expect(['k2', 'k3']).toContain(leaderOf(cluster))
    expect(quorumLeaderOf(cluster.sim.world)!.epoch).toBeGreaterThanOrEqual(2)
  })

  test('produce goes on without a gap', () => {
    const cluster = writing().act('crash', 'k1').run(10)
    expect(cluster.producer('shop').notebook).toMatchObject({ failed: 0, retries: 0 })
    expect(cluster.producer('shop').notebook.acked).toBeGreaterThan(135)
  })

  // CTL-11: "an active controller that has just begun gives every unfenced broker a fresh session".
  test.each(phases)('a broker that dies with it is fenced 9 to 10.6 s after the new activation (phase %d s)', (phase) => {
    const cluster = writing().run(phase).act('crash', 'k1', 'b3').run(20)
    const after = cluster.firstAt('broker.fenced', ({ node }) => node === 'b3')! - cluster.firstAt('controller.activated')!
    expect(after).toBeGreaterThanOrEqual(9)
    expect(after).toBeLessThanOrEqual(10.6)
    expect(cluster.truth().isr).toEqual([1, 2])
    expect(cluster.facts('broker.fenced')).toHaveLength(1)
  })

  test('back again it follows, with the leader\'s log, and leads no more in the epoch in which it led', () => {
    const cluster = writing().act('crash', 'k1').run(5).act('restart', 'k1').run(3)
    expect(kept(cluster, 'k1').voter.kind).toBe('Follower')
    expect(kept(cluster, 'k1')).toMatchObject({ epoch: quorumLeaderOf(cluster.sim.world)!.epoch, highWatermark: controllerOf(cluster.sim.world)!.highWatermark })
    expect(cluster.facts('controller.elected').map(({ epoch }) => epoch)).toEqual([2])
  })

  // QuorumState#initialize: a leader starts as Resigned in its epoch.
  test('started again before anybody has noticed, it resigns for good: the others elect', () => {
    const cluster = writing().act('crash', 'k1').run(0.5).act('restart', 'k1').run(5)
    expect(cluster.facts('controller.elected').length).toBeGreaterThanOrEqual(1)
    expect(cluster.facts('controller.elected').every(({ epoch }) => epoch > 1)).toBe(true)
    expect(isActive(cluster)).toBe(true)
  })
})

describe('a pre-vote (KIP-996)', () => {
  const ask = (cluster: TestCluster, to: string, change: Partial<VoteRequest> = {}): VoteResponse => {
    const { epoch, log } = kept(cluster, to)
    const request: VoteRequest = { type: 'VoteRequest', replicaId: 103, replicaEpoch: epoch, lastOffsetEpoch: epoch, lastOffset: log.length, preVote: true, ...change }
    cluster.ask(to, request).run(0.2)
    return cluster.answers.at(-1)!.message as VoteResponse
  }

  // KIP-996: "a follower who has successfully fetched from the leader rejects pre-votes".
  test('is refused by the leader, and by a follower that has fetched from it', () => {
    const cluster = new TestCluster().run(2)
    expect(['k1', 'k2'].map((voter) => ask(cluster, voter).voteGranted)).toEqual([false, false])
    expect([kept(cluster, 'k1').epoch, kept(cluster, 'k2').epoch]).toEqual([1, 1])
  })

  // "This stops an isolated or restarted voter from disrupting a healthy leader." KRF-3
  test('a voter that was cut off raises no epoch and disturbs nobody when it is back', () => {
    const cluster = writing().cut('k3-k1').cut('k3-k2').run(30).heal('k3-k1').heal('k3-k2').run(10)
    expect(leaderOf(cluster)).toBe('k1')
    expect(['k1', 'k2', 'k3'].map((name) => kept(cluster, name).epoch)).toEqual([1, 1, 1])
    expect(cluster.facts('controller.elected')).toEqual([])
    expect(kept(cluster, 'k3').voter.kind).toBe('Follower')
    // It has told once that it wanted an election, however often it tried; the next time it is told again.
    expect(cluster.facts('election.started')).toMatchObject([{ node: 'k3', why: 'fetchTimeout' }])
    cluster.act('crash', 'k1').run(4)
    expect(cluster.facts('election.started').filter(({ node }) => node === 'k3')).toHaveLength(2)
  })

  // KRF-4: (last epoch, log end) compared in that order; at most one vote an epoch; a pre-vote changes nothing.
  test('is granted for a log that is as long, and refused for a shorter one, where nobody leads', () => {
    const cluster = new TestCluster().run(1).act('crash', 'k1', 'k3').run(6)
    const { length } = kept(cluster, 'k2').log
    expect(ask(cluster, 'k2', { lastOffset: length - 1 }).voteGranted).toBe(false)
    expect(ask(cluster, 'k2', { lastOffset: length }).voteGranted).toBe(true)
    expect(ask(cluster, 'k2', { lastOffset: length - 3, lastOffsetEpoch: 1 }).voteGranted).toBe(false)
    expect(kept(cluster, 'k2')).toMatchObject({ epoch: 1, votedFor: undefined })
  })

  test('a vote is given once in an epoch, and remembered through a crash', () => {
    const cluster = new TestCluster().run(1).act('crash', 'k1', 'k3').run(6)
    const vote = (replicaId: number) => ask(cluster, 'k2', { replicaId, replicaEpoch: 7, lastOffsetEpoch: 1, preVote: false })
    expect(vote(103)).toMatchObject({ voteGranted: true, leaderEpoch: 7 })
    expect([vote(101).voteGranted, vote(103).voteGranted]).toEqual([false, true])
    cluster.act('crash', 'k2').act('restart', 'k2').run(0.1)
    expect(kept(cluster, 'k2')).toMatchObject({ epoch: 7, votedFor: 103 })
    expect(vote(101)).toMatchObject({ voteGranted: false })
    expect(ask(cluster, 'k2', { replicaEpoch: 6 })).toMatchObject({ voteGranted: false, error: 'FENCED_LEADER_EPOCH', leaderEpoch: 7 })
  })
})

describe('without a majority (S26)', () => {
  // KRF-11: "Leader resigns after 3 s. Brokers go on with what they know".
  test('the leader resigns one and a half fetch timeouts after the last fetch of a majority', () => {
    const cluster = writing().act('crash', 'k2', 'k3')
    const begin = cluster.now / SECOND
    cluster.run(6)
    const resigned = cluster.firstAt('controller.resigned')! - begin
    expect(resigned).toBeGreaterThan(2.4)
    expect(resigned).toBeLessThanOrEqual(3)
    expect(cluster.facts('controller.resigned')).toMatchObject([{ node: 'k1', why: 'quorum', timeoutMs: 3000 }])
    expect(leaderOf(cluster)).toBeUndefined()
    cluster.ask('k1', { type: 'BrokerHeartbeatRequest', brokerId: 1, brokerEpoch: 0 } as { type: string }).run(0.1)
    expect((cluster.answers.at(-1)!.message as BrokerHeartbeatResponse).error).toBe('NOT_CONTROLLER')
  })

  test('the metadata is frozen: a dead leader stays the leader, acks=all waits; with one controller back all is repaired within 15 s', () => {
    const cluster = writing().act('crash', 'k1', 'k2').run(5).act('crash', 'b1').run(60)
    expect(cluster.truth()).toMatchObject({ leader: 1, isr: [1, 2, 3], leaderEpoch: 0 })
    expect(cluster.broker(2).metadata.partitions.get('orders/0')).toMatchObject({ leader: 1, isr: [1, 2, 3] })
    expect(cluster.facts('controller.activated')).toEqual([])
    const { acked } = cluster.producer('shop').notebook
    const begin = cluster.now / SECOND
    cluster.act('restart', 'k2').run(15)
    expect(cluster.truth()).toMatchObject({ leader: 2, isr: [2, 3], leaderEpoch: 1 })
    expect(cluster.firstAt('broker.fenced', () => true, begin)! - begin).toBeGreaterThan(9)
    expect(cluster.producer('shop').notebook.acked).toBeGreaterThan(acked)
    expect(cluster.producer('shop').notebook.failed).toBe(0)
  })

  test('brokers stay in service for as long as it takes', () => {
    const cluster = writing().act('crash', 'k1', 'k2', 'k3').run(120)
    expect(cluster.producer('shop').notebook).toMatchObject({ failed: 0, retries: 0 })
    cluster.act('restart', 'k1', 'k2', 'k3').run(15)
    expect(isActive(cluster)).toBe(true)
    expect(cluster.truth()).toMatchObject({ leader: 1, isr: [1, 2, 3], partitionEpoch: 0 })
    expect(cluster.facts('broker.fenced')).toEqual([])
  })

  // BrokerServer#shutdown waits for the controlled shutdown no longer than its timeout, five minutes.
  test('a broker that is told to stop stops all the same, after five minutes', () => {
    const cluster = new TestCluster().run(1).act('crash', 'k1', 'k2', 'k3').run(5).act('stop', 'b2').run(299)
    expect(cluster.sim.world.nodes.get('b2')!.condition).toBe('stopping')
    cluster.run(2)
    expect(cluster.sim.world.nodes.get('b2')!.condition).toBe('down')
    cluster.act('restart', 'k1', 'k2', 'b2').run(20)
    expect(cluster.broker(2).lifecycle).toBe('running')
    expect(cluster.facts('node.started').at(-1)).toMatchObject({ clean: true })
  })
  test('one that is still starting stops at once', () => {
    const cluster = new TestCluster().run(1).act('crash', 'k1', 'k2', 'k3', 'b2').run(5).act('restart', 'b2').run(2).act('stop', 'b2').run(0.1)
    expect(cluster.sim.world.nodes.get('b2')!.condition).toBe('down')
  })
})

describe('an active controller that is cut off from the others', () => {
  const isolated = () => writing().act('stop', 'b3').run(2).cut('k1-k2', 'controller').cut('k1-k3', 'controller').act('restart', 'b3')

  // Raft, and KIP-595: records of a leader without a majority are never committed.
  test('commits nothing more, and undoes what it had decided', () => {
    const cluster = isolated()
    cluster.runUntil(() => cluster.facts('broker.registered').length > 0)
    const before = kept(cluster, 'k1')
    expect(before.image.brokers.get(3)!.epoch).toBeGreaterThan(before.committed.brokers.get(3)!.epoch)
    cluster.run(4)
    const { image, committed, highWatermark } = kept(cluster, 'k1')
    expect(image).toEqual(committed)
    expect(kept(cluster, 'k1').log.length).toBeGreaterThan(highWatermark)
    expect(cluster.facts('controller.resigned')).toMatchObject([{ node: 'k1', why: 'quorum', undone: 1 }])
  })

  test('answers NOT_CONTROLLER for it, and the broker registers with its successor', () => {
    const cluster = isolated().run(12)
    const refused = cluster.sent.filter(({ from, to, message }) => from === 'k1' && to === 'b3' && message.type === 'BrokerRegistrationResponse')
    expect(refused.map(({ message }) => (message as { error?: string }).error)).toContain('NOT_CONTROLLER')
    expect(cluster.truth().isr.slice().sort((a, b) => a - b)).toEqual([1, 2, 3])
    expect(cluster.broker(3).brokerEpoch).toBe(controllerOf(cluster.sim.world)!.committed.brokers.get(3)!.epoch)
  })

  // KIP-595, Fetch: "DivergingEpoch: the largest epoch and its end offset such that subsequent records are known to diverge".
  test('cuts its log to the new leader\'s when it is back, and never below what was committed', () => {
    const cluster = isolated().run(12)
    const was = kept(cluster, 'k1').highWatermark
    cluster.heal('k1-k2').heal('k1-k3').run(8)
    expect(cluster.facts('metadata.truncated')).toMatchObject([{ node: 'k1', from: was }])
    const leader = quorumLeaderOf(cluster.sim.world)!
    expect(kept(cluster, 'k1')).toMatchObject({ epoch: leader.epoch, leaderId: leader.spec.id, highWatermark: leader.highWatermark })
    expect(kept(cluster, 'k1').log.length).toBe(leader.log.length)
  })
})

describe('a frozen active controller', () => {
  test('wakes, finds a higher epoch, and does no harm', () => {
    const cluster = writing().act('pause', 'k1').run(15)
    const leader = leaderOf(cluster)
    expect(leader).not.toBe('k1')
    expect(isActive(cluster)).toBe(true)
    expect(kept(cluster, 'k1').voter.kind).toBe('Leader')
    cluster.act('resume', 'k1').run(3)
    expect(kept(cluster, 'k1').voter.kind).toBe('Follower')
    expect(leaderOf(cluster)).toBe(leader)
    expect(cluster.facts('controller.elected')).toHaveLength(1)
    expect(cluster.facts('broker.fenced')).toEqual([])
    expect(cluster.truth()).toMatchObject({ isr: [1, 2, 3], partitionEpoch: 0 })
  })

  // NodeToControllerRequestThread: heartbeats wait for the old one no longer than half a session.
  test('its brokers keep their sessions with the next one', () => {
    const cluster = writing().act('pause', 'k1').run(40)
    expect(cluster.facts('broker.fenced')).toEqual([])
    for (const id of [1, 2, 3]) expect(cluster.broker(id).quorum).toMatchObject({ epoch: quorumLeaderOf(cluster.sim.world)!.epoch, leaderId: quorumLeaderOf(cluster.sim.world)!.spec.id })
  })
})

describe('an orderly stop', () => {
  // KIP-595, EndQuorumEpoch: "This causes remaining voters to immediately begin a new election".
  test('of the leader: it resigns, and a successor is there at once', () => {
    const cluster = writing().act('stop', 'k1')
    const begin = cluster.now / SECOND
    cluster.run(2)
    expect(cluster.firstAt('controller.activated')! - begin).toBeLessThan(0.2)
    expect(cluster.facts('controller.resigned')).toMatchObject([{ node: 'k1', why: 'stop' }])
    expect(cluster.facts('node.stopped')[0]!.tookMs).toBeLessThan(200)
  })
  test('of a follower is over at once, and nobody notices', () => {
    const cluster = writing().act('stop', 'k2').run(10)
    expect(cluster.facts('node.stopped')).toMatchObject([{ node: 'k2', tookMs: 0 }])
    expect(leaderOf(cluster)).toBe('k1')
  })
  test('of the last of three waits five seconds for a successor, and not longer', () => {
    const cluster = writing().act('crash', 'k2', 'k3').run(1).act('stop', 'k1').run(6)
    expect(cluster.facts('node.stopped')).toMatchObject([{ node: 'k1', tookMs: 5000 }])
  })

  // KafkaRaftClient#strictExponentialElectionBackoffMs, controller.quorum.election.backoff.max.ms
  test('successors begin one after the other', () => {
    expect([0, 1, 2, 3].map((place) => successorBackoffMs(place, 4, 1000))).toEqual([0, 125, 250, 500])
    expect([0, 1].map((place) => successorBackoffMs(place, 2, 1000))).toEqual([0, 500])
    expect([successorBackoffMs(0, 0, 1000), successorBackoffMs(2, 2, 1000)]).toEqual([0, 1000])
  })
})

describe('quorums of other sizes', () => {
  test('a single controller leads again as soon as it is back', () => {
    const cluster = writing({ controllers: 1 }).act('crash', 'k1').run(5).act('restart', 'k1').run(0.1)
    expect(quorumLeaderOf(cluster.sim.world)).toMatchObject({ epoch: 2, spec: { name: 'k1' } })
    expect(isActive(cluster)).toBe(true)
    cluster.run(15)
    expect(cluster.facts('broker.fenced')).toEqual([])
  })
  test('five do without two', () => {
    const cluster = writing({ controllers: 5 }).act('crash', 'k1', 'k4').run(8)
    expect(isActive(cluster)).toBe(true)
    cluster.act('crash', leaderOf(cluster)!).run(10)
    expect(isActive(cluster)).toBe(false)
  })
})

describe('who leads the quorum', () => {
  const fetch = { type: 'MetadataFetchRequest', replicaId: 9, fetchOffset: 0, lastFetchedEpoch: 0, currentLeaderEpoch: 1, highWatermark: -1, maxWaitMs: 0 }
  // KRF-8: NOT_LEADER_OR_FOLLOWER with the leader; FENCED_LEADER_EPOCH and UNKNOWN_LEADER_EPOCH.
  test('is told by every voter that is asked for a fetch', () => {
    const cluster = new TestCluster().run(1)
    const answers = [{ to: 'k2' }, { to: 'k1', currentLeaderEpoch: 0 }, { to: 'k1', currentLeaderEpoch: 3 }].map(({ to, ...change }) => {
      cluster.ask(to, { ...fetch, ...change }).run(0.1)
      const { error, leaderId, leaderEpoch } = cluster.answers.at(-1)!.message as MetadataFetchResponse
      return [error, leaderId, leaderEpoch]
    })
    expect(answers).toEqual([['NOT_LEADER_OR_FOLLOWER', 101, 1], ['FENCED_LEADER_EPOCH', 101, 1], ['UNKNOWN_LEADER_EPOCH', 101, 1]])
  })

  test('is known to every broker within a long poll and a request timeout of the election', () => {
    const cluster = writing().act('crash', 'k1')
    cluster.runUntil(() => isActive(cluster)).run(2.5)
    const { epoch, spec } = quorumLeaderOf(cluster.sim.world)!
    for (const id of [1, 2, 3]) expect(cluster.broker(id).quorum).toMatchObject({ epoch, leaderId: spec.id })
  })

  // QuorumState#randomElectionTimeoutMs: T .. 2T - 1.
  test('an election timeout is once to twice controller.quorum.election.timeout.ms', () => {
    expect([0, 2147483648, 4294967295].map((word) => randomElectionTimeoutMs(1000, word))).toEqual([1000, 1500, 1999])
  })
})

test('an idle cluster makes few events: budget of 139 a second', () => {
  const cluster = new TestCluster().runTo(10)
  const before = cluster.sim.world.steps
  expect((cluster.runTo(30).sim.world.steps - before) / 20).toBeLessThan(139)
})
