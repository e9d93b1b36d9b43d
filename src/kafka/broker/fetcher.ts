/**
 * A follower's side: one fetcher for each leader it copies from, with one request outstanding.
 * Follows core/.../server/{AbstractFetcherThread,ReplicaFetcherThread,AbstractFetcherManager}.scala. REP-1, REP-12, REP-33 to REP-35.
 */
import type { Micros, NodeId, Offset } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import { endOffsetForEpoch, lastEpoch, raiseStart, restartAt, truncateTo } from '../log/log.ts'
import { isSpoiled, type RecordBatch } from '../log/record.ts'
import type { FetchedPartition, FetchPartition, FetchRequest, FetchResponse, ListOffsetsRequest, ListOffsetsResponse } from '../protocol/fetch.ts'
import { wallMs } from '../wall-clock.ts'
import { store as write } from './disk.ts'
import { advanceHighWatermark } from './high-watermark.ts'
import { canWrite } from './log-directories.ts'
import { completeAfterHighWatermark } from './purgatory.ts'
import { quotaSlot } from './quota-slot.ts'
import { nodeName, type Broker, type BrokerContext, type Fetcher, type Replica } from './state.ts'

export const fetcherOn = (broker: Broker, on: Connection): Fetcher | undefined => {
  for (const fetcher of broker.fetchers.values()) if (fetcher.on === on) return fetcher
  return undefined
}

const wish = (broker: Broker, replica: Replica): FetchPartition => Object.freeze({
  partition: replica.partition, fetchOffset: replica.log.endOffset, currentLeaderEpoch: replica.leaderEpoch, lastFetchedEpoch: lastEpoch(replica.log),
  partitionMaxBytes: broker.config.replicaFetchMaxBytes, logStartOffset: replica.log.startOffset,
})

/** Begin to copy from `leader`, from this log's own end; where the two logs differ comes out at the first fetch. */
export function follow(broker: Broker, replica: Replica, leader: NodeId, ctx: BrokerContext): void {
  unfollow(broker, replica.partition, leader, ctx)
  let fetcher = broker.fetchers.get(leader)
  if (fetcher === undefined) {
    fetcher = { leader, state: 'connecting', on: undefined, dueAt: Infinity, armedFor: Infinity, partitions: new Map(), asked: [], outOfRange: undefined, delayed: new Map() }
    broker.fetchers.set(leader, fetcher)
    fetcher.on = ctx.connect(nodeName(leader), 'replication')
    armTimeout(broker, fetcher, ctx)
  }
  fetcher.partitions.set(replica.partition, wish(broker, replica))
  fetcher.delayed.delete(replica.partition)
}

/** Copy this partition from nobody (but `except`). A fetcher without partitions ends. */
export function unfollow(broker: Broker, partition: string, except: NodeId | undefined, ctx: BrokerContext): void {
  for (const fetcher of [...broker.fetchers.values()]) {
    if (fetcher.leader === except) continue
    fetcher.delayed.delete(partition)
    if (!fetcher.partitions.delete(partition) || fetcher.partitions.size > 0) continue
    if (fetcher.on !== undefined) ctx.close(fetcher.on)
    ctx.cancelTimer(timerOf(fetcher))
    broker.fetchers.delete(fetcher.leader)
  }
}

const timerOf = (fetcher: Fetcher) => ({ type: 'fetcher', key: String(fetcher.leader) })
const armTimeout = (broker: Broker, fetcher: Fetcher, ctx: BrokerContext): void => arm(fetcher, ctx.now + broker.config.replicaSocketTimeout, ctx)

/** Deadlines move with every request; the timer moves only when it would fire too late. */
function arm(fetcher: Fetcher, at: Micros, ctx: BrokerContext): void {
  fetcher.dueAt = at
  if (fetcher.armedFor <= at) return
  fetcher.armedFor = at
  if (at === Infinity) ctx.cancelTimer(timerOf(fetcher))
  else ctx.setTimer(timerOf(fetcher), at - ctx.now)
}

export function fetchNext(broker: Broker, fetcher: Fetcher, ctx: BrokerContext, acknowledges = false): void {
  if (fetcher.on === undefined) return
  if (broker.fetchStalledUntil > ctx.now) {
    fetcher.state = 'stalled'
    return arm(fetcher, broker.fetchStalledUntil, ctx)
  }
  if (fetcher.delayed.size > 0) for (const [partition, until] of fetcher.delayed) if (until <= ctx.now) fetcher.delayed.delete(partition)
  const all = [...fetcher.partitions.values()]
  const wanted = fetcher.delayed.size === 0 ? all : all.filter(({ partition }) => !fetcher.delayed.has(partition))
  const partitions = broker.quotas === undefined ? wanted : quotaSlot().unthrottled(broker, wanted, ctx)
  if (partitions.length === 0) return backOff(broker, fetcher, ctx)
  fetcher.state = 'fetching'
  fetcher.asked = Object.freeze(partitions)
  const { config } = broker
  const request: FetchRequest = {
    type: 'FetchRequest', clientId: broker.spec.name, replicaId: broker.spec.id, brokerEpoch: broker.brokerEpoch, maxWaitMs: config.replicaFetchWaitMaxMs,
    minBytes: config.replicaFetchMinBytes, maxBytes: config.replicaFetchResponseMaxBytes, partitions: fetcher.asked, acknowledges,
  }
  ctx.send(fetcher.on, request)
  armTimeout(broker, fetcher, ctx)
}

function backOff(broker: Broker, fetcher: Fetcher, ctx: BrokerContext): void {
  fetcher.state = 'backingOff'
  arm(fetcher, ctx.now + broker.config.replicaFetchBackoff, ctx)
}

/** `replica.socket.timeout.ms` without an answer, the end of a back-off, or of a stall. */
export function handleFetcherTimer(broker: Broker, leader: NodeId, ctx: BrokerContext): void {
  const fetcher = broker.fetchers.get(leader)
  if (fetcher === undefined) return
  fetcher.armedFor = Infinity
  if (fetcher.dueAt > ctx.now) return arm(fetcher, fetcher.dueAt, ctx)
  if (fetcher.state === 'backingOff' || fetcher.state === 'stalled') {
    if (fetcher.on !== undefined) return fetchNext(broker, fetcher, ctx)
    fetcher.state = 'connecting'
    fetcher.on = ctx.connect(nodeName(leader), 'replication')
    return armTimeout(broker, fetcher, ctx)
  }
  if (fetcher.on !== undefined) ctx.close(fetcher.on)
  ctx.note({ code: 'connection.lost', node: broker.spec.name, peer: nodeName(leader), how: 'timeout' })
  fetcher.on = undefined
  backOff(broker, fetcher, ctx)
}

export function handleFetcherDisconnected(broker: Broker, fetcher: Fetcher, ctx: BrokerContext): void {
  fetcher.on = undefined
  backOff(broker, fetcher, ctx)
}

export function handleFetchResponse(broker: Broker, response: FetchResponse, on: Connection, ctx: BrokerContext): void {
  const fetcher = fetcherOn(broker, on)
  if (fetcher === undefined) return
  for (const answer of response.partitions) handlePartition(broker, fetcher, answer, ctx)
  const lost = response.partitions.filter(({ partition, error }) => error === 'OFFSET_OUT_OF_RANGE' && fetcher.partitions.has(partition))
  if (lost.length > 0) return askWhere(broker, fetcher, lost.map(({ partition }) => partition), 'latest', ctx)
  fetchNext(broker, fetcher, ctx, response.partitions.some(({ batches }) => batches.length > 0))
}

/** It asked for what the leader does not have: first where the leader's log ends, then, if that is not the reason, where it begins. */
function askWhere(broker: Broker, fetcher: Fetcher, partitions: readonly string[], asking: 'latest' | 'earliest', ctx: BrokerContext): void {
  if (fetcher.on === undefined) return
  fetcher.outOfRange = asking
  const request: ListOffsetsRequest = {
    type: 'ListOffsetsRequest', clientId: broker.spec.name, replicaId: broker.spec.id,
    partitions: Object.freeze(partitions.map((partition) => ({ partition, currentLeaderEpoch: fetcher.partitions.get(partition)?.currentLeaderEpoch ?? -1, timestamp: asking }))),
  }
  ctx.send(fetcher.on, request)
  armTimeout(broker, fetcher, ctx)
}

/** Follows AbstractFetcherThread.scala#fetchOffsetAndTruncate: a leader that ends earlier cuts this log, one that begins later makes it begin anew. */
export function handleListedOffsets(broker: Broker, response: ListOffsetsResponse, on: Connection, ctx: BrokerContext): void {
  const fetcher = fetcherOn(broker, on)
  const asking = fetcher?.outOfRange
  if (fetcher === undefined || asking === undefined) return
  fetcher.outOfRange = undefined
  const behind: string[] = []
  for (const { partition, error, offset } of response.partitions) {
    const replica = broker.replicas.get(partition)
    if (replica === undefined || replica.leading !== undefined || !fetcher.partitions.has(partition)) continue
    if (error !== 'NONE') fetcher.delayed.set(partition, ctx.now + broker.config.replicaFetchBackoff)
    else if (asking === 'earliest') beginAnew(broker, replica, offset, ctx)
    else if (offset < replica.log.endOffset) cut(broker, replica, offset, ctx)
    else behind.push(partition)
    fetcher.partitions.set(partition, wish(broker, replica))
  }
  if (behind.length > 0) askWhere(broker, fetcher, behind, 'earliest', ctx)
  else fetchNext(broker, fetcher, ctx)
}

/** Everything that it has lies before the leader's first record. */
function beginAnew(broker: Broker, replica: Replica, offset: Offset, ctx: BrokerContext): void {
  const { log, partition } = replica
  const { startOffset: from, endOffset } = log
  if (offset <= endOffset) return
  noteDropped(replica, from, endOffset, restartAt(log, offset, wallMs(ctx)), ctx)
  replica.highWatermark = offset
  ctx.note({ code: 'logStart.moved', partition, node: broker.spec.name, from, to: offset, why: 'leader' })
}

function handlePartition(broker: Broker, fetcher: Fetcher, answer: FetchedPartition, ctx: BrokerContext): void {
  const replica = broker.replicas.get(answer.partition)
  const asked = fetcher.partitions.get(answer.partition)
  if (replica === undefined || asked === undefined || replica.leading !== undefined || !fetcher.asked.includes(asked)) return
  switch (answer.error) {
    case 'NONE':
      if (answer.divergingEpoch !== undefined) truncateToCommonEnd(broker, replica, answer.divergingEpoch, ctx)
      else store(broker, fetcher, replica, answer, asked, ctx)
      fetcher.partitions.set(answer.partition, wish(broker, replica))
      return
    case 'OFFSET_OUT_OF_RANGE': return
    default:
      fetcher.delayed.set(answer.partition, ctx.now + broker.config.replicaFetchBackoff)
  }
}

/** Only what belongs to the term it asked in (REP-34); then the high watermark, as far as its own log reaches (REP-12). */
function store(broker: Broker, fetcher: Fetcher, replica: Replica, answer: FetchedPartition, asked: FetchPartition, ctx: BrokerContext): void {
  const { log } = replica
  for (let i = 0; i < answer.batches.length; i++) {
    const batch = answer.batches[i]!
    if (log.endOffset === log.startOffset && batch.baseOffset < log.endOffset && batch.lastOffset >= log.endOffset) beginWith(replica, batch, ctx)
    if (batch.partitionLeaderEpoch > asked.currentLeaderEpoch || batch.baseOffset < log.endOffset) break
    // Follows AbstractFetcherThread.scala: what is not whole is not stored, and asked for again, in vain.
    if (isSpoiled(batch)) {
      fetcher.delayed.set(replica.partition, ctx.now + broker.config.replicaFetchBackoff)
      break
    }
    // Follows AbstractFetcherThread.scala#processFetchRequest: the partition has failed, and is not asked for again.
    if (broker.disk.watched && !canWrite(broker, replica, batch.sizeInBytes, ctx)) break
    write(broker, replica, batch, ctx)
  }
  if (broker.quotas !== undefined) quotaSlot().countFetched(broker, replica, answer, ctx)
  if (answer.batches.length > 0) {
    ctx.note({ code: 'replica.fetched', partition: replica.partition, node: broker.spec.name, leader: nodeName(replica.leader), offset: log.endOffset })
  }
  // Somebody may read here too (KIP-392).
  if (advanceHighWatermark(broker, replica, Math.min(answer.highWatermark, log.endOffset), ctx) && broker.config.selectsReplicaByRack) completeAfterHighWatermark(broker, replica, ctx)
  if (answer.logStartOffset > log.startOffset) adoptStart(broker, replica, Math.min(answer.logStartOffset, replica.highWatermark), ctx)
}

/**
 * The leader's log begins in the middle of a batch, as DeleteRecords has left it: this one begins where that batch does, and
 * then where the leader's does. Follows core/.../cluster/Partition.scala#appendRecordsToFollowerOrFutureReplica.
 */
function beginWith(replica: Replica, { baseOffset }: RecordBatch, ctx: BrokerContext): void {
  restartAt(replica.log, baseOffset, wallMs(ctx))
  replica.highWatermark = baseOffset
}

/** RET-8: whole segments below it go at the next check. */
function adoptStart(broker: Broker, replica: Replica, to: Offset, ctx: BrokerContext): void {
  const { log, partition } = replica
  const from = log.startOffset
  raiseStart(log, to)
  if (log.startOffset > from) ctx.note({ code: 'logStart.moved', partition, node: broker.spec.name, from, to: log.startOffset, why: 'leader' })
}

/** REP-33: down to the end of the last term that both logs know. */
function truncateToCommonEnd(broker: Broker, replica: Replica, leaderEnd: { readonly epoch: number; readonly endOffset: number }, ctx: BrokerContext): void {
  const { log } = replica
  const own = endOffsetForEpoch(log, leaderEnd.epoch)
  const to = own === undefined ? Math.min(leaderEnd.endOffset, replica.highWatermark)
    : own.epoch === leaderEnd.epoch ? Math.min(own.endOffset, leaderEnd.endOffset) : Math.min(own.endOffset, log.endOffset)
  cut(broker, replica, to, ctx)
}

function cut(broker: Broker, replica: Replica, to: number, ctx: BrokerContext): void {
  const { log, partition } = replica
  const from = log.endOffset
  const epoch = lastEpoch(log)
  const dropped = truncateTo(log, to)
  if (dropped.length === 0) return
  noteDropped(replica, log.endOffset, from, dropped, ctx)
  replica.highWatermark = Math.min(replica.highWatermark, log.endOffset)
  ctx.note({ code: 'log.truncated', partition, node: broker.spec.name, from, to: log.endOffset, epoch })
}

function noteDropped(replica: Replica, from: Offset, to: Offset, batches: readonly RecordBatch[], ctx: BrokerContext): void {
  replica.truncations++
  replica.lastTruncation = Object.freeze({ at: ctx.now, from, to, batches: Object.freeze(batches) })
}
