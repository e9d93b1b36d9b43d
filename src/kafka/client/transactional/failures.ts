/**
 * How a transactional producer fails: so that the transaction has to be aborted, or for good (TXN-14).
 * Follows clients/.../producer/internals/TransactionManager.java#maybeTransitionToErrorState.
 */
import type { KafkaError } from '../../errors.ts'
import type { ProducerContext, ProducerState } from '../producer/state.ts'
import type { ClientTransaction } from './state.ts'

/** Somebody else has the id now, or the transaction is not what this client takes it for. */
const fatal: ReadonlySet<KafkaError> = new Set<KafkaError>(['PRODUCER_FENCED', 'INVALID_PRODUCER_ID_MAPPING', 'INVALID_TRANSACTION_TIMEOUT', 'INVALID_TXN_STATE'])
const fencing: ReadonlySet<KafkaError> = new Set<KafkaError>(['PRODUCER_FENCED', 'INVALID_TXN_STATE', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID', 'STALE_MEMBER_EPOCH'])

export function failTransaction(state: ProducerState, txn: ClientTransaction, error: KafkaError, how: 'fatal' | 'abortable', ctx: ProducerContext): void {
  if (txn.state === 'fatalError') return
  if (fencing.has(error)) noteFenced(state, txn, error, ctx)
  txn.offsets = undefined
  if (how === 'fatal') {
    txn.state = 'fatalError'
    txn.error = error
  } else if (txn.state !== 'aborting' && txn.state !== 'abortableError') {
    txn.state = 'abortableError'
    txn.error = error
  }
}

/** A batch has failed for good. With version 1 the next transaction is begun under a new epoch. */
export function batchFailed(state: ProducerState, txn: ClientTransaction, error: KafkaError, ctx: ProducerContext): void {
  if (txn.version === 1 && txn.state === 'inTransaction') txn.needsEpoch = true
  if (error === 'INVALID_PRODUCER_EPOCH') noteFenced(state, txn, error, ctx)
  failTransaction(state, txn, error, fatal.has(error) ? 'fatal' : 'abortable', ctx)
}

/** Told once. */
function noteFenced(state: ProducerState, { id }: ClientTransaction, error: KafkaError, ctx: ProducerContext): void {
  if (state.notebook.fencedBy === error) return
  state.notebook.fencedBy = error
  ctx.note({ code: 'producer.fenced', producer: state.config.id, error, txn: id })
}
