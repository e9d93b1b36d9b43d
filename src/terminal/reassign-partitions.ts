/** `kafka-reassign-partitions.sh`. Follows tools/.../reassign/ReassignPartitionsCommand.java. */
import { placeReplicas } from '../kafka/controller/placement.ts'
import type { Sight, SightPartition } from '../projection/sight.ts'
import type { Options } from './parse.ts'
import { err, exceptionOf, ids, out, printed, unreachable, usage, type Ask, type Files, type Output, type Plan, type Tool } from './tool.ts'

const actionNames = ['generate', 'execute', 'verify', 'cancel', 'list'] as const

export const reassignPartitions: Tool = {
  name: 'kafka-reassign-partitions.sh',
  flags: [
    { name: 'additional' }, { name: 'bootstrap-server', takes: 'server' }, { name: 'broker-list', takes: 'text' }, { name: 'cancel' }, { name: 'disable-rack-aware' }, { name: 'execute' }, { name: 'generate' }, { name: 'help' },
    { name: 'list' }, { name: 'preserve-throttles' }, { name: 'reassignment-json-file', takes: 'text' }, { name: 'throttle', takes: 'number' }, { name: 'topics-to-move-json-file', takes: 'text' }, { name: 'verify' },
  ],
  run(options, sight, _, files) {
    if (options.has('help')) return usage(reassignPartitions, 'This tool helps to move topic partitions between replicas.')
    const actions = actionNames.filter((name) => options.has(name))
    const [action] = actions
    if (action === undefined || actions.length > 1) return usage(reassignPartitions, `Command must include exactly one action: --${actionNames.join(', --')}`)
    if (!options.has('bootstrap-server')) return usage(reassignPartitions, 'Please specify --bootstrap-server')
    const missing = action === 'generate' ? ['topics-to-move-json-file', 'broker-list'].find((name) => !options.has(name)) : undefined
    if (missing !== undefined) return usage(reassignPartitions, `Missing required argument "[${missing}]"`)
    if (action !== 'list' && action !== 'generate' && !options.has('reassignment-json-file')) return usage(reassignPartitions, 'Missing required argument "[reassignment-json-file]"')
    const unreached = unreachable(options, sight)
    if (unreached !== undefined) return unreached
    if (action === 'list') return list(sight)
    if (action === 'generate') return generate(options, sight, files)
    const file = options.value('reassignment-json-file')!
    const moves = movesIn(file, files)
    if (typeof moves === 'string') return printed(out(`Error: ${moves}`))
    return action === 'execute' ? execute(moves, options, sight) : action === 'verify' ? verify(moves, options, sight) : cancel(moves, options, sight)
  },
}

interface Move { readonly topic: string; readonly partition: number; readonly replicas: readonly number[] }
function movesIn(file: string, files: Files): readonly Move[] | string {
  const text = files.get(file)
  if (text === undefined) return `${file} (No such file or directory)`
  try {
    const { partitions } = JSON.parse(text) as { readonly partitions?: unknown }
    if (!Array.isArray(partitions) || partitions.length === 0) return `Partition reassignment list cannot be empty`
    const moves = partitions.map((each: Partial<Move>): Move => ({ topic: String(each.topic), partition: Number(each.partition), replicas: Array.isArray(each.replicas) ? each.replicas.map(Number) : [] }))
    const twice = moves.find(({ replicas }) => new Set(replicas).size !== replicas.length)
    if (twice !== undefined) return `Partition replica lists may not contain duplicate entries: ${nameOf(twice)} contains multiple entries for ${twice.replicas.find((id, i) => twice.replicas.indexOf(id) !== i)!}`
    return moves.toSorted((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1))
  } catch {
    return `${file} is not valid JSON`
  }
}
const nameOf = ({ topic, partition }: Pick<Move, 'topic' | 'partition'>): string => `${topic}-${partition}`
const keyOf = ({ topic, partition }: Pick<Move, 'topic' | 'partition'>): string => `${topic}/${partition}`
const partitionOf = (sight: Sight, { topic, partition }: Pick<Move, 'topic' | 'partition'>): SightPartition | undefined =>
  sight.topics.find(({ name }) => name === topic)?.partitions.find(({ index }) => index === partition)
const isMoving = (partition: SightPartition | undefined): boolean => partition !== undefined && partition.adding.length + partition.removing.length > 0
const targetOf = ({ replicas, removing }: SightPartition): readonly number[] => replicas.filter((id) => !removing.includes(id))

function list(sight: Sight): Plan {
  const moving = sight.topics.flatMap(({ name, partitions }) => partitions.filter(isMoving).map((partition) => [name, partition] as const))
    .toSorted(([a, p], [b, q]) => (a === b ? p.index - q.index : a < b ? -1 : 1))
  if (moving.length === 0) return printed(out('No partition reassignments found.'))
  return printed(out('Current partition reassignments:', ...moving.map(([topic, { index, replicas, adding, removing }]) =>
    `${topic}-${index}: replicas: ${ids(replicas)}.${adding.length === 0 ? '' : ` adding: ${ids(adding)}.`}${removing.length === 0 ? '' : ` removing: ${ids(removing)}.`}`)))
}

/** By luck, as the controller places new partitions: this tool draws by the moment at which it is asked. */
function generate(options: Options, sight: Sight, files: Files): Plan {
  const file = options.value('topics-to-move-json-file')!
  const text = files.get(file)
  if (text === undefined) return printed(out(`Error: ${file} (No such file or directory)`))
  const wanted = options.value('broker-list')!.split(',').map(Number)
  const twice = wanted.find((id, i) => wanted.indexOf(id) !== i)
  if (twice !== undefined) return thrown(`Broker list contains duplicate entries: ${twice}`)
  const unknown = wanted.find((id) => !sight.brokers.some((broker) => broker.id === id))
  if (unknown !== undefined) return thrown(`Unknown broker id ${unknown}`)
  const names = topicsIn(text)
  if (names === undefined) return printed(out(`Error: ${file} is not valid JSON`))
  const topics = names.map((name) => sight.topics.find((topic) => topic.name === name))
  if (topics.includes(undefined)) return thrown('Unable to find any topics.')
  let state = sight.at
  const draw = (bound: number): number => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * bound)
  }
  const brokers = sight.brokers.filter(({ id }) => wanted.includes(id)).map(({ id, fenced, rack }) => ({ id, fenced, rack: options.has('disable-rack-aware') ? undefined : rack }))
  const current: object[] = [], proposed: object[] = []
  for (const topic of topics.filter((each) => each !== undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const placed = placeReplicas(brokers, topic.partitions.length, topic.partitions[0]?.replicas.length ?? 1, draw)
    if (placed === 'INVALID_REPLICATION_FACTOR') return thrown(`The target replication factor of ${topic.partitions[0]!.replicas.length} cannot be reached because only ${brokers.length} broker(s) are registered.`)
    topic.partitions.forEach(({ index, replicas }, i) => {
      current.push({ topic: topic.name, partition: index, replicas, log_dirs: replicas.map((id) => `/var/kafka/b${id}`) })
      proposed.push({ topic: topic.name, partition: index, replicas: placed[i], log_dirs: placed[i]!.map(() => 'any') })
    })
  }
  const json = (partitions: readonly object[]): string => JSON.stringify({ version: 1, partitions })
  return printed(out('Current partition replica assignment', json(current), '', 'Proposed partition reassignment configuration', json(proposed)))
}
function topicsIn(text: string): readonly string[] | undefined {
  try {
    const { topics } = JSON.parse(text) as { readonly topics?: readonly { readonly topic?: unknown }[] }
    return Array.isArray(topics) ? topics.map(({ topic }: { readonly topic?: unknown }) => String(topic)) : undefined
  } catch {
    return undefined
  }
}

const thrown = (says: string): Plan => printed(out(`Error: ${says}`, `org.apache.kafka.tools.AdminCommandFailedException: ${says}`, ''))

function execute(moves: readonly Move[], options: Options, sight: Sight): Plan {
  const isBusy = sight.topics.some(({ partitions }) => partitions.some(isMoving))
  if (isBusy && !options.has('additional')) {
    return printed(out('Cannot execute because there is an existing partition assignment.  Use --additional to override this and create a new partition assignment in addition to the existing one. The --additional flag can also be used to change the throttle by resubmitting the current reassignment.'))
  }
  const unknown = moves.flatMap(({ replicas }) => replicas).find((id) => !sight.brokers.some((broker) => broker.id === id))
  if (unknown !== undefined) return thrown(`Unknown broker id ${unknown}`)
  const absent = moves.find((move) => partitionOf(sight, move) === undefined)
  if (absent !== undefined) return thrown(`Error reassigning partition(s):\n${nameOf(absent)}: The topic does not exist.`)
  const throttle = options.value('throttle')
  if (throttle !== undefined && !/^\d{1,15}$/.test(throttle)) return printed(err(`Cannot parse argument '${throttle}' of option throttle`))
  const current = moves.map((move) => ({
    topic: move.topic, partition: move.partition, replicas: partitionOf(sight, move)!.replicas, log_dirs: partitionOf(sight, move)!.replicas.map((id) => `/var/kafka/b${id}`),
  }))
  const asks = moves.map((move): Ask => ({
    action: { reassign: { partition: keyOf(move), to: move.replicas.map((id) => `b${id}`), ...(throttle === undefined ? {} : { throttle: `${throttle}B/s` }) } },
    api: 'AlterPartitionReassignments', about: keyOf(move),
  }))
  return {
    kind: 'asked', asks,
    output: out(
      'Current partition replica assignment', '', JSON.stringify({ version: 1, partitions: current }), '', 'Save this to use as the --reassignment-json-file option during rollback',
      ...(throttle === undefined ? [] : ['Warning: You must run --verify periodically, until the reassignment completes, to ensure the throttle is removed.', `The inter-broker throttle limit was set to ${throttle} B/s`]),
    ),
    print: (answers) => {
      const bad = moves.flatMap((move, i) => (answers[i]!.error === 'NONE' ? [] : [`${nameOf(move)}: ${exceptionOf(answers[i]!).says}`]))
      if (bad.length > 0) return out('Error: Error reassigning partition(s):', ...bad)
      return out(`Successfully started partition reassignment${moves.length > 1 ? 's' : ''} for ${moves.map(nameOf).join(',')}`)
    },
  }
}

const brokersOf = (sight: Sight): string => ids(sight.brokers.map(({ id }) => id))
const cleared = (moves: readonly Move[], sight: Sight): readonly string[] => [
  `Clearing broker-level throttles on brokers ${brokersOf(sight)}`,
  `Clearing topic-level throttles on topic${new Set(moves.map(({ topic }) => topic)).size > 1 ? 's' : ''} ${[...new Set(moves.map(({ topic }) => topic))].join(',')}`,
]
const asksToVerify = (moves: readonly Move[]): readonly Ask[] => moves.map((move) => ({ action: { reassign: { partition: keyOf(move), verify: true } }, api: 'ListPartitionReassignments', about: keyOf(move) }))

/** What is over is no longer held to a rate. */
function verify(moves: readonly Move[], options: Options, sight: Sight): Plan {
  const states = moves.map((move): string => {
    const partition = partitionOf(sight, move)
    if (partition === undefined) return `There is no active reassignment of partition ${nameOf(move)}, but replica set is  rather than ${ids(move.replicas)}.`
    if (isMoving(partition) && ids(targetOf(partition)) === ids(move.replicas)) return `Reassignment of partition ${nameOf(move)} is still in progress.`
    if (ids(partition.replicas) === ids(move.replicas)) return `Reassignment of partition ${nameOf(move)} is completed.`
    return `There is no active reassignment of partition ${nameOf(move)}, but replica set is ${ids(partition.replicas)} rather than ${ids(move.replicas)}.`
  })
  const output = out('Status of partition reassignment:', ...states, '')
  const clears = !options.has('preserve-throttles') && moves.every((move) => partitionOf(sight, move) !== undefined) && !moves.some((move) => isMoving(partitionOf(sight, move)))
  if (!clears) return printed(output)
  return { kind: 'asked', asks: asksToVerify(moves), output: [...output, ...out(...cleared(moves, sight))], print: () => [] }
}

function cancel(moves: readonly Move[], options: Options, sight: Sight): Plan {
  const active = moves.filter((move) => isMoving(partitionOf(sight, move)))
  const asks = active.map((move): Ask => ({ action: { reassign: { partition: keyOf(move), cancel: true } }, api: 'AlterPartitionReassignments', about: keyOf(move) }))
  const clear = options.has('preserve-throttles') ? undefined : cleared(moves, sight)
  const rest = `None of the specified partition moves are active.${clear?.[0] ?? ''}`
  const known = moves.filter((move) => partitionOf(sight, move) !== undefined)
  return {
    kind: 'asked', asks: [...asks, ...(clear === undefined ? [] : asksToVerify(known))], output: [],
    print: (answers): readonly Output[] => {
      const bad = active.flatMap((move, i) => (answers[i]!.error === 'NONE' ? [] : [`${nameOf(move)}: ${exceptionOf(answers[i]!).says}`]))
      if (bad.length > 0) return out('Error: Error cancelling partition reassignment(s) for:', ...bad)
      const first = active.length === 0 ? 'None of the specified partition reassignments are active.' : `Successfully cancelled partition reassignment${active.length > 1 ? 's' : ''} for: ${active.map(nameOf).join(',')}`
      return out(first, rest, ...(clear?.slice(1) ?? []))
    },
  }
}
