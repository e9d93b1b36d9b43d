/**
 * What a fetch gets to read, partition by partition. Follows core/.../cluster/Partition.scala#readRecords and
 * core/.../server/ReplicaManager.scala#readFromLog.
 */
import { endOffsetForEpoch, lastEpoch, read, type Log } from '../log/log.ts'
import { abortedBetween, lastStableOffset } from '../log/transactions.ts'
import { added } from '../../base/list.ts'
import type { Offset } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import type { FetchedPartition, FetchPartition, FetchRequest } from '../protocol/fetch.ts'
import type { CurrentLeader } from '../protocol/produce.ts'
import { quotaSlot } from './quota-slot.ts'
import type { Broker, FollowerProgress, Leading, Outcome, Replica } from './state.ts'

export const NO_BATCHES: FetchedPartition['batches'] = Object.freeze([])

/** A replica that this broker leads. */
export interface Led extends Replica { leading: Leading }

/** Epochs are compared before anything else is looked at (REP-30): whoever is behind learns of it from the error. */
export function admit(broker: Broker, partition: string, currentLeaderEpoch: number): Outcome<Led> {
  const replica = broker.replicas.get(partition)
  if (replica === undefined) return broker.offline?.has(partition) === true ? 'KAFKA_STORAGE_ERROR' : broker.metadata.partitions.has(partition) ? 'NOT_LEADER_OR_FOLLOWER' : 'UNKNOWN_TOPIC_OR_PARTITION'
  if (currentLeaderEpoch >= 0) {
    if (currentLeaderEpoch < replica.leaderEpoch) return 'FENCED_LEADER_EPOCH'
    if (currentLeaderEpoch > replica.leaderEpoch) return 'UNKNOWN_LEADER_EPOCH'
  }
  return isLed(replica) ? replica : 'NOT_LEADER_OR_FOLLOWER'
}
const isLed = (replica: Replica): replica is Led => replica.leading !== undefined

const refusal = (broker: Broker, partition: string, error: KafkaError): FetchedPartition => ({
  partition, error, highWatermark: -1, logStartOffset: -1, batches: NO_BATCHES, divergingEpoch: undefined, currentLeader: currentLeader(broker, partition, error),
})

/** Told along with the errors that mean: ask somebody else (KIP-951). */
export function currentLeader(broker: Broker, partition: string, error: KafkaError): CurrentLeader | undefined {
  if (error !== 'NOT_LEADER_OR_FOLLOWER' && error !== 'FENCED_LEADER_EPOCH') return undefined
  const known = broker.metadata.partitions.get(partition)
  return known === undefined ? undefined : { leaderId: known.leader, leaderEpoch: known.leaderEpoch }
}

/** What the leader holds from there on, a follower up to the log's end, a consumer below the high watermark; or where the two logs part (REP-32). */
function readPartition(broker: Broker, replica: Replica, wanted: FetchPartition, request: FetchRequest, maxBytes: number): FetchedPartition {
  // Limits are soft for the first partition that has anything: else a large batch would never get through.
  const isFirst = maxBytes === request.maxBytes
  const { log } = replica
  const { partition, fetchOffset } = wanted
  if (fetchOffset < log.startOffset || fetchOffset > log.endOffset) {
    const beyond = fetchOffset >= log.startOffset ? divergence(log, wanted) : undefined
    return beyond === undefined || beyond === 'unknown' ? refusal(broker, partition, 'OFFSET_OUT_OF_RANGE') : found(replica, NO_BATCHES, beyond)
  }
  const parting = divergence(log, wanted)
  if (parting !== undefined) return parting === 'unknown' ? refusal(broker, partition, 'OFFSET_OUT_OF_RANGE') : found(replica, NO_BATCHES, parting)
  if (request.isolationLevel === 'read_committed') return readCommitted(replica, fetchOffset, Math.min(maxBytes, wanted.partitionMaxBytes), isFirst)
  const limit = request.replicaId >= 0 ? log.endOffset : replica.highWatermark
  return found(replica, fetchOffset >= limit ? NO_BATCHES : read(log, fetchOffset, limit, Math.min(maxBytes, wanted.partitionMaxBytes), isFirst), undefined)
}

/** TXN-10: up to the last stable offset, with the aborted transactions that reach into what is read. Follows storage/.../log/LocalLog.java#addAbortedTransactions. */
function readCommitted(replica: Replica, from: Offset, maxBytes: number, atLeastOne: boolean): FetchedPartition {
  const { log: { transactions }, highWatermark } = replica
  const stable = lastStableOffset(transactions, highWatermark)
  const batches = from >= stable ? NO_BATCHES : read(replica.log, from, stable, maxBytes, atLeastOne)
  const end = batches.length === 0 ? from : batches[batches.length - 1]!.lastOffset + 1
  return { ...found(replica, batches, undefined), lastStableOffset: stable, abortedTransactions: Object.freeze(abortedBetween(transactions, from, end)) }
}

export const found = (replica: Replica, batches: FetchedPartition['batches'], divergingEpoch: FetchedPartition['divergingEpoch']): FetchedPartition => ({
  partition: replica.partition, error: 'NONE', highWatermark: replica.highWatermark, logStartOffset: replica.log.startOffset, batches, divergingEpoch, currentLeader: undefined,
})

/** Where this log and the follower's part; undefined = not before `fetchOffset`; unknown = this log has never heard of so late an epoch. */
function divergence(log: Log, { fetchOffset, lastFetchedEpoch }: FetchPartition): FetchedPartition['divergingEpoch'] | 'unknown' {
  if (lastFetchedEpoch < 0) return undefined
  if (lastFetchedEpoch === lastEpoch(log) && fetchOffset <= log.endOffset) return undefined
  const shared = endOffsetForEpoch(log, lastFetchedEpoch)
  if (shared === undefined) return 'unknown'
  return shared.epoch < lastFetchedEpoch || shared.endOffset < fetchOffset ? shared : undefined
}

/** Nothing to read, and nothing to say but that. */
const hasNothing = (replica: Replica, wanted: FetchPartition, isFollower: boolean): boolean => {
  const { log } = replica
  if (wanted.fetchOffset !== (isFollower ? log.endOffset : replica.highWatermark)) return false
  return wanted.lastFetchedEpoch < 0 || wanted.lastFetchedEpoch === lastEpoch(log)
}

/** What a fetch gets so far. `urgent`: it must be answered whatever the bytes. */
export interface Reading { readonly on: Connection; answers: FetchedPartition[]; bytes: number; urgent: boolean }
export const newReading = (on: Connection): Reading => ({ on, answers: [], bytes: 0, urgent: false })

export function refuse(reading: Reading, broker: Broker, partition: string, error: KafkaError): void {
  reading.urgent = true
  reading.answers = added(reading.answers, refusal(broker, partition, error))
}

/** Read one partition. A follower's answer leaves out what has no news: no records, and a high watermark and a log start that it has been told. False when there was an error. */
export function take(reading: Reading, broker: Broker, replica: Replica, wanted: FetchPartition, request: FetchRequest, follower: FollowerProgress | undefined): boolean {
  const isKnown = hasBeenTold(follower, replica, reading.on)
  if (isKnown && hasNothing(replica, wanted, true)) return true
  const readable = readPartition(broker, replica, wanted, request, request.maxBytes - reading.bytes)
  const answer = broker.quotas !== undefined && follower !== undefined && quotaSlot().withholds(broker, replica, request.replicaId) ? { ...readable, batches: NO_BATCHES } : readable
  const { batches } = answer
  const fails = answer.error !== 'NONE' || answer.divergingEpoch !== undefined
  if (isKnown && batches.length === 0 && !fails) return true
  for (let i = 0; i < batches.length; i++) reading.bytes += batches[i]!.sizeInBytes
  if (fails) reading.urgent = true
  reading.answers = added(reading.answers, answer)
  return !fails
}

/** This follower has all there is, and knows it. */
export const isQuiet = (replica: Replica, wanted: FetchPartition, follower: FollowerProgress, on: Connection): boolean =>
  hasBeenTold(follower, replica, on) && hasNothing(replica, wanted, true)

/** This follower has heard of this high watermark and this log start, on this very connection: what was said on an earlier one may not have arrived. */
const hasBeenTold = (follower: FollowerProgress | undefined, { highWatermark, log }: Replica, on: Connection): boolean =>
  follower !== undefined && follower.highWatermarkSent === highWatermark && follower.logStartSent === log.startOffset && follower.toldOn === on
