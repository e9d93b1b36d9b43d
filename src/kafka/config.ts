/**
 * Every config the model knows: Kafka's name, where it applies, its default and range. Forms, badges, checks of scenario
 * files and the numbers in force all come from this table. Defaults are those printed by the ConfigDefs of Kafka 4.3.1.
 */
import { isDurationPolicy } from './client/consumer/reset-policy.ts'
import { assignorNames, assignorOf } from './client/consumer/assign/assignor.ts'

export type Scope = 'topic' | 'broker' | 'producer' | 'consumer' | 'group'
export type ConfigValue = string | number | boolean

export interface ConfigSpec {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly type: 'int' | 'long' | 'double' | 'boolean' | 'string' | 'list'
  readonly default: ConfigValue | undefined
  readonly min?: number; readonly max?: number
  readonly values?: readonly string[]
  /** Another way to write one of `values`, or a value of a form of its own. */
  readonly accepts?: (entry: string) => boolean
  /** The model acts on it; others are known by name and refused in this version. */
  readonly modelled: boolean
}

type Extra = Pick<ConfigSpec, 'min' | 'max' | 'values' | 'accepts'>
const entry = (name: string, scopes: readonly Scope[], type: ConfigSpec['type'], value: ConfigValue | undefined, modelled: boolean, extra: Extra): readonly [string, ConfigSpec] =>
  [name, { name, scopes, type, default: value, modelled, ...extra }]
const acts = (scopes: readonly Scope[], name: string, type: ConfigSpec['type'], value: ConfigValue | undefined, extra: Extra = {}) => entry(name, scopes, type, value, true, extra)
const named = (scopes: readonly Scope[], name: string, type: ConfigSpec['type'], value: ConfigValue | undefined, extra: Extra = {}) => entry(name, scopes, type, value, false, extra)

/** The only class that `partitioner.class` can name: the others are gone since 4.0. */
export const ROUND_ROBIN = 'org.apache.kafka.clients.producer.RoundRobinPartitioner'
/** Long.MAX_VALUE */
const UNLIMITED = '9223372036854775807'
/** `[PartitionId]:[BrokerId],...`, or all. */
const throttled: Extra = { values: ['*', ''], accepts: (entry) => /^[0-9]+:[0-9]+$/.test(entry.trim()) }
const clients: readonly Scope[] = ['producer', 'consumer']

const known = new Map([
  // Topics (and the broker's defaults for them)
  acts(['topic', 'broker'], 'min.insync.replicas', 'int', 1, { min: 1 }),
  acts(['topic', 'broker'], 'unclean.leader.election.enable', 'boolean', false),
  acts(['topic'], 'cleanup.policy', 'list', 'delete', { values: ['delete', 'compact', 'compact,delete', 'delete,compact', ''] }),
  acts(['topic'], 'retention.ms', 'long', 604800000, { min: -1 }),
  acts(['topic'], 'retention.bytes', 'long', -1, { min: -1 }),
  acts(['topic'], 'segment.bytes', 'int', 1073741824, { min: 1048576 }),
  acts(['topic'], 'segment.ms', 'long', 604800000, { min: 1 }),
  acts(['topic'], 'segment.index.bytes', 'int', 10485760, { min: 4 }),
  acts(['topic'], 'index.interval.bytes', 'int', 4096, { min: 0 }),
  acts(['topic'], 'delete.retention.ms', 'long', 86400000, { min: 0 }),
  acts(['topic'], 'min.cleanable.dirty.ratio', 'double', 0.5, { min: 0, max: 1 }),
  acts(['topic'], 'min.compaction.lag.ms', 'long', 0, { min: 0 }),
  acts(['topic'], 'max.compaction.lag.ms', 'long', undefined, { min: 1 }),
  acts(['topic'], 'flush.messages', 'long', undefined, { min: 1 }),
  acts(['topic'], 'flush.ms', 'long', undefined, { min: 0 }),
  acts(['topic'], 'max.message.bytes', 'int', 1048588, { min: 0 }),
  acts(['topic'], 'message.timestamp.after.max.ms', 'long', 3600000, { min: 0 }),
  acts(['topic'], 'message.timestamp.before.max.ms', 'long', undefined, { min: 0 }),
  acts(['topic'], 'message.timestamp.type', 'string', 'CreateTime', { values: ['CreateTime', 'LogAppendTime'] }),
  acts(['topic'], 'leader.replication.throttled.replicas', 'list', '', throttled),
  acts(['topic'], 'follower.replication.throttled.replicas', 'list', '', throttled),
  acts(['topic', 'broker'], 'compression.type', 'string', 'producer', { values: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'] }),
  // Brokers
  acts(['broker'], 'num.partitions', 'int', 1, { min: 1 }),
  acts(['broker'], 'default.replication.factor', 'int', 1),
  acts(['broker'], 'message.max.bytes', 'int', 1048588, { min: 0 }),
  acts(['broker'], 'replica.lag.time.max.ms', 'long', 30000),
  acts(['broker'], 'replica.fetch.wait.max.ms', 'int', 500),
  acts(['broker'], 'replica.fetch.min.bytes', 'int', 1),
  acts(['broker'], 'replica.fetch.max.bytes', 'int', 1048576, { min: 0 }),
  acts(['broker'], 'replica.fetch.response.max.bytes', 'int', 10485760, { min: 0 }),
  acts(['broker'], 'replica.fetch.backoff.ms', 'int', 1000, { min: 0 }),
  acts(['broker'], 'replica.socket.timeout.ms', 'int', 30000),
  acts(['broker'], 'broker.heartbeat.interval.ms', 'int', 2000),
  acts(['broker'], 'broker.session.timeout.ms', 'int', 9000),
  acts(['broker'], 'offsets.topic.num.partitions', 'int', 50, { min: 1 }),
  acts(['broker'], 'offsets.topic.replication.factor', 'int', 3, { min: 1 }),
  acts(['broker'], 'offsets.commit.timeout.ms', 'int', 5000, { min: 1 }),
  acts(['broker'], 'offsets.retention.minutes', 'int', 10080, { min: 1 }),
  acts(['broker'], 'offsets.retention.check.interval.ms', 'long', 600000, { min: 1 }),
  acts(['broker'], 'group.initial.rebalance.delay.ms', 'int', 3000),
  acts(['broker'], 'group.min.session.timeout.ms', 'int', 6000),
  acts(['broker'], 'group.max.session.timeout.ms', 'int', 1800000),
  acts(['broker'], 'group.consumer.session.timeout.ms', 'int', 45000),
  acts(['broker'], 'group.consumer.heartbeat.interval.ms', 'int', 5000),
  acts(['broker'], 'group.consumer.assignment.interval.ms', 'int', 1000, { min: 0 }),
  acts(['broker'], 'auto.leader.rebalance.enable', 'boolean', true),
  acts(['broker'], 'leader.imbalance.check.interval.seconds', 'long', 300, { min: 1 }),
  acts(['broker'], 'unclean.leader.election.interval.ms', 'long', 300000, { min: 1 }),
  // Controllers: Kafka gives them in the same properties file
  acts(['broker'], 'controller.quorum.election.timeout.ms', 'int', 1000, { min: 1 }),
  acts(['broker'], 'controller.quorum.fetch.timeout.ms', 'int', 2000, { min: 1 }),
  acts(['broker'], 'controller.quorum.election.backoff.max.ms', 'int', 1000, { min: 0 }),
  acts(['broker'], 'controller.quorum.append.linger.ms', 'int', 25, { min: 0 }),
  acts(['broker'], 'controller.quorum.request.timeout.ms', 'int', 2000, { min: 1 }),
  acts(['broker'], 'controller.quorum.retry.backoff.ms', 'int', 20, { min: 1 }),
  named(['broker'], 'num.replica.fetchers', 'int', 1),
  acts(['broker'], 'transaction.state.log.num.partitions', 'int', 50, { min: 1 }),
  acts(['broker'], 'transaction.state.log.replication.factor', 'int', 3, { min: 1 }),
  acts(['broker'], 'transaction.state.log.min.isr', 'int', 2, { min: 1 }),
  acts(['broker'], 'transaction.max.timeout.ms', 'int', 900000, { min: 1 }),
  acts(['broker'], 'transaction.abort.timed.out.transaction.cleanup.interval.ms', 'int', 10000, { min: 1 }),
  acts(['broker'], 'log.retention.check.interval.ms', 'long', 300000, { min: 1 }),
  acts(['broker'], 'log.initial.task.delay.ms', 'long', 30000, { min: 0 }),
  acts(['broker'], 'producer.id.expiration.ms', 'int', 86400000, { min: 1 }),
  acts(['broker'], 'producer.id.expiration.check.interval.ms', 'int', 600000, { min: 1 }),
  acts(['broker'], 'log.cleaner.backoff.ms', 'long', 15000, { min: 0 }),
  acts(['broker'], 'log.flush.scheduler.interval.ms', 'long', undefined, { min: 1 }),
  // What topics have that do not say otherwise
  acts(['broker'], 'log.cleanup.policy', 'list', 'delete', { values: ['delete', 'compact', 'compact,delete', 'delete,compact', ''] }),
  acts(['broker'], 'log.retention.ms', 'long', undefined, { min: -1 }),
  acts(['broker'], 'log.retention.minutes', 'int', undefined),
  acts(['broker'], 'log.retention.hours', 'int', 168),
  acts(['broker'], 'log.retention.bytes', 'long', -1, { min: -1 }),
  acts(['broker'], 'log.segment.bytes', 'int', 1073741824, { min: 1048576 }),
  acts(['broker'], 'log.roll.ms', 'long', undefined, { min: 1 }),
  acts(['broker'], 'log.roll.hours', 'int', 168, { min: 1 }),
  acts(['broker'], 'log.index.size.max.bytes', 'int', 10485760, { min: 4 }),
  acts(['broker'], 'log.index.interval.bytes', 'int', 4096, { min: 0 }),
  acts(['broker'], 'log.cleaner.delete.retention.ms', 'long', 86400000, { min: 0 }),
  acts(['broker'], 'log.cleaner.min.cleanable.ratio', 'double', 0.5, { min: 0, max: 1 }),
  acts(['broker'], 'log.cleaner.min.compaction.lag.ms', 'long', 0, { min: 0 }),
  acts(['broker'], 'log.cleaner.max.compaction.lag.ms', 'long', undefined, { min: 1 }),
  acts(['broker'], 'log.flush.interval.messages', 'long', undefined, { min: 1 }),
  acts(['broker'], 'log.flush.interval.ms', 'long', undefined, { min: 0 }),
  acts(['broker'], 'log.message.timestamp.type', 'string', 'CreateTime', { values: ['CreateTime', 'LogAppendTime'] }),
  acts(['broker'], 'log.message.timestamp.after.max.ms', 'long', 3600000, { min: 0 }),
  acts(['broker'], 'log.message.timestamp.before.max.ms', 'long', undefined, { min: 0 }),
  acts(['broker'], 'leader.replication.throttled.rate', 'long', UNLIMITED, { min: 0 }),
  acts(['broker'], 'follower.replication.throttled.rate', 'long', UNLIMITED, { min: 0 }),
  acts(['broker'], 'replication.quota.window.num', 'int', 11, { min: 1 }),
  acts(['broker'], 'replication.quota.window.size.seconds', 'int', 1, { min: 1 }),
  acts(['broker'], 'metadata.log.max.record.bytes.between.snapshots', 'long', 20971520, { min: 1 }),
  acts(['broker'], 'metadata.log.max.snapshot.interval.ms', 'long', 3600000, { min: 0 }),
  acts(['broker'], 'metadata.max.retention.bytes', 'long', 104857600), acts(['broker'], 'metadata.max.retention.ms', 'long', 604800000),
  acts(['broker'], 'metadata.log.dir', 'string', undefined),
  acts(['broker'], 'log.dir.failure.timeout.ms', 'long', 30000, { min: 1 }),
  acts(['broker'], 'replica.selector.class', 'string', undefined, { values: ['org.apache.kafka.common.replica.RackAwareReplicaSelector', 'org.apache.kafka.common.replica.LeaderSelector'] }),
  // Producers
  acts(['producer'], 'acks', 'string', 'all', { values: ['all', '-1', '0', '1'] }),
  acts(['producer'], 'enable.idempotence', 'boolean', true),
  acts(['producer'], 'batch.size', 'int', 16384, { min: 0 }),
  acts(['producer'], 'linger.ms', 'long', 5, { min: 0 }),
  acts(['producer'], 'buffer.memory', 'long', 33554432, { min: 0 }),
  acts(['producer'], 'max.block.ms', 'long', 60000, { min: 0 }),
  acts(['producer'], 'max.request.size', 'int', 1048576, { min: 0 }),
  acts(['producer'], 'max.in.flight.requests.per.connection', 'int', 5, { min: 1 }),
  acts(['producer'], 'retries', 'int', 2147483647, { min: 0, max: 2147483647 }),
  acts(['producer'], 'delivery.timeout.ms', 'int', 120000, { min: 0 }),
  acts(['producer'], 'compression.type', 'string', 'none', { values: ['none', 'gzip', 'snappy', 'lz4', 'zstd'] }),
  acts(['producer'], 'transactional.id', 'string', undefined),
  acts(['producer'], 'transaction.timeout.ms', 'int', 60000),
  acts(['producer'], 'partitioner.ignore.keys', 'boolean', false),
  acts(['producer'], 'partitioner.class', 'string', undefined, { values: [ROUND_ROBIN] }),
  acts(['producer'], 'partitioner.adaptive.partitioning.enable', 'boolean', true),
  // Both kinds of client
  acts(clients, 'request.timeout.ms', 'int', 30000, { min: 0 }),
  acts(clients, 'retry.backoff.ms', 'long', 100, { min: 0 }),
  acts(clients, 'retry.backoff.max.ms', 'long', 1000, { min: 0 }),
  acts(clients, 'reconnect.backoff.ms', 'long', 50, { min: 0 }),
  acts(clients, 'reconnect.backoff.max.ms', 'long', 1000, { min: 0 }),
  acts(clients, 'socket.connection.setup.timeout.ms', 'long', 10000),
  acts(clients, 'metadata.max.age.ms', 'long', 300000, { min: 0 }),
  // Consumers
  acts(['consumer'], 'auto.offset.reset', 'string', 'latest', { values: ['latest', 'earliest', 'none'], accepts: isDurationPolicy }),
  acts(['consumer'], 'enable.auto.commit', 'boolean', true),
  acts(['consumer'], 'auto.commit.interval.ms', 'int', 5000, { min: 0 }),
  acts(['consumer'], 'session.timeout.ms', 'int', 45000),
  acts(['consumer'], 'heartbeat.interval.ms', 'int', 3000),
  acts(['consumer'], 'max.poll.interval.ms', 'int', 300000, { min: 1 }),
  acts(['consumer'], 'max.poll.records', 'int', 500, { min: 1 }),
  acts(['consumer'], 'fetch.min.bytes', 'int', 1, { min: 0 }),
  acts(['consumer'], 'fetch.max.wait.ms', 'int', 500, { min: 0 }),
  acts(['consumer'], 'fetch.max.bytes', 'int', 52428800, { min: 0 }),
  acts(['consumer'], 'max.partition.fetch.bytes', 'int', 1048576, { min: 0 }),
  acts(['consumer'], 'partition.assignment.strategy', 'list', 'range,cooperative-sticky', {
    values: assignorNames, accepts: (entry) => assignorOf(entry) !== undefined,
  }),
  acts(['consumer'], 'group.remote.assignor', 'string', undefined, { values: ['uniform', 'range'] }),
  acts(['consumer'], 'group.protocol', 'string', 'classic', { values: ['classic', 'consumer'] }),
  acts(['consumer'], 'group.instance.id', 'string', undefined),
  acts(['consumer'], 'client.rack', 'string', undefined),
  acts(['consumer'], 'isolation.level', 'string', 'read_uncommitted', { values: ['read_uncommitted', 'read_committed'] }),
  named(['consumer'], 'default.api.timeout.ms', 'int', 60000),
].map(([name, spec]) => [spec.scopes[0] === 'producer' && name === 'compression.type' ? 'producer:compression.type' : name, spec] as const))

export const configs: ReadonlyMap<string, ConfigSpec> = known
const names = [...new Set([...configs.values()].map((spec) => spec.name))]
export const configNames: readonly string[] = names

/** Of a part of the model that is only there when a run needs it. */
export function addConfigs(specs: readonly ConfigSpec[]): void {
  for (const spec of specs) {
    if (!known.has(spec.name)) names.push(spec.name)
    known.set(spec.name, spec)
  }
}

/** The spec that applies to `name` in this scope; undefined = Kafka has no such config there, or the model has never heard of it. */
export function configOf(scope: Scope, name: string): ConfigSpec | undefined {
  const spec = configs.get(name)
  if (spec?.scopes.includes(scope) === true) return spec
  const own = configs.get(`${scope}:${name}`)
  return own?.scopes.includes(scope) === true ? own : undefined
}

/** A value that Kafka would refuse for this config. */
export function isOutOfRange(spec: ConfigSpec, value: ConfigValue): boolean {
  const text = String(value)
  if (spec.type === 'list') return !text.split(',').every((entry) => spec.values?.includes(entry.trim()) !== false || spec.accepts?.(entry) === true)
  if (spec.values !== undefined) return !spec.values.includes(text) && spec.accepts?.(text) !== true
  if (spec.type === 'boolean') return text !== 'true' && text !== 'false'
  if (spec.type === 'double') return !/^-?[0-9]+(\.[0-9]+)?$/.test(text) || Number(text) < (spec.min ?? -Infinity) || Number(text) > (spec.max ?? Infinity)
  if (spec.type !== 'int' && spec.type !== 'long') return false
  if (!/^-?[0-9]+$/.test(text)) return true
  const number = Number(text)
  const most = spec.max ?? (spec.type === 'int' ? 2_147_483_647 : Number.MAX_SAFE_INTEGER)
  return number > most || (spec.min !== undefined && number < spec.min)
}

export type Overrides = Readonly<Record<string, ConfigValue>>

/** The value in force as a number. */
export function numberOf(scope: Scope, overrides: Overrides, name: string): number {
  const value = overrides[name] ?? configOf(scope, name)?.default
  const number = Number(value)
  if (!Number.isFinite(number)) throw new Error(`${name} is not a number: ${String(value)}`)
  return number
}
export const stringOf = (scope: Scope, overrides: Overrides, name: string): string => String(overrides[name] ?? configOf(scope, name)?.default ?? '')
export const booleanOf = (scope: Scope, overrides: Overrides, name: string): boolean => String(overrides[name] ?? configOf(scope, name)?.default) === 'true'
