/**
 * The cluster's state as the metadata log tells it up to some offset. Controllers and brokers hold one each; they differ
 * only in how far they have read. Its entries are frozen and replaced, never changed.
 */
import type { Epoch, NodeId, Offset } from '../../base/units.ts'
import { known } from '../../base/assert.ts'
import { TRANSACTION_FEATURE, type MetadataEntry, type MetadataRecord, type PartitionState } from './records.ts'

export interface BrokerRegistration {
  readonly id: NodeId; readonly name: string; readonly rack: string | undefined; readonly incarnationId: string
  readonly epoch: Epoch
  /** Offset of its newest registration record. */
  readonly registeredAt: Offset
  readonly fenced: boolean; readonly inControlledShutdown: boolean
  /** Ids of its log directories that work. */
  readonly directories: readonly string[]
}
export interface PartitionRegistration extends PartitionState {
  readonly partition: string; readonly topic: string; readonly index: number
  readonly leaderEpoch: Epoch; readonly partitionEpoch: Epoch
}
export interface TopicImage { readonly name: string; readonly partitions: readonly string[]; readonly config: Readonly<Record<string, string>> }

export interface MetadataImage {
  /** Everything before this offset is in here. */
  endOffset: Offset
  brokers: Map<NodeId, BrokerRegistration>
  topics: Map<string, TopicImage>
  partitions: Map<string, PartitionRegistration>
  /** Finalized levels, by feature. */
  features: Map<string, number>
  /** Configs of brokers that the metadata log holds: of all by their names, of one by `b1/name`. */
  brokerConfig: Map<string, string>
  /** Configs of groups, by `jobs/share.auto.offset.reset`; left out while there are none. */
  groupConfig?: Map<string, string>
  /** The first producer id that no broker has been given; left out while none has any. */
  nextProducerId?: number
}

export const emptyImage = (): MetadataImage => ({ endOffset: 0, brokers: new Map(), topics: new Map(), partitions: new Map(), features: new Map(), brokerConfig: new Map() })
export const copyImage = (image: MetadataImage): MetadataImage => ({
  endOffset: image.endOffset, brokers: new Map(image.brokers), topics: new Map(image.topics), partitions: new Map(image.partitions),
  features: new Map(image.features), brokerConfig: new Map(image.brokerConfig),
  ...(image.groupConfig === undefined ? undefined : { groupConfig: new Map(image.groupConfig) }),
  ...(image.nextProducerId === undefined ? undefined : { nextProducerId: image.nextProducerId }),
})

/** Simplified: a new cluster does not write down the level that it has anyway. */
export const transactionVersionOf = ({ features }: MetadataImage): 1 | 2 => (features.get(TRANSACTION_FEATURE) === 1 ? 1 : 2)

/** Changes, and decides nothing. */
export function replay(image: MetadataImage, { offset, record }: Pick<MetadataEntry, 'offset' | 'record'>): void {
  image.endOffset = offset + 1
  switch (record.type) {
    case 'LeaderChangeMessage': return
    case 'RegisterBrokerRecord': {
      const { brokerId: id, name, rack, incarnationId, brokerEpoch: epoch, fenced, inControlledShutdown, logDirs: directories } = record
      image.brokers.set(id, Object.freeze({ id, name, rack, incarnationId, epoch, registeredAt: offset, fenced, inControlledShutdown, directories }))
      return
    }
    case 'BrokerRegistrationChangeRecord': return changeBroker(image, record)
    case 'TopicRecord':
      image.topics.set(record.name, Object.freeze({ name: record.name, partitions: Object.freeze([]), config: Object.freeze({}) }))
      return
    case 'RemoveTopicRecord':
      for (const partition of known(image.topics.get(record.topic), record.topic).partitions) image.partitions.delete(partition)
      image.topics.delete(record.topic)
      return
    case 'FeatureLevelRecord':
      image.features.set(record.name, record.level)
      return
    case 'ConfigRecord':
      if (record.resource === 'group') {
        image.groupConfig ??= new Map()
        setConfig(image.groupConfig, `${record.name}/${record.key}`, record.value)
      } else if (record.resource === 'topic') changeTopicConfig(image, record)
      else setConfig(image.brokerConfig, brokerConfigKey(record.name, record.key), record.value)
      return
    case 'PartitionRecord': {
      const { type: _, ...registration } = record
      const topic = known(image.topics.get(record.topic), record.topic)
      image.topics.set(record.topic, Object.freeze({ ...topic, partitions: Object.freeze([...topic.partitions, record.partition]) }))
      image.partitions.set(record.partition, Object.freeze(registration))
      return
    }
    case 'PartitionChangeRecord': return changePartition(image, record)
    case 'ClearElrRecord': return clearElr(image, record.topic)
    case 'ProducerIdsRecord':
      image.nextProducerId = record.nextProducerId
      return
  }
}

type ConfigRecord = Extract<MetadataRecord, { type: 'ConfigRecord' }>
function changeTopicConfig(image: MetadataImage, { name, key, value }: ConfigRecord): void {
  const topic = known(image.topics.get(name), name)
  const config: Record<string, string> = { ...topic.config }
  if (value === undefined) delete config[key]
  else config[key] = value
  image.topics.set(name, Object.freeze({ ...topic, config: Object.freeze(config) }))
}
export const brokerConfigKey = (broker: string, key: string): string => (broker === '' ? key : `${broker}/${key}`)
function setConfig(configs: Map<string, string>, key: string, value: string | undefined): void {
  if (value === undefined) configs.delete(key)
  else configs.set(key, value)
}

/** What the metadata log sets for this broker: its own goes before that of all. */
export function dynamicConfig({ brokerConfig }: MetadataImage, broker: string): Readonly<Record<string, string>> {
  const all: Record<string, string> = {}, own: Record<string, string> = {}
  for (const [name, value] of brokerConfig) {
    const slash = name.indexOf('/')
    if (slash < 0) all[name] = value
    else if (name.slice(0, slash) === broker) own[name.slice(slash + 1)] = value
  }
  return { ...all, ...own }
}

function changeBroker(image: MetadataImage, record: Extract<MetadataRecord, { type: 'BrokerRegistrationChangeRecord' }>): void {
  const broker = known(image.brokers.get(record.brokerId), `broker ${record.brokerId}`)
  image.brokers.set(broker.id, Object.freeze({
    ...broker, fenced: record.fenced ?? broker.fenced, inControlledShutdown: record.inControlledShutdown ?? broker.inControlledShutdown,
    directories: record.logDirs ?? broker.directories,
  }))
}

/** The partition epoch rises with every record, the leader epoch only when the record names a leader (CTL-2). */
function changePartition(image: MetadataImage, record: Extract<MetadataRecord, { type: 'PartitionChangeRecord' }>): void {
  const partition = known(image.partitions.get(record.partition), record.partition)
  image.partitions.set(partition.partition, Object.freeze({
    ...partition, isr: record.isr ?? partition.isr, leader: record.leader ?? partition.leader,
    elr: record.elr ?? partition.elr, lastKnownElr: record.lastKnownElr ?? partition.lastKnownElr,
    replicas: record.replicas ?? partition.replicas, adding: record.adding ?? partition.adding, removing: record.removing ?? partition.removing,
    leaderRecoveryState: record.leaderRecoveryState ?? partition.leaderRecoveryState,
    ...(record.directories === undefined ? {} : { directories: record.directories }),
    leaderEpoch: partition.leaderEpoch + (record.leader === undefined ? 0 : 1), partitionEpoch: partition.partitionEpoch + 1,
  }))
}

/** A change of its own for each partition that has somebody there. Follows metadata/.../image/TopicDelta.java#maybeClearElr. */
function clearElr(image: MetadataImage, topic: string): void {
  const partitions = topic === '' ? [...image.partitions.keys()] : known(image.topics.get(topic), topic).partitions
  for (const partition of partitions) {
    const before = image.partitions.get(partition)!
    if (before.elr.length === 0 && before.lastKnownElr.length === 0) continue
    image.partitions.set(partition, Object.freeze({ ...before, elr: NOBODY, lastKnownElr: NOBODY, partitionEpoch: before.partitionEpoch + 1 }))
  }
}
const NOBODY: readonly NodeId[] = Object.freeze([])
