/**
 * What a fetch gets to read, partition by partition. Follows core/.../cluster/Partition.scala#readRecords and
 * core/.../server/ReplicaManager.scala#readFromLog.
 */
import { endOffsetForEpoch, read } from '../log/log.ts'
import type { KafkaError } from '../errors.ts'
import type { FetchedPartition, FetchPartition, FetchRequest } from '../protocol/fetch.ts'
import type { CurrentLeader } from '../protocol/produce.ts'
import type { Broker, Leading, Outcome, Replica } from './state.ts'

const NO_BATCHES: FetchedPartition['batches'] = Object.freeze([])

export interface Admitted { readonly replica: Replica; readonly leading: Leading }

/** Epochs are compared before anything else is looked at (REP-30): whoever is behind learns of it from the error. */
export function admit(broker: Broker, partition: string, currentLeaderEpoch: number): Outcome<Admitted> {
  const replica = broker.replicas.get(partition)
  if (replica === undefined) return broker.metadata.partitions.has(partition) ? 'NOT_LEADER_OR_FOLLOWER' : 'UNKNOWN_TOPIC_OR_PARTITION'
  if (currentLeaderEpoch >= 0) {
    if (currentLeaderEpoch < replica.leaderEpoch) return 'FENCED_LEADER_EPOCH'
    if (currentLeaderEpoch > replica.leaderEpoch) return 'UNKNOWN_LEADER_EPOCH'
  }
  const { leading } = replica
  return leading === undefined ? 'NOT_LEADER_OR_FOLLOWER' : { replica, leading }
}

export const refusal = (broker: Broker, partition: string, error: KafkaError): FetchedPartition => ({
  partition, error, highWatermark: -1, logStartOffset: -1, batches: NO_BATCHES, divergingEpoch: undefined, currentLeader: currentLeader(broker, partition, error),
})

/** Told along with the errors that mean: ask somebody else (KIP-951). */
export function currentLeader(broker: Broker, partition: string, error: KafkaError): CurrentLeader | undefined {
  if (error !== 'NOT_LEADER_OR_FOLLOWER' && error !== 'FENCED_LEADER_EPOCH') return undefined
  const known = broker.metadata.partitions.get(partition)
  return known === undefined ? undefined : { leaderId: known.leader, leaderEpoch: known.leaderEpoch }
}

/** What the leader holds from there on, a follower up to the log's end, a consumer below the high watermark; or where the two logs part (REP-32). */
export function readPartition(broker: Broker, { replica }: Admitted, wanted: FetchPartition, request: FetchRequest, maxBytes: number): FetchedPartition {
  const { log } = replica
  const { partition, fetchOffset, lastFetchedEpoch } = wanted
  const answer = { partition, error: 'NONE', highWatermark: replica.highWatermark, logStartOffset: log.startOffset, batches: NO_BATCHES, divergingEpoch: undefined, currentLeader: undefined } as const
  if (lastFetchedEpoch >= 0 && fetchOffset >= log.startOffset) {
    const shared = endOffsetForEpoch(log, lastFetchedEpoch)
    if (shared === undefined) return refusal(broker, partition, 'OFFSET_OUT_OF_RANGE')
    if (shared.epoch < lastFetchedEpoch || shared.endOffset < fetchOffset) return { ...answer, divergingEpoch: shared }
  }
  const limit = request.replicaId >= 0 ? log.endOffset : replica.highWatermark
  if (fetchOffset < log.startOffset || fetchOffset > log.endOffset) return refusal(broker, partition, 'OFFSET_OUT_OF_RANGE')
  if (fetchOffset >= limit) return answer
  return { ...answer, batches: read(log, fetchOffset, limit, Math.min(maxBytes, wanted.partitionMaxBytes)) }
}

/** Everything that a fetch asks for, read now. `bytes` is what it would carry; `urgent` when it must be answered whatever the bytes. */
export function readAll(broker: Broker, request: FetchRequest): { readonly partitions: readonly FetchedPartition[]; readonly bytes: number; readonly urgent: boolean } {
  const partitions: FetchedPartition[] = []
  let bytes = 0, urgent = false
  for (const wanted of request.partitions) {
    const admitted = admit(broker, wanted.partition, wanted.currentLeaderEpoch)
    const answer = typeof admitted === 'string' ? refusal(broker, wanted.partition, admitted) : readPartition(broker, admitted, wanted, request, request.maxBytes - bytes)
    for (const batch of answer.batches) bytes += batch.sizeInBytes
    urgent ||= answer.error !== 'NONE' || answer.divergingEpoch !== undefined
    partitions.push(answer)
  }
  return { partitions, bytes, urgent }
}
