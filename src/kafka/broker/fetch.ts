/**
 * Fetches of followers and consumers. Follows core/.../server/ReplicaManager.scala#fetchMessages,
 * core/.../cluster/Partition.scala#updateFollowerFetchState and server/.../replica/Replica.java. REP-2 to REP-4, REP-40.
 */
import type { Micros, Offset } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import { endOffsetForEpoch } from '../log/log.ts'
import { respond } from '../network/server.ts'
import type {
  FetchedPartition, FetchPartition, FetchRequest, ListOffsetsRequest, ListOffsetsResponse, OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse,
} from '../protocol/fetch.ts'
import { maybeAdvanceHighWatermark } from './high-watermark.ts'
import { maybeExpandIsr } from './isr.ts'
import { answerFetch, completeAfterHighWatermark, parkFetch } from './purgatory.ts'
import { admit, hasNothing, readPartition, refusal, type Admitted } from './read.ts'
import type { Broker, BrokerContext, FollowerProgress, Replica } from './state.ts'

export function handleFetchRequest(broker: Broker, request: FetchRequest, on: Connection, ctx: BrokerContext): void {
  const advanced: Replica[] = []
  if (request.minBytes > 0 && request.maxWaitMs > 0 && tryToPark(broker, request, on, advanced, ctx)) return
  const answers: FetchedPartition[] = []
  let bytes = 0, urgent = false
  for (const wanted of request.partitions) {
    const answer = fetchPartition(broker, request, wanted, request.maxBytes - bytes, advanced, ctx)
    for (const batch of answer.batches) bytes += batch.sizeInBytes
    urgent ||= answer.error !== 'NONE' || answer.divergingEpoch !== undefined
    answers.push(answer)
  }
  if (urgent || bytes >= request.minBytes || request.maxWaitMs <= 0) answerFetch(broker, request, on, answers, ctx)
  else parkFetch(broker, request, on, ctx)
  for (const replica of advanced) completeAfterHighWatermark(broker, replica, ctx)
}

/** The usual case: it has everything. What it tells is taken, and it waits. */
function tryToPark(broker: Broker, request: FetchRequest, on: Connection, advanced: Replica[], ctx: BrokerContext): boolean {
  const isFollower = request.replicaId >= 0
  const all: Admitted[] = []
  for (const wanted of request.partitions) {
    const admitted = admit(broker, wanted.partition, wanted.currentLeaderEpoch)
    if (typeof admitted === 'string' || !hasNothing(admitted, wanted, isFollower)) return false
    if (isFollower && !admitted.leading.followers.has(request.replicaId)) return false
    all.push(admitted)
  }
  if (isFollower) {
    for (let i = 0; i < all.length; i++) {
      const admitted = all[i]!
      heard(broker, admitted, admitted.leading.followers.get(request.replicaId)!, request, request.partitions[i]!.fetchOffset, advanced, ctx)
    }
  }
  parkFetch(broker, request, on, ctx)
  for (const replica of advanced) completeAfterHighWatermark(broker, replica, ctx)
  return true
}

/** Read first: an immediate answer carries the high watermark of before this very fetch (REP-3). */
function fetchPartition(broker: Broker, request: FetchRequest, wanted: FetchPartition, maxBytes: number, advanced: Replica[], ctx: BrokerContext): FetchedPartition {
  const admitted = admit(broker, wanted.partition, wanted.currentLeaderEpoch)
  if (typeof admitted === 'string') return refusal(broker, wanted.partition, admitted)
  if (request.replicaId < 0) return readPartition(broker, admitted, wanted, request, maxBytes)
  const follower = admitted.leading.followers.get(request.replicaId)
  if (follower === undefined) return refusal(broker, wanted.partition, 'UNKNOWN_LEADER_EPOCH')
  const answer = readPartition(broker, admitted, wanted, request, maxBytes)
  if (answer.error === 'NONE' && answer.divergingEpoch === undefined) heard(broker, admitted, follower, request, wanted.fetchOffset, advanced, ctx)
  return answer
}

function heard(broker: Broker, { replica, leading }: Admitted, follower: FollowerProgress, request: FetchRequest, offset: Offset, advanced: Replica[], ctx: BrokerContext): void {
  const progressed = offset !== follower.logEndOffset
  acknowledge(follower, offset, request.brokerEpoch, replica.log.endOffset, ctx.now)
  maybeExpandIsr(broker, replica, leading, request.replicaId, follower, ctx)
  if (progressed && maybeAdvanceHighWatermark(broker, replica, ctx)) advanced.push(replica)
}

/**
 * The offset a follower asks for acknowledges everything before it. A busy leader's end always runs ahead of its
 * followers, so one that has reached where the end *was* at its last fetch had caught up then (REP-4).
 */
export function acknowledge(follower: FollowerProgress, fetchOffset: Offset, brokerEpoch: number, leaderEnd: Offset, now: Micros): void {
  if (fetchOffset >= leaderEnd) follower.lastCaughtUpAt = Math.max(follower.lastCaughtUpAt, now)
  else if (fetchOffset >= follower.leaderEndAtLastFetch) follower.lastCaughtUpAt = Math.max(follower.lastCaughtUpAt, follower.lastFetchAt)
  follower.logEndOffset = fetchOffset
  follower.brokerEpoch = brokerEpoch
  follower.leaderEndAtLastFetch = leaderEnd
  follower.lastFetchAt = now
}

/** REP-13: a new leader whose high watermark has not reached its own term does not say what is the latest. */
export function handleListOffsets(broker: Broker, request: ListOffsetsRequest, on: Connection, ctx: BrokerContext): void {
  const partitions = request.partitions.map(({ partition, currentLeaderEpoch, timestamp }) => {
    const admitted = admit(broker, partition, currentLeaderEpoch)
    if (typeof admitted === 'string') return { partition, error: admitted, offset: -1, leaderEpoch: -1 }
    const { replica, leading } = admitted
    if (timestamp === 'earliest') return { partition, error: 'NONE' as const, offset: replica.log.startOffset, leaderEpoch: replica.leaderEpoch }
    if (request.replicaId >= 0) return { partition, error: 'NONE' as const, offset: replica.log.endOffset, leaderEpoch: replica.leaderEpoch }
    if (replica.highWatermark < leading.epochStartOffset) return { partition, error: 'OFFSET_NOT_AVAILABLE' as const, offset: -1, leaderEpoch: -1 }
    return { partition, error: 'NONE' as const, offset: replica.highWatermark, leaderEpoch: replica.leaderEpoch }
  })
  const response: ListOffsetsResponse = { type: 'ListOffsetsResponse', partitions: Object.freeze(partitions) }
  respond(on, response, ctx)
}

/** KIP-320: where an epoch that a client has read ended in this leader's log. */
export function handleOffsetForLeaderEpoch(broker: Broker, request: OffsetForLeaderEpochRequest, on: Connection, ctx: BrokerContext): void {
  const partitions = request.partitions.map(({ partition, currentLeaderEpoch, leaderEpoch }) => {
    const admitted = admit(broker, partition, currentLeaderEpoch)
    if (typeof admitted === 'string') return { partition, error: admitted, leaderEpoch: -1, endOffset: -1 }
    const found = endOffsetForEpoch(admitted.replica.log, leaderEpoch)
    return { partition, error: 'NONE' as const, leaderEpoch: found?.epoch ?? -1, endOffset: found?.endOffset ?? -1 }
  })
  const response: OffsetForLeaderEpochResponse = { type: 'OffsetForLeaderEpochResponse', partitions: Object.freeze(partitions) }
  respond(on, response, ctx)
}
