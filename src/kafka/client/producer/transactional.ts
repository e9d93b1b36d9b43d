/** What a producer with a transactional id does beside an ordinary one; that is loaded late (`late.ts`). */
import type { Connection } from '../../../engine/process.ts'
import type { Overrides } from '../../config.ts'
import type { KafkaError } from '../../errors.ts'
import { slot } from '../../late.ts'
import type { CoordinatorResponse } from '../../protocol/coordinator-response.ts'
import type { ConsumerContext, ConsumerState } from '../consumer/state.ts'
import type { ClientTransaction } from '../transactional/state.ts'
import type { ProducerConfig, ProducerContext, ProducerPurpose, ProducerState, TransactionCall } from './state.ts'

/** What is left of a reader for the next one. */
export type KeptOfReader = Pick<ConsumerState, 'notebook' | 'handlerDelay'>

interface Transactional {
  readonly askCoordinators: (state: ProducerState, txn: ClientTransaction, ctx: ProducerContext) => boolean
  readonly handleCoordinatorAnswer: (state: ProducerState, txn: ClientTransaction, response: CoordinatorResponse, purpose: ProducerPurpose, ctx: ProducerContext) => void
  readonly coordinatorLost: (state: ProducerState, txn: ClientTransaction, purpose: ProducerPurpose, ctx: ProducerContext) => void
  readonly makeTransactionCall: (state: ProducerState, txn: ClientTransaction, call: TransactionCall, ctx: ProducerContext) => boolean
  readonly refusalOfSend: (txn: ClientTransaction) => KafkaError | undefined
  readonly batchFailed: (state: ProducerState, txn: ClientTransaction, error: KafkaError, ctx: ProducerContext) => void
  readonly newReader: (config: ProducerConfig, configs: Overrides, kept: KeptOfReader | undefined, ctx: ProducerContext) => ConsumerState | undefined
  readonly startReader: (reader: ConsumerState, ctx: ProducerContext) => void
  readonly closeReader: (reader: ConsumerState, ctx: ProducerContext) => void
  readonly readerContext: (ctx: ProducerContext) => ConsumerContext
  readonly readerOn: (state: ProducerState, on: Connection) => ConsumerState | undefined
  readonly isReading: (state: ProducerState) => boolean
  readonly followTurn: (state: ProducerState, reader: ConsumerState, ctx: ProducerContext) => void
}

export const transactionalSlot = slot<Transactional>('transactional producers')

/** Most producers read nothing, and have no reader. */
export const newReader: Transactional['newReader'] = (config, ...rest) => (config.reads === undefined ? undefined : transactionalSlot().newReader(config, ...rest))
export const readerOn: Transactional['readerOn'] = (state, on) => (state.reader === undefined ? undefined : transactionalSlot().readerOn(state, on))
