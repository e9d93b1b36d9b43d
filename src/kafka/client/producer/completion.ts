/**
 * What becomes of a batch: acknowledged, tried again, split, failed, or expired (PRD-4, PRD-7, PRD-8).
 * Follows clients/.../producer/internals/Sender.java#completeBatch, #canRetry, #failBatch.
 */
import type { Offset } from '../../../base/units.ts'
import { isRetriable, refreshesMetadata, type KafkaError } from '../../errors.ts'
import { addSequence } from '../../log/record.ts'
import { exponentialBackoff } from '../../network/backoff.ts'
import { requestUpdate } from '../metadata.ts'
import { queueOf, release } from './accumulator.ts'
import { decide, noteError } from './notebook.ts'
import { transactionalSlot } from './transactional.ts'
import type { ClientTransaction } from '../transactional/state.ts'
import { acknowledged, healSequence, isOvertaken, markUnresolved, requestBump } from './sequences.ts'
import { putBack } from './put-back.ts'
import { split } from './split.ts'
import type { ProducerBatch, ProducerContext, ProducerState, SentBatch } from './state.ts'

/** An answer about one batch has come, or its connection has failed. */
export function complete(
  state: ProducerState, { id, partition }: SentBatch, error: KafkaError, baseOffset: Offset, ctx: ProducerContext,
): void {
  const batch = state.batches.get(id)
  if (state.settings.maxInFlight === 1) queueOf(state, partition).muted = false
  if (error !== 'NONE') noteError(state.notebook, error)
  if (error !== 'NONE' && refreshesMetadata(error)) requestUpdate(state.metadata)
  if (batch === undefined) return
  batch.inFlight = false
  if (error === 'NONE' || error === 'DUPLICATE_SEQUENCE_NUMBER') return succeed(state, batch, baseOffset, ctx)
  if (error === 'MESSAGE_TOO_LARGE' && batch.records.length > 1) return split(state, batch, ctx)
  if (canRetry(state, batch, error, ctx)) return retry(state, batch, error, ctx)
  // What has used up its attempts may be in the log: its sequence must not be given to another batch.
  fail(state, batch, error, batch.attempts < state.settings.retries, ctx)
}

function canRetry(state: ProducerState, batch: ProducerBatch, error: KafkaError, ctx: ProducerContext): boolean {
  if (ctx.now - batch.createdAt >= state.settings.deliveryTimeout || batch.attempts >= state.settings.retries) return false
  if (state.settings.idempotent) {
    if (state.txn !== undefined) return isRetriable(error) || (error === 'OUT_OF_ORDER_SEQUENCE_NUMBER' && isOvertaken(queueOf(state, batch.partition), batch))
    if (error === 'OUT_OF_ORDER_SEQUENCE_NUMBER') {
      healSequence(state, queueOf(state, batch.partition), batch)
      return true
    }
    if (error === 'UNKNOWN_PRODUCER_ID') {
      if (!batch.renumbered) requestBump(state, batch.partition)
      return true
    }
  }
  return isRetriable(error)
}

function retry(state: ProducerState, batch: ProducerBatch, error: KafkaError, ctx: ProducerContext): void {
  const { retryBackoffMs, retryBackoffMaxMs } = state.settings
  batch.attempts++
  batch.lastAttemptAt = ctx.now
  batch.retryAt = ctx.now + exponentialBackoff(retryBackoffMs, retryBackoffMaxMs, batch.attempts - 1, ctx.random('retry backoff'))
  state.notebook.retries++
  putBack(state, batch)
  ctx.note({ code: 'producer.retried', producer: state.config.id, partition: batch.partition, error, attempt: batch.attempts })
}

function succeed(state: ProducerState, batch: ProducerBatch, baseOffset: Offset, ctx: ProducerContext): void {
  const { acks } = state.settings
  if (batch.baseSequence >= 0) acknowledged(queueOf(state, batch.partition), batch)
  tell(state, batch, 'NONE', baseOffset, ctx)
  release(state, batch)
  if (acks !== 0) {
    ctx.note({
      code: 'record.acked', producer: state.config.id, partition: batch.partition, offset: baseOffset, records: batch.records.length,
      acks: acks === 1 ? '1' : 'all',
    })
  }
}

/** PRD-5: with acks=0 a send succeeds when its bytes have been handed to the socket, whatever happens to them. */
export function acknowledgeUnanswered(state: ProducerState, batches: readonly ProducerBatch[], ctx: ProducerContext): void {
  for (const batch of batches) complete(state, batch, 'NONE', -1, ctx)
}

function fail(state: ProducerState, batch: ProducerBatch, error: KafkaError, adjustSequences: boolean, ctx: ProducerContext): void {
  tell(state, batch, error, -1, ctx)
  release(state, batch)
  ctx.note({ code: 'producer.failed', producer: state.config.id, error, records: batch.records.length, partition: batch.partition })
  if (state.txn !== undefined) return transactionalSlot().batchFailed(state, state.txn, error, ctx)
  const outOfOrder = error === 'OUT_OF_ORDER_SEQUENCE_NUMBER' || error === 'UNKNOWN_PRODUCER_ID'
  if (batch.baseSequence >= 0 && (outOfOrder || adjustSequences)) requestBump(state, batch.partition)
}

/** PRD-4: nothing is said about whether an expired batch was written. */
export function expire(state: ProducerState, ctx: ProducerContext): void {
  for (const batch of state.batches.values()) {
    if (ctx.now - batch.createdAt < state.settings.deliveryTimeout) return
    noteError(state.notebook, 'TIMED_OUT')
    fail(state, batch, 'TIMED_OUT', false, ctx)
    // Sent before: the partition takes no new batches until it is known what those still out have become.
    if (state.txn === undefined && batch.baseSequence >= 0 && batch.attempts > 0) markUnresolved(state, queueOf(state, batch.partition), batch)
  }
}

/**
 * The transaction is to be aborted: what has not been sent is given up; what is out is waited for.
 * Follows clients/.../producer/internals/RecordAccumulator.java#abortUndrainedBatches.
 */
export function abortUnsent(state: ProducerState, { state: now, error }: ClientTransaction, ctx: ProducerContext): void {
  if (now !== 'aborting' && now !== 'abortableError' && now !== 'fatalError') return
  for (const batch of [...state.batches.values()]) {
    if (batch.inFlight) continue
    const why = error ?? 'TRANSACTION_ABORTED'
    noteError(state.notebook, why)
    tell(state, batch, why, -1, ctx)
    release(state, batch)
    ctx.note({ code: 'producer.failed', producer: state.config.id, error: why, records: batch.records.length, partition: batch.partition })
  }
}

function tell(state: ProducerState, batch: ProducerBatch, error: KafkaError, baseOffset: Offset, ctx: ProducerContext): void {
  const known = error === 'NONE' && baseOffset >= 0
  for (let i = 0; i < batch.records.length; i++) {
    const record = batch.records[i]!
    decide(state.notebook, {
      number: batch.numbers[i]!, id: record.id, key: record.key, partition: batch.partition, offset: known ? baseOffset + i : -1,
      sequence: batch.baseSequence < 0 ? -1 : addSequence(batch.baseSequence, i), error, acks: state.settings.acks,
      sentAt: batch.sentAt[i]!, at: ctx.now,
    })
  }
}
