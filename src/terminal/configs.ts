/** `kafka-configs.sh`. Follows core/.../admin/ConfigCommand.scala. */
import { configOf, configNames } from '../kafka/config.ts'
import type { Sight } from '../projection/sight.ts'
import type { Options } from './parse.ts'
import { configProblem, configsOf, sourcesOf, topicDefault, unmodelled, written } from './settings.ts'
import { err, exceptionOf, out, printed, unreachable, unsupported, usage, type Ask, type Plan, type Tool } from './tool.ts'

const entityTypes = ['topics', 'clients', 'users', 'brokers', 'broker-loggers', 'ips', 'client-metrics', 'groups'] as const

export const configs: Tool = {
  name: 'kafka-configs.sh',
  flags: [
    { name: 'add-config', takes: 'config' }, { name: 'all' }, { name: 'alter' }, { name: 'bootstrap-server', takes: 'server' }, { name: 'broker', takes: 'broker' },
    { name: 'broker-defaults' }, { name: 'delete-config', takes: 'config', many: true }, { name: 'describe' }, { name: 'entity-default' }, { name: 'entity-name', takes: 'topic' },
    { name: 'entity-type', takes: entityTypes }, { name: 'group', takes: 'group' }, { name: 'help' }, { name: 'topic', takes: 'topic' },
  ],
  run(options, sight, words) {
    if (options.has('help')) return usage(configs, 'This tool helps to manipulate and describe entity config for a topic, client, user, broker, ip, client-metrics or group')
    if (Number(options.has('alter')) + Number(options.has('describe')) !== 1) return usage(configs, 'Command must include exactly one action: --describe, --alter')
    if (!options.has('bootstrap-server')) return usage(configs, 'One of the required --bootstrap-server or --bootstrap-controller arguments must be specified')
    const entity = entityOf(options)
    if (entity === undefined) return printed(err('At least one entity type must be specified'))
    if (!entityTypes.includes(entity.type as never)) return printed(err(`Invalid entity type ${entity.type}, the entity type must be one of ${entityTypes.join(', ')} with --bootstrap-server or --bootstrap-controller argument`))
    if (entity.type !== 'topics' && entity.type !== 'brokers' && entity.type !== 'groups') return unsupported(`kafka-configs.sh --entity-type ${entity.type}`)
    const unreached = unreachable(options, sight)
    if (unreached !== undefined) return unreached
    return options.has('describe') ? describe(entity, options.has('all'), sight) : alter(entity, options, sight, words)
  },
}

interface Entity { readonly type: string; readonly name: string | undefined }
function entityOf(options: Options): Entity | undefined {
  if (options.has('topic')) return { type: 'topics', name: options.value('topic') }
  if (options.has('broker')) return { type: 'brokers', name: options.value('broker') }
  if (options.has('group')) return { type: 'groups', name: options.value('group') }
  if (options.has('broker-defaults')) return { type: 'brokers', name: undefined }
  const type = options.value('entity-type')
  return type === undefined ? undefined : { type, name: options.has('entity-default') ? undefined : options.value('entity-name') }
}

function describe({ type, name }: Entity, all: boolean, sight: Sight): Plan {
  if (type === 'topics' && name === undefined) return printed(sight.topics.flatMap((topic) => out(...topicLines(topic.name, all, sight))))
  if (type === 'topics') return printed(out(...topicLines(name!, all, sight)))
  if (type === 'groups') return printed(out(...(name === undefined ? groupsWithConfigs(sight) : [name]).flatMap((group) => groupLines(group, all, sight))))
  if (name === undefined) return printed(out('Default configs for brokers in the cluster are:', ...Object.entries(defaultsOf(sight)).toSorted(byName).map(([key, value]) => brokerLine(key, value, undefined, sight))))
  const broker = `b${name}`
  if (all) {
    const names = configNames.filter((key) => configOf('broker', key) !== undefined).toSorted()
    return printed(out(`All configs for broker ${name} are:`, ...names.map((key) => brokerLine(key, undefined, broker, sight))))
  }
  const own = Object.entries(sight.brokerConfig).flatMap(([key, value]) => (key.startsWith(`${broker}/`) ? [[key.slice(broker.length + 1), value] as const] : []))
  return printed(out(`Dynamic configs for broker ${name} are:`, ...own.toSorted(byName).map(([key, value]) => brokerLine(key, value, broker, sight))))
}
const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1)

/** The eligible leader replicas feature writes one for all brokers. */
const defaultsOf = ({ brokerConfig }: Sight): Readonly<Record<string, string>> =>
  ({ 'min.insync.replicas': '1', ...Object.fromEntries(Object.entries(brokerConfig).filter(([key]) => !key.includes('/'))) })

function brokerLine(key: string, given: string | undefined, broker: string | undefined, sight: Sight): string {
  const own = broker === undefined ? undefined : sight.brokerConfig[`${broker}/${key}`]
  const everywhere = defaultsOf(sight)[key]
  const file = sight.brokers.find(({ name }) => name === broker)?.config[key]
  const standard = configOf('broker', key)?.default
  const sources = [
    ['DYNAMIC_BROKER_CONFIG', own], ['DYNAMIC_DEFAULT_BROKER_CONFIG', everywhere], ['STATIC_BROKER_CONFIG', file], ['DEFAULT_CONFIG', standard === undefined ? undefined : String(standard)],
  ].flatMap(([from, value]) => (value === undefined ? [] : [{ from: from!, name: key, value }]))
  // Of all brokers only what is set for all of them is known.
  const told = broker === undefined ? sources.filter(({ from }) => from === 'DYNAMIC_DEFAULT_BROKER_CONFIG') : sources
  return written(key, given ?? told[0]?.value ?? 'null', told)
}

function topicLines(name: string, all: boolean, sight: Sight): readonly string[] {
  const topic = sight.topics.find((one) => one.name === name)
  if (topic === undefined) return [`The topic '${name}' doesn't exist and doesn't have dynamic config.`]
  const names = all ? configNames.filter((key) => configOf('topic', key) !== undefined) : Object.keys(topic.config)
  return [
    `${all ? 'All' : 'Dynamic'} configs for topic ${name} are:`,
    ...names.toSorted().map((key) => {
      const own = topic.config[key]
      const sources = sourcesOf(key, own, sight)
      return written(key, own ?? sources[0]?.value ?? topicDefault(key, sight), sources)
    }),
  ]
}

/** Without a name, those that there are, and those that have configs though nobody is in them. */
const groupsWithConfigs = ({ groups, groupConfig }: Sight): readonly string[] =>
  [...new Set([...groups.map(({ name }) => name), ...Object.keys(groupConfig).map((key) => key.slice(0, key.lastIndexOf('/')))])].toSorted()

/** Follows core/.../server/ConfigHelper.scala#createGroupConfigEntry: behind what a group sets stands its broker's config, or Kafka's default of its own. */
function groupLines(group: string, all: boolean, { groupConfig, brokerConfig, brokers }: Sight): readonly string[] {
  const names = configNames.filter((key) => configOf('group', key) !== undefined && (all || `${group}/${key}` in groupConfig))
  return [
    `${all ? 'All' : 'Dynamic'} configs for group ${group} are:`,
    ...names.toSorted().map((key) => {
      const own = groupConfig[`${group}/${key}`], behind = `group.${key}`
      const sources = (configOf('broker', behind) === undefined
        ? [['DYNAMIC_GROUP_CONFIG', key, own], ['DEFAULT_CONFIG', key, configOf('group', key)!.default]] as const
        : [['DYNAMIC_GROUP_CONFIG', key, own], ['DYNAMIC_DEFAULT_BROKER_CONFIG', behind, brokerConfig[behind]], ['STATIC_BROKER_CONFIG', behind, brokers[0]?.config[behind]], ['DEFAULT_CONFIG', behind, configOf('broker', behind)!.default]] as const
      ).flatMap(([from, name, value]) => (value === undefined ? [] : [{ from, name, value: String(value) }]))
      return written(key, sources[0]!.value, sources)
    }),
  ]
}

function failed(words: readonly string[], exception: string, says: string): Plan {
  return printed(failure(words, exception, says))
}
const failure = (words: readonly string[], exception: string, says: string) =>
  err(`Error while executing config command with args '${words.join(' ')}'`, `java.util.concurrent.ExecutionException: ${exception}: ${says}`)

function alter({ type, name }: Entity, options: Options, sight: Sight, words: readonly string[]): Plan {
  const adds = options.value('add-config'), deletes = options.values('delete-config').flatMap((text) => text.split(',')).map((key) => key.trim())
  if (adds === undefined && deletes.length === 0) return usage(configs, 'At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter')
  if (type !== 'brokers' && name === undefined) return usage(configs, `an entity name must be specified with --alter of ${type}`)
  const set = adds === undefined ? {} : configsOf([adds])
  if (set === undefined) return printed(err('requirement failed: Invalid entity config: all configs to be added must be in the format "key=val" or  "key=[val1,val2]" to group values which contain commas.'))
  const left = unmodelled(set)
  if (left !== undefined) return unsupported(`--add-config ${left}`)
  const twice = deletes.find((key) => key in set)
  if (twice !== undefined) return printed(err(`requirement failed: Invalid config: ${twice} is both added and deleted`))
  if (type === 'topics') {
    if (!sight.topics.some((topic) => topic.name === name)) return failed(words, 'org.apache.kafka.common.errors.UnknownTopicOrPartitionException', `The topic '${name!}' does not exist.`)
    const problem = configProblem(set)
    if (problem !== undefined) return failed(words, 'org.apache.kafka.common.errors.InvalidConfigurationException', problem.says)
  } else if (type === 'brokers' && name !== undefined && !sight.brokers.some(({ id }) => String(id) === name)) {
    return failed(words, 'org.apache.kafka.common.errors.TimeoutException', `Timed out waiting for a node assignment. Call: incrementalAlterConfigs`)
  }
  const of = type === 'topics' ? { topic: name! } : type === 'groups' ? { group: name! } : name === undefined ? { cluster: true as const } : { broker: `b${name}` }
  const about = type === 'topics' || type === 'groups' ? name! : name === undefined ? '' : `b${name}`
  const ask: Ask = { action: { config: { ...of, ...(adds === undefined ? {} : { set }), ...(deletes.length === 0 ? {} : { unset: deletes }) } }, api: 'IncrementalAlterConfigs', about }
  return {
    kind: 'asked', asks: [ask], output: [],
    print: ([answer]) => {
      const { name: exception, says } = exceptionOf(answer!)
      if (answer!.error !== 'NONE') return failure(words, exception, says)
      return out(type !== 'brokers' ? `Completed updating config for ${type.slice(0, -1)} ${name!}.` : name === undefined ? 'Completed updating default config for brokers in the cluster.' : `Completed updating config for broker ${name}.`)
    },
  }
}
