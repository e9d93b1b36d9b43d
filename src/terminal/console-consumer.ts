/**
 * `kafka-console-consumer.sh`: one line a record. Follows tools/.../consumer/{ConsoleConsumer,DefaultMessageFormatter}.java.
 * Simplified: it reads what leaders hold, without a Fetch request; it joins no group, and commits nothing.
 */
import type { Sight, SightRecord } from '../projection/sight.ts'
import { configsOf } from './settings.ts'
import { err, out, printed, remark, stamp, unreachable, unsupported, usage, type Output, type Plan, type Tool } from './tool.ts'

const printable = ['print.timestamp', 'print.partition', 'print.offset', 'print.headers', 'print.key', 'print.value', 'key.separator']

export const consoleConsumer: Tool = {
  name: 'kafka-console-consumer.sh',
  flags: [
    { name: 'bootstrap-server', takes: 'server' }, { name: 'command-property', takes: 'text', many: true }, { name: 'consumer-property', takes: 'text', many: true },
    { name: 'formatter-property', takes: ['print.key=true', 'print.partition=true', 'print.offset=true', 'print.timestamp=true', 'print.headers=true', 'print.value=false'], many: true },
    { name: 'from-beginning' }, { name: 'group', takes: 'group' }, { name: 'help' }, { name: 'include', takes: 'text' }, { name: 'isolation-level', takes: ['read_committed', 'read_uncommitted'] }, { name: 'max-messages', takes: 'number' },
    { name: 'offset', takes: ['earliest', 'latest'] }, { name: 'partition', takes: 'number' }, { name: 'property', takes: 'text', many: true }, { name: 'timeout-ms', takes: 'number' }, { name: 'topic', takes: 'topic' },
  ],
  wants: (options) => ({ topics: options.values('topic') }),
  run(options, sight) {
    if (options.has('help')) return usage(consoleConsumer, 'This tool helps to read data from Kafka topics and outputs it to standard output.')
    if (!options.has('bootstrap-server')) return usage(consoleConsumer, 'Missing required argument "[bootstrap-server]"')
    if (options.has('topic') === options.has('include')) return usage(consoleConsumer, 'Exactly one of the following arguments is required: [topic], [include]')
    if (options.has('include')) return unsupported('--include')
    const offset = options.value('offset'), partition = options.value('partition')
    if (offset !== undefined && partition === undefined) return usage(consoleConsumer, 'The partition is required when offset is specified.')
    if (offset !== undefined && !/^(earliest|latest|\d+)$/.test(offset)) return usage(consoleConsumer, `The provided offset value '${offset}' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long.`)
    if (offset !== undefined && options.has('from-beginning')) return usage(consoleConsumer, 'The options from-beginning and offset can\'t be specified together.')
    const format = configsOf([...options.values('property'), ...options.values('formatter-property')].filter((text) => !text.startsWith('key.separator')))
    const unknown = Object.keys(format ?? {}).find((name) => !printable.includes(name)) ?? options.values('command-property').concat(options.values('consumer-property')).find((text) => !text.startsWith('group.protocol='))
    if (format === undefined || unknown !== undefined) return unsupported(unknown ?? '--formatter-property')
    const unreached = unreachable(options, sight, 'Consumer clientId=console-consumer')
    if (unreached !== undefined) return unreached
    const topic = options.value('topic')!
    if (!sight.topics.some(({ name }) => name === topic)) return remark({ code: 'unsupported', what: 'auto.create.topics.enable' })
    if (partition !== undefined && !sight.topics.some(({ name, partitions }) => name === topic && partitions.some(({ index }) => String(index) === partition))) return printed(err(`${stamp(sight)} ERROR Unknown error when running consumer:  (org.apache.kafka.tools.consumer.ConsoleConsumer)`))
    const says = partition === undefined && !options.values('command-property').concat(options.values('consumer-property')).includes('group.protocol=consumer')
    return consuming({
      topic, partition: partition === undefined ? undefined : Number(partition), from: offset ?? (options.has('from-beginning') ? 'earliest' : 'latest'), committedOnly: options.value('isolation-level') === 'read_committed',
      most: Number(options.value('max-messages') ?? Infinity), timeoutMs: Number(options.value('timeout-ms') ?? Infinity), format,
    }, [
      ...(options.has('group') ? [{ remark: { code: 'noGroup' } } as const] : []),
      ...(options.has('property') ? out('Option --property is deprecated and will be removed in a future version. Use --formatter-property instead.') : []),
      ...(says ? err('The consumer rebalance protocol (KIP-848) is production-ready! Set group.protocol=consumer to try it out. See https://kafka.apache.org/documentation/#consumer_rebalance_protocol') : []),
    ], sight)
  },
}

export interface Consuming {
  readonly topic: string; readonly partition: number | undefined; readonly from: string; readonly committedOnly: boolean
  readonly most: number; readonly timeoutMs: number; readonly format: Readonly<Record<string, string>>
}

export function consuming(how: Consuming, first: readonly Output[], begun: Sight): Plan {
  const positions = new Map<number, number>()
  let count = 0, lastAt = begun.at, told = first
  for (const { index, log } of partitionsOf(how, begun)) {
    positions.set(index, how.from === 'latest' ? (how.committedOnly ? log?.lastStable : log?.highWatermark) ?? 0 : how.from === 'earliest' ? (log?.begins ?? 0) : Number(how.from))
  }
  const stop = (): readonly Output[] => err(`Processed a total of ${count} messages`)
  const read = (sight: Sight): { readonly output: readonly Output[]; readonly over: boolean } => {
    const output: Output[] = [...told]
    told = []
    // Records of one poll come partition by partition, the one that has waited longest first.
    const fetched = partitionsOf(how, sight).flatMap(({ index, log }) => {
      const records = (log?.records ?? []).filter((record) => record.offset >= (positions.get(index) ?? 0) && (!how.committedOnly || record.isCommitted))
      return records.length === 0 ? [] : [{ index, records }]
    }).toSorted((a, b) => a.records[0]!.timestamp - b.records[0]!.timestamp)
    for (const { index, records } of fetched) {
      for (const record of records) {
        if (count >= how.most) break
        output.push(...out(lineOf(record, index, how.format)))
        positions.set(index, record.offset + 1)
        count++
        lastAt = sight.at
      }
    }
    if (count >= how.most) return { output: [...output, ...stop()], over: true }
    if ((sight.at - lastAt) / 1_000 < how.timeoutMs) return { output, over: false }
    const late = `${stamp(sight)} ERROR Error processing message, terminating consumer process:  (org.apache.kafka.tools.consumer.ConsoleConsumer)`
    return { output: [...output, ...err(late, 'org.apache.kafka.common.errors.TimeoutException'), ...stop()], over: true }
  }
  return { kind: 'consumes', topic: how.topic, read, stop }
}
const partitionsOf = ({ topic, partition }: Consuming, sight: Sight) =>
  (sight.topics.find(({ name }) => name === topic)?.partitions ?? []).filter(({ index }) => partition === undefined || index === partition)

function lineOf({ timestamp, offset, headers, key, value, usesAppendTime }: SightRecord, partition: number, format: Readonly<Record<string, string>>): string {
  const prints = (what: string): boolean => format[`print.${what}`] === 'true'
  const fields: string[] = []
  if (prints('timestamp')) fields.push(`${usesAppendTime ? 'LogAppendTime' : 'CreateTime'}:${timestamp}`)
  if (prints('partition')) fields.push(`Partition:${partition}`)
  if (prints('offset')) fields.push(`Offset:${offset}`)
  if (prints('headers')) fields.push(headers.length === 0 ? 'NO_HEADERS' : headers.map((header) => `${header.key}:${header.value}`).join(','))
  if (prints('key')) fields.push(key ?? 'null')
  if (format['print.value'] !== 'false') fields.push(value ?? 'null')
  return fields.join('\t')
}
