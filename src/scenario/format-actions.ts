/** Actions: what an item of `do` may say. Exactly one action key, and beside it when, and under which name. */
import * as v from 'valibot'
import {
  config, count, duration, exactlyOne, keywords, list, mapping, name, nodeName, offsets, oneOfKeys, optional, partitionName, record,
  replicas,
  signedDuration, slug, statement, target, targets, text, topicName,
} from './format-parts.ts'

const timed = mapping({ target: targets, for: optional(duration) })
const link = mapping({
  from: targets, to: targets, direction: optional(v.picklist(['both', 'oneway'])),
  traffic: optional(v.picklist(['all', 'replication', 'controller', 'clients'])), reset: optional(v.boolean()),
})
const tampered = {
  from: target, to: target, api: v.pipe(v.string(), v.regex(/^[A-Z][A-Za-z]+$/, 'rule:api')), part: v.picklist(['request', 'response']),
  times: optional(count(1)), close: optional(v.boolean()),
}
const tamper = mapping({ ...tampered, by: optional(duration) })
const disk = mapping({ target, dir: optional(count(0)) })

const slow = v.pipe(
  mapping({
    from: optional(targets), to: optional(targets), disk: optional(targets), requests: optional(targets), handler: optional(targets),
    add: duration,
  }),
  v.check((each) => exactlyOne(each, ['from', 'to'], ['disk'], ['requests'], ['handler']), 'rule:slow'),
  keywords(oneOfKeys(['from', 'to'], ['disk'], ['requests'], ['handler'])),
)
const damage = v.pipe(
  mapping({ target: nodeName, partition: partitionName, cutBytes: optional(count(1)), flipAt: optional(count(0)) }),
  v.check((each) => exactlyOne(each, ['cutBytes'], ['flipAt']), 'rule:damage'), keywords(oneOfKeys(['cutBytes'], ['flipAt'])),
)
const configKinds = [['topic'], ['broker'], ['cluster'], ['group'], ['client']] as const
const configChange = v.pipe(
  mapping({
    topic: optional(topicName), broker: optional(nodeName), cluster: optional(v.literal(true)), group: optional(name),
    client: optional(name),
    set: optional(config), unset: optional(list(v.string())),
  }),
  v.check((each) => exactlyOne(each, ...configKinds), 'rule:configTarget'),
  v.check((each) => 'set' in each || 'unset' in each, 'rule:configSet'),
  keywords({ allOf: [oneOfKeys(...configKinds), { anyOf: [{ required: ['set'] }, { required: ['unset'] }] }] }),
)
const createTopic = v.pipe(
  mapping({
    name: topicName, partitions: optional(count(1, 5_000)), replicationFactor: optional(count(1)), replicas: optional(replicas),
    config: optional(config),
  }),
  v.check((each) => 'partitions' in each || 'replicas' in each, 'rule:createTopic'),
  v.check((each) => !('replicationFactor' in each && 'replicas' in each), 'S017'),
  keywords({ anyOf: [{ required: ['partitions'] }, { required: ['replicas'] }], not: { required: ['replicationFactor', 'replicas'] } }),
)
const reassign = v.pipe(
  mapping({
    partition: partitionName, to: optional(list(nodeName)), cancel: optional(v.literal(true)), verify: optional(v.literal(true)),
    throttle: optional(v.pipe(v.string(), v.regex(/^[0-9]+(\.[0-9]+)?(B|kB|MB)\/s$/, 'rule:throttle'))),
  }),
  v.check((each) => exactlyOne(each, ['to'], ['cancel'], ['verify']), 'rule:reassign'), keywords(oneOfKeys(['to'], ['cancel'], ['verify'])),
)
const produce = v.pipe(
  mapping({
    by: name, topic: optional(topicName), records: optional(list(record)), count: optional(count(1)), each: optional(record),
    await: optional(v.boolean()),
  }),
  v.check((each) => exactlyOne(each, ['records'], ['count']), 'rule:produce'),
  v.check((each) => !('each' in each) || 'count' in each, 'rule:each'),
  keywords({ ...oneOfKeys(['records'], ['count']), dependentRequired: { each: ['count'] } }),
)

/** KafkaConsumer.pause() and resume(); `pause` and `resume` freeze a machine. */
const onPartitions = mapping({ by: name, partitions: list(partitionName) })

const resetOffsets = v.pipe(
  mapping({ group: name, topic: optional(topicName), to: optional(v.union([count(0), v.picklist(['earliest', 'latest']), duration])), offsets: optional(offsets) }),
  v.check((each) => exactlyOne(each, ['topic', 'to'], ['offsets']), 'rule:resetOffsets'), keywords(oneOfKeys(['topic', 'to'], ['offsets'])),
)

/** Every action, in the order of the documentation. */
export const actions = {
  start: targets, stop: targets, crash: targets, restart: targets, pause: timed, resume: targets, powerLoss: targets, stallFetch: timed,
  clock: mapping({ target: targets, add: signedDuration }),
  cut: link, heal: v.union([v.literal('all'), link]), slow,
  dropNext: tamper, delayNext: mapping({ ...tampered, by: duration }), duplicateNext: tamper,
  fillDisk: disk, freeDisk: disk, failDisk: disk, damage,
  config: configChange, createTopic, deleteTopic: topicName,
  addPartitions: mapping({ topic: topicName, to: count(1, 5_000), replicas: optional(replicas) }),
  reassign, electLeader: mapping({ partition: partitionName, type: v.picklist(['preferred', 'unclean']) }),
  deleteRecords: mapping({ partition: partitionName, before: v.union([count(0), v.literal('hw')]) }),
  abortTransaction: mapping({ partition: partitionName, producerId: count(0), epoch: count(0, 32_767), coordinatorEpoch: optional(count(0)) }),
  resetOffsets, deleteGroup: name, deleteOffsets: mapping({ group: name, partitions: list(partitionName) }),
  resetShareOffsets: mapping({ group: name, offsets }), deleteShareOffsets: mapping({ group: name, partitions: list(partitionName) }),
  produce, flush: targets, poll: targets,
  seek: mapping({
    by: name, partition: partitionName, to: v.union([count(0), v.picklist(['earliest', 'latest'])]), withEpoch: optional(v.boolean()),
  }),
  commit: mapping({ by: name, offsets: optional(offsets), async: optional(v.boolean()) }), pausePartitions: onPartitions, resumePartitions: onPartitions,
  acknowledge: mapping({
    by: name, partition: partitionName, offset: count(0), as: v.picklist(['accept', 'release', 'reject', 'renew']),
  }),
  begin: targets, commitTxn: targets, abortTxn: targets,
  rawProduce: mapping({
    to: target, partition: partitionName, acks: optional(v.picklist([0, 1, 'all'])), producerId: optional(count(0)),
    epoch: optional(count(0)),
    baseSequence: optional(count(0)), records: list(record),
  }),
  ask: mapping({ say: text, until: statement }),
} as const

export type ActionName = keyof typeof actions
export const actionNames = Object.keys(actions) as readonly ActionName[]
export const actionOf = (item: object): ActionName | undefined => actionNames.find((each) => each in item)

const optionalActions = Object.fromEntries(Object.entries(actions).map(([key, schema]) => [key, optional(schema)])) as {
  readonly [A in ActionName]: v.ExactOptionalSchema<(typeof actions)[A], undefined>
}

export const action = v.pipe(
  mapping({ at: optional(duration), when: optional(statement), within: optional(duration), as: optional(slug), ...optionalActions }),
  v.check((each) => actionNames.filter((key) => key in each).length === 1, 'S011'),
  v.check((each) => !('at' in each && 'when' in each) && !('within' in each && !('when' in each)), 'S012'),
  keywords({
    ...oneOfKeys(...actionNames.map((key) => [key])), dependentRequired: { within: ['when'] }, not: { required: ['at', 'when'] },
  }),
)
