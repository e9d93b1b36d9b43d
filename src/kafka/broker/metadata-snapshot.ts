/**
 * A broker whose metadata ends before the leader's log begins takes over a snapshot. Follows
 * metadata/.../image/loader/MetadataLoader.java#handleLoadSnapshot: what it tells is published as one change.
 */
import { imageOf } from '../metadata/snapshot.ts'
import type { FetchSnapshotResponse } from '../protocol/controller.ts'
import { reconfigure } from './dynamic-config.ts'
import { apply, dropFormer } from './metadata.ts'
import { fetchMetadata, isFromLeader } from './quorum.ts'
import { nodeName, type Broker, type BrokerContext } from './state.ts'

export function handleSnapshotFetched(broker: Broker, response: FetchSnapshotResponse, ctx: BrokerContext): void {
  const { quorum, spec } = broker
  quorum.snapshotId = undefined
  if (!isFromLeader(broker, response, ctx)) return
  const { snapshot } = response
  if (snapshot !== undefined && snapshot.endOffset > broker.metadata.endOffset) {
    const before = broker.metadata.partitions
    broker.metadata = imageOf(snapshot)
    broker.metadataAhead = []
    broker.metadataHighWatermark = Math.max(broker.metadataHighWatermark, snapshot.endOffset)
    quorum.appliedEpoch = snapshot.epoch
    reconfigure(broker)
    ctx.note({ code: 'metadata.snapshotFetched', node: spec.name, from: nodeName(quorum.leaderId!), offset: snapshot.endOffset, epoch: snapshot.epoch, records: snapshot.records.length })
    // Simplified: topics have no ids. Partition epochs only rise, so one that has gone back is that of a new topic of the same name.
    for (const [partition, { partitionEpoch }] of before) if ((broker.metadata.partitions.get(partition)?.partitionEpoch ?? partitionEpoch) < partitionEpoch) dropFormer(broker, partition, ctx)
    if (broker.published) for (const partition of new Set([...before.keys(), ...broker.metadata.partitions.keys()])) apply(broker, partition, ctx)
  }
  fetchMetadata(broker, ctx)
}
