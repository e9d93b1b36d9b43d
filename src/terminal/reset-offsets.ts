/**
 * `--reset-offsets` of both kinds of groups: which partitions, and where each is to be read from.
 * Follows tools/.../OffsetsUtils.java and consumer/group/ConsumerGroupCommand.java#resetOffsets.
 */
import { hashMapOrder } from '../kafka/java-hash.ts'
import type { Sight, SightGroup, SightPartition } from '../projection/sight.ts'
import { offsetsTable, partitionHash, partitionOf, topicOf } from './groups.ts'
import type { Options } from './parse.ts'
import { err, exceptionOf, out, printed, remark, stamp, usage, type Files, type Output, type Plan, type Tool } from './tool.ts'

export const resetWays = ['to-earliest', 'to-latest', 'to-offset', 'by-duration', 'to-datetime', 'shift-by', 'to-current', 'from-file'] as const
type Way = (typeof resetWays)[number]

const dryRun = 'WARN: No action will be performed as the --execute option is missing. In version 5.0, this command will require either --dry-run or --execute to be specified. You should add the --dry-run option explicitly if you are scripting this command and want to keep the current default behavior without prompting.'

type Target = readonly [partition: SightPartition, offset: number]
interface Targets { readonly rows: readonly Target[]; readonly said: readonly Output[] }
interface Refused { readonly refused: Plan }

export function resetOffsets(tool: Pick<Tool, 'flags'>, options: Options, sight: Sight, files: Files): Plan {
  const way = wayOf(options)
  if (!options.has('topic') && !options.has('all-topics') && way !== 'from-file') return usage(tool, 'Option [reset-offsets] takes one of these options: [all-topics], [topic]')
  if (way === undefined) return usage(tool, `Option [reset-offsets] takes one of these options: ${resetWays.map((name) => `[${name}]`).toSorted().join(', ')}`)
  const names = options.has('all-groups') ? sight.groups.filter(({ type }) => type !== 'share').map(({ name }) => name) : options.values('group')
  const said: Output[] = [], rows: (readonly [group: string, target: Target])[] = []
  for (const name of names) {
    const group = sight.groups.find((one) => one.name === name && one.type !== 'share')
    if (group !== undefined && group.state !== 'Empty' && group.state !== 'Dead') {
      said.push(...out('', `Error: Assignments can only be reset if the group '${name}' is inactive, but the current state is ${group.state}.`))
      continue
    }
    const found = targetsOf(way, group, options, sight, files)
    if ('refused' in found) return found.refused
    said.push(...found.said)
    rows.push(...found.rows.map((target) => [name, target] as const))
  }
  if (options.has('export')) return printed(said, out(...rows.map(([name, [partition, offset]]) => `${names.length > 1 ? `${name},` : ''}${topicOf(partition.name)},${partition.index},${offset}`)))
  if (!options.has('execute')) return printed(options.has('dry-run') ? [] : err(dryRun), said, offsetsTable(rows.map(([name, target]) => [name, ...target] as const)))
  const asked = names.filter((name) => rows.some(([of]) => of === name))
  const print = (): readonly Output[] => offsetsTable(rows.map(([name, target]) => [name, ...target] as const))
  if (asked.length === 0) return printed(said, print())
  return {
    kind: 'asked', output: said,
    asks: asked.map((group) => ({
      action: { resetOffsets: { group, offsets: Object.fromEntries(rows.flatMap(([of, [partition, offset]]) => (of === group ? [[partition.name, offset] as const] : []))) } }, api: 'AlterConsumerGroupOffsets', about: group,
    })),
    print: (answers) => {
      const bad = answers.find(({ error }) => error !== 'NONE')
      return bad === undefined ? print() : failed(exceptionOf(bad).name, exceptionOf(bad).says)
    },
  }
}

export function wayOf(options: Options): Way | undefined {
  const ways = resetWays.filter((name) => options.has(name))
  return ways.length === 1 ? ways[0] : undefined
}

export const failed = (exception: string, says: string): readonly Output[] =>
  [...out('', `Error: Executing consumer group command failed due to ${exception}: ${says}`), ...err(`java.util.concurrent.ExecutionException: ${exception}: ${says}`)]

/** In the order of a HashMap of partitions. */
export function targetsOf(way: Way, group: SightGroup | undefined, options: Options, sight: Sight, files: Files = new Map()): Targets | Refused {
  if (way === 'from-file') return fromFile(options, sight, files)
  const given = options.has('all-topics') ? [...new Set([...Object.keys(group?.offsets ?? {}), ...Object.keys(group?.shares ?? {})].map(topicOf))] : options.values('topic')
  const wanted: SightPartition[] = []
  for (const text of given) {
    const [name, list] = text.split(':')
    const topic = sight.topics.find((one) => one.name === name)
    const indexes = list?.split(',').map(Number) ?? topic?.partitions.map(({ index }) => index) ?? []
    const found = indexes.map((index) => topic?.partitions.find((one) => one.index === index))
    if (topic === undefined || found.includes(undefined)) return unknownPartition()
    wanted.push(...found.filter((one) => one !== undefined))
  }
  if (wanted.some(({ log }) => log === undefined)) return { refused: remark({ code: 'noAnswer' }) }
  const said: Output[] = []
  const rows: Target[] = []
  for (const partition of hashMapOrder(wanted, partitionHash)) {
    const target = targetOf(way, partition, group, options, sight, said)
    if (typeof target !== 'number') return target
    rows.push([partition, target])
  }
  return { rows, said }
}

function unknownPartition(): Refused {
  const says = 'This server does not host this topic-partition.'
  return { refused: printed(out('', `Error: Executing consumer group command failed due to ${says}`), err(`org.apache.kafka.common.errors.UnknownTopicOrPartitionException: ${says}`)) }
}

function targetOf(way: Way, partition: SightPartition, group: SightGroup | undefined, options: Options, sight: Sight, said: Output[]): number | Refused {
  const { begins, highWatermark } = partition.log!
  const committed = group?.offsets[partition.name]?.offset
  const value = options.value(way) ?? ''
  const unparsed: Refused = { refused: printed(err(`Cannot parse argument '${value}' of option ${way}`)) }
  switch (way) {
    case 'to-earliest': return begins
    case 'to-latest': return highWatermark
    case 'to-current': return committed === undefined ? highWatermark : inRange(committed, partition, sight, said)
    case 'to-offset': return /^\d{1,15}$/.test(value) ? inRange(Number(value), partition, sight, said) : unparsed
    case 'shift-by':
      if (!/^-?\d{1,15}$/.test(value)) return unparsed
      if (committed === undefined) return { refused: printed(out('', `Error: Executing consumer group command failed due to Cannot shift offset for partition ${topicOf(partition.name)}-${partition.index} since there is no current committed offset`)) }
      return inRange(committed + Number(value), partition, sight, said)
    case 'by-duration': {
      const ms = durationOf(value)
      return ms === undefined ? unparsed : since(sight.nowMs - ms, partition, said)
    }
    case 'to-datetime': {
      const at = dateOf(value)
      return at === undefined ? unparsed : since(at, partition, said)
    }
    case 'from-file': return unparsed
  }
}

/** The first record that is not older; without one the end. */
function since(timestamp: number, { name, index, log }: SightPartition, said: Output[]): number {
  const found = log!.records.find((record) => record.timestamp >= timestamp)?.offset
  if (found === undefined && log!.newest === undefined) said.push(...out('', `Warn: Partition ${index} from topic ${topicOf(name)} is empty. Falling back to latest known offset.`))
  return found ?? log!.highWatermark
}

function inRange(offset: number, { name, index, log }: SightPartition, sight: Sight, said: Output[]): number {
  const { begins, highWatermark } = log!
  const warn = (what: string, end: number): number => {
    said.push(...err(`${stamp(sight)} WARN New offset (${offset}) is ${what} offset for topic partition ${topicOf(name)}-${index}. Value will be set to ${end} (org.apache.kafka.tools.OffsetsUtils)`))
    return end
  }
  return offset > highWatermark ? warn('higher than latest', highWatermark) : offset < begins ? warn('lower than earliest', begins) : offset
}

/** `PnDTnHnMnS` */
function durationOf(value: string): number | undefined {
  const [whole, days = '0', hours = '0', minutes = '0', seconds = '0'] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(value) ?? []
  return whole === undefined || whole === 'P' ? undefined : Math.round((((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000)
}
/** `YYYY-MM-DDThh:mm:ss.sss`, with `Z` or an offset, or in UTC. */
function dateOf(value: string): number | undefined {
  const [whole, date, time, zone = 'Z'] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d{1,3})?)(Z|[+-]\d\d:?\d\d)?$/.exec(value) ?? []
  if (whole === undefined) return undefined
  const at = Date.parse(`${date}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`)
  return Number.isNaN(at) ? undefined : at
}

/** `orders,0,5` a line, with the group before it where there are several. */
function fromFile(options: Options, sight: Sight, files: Files): Targets | Refused {
  const name = options.value('from-file') ?? ''
  const text = files.get(name)
  if (text === undefined) return { refused: printed(out('', `Error: Executing consumer group command failed due to ${name} (No such file or directory)`)) }
  const said: Output[] = [], rows: Target[] = []
  for (const line of text.split(/\n|\\n/).filter((each) => each.trim() !== '')) {
    const cells = line.split(',').map((cell) => cell.trim().replaceAll(/^"|"$/g, ''))
    const [topic = '', index = '', offset = ''] = cells.slice(-3)
    const partition = partitionOf(sight, `${topic}/${index}`)
    if (partition?.log === undefined) return unknownPartition()
    rows.push([partition, inRange(Number(offset), partition, sight, said)])
  }
  return { rows: hashMapOrder(rows, ([partition]) => partitionHash(partition)), said }
}
