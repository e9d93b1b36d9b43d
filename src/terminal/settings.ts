/** Configs as tools write and check them: `key=value` lists, and where a value comes from. Follows core/.../server/ConfigHelper.scala. */
import { configOf, isOutOfRange } from '../kafka/config.ts'
import type { Sight } from '../projection/sight.ts'

/** `a=1,b=[1,2]`, each of several; undefined = not of that form. */
export function configsOf(texts: readonly string[]): Readonly<Record<string, string>> | undefined {
  const found: Record<string, string> = {}
  for (const text of texts) {
    for (const part of text.split(/,(?=[^\]]*(?:\[|$))/)) {
      const at = part.indexOf('=')
      if (at <= 0) return undefined
      found[part.slice(0, at).trim()] = part.slice(at + 1).trim().replace(/^\[(.*)\]$/, '$1')
    }
  }
  return found
}

/** Kafka knows them, and the model does not. */
const notModelled: ReadonlySet<string> = new Set([
  'compression.gzip.level', 'compression.lz4.level', 'compression.zstd.level', 'file.delete.delay.ms', 'preallocate', 'segment.jitter.ms', 'remote.storage.enable',
  'remote.log.copy.disable', 'remote.log.delete.on.disable', 'local.retention.ms', 'local.retention.bytes', 'internal.segment.bytes',
])
export const unmodelled = (config: Readonly<Record<string, string>>): string | undefined => Object.keys(config).find((name) => notModelled.has(name))

/** LogConfig#validate, in its words. */
export function configProblem(config: Readonly<Record<string, string>>): { readonly says: string; readonly exception: string } | undefined {
  for (const [name, value] of Object.entries(config)) {
    const spec = configOf('topic', name)
    if (spec === undefined) return { says: `Unknown topic config name: ${name}`, exception: 'org.apache.kafka.common.errors.InvalidConfigurationException' }
    const exception = 'org.apache.kafka.common.config.ConfigException'
    if ((spec.type === 'int' || spec.type === 'long') && !/^-?\d+$/.test(value)) return { says: `Invalid value ${value} for configuration ${name}: Not a number of type ${spec.type.toUpperCase()}`, exception }
    if (spec.type === 'double' && !(Number.isFinite(Number(value)) && value !== '')) return { says: `Invalid value ${value} for configuration ${name}: Not a number of type DOUBLE`, exception }
    if (spec.type === 'boolean' && !/^(true|false)$/i.test(value)) return { says: `Invalid value ${value} for configuration ${name}: Expected value to be either true or false`, exception }
    if (!isOutOfRange(spec, value)) continue
    if (spec.min !== undefined && Number(value) < spec.min) return { says: `Invalid value ${value} for configuration ${name}: Value must be at least ${spec.min}`, exception }
    if (spec.max !== undefined && Number(value) > spec.max) return { says: `Invalid value ${value} for configuration ${name}: Value must be no more than ${spec.max}`, exception }
    return { says: `Invalid value ${value} for configuration ${name}: String must be one of: ${(spec.values ?? []).join(', ')}`, exception }
  }
  return undefined
}

/** The broker's config that stands behind a topic's. ServerTopicConfigSynonyms; undefined = the same name, or `log.` before it. */
const behind: Readonly<Record<string, string | undefined>> = {
  'min.insync.replicas': 'min.insync.replicas', 'unclean.leader.election.enable': 'unclean.leader.election.enable', 'compression.type': 'compression.type',
  'compression.gzip.level': 'compression.gzip.level', 'compression.lz4.level': 'compression.lz4.level', 'compression.zstd.level': 'compression.zstd.level',
  'max.message.bytes': 'message.max.bytes', 'flush.messages': 'log.flush.interval.messages', 'file.delete.delay.ms': 'log.segment.delete.delay.ms',
  'index.interval.bytes': 'log.index.interval.bytes', 'segment.index.bytes': 'log.index.size.max.bytes', 'min.cleanable.dirty.ratio': 'log.cleaner.min.cleanable.ratio',
  'min.compaction.lag.ms': 'log.cleaner.min.compaction.lag.ms', 'max.compaction.lag.ms': 'log.cleaner.max.compaction.lag.ms', 'delete.retention.ms': 'log.cleaner.delete.retention.ms',
  'retention.bytes': 'log.retention.bytes', 'cleanup.policy': 'log.cleanup.policy', 'segment.bytes': 'log.segment.bytes', 'preallocate': 'log.preallocate',
  'message.timestamp.type': 'log.message.timestamp.type', 'message.timestamp.before.max.ms': 'log.message.timestamp.before.max.ms', 'message.timestamp.after.max.ms': 'log.message.timestamp.after.max.ms',
}

/** The value that acts where a topic sets none: of a broker's file, or of all brokers. */
export function topicDefault(name: string, sight: Pick<Sight, 'brokerConfig' | 'brokers'>): string {
  const broker = behind[name]
  const set = broker === undefined ? undefined : (sight.brokerConfig[broker] ?? sight.brokers[0]?.config[broker])
  return String(set ?? configOf('topic', name)?.default ?? '')
}

interface Source { readonly from: string; readonly name: string; readonly value: string }
/** Where a topic's value comes from, strongest first. */
export function sourcesOf(name: string, own: string | undefined, sight: Sight): readonly Source[] {
  const broker = behind[name]
  const standard = configOf('topic', name)?.default
  const list: (Source | undefined)[] = [own === undefined ? undefined : { from: 'DYNAMIC_TOPIC_CONFIG', name, value: own }]
  if (broker !== undefined) {
    const everywhere = sight.brokerConfig[broker] ?? (broker === 'min.insync.replicas' ? '1' : undefined)
    const file = sight.brokers[0]?.config[broker]
    list.push(
      everywhere === undefined ? undefined : { from: 'DYNAMIC_DEFAULT_BROKER_CONFIG', name: broker, value: everywhere },
      file === undefined ? undefined : { from: 'STATIC_BROKER_CONFIG', name: broker, value: file },
      standard === undefined ? undefined : { from: 'DEFAULT_CONFIG', name: broker, value: String(standard) },
    )
  }
  return list.filter((source) => source !== undefined)
}
export const written = (name: string, value: string, sources: readonly Source[]): string =>
  `  ${name}=${value} sensitive=false synonyms={${sources.map(({ from, name: of, value: is }) => `${from}:${of}=${is}`).join(', ')}}`
