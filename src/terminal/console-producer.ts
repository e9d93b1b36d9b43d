/**
 * `kafka-console-producer.sh`: each line becomes a record. Follows tools/.../ConsoleProducer.java and LineMessageReader.java.
 * Simplified: every line is a Produce request of its own, without a producer id, to one partition as long as it has no key.
 */
import { hashOf } from '../base/hash.ts'
import { keyedPartition, type Library } from '../kafka/client/partitioner.ts'
import { utf8Length } from '../kafka/log/record.ts'
import type { Sight, SightPartition } from '../projection/sight.ts'
import { err, exceptionOf, out, printed, remark, stamp, unreachable, unsupported, usage, type Output, type Plan, type Tool } from './tool.ts'

const RETRIES = 3

export const consoleProducer: Tool = {
  name: 'kafka-console-producer.sh',
  flags: [
    { name: 'bootstrap-server', takes: 'server' }, { name: 'command-property', takes: 'text', many: true }, { name: 'help' }, { name: 'message-send-max-retries', takes: 'number' }, { name: 'producer-property', takes: 'text', many: true },
    { name: 'property', takes: 'text', many: true }, { name: 'reader-property', takes: ['parse.key=true', 'key.separator=:'], many: true }, { name: 'request-required-acks', takes: ['all', '1', '0'] }, { name: 'topic', takes: 'topic' },
  ],
  run(options, sight) {
    if (options.has('help')) return usage(consoleProducer, 'This tool helps to read data from standard input and publish it to Kafka.')
    if (!options.has('bootstrap-server')) return usage(consoleProducer, 'Missing required argument "[bootstrap-server]"')
    if (!options.has('topic')) return usage(consoleProducer, 'Missing required argument "[topic]"')
    const reader = propertiesOf([...options.values('property'), ...options.values('reader-property')])
    const client = propertiesOf([...options.values('producer-property'), ...options.values('command-property')])
    const unknown = Object.keys(client).find((name) => name !== 'acks') ?? Object.keys(reader).find((name) => !['parse.key', 'key.separator', 'ignore.error'].includes(name))
    if (unknown !== undefined) return unsupported(unknown)
    const unreached = unreachable(options, sight, 'Producer clientId=console-producer')
    if (unreached !== undefined) return unreached
    const topic = options.value('topic')!
    const deprecated = options.has('property') ? out('Option --property is deprecated and will be removed in a future version. Use --reader-property instead.') : []
    return producing({
      topic, parsesKey: reader['parse.key'] === 'true', separator: reader['key.separator'] ?? '\t', library: 'java',
      acks: options.value('request-required-acks') ?? client['acks'] ?? 'all', luck: hashOf(`${topic} ${sight.at}`), retries: Number(options.value('message-send-max-retries') ?? RETRIES),
    }, deprecated)
  },
}
/** A value may be a comma, or a blank. */
const propertiesOf = (texts: readonly string[]): Readonly<Record<string, string>> => Object.fromEntries(texts.map((text) => [text.replace(/=.*/s, ''), text.replace(/^[^=]*=?/, '')]))

export interface Producing {
  readonly topic: string; readonly parsesKey: boolean; readonly separator: string; readonly acks: string; readonly library: Library; readonly luck: number; readonly retries: number
}
export function producing(how: Producing, output: readonly Output[]): Plan {
  let count = 0
  return { kind: 'produces', output, take: (line, sight) => taken(how, line, ++count, sight) }
}

function taken(how: Producing, line: string, number: number, sight: Sight): Plan {
  const { topic, parsesKey, separator, library, luck } = how
  const at = parsesKey ? line.indexOf(separator) : -1
  if (parsesKey && at < 0) return printed(err(`org.apache.kafka.common.KafkaException: No key separator found on line number ${number}: '${line}'`))
  const key = at < 0 ? undefined : line.slice(0, at), value = at < 0 ? line : line.slice(at + separator.length)
  const partitions = sight.topics.find(({ name }) => name === topic)?.partitions ?? []
  if (partitions.length === 0) return remark({ code: 'unsupported', what: 'auto.create.topics.enable' })
  const available = partitions.filter(({ leader }) => leader !== undefined)
  const target = key === undefined ? available[(luck >>> 0) % Math.max(1, available.length)] : partitions[keyedPartition(library, key, partitions.length)]
  if (target?.leader === undefined) return remark({ code: 'noAnswer' })
  return sending(how, target, key, value, how.retries)
}

function sending(how: Producing, { name, index, leader }: SightPartition, key: string | undefined, value: string, left: number): Plan {
  const acks = how.acks === '0' ? 0 : how.acks === '1' ? 1 : 'all'
  return {
    kind: 'asked', output: [],
    asks: [{ action: { rawProduce: { to: `b${leader!}`, partition: name, acks, records: [{ ...(key === undefined ? {} : { key }), value }] } }, api: 'Produce', about: name }],
    print: ([answer], after) => {
      const { error } = answer!
      if (error === 'NONE') return []
      if (isRetried(error) && left > 0) return err(`${stamp(after)} WARN [Producer clientId=console-producer] Got error produce response on topic-partition ${how.topic}-${index}, retrying (${left - 1} attempts left). Error: ${error} (org.apache.kafka.clients.producer.internals.Sender)`)
      const { name: exception, says } = exceptionOf(answer!)
      return err(`${stamp(after)} ERROR Error when sending message to topic ${how.topic} with key: ${key === undefined ? 'null' : `${utf8Length(key)} bytes`}, value: ${utf8Length(value)} bytes with error: (org.apache.kafka.clients.producer.internals.ErrorLoggingCallback)`, `${exception}: ${says}`)
    },
    next: ([answer], after) => {
      if (!isRetried(answer!.error) || left === 0) return undefined
      const target = after.topics.find((topic) => topic.name === how.topic)?.partitions[index]
      return target?.leader === undefined ? remark({ code: 'noAnswer' }) : sending(how, target, key, value, left - 1)
    },
  }
}
const isRetried = (error: string): boolean => ['NOT_ENOUGH_REPLICAS', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'NOT_LEADER_OR_FOLLOWER', 'NETWORK_EXCEPTION', 'REQUEST_TIMED_OUT', 'UNKNOWN_TOPIC_OR_PARTITION'].includes(error)
