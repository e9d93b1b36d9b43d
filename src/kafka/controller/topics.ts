/**
 * Topics come, grow and go. Follows metadata/.../controller/ReplicationControlManager.java#createTopic, #createPartitions,
 * #deleteTopic and #validateManualPartitionAssignment. CTL-30 to CTL-34.
 */
import { below } from '../../base/random.ts'
import type { NodeId } from '../../base/units.ts'
import { numberOf } from '../config.ts'
import type { KafkaError } from '../errors.ts'
import { newPartition } from '../metadata/new-partition.ts'
import type { MetadataRecord } from '../metadata/records.ts'
import type { CreatePartitionsRequest, CreateTopicsRequest, DeleteTopicsRequest, Verdict } from '../protocol/admin.ts'
import { isActive } from './active.ts'
import { isValidTopicConfig } from './configs.ts'
import { defaultDirectories } from './directories.ts'
import { placeReplicas } from './placement.ts'
import type { Controller, ControllerContext } from './state.ts'
import { write } from './write.ts'

type Assignments = readonly (readonly NodeId[])[]

export function createTopic(controller: Controller, request: CreateTopicsRequest, ctx: ControllerContext): Verdict {
  const { topic, configs } = request
  if (!isTopicName(topic)) return 'INVALID_TOPIC_EXCEPTION'
  if (controller.image.topics.has(topic)) return 'TOPIC_ALREADY_EXISTS'
  const other = collidingWith(topic, controller.image.topics.keys())
  if (other !== undefined) return { error: 'INVALID_TOPIC_EXCEPTION', message: `Topic '${topic}' collides with existing topic: ${other}` }
  if (!Object.entries(configs).every(([key, value]) => isValidTopicConfig(key, value))) return 'INVALID_CONFIG'
  const assigned = request.assignments === undefined ? placed(controller, request, ctx) : checked(controller, request.assignments)
  if (typeof assigned === 'string') return assigned
  const partitions = newPartitions(controller, topic, 0, assigned)
  if (partitions === undefined) return request.assignments === undefined ? 'INVALID_REPLICATION_FACTOR' : 'INVALID_REPLICA_ASSIGNMENT'
  const records: readonly MetadataRecord[] = [
    { type: 'TopicRecord', name: topic },
    ...Object.entries(configs).map(([key, value]): MetadataRecord => ({ type: 'ConfigRecord', resource: 'topic', name: topic, key, value })),
    ...partitions,
  ]
  ctx.note({ code: 'topic.created', topic, partitions: assigned.length, replicationFactor: assigned[0]!.length })
  write(controller, records.map((record) => Object.freeze(record)), { isr: 'caughtUp', election: 'clean' }, ctx)
  return 'NONE'
}

/** As org.apache.kafka.common.internals.Topic#validate. */
const isTopicName = (name: string): boolean => /^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..'

/** Metrics have `_` for `.`: two topics that differ by no more would be one there. As Topic#hasCollision. */
function collidingWith(topic: string, others: Iterable<string>): string | undefined {
  const unified = (name: string): string => name.replaceAll('.', '_')
  if (!/[._]/.test(topic)) return undefined
  for (const other of others) if (unified(other) === unified(topic)) return other
  return undefined
}

function placed(controller: Controller, { numPartitions, replicationFactor }: CreateTopicsRequest, ctx: ControllerContext): Assignments | KafkaError {
  if (numPartitions === 0 || numPartitions < -1) return 'INVALID_PARTITIONS'
  if (replicationFactor === 0 || replicationFactor < -1) return 'INVALID_REPLICATION_FACTOR'
  const count = numPartitions === -1 ? defaultOf(controller, 'num.partitions') : numPartitions
  const factor = replicationFactor === -1 ? defaultOf(controller, 'default.replication.factor') : replicationFactor
  return place(controller, count, factor, ctx)
}
const defaultOf = ({ spec }: Controller, name: string): number => numberOf('broker', spec.overrides, name)

/** BrokerHeartbeatManager#usableBrokers: whoever is registered and is not shutting down. Fenced at the end of that, a broker leaves it (#touch). */
function place({ image }: Controller, count: number, factor: number, ctx: ControllerContext): Assignments | KafkaError {
  const usable = [...image.brokers.values()].filter(({ fenced, inControlledShutdown }) => fenced || !inControlledShutdown)
  return placeReplicas(usable, count, factor, (bound) => below(ctx.random('replica placement'), bound))
}

/** An assignment of the caller's own: known brokers, nobody twice, as many replicas everywhere. */
export function checked({ image }: Controller, assignments: Assignments, factor = assignments[0]?.length ?? 0): Assignments | KafkaError {
  const isFine = factor > 0 && assignments.every(
    (replicas) => replicas.length === factor && new Set(replicas).size === factor && replicas.every((id) => image.brokers.has(id)),
  )
  return isFine ? assignments : 'INVALID_REPLICA_ASSIGNMENT'
}

/** Whoever is alive is in sync, and the first of them leads; undefined where nobody is. */
function newPartitions(controller: Controller, topic: string, first: number, assigned: Assignments): readonly MetadataRecord[] | undefined {
  const records: MetadataRecord[] = []
  for (const [i, replicas] of assigned.entries()) {
    const isr = replicas.filter((id) => isActive(controller, id))
    if (isr.length === 0) return undefined
    records.push(newPartition(topic, first + i, Object.freeze(replicas.slice()), Object.freeze(isr), defaultDirectories(controller, replicas)))
  }
  return records
}

/** Partitions only grow in number; what lies in the old ones stays there. */
export function createPartitions(controller: Controller, request: CreatePartitionsRequest, ctx: ControllerContext): KafkaError {
  const { topic, count, assignments } = request
  const known = controller.image.topics.get(topic)
  if (known === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
  const from = known.partitions.length
  if (count <= from) return 'INVALID_PARTITIONS'
  if (assignments !== undefined && assignments.length !== count - from) return 'INVALID_REPLICA_ASSIGNMENT'
  const factor = controller.image.partitions.get(`${topic}/0`)!.replicas.length
  const assigned = assignments === undefined ? place(controller, count - from, factor, ctx) : checked(controller, assignments, factor)
  if (typeof assigned === 'string') return assigned
  const records = newPartitions(controller, topic, from, assigned)
  if (records === undefined) return assignments === undefined ? 'INVALID_REPLICATION_FACTOR' : 'INVALID_REPLICA_ASSIGNMENT'
  ctx.note({ code: 'partitions.added', topic, from, to: count })
  write(controller, records.map((record) => Object.freeze(record)), { isr: 'caughtUp', election: 'clean' }, ctx)
  return 'NONE'
}

export function deleteTopic(controller: Controller, { topic }: DeleteTopicsRequest, ctx: ControllerContext): KafkaError {
  if (!controller.image.topics.has(topic)) return 'UNKNOWN_TOPIC_OR_PARTITION'
  ctx.note({ code: 'topic.deleted', topic })
  write(controller, [Object.freeze({ type: 'RemoveTopicRecord', topic })], { isr: 'caughtUp', election: 'clean' }, ctx)
  return 'NONE'
}
