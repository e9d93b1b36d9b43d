/** Configs of a file against Kafka's own table: names, ranges, and what a client would refuse to start with. */
import '../kafka/share/configs.ts'
import { configOf, configs, configNames, isOutOfRange, type ConfigSpec, type ConfigValue, type Scope } from '../kafka/config.ts'
import type { Path } from './findings.ts'
import type { FileData } from './format.ts'
import { allActions, brokersOf } from './names.ts'
import { nearest } from './nearest.ts'
import type { Tell } from './tell.ts'

type Config = Readonly<Record<string, ConfigValue>>

/** Names that Kafka 4.0 took away. */
const gone = new Set([
  'zookeeper.connect', 'zookeeper.connection.timeout.ms', 'zookeeper.session.timeout.ms', 'zookeeper.max.in.flight.requests',
  'zookeeper.set.acl', 'zookeeper.metadata.migration.enable', 'inter.broker.protocol.version', 'log.message.format.version',
  'message.format.version', 'log.message.timestamp.difference.max.ms', 'message.timestamp.difference.max.ms', 'control.plane.listener.name',
  'broker.id.generation.enable', 'reserved.broker.max.id', 'offsets.commit.required.acks', 'delegation.token.master.key',
  'password.encoder.secret', 'log.message.downconversion.enable', 'message.downconversion.enable', 'advertised.host.name',
  'advertised.port',
  'host.name', 'port', 'auto.include.jmx.reporter', 'log.cleaner.threads.legacy',
])

/** Every config of the file with the place it stands at and what it applies to. */
export function checkConfigs(file: FileData, tell: Tell): void {
  const check = (config: Config | undefined, scope: Scope, path: Path): void => {
    for (const [name, value] of Object.entries(config ?? {})) checkConfig(name, value, scope, [...path, name], tell)
  }
  check(file.cluster.config, 'broker', ['cluster', 'config'])
  if (typeof file.cluster.brokers !== 'number') {
    file.cluster.brokers.forEach(({ config }, i) => check(config, 'broker', ['cluster', 'brokers', i, 'config']))
  }
  file.topics?.forEach((topic, i) => {
    check(topic.config, 'topic', ['topics', i, 'config'])
    checkMinIsr(file, topic, ['topics', i], tell)
  })
  file.groups?.forEach(({ config }, i) => check(config, 'group', ['groups', i, 'config']))
  for (const [kind, scope] of clientScopes) {
    file.clients?.[kind]?.forEach(({ config }, i) => {
      const path = ['clients', kind, i, 'config']
      if (kind === 'transactional') checkBoth(config ?? {}, path, check)
      else check(config, scope, path)
      if (scope === 'producer') checkProducer(config ?? {}, path, tell)
      else checkConsumer(config ?? {}, path, tell)
    })
  }
  checkChanges(file, check, tell)
}
/** It reads and writes: what is not a producer's config is a consumer's. */
function checkBoth(config: Config, path: Path, check: (config: Config | undefined, scope: Scope, path: Path) => void): void {
  for (const [name, value] of Object.entries(config)) check({ [name]: value }, scopeOfBoth(name), path)
}
const scopeOfBoth = (name: string): Scope => (configOf('producer', name) === undefined && configOf('consumer', name) !== undefined ? 'consumer' : 'producer')

const clientScopes =
  [['producers', 'producer'], ['consumers', 'consumer'], ['shareConsumers', 'consumer'], ['transactional', 'producer']] as const

function checkChanges(file: FileData, check: (config: Config | undefined, scope: Scope, path: Path) => void, tell: Tell): void {
  for (const { action, path } of allActions(file)) {
    check(action.createTopic?.config, 'topic', [...path, 'createTopic', 'config'])
    const change = action.config
    if (change === undefined) continue
    const scope = change.topic !== undefined
      ? 'topic' : change.group !== undefined ? 'group' : change.client === undefined ? 'broker' : scopeOf(file, change.client)
    if (file.clients?.transactional?.some(({ id }) => id === change.client) === true) checkBoth(change.set ?? {}, [...path, 'config', 'set'], check)
    else check(change.set, scope, [...path, 'config', 'set'])
    change.unset?.forEach((name, i) => checkName(name, scope, [...path, 'config', 'unset', i], 'value', tell))
    if (scope === 'producer') checkProducer({ ...configOfClient(file, change.client), ...change.set }, [...path, 'config', 'set'], tell)
  }
}

const scopeOf = (file: FileData, client: string): Scope =>
  ([...(file.clients?.consumers ?? []), ...(file.clients?.shareConsumers ?? [])].some(({ id }) => id === client) ? 'consumer' : 'producer')
const configOfClient = (file: FileData, client: string | undefined): Config =>
  [...(file.clients?.producers ?? []), ...(file.clients?.transactional ?? [])].find(({ id }) => id === client)?.config ?? {}

function checkConfig(name: string, value: ConfigValue, scope: Scope, path: Path, tell: Tell): void {
  const spec = checkName(name, scope, path, 'key', tell)
  if (spec === undefined) return
  if (isOutOfRange(spec, value)) {
    const args = { name, value: String(value), min: spec.min, max: spec.max, choices: spec.values ?? [], type: spec.type }
    tell({ code: 'R105', args }, path)
  }
}

function checkName(name: string, scope: Scope, path: Path, at: 'key' | 'value', tell: Tell): ConfigSpec | undefined {
  const spec = configOf(scope, name) ?? (scope === 'producer' ? transactionalReads(name) : undefined)
  if (spec !== undefined) {
    if (!spec.modelled) tell({ code: 'V503', args: { what: name, feature: 'otherConfig' } }, path, at)
    return spec
  }
  const args = { name, nearest: nearest(name, configNames.filter((each) => configOf(scope, each) !== undefined)), scope }
  if (gone.has(name)) tell({ code: 'R104', args: { ...args, why: 'gone' } }, path, at)
  else if (configs.has(name)) tell({ code: 'R104', args: { ...args, why: 'scope' } }, path, at)
  else if (others.test(name)) tell({ code: 'V503', args: { what: name, feature: 'otherConfig' } }, path, at)
  else tell({ code: 'R104', args: { ...args, why: 'unknown' } }, path, at)
  return undefined
}
/** A transactional client reads as well. */
const transactionalReads = (name: string): ConfigSpec | undefined => {
  const spec = configOf('consumer', name)
  return spec !== undefined && ['auto.offset.reset', 'isolation.level'].includes(name) ? spec : undefined
}

/** Families of names that Kafka has and the table of the model has not: real, only not played here. */
const others = new RegExp(`^(${[
  'log\\.(retention|segment|roll|flush|cleaner|index|dirs|message|cleanup|local|initial)[a-z.]*',
  'group\\.(share|consumer|streams|coordinator)\\.[a-z.]+',
  '(message\\.timestamp|min\\.compaction|max\\.compaction|file\\.delete|flush|index\\.interval)\\.?[a-z.]*',
  '(segment\\.(index|jitter)|local\\.retention|remote)\\.?[a-z.]*',
  'transactional?\\.[a-z.]+', 'share\\.[a-z.]+', '(ssl|sasl|security|metric|metrics|quota|controller|listener|listeners)\\.?[a-z.]*',
  '(consumer|leader|follower)\\.(byte|replication)[a-z.]*', 'offsets\\.[a-z.]+', 'num\\.[a-z.]+', 'socket\\.[a-z.]+', 'queued\\.[a-z.]+',
  'key\\.[a-z.]+', 'value\\.[a-z.]+', 'client\\.[a-z.]+', 'interceptor\\.classes', 'partitioner\\.[a-z.]+', 'check\\.crcs',
  'receive\\.buffer\\.bytes',
  'send\\.buffer\\.bytes', 'unclean\\.[a-z.]+', 'preallocate', 'replica\\.[a-z.]+', 'auto\\.create\\.topics\\.enable', 'default\\.[a-z.]+',
].join('|')})$`)

/** What the Java client answers with a ConfigException. */
function checkProducer(config: Config, path: Path, tell: Tell): void {
  const said = (name: string): string | undefined => (name in config ? String(config[name]) : undefined)
  const idempotence = said('enable.idempotence')
  const refuse = (name: string, against: string): void =>
    tell({ code: 'R106', args: { first: `${against}: ${said(against)}`, second: `${name}: ${said(name)}` } }, [...path, name])
  const transactional = said('transactional.id') !== undefined
  if (transactional && idempotence === 'false') refuse('enable.idempotence', 'transactional.id')
  if (idempotence !== 'true' && !transactional) return
  const against = transactional ? 'transactional.id' : 'enable.idempotence'
  const acks = said('acks')
  if (acks !== undefined && acks !== 'all' && acks !== '-1') refuse('acks', against)
  if (Number(said('max.in.flight.requests.per.connection') ?? 5) > 5) refuse('max.in.flight.requests.per.connection', against)
  if (said('retries') === '0') refuse('retries', against)
}

/** With the consumer protocol the coordinator decides these; the Java client does not start with them (ConsumerConfig). */
const classicOnly = ['partition.assignment.strategy', 'session.timeout.ms', 'heartbeat.interval.ms'] as const

function checkConsumer(config: Config, path: Path, tell: Tell): void {
  const protocol = String(config['group.protocol'] ?? 'classic')
  const wrong = protocol === 'consumer' ? classicOnly.filter((name) => name in config) : ['group.remote.assignor'].filter((name) => name in config)
  for (const name of wrong) tell({ code: 'R106', args: { first: `group.protocol: ${protocol}`, second: `${name}: ${String(config[name])}` } }, [...path, name])
}

function checkMinIsr(file: FileData, topic: NonNullable<FileData['topics']>[number], path: Path, tell: Tell): void {
  const own = topic.config?.['min.insync.replicas']
  const min = Number(own ?? file.cluster.config?.['min.insync.replicas'] ?? 1)
  const replicas = topic.replicas === undefined
    ? topic.replicationFactor ?? Math.min(3, brokersOf(file).length) : Math.min(...Object.values(topic.replicas).map((each) => each.length))
  if (min > replicas) tell({ code: 'R103', args: { min, replicas } }, own === undefined ? path : [...path, 'config', 'min.insync.replicas'])
}
