/**
 * The application's calls beside send(). Those that ask the coordinator block until it has answered, at most `max.block.ms`.
 * Follows clients/.../producer/KafkaProducer.java.
 */
import type { KafkaError } from '../../errors.ts'
import { noteError } from '../producer/notebook.ts'
import type { ProducerContext, ProducerState, TransactionCall } from '../producer/state.ts'
import type { ClientTransaction, ClientTransactionState, TransactionApi } from './state.ts'

/** In which states each may be called. */
const allowed: Readonly<Record<TransactionApi, readonly ClientTransactionState[]>> = {
  initTransactions: ['uninitialized'], beginTransaction: ['ready'], sendOffsetsToTransaction: ['inTransaction'], commitTransaction: ['inTransaction'],
  abortTransaction: ['inTransaction', 'abortableError'],
}

/** False while the call has not returned. */
export function makeTransactionCall(state: ProducerState, txn: ClientTransaction, call: TransactionCall, ctx: ProducerContext): boolean {
  if (txn.calling === undefined) {
    if (!allowed[call.api].includes(txn.state)) return refuse(state, txn, call.api, ctx)
    enter(state, txn, call)
    state.callingSince = ctx.now
  }
  if (isWaiting(txn)) {
    if (ctx.now - (state.callingSince ?? ctx.now) < state.settings.maxBlock) return false
    thrown(state, 'TIMED_OUT')
    noteError(state.notebook, 'TIMED_OUT')
  } else if (txn.error !== undefined) thrown(state, txn.error)
  txn.calling = undefined
  state.callingSince = undefined
  return true
}

function enter(state: ProducerState, txn: ClientTransaction, { api, offsets }: TransactionCall): void {
  txn.calling = api
  switch (api) {
    case 'initTransactions':
      txn.state = 'initializing'
      return
    case 'beginTransaction':
      txn.state = 'inTransaction'
      return
    case 'sendOffsetsToTransaction':
      // With none it does nothing at all.
      if ((offsets?.offsets.length ?? 0) > 0) txn.offsets = offsets
      return
    case 'commitTransaction':
      // What has been sent goes before, without waiting for linger.
      txn.state = 'committing'
      state.flushUpTo = state.nextBatch - 1
      return
    case 'abortTransaction':
      txn.state = 'aborting'
      txn.error = undefined
  }
}

const isWaiting = ({ calling, state, offsets }: ClientTransaction): boolean =>
  (calling === 'sendOffsetsToTransaction' ? offsets !== undefined : state === 'initializing' || state === 'committing' || state === 'aborting')

/** KafkaException, with what had gone wrong before; or IllegalStateException, which is the program's own fault. */
function refuse(state: ProducerState, txn: ClientTransaction, how: TransactionApi, ctx: ProducerContext): true {
  if (txn.error !== undefined) thrown(state, txn.error)
  else ctx.note({ code: 'client.misused', client: state.config.id, how, state: txn.state })
  return true
}

function thrown(state: ProducerState, error: KafkaError): void {
  state.notebook.lastError = error
}

/** Why a send() outside of a transaction is refused; undefined = it is inside of one. */
export function refusalOfSend(txn: ClientTransaction): KafkaError | undefined {
  return txn.state === 'inTransaction' ? undefined : (txn.error ?? 'INVALID_TXN_STATE')
}
