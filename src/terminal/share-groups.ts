/** `kafka-share-groups.sh`. Follows tools/.../consumer/group/ShareGroupCommand.java. */
import type { Sight, SightGroup } from '../projection/sight.ts'
import { dash, deleteGroups, fit, groupsOf, listed, offsetsTable, partitionOf, topicOf } from './groups.ts'
import type { Options } from './parse.ts'
import { targetsOf } from './reset-offsets.ts'
import { err, exceptionOf, out, printed, unreachable, usage, type Output, type Plan, type Tool } from './tool.ts'

const actionNames = ['list', 'describe', 'delete', 'reset-offsets', 'delete-offsets'] as const
const ways = ['to-datetime', 'to-earliest', 'to-latest'] as const

export const shareGroups: Tool = {
  name: 'kafka-share-groups.sh',
  flags: [
    { name: 'all-groups' }, { name: 'all-topics' }, { name: 'bootstrap-server', takes: 'server' }, { name: 'delete' }, { name: 'delete-offsets' }, { name: 'describe' }, { name: 'dry-run' }, { name: 'execute' },
    { name: 'group', takes: 'group', many: true }, { name: 'help' }, { name: 'list' }, { name: 'members' }, { name: 'offsets' }, { name: 'reset-offsets' }, { name: 'state' }, { name: 'to-datetime', takes: 'text' },
    { name: 'to-earliest' }, { name: 'to-latest' }, { name: 'topic', takes: 'topic', many: true }, { name: 'verbose' },
  ],
  wants: (options) => ({ topics: options.has('to-datetime') ? options.values('topic').map((topic) => topic.split(':')[0]!) : [] }),
  run(options, sight) {
    if (options.has('help')) return usage(shareGroups, 'This tool helps to list all share groups, describe a share group, delete share group info, or reset share group offsets.')
    const actions = actionNames.filter((name) => options.has(name))
    const [action] = actions
    if (action === undefined || actions.length > 1) return usage(shareGroups, `Command must include exactly one action: --${actionNames.join(', --')}.`)
    if (!options.has('bootstrap-server')) return usage(shareGroups, 'Missing required argument "[bootstrap-server]"')
    if (action !== 'list' && !options.has('group') && !options.has('all-groups')) return usage(shareGroups, `Option [${action}] takes one of these options: [all-groups], [group]`)
    const unreached = unreachable(options, sight)
    if (unreached !== undefined) return unreached
    const wanted = options.has('all-groups') ? groupsOf(sight, true).map(({ name }) => name) : options.values('group')
    switch (action) {
      case 'list': return list(options, sight)
      case 'describe': return printed(...wanted.map((name) => describe(name, options, sight)))
      case 'delete': return deleteGroups(wanted, { kind: 'share groups', refused: (name) => refusedDeletion(groupCalled(sight, name), name) })
      case 'reset-offsets': return reset(options, sight, wanted)
      case 'delete-offsets': return deleteOffsets(options, sight, wanted)
    }
  },
}

const groupCalled = (sight: Sight, name: string): SightGroup | undefined => groupsOf(sight, true).find((one) => one.name === name)
const refusedDeletion = (group: SightGroup | undefined, name: string): string | undefined => (group === undefined
  ? `java.lang.IllegalArgumentException: Group '${name}' is not a share group.`
  : group.members.length > 0 ? `org.apache.kafka.common.errors.GroupNotEmptyException: Share group '${name}' is not EMPTY.` : undefined)

function list(options: Options, sight: Sight): Plan {
  const groups = groupsOf(sight, true)
  if (!options.has('state')) return printed(out(...groups.map(({ name }) => name)))
  const width = fit(groups.map(({ name }) => name))
  return printed(out(`${'GROUP'.padEnd(width)} STATE`, ...groups.map(({ name, state }) => `${name.padEnd(width)} ${state}`)))
}

function describe(name: string, options: Options, sight: Sight): readonly Output[] {
  const group = groupCalled(sight, name)
  if (group === undefined) {
    const exception = `org.apache.kafka.common.errors.GroupIdNotFoundException: Group ${name} not found.`
    return [...out('', `Error: Executing share group command failed due to ${exception}`), ...err(`java.util.concurrent.ExecutionException: ${exception}`)]
  }
  const told = group.members.length === 0 ? err('', `Share group '${name}' has no active members.`) : []
  const verbose = options.has('verbose')
  if (options.has('state')) return [...told, ...stateTable(group, verbose)]
  return [...told, ...(options.has('members') ? membersTable(group, verbose) : startsTable(group, verbose, sight))]
}

const aligned = (widths: readonly number[]) => (cells: readonly string[]): string => cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' ')

/** What its members are to read, and what its share coordinator has a state of. KIP-1226: of the lag, what is finished behind the start is taken off. */
function startsTable(group: SightGroup, verbose: boolean, sight: Sight): readonly Output[] {
  const { shares = {} } = group
  const rows = [...new Set([...Object.keys(shares), ...group.members.flatMap(({ assignment }) => assignment)])]
    .map((name) => ({ name, topic: topicOf(name), partition: partitionOf(sight, name), share: shares[name] })).toSorted((a, b) => (a.topic === b.topic ? (a.partition?.index ?? 0) - (b.partition?.index ?? 0) : a.topic < b.topic ? -1 : 1))
  if (rows.length === 0) return out('', `Share group '${group.name}' has no offset information.`)
  const row = aligned([fit([group.name]), fit(rows.map(({ topic }) => topic)), 10, ...(verbose ? [13] : []), 13, 0])
  return out('', row(['GROUP', 'TOPIC', 'PARTITION', ...(verbose ? ['LEADER-EPOCH'] : []), 'START-OFFSET', 'LAG']), ...rows.map(({ topic, name, partition, share }) => {
    const end = partition?.log?.highWatermark
    return row([group.name, topic, name.slice(topic.length + 1), ...(verbose ? [share === undefined ? '-' : dash(partition?.leaderEpoch)] : []), dash(share?.start), share === undefined || end === undefined ? '-' : String(Math.max(0, end - share.start - share.finished))])
  }))
}

function membersTable(group: SightGroup, verbose: boolean): readonly Output[] {
  const { members } = group
  const row = aligned([fit([group.name]), fit(members.map(({ memberId }) => memberId)), fit(members.map(({ clientId }) => `/${clientId}`)), fit(members.map(({ clientId }) => clientId)), 12, ...(verbose ? [13] : []), 0])
  return out(
    '', row(['GROUP', 'CONSUMER-ID', 'HOST', 'CLIENT-ID', '#PARTITIONS', ...(verbose ? ['MEMBER-EPOCH'] : []), 'ASSIGNMENT']),
    ...members.map(({ memberId, clientId, assignment, epoch }) => row([group.name, memberId, `/${clientId}`, clientId, String(assignment.length), ...(verbose ? [dash(epoch)] : []), listed(assignment)])),
  )
}

function stateTable(group: SightGroup, verbose: boolean): readonly Output[] {
  const row = aligned([fit([group.name]), 25, 15, ...(verbose ? [12, 17] : []), 0])
  return out(
    '', row(['GROUP', 'COORDINATOR (ID)', 'STATE', ...(verbose ? ['GROUP-EPOCH', 'ASSIGNMENT-EPOCH'] : []), '#MEMBERS']),
    row([group.name, `b${group.coordinator}:9092  (${group.coordinator})`, group.state, ...(verbose ? [String(group.generation), dash(group.targetEpoch)] : []), String(group.members.length)]),
  )
}

function reset(options: Options, sight: Sight, [name = '', ...more]: readonly string[]): Plan {
  const given = ways.filter((way) => options.has(way))
  const [way] = given
  if (more.length > 0 || options.has('all-groups')) return usage(shareGroups, 'Option [reset-offsets] takes the option: [group]')
  if (!options.has('dry-run') && !options.has('execute')) return usage(shareGroups, 'Option [reset-offsets] takes the option: [dry-run] or [execute]')
  if (!options.has('topic') && !options.has('all-topics')) return usage(shareGroups, 'Option [reset-offsets] takes one of these options: [all-topics], [topic]')
  if (way === undefined || given.length > 1) return usage(shareGroups, `Option [reset-offsets] takes one of these options: ${ways.map((each) => `[${each}]`).join(', ')}`)
  const group = groupCalled(sight, name)
  if (group !== undefined && group.members.length > 0) return printed(err(`Share group '${name}' is not empty.`))
  const targets = targetsOf(way, group, options, sight)
  if ('refused' in targets) return targets.refused
  const table = offsetsTable(targets.rows.map(([partition, offset]) => [name, partition, offset] as const))
  if (!options.has('execute')) return printed(targets.said, table)
  return {
    kind: 'asked', output: targets.said, asks: [{ action: { resetShareOffsets: { group: name, offsets: Object.fromEntries(targets.rows.map(([partition, offset]) => [partition.name, offset])) } }, api: 'AlterShareGroupOffsets', about: name }],
    print: ([answer]) => {
      const { name: exception, says } = exceptionOf(answer!)
      return answer!.error === 'NONE' ? table : [...out('', `Error: Executing share group command failed due to ${exception}: ${says}`), ...err(`java.util.concurrent.ExecutionException: ${exception}: ${says}`)]
    },
  }
}

/** Topic by topic. */
function deleteOffsets(options: Options, sight: Sight, [name = '']: readonly string[]): Plan {
  const topics = options.values('topic')
  if (topics.length === 0) return usage(shareGroups, 'Option [delete-offsets] takes the following options: [topic], [group]')
  const partitions = topics.flatMap((topic) => sight.topics.find((one) => one.name === topic)?.partitions.map((partition) => partition.name) ?? [])
  const table = (status: string): readonly Output[] => {
    const width = fit(topics)
    return out('', `${'TOPIC'.padEnd(width)} STATUS`, ...topics.map((topic) => `${topic.padEnd(width)} ${status}`))
  }
  return {
    kind: 'asked', output: [], asks: [{ action: { deleteShareOffsets: { group: name, partitions } }, api: 'DeleteShareGroupOffsets', about: name }],
    print: ([answer]) => (answer!.error === 'NONE' ? [...out(`Request succeeded for deleting offsets from group ${name}.`), ...table('Successful')]
      : [...out('', `Error: Encounter some unknown error: ${answer!.error}`), ...table(`Error: ${exceptionOf(answer!).says}`)]),
  }
}
