/**
 * Following the metadata log, and telling clients what is known. A leadership change becomes true for a broker when it
 * has fetched and applied the record (GEN-3). Follows core/.../server/metadata/BrokerMetadataPublisher.scala and KafkaApis.
 */
import type { Connection } from '../../engine/process.ts'
import { replay } from '../metadata/image.ts'
import { NO_LEADER } from '../metadata/records.ts'
import { respond } from '../network/server.ts'
import type { MetadataFetchResponse } from '../protocol/controller.ts'
import type { MetadataRequest, MetadataResponse, PartitionMetadata } from '../protocol/metadata.ts'
import { fetchMetadata, isFromLeader } from './quorum.ts'
import { applyPartition } from './replicas.ts'
import type { Broker, BrokerContext } from './state.ts'

/** Observers fetch beyond the high watermark and apply below it (KRF-10). */
export function handleMetadataFetched(broker: Broker, response: MetadataFetchResponse, ctx: BrokerContext): void {
  if (!isFromLeader(broker, response, ctx)) return
  const { divergingEpoch } = response
  if (divergingEpoch !== undefined) {
    broker.metadataAhead = broker.metadataAhead.filter(({ epoch, offset }) => epoch <= divergingEpoch.epoch && offset < divergingEpoch.endOffset)
    return fetchMetadata(broker, ctx)
  }
  for (const entry of response.entries) if (entry.offset === broker.metadata.endOffset + broker.metadataAhead.length) broker.metadataAhead.push(entry)
  broker.metadataHighWatermark = Math.max(broker.metadataHighWatermark, response.highWatermark)
  const changed = new Set<string>()
  while (broker.metadataAhead.length > 0 && broker.metadataAhead[0]!.offset < broker.metadataHighWatermark) {
    const entry = broker.metadataAhead.shift()!
    replay(broker.metadata, entry)
    broker.quorum.appliedEpoch = entry.epoch
    if ('partition' in entry.record) changed.add(entry.record.partition)
    if (entry.record.type === 'ConfigRecord') for (const partition of broker.metadata.topics.get(entry.record.name)?.partitions ?? []) changed.add(partition)
  }
  if (broker.published) for (const partition of changed) applyPartition(broker, broker.metadata.partitions.get(partition)!, ctx)
  fetchMetadata(broker, ctx)
}

/** The whole image at once: at the start of the run, and when a restarted broker has caught up. */
export function publish(broker: Broker, ctx: BrokerContext): void {
  broker.published = true
  for (const registration of broker.metadata.partitions.values()) applyPartition(broker, registration, ctx)
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
