/**
 * Records wait here, one queue of batches a partition (PRD-1, PRD-10). A record joins the last batch of its partition or
 * opens a new one; each batch holds its share of `buffer.memory` until it is done.
 * Follows clients/.../producer/internals/{RecordAccumulator,ProducerBatch,BufferPool}.java.
 */
import { added } from '../../../base/list.ts'
import type { Micros } from '../../../base/units.ts'
import type { KafkaError } from '../../errors.ts'
import { BATCH_HEADER_BYTES, headersSize, recordSize, utf8Length, varintSize, type KafkaRecord } from '../../log/record.ts'
import { leaderOf } from '../metadata.ts'
import { choosePartition, countBytes, hasHashedKey, newSticky, keyedPartition, type Sticky } from '../partitioner.ts'
import { takeTurn, turnOf } from './own-partitioner.ts'
import { packingSlot, sizeOf } from './packing-slot.ts'
import { joinBacklog, leaveBacklog } from './backlog.ts'
import { wallMs } from '../../wall-clock.ts'
import type { PartitionQueue, ProducerBatch, ProducerContext, ProducerState, SendCall } from './state.ts'

export type Appended = { readonly wake: boolean } | { readonly refused: KafkaError } | 'noMetadata' | 'noMemory'

const WAKE: Appended = Object.freeze({ wake: true })
const SLEEP: Appended = Object.freeze({ wake: false })

const byIndex = (partition: string): number => Number(partition.slice(partition.lastIndexOf('/') + 1))

/** Put the record of a call into a batch, or say what it has to wait for. */
export function append(state: ProducerState, call: SendCall, sentAt: Micros, ctx: ProducerContext): Appended {
  const partitions = state.metadata.partitionsOf.get(call.topic)
  if (partitions === undefined || partitions.length === 0 || (call.partition ?? 0) >= partitions.length) return 'noMetadata'
  const record: KafkaRecord = Object.freeze({
    id: `${state.config.id}#${call.number}`, key: call.key, value: call.value, valueBytes: call.valueBytes,
    timestamp: call.timestamp ?? wallMs(ctx), headers: call.headers,
    ...(call.poison === undefined ? undefined : { poison: call.poison }),
  })
  const most = sizeUpperBound(record)
  if (most > state.settings.maxRequestSize || most > state.settings.bufferMemory) return { refused: 'MESSAGE_TOO_LARGE' }
  if (call.partition !== undefined) return appendTo(state, partitions[call.partition]!, call, record, sentAt, ctx)
  const turn = turnOf(state, call, partitions)
  if (turn !== undefined) {
    const appended = appendTo(state, turn.partition, call, record, sentAt, ctx)
    if (typeof appended === 'object') takeTurn(state, turn)
    return appended
  }
  if (!state.settings.ignoreKeys && hasHashedKey(call.key, state.config.library)) {
    return appendTo(state, partitions[keyedPartition(state.config.library, call.key, partitions.length)]!, call, record, sentAt, ctx)
  }
  return appendSticky(state, partitions, call, record, sentAt, ctx)
}

function appendSticky(
  state: ProducerState, partitions: readonly string[], call: SendCall, record: KafkaRecord, sentAt: Micros, ctx: ProducerContext,
): Appended {
  const sticky = stickyOf(state, call.topic)
  const choose = (): number => {
    const available = partitions.filter((partition) => leaderOf(state.metadata, partition) !== undefined).map(byIndex)
    const next = choosePartition(sticky.load, available, partitions.length, ctx.random('sticky partition'))
    if (sticky.partition !== undefined && next !== sticky.partition) {
      ctx.note({ code: 'partition.switched', producer: state.config.id, topic: call.topic, to: next })
    }
    return next
  }
  sticky.partition ??= choose()
  // What was counted before may only now be enough: the batch that held it back is full or gone.
  if (isComplete(state, partitions[sticky.partition]!)) countBytes(sticky, 0, state.settings.batchSize, true, choose)
  const partition = partitions[sticky.partition]!
  const before = lastBytes(state, partition)
  const appended = appendTo(state, partition, call, record, sentAt, ctx)
  if (typeof appended === 'object' && 'wake' in appended) {
    const after = lastBytes(state, partition)
    const grown = after.batch === before.batch ? after.bytes - before.bytes : after.bytes
    countBytes(sticky, grown, state.settings.batchSize, isComplete(state, partition), choose)
  }
  return appended
}

function stickyOf(state: ProducerState, topic: string): Sticky {
  let sticky = state.sticky.get(topic)
  if (sticky === undefined) state.sticky.set(topic, (sticky = newSticky()))
  return sticky
}

export function queueOf(state: ProducerState, partition: string): PartitionQueue {
  let queue = state.queues.get(partition)
  if (queue === undefined) {
    queue = {
      partition, place: state.queues.size, waiting: [], muted: false,
      nextSequence: 0, lastAckedSequence: -1, producerId: -1, producerEpoch: -1, sequenced: [], unresolved: undefined,
    }
    state.queues.set(partition, queue)
  }
  return queue
}

function lastBatch(state: ProducerState, partition: string): ProducerBatch | undefined {
  const id = state.queues.get(partition)?.waiting.at(-1)
  return id === undefined ? undefined : state.batches.get(id)
}

function lastBytes(state: ProducerState, partition: string): { readonly batch: number; readonly bytes: number } {
  const last = lastBatch(state, partition)
  return last === undefined ? { batch: -1, bytes: 0 } : { batch: last.id, bytes: sizeOf(last) }
}

export const isFull = (batch: ProducerBatch): boolean => batch.sealed || (batch.records.length > 0 && batch.limit <= sizeOf(batch))
function isComplete(state: ProducerState, partition: string): boolean {
  const last = lastBatch(state, partition)
  return last === undefined || isFull(last)
}

function appendTo(
  state: ProducerState, partition: string, call: SendCall, record: KafkaRecord, sentAt: Micros, ctx: ProducerContext,
): Appended {
  const queue = queueOf(state, partition)
  const last = lastBatch(state, partition)
  if (last !== undefined && !last.sealed) {
    const size = recordSize(record, last.records.length, record.timestamp - (last.records[0]?.timestamp ?? record.timestamp))
    if (sizeOf(last) + size <= last.limit) {
      take(last, call, record, size, sentAt)
      return isFull(last) ? WAKE : SLEEP
    }
    last.sealed = true
  }
  const memory = Math.max(state.settings.batchSize, sizeUpperBound(record))
  if (state.memoryUsed + memory > state.settings.bufferMemory) return 'noMemory'
  const batch = openBatch(state, partition, memory, ctx.now)
  take(batch, call, record, recordSize(record, 0, 0), sentAt)
  queue.waiting.push(batch.id)
  joinBacklog(state, queue)
  return WAKE
}

export function openBatch(state: ProducerState, partition: string, memory: number, createdAt: Micros, isSplit?: true): ProducerBatch {
  const batch: ProducerBatch = {
    id: state.nextBatch++, partition, records: [], numbers: [], sentAt: [], bytes: BATCH_HEADER_BYTES, limit: memory, memory,
    sealed: false, inFlight: false,
    createdAt, lastAttemptAt: createdAt, attempts: 0, retryAt: 0, leaderEpoch: -1, leaderChangedAtAttempt: -1,
    producerId: -1, producerEpoch: -1, baseSequence: -1, renumbered: false, wire: undefined,
    ...(state.settings.codec === 0 ? undefined : { ratio: packingSlot().ratioFor(state, partition) }), ...(isSplit === undefined ? undefined : { isSplit }),
  }
  state.batches.set(batch.id, batch)
  state.memoryUsed += memory
  return batch
}

export function take(batch: ProducerBatch, call: Pick<SendCall, 'number'>, record: KafkaRecord, size: number, sentAt: Micros): void {
  batch.records = added(batch.records, record)
  batch.numbers = added(batch.numbers, call.number)
  batch.sentAt = added(batch.sentAt, sentAt)
  batch.bytes += size
}

/** The batch is done with, one way or the other. */
export function release(state: ProducerState, batch: ProducerBatch): void {
  if (!state.batches.delete(batch.id)) return
  state.memoryUsed -= batch.memory
  const queue = queueOf(state, batch.partition)
  remove(queue.waiting, batch.id)
  leaveBacklog(state, queue)
  remove(queue.sequenced, batch.id)
}

export function remove(list: number[], item: number): void {
  const place = list.indexOf(item)
  if (place === 0) list.shift()
  else if (place > 0) list.splice(place, 1)
}

/** AbstractRecords#estimateSizeInBytesUpperBound: what is reserved before the exact size is known. */
export function sizeUpperBound(record: Pick<KafkaRecord, 'key' | 'value' | 'valueBytes' | 'headers'>): number {
  const key = record.key === undefined ? -1 : utf8Length(record.key)
  const value = record.value === undefined ? -1 : (record.valueBytes ?? utf8Length(record.value))
  return BATCH_HEADER_BYTES + 21 + varintSize(key) + Math.max(0, key) + varintSize(value) + Math.max(0, value) + headersSize(record.headers)
}
