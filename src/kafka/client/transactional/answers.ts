/** What coordinators answer a transactional producer. Follows clients/.../producer/internals/TransactionManager.java, its handlers. */
import { MILLISECOND, fromMs, type Micros } from '../../../base/units.ts'
import type { KafkaError } from '../../errors.ts'
import type { CoordinatorResponse } from '../../protocol/coordinator-response.ts'
import type { FindCoordinatorResponse } from '../../protocol/metadata.ts'
import type { InitProducerIdResponse } from '../../protocol/produce.ts'
import type { EndTxnResponse } from '../../protocol/transaction.ts'
import { noteError } from '../producer/notebook.ts'
import type { ProducerContext, ProducerPurpose, ProducerState } from '../producer/state.ts'
import { failTransaction } from './failures.ts'
import { reset, type ClientTransaction } from './state.ts'

/** While the transaction before is ending, its first partition comes back sooner (`ADD_PARTITIONS_RETRY_BACKOFF_MS`). */
const SOON: Micros = 20 * MILLISECOND

export function handleCoordinatorAnswer(state: ProducerState, txn: ClientTransaction, response: CoordinatorResponse, purpose: ProducerPurpose, ctx: ProducerContext): void {
  txn.inFlight = false
  if (response.error !== 'NONE') noteError(state.notebook, response.error)
  if (response.type === 'FindCoordinatorResponse') return handleFound(state, txn, response, purpose, ctx)
  const { error } = response
  const of = response.type === 'TxnOffsetCommitResponse' ? 'group' : 'transaction'
  switch (error) {
    case 'NONE': return succeeded(state, txn, response, ctx)
    case 'NOT_COORDINATOR': case 'COORDINATOR_NOT_AVAILABLE': case 'REQUEST_TIMED_OUT':
      txn.coordinators[of] = undefined
      return later(state, txn, ctx)
    case 'COORDINATOR_LOAD_IN_PROGRESS': case 'CONCURRENT_TRANSACTIONS': case 'NOT_LEADER_OR_FOLLOWER': case 'NOT_ENOUGH_REPLICAS': case 'UNKNOWN_TOPIC_OR_PARTITION':
      return later(state, txn, ctx, response.type === 'AddPartitionsToTxnResponse' && txn.partitions.length === 0 ? SOON : undefined)
    default: return failed(state, txn, response.type, error, ctx)
  }
}

const later = (state: ProducerState, txn: ClientTransaction, ctx: ProducerContext, pause = fromMs(state.settings.retryBackoffMs)): void => {
  txn.retryAt = ctx.now + pause
}

function handleFound(state: ProducerState, txn: ClientTransaction, { error, node, transactionVersion }: FindCoordinatorResponse, purpose: ProducerPurpose, ctx: ProducerContext): void {
  if (error !== 'NONE' || purpose.kind !== 'findCoordinator') return later(state, txn, ctx)
  txn.coordinators[purpose.of] = node
  if (transactionVersion !== undefined) txn.version = transactionVersion === 1 ? 1 : 2
}

/** ProducerFencedException for whoever has an old epoch. What an abort can heal is left to the application. */
function failed(state: ProducerState, txn: ClientTransaction, type: CoordinatorResponse['type'], error: KafkaError, ctx: ProducerContext): void {
  switch (error) {
    case 'INVALID_PRODUCER_EPOCH': case 'PRODUCER_FENCED': return failTransaction(state, txn, 'PRODUCER_FENCED', 'fatal', ctx)
    case 'INVALID_PRODUCER_ID_MAPPING': case 'UNKNOWN_PRODUCER_ID':
      return failTransaction(state, txn, error, type === 'InitProducerIdResponse' || txn.state === 'aborting' ? 'fatal' : 'abortable', ctx)
    case 'INVALID_TXN_STATE': case 'INVALID_TRANSACTION_TIMEOUT': return failTransaction(state, txn, error, 'fatal', ctx)
    default: return failTransaction(state, txn, error, type === 'InitProducerIdResponse' ? 'fatal' : 'abortable', ctx)
  }
}

function succeeded(state: ProducerState, txn: ClientTransaction, response: CoordinatorResponse, ctx: ProducerContext): void {
  switch (response.type) {
    case 'InitProducerIdResponse': return begun(state, txn, response, ctx)
    case 'AddPartitionsToTxnResponse':
      txn.partitions.push(...txn.newPartitions)
      txn.newPartitions = []
      txn.started = true
      return
    case 'AddOffsetsToTxnResponse':
      txn.offsetsAdded = true
      txn.started = true
      return
    case 'TxnOffsetCommitResponse':
      txn.offsets = undefined
      txn.started = true
      return
    case 'EndTxnResponse': return ended(state, txn, response)
    default:
  }
}

function begun(state: ProducerState, txn: ClientTransaction, { producerId, producerEpoch }: InitProducerIdResponse, ctx: ProducerContext): void {
  takeIdentity(state, producerId, producerEpoch)
  txn.needsEpoch = false
  reset(txn)
  ctx.note({ code: 'producer.started', producer: state.config.id, producerId, epoch: producerEpoch })
}

/** With version 2 the next transaction has the next epoch, and with it sequences that begin at 0. */
function ended(state: ProducerState, txn: ClientTransaction, { producerId, producerEpoch }: EndTxnResponse): void {
  if (txn.version === 2) takeIdentity(state, producerId, producerEpoch)
  if (!txn.needsEpoch) return reset(txn)
  reset(txn)
  txn.state = 'initializing'
}

function takeIdentity({ identity }: ProducerState, producerId: number, epoch: number): void {
  identity.state = 'known'
  identity.producerId = producerId
  identity.epoch = epoch
}

/** The connection is gone: whether the coordinator has heard of it is not known, so it is asked again, or whoever coordinates now. */
export function coordinatorLost(state: ProducerState, txn: ClientTransaction, purpose: ProducerPurpose, ctx: ProducerContext): void {
  txn.inFlight = false
  if (purpose.kind === 'transaction') txn.coordinators = { transaction: undefined, group: undefined }
  later(state, txn, ctx)
}
