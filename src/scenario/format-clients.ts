/** Clients and apps of a file. */
import * as v from 'valibot'
import {
  config, count, duration, exactlyOne, keywords, list, mapping, name, nodeName, notNegative, oneOfKeys, optional, partitionName, topicName,
} from './format-parts.ts'

const common =
  { id: name, library: optional(v.picklist(['java', 'librdkafka'])), bootstrap: optional(list(nodeName)), config: optional(config) }
const handler = { processMs: optional(notNegative), onPoison: optional(v.picklist(['fail', 'skip', 'retry', 'dead'])) }
/** Not Kafka's: the application drops what has other keys. */
const filter = optional(mapping({ keys: v.string() }))
const polls = optional(v.picklist(['loop', 'manual']))

const producer = v.pipe(
  mapping({
    ...common, topic: topicName, rate: optional(v.pipe(v.string(), v.regex(/^[0-9]+\/(s|m|h)$/, 'rule:rate'))),
    keys: optional(list(v.string())), bytes: optional(count(0)),
    partitioner: optional(list(mapping({ keys: v.string(), to: list(count(0)) }))),
  }),
  v.check((each) => !('keys' in each) || 'rate' in each, 'rule:keys'), keywords({ dependentRequired: { keys: ['rate'] } }),
)

const reading = [['topic', 'group'], ['topics', 'group'], ['assign']] as const
const consumer = v.pipe(
  mapping({
    ...common, topic: optional(topicName), topics: optional(list(topicName)), group: optional(name), ...handler,
    assign: optional(list(partitionName)), commits: optional(v.picklist(['auto', 'before', 'after', 'afterAsync', 'manual'])),
    threads: optional(v.boolean()), filter,
    polls, retry: optional(mapping({ ladder: optional(list(mapping({ topic: topicName, after: duration }))), dead: topicName })),
  }),
  v.check((each) => exactlyOne(each, ...reading), 'rule:reads'), keywords(oneOfKeys(...reading)),
)

const shareConsumer = mapping({
  ...common, topic: topicName, topics: optional(list(topicName)), group: name, ...handler, polls,
  ackMode: optional(v.picklist(['implicit', 'explicit'])),
  answers: optional(list(mapping({ partition: partitionName, offset: count(0), as: v.picklist(['accept', 'release', 'reject']) }))),
})

const transactional = v.pipe(
  mapping({
    ...common, topic: topicName, topics: optional(list(topicName)), group: optional(name), ...handler, writes: optional(topicName),
    batch: optional(count(1)), filter,
  }),
  v.check((each) => !('writes' in each) || 'group' in each, 'rule:writes'), v.check((each) => !('filter' in each) || 'group' in each, 'rule:filter'),
  keywords({ dependentRequired: { writes: ['group'], filter: ['group'] } }),
)

export const clients = mapping({
  producers: optional(list(producer)), consumers: optional(list(consumer)), shareConsumers: optional(list(shareConsumer)),
  transactional: optional(list(transactional)),
})

export const app = v.pipe(
  mapping({
    id: name, reads: optional(topicName), of: optional(list(name)), group: optional(name),
    isolation: optional(v.picklist(['read_uncommitted', 'read_committed'])), identity: optional(v.picklist(['key', 'value', 'offset'])),
    dedupe: optional(v.boolean()), processMs: optional(notNegative), effect: optional(v.picklist(['row', 'email'])),
  }),
  v.check((each) => exactlyOne(each, ['reads'], ['of']), 'rule:app'), keywords(oneOfKeys(['reads'], ['of'])),
  // Its clients say in which group they read, and how.
  v.check((each) => ('of' in each ? !('group' in each || 'isolation' in each) : !('effect' in each)), 'rule:effect'), keywords({ dependentRequired: { effect: ['of'], group: ['reads'], isolation: ['reads'] } }),
)

/** What is not Kafka, to compare it with. */
export const toy = v.pipe(mapping({
  id: name, kind: v.picklist(['pushBroker', 'queue']), senders: list(mapping({ id: name, rate: v.pipe(v.string(), v.regex(/^[1-9][0-9]*\/(s|m|h)$/, 'rule:rate')) })),
  readers: list(mapping({ id: name, processMs: optional(notNegative), inbox: count(1, 20) })), whenFull: optional(v.picklist(['drop', 'block'])),
}), v.check((each) => (each.kind === 'queue') !== 'whenFull' in each, 'rule:whenFull'), keywords({ oneOf: [{ required: ['whenFull'] }, { properties: { kind: { const: 'queue' } } }] }))
