/**
 * The producer's network thread: which batches may go, to whom, in which requests (PRD-2, PRD-3).
 * Follows clients/.../producer/internals/Sender.java#sendProducerData and RecordAccumulator.java#ready, #drain.
 */
import { added } from '../../../base/list.ts'
import type { Epoch, Micros } from '../../../base/units.ts'
import { newBatch, TRANSACTIONAL } from '../../log/record.ts'
import { channelTo, findChannel, ready, sendRequest, type Channel } from '../../network/client.ts'
import type { InitProducerIdRequest, ProduceRequest } from '../../protocol/produce.ts'
import { sooner } from '../alarm.ts'
import { epochOf, leaderOf, partitionsLedBy, requestUpdate } from '../metadata.ts'
import { CLIENTS, leastLoaded, maybeAskForMetadata, reconnectPossibleAt, refreshPossibleAt } from '../node-choice.ts'
import { loadTable } from '../partitioner.ts'
import { isFull, queueOf } from './accumulator.ts'
import { leaveBacklog } from './backlog.ts'
import { packingSlot, sizeOf } from './packing-slot.ts'
import { transactionalSlot } from './transactional.ts'
import type { ClientTransaction } from '../transactional/state.ts'
import { abortUnsent, acknowledgeUnanswered, expire } from './completion.ts'
import { maybeBump, maybeResolve, mayBeSent, numberBatch } from './sequences.ts'
import type { PartitionQueue, ProducerBatch, ProducerContext, ProducerPurpose, ProducerState } from './state.ts'

const METADATA: ProducerPurpose = Object.freeze({ kind: 'metadata' })
const INIT: ProducerPurpose = Object.freeze({ kind: 'initProducerId' })

/** One pass of the thread: everything that can be sent now is sent. */
export function send(state: ProducerState, ctx: ProducerContext): void {
  if (state.settings.idempotent && state.txn === undefined) {
    maybeResolve(state)
    maybeBump(state)
    maybeAskForProducerId(state, ctx)
  }
  expire(state, ctx)
  if (state.txn === undefined) drainAll(state, ctx)
  else sendInTransaction(state, state.txn, ctx)
  maybeAskForMetadata(state.metadata, state.network, state.config.id, METADATA, state.settings.maxInFlight, ctx)
}

function drainAll(state: ProducerState, ctx: ProducerContext): void {
  while (drainOnce(state, ctx)) { /* a broker with room may be able to take the next batch at once */ }
}

/** Requests to coordinators go first, and alone. Follows Sender.java#maybeSendAndPollTransactionalRequest. */
function sendInTransaction(state: ProducerState, txn: ClientTransaction, ctx: ProducerContext): void {
  abortUnsent(state, txn, ctx)
  if (transactionalSlot().askCoordinators(state, txn, ctx)) return
  drainAll(state, ctx)
  // With version 1 a batch may just have found that its partition does not take part yet.
  if (txn.newPartitions.length > 0) transactionalSlot().askCoordinators(state, txn, ctx)
}

/** PRD-30: any broker will do. */
function maybeAskForProducerId(state: ProducerState, ctx: ProducerContext): void {
  if (state.identity.state !== 'none' || state.identity.retryAt > ctx.now) return
  const channel = leastLoaded(state.metadata, state.network, state.settings.maxInFlight, ctx)
  if (channel === undefined || !ready(state.network, channel, ctx)) return
  state.identity.state = 'asking'
  const request: InitProducerIdRequest = { type: 'InitProducerIdRequest', clientId: state.config.id }
  sendRequest(state.network, channel, request, INIT, ctx)
}

/** Ask each broker that has something ready for one request's worth. True when a request went out. */
function drainOnce(state: ProducerState, ctx: ProducerContext): boolean {
  let sent = false
  for (const leader of readyLeaders(state, ctx)) {
    const channel = channelTo(state.network, leader, CLIENTS)
    if (!ready(state.network, channel, ctx) || channel.inFlight.length >= state.settings.maxInFlight) continue
    const batches = drain(state, leader, ctx)
    if (batches.length === 0) continue
    sendProduce(state, channel, batches, ctx)
    sent = true
  }
  return sent
}

/** Leaders of partitions whose first batch may go, each once; a batch whose leader nobody knows makes the client ask. */
function readyLeaders(state: ProducerState, ctx: ProducerContext): readonly string[] {
  let leaders: string[] = []
  const waiting = state.blocked
  for (const partition of state.backlog) {
    const queue = queueOf(state, partition)
    const first = firstOf(state, queue)
    if (first === undefined) continue
    const belief = state.metadata.beliefs.get(partition)
    const leader = belief?.leader
    if (belief === undefined || leader === undefined) requestUpdate(state.metadata)
    else if (!queue.muted && !backsOff(first, belief.epoch, ctx) && !leaders.includes(leader) && isSendable(state, queue, first, waiting, ctx)) leaders = added(leaders, leader)
  }
  updateLoad(state)
  return leaders
}

const firstOf = (state: ProducerState, queue: PartitionQueue): ProducerBatch | undefined => {
  const id = queue.waiting[0]
  return id === undefined ? undefined : state.batches.get(id)
}

function isSendable(
  state: ProducerState, queue: PartitionQueue, first: ProducerBatch, waitingForMemory: boolean, ctx: ProducerContext,
): boolean {
  const lingered = ctx.now >= first.createdAt + state.settings.linger
  return queue.waiting.length > 1 || isFull(first) || first.attempts > 0 || lingered || waitingForMemory
    || state.lifecycle === 'closing' || first.id <= state.flushUpTo || state.txn?.state === 'committing'
}

/** PRD-9: a batch does not wait out its pause when a newer leader has been found since it failed. */
function backsOff(batch: ProducerBatch, epoch: Epoch, ctx: ProducerContext): boolean {
  if (epoch > batch.leaderEpoch) {
    batch.leaderEpoch = epoch
    batch.leaderChangedAtAttempt = batch.attempts
  }
  return batch.attempts > 0 && ctx.now < batch.retryAt && batch.leaderChangedAtAttempt !== batch.attempts
}

/** PRD-14: queue lengths weigh in once every partition of a topic has been used. */
function updateLoad(state: ProducerState): void {
  if (!state.settings.adaptive || state.settings.roundRobin || state.config.partitioner !== undefined) return
  for (const [topic, sticky] of state.sticky) {
    const partitions = state.metadata.partitionsOf.get(topic) ?? []
    if (partitions.length < 2 || !partitions.every((partition) => state.queues.has(partition))) continue
    const led = partitions.flatMap((partition, index) => (leaderOf(state.metadata, partition) === undefined ? [] : [index]))
    const lengths = led.map((index) => state.queues.get(partitions[index]!)!.waiting.length)
    while (lengths.length < partitions.length) lengths.push(0)
    sticky.load = loadTable(lengths, led, led.length)
  }
}

/** PRD-3: one batch of each partition led there, whether its own linger is over or not, starting somewhere else each time. */
function drain(state: ProducerState, leader: string, ctx: ProducerContext): ProducerBatch[] {
  const led = partitionsLedBy(state.metadata, leader)
  let batches: ProducerBatch[] = []
  const start = (state.drainIndex.get(leader) ?? 0) % led.length
  state.drainIndex.set(leader, (start + led.length - 1) % led.length)
  let size = 0
  for (const index of backlogFrom(state, led, start)) {
    const queue = queueOf(state, led[index]!)
    const first = firstOf(state, queue)
    if (first === undefined || queue.muted || backsOff(first, epochOf(state.metadata, queue.partition), ctx)) continue
    if ((size + sizeOf(first) > state.settings.maxRequestSize && batches.length > 0) || (state.settings.idempotent && !mayBeSent(state, queue, first))) {
      state.drainIndex.set(leader, index)
      break
    }
    queue.waiting.shift()
    leaveBacklog(state, queue)
    if (state.settings.idempotent) numberBatch(state, queue, first)
    first.sealed = true
    if (state.settings.codec !== 0) packingSlot().close(state, first)
    size += sizeOf(first)
    batches = added(batches, first)
  }
  return batches
}

/** Places among a leader's partitions of which batches wait, once around from `start`. */
function backlogFrom({ backlog }: ProducerState, led: readonly string[], start: number): readonly number[] {
  let places: number[] = []
  for (const partition of backlog) {
    const place = led.indexOf(partition)
    if (place >= 0) places = added(places, place)
  }
  const around = (place: number): number => (place < start ? place + led.length : place)
  return places.length < 2 ? places : places.sort((a, b) => around(a) - around(b))
}

function sendProduce(
  state: ProducerState, channel: Channel<ProducerPurpose>, batches: readonly ProducerBatch[], ctx: ProducerContext,
): void {
  const { settings, notebook } = state
  for (const batch of batches) {
    batch.wire ??= newBatch(batch.records, state.config.id, batch, state.txn === undefined ? 0 : TRANSACTIONAL)
    batch.inFlight = true
    if (settings.maxInFlight === 1) queueOf(state, batch.partition).muted = true
    notebook.batches++
    notebook.recordsInBatches += batch.records.length
  }
  notebook.requests++
  const request: ProduceRequest = {
    type: 'ProduceRequest', clientId: state.config.id, acks: settings.acks, timeoutMs: settings.requestTimeoutMs,
    partitions: batches.map((batch) => ({ partition: batch.partition, batch: batch.wire! })),
  }
  const sent = batches.map(({ id, partition }) => ({ id, partition }))
  const purpose: ProducerPurpose = { kind: 'produce', batches: sent }
  const { txn } = state
  sendRequest(state.network, channel, txn === undefined ? request : { ...request, transactional: { id: txn.id, version: txn.version } }, purpose, ctx, settings.acks !== 0)
  if (settings.acks === 0) acknowledgeUnanswered(state, batches, ctx)
}

/** When the thread has something to do that no message will wake it for. */
export function nextSendAt(state: ProducerState, now: Micros): Micros {
  let at = Infinity
  for (const partition of state.backlog) {
    const queue = queueOf(state, partition)
    const first = firstOf(state, queue)
    if (first === undefined || queue.muted) continue
    at = sooner(at, first.attempts > 0 ? first.retryAt : first.createdAt + state.settings.linger, now)
    const leader = leaderOf(state.metadata, queue.partition)
    const channel = leader === undefined ? undefined : findChannel(state.network, leader, CLIENTS)
    if (channel?.state === 'closed') at = sooner(at, channel.retryAt, now)
  }
  for (const batch of state.batches.values()) {
    at = sooner(at, batch.createdAt + state.settings.deliveryTimeout, now)
    break
  }
  if (state.txn !== undefined) {
    at = sooner(at, state.txn.retryAt, now)
    at = sooner(at, reconnectPossibleAt(state.metadata, state.network, now), now)
  } else if (state.settings.idempotent && state.identity.state === 'none') {
    at = sooner(at, state.identity.retryAt, now)
    at = sooner(at, reconnectPossibleAt(state.metadata, state.network, now), now)
  }
  at = sooner(at, refreshPossibleAt(state.metadata, state.network, now), now)
  return at
}
