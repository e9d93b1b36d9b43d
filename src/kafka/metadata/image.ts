/**
 * The cluster's state as the metadata log tells it up to some offset. Controllers and brokers hold one each; they differ
 * only in how far they have read. Its entries are frozen and replaced, never changed.
 */
import type { Epoch, NodeId, Offset } from '../../base/units.ts'
import { known } from '../../base/assert.ts'
import type { MetadataEntry, MetadataRecord } from './records.ts'

export interface BrokerRegistration {
  readonly id: NodeId; readonly name: string; readonly rack: string | undefined; readonly incarnationId: string
  /** Offset of its registration record. */
  readonly epoch: Epoch
  readonly fenced: boolean; readonly inControlledShutdown: boolean
}
export interface PartitionRegistration {
  readonly partition: string; readonly topic: string; readonly index: number
  /** In assignment order: the first is the preferred leader. */
  readonly replicas: readonly NodeId[]; readonly isr: readonly NodeId[]
  readonly leader: NodeId; readonly leaderEpoch: Epoch; readonly partitionEpoch: Epoch
}
export interface TopicImage { readonly name: string; readonly partitions: readonly string[]; readonly config: Readonly<Record<string, string>> }

export interface MetadataImage {
  /** Everything before this offset is in here. */
  endOffset: Offset
  brokers: Map<NodeId, BrokerRegistration>
  topics: Map<string, TopicImage>
  partitions: Map<string, PartitionRegistration>
}

export const emptyImage = (): MetadataImage => ({ endOffset: 0, brokers: new Map(), topics: new Map(), partitions: new Map() })
export const copyImage = (image: MetadataImage): MetadataImage => ({
  endOffset: image.endOffset, brokers: new Map(image.brokers), topics: new Map(image.topics), partitions: new Map(image.partitions),
})

/** Changes, and decides nothing. */
export function replay(image: MetadataImage, { offset, record }: Pick<MetadataEntry, 'offset' | 'record'>): void {
  image.endOffset = offset + 1
  switch (record.type) {
    case 'LeaderChangeMessage': return
    case 'RegisterBrokerRecord': {
      const { brokerId: id, name, rack, incarnationId, fenced } = record
      image.brokers.set(id, Object.freeze({ id, name, rack, incarnationId, epoch: offset, fenced, inControlledShutdown: false }))
      return
    }
    case 'BrokerRegistrationChangeRecord': return changeBroker(image, record)
    case 'TopicRecord':
      image.topics.set(record.name, Object.freeze({ name: record.name, partitions: Object.freeze([]), config: Object.freeze({}) }))
      return
    case 'ConfigRecord': {
      const topic = known(image.topics.get(record.name), record.name)
      const config: Record<string, string> = { ...topic.config }
      if (record.value === undefined) delete config[record.key]
      else config[record.key] = record.value
      image.topics.set(record.name, Object.freeze({ ...topic, config: Object.freeze(config) }))
      return
    }
    case 'PartitionRecord': {
      const { type: _, ...registration } = record
      const topic = known(image.topics.get(record.topic), record.topic)
      image.topics.set(record.topic, Object.freeze({ ...topic, partitions: Object.freeze([...topic.partitions, record.partition]) }))
      image.partitions.set(record.partition, Object.freeze(registration))
      return
    }
    case 'PartitionChangeRecord': return changePartition(image, record)
  }
}

function changeBroker(image: MetadataImage, record: Extract<MetadataRecord, { type: 'BrokerRegistrationChangeRecord' }>): void {
  const broker = known(image.brokers.get(record.brokerId), `broker ${record.brokerId}`)
  image.brokers.set(broker.id, Object.freeze({
    ...broker, fenced: record.fenced ?? broker.fenced, inControlledShutdown: record.inControlledShutdown ?? broker.inControlledShutdown,
  }))
}

/** The partition epoch rises with every record, the leader epoch only when the record names a leader (CTL-2). */
function changePartition(image: MetadataImage, record: Extract<MetadataRecord, { type: 'PartitionChangeRecord' }>): void {
  const partition = known(image.partitions.get(record.partition), record.partition)
  image.partitions.set(partition.partition, Object.freeze({
    ...partition, isr: record.isr ?? partition.isr, leader: record.leader ?? partition.leader,
    leaderEpoch: partition.leaderEpoch + (record.leader === undefined ? 0 : 1), partitionEpoch: partition.partitionEpoch + 1,
  }))
}
