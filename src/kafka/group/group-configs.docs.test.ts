/** Configs of groups, set while the cluster runs (KIP-848, KIP-932, KIP-1240): what takes effect when, and what is refused in which words. */
import { describe, expect, test } from 'vitest'
import '../whole.ts'
import type { ConsumerConfig } from '../client/consumer/state.ts'
import type { ShareConsumerConfig } from '../client/share-consumer/state.ts'
import type { IncrementalAlterConfigsRequest } from '../protocol/admin.ts'
import { orders, producer, TestCluster, type TestOptions } from '../testing.ts'
import { groupConfigProblem } from './group-configs.ts'

const alter = (set: Record<string, string>, unset: readonly string[] = [], name = 'g'): IncrementalAlterConfigsRequest => ({ type: 'IncrementalAlterConfigsRequest', resource: 'group', name, set, unset })
function answerTo(cluster: TestCluster, request: IncrementalAlterConfigsRequest): string {
  cluster.call('call', request).runUntil(() => cluster.result('call').answeredAt !== undefined)
  return cluster.result('call').error!
}
const modern: ConsumerConfig = { id: 'm1', library: 'java', group: 'g', topics: ['orders'], bootstrap: ['b1'], configs: { 'group.protocol': 'consumer' } }
const share: ShareConsumerConfig = { id: 's1', library: 'java', group: 'g', topics: ['orders'], bootstrap: ['b1'], configs: { 'share.acknowledgement.mode': 'explicit', 'max.poll.records': 1 }, polls: 'manual' }
const shareOptions: TestOptions = { topics: [orders({}, [[1, 2, 3]])], producers: [producer('p')], shareConsumers: [share], groups: [{ id: 'g', committed: {}, config: { 'share.auto.offset.reset': 'earliest' } }] }

describe('a group of the consumer protocol', () => {
  // Kafka docs 4.x, consumer.heartbeat.interval.ms: "The heartbeat interval given to the members of a consumer group."
  test('tells its members the heartbeat interval that it has now', () => {
    const cluster = new TestCluster({ consumers: [modern] }).start('m1').run(12)
    const beats = (): readonly number[] => cluster.sent.filter(({ from, message }) => from === 'm1' && message.type === 'ConsumerGroupHeartbeatRequest').map(({ at }) => at / 1e6)
    expect(beats().at(-1)! - beats().at(-2)!).toBeCloseTo(5, 1)
    expect(answerTo(cluster, alter({ 'consumer.heartbeat.interval.ms': '8000' }))).toBe('NONE')
    cluster.run(30)
    expect(beats().at(-1)! - beats().at(-2)!).toBeCloseTo(8, 1)
    expect(cluster.facts('config.changed')).toEqual([{ code: 'config.changed', kind: 'group', name: 'g', key: 'consumer.heartbeat.interval.ms', value: '8000', was: '5000' }])
  })

  test('waits for a silent member as long as its session lasts now', () => {
    const left = (set: Record<string, string>): number => {
      const cluster = new TestCluster({ consumers: [modern] }).start('m1').run(12)
      expect(answerTo(cluster, alter(set))).toBe('NONE')
      cluster.run(10).act('crash', 'm1')
      const { now } = cluster
      cluster.runUntil(() => cluster.facts('member.left').length > 0)
      return (cluster.now - now) / 1e6
    }
    expect(left({ 'consumer.session.timeout.ms': '60000' }) - left({})).toBeCloseTo(15, 0)
  })
})

describe('a share group', () => {
  const polled = (cluster: TestCluster, times: number): TestCluster => {
    for (let i = 0; i < 30 && cluster.facts('share.acquired').length < times; i++) cluster.tell('s1', { type: 'poll' }).run(1)
    return cluster
  }
  /** With these configs from now on, and the first record in the hands of s1. */
  const holding = (set: Record<string, string>): TestCluster => {
    const cluster = new TestCluster(shareOptions).start('s1').send('p', { value: '0' }).run(1)
    expect(answerTo(cluster, alter(set))).toBe('NONE')
    return polled(cluster, 1)
  }
  const acknowledge = (cluster: TestCluster, as: 'release' | 'renew'): TestCluster => cluster.tell('s1', { type: 'acknowledge', partition: 'orders/0', offset: 0, as } as { type: string }).run(1)

  // Kafka docs 4.x, share.record.lock.duration.ms: "The record acquisition lock duration in milliseconds for share groups."
  test('locks what it hands out from now on for so long', () => {
    const cluster = holding({ 'share.record.lock.duration.ms': '15000' })
    expect(cluster.facts('share.acquired')).toMatchObject([{ lockMs: 15_000 }])
    expect(cluster.run(16).facts('share.released')).toMatchObject([{ why: 'lock', lockMs: 15_000 }])
  })

  test('gives a record up after as many deliveries as it says (KIP-1240)', () => {
    const cluster = acknowledge(holding({ 'share.delivery.count.limit': '2' }), 'release')
    expect(acknowledge(polled(cluster, 2), 'release').facts('share.archived')).toMatchObject([{ offset: 0, count: 2, limit: 2, why: 'limit' }])
  })

  test('refuses to renew a lock where it does not allow that', () => {
    expect(acknowledge(holding({ 'share.renew.acknowledge.enable': 'false' }), 'renew').facts('share.refused')).toMatchObject([{ offset: 0, error: 'INVALID_RECORD_STATE' }])
    expect(acknowledge(holding({}), 'renew').facts('share.refused')).toEqual([])
  })

  test('begins where it says when it begins; taken away again, the default holds', () => {
    const cluster = new TestCluster({ ...shareOptions, groups: [] }).send('p', { value: '0' }).run(2)
    expect(answerTo(cluster, alter({ 'share.auto.offset.reset': 'earliest' }))).toBe('NONE')
    polled(cluster.start('s1'), 1)
    expect(cluster.facts('share.started')).toMatchObject([{ offset: 0, policy: 'earliest' }])
    expect(answerTo(cluster, alter({}, ['share.auto.offset.reset']))).toBe('NONE')
    expect(cluster.facts('config.changed').at(-1)).toMatchObject({ value: 'latest', was: 'earliest' })
  })
})

// GroupConfig#validate and ConfigDef#parse.
test.each([
  [{ 'consumer.sesion.timeout.ms': '1' }, 'Unknown group config name: consumer.sesion.timeout.ms'],
  [{ 'consumer.session.timeout.ms': 'abc' }, 'Invalid value abc for configuration consumer.session.timeout.ms: Not a number of type INT'],
  [{ 'consumer.session.timeout.ms': '0' }, 'Invalid value 0 for configuration consumer.session.timeout.ms: Value must be at least 1'],
  [{ 'consumer.session.timeout.ms': '44999' }, 'consumer.session.timeout.ms must be greater than or equal to group.consumer.min.session.timeout.ms'],
  [{ 'consumer.heartbeat.interval.ms': '15001' }, 'consumer.heartbeat.interval.ms must be less than or equal to group.consumer.max.heartbeat.interval.ms'],
  [{ 'share.record.lock.duration.ms': '999' }, 'Invalid value 999 for configuration share.record.lock.duration.ms: Value must be at least 1000'],
  [{ 'share.record.lock.duration.ms': '14999' }, 'share.record.lock.duration.ms must be greater than or equal to group.share.min.record.lock.duration.ms'],
  [{ 'share.delivery.count.limit': '11' }, 'share.delivery.count.limit must be less than or equal to group.share.max.delivery.count.limit'],
  [{ 'share.auto.offset.reset': 'first' }, 'Invalid value first for configuration share.auto.offset.reset: Invalid value `first` for configuration share.auto.offset.reset. The value must be either \'earliest\', \'latest\' or of the format \'by_duration:<PnDTnHnMn.nS>\'.'],
  [{ 'share.isolation.level': 'x' }, 'Invalid value x for configuration share.isolation.level: String must be one of: read_committed, read_uncommitted'],
  [{ 'consumer.session.timeout.ms': '60000', 'share.auto.offset.reset': 'by_duration:PT1H', 'share.partition.max.record.locks': '4000' }, undefined],
] as const)('%j: %s', (configs, says) => expect(groupConfigProblem(configs, {})).toBe(says))

test('a broker that allows more lets a group have more, and one that allows less caps it', () => {
  expect(groupConfigProblem({ 'consumer.session.timeout.ms': '90000' }, { 'group.consumer.max.session.timeout.ms': '120000' })).toBeUndefined()
  expect(groupConfigProblem({ 'consumer.session.timeout.ms': '6000' }, { 'group.consumer.min.session.timeout.ms': '5000' })).toBeUndefined()
  expect(groupConfigProblem({ 'consumer.session.timeout.ms': '5000', 'consumer.heartbeat.interval.ms': '5000' }, { 'group.consumer.min.session.timeout.ms': '5000' })).toBe('consumer.session.timeout.ms must be greater than consumer.heartbeat.interval.ms')
})
