/** A scenario and a seed as the cluster that stands at 00:00: defaults filled in, names turned into node ids. */
import { MILLISECOND, type NodeId } from '../base/units.ts'
import type { ProducerConfig } from '../kafka/client/producer/state.ts'
import type { ConsumerConfig } from '../kafka/client/consumer/state.ts'
import type { ShareConsumerConfig } from '../kafka/client/share-consumer/state.ts'
import { keyedPartition } from '../kafka/client/partitioner.ts'
import { METADATA_DIR } from '../kafka/broker/log-directories.ts'
import { roundRobinPlacement, type ClusterSpec, type TopicSpec } from '../kafka/cluster.ts'
import { slot } from '../kafka/late.ts'
import type { KafkaRecord } from '../kafka/log/record.ts'
import { adminOf } from './admin-actions.ts'
import { durationMicros, timestampMs } from './duration.ts'
import { headersOf } from './headers.ts'
import type { RecordSpec, Scenario, ShareConsumerSpec, TopicSpec as FileTopic, TransactionalSpec } from './types.ts'

/** A cluster with what stands beside it, toys and sinks; loaded late (`kafka/late.ts`). */
export const besideSlot = slot<(spec: ClusterSpec, scenario: Scenario) => ClusterSpec>('toys and sinks')

const DEFAULT_HOP = 5 * MILLISECOND
export const DEFAULT_CONTROLLERS = 3
const DEFAULT_REPLICATION = 3

const brokerId = (name: string): NodeId => Number(name.slice(1))
const strings = (config: Readonly<Record<string, string | number | boolean>> = {}): Readonly<Record<string, string>> =>
  Object.freeze(Object.fromEntries(Object.entries(config).map(([name, value]) => [name, String(value)])))
const duration = (text: string | undefined, otherwise: number): number => (text === undefined ? otherwise : durationMicros(text))

export function compile(scenario: Scenario, seed = scenario.seed): ClusterSpec {
  const brokers = brokersOf(scenario)
  const ids = brokers.map(({ id }) => id)
  const admin = adminOf(scenario)
  const { consumers = [], shareConsumers = [] } = scenario.clients ?? {}
  const spec: ClusterSpec = {
    seed,
    hop: duration(scenario.sim?.hop, DEFAULT_HOP), jitter: duration(scenario.sim?.jitter, 0),
    ...(scenario.sim?.writeBack === undefined ? {} : { writeBack: durationMicros(scenario.sim.writeBack) }),
    brokers, controllers: scenario.cluster.controllers ?? DEFAULT_CONTROLLERS, combined: scenario.cluster.combined === true, overrides: strings(scenario.cluster.config),
    features: scenario.cluster.features ?? {},
    topics: (scenario.topics ?? []).map((topic) => topicOf(topic, ids)),
    producers: [
      ...(scenario.clients?.producers ?? []).map((producer) => producerOf(producer, ids, scenario)),
      ...(scenario.clients?.transactional ?? []).map((client) => transactionalOf(client, ids, scenario)),
      ...consumers.filter(({ retry }) => retry !== undefined).map((consumer) => retryingOf(consumer, ids)),
    ],
    consumers: consumers.filter(({ retry }) => retry === undefined).map((consumer) => consumerOf(consumer, ids)),
    ...(shareConsumers.length === 0 ? {} : { shareConsumers: shareConsumers.map((consumer) => shareConsumerOf(consumer, ids)) }),
    groups: (scenario.groups ?? []).map(({ id, committed = {}, config }) => ({ id, committed: Object.freeze({ ...committed }), ...(config === undefined ? {} : { config: strings(config) }) })),
    ...(admin === undefined ? {} : { admin }),
  }
  return scenario.toys === undefined && scenario.apps?.some(({ of }) => of !== undefined) !== true ? spec : besideSlot()(spec, scenario)
}

function brokersOf({ cluster }: Scenario): ClusterSpec['brokers'] {
  const { brokers } = cluster
  if (typeof brokers === 'number') return Array.from({ length: brokers }, (_, i) => ({ id: i + 1, rack: `r${i + 1}`, overrides: {} }))
  return brokers.map(({ id, rack, diskGB, logDirs, config }) => ({
    // The metadata log of a broker with several directories is on a disk of its own, unless the file says otherwise: Kafka would put it into the first.
    id: brokerId(id), rack, overrides: strings({ ...((logDirs ?? 1) > 1 ? { 'metadata.log.dir': METADATA_DIR } : {}), ...config }),
    ...(logDirs === undefined ? {} : { logDirs }), ...(diskGB === undefined ? {} : { diskBytes: Math.round(diskGB * 1e9) }),
  }))
}

function topicOf(topic: FileTopic, brokers: readonly NodeId[]): TopicSpec {
  const { replicas } = topic
  const placed = replicas === undefined
    ? roundRobinPlacement(brokers, topic.partitions, topic.replicationFactor ?? Math.min(DEFAULT_REPLICATION, brokers.length))
    : Array.from({ length: topic.partitions }, (_, p) => (replicas[p] ?? []).map(brokerId))
  const spec = { name: topic.name, replicas: placed, config: strings(topic.config) }
  return topic.records === undefined ? spec : { ...spec, records: recordsOf(topic) }
}

/** What stands in a topic at 00:00: to the partition that is named, or that Kafka's own partitioner gives the key. */
function recordsOf(topic: FileTopic): readonly (readonly KafkaRecord[])[] {
  const { records = [], partitions, name } = topic
  const listed: readonly RecordSpec[] = 'count' in records ? Array.from({ length: records.count }, () => records.each ?? {}) : records
  const placed: KafkaRecord[][] = Array.from({ length: partitions }, () => [])
  listed.forEach(({ key, value, partition, bytes, timestamp, headers, poison }, i) => {
    const index = partition ?? (typeof key === 'string' ? keyedPartition('java', key, partitions) : 0)
    placed[index]!.push(Object.freeze({
      id: `${name}#${i + 1}`, key: key ?? undefined, value: value === undefined ? `${name}-${i + 1}` : (value ?? undefined),
      valueBytes: bytes, timestamp: timestampMs(timestamp, 0) ?? 0,
      ...(headers === undefined ? {} : { headers: headersOf(headers) }), ...(poison === true ? { poison } : {}),
    }))
  })
  return placed
}

type Producers = NonNullable<NonNullable<Scenario['clients']>['producers']>
function producerOf(producer: Producers[number], brokers: readonly NodeId[], { sim }: Scenario): ProducerConfig {
  const { id, topic, library = 'java', keys, partitioner, bytes = sim?.recordBytes } = producer
  return Object.freeze({
    id, library, topic, bootstrap: bootstrapOf(producer.bootstrap, brokers), configs: strings(producer.config), rate: rateOf(producer.rate),
    keys, bytes, ...(partitioner === undefined ? {} : { partitioner }),
  })
}

/** One process that reads and writes; without a group it only writes. */
function transactionalOf(client: TransactionalSpec, brokers: readonly NodeId[], { sim }: Scenario): ProducerConfig {
  const { id, library = 'java', topic, topics = [topic], group, writes = topic, batch, processMs, onPoison, filter } = client
  const reads = group === undefined ? undefined : Object.freeze({ group, topics: Object.freeze(topics.slice()), batch, processMs, ...(onPoison === undefined ? {} : { onPoison }), ...(filter === undefined ? {} : { filter }) })
  return Object.freeze({
    id, library, topic: writes, bootstrap: bootstrapOf(client.bootstrap, brokers), configs: strings(client.config), bytes: sim?.recordBytes, transactional: true, reads,
  })
}

type Consumers = NonNullable<NonNullable<Scenario['clients']>['consumers']>
function consumerOf(consumer: Consumers[number], brokers: readonly NodeId[]): ConsumerConfig {
  const { id, library = 'java', group, topic, topics = topic === undefined ? [] : [topic], processMs, assign, polls, commits, onPoison, filter, threads } = consumer
  return Object.freeze({
    id, library, group, topics: Object.freeze(topics.slice()), bootstrap: bootstrapOf(consumer.bootstrap, brokers),
    configs: strings(consumer.config), processMs, polls, commits,
    assign: assign === undefined ? undefined : Object.freeze(assign.slice()), ...(onPoison === undefined ? {} : { onPoison }), ...(filter === undefined ? {} : { filter }),
    ...(threads === true ? { threads } : {}),
  })
}

/** A consumer with somewhere to put what its handler fails on has a producer in it. Of one topic it reads the retry topics too. */
function retryingOf({ id, library = 'java', group = '', topic, topics, bootstrap, config, processMs, retry, filter }: Consumers[number], brokers: readonly NodeId[]): ProducerConfig {
  const ladder = Object.freeze((retry?.ladder ?? []).map((rung) => Object.freeze({ topic: rung.topic, afterMs: durationMicros(rung.after) / MILLISECOND })))
  const side = Object.freeze({ ladder, dead: retry?.dead ?? '' })
  const read = topics ?? [topic ?? '', ...ladder.map((rung) => rung.topic)]
  return Object.freeze({
    id, library, topic: side.dead, bootstrap: bootstrapOf(bootstrap, brokers), configs: strings(config), reads: Object.freeze({ group, topics: Object.freeze(read.slice()), processMs, side, ...(filter === undefined ? {} : { filter }) }),
  })
}

/** A handler that gives records back says so itself: that is what the explicit mode is for. */
function shareConsumerOf({ id, library = 'java', group, topic, topics = [topic], bootstrap, config, processMs, polls, ackMode: said, answers, onPoison }: ShareConsumerSpec, brokers: readonly NodeId[]): ShareConsumerConfig {
  const ackMode = said ?? (onPoison === 'retry' || onPoison === 'dead' ? 'explicit' : undefined)
  return Object.freeze({
    id, library, group, topics: Object.freeze(topics.slice()), bootstrap: bootstrapOf(bootstrap, brokers), configs: strings({ ...(ackMode === undefined ? {} : { 'share.acknowledgement.mode': ackMode }), ...config }), processMs, polls, answers, ...(onPoison === undefined ? {} : { onPoison }),
  })
}

const periods: Readonly<Record<string, number>> = { s: 1_000_000, m: 60_000_000, h: 3_600_000_000 }
export function rateOf(rate: string | undefined): ProducerConfig['rate'] {
  if (rate === undefined) return undefined
  const [count = '0', unit = 's'] = rate.split('/')
  return { count: Number(count), per: periods[unit] ?? 1_000_000 }
}

/** All brokers, unless the file names those to contact first. */
const bootstrapOf = (named: readonly string[] | undefined, brokers: readonly NodeId[]): readonly string[] =>
  Object.freeze(named === undefined ? brokers.map((id) => `b${id}`) : named.slice())

/** The keys of the file in their order: each has a shape and a colour of its own. */
export function huesOf(scenario: Scenario): ReadonlyMap<string, number> {
  const hues = new Map<string, number>()
  for (const { keys = [] } of scenario.clients?.producers ?? []) for (const key of keys) if (!hues.has(key)) hues.set(key, hues.size)
  return hues
}
