/**
 * A cluster as it stands at 00:00: brokers unfenced, k1 the active controller in epoch 1, topics there (leader the first
 * replica, epoch 0, ISR full), their first records replicated and committed, clients idle.
 */
import { newSimulation, type NodeSpec, type Simulation } from '../engine/simulation.ts'
import type { AnyProcessType } from '../engine/process.ts'
import type { Watch } from '../engine/watch.ts'
import { SECOND, type Micros, type NodeId, type Offset } from '../base/units.ts'
import { brokerType } from './broker/broker.ts'
import { directoryId } from './broker/log-directories.ts'
import { nodeName, type BrokerSpec } from './broker/state.ts'
import { adminSlot } from './client/admin/slot.ts'
import type { AdminConfig } from './client/admin/state.ts'
import { consumerType } from './client/consumer/consumer.ts'
import type { ConsumerConfig } from './client/consumer/state.ts'
import { sharePart, typesOfParts } from './parts.ts'
import type { ShareConsumerConfig } from './client/share-consumer/state.ts'
import { producerType } from './client/producer/producer.ts'
import type { ProducerConfig } from './client/producer/state.ts'
import { numberOf, type Overrides } from './config.ts'
import { controllerType } from './controller/controller.ts'
import type { ControllerSpec } from './controller/state.ts'
import { coordinatorPartition, OFFSETS_TOPIC } from './group/coordinator-partition.ts'
import { offsetRecord } from './group/records.ts'
import { newBatch, NO_PRODUCER, stamped, type KafkaRecord, type RecordBatch } from './log/record.ts'
import { newPartition } from './metadata/new-partition.ts'
import { ELR_FEATURE, TRANSACTION_FEATURE, type MetadataEntry, type MetadataRecord } from './metadata/records.ts'
import { TRANSACTION_TOPIC } from './transaction/state.ts'

export interface ClusterSpec {
  readonly seed: number
  readonly hop: Micros
  readonly jitter: Micros
  readonly brokers: readonly { readonly id: NodeId; readonly rack: string | undefined; readonly overrides: Overrides; readonly logDirs?: number; readonly diskBytes?: number }[]
  /** 1, 3 or 5 */
  readonly controllers: number
  /** Of every broker and controller, where they do not say otherwise themselves. */
  readonly overrides: Overrides
  /** Levels that differ from those of a new 4.3 cluster. */
  readonly features?: Readonly<Record<string, number>>
  readonly topics: readonly TopicSpec[]
  readonly producers: readonly ProducerConfig[]
  readonly consumers: readonly ConsumerConfig[]
  /** They need the part of the model that knows share groups. */
  readonly shareConsumers?: readonly ShareConsumerConfig[]
  /** What groups have committed at 00:00, and their configs. */
  readonly groups?: readonly { readonly id: string; readonly committed: Readonly<Record<string, Offset>>; readonly config?: Readonly<Record<string, string>> }[]
  /**
   * `process.roles=broker,controller`: each controller is part of a broker, as far as there are brokers.
   * Simplified: the two go by node ids of their own; in Kafka they share one.
   */
  readonly combined?: boolean
  /** Machines beside the cluster, which are none of Kafka's. */
  readonly beside?: readonly NodeSpec[]
  /** There is an admin client, called so. */
  readonly admin?: string
  /** How long a page stays dirty before a machine writes it to its disk; 30 s unless said. */
  readonly writeBack?: Micros
}
export interface TopicSpec {
  readonly name: string
  /** Replicas of each partition, in assignment order. */
  readonly replicas: readonly (readonly NodeId[])[]
  readonly config: Readonly<Record<string, string>>
  /** By partition; each a batch of its own. */
  readonly records?: readonly (readonly KafkaRecord[])[]
}

/** `vm.dirty_expire_centisecs` of Linux. */
const WRITE_BACK: Micros = 30 * SECOND
const plainTypes = [brokerType, controllerType, producerType, consumerType] as unknown as readonly AnyProcessType[]
export const processTypes = (): readonly AnyProcessType[] => [...plainTypes, ...(adminSlot.isThere() ? [adminSlot().adminType as unknown as AnyProcessType] : []), ...typesOfParts()]

/** Replica i of partition p on the (p + i)-th broker: the placement of a file that names none. */
export const roundRobinPlacement = (brokers: readonly NodeId[], partitions: number, replicationFactor: number): NodeId[][] =>
  Array.from({ length: partitions }, (_, p) => Array.from({ length: replicationFactor }, (_, i) => brokers[(p + i) % brokers.length]!))

export function newCluster(spec: ClusterSpec, watch?: Watch): Simulation {
  const topics = withTransactionTopic(spec, withOffsetsTopic(spec))
  const all = hasShares(spec) ? [...topics, sharePart().topic(spec.brokers.map(({ id }) => id), spec.overrides)] : topics
  const entries = initialMetadata(spec, all)
  const logs = initialLogs(spec, topics)
  const voters = Array.from({ length: spec.controllers }, (_, i) => 101 + i)
  const nodes: NodeSpec[] = [
    ...voters.map((id, i): NodeSpec => {
      const config: ControllerSpec = { id, name: nodeName(id), voters, overrides: spec.overrides, initial: entries }
      const host = spec.combined === true ? spec.brokers[i] : undefined
      return { name: nodeName(id), kind: 'controller', config: Object.freeze(config), running: true, ...(host === undefined ? {} : { host: nodeName(host.id) }) }
    }),
    ...spec.brokers.map(({ id, rack, overrides, logDirs, diskBytes }): NodeSpec => {
      const config: BrokerSpec = { id, name: nodeName(id), rack, overrides: Object.freeze({ ...spec.overrides, ...overrides }), voters, writeBack: spec.writeBack ?? WRITE_BACK,
        ...(logDirs === undefined ? {} : { logDirs }), ...(diskBytes === undefined ? {} : { diskBytes }), ...(hasShares(spec) ? { share: true } : undefined), initial: Object.freeze({ entries, logs }) }
      return { name: nodeName(id), kind: 'broker', config: Object.freeze(config), running: true }
    }),
    ...spec.producers.map((config): NodeSpec => ({ name: config.id, kind: 'producer', config, running: true })),
    ...spec.consumers.map((config): NodeSpec => ({ name: config.id, kind: 'consumer', config, running: true })),
    ...(spec.shareConsumers ?? []).map((config): NodeSpec => ({ name: config.id, kind: 'shareConsumer', config, running: true })),
    ...(spec.admin === undefined ? [] : [adminNode(spec.admin, spec)]),
    ...(spec.beside ?? []),
  ]
  return watch === undefined ? newSimulation(spec.seed, spec.hop, spec.jitter, processTypes(), nodes) : newSimulation(spec.seed, spec.hop, spec.jitter, processTypes(), nodes, watch)
}

function adminNode(name: string, { brokers }: ClusterSpec): NodeSpec {
  const config: AdminConfig = Object.freeze({ id: name, bootstrap: Object.freeze(brokers.map(({ id }) => nodeName(id))) })
  return { name, kind: 'admin', config, running: true }
}

/** Follows group-coordinator/.../GroupCoordinatorService.java#groupMetadataTopicConfigs: `offsets.topic.segment.bytes` = 100 MB. */
const OFFSETS_CONFIG: Readonly<Record<string, string>> = Object.freeze({ 'cleanup.policy': 'compact', 'compression.type': 'producer', 'segment.bytes': '104857600' })

/** `__consumer_offsets` is there where somebody needs it, with Kafka's own numbers. */
function withOffsetsTopic(spec: ClusterSpec): readonly TopicSpec[] {
  if ((spec.consumers.length === 0 && !hasShares(spec) && !spec.producers.some(({ reads }) => reads !== undefined) && (spec.groups ?? []).every(({ committed }) => Object.keys(committed).length === 0)) || spec.topics.some(({ name }) => name === OFFSETS_TOPIC)) return spec.topics
  const partitions = numberOf('broker', spec.overrides, 'offsets.topic.num.partitions')
  const factor = Math.min(spec.brokers.length, numberOf('broker', spec.overrides, 'offsets.topic.replication.factor'))
  return [...spec.topics, { name: OFFSETS_TOPIC, replicas: roundRobinPlacement(spec.brokers.map(({ id }) => id), partitions, factor), config: OFFSETS_CONFIG }]
}

const hasShares = ({ shareConsumers = [] }: ClusterSpec): boolean => shareConsumers.length > 0

/** Follows core/.../coordinator/transaction/TransactionStateManager.scala#transactionTopicConfigs. */
function withTransactionTopic(spec: ClusterSpec, topics: readonly TopicSpec[]): readonly TopicSpec[] {
  const needed = spec.producers.some(({ transactional, configs }) => transactional === true || configs['transactional.id'] !== undefined)
  if (!needed || topics.some(({ name }) => name === TRANSACTION_TOPIC)) return topics
  const partitions = numberOf('broker', spec.overrides, 'transaction.state.log.num.partitions')
  const factor = Math.min(spec.brokers.length, numberOf('broker', spec.overrides, 'transaction.state.log.replication.factor'))
  const minIsr = Math.min(factor, numberOf('broker', spec.overrides, 'transaction.state.log.min.isr'))
  const config = Object.freeze({
    'cleanup.policy': 'compact', 'compression.type': 'uncompressed', 'segment.bytes': '104857600', 'unclean.leader.election.enable': 'false', 'min.insync.replicas': String(minIsr),
  })
  return [...topics, { name: TRANSACTION_TOPIC, replicas: roundRobinPlacement(spec.brokers.map(({ id }) => id), partitions, factor), config }]
}

function initialMetadata(spec: ClusterSpec, topics: readonly TopicSpec[]): readonly MetadataEntry[] {
  const records: MetadataRecord[] = [{ type: 'LeaderChangeMessage', leaderId: 101 }, ...bootstrapRecords(spec)]
  for (const { id, rack, logDirs = 1 } of spec.brokers) {
    const directories = Object.freeze(Array.from({ length: logDirs }, (_, dir) => directoryId(nodeName(id), dir)))
    records.push({ type: 'RegisterBrokerRecord', brokerId: id, name: nodeName(id), incarnationId: `${nodeName(id)}-1`, rack, brokerEpoch: records.length, fenced: false, inControlledShutdown: false, logDirs: directories })
  }
  const placed = newPlacements(spec)
  for (const { id, config = {} } of spec.groups ?? []) for (const [key, value] of Object.entries(config)) records.push({ type: 'ConfigRecord', resource: 'group', name: id, key, value })
  for (const { name, replicas, config } of topics) {
    records.push({ type: 'TopicRecord', name })
    for (const [key, value] of Object.entries(config)) records.push({ type: 'ConfigRecord', resource: 'topic', name, key, value })
    replicas.forEach((ids, index) => {
      records.push(newPartition(name, index, Object.freeze(ids.slice()), undefined, placed(ids)))
    })
  }
  return Object.freeze(records.map((record, offset) => Object.freeze({ offset, epoch: 1, record: Object.freeze(record) })))
}

/** Each broker has put its logs, in their order, where the fewest lay. undefined: nobody had a choice. */
function newPlacements({ brokers }: ClusterSpec): (replicas: readonly NodeId[]) => readonly string[] | undefined {
  const counts = new Map(brokers.map(({ id, logDirs = 1 }) => [id, Array.from({ length: logDirs }, () => 0)]))
  return (replicas) => {
    const directories = replicas.map((id) => {
      const logs = counts.get(id)!
      const dir = logs.indexOf(Math.min(...logs))
      logs[dir]!++
      return directoryId(nodeName(id), dir)
    })
    return replicas.every((id) => counts.get(id)!.length === 1) ? undefined : Object.freeze(directories)
  }
}

/**
 * What a new cluster writes down first. With Eligible Leader Replicas the minimum of in-sync replicas is the cluster's, so
 * that all mean the same by it. Follows metadata/.../controller/ActivationRecordsGenerator.java. CTL-6.
 */
function bootstrapRecords({ features = {}, overrides }: ClusterSpec): readonly MetadataRecord[] {
  const level = features[ELR_FEATURE] ?? 1
  const transactions = features[TRANSACTION_FEATURE]
  const older: readonly MetadataRecord[] = transactions === undefined ? [] : [{ type: 'FeatureLevelRecord', name: TRANSACTION_FEATURE, level: transactions }]
  if (level === 0) return older
  const minIsr = String(numberOf('broker', overrides, 'min.insync.replicas'))
  return [...older, { type: 'FeatureLevelRecord', name: ELR_FEATURE, level }, { type: 'ConfigRecord', resource: 'broker', name: '', key: 'min.insync.replicas', value: minIsr }]
}

function initialLogs({ groups = [] }: ClusterSpec, topics: readonly TopicSpec[]): ReadonlyMap<string, readonly RecordBatch[]> {
  const logs = new Map<string, readonly RecordBatch[]>()
  for (const { name, records } of topics) {
    records?.forEach((list, index) => {
      if (list.length > 0) logs.set(`${name}/${index}`, Object.freeze(list.map((record, offset) => stamped(newBatch([record], 'scenario', NO_PRODUCER), offset, 0))))
    })
  }
  const count = topics.find(({ name }) => name === OFFSETS_TOPIC)?.replicas.length ?? 0
  for (const { id, committed } of count === 0 ? [] : groups) {
    const partition = coordinatorPartition(id, count)
    const before = logs.get(partition) ?? []
    const records = Object.entries(committed).map(([of, offset]) => offsetRecord(id, of, offset, -1, 0))
    logs.set(partition, Object.freeze([...before, ...records.map((record, i) => stamped(newBatch([record], 'scenario', NO_PRODUCER), before.length + i, 0))]))
  }
  return Object.freeze(logs)
}
