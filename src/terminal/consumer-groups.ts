/**
 * `kafka-consumer-groups.sh`. Follows tools/.../consumer/group/ConsumerGroupCommand.java.
 * Simplified: what the tool would first ask the cluster for, where partitions begin and end and where a time is found, is taken from the cluster as it stands.
 */
import type { KafkaError } from '../kafka/errors.ts'
import type { Sight, SightGroup } from '../projection/sight.ts'
import type { Options } from './parse.ts'
import { dash, deleteGroups, fit, groupsOf, listed, partitionOf } from './groups.ts'
import { failed, resetOffsets } from './reset-offsets.ts'
import { err, exceptionOf, out, printed, unreachable, unsupported, usage, type Output, type Plan, type Tool } from './tool.ts'

const actionNames = ['list', 'describe', 'delete', 'reset-offsets', 'delete-offsets', 'validate-regex'] as const

export const consumerGroups: Tool = {
  name: 'kafka-consumer-groups.sh',
  flags: [
    { name: 'all-groups' }, { name: 'all-topics' }, { name: 'bootstrap-server', takes: 'server' }, { name: 'by-duration', takes: 'text' }, { name: 'delete' }, { name: 'delete-offsets' },
    { name: 'describe' }, { name: 'dry-run' }, { name: 'execute' }, { name: 'export' }, { name: 'from-file', takes: 'text' }, { name: 'group', takes: 'group', many: true }, { name: 'help' }, { name: 'list' }, { name: 'members' },
    { name: 'offsets' }, { name: 'reset-offsets' }, { name: 'shift-by', takes: 'number' }, { name: 'state' }, { name: 'to-current' }, { name: 'to-datetime', takes: 'text' },
    { name: 'to-earliest' }, { name: 'to-latest' }, { name: 'to-offset', takes: 'number' }, { name: 'topic', takes: 'topic', many: true }, { name: 'type' }, { name: 'validate-regex', takes: 'text' }, { name: 'verbose' },
  ],
  // A time is looked for among records.
  wants: (options) => ({ topics: options.has('by-duration') || options.has('to-datetime') ? options.values('topic').map((topic) => topic.split(':')[0]!) : [] }),
  run(options, sight, _words, files) {
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
      case 'reset-offsets': return resetOffsets(consumerGroups, options, sight, files)
      case 'delete': return deleteGroups(wanted(options, sight), { kind: 'consumer groups' })
      case 'delete-offsets': return deleteOffsets(options, sight)
      default: return unsupported(`kafka-consumer-groups.sh --${action}`)
    }
  },
}

const inOrder = (sight: Sight): readonly SightGroup[] => groupsOf(sight, false)
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

function describe(name: string, options: Options, sight: Sight): readonly Output[] {
  const group = inOrder(sight).find((one) => one.name === name)
  if (group === undefined) return failed('org.apache.kafka.common.errors.GroupIdNotFoundException', `Group ${name} not found.`)
  const told = group.state === 'Dead' ? out('', `Consumer group '${name}' does not exist.`)
    : group.state === 'PreparingRebalance' || group.state === 'CompletingRebalance' || group.state === 'Assigning' || group.state === 'Reconciling'
      ? err('', `Warning: Consumer group '${name}' is rebalancing.`) : group.state === 'Empty' ? err('', `Consumer group '${name}' has no active members.`) : []
  const verbose = options.has('verbose')
  const rows = options.has('state') ? stateTable(group, verbose) : options.has('members') ? membersTable(group, verbose) : offsetsTable(group, verbose, sight)
  return [...told, ...rows]
}

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
function stateTable(group: SightGroup, verbose: boolean): readonly Output[] {
  const widths = [fit([group.name]), 25, 20, 20, 15, 25, 0]
  const row = (values: readonly string[]): string => values.flatMap((value, i) => (!verbose && (i === 4 || i === 5) ? [] : [value.padEnd(widths[i]!)])).join(' ')
  const modern = group.type === 'consumer'
  return out(
    '', row(['GROUP', 'COORDINATOR (ID)', 'ASSIGNMENT-STRATEGY', 'STATE', 'GROUP-EPOCH', 'TARGET-ASSIGNMENT-EPOCH', '#MEMBERS']),
    row([group.name, `b${group.coordinator}:9092  (${group.coordinator})`, group.assignor ?? '-', group.state, modern ? String(group.generation) : '-', dash(group.targetEpoch), String(group.members.length)]),
  )
}

/** `Successful`, or what was said of a partition; of a topic that nobody knows no partition is asked for. */
function deleteOffsets(options: Options, sight: Sight): Plan {
  if (!options.has('topic')) return usage(consumerGroups, 'Option [delete-offsets] takes the option: [topic]')
  const [group = ''] = options.values('group')
  const topics = options.values('topic')
  const partitions = topics.flatMap((text) => partitionsOf(text, sight))
  const unknown = topics.filter((text) => !text.includes(':') && !sight.topics.some(({ name }) => name === text))
  const table = (status: (partition: string) => KafkaError): readonly Output[] => {
    const rows = [
      ...partitions.map(({ topic, index }) => [topic, index, status(`${topic}/${index}`)] as const),
      ...unknown.map((topic) => [topic, -1, 'UNKNOWN_TOPIC_OR_PARTITION'] as const),
    ].toSorted(([a, i], [b, j]) => (`${a}${i}` < `${b}${j}` ? -1 : 1))
    const width = fit(rows.map(([topic]) => topic))
    const row = (topic: string, partition: string, what: string): string => `${topic.padEnd(width)} ${partition.padEnd(10)} ${what.padEnd(15)}`
    return out('', row('TOPIC', 'PARTITION', 'STATUS'), ...rows.map(([topic, index, error]) => row(topic, index < 0 ? '-' : String(index), error === 'NONE' ? 'Successful' : `Error: ${thrown(error)}`)))
  }
  return {
    kind: 'asked', output: [], asks: [{ action: { deleteOffsets: { group, partitions: partitions.map(({ topic, index }) => `${topic}/${index}`) } }, api: 'OffsetDelete', about: group }],
    print: ([answer]) => {
      const { error, partitions: answers } = answer!
      const rows = table((partition) => answers?.find((one) => one.partition === partition)?.error ?? error)
      if (error === 'NONE') return [...out(`Request succeeded for deleting offsets from group ${group}.`), ...rows]
      if (answers !== undefined) return [...out('', 'Error: Encountered some partition-level error, see the follow-up details.'), ...rows]
      const isKnown = error === 'GROUP_ID_NOT_FOUND' || error === 'NON_EMPTY_GROUP'
      return [...out('', `Error: ${isKnown ? exceptionOf({ error }).says : `Encountered some unknown error: ${error}`}`), ...rows]
    },
  }
}
/** As an ExecutionException calls what it was caused by. */
function thrown(error: KafkaError): string {
  const { name, says } = exceptionOf({ error })
  return `${name}: ${says}`
}
/** `orders`, or `orders:0,2` */
function partitionsOf(text: string, sight: Sight): readonly { readonly topic: string; readonly index: number }[] {
  const [topic = '', list] = text.split(':')
  const all = sight.topics.find(({ name }) => name === topic)?.partitions.map(({ index }) => index) ?? []
  return (list === undefined ? all : list.split(',').map(Number)).map((index) => ({ topic, index }))
}
