/**
 * `confluent kafka topic`: the forms that a lab of a cloud uses. It is built on librdkafka, so a key finds its partition by CRC32.
 * Simplified: there is no account, no environment and no API key; what it lists is not laid out as the real one does.
 */
import { hashOf } from '../base/hash.ts'
import { consuming } from './console-consumer.ts'
import { producing } from './console-producer.ts'
import { MOST_PARTITIONS } from './topics.ts'
import { err, exceptionOf, out, printed, remark, unsupported, usage, type Tool } from './tool.ts'

export const confluent: Tool = {
  name: 'confluent',
  verbs: ['kafka topic list', 'kafka topic create', 'kafka topic delete', 'kafka topic produce', 'kafka topic consume'],
  flags: [
    { name: 'delimiter', takes: 'text' }, { name: 'force' }, { name: 'from-beginning' }, { name: 'help' }, { name: 'if-not-exists' }, { name: 'parse-key' }, { name: 'partitions', takes: 'number' }, { name: 'print-key' },
  ],
  wants: ({ rest }) => ({ topics: rest.slice(3, 4) }),
  run(options, sight) {
    const [kafka, topic, verb, name] = options.rest
    if (options.has('help') || kafka !== 'kafka' || topic !== 'topic' || verb === undefined) return usage(confluent, 'confluent kafka topic [list|create|delete|produce|consume]')
    if (verb === 'list') return printed(out(...sight.topics.filter(({ internal }) => !internal).map((one) => one.name).toSorted()))
    if (name === undefined) return printed(err('Error: accepts 1 arg(s), received 0'))
    const isThere = sight.topics.some((one) => one.name === name)
    if (verb === 'create') {
      // Six partitions and three replicas are what Confluent Cloud gives.
      const partitions = Number(options.value('partitions') ?? 6)
      if (!(partitions >= 1 && partitions <= MOST_PARTITIONS)) return remark({ code: 'tooMany', most: MOST_PARTITIONS })
      return {
        kind: 'asked', output: [], asks: [{ action: { createTopic: { name, partitions, replicationFactor: Math.min(3, Math.max(1, sight.brokers.length)) } }, api: 'CreateTopics', about: name }],
        print: ([answer]) => {
          if (answer!.error === 'NONE') return out(`Created topic "${name}".`)
          if (answer!.error === 'TOPIC_ALREADY_EXISTS') return options.has('if-not-exists') ? [] : err(`Error: topic "${name}" already exists for the Kafka cluster`)
          return err(`Error: failed to create topic "${name}": ${exceptionOf(answer!).says}`)
        },
      }
    }
    if (!isThere) return printed(err(`Error: topic "${name}" does not exist`))
    if (verb === 'delete') {
      return {
        kind: 'asked', output: [], asks: [{ action: { deleteTopic: name }, api: 'DeleteTopics', about: name }],
        print: ([answer]) => (answer!.error === 'NONE' ? out(`Deleted topic "${name}".`) : err(`Error: failed to delete topic "${name}": ${exceptionOf(answer!).says}`)),
      }
    }
    if (verb === 'produce') {
      return producing(
        { topic: name, parsesKey: options.has('parse-key'), separator: options.value('delimiter') ?? ':', acks: 'all', library: 'librdkafka', luck: hashOf(`${name} ${sight.at}`), retries: 3 },
        out('Starting Kafka Producer. Use Ctrl-C or Ctrl-D to exit.'),
      )
    }
    if (verb !== 'consume') return unsupported(`confluent kafka topic ${verb}`)
    const plan = consuming(
      { topic: name, partition: undefined, from: options.has('from-beginning') ? 'earliest' : 'latest', committedOnly: true, most: Infinity, timeoutMs: Infinity, format: options.has('print-key') ? { 'print.key': 'true' } : {} },
      out('Starting Kafka Consumer. Use Ctrl-C to exit.'), sight,
    )
    return plan.kind === 'consumes' ? { ...plan, stop: () => out('Stopping Consumer.') } : plan
  },
}
