/** `kafka-topics.sh`. Follows tools/.../TopicCommand.java. */
import { hashMapOrder, javaHash } from '../kafka/java-hash.ts'
import type { Sight, SightPartition, SightTopic } from '../projection/sight.ts'
import type { Options } from './parse.ts'
import { configProblem, configsOf, topicDefault, unmodelled } from './settings.ts'
import {
  err, exceptionOf, ids, out, printed, remark, stamp, unreachable, unsupported, usage, type Answer, type Ask, type Output, type Plan, type Tool,
} from './tool.ts'

/** As many as a run can bear. */
export const MOST_PARTITIONS = 5_000

export const topics: Tool = {
  name: 'kafka-topics.sh',
  flags: [
    { name: 'alter' }, { name: 'at-min-isr-partitions' }, { name: 'bootstrap-server', takes: 'server' }, { name: 'config', takes: 'config', many: true }, { name: 'create' },
    { name: 'delete' }, { name: 'describe' }, { name: 'exclude-internal' }, { name: 'help' }, { name: 'if-exists' }, { name: 'if-not-exists' }, { name: 'list' },
    { name: 'partitions', takes: 'number' }, { name: 'replica-assignment', takes: 'text' }, { name: 'replication-factor', takes: 'number' }, { name: 'topic', takes: 'topic' },
    { name: 'topics-with-overrides' }, { name: 'unavailable-partitions' }, { name: 'under-min-isr-partitions' }, { name: 'under-replicated-partitions' },
  ],
  run(options, sight) {
    if (options.has('help')) return usage(topics, 'This tool helps to create, delete, describe, or change a topic.')
    const actions = (['create', 'list', 'alter', 'describe', 'delete'] as const).filter((action) => options.has(action))
    const [action] = actions
    if (action === undefined || actions.length > 1) return usage(topics, 'Command must include exactly one action: --list, --describe, --create, --alter or --delete')
    const refused = refusal(options, action)
    return refused ?? unreachable(options, sight) ?? verbs[action](options, sight)
  },
}

function refusal(options: Options, action: keyof typeof verbs): Plan | undefined {
  if (!options.has('bootstrap-server')) return printed(err('--bootstrap-server must be specified', 'java.lang.IllegalArgumentException: --bootstrap-server must be specified'))
  if (action !== 'list' && action !== 'describe' && !options.has('topic')) return usage(topics, 'Missing required argument "[topic]"')
  if (action === 'alter' && options.has('config')) {
    return usage(topics, 'Option combination "[[config], [bootstrap-server]]" can\'t be used with option "[alter]" (To alter topic configurations, the kafka-configs tool can be used.)')
  }
  if (action === 'alter' && !options.has('partitions')) return usage(topics, 'Missing required argument "[partitions]"')
  const misplaced = action === 'create' ? [] : ['config', 'replication-factor', ...(action === 'alter' ? [] : ['partitions', 'replica-assignment'])].filter((name) => options.has(name))
  if (misplaced.length > 0) return usage(topics, `Option "[${misplaced[0]!}]" can't be used with option "[${action}]"`)
  if (action === 'create' && options.has('replica-assignment') && (options.has('partitions') || options.has('replication-factor'))) {
    return usage(topics, `Option "[replica-assignment]" can't be used with option "[${options.has('partitions') ? 'partitions' : 'replication-factor'}]"`)
  }
  return undefined
}

/** The message for people, and the exception's name for the log. */
export function failed(sight: Sight, says: string, exception: string): readonly Output[] {
  return [...out(`Error while executing topic command : ${says}`), ...err(`${stamp(sight)} ERROR ${exception}: ${says}`, ' (org.apache.kafka.tools.TopicCommand)')]
}
const illegal = 'java.lang.IllegalArgumentException'
const wrong = (sight: Sight, says: string, exception = illegal): Plan => printed(failed(sight, says, exception))

const verbs = { create, list, alter, describe, delete: remove }

function create(options: Options, sight: Sight): Plan {
  const name = options.value('topic')!
  const partitions = options.value('partitions'), factor = options.value('replication-factor'), assignment = options.value('replica-assignment')
  for (const [flag, value] of [['partitions', partitions], ['replication-factor', factor]] as const) {
    if (value !== undefined && !/^-?\d+$/.test(value)) return printed(err(`Cannot parse argument '${value}' of option ${flag}`, `joptsimple.OptionArgumentConversionException: Cannot parse argument '${value}' of option ${flag}`))
  }
  if (partitions !== undefined && Number(partitions) < 1) return wrong(sight, 'The partitions must be greater than 0')
  if (factor !== undefined && (Number(factor) < 1 || Number(factor) > 32_767)) return wrong(sight, 'The replication factor must be between 1 and 32767 inclusive')
  if (Number(partitions) > MOST_PARTITIONS) return remark({ code: 'tooMany', most: MOST_PARTITIONS })
  const replicas = assignment === undefined ? undefined : replicasOf(assignment)
  if (typeof replicas === 'string') return wrong(sight, replicas)
  const config = configsOf(options.values('config'))
  if (config === undefined) return wrong(sight, 'requirement failed: Invalid topic config: all configs to be added must be in the format "key=val".')
  const unknown = unmodelled(config)
  if (unknown !== undefined) return unsupported(`--config ${unknown}`)
  // What a broker would refuse in these words is refused by the tool, as it checks them first.
  const problem = configProblem(config)
  if (problem !== undefined) return wrong(sight, problem.says, problem.exception)
  const action = {
    createTopic: {
      name, ...(partitions === undefined ? {} : { partitions: Number(partitions) }), ...(factor === undefined ? {} : { replicationFactor: Number(factor) }),
      ...(replicas === undefined ? {} : { replicas }), ...(Object.keys(config).length === 0 ? {} : { config }),
    },
  }
  return {
    kind: 'asked', asks: [{ action, api: 'CreateTopics', about: name }],
    output: /[._]/.test(name) ? out('WARNING: Due to limitations in metric names, topics with a period (\'.\') or underscore (\'_\') could collide. To avoid issues it is best to use either, but not both.') : [],
    print: ([answer], after) => {
      if (answer!.error === 'NONE') return out(`Created topic ${name}.`)
      if (answer!.error === 'TOPIC_ALREADY_EXISTS' && options.has('if-not-exists')) return []
      const { name: exception, says } = createProblem(answer!, name, Number(factor ?? -1), sight)
      return failed(after, says, exception)
    },
  }
}

/** What the controller says beside the error: ReplicationControlManager and StripedReplicaPlacer. */
function createProblem(answer: Answer, topic: string, factor: number, sight: Sight): ReturnType<typeof exceptionOf> {
  const { name, says } = exceptionOf(answer)
  const registered = sight.brokers.length
  if (answer.message !== undefined) return { name, says }
  if (answer.error === 'TOPIC_ALREADY_EXISTS') return { name, says: `Topic '${topic}' already exists.` }
  if (answer.error === 'INVALID_TOPIC_EXCEPTION') return { name, says: nameProblem(topic) }
  if (answer.error === 'INVALID_REPLICATION_FACTOR' && factor > registered) {
    return { name, says: `Unable to replicate the partition ${factor} time(s): The target replication factor of ${factor} cannot be reached because only ${registered} broker(s) are registered or some brokers have all their log directories cordoned.` }
  }
  if (answer.error === 'INVALID_REPLICATION_FACTOR') return { name, says: `Unable to replicate the partition ${factor} time(s): All brokers are currently fenced or have all their log directories cordoned.` }
  return { name, says }
}

/** Topic#detectInvalidTopic */
function nameProblem(name: string): string {
  if (name === '') return 'Topic name is invalid: the empty string is not allowed'
  if (name === '.' || name === '..') return `Topic name is invalid: '${name}' is not allowed`
  if (name.length > 249) return `Topic name is invalid: the length of '${name}' is longer than the max allowed length 249`
  return `Topic name is invalid: '${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`
}

/** `1:2:3,2:3:1`, a partition after the other; a text says what is wrong with it. */
function replicasOf(text: string): Readonly<Record<string, readonly string[]>> | string {
  const lists = text.split(',').map((list) => list.split(':'))
  if (lists.flat().some((id) => !/^\d+$/.test(id.trim()))) return `For input string: "${lists.flat().find((id) => !/^\d+$/.test(id.trim()))!}"`
  if (lists.some((list) => new Set(list).size !== list.length)) return `Partition replica lists may not contain duplicate entries: ${lists.flat().find((id, i, all) => all.indexOf(id) !== i)!}`
  if (lists.some((list) => list.length !== lists[0]!.length)) return `Partition ${lists.findIndex((list) => list.length !== lists[0]!.length)} has different replication factor: [${lists.find((list) => list.length !== lists[0]!.length)!.join(', ')}]`
  return Object.fromEntries(lists.map((list, i) => [i, list.map((id) => `b${id.trim()}`)]))
}

/** The names that a pattern stands for; undefined = none, and that is wrong. */
function named(options: Options, sight: Sight): { readonly topics: readonly SightTopic[] } | { readonly missing: string } {
  const pattern = options.value('topic')
  const visible = sight.topics.filter(({ internal }) => !internal || !options.has('exclude-internal')).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  if (pattern === undefined) return { topics: visible }
  const found = visible.filter(({ name }) => matches(pattern, name))
  return found.length === 0 && !options.has('if-exists') ? { missing: pattern } : { topics: found }
}
/** TopicFilter: commas mean or, quotes are dropped, and the pattern covers the whole name. */
export function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(`^(?:${pattern.trim().replaceAll(',', '|').replaceAll(' ', '').replace(/^["']+|["']+$/g, '')})$`).test(name)
  } catch {
    return false
  }
}
const missing = (sight: Sight, pattern: string): Plan => wrong(sight, `Topic '${pattern}' does not exist as expected`)

function list(options: Options, sight: Sight): Plan {
  const found = named(options, sight)
  return printed('missing' in found ? out('') : out(...(found.topics.length === 0 ? [''] : found.topics.map(({ name }) => name))))
}

function alter(options: Options, sight: Sight): Plan {
  const found = named(options, sight)
  if ('missing' in found) return missing(sight, found.missing)
  const count = Number(options.value('partitions'))
  const assignment = options.value('replica-assignment')
  if (!Number.isInteger(count)) return printed(err(`Cannot parse argument '${options.value('partitions')!}' of option partitions`))
  if (count < 1) return wrong(sight, 'The partitions must be greater than 0')
  if (count > MOST_PARTITIONS) return remark({ code: 'tooMany', most: MOST_PARTITIONS })
  const given = assignment === undefined ? undefined : replicasOf(assignment)
  if (typeof given === 'string') return wrong(sight, given)
  const asks = found.topics.map(({ name, partitions }): Ask => {
    // The list begins with the partitions that there are.
    const replicas = given === undefined ? undefined : Object.fromEntries(Object.entries(given).slice(partitions.length))
    return { action: { addPartitions: { topic: name, to: count, ...(replicas === undefined ? {} : { replicas }) } }, api: 'CreatePartitions', about: name }
  })
  return {
    kind: 'asked', asks, output: [],
    print: (answers, after) => {
      const bad = answers.findIndex(({ error }) => error !== 'NONE')
      if (bad < 0) return []
      const { name, partitions } = found.topics[bad]!
      const { name: exception, says } = exceptionOf(answers[bad]!)
      const whole = answers[bad]!.error !== 'INVALID_PARTITIONS' ? says
        : partitions.length === count ? `Topic already has ${count} partition(s).` : `The topic ${name} currently has ${partitions.length} partition(s); ${count} would not be an increase.`
      return failed(after, whole, exception)
    },
  }
}

function remove(options: Options, sight: Sight): Plan {
  const found = named(options, sight)
  if ('missing' in found) return missing(sight, found.missing)
  return {
    kind: 'asked', asks: found.topics.map(({ name }) => ({ action: { deleteTopic: name }, api: 'DeleteTopics', about: name })), output: [],
    print: (answers, after) => {
      const bad = answers.find(({ error }) => error !== 'NONE')
      return bad === undefined ? [] : failed(after, exceptionOf(bad).says, exceptionOf(bad).name)
    },
  }
}

const filters = ['under-replicated-partitions', 'unavailable-partitions', 'under-min-isr-partitions', 'at-min-isr-partitions'] as const

function describe(options: Options, sight: Sight): Plan {
  const given = [...filters, 'topics-with-overrides'].filter((flag) => options.has(flag))
  if (given.length > 1) return usage(topics, `Option "[${given[0]!}]" can't be used with option "[${given[1]!}]"`)
  const found = named(options, sight)
  if ('missing' in found) return missing(sight, found.missing)
  const filter = filters.find((flag) => options.has(flag))
  const live = new Set(sight.brokers.flatMap(({ id, fenced }) => (fenced ? [] : [id])))
  const lines: string[] = []
  for (const topic of asListed(found.topics)) {
    if (options.has('topics-with-overrides')) {
      if (Object.keys(topic.config).length > 0) lines.push(headOf(topic, sight))
      continue
    }
    if (filter === undefined) lines.push(headOf(topic, sight))
    for (const partition of topic.partitions) if (filter === undefined || isMeant(filter, partition, minIsrOf(topic, sight), live)) lines.push(rowOf(topic.name, partition))
  }
  return printed(out(...lines))
}

/** As a java.util.HashMap that was made for so many gives them: its buckets are a power of two, doubled when three quarters are full. */
function asListed(list: readonly SightTopic[]): readonly SightTopic[] {
  let buckets = 1
  while (buckets < list.length) buckets *= 2
  if (list.length > buckets * 0.75) buckets *= 2
  if (buckets >= 16) return hashMapOrder(list, ({ name }) => javaHash(name), Math.floor(buckets * 0.75))
  const bucketOf = ({ name }: SightTopic): number => {
    const hash = javaHash(name)
    return (hash ^ (hash >>> 16)) & (buckets - 1)
  }
  return list.toSorted((a, b) => bucketOf(a) - bucketOf(b))
}

/** With eligible leader replicas on, the feature writes a default for the whole cluster. */
const minIsrOf = ({ config }: SightTopic, sight: Sight): number => Number(config['min.insync.replicas'] ?? topicDefault('min.insync.replicas', sight))
const factorOf = ({ replicas, adding, removing }: SightPartition): number => (adding.length + removing.length > 0 ? replicas.length - adding.length : replicas.length)

function headOf(topic: SightTopic, sight: Sight): string {
  const config = { 'min.insync.replicas': topicDefault('min.insync.replicas', sight), ...topic.config }
  const factor = topic.partitions[0] === undefined ? 0 : factorOf(topic.partitions[0])
  return `Topic: ${topic.name}\tTopicId: ${topic.id}\tPartitionCount: ${topic.partitions.length}\tReplicationFactor: ${factor}\tConfigs: ${Object.entries(config).map(([key, value]) => `${key}=${value}`).join(',')}`
}

function rowOf(topic: string, { index, leader, replicas, isr, elr, lastKnownElr, adding, removing }: SightPartition): string {
  const moving = adding.length + removing.length > 0 ? `\tAdding Replicas: ${ids(adding)}\tRemoving Replicas: ${ids(removing)}` : ''
  return `\tTopic: ${topic}\tPartition: ${index}\tLeader: ${leader ?? 'none'}\tReplicas: ${ids(replicas)}\tIsr: ${ids(isr)}${moving}\tElr: ${ids(elr)}\tLastKnownElr: ${ids(lastKnownElr)}`
}

function isMeant(filter: (typeof filters)[number], partition: SightPartition, minIsr: number, live: ReadonlySet<number>): boolean {
  switch (filter) {
    case 'under-replicated-partitions': return factorOf(partition) > partition.isr.length
    case 'unavailable-partitions': return partition.leader === undefined || !live.has(partition.leader)
    case 'under-min-isr-partitions': return partition.isr.length < minIsr
    case 'at-min-isr-partitions': return partition.isr.length === minIsr
  }
}
