/**
 * Fetches of followers and consumers. Follows core/.../server/ReplicaManager.scala#fetchMessages,
 * core/.../cluster/Partition.scala#updateFollowerFetchState and server/.../replica/Replica.java. REP-2 to REP-4, REP-40.
 */
import { added } from '../../base/list.ts'
import type { Micros, Offset } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import { firstNotBefore } from '../log/by-time.ts'
import { endOffsetForEpoch } from '../log/log.ts'
import { lastStableOffset } from '../log/transactions.ts'
import { respond } from '../network/server.ts'
import type {
  FetchPartition, FetchRequest, ListOffsetsRequest, ListOffsetsResponse, OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse,
} from '../protocol/fetch.ts'
import { maybeAdvanceHighWatermark } from './high-watermark.ts'
import { completeDeletes, lowWatermarks, risen } from './delete-records.ts'
import { maybeExpandIsr } from './isr.ts'
import { settle, sessionFor, wake } from './fetch-session.ts'
import { isInSync } from './isr-state.ts'
import { admitReader, redirect } from './preferred-replica.ts'
import { answerFetch, completeAfterHighWatermark, parkFetch } from './purgatory.ts'
import { admit, isQuiet, newReading, refuse, take, type Led, type Reading } from './read.ts'
import { quotaSlot } from './quota-slot.ts'
import type { Broker, BrokerContext, FetchSession, FollowerProgress, Replica } from './state.ts'

export function handleFetchRequest(broker: Broker, request: FetchRequest, on: Connection, ctx: BrokerContext): void {
  const reading = newReading(on)
  let advanced: Replica[] = []
  const isFollower = request.replicaId >= 0
  if (isFollower && broker.quotas !== undefined) quotaSlot().look(broker, 'leader', ctx)
  const session = isFollower ? sessionFor(broker, request, on) : undefined
  const lows = isFollower && broker.parked.deletes.size > 0 ? lowWatermarks(broker) : undefined
  // By index: the list is frozen, and walking a frozen list with an iterator is slow.
  for (let i = 0; i < request.partitions.length; i++) {
    const wanted = request.partitions[i]!
    if (session !== undefined && session.settled[i] === 1 && session.wishes[i] === wanted) continue
    const replica = admitReader(broker, wanted, request)
    if (typeof replica === 'string') refuse(reading, broker, wanted.partition, replica)
    else if (session !== undefined) {
      if (fetchAsFollower(broker, request, wanted, replica as Led, reading, session, i, ctx)) advanced = added(advanced, replica)
    } else if (request.rackId === undefined || !redirect(reading, broker, replica, wanted, request.rackId)) take(reading, broker, replica, wanted, request, undefined)
  }
  if (session !== undefined) {
    session.wishes = request.partitions
    session.at = ctx.now
  }
  if (reading.urgent || reading.bytes >= request.minBytes || request.maxWaitMs <= 0) answerFetch(broker, request, on, reading.answers, ctx)
  else parkFetch(broker, request, on, ctx)
  for (const replica of advanced) completeAfterHighWatermark(broker, replica, ctx)
  if (lows !== undefined) completeDeletes(broker, risen(broker, lows), ctx)
}

/** Read first: an immediate answer carries the high watermark of before this very fetch (REP-3). True when that moves. */
function fetchAsFollower(
  broker: Broker, request: FetchRequest, wanted: FetchPartition, replica: Led, reading: Reading, session: FetchSession, place: number, ctx: BrokerContext,
): boolean {
  const follower = replica.leading.followers.get(request.replicaId)
  if (follower === undefined) {
    refuse(reading, broker, wanted.partition, 'UNKNOWN_LEADER_EPOCH')
    return false
  }
  wake(broker, follower)
  if (!take(reading, broker, replica, wanted, request, follower)) return false
  const advanced = heard(broker, replica, follower, request, wanted, ctx)
  if (broker.quotas === undefined && isQuiet(replica, wanted, follower, reading.on) && isInSync(replica.leading, request.replicaId)) settle(session, place, follower)
  return advanced
}

function heard(broker: Broker, replica: Led, follower: FollowerProgress, request: FetchRequest, { fetchOffset, logStartOffset = -1 }: FetchPartition, ctx: BrokerContext): boolean {
  const progressed = fetchOffset !== follower.logEndOffset
  follower.logStartOffset = logStartOffset
  acknowledge(follower, fetchOffset, request.brokerEpoch, replica.log.endOffset, ctx.now)
  maybeExpandIsr(broker, replica, replica.leading, request.replicaId, follower, ctx)
  return progressed && maybeAdvanceHighWatermark(broker, replica, ctx)
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
    const replica = admit(broker, partition, currentLeaderEpoch)
    if (typeof replica === 'string') return { partition, error: replica, offset: -1, leaderEpoch: -1 }
    if (timestamp === 'earliest') return { partition, error: 'NONE' as const, offset: replica.log.startOffset, leaderEpoch: replica.leaderEpoch }
    if (request.replicaId >= 0) return { partition, error: 'NONE' as const, offset: replica.log.endOffset, leaderEpoch: replica.leaderEpoch }
    if (replica.highWatermark < replica.leading.epochStartOffset) return { partition, error: 'OFFSET_NOT_AVAILABLE' as const, offset: -1, leaderEpoch: -1 }
    const latest = request.isolationLevel === 'read_committed' ? lastStableOffset(replica.log.transactions, replica.highWatermark) : replica.highWatermark
    if (timestamp !== 'latest') return { partition, error: 'NONE' as const, ...firstNotBefore(replica.log, timestamp, latest) }
    return { partition, error: 'NONE' as const, offset: latest, leaderEpoch: replica.leaderEpoch }
  })
  const response: ListOffsetsResponse = { type: 'ListOffsetsResponse', partitions: Object.freeze(partitions) }
  respond(on, response, ctx)
}

/** KIP-320: where an epoch that a client has read ended in this leader's log. */
export function handleOffsetForLeaderEpoch(broker: Broker, request: OffsetForLeaderEpochRequest, on: Connection, ctx: BrokerContext): void {
  const partitions = request.partitions.map(({ partition, currentLeaderEpoch, leaderEpoch }) => {
    const replica = admit(broker, partition, currentLeaderEpoch)
    if (typeof replica === 'string') return { partition, error: replica, leaderEpoch: -1, endOffset: -1 }
    const found = endOffsetForEpoch(replica.log, leaderEpoch)
    return { partition, error: 'NONE' as const, leaderEpoch: found?.epoch ?? -1, endOffset: found?.endOffset ?? -1 }
  })
  const response: OffsetForLeaderEpochResponse = { type: 'OffsetForLeaderEpochResponse', partitions: Object.freeze(partitions) }
  respond(on, response, ctx)
}
