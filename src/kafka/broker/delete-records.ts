/**
 * DeleteRecords: the leader moves the start of its log, and answers when all live replicas have moved theirs.
 * Follows core/.../server/ReplicaManager.scala#deleteRecords, core/.../cluster/Partition.scala#deleteRecordsOnLeader,
 * #lowWatermarkIfLeader and server/.../purgatory/DelayedDeleteRecords.java. RET-9.
 */
import { fromMs, type Offset } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import { raiseStart } from '../log/log.ts'
import { respond } from '../network/server.ts'
import type { DeletedRecords, DeleteRecordsRequest, DeleteRecordsResponse } from '../protocol/delete-records.ts'
import { stir } from './fetch-session.ts'
import { armParked } from './parking.ts'
import { admit, type Led } from './read.ts'
import type { Broker, BrokerContext, Outcome, ParkedDelete } from './state.ts'

export function handleDeleteRecords(broker: Broker, request: DeleteRecordsRequest, on: Connection, ctx: BrokerContext): void {
  const parked: ParkedDelete = { id: broker.parked.next++, on, until: ctx.now + fromMs(request.timeoutMs), waiting: [], done: [] }
  for (const { partition, offset } of request.partitions) {
    const outcome = deleteOnLeader(broker, partition, offset, ctx)
    if (typeof outcome === 'string') parked.done.push(failed(partition, outcome))
    else parked.waiting.push({ partition, offset: outcome })
  }
  tryDelete(broker, parked, ctx)
  if (parked.waiting.length === 0) return
  broker.parked.deletes.set(parked.id, parked)
  armParked(broker, parked.until, ctx)
}

const failed = (partition: string, error: DeletedRecords['error']): DeletedRecords => ({ partition, error, lowWatermark: -1 })

/** The offset that the log begins at from now on; need not be where a segment does, and bytes go only with whole segments. */
function deleteOnLeader(broker: Broker, partition: string, wanted: Offset, ctx: BrokerContext): Outcome<Offset> {
  const replica = admit(broker, partition, -1)
  if (typeof replica === 'string') return replica
  const { log, highWatermark } = replica
  if (!log.config.delete) return 'POLICY_VIOLATION'
  const offset = wanted === -1 ? highWatermark : wanted
  if (offset < 0 || offset > highWatermark) return 'OFFSET_OUT_OF_RANGE'
  const from = log.startOffset
  stir(broker, replica)
  raiseStart(log, offset)
  if (log.startOffset > from) ctx.note({ code: 'logStart.moved', partition, node: broker.spec.name, from, to: log.startOffset, why: 'deleteRecords' })
  return offset
}

/** The lowest start of all that are alive: a replica that is fenced is not waited for. */
export function lowWatermark(broker: Broker, { log, leading }: Led): Offset {
  let low = log.startOffset
  for (const [id, { logStartOffset }] of leading.followers) if (broker.metadata.brokers.get(id)?.fenced === false) low = Math.min(low, logStartOffset)
  return low
}

/** Of partitions with records whose deletion is waited for. */
export const lowWatermarks = (broker: Broker): ReadonlyMap<string, Offset> => new Map(
  [...broker.parked.deletes.values()].flatMap(({ waiting }) => waiting.flatMap(({ partition }) => {
    const replica = admit(broker, partition, -1)
    return typeof replica === 'string' ? [] : [[partition, lowWatermark(broker, replica)] as const]
  })),
)
/** Whose low watermark a fetch has raised. */
export const risen = (broker: Broker, before: ReadonlyMap<string, Offset>): readonly string[] =>
  [...lowWatermarks(broker)].flatMap(([partition, low]) => (low > (before.get(partition) ?? low) ? [partition] : []))

/**
 * A fetch has raised the low watermark or the high one of these partitions, or somebody leads them no more: whoever waits for one of
 * them, as ReplicaManager#deleteRecords watches by the partitions of a request. That a follower is fenced is not looked at before the
 * next of these (Partition.scala#updateFollowerFetchState compares before and after the fetch).
 */
export function completeDeletes(broker: Broker, partitions: readonly string[], ctx: BrokerContext): void {
  for (const parked of [...broker.parked.deletes.values()]) if (asksFor(parked, partitions)) tryDelete(broker, parked, ctx)
}

/** Of the whole request, also where what it waits for is another of its partitions. */
const asksFor = ({ waiting, done }: ParkedDelete, partitions: readonly string[]): boolean =>
  waiting.some(({ partition }) => partitions.includes(partition)) || done.some(({ partition }) => partitions.includes(partition))

function tryDelete(broker: Broker, parked: ParkedDelete, ctx: BrokerContext): void {
  parked.waiting = parked.waiting.filter(({ partition, offset }) => {
    const replica = admit(broker, partition, -1)
    if (typeof replica === 'string') parked.done.push(failed(partition, replica))
    else if (lowWatermark(broker, replica) < offset) return true
    else parked.done.push({ partition, error: 'NONE', lowWatermark: lowWatermark(broker, replica) })
    return false
  })
  if (parked.waiting.length === 0) answer(broker, parked, ctx)
}

/** In time not every replica has followed. The start has moved all the same. */
export function expireDeletes(broker: Broker, ctx: BrokerContext): void {
  for (const parked of [...broker.parked.deletes.values()]) {
    if (parked.until > ctx.now) continue
    for (const { partition } of parked.waiting) parked.done.push(failed(partition, 'REQUEST_TIMED_OUT'))
    answer(broker, parked, ctx)
  }
}

function answer(broker: Broker, { id, on, done }: ParkedDelete, ctx: BrokerContext): void {
  broker.parked.deletes.delete(id)
  const response: DeleteRecordsResponse = { type: 'DeleteRecordsResponse', partitions: done }
  respond(on, response, ctx)
}
