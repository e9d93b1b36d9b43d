/**
 * Eligible Leader Replicas and elections without assurance. Docs, Eligible Leader Replicas: "If ISR is not empty, select one of them. If
 * ELR is not empty, select one that is not fenced. Select the last known leader if it is unfenced." The rest as KIP-966 and a live
 * cluster have it.
 */
import { describe, expect, test } from 'vitest'
import { replay } from '../metadata/image.ts'
import { orders, producer, steady, TestCluster } from '../testing.ts'
import { electUncleanLeaders } from './brokers.ts'
import { towards } from './reassignment.ts'
import type { ControllerContext } from './state.ts'
import { recordingContext } from '../../engine/testing.ts'
import { change, effectiveMinIsr } from './topic-settings.ts'

const features = { 'eligible.leader.replicas.version': 0 }

// S13: "min ISR 2; kill 3, wait; kill 2, wait. See: after the first ISR {1,2}, ELR {}; after the second ISR {1}, ELR {2}".
describe('an ISR that is below the minimum (KIP-966, CTL-6)', () => {
  const underMinIsr = (options = {}): TestCluster =>
    new TestCluster({ producers: [producer('quick', { acks: '1' }), producer('careful', { retries: 0 })], ...options })
      .send('careful', { value: 'a' })
      .run(1)
      .act('crash', 'b3')
      .run(12)

  test('keeps in mind who left it', () => {
    const cluster = underMinIsr()
    expect(cluster.truth()).toMatchObject({ isr: [1, 2], elr: [], leaderEpoch: 0 })
    cluster.act('crash', 'b2').run(12)
    expect(cluster.truth()).toMatchObject({ isr: [1], elr: [2], lastKnownElr: [], leader: 1, leaderEpoch: 0 })
    cluster.send('careful', { value: 'b' }).send('quick', { value: 'c' }, { value: 'd' }).run(1)
    expect(cluster.facts('producer.failed')).toMatchObject([{ producer: 'careful', error: 'NOT_ENOUGH_REPLICAS' }])
    expect(cluster.replica(1)).toMatchObject({ highWatermark: 1, log: { endOffset: 3 } })
  })

  // S13: "Start 2 (unclean): ELR {} on registration, then ISR {1,2}, latest +5, consumer gets the 5."
  test('forgets who comes back without having stopped in order, until it has caught up', () => {
    const cluster = underMinIsr().act('crash', 'b2').run(12).send('quick', { value: 'c' }).run(1).act('restart', 'b2')
    cluster.runUntil(() => cluster.truth().elr.length === 0)
    expect(cluster.truth().isr).toEqual([1])
    cluster.runUntil(() => cluster.truth().isr.length === 2).run(1)
    expect(cluster.replica(1).highWatermark).toBe(2)
  })

  test('trusts who stopped in order: it may lead without loss once nobody else can', () => {
    const cluster = underMinIsr().act('stop', 'b2').run(6).act('crash', 'b1').run(12)
    expect(cluster.truth()).toMatchObject({ leader: -1, isr: [], elr: [1, 2], lastKnownElr: [1], leaderEpoch: 1 })
    cluster.act('restart', 'b2').run(3)
    expect(cluster.truth()).toMatchObject({
      leader: 2,
      isr: [2],
      elr: [1],
      lastKnownElr: [],
      leaderEpoch: 2,
      leaderRecoveryState: 'RECOVERED',
    })
    expect(cluster.facts('leader.elected').at(-1)).toMatchObject({ leader: 'b2', how: 'eligible' })
    expect(cluster.replica(2).highWatermark).toBe(1)
  })

  test('who leads last leads again when nobody is eligible any more', () => {
    const cluster = underMinIsr().act('crash', 'b2').run(12).act('crash', 'b1').run(12).act('restart', 'b2').run(5)
    expect(cluster.truth()).toMatchObject({ leader: -1, isr: [], elr: [1], lastKnownElr: [1] })
    cluster.act('restart', 'b1').runUntil(() => cluster.truth().leader === 1)
    expect(cluster.truth()).toMatchObject({ isr: [1], elr: [], lastKnownElr: [], leaderEpoch: 2, leaderRecoveryState: 'RECOVERING' })
    // CTL-4: "the leader must report RECOVERED in an AlterPartition".
    cluster.runUntil(() => cluster.truth().isr.length > 1)
    expect(cluster.truth()).toMatchObject({ leaderEpoch: 2, leaderRecoveryState: 'RECOVERED' })
  })

  test('without the feature nobody is kept in mind', () => {
    const cluster = underMinIsr({ features }).act('crash', 'b2').run(12)
    expect(cluster.truth()).toMatchObject({ isr: [1], elr: [], leader: 1 })
    expect(cluster.facts('elr.changed')).toEqual([])
  })

  // CTL-6: "Changing min.insync.replicas clears ELR for the affected topics".
  test('a minimum that is changed makes the past worthless', () => {
    const { image } = underMinIsr().act('crash', 'b2').run(12).controller()
    const before = image.partitions.get('orders/0')!
    replay(image, { offset: image.endOffset, record: { type: 'ClearElrRecord', topic: 'orders' } })
    expect(image.partitions.get('orders/0')).toEqual({ ...before, elr: [], partitionEpoch: before.partitionEpoch + 1 })
  })

  // Docs, Eligible Leader Replicas: with the feature the cluster has a min.insync.replicas of its own, the controller's at first.
  test("the minimum is the topic's, else the cluster's, and never more than there are replicas", () => {
    const topics = [orders({}, [[1, 2]]), { ...orders({ 'min.insync.replicas': '5' }), name: 'others' }]
    const cluster = new TestCluster({ topics, overrides: { 'min.insync.replicas': 2 } })
    expect(['orders', 'others'].map((topic) => effectiveMinIsr(cluster.controller(), topic))).toEqual([2, 3])
    expect(cluster.replica(1).minInsyncReplicas).toBe(2)
  })
})

// S21: "RF 2 [1,2], min ISR 1; 100 records; kill 2; 50 more acks=all; kill 1; start 2."
describe('an unclean election (FLT-20)', () => {
  const leaderless = (unclean: boolean, options = {}): TestCluster => {
    const topic = orders({ 'min.insync.replicas': '1', 'unclean.leader.election.enable': String(unclean) }, [[1, 2]])
    const cluster = new TestCluster({ topics: [topic], producers: [producer('shop')], ...options })
    for (let i = 0; i < 10; i++) cluster.send('shop', { value: `a${i}` })
    cluster.run(1).act('crash', 'b2').run(12)
    for (let i = 0; i < 5; i++) cluster.send('shop', { value: `b${i}` })
    return cluster.run(1).act('crash', 'b1').run(12)
  }

  // "See: before 2 is back: leader none, ISR {}, ELR {1} and last known ELR {1}; then leader 2, ISR {2}, epoch +1 on top of the +1 for
  // the leaderless record; latest 100. Start 1: truncates to 100."
  test('prefers somebody who lacks records to nobody', () => {
    const cluster = leaderless(true)
    expect(cluster.truth()).toMatchObject({ leader: -1, isr: [], elr: [1], lastKnownElr: [1], leaderEpoch: 1 })
    cluster.act('restart', 'b2').run(3)
    expect(cluster.truth()).toMatchObject({
      leader: 2,
      isr: [2],
      elr: [],
      lastKnownElr: [],
      leaderEpoch: 2,
      leaderRecoveryState: 'RECOVERING',
    })
    expect(cluster.facts('leader.elected').at(-1)).toMatchObject({ leader: 'b2', epoch: 2, how: 'unclean' })
    expect(cluster.replica(2)).toMatchObject({ highWatermark: 10, log: { endOffset: 10 } })
    cluster.act('restart', 'b1').run(5)
    expect(cluster.replica(1).lastTruncation).toMatchObject({ from: 10, to: 15 })
    expect(cluster.truth()).toMatchObject({ isr: [2, 1], leaderEpoch: 2, leaderRecoveryState: 'RECOVERED' })
  })

  // "Variant unclean disabled: stays leaderless even after 2 is back; when 1 returns (unclean restart: leaves ELR, is the one last-known
  // leader) -> leader 1 again, latest 150, nothing lost; ELR feature off: plainly re-elected from ISR {1}."
  test.each([
    [{}, [], 'RECOVERED'],
    [{ features }, [1], 'RECOVERED'],
  ] as const)('does not take place where it is not allowed %#', (options, isr, state) => {
    const cluster = leaderless(false, options).act('restart', 'b2').run(5)
    expect(cluster.truth()).toMatchObject({ leader: -1, isr, leaderEpoch: 1 })
    cluster.act('restart', 'b1').run(5)
    expect(cluster.truth()).toMatchObject({ leader: 1, isr: [1, 2], leaderEpoch: 2, leaderRecoveryState: state })
    expect(cluster.replica(2)).toMatchObject({ log: { endOffset: 15 } })
  })

  // CTL-4: "immediately when the last ISR member is fenced".
  test('happens at once where somebody is alive', () => {
    const topic = orders({ 'unclean.leader.election.enable': 'true' }, [[1, 2, 3]])
    const cluster = new TestCluster({
      topics: [topic],
      overrides: { 'replica.lag.time.max.ms': 1000 },
      producers: [producer('shop', { acks: '1' }, steady)],
    })
      .start('shop')
      .run(1)
    cluster
      .cut('b1-b2')
      .cut('b1-b3')
      .runUntil(() => cluster.truth().isr.length === 1)
      .act('crash', 'b1')
      .runUntil(() => cluster.truth().leader !== 1)
    expect(cluster.truth()).toMatchObject({ leader: 2, isr: [2], leaderEpoch: 1, leaderRecoveryState: 'RECOVERING' })
  })

  // CTL-4: "and also by the periodic task (300 s) for partitions enabled later".
  test('is looked for again every five minutes', () => {
    const controller = leaderless(false).act('restart', 'b2').run(5).controller()
    const { endOffset: offset } = controller.image
    replay(controller.image, {
      offset,
      record: { type: 'ConfigRecord', resource: 'topic', name: 'orders', key: 'unclean.leader.election.enable', value: 'true' },
    })
    electUncleanLeaders(controller, recordingContext('k1') as unknown as ControllerContext)
    expect(controller.image.partitions.get('orders/0')).toMatchObject({ leader: 2, isr: [2] })
  })
})

// CTL-21 with KAFKA-19975: "[0, 1, 2] -> [1, 2, 3]": 2 is not in sync, and is no reason to wait.
test('a reassignment waits for whoever is added, and for all that stay only where replicas become fewer', () => {
  const { image } = new TestCluster({ brokers: 4 }).controller()
  const before = { ...image.partitions.get('orders/0')!, isr: [1, 3] }
  const asked = (target: readonly number[], isr: readonly number[]) => {
    const { replicas, adding, removing } = towards(before.replicas, target)
    return change(
      new TestCluster({ brokers: 4 }).controller(),
      { ...before, replicas, adding, removing },
      { targetIsr: isr, isAcceptable: () => true },
    )
  }
  expect(asked([2, 3, 4], [1, 3, 4])).toMatchObject({ replicas: [2, 3, 4], isr: [3, 4], leader: 3, adding: [], removing: [] })
  expect(asked([2, 3], [1, 3])).toBeUndefined()
})
