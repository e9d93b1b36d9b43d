/**
 * The configs of one log: the topic's own, else the broker's, else Kafka's defaults.
 * Follows storage/.../log/LogConfig.java; the broker's names are those of server-common/.../config/ServerTopicConfigSynonyms.java.
 */
import { configOf, type ConfigValue, type Overrides } from '../config.ts'

/** Frozen, and shared by all partitions of a topic on a broker. */
export interface LogConfig {
  readonly segmentBytes: number
  readonly segmentMs: number
  readonly segmentIndexBytes: number
  readonly indexIntervalBytes: number
  /** -1 = never by time, and by size. */
  readonly retentionMs: number
  readonly retentionBytes: number
  /** `cleanup.policy` */
  readonly compact: boolean
  readonly delete: boolean
  readonly deleteRetentionMs: number
  readonly minCleanableDirtyRatio: number
  readonly minCompactionLagMs: number
  readonly maxCompactionLagMs: number
  readonly flushMessages: number
  readonly flushMs: number
  readonly logAppendTime: boolean
}

const MINUTE_MS = 60_000,
  HOUR_MS = 3_600_000
/** Broker configs that stand for a topic's, the first that is set wins, and what one of theirs is in the topic's unit. */
const synonyms: Readonly<Record<string, readonly (readonly [name: string, unit: number])[]>> = {
  'cleanup.policy': [['log.cleanup.policy', 1]],
  'compression.type': [['compression.type', 1]],
  'retention.ms': [['log.retention.ms', 1], ['log.retention.minutes', MINUTE_MS], ['log.retention.hours', HOUR_MS]],
  'retention.bytes': [['log.retention.bytes', 1]],
  'segment.bytes': [['log.segment.bytes', 1]],
  'segment.ms': [['log.roll.ms', 1], ['log.roll.hours', HOUR_MS]],
  'segment.index.bytes': [['log.index.size.max.bytes', 1]],
  'index.interval.bytes': [['log.index.interval.bytes', 1]],
  'delete.retention.ms': [['log.cleaner.delete.retention.ms', 1]],
  'min.cleanable.dirty.ratio': [['log.cleaner.min.cleanable.ratio', 1]],
  'min.compaction.lag.ms': [['log.cleaner.min.compaction.lag.ms', 1]],
  'max.compaction.lag.ms': [['log.cleaner.max.compaction.lag.ms', 1]],
  'flush.messages': [['log.flush.interval.messages', 1]],
  'flush.ms': [['log.flush.interval.ms', 1]],
  'max.message.bytes': [['message.max.bytes', 1]],
  'message.timestamp.type': [['log.message.timestamp.type', 1]],
  'message.timestamp.before.max.ms': [['log.message.timestamp.before.max.ms', 1]],
  'message.timestamp.after.max.ms': [['log.message.timestamp.after.max.ms', 1]],
}

/** Of those, the first name of each can be set while brokers run (DynamicLogConfig). */
export const isLogConfig = (name: string): boolean => Object.values(synonyms).some(([first]) => first![0] === name)

/** What a topic's config is on this broker; undefined = Kafka's default is "no limit". */
export function topicSetting(topic: Overrides, broker: Overrides, name: string): ConfigValue | undefined {
  const own = topic[name]
  if (own !== undefined) return own
  for (const [synonym, unit] of synonyms[name] ?? []) {
    const value = broker[synonym]
    if (value !== undefined) return unit === 1 || Number(value) < 0 ? value : Number(value) * unit
  }
  return configOf('topic', name)?.default
}

export function logConfig(topic: Overrides, broker: Overrides): LogConfig {
  const text = (name: string): string => String(topicSetting(topic, broker, name) ?? '')
  const number = (name: string): number => Number(topicSetting(topic, broker, name) ?? Infinity)
  const policies = text('cleanup.policy').split(',').map((policy) => policy.trim())
  return Object.freeze({
    segmentBytes: Number(topic['internal.segment.bytes'] ?? number('segment.bytes')), segmentMs: number('segment.ms'),
    segmentIndexBytes: number('segment.index.bytes'), indexIntervalBytes: number('index.interval.bytes'),
    retentionMs: number('retention.ms'), retentionBytes: number('retention.bytes'),
    compact: policies.includes('compact'), delete: policies.includes('delete'),
    deleteRetentionMs: number('delete.retention.ms'), minCleanableDirtyRatio: number('min.cleanable.dirty.ratio'),
    minCompactionLagMs: number('min.compaction.lag.ms'), maxCompactionLagMs: number('max.compaction.lag.ms'),
    flushMessages: number('flush.messages'), flushMs: number('flush.ms'), logAppendTime: text('message.timestamp.type') === 'LogAppendTime',
  })
}

export const DEFAULT_LOG_CONFIG: LogConfig = logConfig({}, {})
