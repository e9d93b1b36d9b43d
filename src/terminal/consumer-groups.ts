/**
 * `kafka-consumer-groups.sh`. Follows tools/.../consumer/group/ConsumerGroupCommand.java.
 * Simplified: groups are not deleted, nor single offsets of them; offsets are reset for all partitions of a topic at once.
 */
import { hashMapOrder, javaHash } from '../kafka/java-hash.ts'
import type { Sight, SightGroup, SightPartition } from '../projection/sight.ts'
import type { Options } from './parse.ts'
import { err, exceptionOf, out, printed, remark, stamp, unreachable, unsupported, usage, type Output, type Plan, type Tool } from './tool.ts'

const actionNames = ['list', 'describe', 'delete', 'reset-offsets', 'delete-offsets', 'validate-regex'] as const
const scenarios = ['to-earliest', 'to-latest', 'to-offset', 'by-duration', 'to-datetime', 'shift-by', 'to-current', 'from-file'] as const

export const consumerGroups: Tool = {
  name: 'kafka-consumer-groups.sh',
  flags: [
    { name: 'all-groups' }, { name: 'all-topics' }, { name: 'bootstrap-server', takes: 'server' }, { name: 'by-duration', takes: 'text' }, { name: 'delete' }, { name: 'delete-offsets' },
    { name: 'describe' }, { name: 'dry-run' }, { name: 'execute' }, { name: 'from-file', takes: 'text' }, { name: 'group', takes: 'group', many: true }, { name: 'help' }, { name: 'list' }, { name: 'members' },
    { name: 'offsets' }, { name: 'reset-offsets' }, { name: 'shift-by', takes: 'number' }, { name: 'state' }, { name: 'to-current' }, { name: 'to-datetime', takes: 'text' },
    { name: 'to-earliest' }, { name: 'to-latest' }, { name: 'to-offset', takes: 'number' }, { name: 'topic', takes: 'topic', many: true }, { name: 'type' }, { name: 'validate-regex', takes: 'text' }, { name: 'verbose' },
  ],
  run(options, sight) {
    if (options.has('help')) return usage(consumerGroups, 'This tool helps to list all consumer groups, describe a consumer group, delete consumer group info, or reset consumer group offsets.')
    const actions = actionNames.filter((name) => options.has(name))
    const [action] = actions
    if (action === undefined || actions.length > 1) return usage(consumerGroups, `Command must include exactly one action: --${actionNames.join(', --')}`)
    if (!options.has('bootstrap-server')) return usage(consumerGroups, 'Missing required argument "[bootstrap-server]"')
    if (action !== 'list' && action !== 'validate-regex' && !options.has('group') && !options.has('all-groups')) return usage(consumerGroups, `Option [${action}] takes one of these options: [all-groups], [group]`)
    const unreached = unreachable(options, sight)
    if (unreached !== undefined) return unreached
    switch (action) {
      case 'list': return list(options, sight)
      case 'describe': return printed(...wanted(options, sight).map((name) => describe(name, options, sight)))
      case 'reset-offsets': return reset(options, sight)
      default: return unsupported(`kafka-consumer-groups.sh --${action}`)
    }
  },
}

const inOrder = ({ groups }: Sight): readonly SightGroup[] => hashMapOrder(groups, ({ name }) => javaHash(name))
const wanted = (options: Options, sight: Sight): readonly string[] => (options.has('all-groups') ? inOrder(sight).map(({ name }) => name) : options.values('group'))
const titled = (word: string): string => word[0]!.toUpperCase() + word.slice(1)

function list(options: Options, sight: Sight): Plan {
  const groups = inOrder(sight)
  const state = options.has('state'), type = options.has('type')
  if (!state && !type) return printed(out(...groups.map(({ name }) => name)))
  const width = Math.max(15, 32, ...groups.map(({ name }) => name.length))
  const row = (name: string, what: string, more: string): string => `${name.padEnd(width)} ${type ? `${what.padEnd(20)}${state ? ' ' : ''}` : ''}${state ? more.padEnd(20) : ''}`
  return printed(out(row('GROUP', 'TYPE', 'STATE'), ...groups.map((group) => row(group.name, titled(group.type), group.state))))
}

const failed = (exception: string, says: string): readonly Output[] =>
  [...out('', `Error: Executing consumer group command failed due to ${exception}: ${says}`), ...err(`java.util.concurrent.ExecutionException: ${exception}: ${says}`)]

function describe(name: string, options: Options, sight: Sight): readonly Output[] {
  const group = sight.groups.find((one) => one.name === name)
  if (group === undefined) return failed('org.apache.kafka.common.errors.GroupIdNotFoundException', `Group ${name} not found.`)
  const told = group.state === 'Dead' ? out('', `Consumer group '${name}' does not exist.`)
    : group.state === 'PreparingRebalance' || group.state === 'CompletingRebalance' || group.state === 'Assigning' || group.state === 'Reconciling'
      ? err('', `Warning: Consumer group '${name}' is rebalancing.`) : group.state === 'Empty' ? err('', `Consumer group '${name}' has no active members.`) : []
  const verbose = options.has('verbose')
  const rows = options.has('state') ? stateTable(group, verbose) : options.has('members') ? membersTable(group, verbose) : offsetsTable(group, verbose, sight)
  return [...told, ...rows]
}

/** GROUP, TOPIC, CONSUMER-ID and HOST are as wide as they need, but not less than 15. */
const fit = (values: readonly string[]): number => Math.max(15, ...values.map((value) => value.length))

interface OffsetRow { readonly topic: string; readonly index: number; readonly member: SightGroup['members'][number] | undefined }
function offsetsTable(group: SightGroup, verbose: boolean, sight: Sight): readonly Output[] {
  const partOf = (name: string): OffsetRow => ({ topic: name.slice(0, name.lastIndexOf('/')), index: Number(name.slice(name.lastIndexOf('/') + 1)), member: undefined })
  const sorted = (names: readonly string[]): readonly OffsetRow[] => names.map(partOf).toSorted((a, b) => (a.topic === b.topic ? a.index - b.index : a.topic < b.topic ? -1 : 1))
  const owned = new Set(group.members.flatMap(({ assignment }) => assignment))
  const rows = [
    ...group.members.filter(({ assignment }) => assignment.length > 0).toSorted((a, b) => a.assignment.length - b.assignment.length)
      .flatMap((member) => sorted(member.assignment).map((row) => ({ ...row, member }))),
    ...sorted(Object.keys(group.offsets).filter((name) => !owned.has(name))),
  ]
  // A member without a partition has a line of its own.
  const idle = group.members.filter(({ assignment }) => assignment.length === 0)
  const cells = rows.map(({ topic, index, member }) => {
    const name = `${topic}/${index}`
    const end = partitionOf(sight, name)?.log?.highWatermark
    const committed = group.offsets[name]
    const lag = end === undefined || committed === undefined ? undefined : end - committed.offset
    const epoch = committed === undefined || committed.leaderEpoch < 0 ? undefined : committed.leaderEpoch
    return [group.name, topic, String(index), dash(epoch), dash(committed?.offset), dash(end), dash(lag), member?.memberId ?? '-', member === undefined ? '-' : `/${member.clientId}`, member?.clientId ?? '-']
  }).concat(idle.map(({ memberId, clientId }) => [group.name, '-', '-', '-', '-', '-', '-', memberId, `/${clientId}`, clientId]))
  const width = (i: number): number => fit(cells.map((row) => row[i]!))
  const widths = [width(0), width(1), 10, 15, 15, 15, 15, width(7), width(8), 0]
  const row = (values: readonly string[]): string => values.flatMap((value, i) => (i === 3 && !verbose ? [] : [value.padEnd(widths[i]!)])).join(' ')
  return out('', row(['GROUP', 'TOPIC', 'PARTITION', 'LEADER-EPOCH', 'CURRENT-OFFSET', 'LOG-END-OFFSET', 'LAG', 'CONSUMER-ID', 'HOST', 'CLIENT-ID']), ...cells.map(row))
}
const dash = (value: number | undefined): string => (value === undefined ? '-' : String(value))
const partitionOf = (sight: Sight, name: string): SightPartition | undefined => {
  for (const { partitions } of sight.topics) for (const partition of partitions) if (partition.name === name) return partition
  return undefined
}

function membersTable(group: SightGroup, verbose: boolean): readonly Output[] {
  const { members } = group
  const widths = [fit([group.name]), fit(members.map(({ memberId }) => memberId)), fit(members.map(({ clientId }) => `/${clientId}`)), 15, 15, 15, 20, 15, 20]
  const row = (values: readonly string[]): string => `${values.map((value, i) => value.padEnd(widths[i]!)).join(' ')}${verbose ? '' : ' '}`
  const most = verbose ? 9 : 5
  return out(
    '', row(['GROUP', 'CONSUMER-ID', 'HOST', 'CLIENT-ID', '#PARTITIONS', 'CURRENT-EPOCH', 'CURRENT-ASSIGNMENT', 'TARGET-EPOCH', 'TARGET-ASSIGNMENT'].slice(0, most)),
    ...members.map(({ memberId, clientId, assignment, epoch, target }) => row([
      group.name, memberId, `/${clientId}`, clientId, String(assignment.length), dash(epoch), listed(assignment),
      dash(target === undefined ? undefined : group.targetEpoch), target === undefined ? '-' : listed(target),
    ].slice(0, most))),
  )
}
/** `orders:0,1;payments:2` */
function listed(partitions: readonly string[]): string {
  const topics = new Map<string, number[]>()
  for (const name of partitions) {
    const topic = name.slice(0, name.lastIndexOf('/'))
    topics.set(topic, [...(topics.get(topic) ?? []), Number(name.slice(topic.length + 1))])
  }
  const text = [...topics].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([topic, list]) => `${topic}:${list.toSorted((a, b) => a - b).join(',')}`).join(';')
  return text === '' ? '-' : text
}

function stateTable(group: SightGroup, verbose: boolean): readonly Output[] {
  const widths = [fit([group.name]), 25, 20, 20, 15, 25, 0]
  const row = (values: readonly string[]): string => values.flatMap((value, i) => (!verbose && (i === 4 || i === 5) ? [] : [value.padEnd(widths[i]!)])).join(' ')
  const modern = group.type === 'consumer'
  return out(
    '', row(['GROUP', 'COORDINATOR (ID)', 'ASSIGNMENT-STRATEGY', 'STATE', 'GROUP-EPOCH', 'TARGET-ASSIGNMENT-EPOCH', '#MEMBERS']),
    row([group.name, `b${group.coordinator}:9092  (${group.coordinator})`, group.assignor ?? '-', group.state, modern ? String(group.generation) : '-', dash(group.targetEpoch), String(group.members.length)]),
  )
}

const dryRun = 'WARN: No action will be performed as the --execute option is missing. In version 5.0, this command will require either --dry-run or --execute to be specified. You should add the --dry-run option explicitly if you are scripting this command and want to keep the current default behavior without prompting.'

function reset(options: Options, sight: Sight): Plan {
  const ways = scenarios.filter((name) => options.has(name))
  const [way] = ways
  if (!options.has('topic') && !options.has('all-topics')) return usage(consumerGroups, 'Option [reset-offsets] takes one of these options: [all-topics], [topic]')
  if (way === undefined || ways.length > 1) return usage(consumerGroups, `Option [reset-offsets] takes one of these options: ${scenarios.map((name) => `[${name}]`).toSorted().join(', ')}`)
  if (way !== 'to-earliest' && way !== 'to-latest' && way !== 'to-offset' && way !== 'by-duration') return unsupported(`--reset-offsets --${way}`)
  const execute = options.has('execute')
  const parts: { group: string; rows: readonly SightPartition[]; topics: readonly string[]; refused: readonly Output[] }[] = []
  for (const name of wanted(options, sight)) {
    const group = sight.groups.find((one) => one.name === name)
    const given = options.has('all-topics') ? [...new Set(Object.keys(group?.offsets ?? {}).map((partition) => partition.slice(0, partition.lastIndexOf('/'))))] : options.values('topic')
    if (given.some((topic) => topic.includes(':'))) return unsupported('--topic TOPIC:PARTITION')
    const unknown = given.find((topic) => !sight.topics.some((one) => one.name === topic))
    const says = 'This server does not host this topic-partition.'
    if (unknown !== undefined) return printed(out('', `Error: Executing consumer group command failed due to ${says}`), err(`org.apache.kafka.common.errors.UnknownTopicOrPartitionException: ${says}`))
    const busy = group !== undefined && group.state !== 'Empty' && group.state !== 'Dead'
    parts.push({
      group: name, topics: busy ? [] : given, rows: busy ? [] : hashMapOrder(given.flatMap((topic) => sight.topics.find((one) => one.name === topic)!.partitions), hashOf),
      refused: busy ? out('', `Error: Assignments can only be reset if the group '${name}' is inactive, but the current state is ${group.state}.`) : [],
    })
  }
  if (parts.some(({ rows }) => rows.some(({ log }) => log === undefined))) return remark({ code: 'noAnswer' })
  const to = targetOf(way, options)
  if (to === undefined) return printed(err(`Cannot parse argument '${options.value(way) ?? ''}' of option ${way}`))
  const warned = way === 'to-offset' ? parts.flatMap(({ rows }) => rows.flatMap((row) => warning(row, Number(to), sight))) : []
  if (execute) {
    const asks = parts.flatMap(({ group, topics }) => topics.map((topic) => ({ action: { resetOffsets: { group, topic, to } }, api: 'AlterConsumerGroupOffsets', about: group })))
    return {
      kind: 'asked', asks, output: [...warned, ...parts.flatMap(({ refused }) => refused)],
      print: (answers, after) => {
        const bad = answers.find(({ error }) => error !== 'NONE')
        if (bad !== undefined) return failed(exceptionOf(bad).name, exceptionOf(bad).says)
        return table(parts.flatMap(({ group, rows }) => rows.map((row) => [group, row, after.groups.find(({ name }) => name === group)?.offsets[row.name]?.offset] as const)))
      },
    }
  }
  if (way === 'by-duration') return unsupported('--by-duration --dry-run')
  const offset = ({ begins, highWatermark }: NonNullable<SightPartition['log']>): number =>
    (to === 'earliest' ? begins : to === 'latest' ? highWatermark : Math.min(Math.max(Number(to), begins), highWatermark))
  return printed(
    options.has('dry-run') ? [] : err(dryRun), warned, ...parts.map(({ refused }) => refused),
    table(parts.flatMap(({ group, rows }) => rows.map((row) => [group, row, offset(row.log!)] as const))),
  )
}

/** TopicPartition#hashCode */
const hashOf = ({ name, index }: SightPartition): number => (Math.imul(31, 31 + index) + javaHash(name.slice(0, name.lastIndexOf('/')))) | 0

function warning({ name, index, log }: SightPartition, offset: number, sight: Sight): readonly Output[] {
  const partition = `${name.slice(0, name.lastIndexOf('/'))}-${index}`
  if (offset > log!.highWatermark) return err(`${stamp(sight)} WARN New offset (${offset}) is higher than latest offset for topic partition ${partition}. Value will be set to ${log!.highWatermark} (org.apache.kafka.tools.OffsetsUtils)`)
  if (offset < log!.begins) return err(`${stamp(sight)} WARN New offset (${offset}) is lower than earliest offset for topic partition ${partition}. Value will be set to ${log!.begins} (org.apache.kafka.tools.OffsetsUtils)`)
  return []
}

function targetOf(way: string, options: Options): number | string | undefined {
  if (way === 'to-earliest') return 'earliest'
  if (way === 'to-latest') return 'latest'
  const value = options.value(way) ?? ''
  if (way === 'to-offset') return /^\d{1,15}$/.test(value) ? Number(value) : undefined
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(value) ?? []
  const ms = Math.round((((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000)
  return value.startsWith('P') ? `${ms}ms` : undefined
}

function table(rows: readonly (readonly [group: string, partition: SightPartition, offset: number | undefined])[]): readonly Output[] {
  const topicOf = ({ name }: SightPartition): string => name.slice(0, name.lastIndexOf('/'))
  const widths = [fit(rows.map(([group]) => group)), fit(rows.map(([, partition]) => topicOf(partition))), 10, 0]
  const row = (values: readonly string[]): string => values.map((value, i) => value.padEnd(widths[i]!)).join(' ')
  return out('', row(['GROUP', 'TOPIC', 'PARTITION', 'NEW-OFFSET']), ...rows.map(([group, partition, offset]) => row([group, topicOf(partition), String(partition.index), dash(offset)])))
}
