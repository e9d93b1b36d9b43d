/**
 * Following the metadata log, and telling clients what is known. A leadership change becomes true for a broker when it
 * has fetched and applied the record (GEN-3). Follows core/.../server/metadata/BrokerMetadataPublisher.scala and KafkaApis.
 */
import { fromMs } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import { replay } from '../metadata/image.ts'
import { NO_LEADER } from '../metadata/records.ts'
import { backsOffUntil, channelTo, ready, sendRequest } from '../network/client.ts'
import { respond } from '../network/server.ts'
import type { MetadataFetchRequest, MetadataFetchResponse } from '../protocol/controller.ts'
import type { MetadataRequest, MetadataResponse, PartitionMetadata } from '../protocol/metadata.ts'
import { completeDeletes } from './delete-records.ts'
import { applyPartition } from './replicas.ts'
import type { Broker, BrokerContext } from './state.ts'

const LABEL = 'controller:metadata'
/** `controller.quorum.retry.backoff.ms` */
const RETRY = fromMs(20)
const MAX_WAIT_MS = 500
/** `controller.quorum.request.timeout.ms` */
const REQUEST_TIMEOUT = fromMs(2000)

export function fetchMetadata(broker: Broker, ctx: BrokerContext): void {
  const channel = channelTo(broker.network, broker.spec.controller, LABEL)
  if (!ready(broker.network, channel, ctx)) {
    if (channel.state === 'closed') ctx.setTimer({ type: 'metadataRetry' }, Math.max(RETRY, backsOffUntil(channel) - ctx.now))
    return
  }
  if (channel.inFlight.length > 0) return
  const request: MetadataFetchRequest = {
    type: 'MetadataFetchRequest', replicaId: broker.spec.id, fetchOffset: broker.metadata.endOffset + broker.metadataAhead.length,
    highWatermark: broker.metadataHighWatermark, maxWaitMs: MAX_WAIT_MS,
  }
  sendRequest(broker.network, channel, request, 'metadata', ctx, true, REQUEST_TIMEOUT)
}

/** Observers fetch beyond the high watermark and apply below it (KRF-10). */
export function handleMetadataFetched(broker: Broker, response: MetadataFetchResponse, ctx: BrokerContext): void {
  broker.metadataAhead.push(...response.entries)
  broker.metadataHighWatermark = Math.max(broker.metadataHighWatermark, response.highWatermark)
  const changed = new Set<string>()
  while (broker.metadataAhead.length > 0 && broker.metadataAhead[0]!.offset < broker.metadataHighWatermark) {
    const entry = broker.metadataAhead.shift()!
    replay(broker.metadata, entry)
    if ('partition' in entry.record) changed.add(entry.record.partition)
    if (entry.record.type === 'ConfigRecord') for (const partition of broker.metadata.topics.get(entry.record.name)?.partitions ?? []) changed.add(partition)
  }
  // Who has been fenced is not waited for any more.
  if (broker.parked.deletes.size > 0) completeDeletes(broker, ctx)
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
