/**
 * A snapshot of the metadata: the fewest records that make the state of the cluster as it was at an offset, in place of all
 * that led there. Follows metadata/.../image/MetadataImage.java#write and raft/.../snapshot/Snapshots.java.
 */
import type { Epoch, Micros, Offset } from '../../base/units.ts'
import { emptyImage, replay, type MetadataImage } from './image.ts'
import type { MetadataRecord } from './records.ts'

/** Everything before `endOffset`, whose last record is of this epoch. */
export interface SnapshotId { readonly endOffset: Offset; readonly epoch: Epoch }
/** Frozen. */
export interface MetadataSnapshot extends SnapshotId {
  readonly takenAt: Micros
  readonly records: readonly MetadataRecord[]
}

const padded = (value: number, digits: number): string => String(value).padStart(digits, '0')
/** `00000000000000000042-0000000003.checkpoint` */
export const snapshotFile = ({ endOffset, epoch }: SnapshotId): string => `${padded(endOffset, 20)}-${padded(epoch, 10)}.checkpoint`

/** In Kafka's order: features, brokers, topics with their partitions, configs, producer ids. */
export function recordsOf({ features, brokers, topics, partitions, brokerConfig, groupConfig, nextProducerId }: MetadataImage): readonly MetadataRecord[] {
  const records: MetadataRecord[] = []
  const add = (record: MetadataRecord): void => void records.push(Object.freeze(record))
  for (const [name, level] of features) add({ type: 'FeatureLevelRecord', name, level })
  for (const { id: brokerId, name, incarnationId, rack, epoch: brokerEpoch, fenced, inControlledShutdown, directories: logDirs } of brokers.values()) {
    add({ type: 'RegisterBrokerRecord', brokerId, name, incarnationId, rack, brokerEpoch, fenced, inControlledShutdown, logDirs })
  }
  for (const topic of topics.values()) {
    add({ type: 'TopicRecord', name: topic.name })
    for (const partition of topic.partitions) add({ type: 'PartitionRecord', ...partitions.get(partition)! })
  }
  for (const { name, config } of topics.values()) for (const [key, value] of Object.entries(config)) add({ type: 'ConfigRecord', resource: 'topic', name, key, value })
  const split = (resource: 'broker' | 'group', configs: ReadonlyMap<string, string>): void => configs.forEach((value, name) => {
    const slash = name.lastIndexOf('/')
    add({ type: 'ConfigRecord', resource, name: slash < 0 ? '' : name.slice(0, slash), key: name.slice(slash + 1), value })
  })
  split('broker', brokerConfig)
  if (groupConfig !== undefined) split('group', groupConfig)
  if (nextProducerId !== undefined) add({ type: 'ProducerIdsRecord', brokerId: -1, brokerEpoch: -1, nextProducerId })
  return Object.freeze(records)
}

/** A broker that it tells of counts as registered with its last record. */
export function imageOf({ endOffset, records }: MetadataSnapshot): MetadataImage {
  const image = emptyImage()
  for (const record of records) replay(image, { offset: endOffset - 1, record })
  image.endOffset = endOffset
  return image
}
