/**
 * Following the metadata log, and telling clients what is known. A leadership change becomes true for a broker when it
 * has fetched and applied the record (GEN-3). Follows core/.../server/metadata/BrokerMetadataPublisher.scala and KafkaApis.
 */
import type { Connection } from '../../engine/process.ts'
import { replay, type MetadataImage } from '../metadata/image.ts'
import { NO_LEADER, type MetadataRecord } from '../metadata/records.ts'
import { respond } from '../network/server.ts'
import type { MetadataFetchResponse } from '../protocol/controller.ts'
import type { MetadataRequest, MetadataResponse, PartitionMetadata } from '../protocol/metadata.ts'
import { reconfigure } from './dynamic-config.ts'
import { fetchMetadata, isFromLeader } from './quorum.ts'
import { applyPartition, dropReplica } from './replicas.ts'
import type { Broker, BrokerContext } from './state.ts'

/** Observers fetch beyond the high watermark and apply below it (KRF-10). */
export function handleMetadataFetched(broker: Broker, response: MetadataFetchResponse, ctx: BrokerContext): void {
  if (!isFromLeader(broker, response, ctx)) return
  const { divergingEpoch, snapshotId } = response
  if (snapshotId !== undefined) {
    broker.quorum.snapshotId = snapshotId
    return fetchMetadata(broker, ctx)
  }
  if (divergingEpoch !== undefined) {
    broker.metadataAhead = broker.metadataAhead.filter(({ epoch, offset }) => epoch <= divergingEpoch.epoch && offset < divergingEpoch.endOffset)
    return fetchMetadata(broker, ctx)
  }
  for (const entry of response.entries) if (entry.offset === broker.metadata.endOffset + broker.metadataAhead.length) broker.metadataAhead.push(entry)
  broker.metadataHighWatermark = Math.max(broker.metadataHighWatermark, response.highWatermark)
  const changed = new Set<string>()
  while (broker.metadataAhead.length > 0 && broker.metadataAhead[0]!.offset < broker.metadataHighWatermark) {
    const entry = broker.metadataAhead.shift()!
    for (const partition of touchedBy(entry.record, broker.metadata)) changed.add(partition)
    if (entry.record.type === 'PartitionRecord') dropFormer(broker, entry.record.partition, ctx)
    replay(broker.metadata, entry)
    if (entry.record.type === 'ConfigRecord' && entry.record.resource === 'broker') reconfigure(broker)
    broker.quorum.appliedEpoch = entry.epoch
  }
  if (broker.published) for (const partition of changed) apply(broker, partition, ctx)
  fetchMetadata(broker, ctx)
}

/**
 * A topic that was deleted and created again before this broker heard of either: what it has is of the old one. Follows
 * core/.../server/ReplicaManager.scala#applyDelta, which goes by topic ids and stops what is deleted first, and, of what is found at
 * a start, storage/.../log/LogManager.java#isStrayReplica.
 */
export function dropFormer(broker: Broker, partition: string, ctx: BrokerContext): void {
  const replica = broker.replicas.get(partition)
  if (replica !== undefined) dropReplica(broker, replica, ctx)
}

/** Partitions for which a broker has to look again. */
function touchedBy(record: MetadataRecord, { topics, partitions }: MetadataImage): Iterable<string> {
  switch (record.type) {
    case 'PartitionRecord': case 'PartitionChangeRecord': return [record.partition]
    case 'RemoveTopicRecord': case 'ClearElrRecord': return record.topic === '' ? partitions.keys() : topics.get(record.topic)!.partitions
    case 'ConfigRecord': return record.resource === 'topic' ? topics.get(record.name)!.partitions : record.resource === 'group' ? [] : partitions.keys()
    default: return []
  }
}

export function apply(broker: Broker, partition: string, ctx: BrokerContext): void {
  const registration = broker.metadata.partitions.get(partition)
  const replica = broker.replicas.get(partition)
  if (registration !== undefined) applyPartition(broker, registration, ctx)
  else if (replica !== undefined) dropReplica(broker, replica, ctx)
}

/** The whole image at once: at the start of the run, and when a restarted broker has caught up. */
export function publish(broker: Broker, ctx: BrokerContext): void {
  broker.published = true
  for (const registration of broker.metadata.partitions.values()) applyPartition(broker, registration, ctx)
  // What was deleted while it was away.
  for (const replica of [...broker.replicas.values()]) if (!broker.metadata.partitions.has(replica.partition)) dropReplica(broker, replica, ctx)
}

export function handleMetadataRequest(broker: Broker, request: MetadataRequest, on: Connection, ctx: BrokerContext): void {
  const { brokers, topics, partitions } = broker.metadata
  const live = [...brokers.values()].filter(({ fenced }) => !fenced)
  const isLive = (id: number) => live.some((known) => known.id === id)
  const response: MetadataResponse = {
    type: 'MetadataResponse',
    brokers: Object.freeze(live.map(({ id, name, rack }) => Object.freeze({ id, name, rack }))),
    topics: Object.freeze(request.topics.map((name) => {
      const topic = topics.get(name)
      if (topic === undefined) return Object.freeze({ name, error: 'UNKNOWN_TOPIC_OR_PARTITION' as const, partitions: Object.freeze([]) })
      return Object.freeze({
        name, error: 'NONE' as const,
        partitions: Object.freeze(topic.partitions.map((partition): PartitionMetadata => {
          const { leader, leaderEpoch, replicas, isr } = partitions.get(partition)!
          const known = leader !== NO_LEADER && isLive(leader)
          return Object.freeze({ partition, error: known ? 'NONE' : 'LEADER_NOT_AVAILABLE', leaderId: known ? leader : -1, leaderEpoch, replicas, isr })
        })),
      })
    })),
  }
  respond(on, response, ctx)
}
