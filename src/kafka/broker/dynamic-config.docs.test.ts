/** Configs of brokers that are set while they run. Docs, Updating Broker Configs, and KIP-226. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AdminRequest } from '../protocol/admin.ts'
import { orders, producer, TestCluster } from '../testing.ts'

type Alter = Extract<AdminRequest, { type: 'IncrementalAlterConfigsRequest' }>
const ofBroker = (name: string | undefined, set: Record<string, string>, unset: string[] = []): Alter => ({ type: 'IncrementalAlterConfigsRequest', resource: 'broker', name, set, unset })
const ofTopic = (set: Record<string, string>): Alter => ({ type: 'IncrementalAlterConfigsRequest', resource: 'topic', name: 'orders', set, unset: [] })

function answerTo(cluster: TestCluster, request: AdminRequest): string {
  cluster.call('call', request).runUntil(() => cluster.result('call').answeredAt !== undefined)
  return cluster.result('call').error!
}

describe('a config of a broker', () => {
  // Docs, Updating Broker Configs: "Config values are applied in the following order of precedence: Dynamic per-broker config stored in
  // the metadata log; Dynamic cluster-wide default config stored in the metadata log; Static broker config from server.properties;
  // Kafka default"; and a topic's own goes before all of these.
  test('is what the first of them says: topic, broker, cluster default, properties file, Kafka', () => {
    const levels = ['topic', 'broker', 'cluster', 'file'] as const
    fc.assert(fc.property(fc.subarray([...levels]), (set) => {
      const bytes = (level: string) => String(2_000_000 + levels.indexOf(level as 'topic'))
      const cluster = new TestCluster({ overrides: set.includes('file') ? { 'log.segment.bytes': bytes('file') } : {} })
      if (set.includes('topic')) expect(answerTo(cluster, ofTopic({ 'segment.bytes': bytes('topic') }))).toBe('NONE')
      if (set.includes('broker')) expect(answerTo(cluster, ofBroker('b2', { 'log.segment.bytes': bytes('broker') }))).toBe('NONE')
      if (set.includes('cluster')) expect(answerTo(cluster, ofBroker(undefined, { 'log.segment.bytes': bytes('cluster') }))).toBe('NONE')
      cluster.run(1)
      const inForce = (those: readonly string[]) => {
        const first = those.find((level) => set.includes(level as 'topic'))
        return first === undefined ? 1_073_741_824 : Number(bytes(first))
      }
      expect(cluster.replica(2).log.config.segmentBytes).toBe(inForce(levels))
      expect(cluster.replica(1).log.config.segmentBytes).toBe(inForce(['topic', 'cluster', 'file']))
    }), { numRuns: 8, seed: 4 })
  })

  // Docs, log.retention.ms: "Update Mode: cluster-wide"; log.retention.hours: "Update Mode: read-only". "If not set, the value in
  // log.retention.minutes is used", and then that in hours.
  test('takes effect on logs that are there, and goes with what it was set over', () => {
    const cluster = new TestCluster({ topics: [orders({})], overrides: { 'log.retention.hours': 2 } })
    const retention = () => cluster.run(1).replica(1).log.config.retentionMs
    expect(retention()).toBe(7_200_000)
    expect(answerTo(cluster, ofBroker(undefined, { 'log.retention.ms': '60000' }))).toBe('NONE')
    expect(retention()).toBe(60_000)
    cluster.act('crash', 'b1').run(1).act('restart', 'b1').run(12)
    expect(retention()).toBe(60_000)
    expect(answerTo(cluster, ofBroker(undefined, {}, ['log.retention.ms']))).toBe('NONE')
    expect(retention()).toBe(7_200_000)
    expect(cluster.facts('config.changed')).toMatchObject([{ name: '', value: '60000' }, { name: '', was: '60000' }])
  })

  // Docs, message.max.bytes: "The largest record batch size allowed by Kafka [...] Update Mode: cluster-wide".
  test('can forbid a batch that was allowed, and allow it again', () => {
    const cluster = new TestCluster({ topics: [orders({})], producers: [producer('p', { retries: 0, 'enable.idempotence': false })] })
    expect(answerTo(cluster, ofBroker(undefined, { 'message.max.bytes': '500' }))).toBe('NONE')
    cluster.run(1).send('p', { value: 'x', valueBytes: 1_000 }).run(1)
    expect(cluster.facts('producer.failed')).toMatchObject([{ error: 'MESSAGE_TOO_LARGE' }])
    expect(answerTo(cluster, ofBroker(undefined, {}, ['message.max.bytes']))).toBe('NONE')
    cluster.run(1).send('p', { value: 'y', valueBytes: 1_000 }).run(1)
    expect(cluster.replica(1).log.endOffset).toBe(1)
  })

  // KIP-226; ConfigAdminManager: "InvalidRequestException"; DynamicBrokerConfig: "Cannot update these configs dynamically".
  test('that is read-only is refused by the broker itself, in Kafka\'s words', () => {
    const cluster = new TestCluster()
    expect(answerTo(cluster, ofBroker('b2', { 'log.retention.hours': '1', 'log.retention.ms': '1' }))).toBe('INVALID_REQUEST')
    expect(cluster.facts('admin.answered').at(-1)).toMatchObject({ message: 'Cannot update these configs dynamically: [log.retention.hours]' })
    expect(cluster.sent.some(({ message, to }) => message.type === 'IncrementalAlterConfigsRequest' && to.startsWith('k'))).toBe(false)
    expect(cluster.run(1).facts('config.changed')).toEqual([])
  })

  // KafkaAdminClient#incrementalAlterConfigs: a broker's own configs are asked of that broker, which looks at them first.
  test('of one broker can only be asked of that broker', () => {
    const cluster = new TestCluster()
    expect(answerTo(cluster, ofBroker('b3', { 'log.retention.ms': '1' }))).toBe('NONE')
    expect(cluster.sent.filter(({ from, message }) => from === 'admin' && message.type === 'IncrementalAlterConfigsRequest').map(({ to }) => to)).toEqual(['b3'])
    cluster.act('crash', 'b3').call('dead', ofBroker('b3', { 'log.retention.ms': '2' })).run(61)
    expect(cluster.result('dead').error).toBe('TIMED_OUT')
  })
})
