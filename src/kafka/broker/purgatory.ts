/**
 * Requests that wait: fetches for data, produces with acks=all for the high watermark.
 * Follows core/.../server/DelayedFetch.scala, server/.../purgatory/{DelayedProduce,DelayedOperationPurgatory}.java. REP-6, REP-16, REP-18.
 */
import { added } from '../../base/list.ts'
import { fromMs } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import { respond } from '../network/server.ts'
import { LOOK_AFTER_SHARES } from '../parts.ts'
import type { FetchedPartition, FetchRequest, FetchResponse } from '../protocol/fetch.ts'
import type { ProducedPartition, ProduceResponse } from '../protocol/produce.ts'
import { completeDeletes } from './delete-records.ts'
import { endSession, wake } from './fetch-session.ts'
import { armParked } from './parking.ts'
import { readAll } from './preferred-replica.ts'
import { currentLeader } from './read.ts'
import { quotaSlot } from './quota-slot.ts'
import { type Broker, type BrokerContext, type ParkedProduce, type Replica } from './state.ts'

export function parkFetch(broker: Broker, request: FetchRequest, on: Connection, ctx: BrokerContext): void {
  const id = broker.parked.next++
  const wait = fromMs(request.maxWaitMs)
  broker.parked.fetches.set(id, { id, on, request, since: ctx.now, until: ctx.now + wait })
  armParked(broker, ctx.now + wait, ctx)
}

export function parkProduce(broker: Broker, parked: Omit<ParkedProduce, 'id'>, ctx: BrokerContext): void {
  const id = broker.parked.next++
  const { on, clientId, since, until, waiting, done } = parked
  broker.parked.produces.set(id, { id, on, clientId, since, until, waiting, done })
  for (const { partition } of waiting) ctx.note({ code: 'request.parked', node: broker.spec.name, api: 'Produce', client: clientId, partition })
  armParked(broker, until, ctx)
}

/** Whatever has waited long enough is answered as it stands. */
export function completeDue(broker: Broker, ctx: BrokerContext): void {
  const { parked } = broker
  parked.armedFor = Infinity
  for (const { id, until } of [...parked.fetches.values()]) if (until <= ctx.now) completeFetch(broker, id, true, ctx)
  for (const { id, until } of [...parked.produces.values()]) if (until <= ctx.now) expireProduce(broker, id, ctx)
  let next = Infinity
  for (const { until } of parked.fetches.values()) next = Math.min(next, until)
  for (const { until } of parked.produces.values()) next = Math.min(next, until)
  for (const { until } of parked.deletes.values()) if (until > ctx.now) next = Math.min(next, until)
  if (next < Infinity) armParked(broker, next, ctx)
}

/** Something was appended: followers may have what they wait for. */
export const completeAfterAppend = (broker: Broker, replica: Replica, ctx: BrokerContext): void => completeFetches(broker, replica, 'followers', ctx)

/** The high watermark moved: consumers may read on, produces are committed, deletions looked at, and so is what the group coordinator wrote. */
export function completeAfterHighWatermark(broker: Broker, replica: Replica, ctx: BrokerContext): void {
  completeProduces(broker, replica, ctx)
  completeFetches(broker, replica, 'consumers', ctx)
  if (broker.transactions.markers.length > 0) ctx.setTimer({ type: 'transactionMarkers' }, 0)
  if (broker.parked.deletes.size > 0) completeDeletes(broker, [replica.partition], ctx)
  if (broker.commits.length > 0 && broker.commits.some(({ partition, at }) => partition === replica.partition && at <= replica.highWatermark)) ctx.setTimer({ type: 'coordinatorCommits' }, 0)
  if (broker.share !== undefined) ctx.setTimer(LOOK_AFTER_SHARES, 0)
}

/** This broker leads the partition no longer, or in another epoch: nobody waits here in vain. */
export function completeAfterLeadershipChange(broker: Broker, replica: Replica, ctx: BrokerContext): void {
  completeProduces(broker, replica, ctx)
  completeFetches(broker, replica, 'all', ctx)
  if (broker.transactions.markers.length > 0) ctx.setTimer({ type: 'transactionMarkers' }, 0)
  if (broker.share !== undefined) ctx.setTimer(LOOK_AFTER_SHARES, 0)
  if (broker.parked.deletes.size > 0) completeDeletes(broker, [replica.partition], ctx)
}

/** Few wait at a time, one for each follower and consumer: looking at all of them is cheaper than lists of who watches what. */
function completeFetches(broker: Broker, replica: Replica, whose: 'followers' | 'consumers' | 'all', ctx: BrokerContext): void {
  for (const { id, request } of broker.parked.fetches.values()) {
    if (whose !== 'all' && (request.replicaId >= 0) !== (whose === 'followers')) continue
    if (asksFor(request, replica.partition)) completeFetch(broker, id, false, ctx)
  }
}

function asksFor({ partitions }: FetchRequest, partition: string): boolean {
  for (let i = 0; i < partitions.length; i++) if (partitions[i]!.partition === partition) return true
  return false
}

/** Read again, so that the newest high watermark goes out with it; `due` answers whatever there is. */
function completeFetch(broker: Broker, id: number, due: boolean, ctx: BrokerContext): void {
  const parked = broker.parked.fetches.get(id)
  if (parked === undefined) return
  const { request, on } = parked
  if (broker.quotas !== undefined) quotaSlot().look(broker, 'leader', ctx)
  const { answers, bytes, urgent } = readAll(broker, request, on)
  if (!due && !urgent && bytes < request.minBytes) return
  broker.parked.fetches.delete(id)
  answerFetch(broker, request, on, answers, ctx)
}

/** Remembers which high watermarks a follower is told with it. */
export function answerFetch(broker: Broker, request: FetchRequest, on: Connection, partitions: readonly FetchedPartition[], ctx: BrokerContext): void {
  if (request.replicaId >= 0) {
    if (broker.quotas !== undefined) quotaSlot().countSent(broker, partitions, request.replicaId, ctx)
    for (const { partition, error, divergingEpoch, highWatermark, logStartOffset } of partitions) {
      const follower = broker.replicas.get(partition)?.leading?.followers.get(request.replicaId)
      // Who is told to truncate takes nothing else from the answer: it has not heard of the high watermark (AbstractFetcherThread#processFetchRequest).
      if (follower === undefined || error !== 'NONE' || divergingEpoch !== undefined) continue
      // On an earlier connection, whose end has not been noticed.
      if (follower.toldOn !== on) wake(broker, follower)
      follower.highWatermarkSent = highWatermark
      follower.logStartSent = logStartOffset
      follower.toldOn = on
    }
  }
  const response: FetchResponse = { type: 'FetchResponse', partitions }
  respond(on, response, ctx)
}

function completeProduces(broker: Broker, replica: Replica, ctx: BrokerContext): void {
  for (const parked of broker.parked.produces.values()) if (waitsFor(parked, replica.partition)) tryProduce(broker, parked, ctx)
}

function waitsFor({ waiting }: ParkedProduce, partition: string): boolean {
  for (const one of waiting) if (one.partition === partition) return true
  return false
}

/** REP-16: success when the high watermark has passed the batch, in the epoch it was appended in; else whoever leads now must be asked. */
function tryProduce(broker: Broker, parked: ParkedProduce, ctx: BrokerContext): void {
  let still: ParkedProduce['waiting'] = []
  for (const one of parked.waiting) {
    const replica = broker.replicas.get(one.partition)
    const leads = replica?.leading !== undefined && replica.leaderEpoch === one.leaderEpoch
    if (leads && replica.highWatermark < one.required) still = added(still, one)
    else parked.done = added(parked.done, leads ? one.answer : failed(broker, one.partition, broker.offline?.has(one.partition) === true ? 'KAFKA_STORAGE_ERROR' : 'NOT_LEADER_OR_FOLLOWER'))
  }
  parked.waiting = still
  if (parked.waiting.length === 0) answerProduce(broker, parked, ctx)
}

/** Not committed in time. The records stay in the log and may be committed yet: a time-out means unknown. */
function expireProduce(broker: Broker, id: number, ctx: BrokerContext): void {
  const parked = broker.parked.produces.get(id)
  if (parked === undefined) return
  for (const { partition } of parked.waiting) {
    parked.done = added(parked.done, failed(broker, partition, 'REQUEST_TIMED_OUT'))
  }
  parked.waiting = []
  answerProduce(broker, parked, ctx)
}

export const failed = (broker: Broker, partition: string, error: ProducedPartition['error']): ProducedPartition =>
  ({ partition, error, baseOffset: -1, currentLeader: currentLeader(broker, partition, error) })

function answerProduce(broker: Broker, parked: ParkedProduce, ctx: BrokerContext): void {
  broker.parked.produces.delete(parked.id)
  const response: ProduceResponse = { type: 'ProduceResponse', partitions: parked.done }
  respond(parked.on, response, ctx)
}

/** A client went away: nothing that it waits for is answered. What it wrote stays. */
export function forget(broker: Broker, on: Connection): void {
  endSession(broker, on)
  for (const parked of [...broker.parked.fetches.values()]) {
    if (parked.on !== on) continue
    broker.parked.fetches.delete(parked.id)
  }
  for (const { id, on: asker } of [...broker.parked.deletes.values()]) if (asker === on) broker.parked.deletes.delete(id)
}

