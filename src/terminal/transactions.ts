/** `kafka-transactions.sh`. Follows tools/.../TransactionsCommand.java. */
import { RUN_BEGAN_MS } from '../kafka/log/record.ts'
import { prettyTable } from './table.ts'
import type { Sight, SightProducer } from '../projection/sight.ts'
import type { Options } from './parse.ts'
import { err, exceptionOf, out, printed, remark, unreachable, type Plan, type Tool } from './tool.ts'

const usageLines = ['usage: kafka-transactions.sh [-h] [-v] [--command-config FILE]', '                             --bootstrap-server host:port COMMAND ...']
const mistaken = (says: string) => printed(err(...usageLines, `kafka-transactions.sh: error: ${says}`))

export const transactions: Tool = {
  name: 'kafka-transactions.sh',
  verbs: ['list', 'describe', 'describe-producers', 'abort', 'find-hanging'],
  flags: [
    { name: 'bootstrap-server', takes: 'server' }, { name: 'broker-id', takes: 'broker' }, { name: 'coordinator-epoch', takes: 'number' }, { name: 'help' }, { name: 'max-transaction-timeout', takes: 'number' }, { name: 'partition', takes: 'number' }, { name: 'producer-epoch', takes: 'number' }, { name: 'producer-id', takes: 'number' },
    { name: 'start-offset', takes: 'number' }, { name: 'topic', takes: 'topic' }, { name: 'transactional-id', takes: 'text' },
  ],
  wants: (options) => ({ topics: options.rest[0] === 'find-hanging' && !options.has('topic') ? ['*'] : options.values('topic') }),
  run(options, sight) {
    if (options.has('help')) return printed(out(...usageLines))
    const [verb] = options.rest
    if (verb === undefined) return mistaken('too few arguments')
    if (!options.has('bootstrap-server')) return mistaken('argument --bootstrap-server is required')
    const unreached = unreachable(options, sight)
    if (unreached !== undefined) return unreached
    switch (verb) {
      case 'list': return printed(out(...prettyTable(
        ['TransactionalId', 'Coordinator', 'ProducerId', 'TransactionState'],
        sight.transactions.map(({ id, coordinator, producerId, state }) => [id, String(coordinator), String(producerId), state]),
      )))
      case 'describe': {
        const id = options.value('transactional-id')
        if (id === undefined) return mistaken('argument --transactional-id is required')
        const found = sight.transactions.find((one) => one.id === id)
        if (found === undefined) return printed(err(`Failed to describe transaction state of transactional-id \`${id}\`: DescribeTransactions request for transactionalId \`${id}\` failed because the ID could not be found. Enable debug logging for additional detail.`))
        const { coordinator, producerId, producerEpoch, state, timeoutMs, startedAt, partitions } = found
        const startMs = startedAt === undefined ? undefined : RUN_BEGAN_MS + Math.floor(startedAt / 1_000)
        return printed(out(...prettyTable(
          ['CoordinatorId', 'TransactionalId', 'ProducerId', 'ProducerEpoch', 'TransactionState', 'TransactionTimeoutMs', 'CurrentTransactionStartTimeMs', 'TransactionDurationMs', 'TopicPartitions'],
          [[String(coordinator), id, String(producerId), String(producerEpoch), state, String(timeoutMs), startMs === undefined ? 'None' : String(startMs), startMs === undefined ? 'None' : String(sight.nowMs - startMs), partitions.map((name) => name.replace(/\/(\d+)$/, '-$1')).join(',')]],
        )))
      }
      case 'describe-producers': {
        const topic = options.value('topic'), partition = options.value('partition')
        if (topic === undefined || partition === undefined) return mistaken(`argument --${topic === undefined ? 'topic' : 'partition'} is required`)
        const log = sight.topics.find(({ name }) => name === topic)?.partitions.find(({ index }) => String(index) === partition)?.log
        if (log === undefined) return remark({ code: 'noAnswer' })
        return printed(out(...prettyTable(
          ['ProducerId', 'ProducerEpoch', 'LatestCoordinatorEpoch', 'LastSequence', 'LastTimestamp', 'CurrentTransactionStartOffset'],
          log.producers.map(({ producerId, producerEpoch, coordinatorEpoch, lastSequence, lastTimestamp, openSince }) => [producerId, producerEpoch, coordinatorEpoch, lastSequence, lastTimestamp, openSince ?? 'None'].map(String)),
        )))
      }
      case 'find-hanging': return findHanging(options, sight)
      case 'abort': return abort(options, sight)
      default: return mistaken(`argument COMMAND: invalid choice: '${verb}' (choose from 'list', 'describe', 'describe-producers', 'abort', 'find-hanging')`)
    }
  },
}

/**
 * Open in a partition for longer than any transaction may last, and no coordinator has it: what nobody will ever end.
 * Follows TransactionsCommand.java#FindHangingTransactionsCommand.
 */
function findHanging(options: Options, sight: Sight): Plan {
  const topic = options.value('topic'), partition = options.value('partition'), broker = options.value('broker-id')
  if (topic === undefined && broker === undefined) return mistaken('The `find-hanging` command requires either --topic or --broker-id to limit the scope of the search')
  if (partition !== undefined && topic === undefined) return mistaken('The --partition argument requires --topic to be provided')
  const patienceMs = Number(options.value('max-transaction-timeout') ?? 15) * 60_000
  const rows = sight.topics.filter(({ name }) => topic === undefined || name === topic).flatMap(({ name, partitions }) => partitions
    .filter(({ index, replicas }) => (partition === undefined || String(index) === partition) && (broker === undefined || replicas.includes(Number(broker))))
    .flatMap(({ name: key, index, log }) => (log?.producers ?? []).flatMap(({ producerId, producerEpoch, coordinatorEpoch, openSince, lastTimestamp }) => {
      if (openSince === undefined || sight.nowMs - lastTimestamp <= patienceMs) return []
      const known = sight.transactions.find((one) => one.producerId === producerId)
      if (known !== undefined && known.partitions.includes(key) && known.producerEpoch <= producerEpoch) return []
      return [[name, index, producerId, producerEpoch, coordinatorEpoch, openSince, lastTimestamp, Math.floor((sight.nowMs - lastTimestamp) / 60_000)].map(String)]
    })))
  return printed(out(...prettyTable(['Topic', 'Partition', 'ProducerId', 'ProducerEpoch', 'CoordinatorEpoch', 'StartOffset', 'LastTimestamp', 'Duration(min)'], rows)))
}

/**
 * Past the coordinator: the leader of one partition is told to write an abort marker.
 * Follows TransactionsCommand.java#AbortTransactionCommand.
 */
function abort(options: Options, sight: Sight): Plan {
  const topic = options.value('topic'), partition = options.value('partition')
  if (topic === undefined || partition === undefined) return mistaken(`argument --${topic === undefined ? 'topic' : 'partition'} is required`)
  const offset = options.value('start-offset'), id = options.value('producer-id')
  if (offset === undefined && id === undefined) {
    return printed(err('The transaction to abort must be identified either with --start-offset (for brokers on 3.0 or above) or with --producer-id, --producer-epoch, and --coordinator-epoch (for older brokers)'))
  }
  const found = offset === undefined ? namedProducer(options) : producerAt(sight, topic, partition, Number(offset))
  if (typeof found === 'string') return printed(err(found))
  if (found === undefined) return remark({ code: 'noAnswer' })
  const { producerId, producerEpoch } = found, coordinatorEpoch = Math.max(0, found.coordinatorEpoch)
  const about = `${topic}/${partition}`
  return {
    kind: 'asked', output: [], asks: [{ action: { abortTransaction: { partition: about, producerId, epoch: producerEpoch, coordinatorEpoch } }, api: 'WriteTxnMarkers', about }],
    print: ([answer]) => (answer!.error === 'NONE' ? []
      : err(`Failed to abort transaction AbortTransactionSpec(topicPartition=${topic}-${partition}, producerId=${producerId}, producerEpoch=${producerEpoch}, coordinatorEpoch=${coordinatorEpoch}): ${exceptionOf(answer!).says}. Enable debug logging for additional detail.`)),
  }
}

type Named = Pick<SightProducer, 'producerId' | 'producerEpoch' | 'coordinatorEpoch'>
function namedProducer(options: Options): Named | string {
  const missing = ['producer-epoch', 'coordinator-epoch'].find((name) => !options.has(name))
  if (missing !== undefined) return `Missing required argument --${missing}`
  return { producerId: Number(options.value('producer-id')), producerEpoch: Number(options.value('producer-epoch')), coordinatorEpoch: Number(options.value('coordinator-epoch')) }
}

/** undefined = nobody answers for the partition. */
function producerAt(sight: Sight, topic: string, partition: string, offset: number): Named | string | undefined {
  const log = sight.topics.find(({ name }) => name === topic)?.partitions.find(({ index }) => String(index) === partition)?.log
  if (log === undefined) return undefined
  return log.producers.find(({ openSince }) => openSince === offset) ?? `Could not find any open transactions starting at offset ${offset} on partition ${topic}-${partition}`
}
