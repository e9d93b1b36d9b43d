/**
 * EndTxn: the producer commits or aborts (TXN-6). What is decided is committed before anybody hears of it.
 * Follows core/.../coordinator/transaction/TransactionCoordinator.scala#endTransaction, #endTransactionWithTV1.
 */
import type { Connection } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import type { EndTxnRequest } from '../protocol/transaction.ts'
import { tellEnded } from './answers.ts'
import { transactionOf } from './find.ts'
import type { TransactionHost } from './host.ts'
import { decide, isEpochExhausted, type Outcome, type TransactionMetadata } from './metadata.ts'
import type { TransactionCoordinator } from './state.ts'
import { write } from './write.ts'

type Verdict = KafkaError | 'decide'

export function handleEndTxn(coordinator: TransactionCoordinator, request: EndTxnRequest, on: Connection, host: TransactionHost): void {
  const { committed, version } = request
  const outcome: Outcome = committed ? 'commit' : 'abort'
  const txn = transactionOf(coordinator, request.transactionalId, host)
  if (typeof txn === 'string') return tellEnded(on, txn, request, host)
  const { metadata, pending } = txn
  const verdict = pending !== undefined ? 'CONCURRENT_TRANSACTIONS' : version === 1 ? verdictOfFirst(metadata, request, outcome) : verdictOf(metadata, request, outcome)
  if (verdict !== 'decide') return tellEnded(on, verdict, metadata, host)
  const decided = decide(metadata, outcome, version, () => host.newProducerId(), host.clock)
  if (typeof decided === 'string') return tellEnded(on, decided, metadata, host)
  txn.why = 'asked'
  write(coordinator, txn, decided, { kind: 'decided', on, refusal: false }, host)
}

/** With the epoch of before its end a transaction is ended once more: the answer had been lost. With the present one it is the next. */
function verdictOf(metadata: TransactionMetadata, { producerId, producerEpoch }: EndTxnRequest, outcome: Outcome): Verdict {
  const { state } = metadata
  const afterRotation = metadata.previousProducerId === producerId && isEpochExhausted(producerEpoch) && metadata.producerEpoch === 0
  if (metadata.producerId !== producerId && !afterRotation) return 'INVALID_PRODUCER_ID_MAPPING'
  const isCurrent = producerEpoch === metadata.producerEpoch
  const isRepeat = afterRotation || metadata.producerEpoch === producerEpoch + 1
  switch (state) {
    case 'Ongoing': return isCurrent ? 'decide' : 'PRODUCER_FENCED'
    case 'Empty': return !isCurrent ? 'PRODUCER_FENCED' : outcome === 'abort' ? 'decide' : 'INVALID_TXN_STATE'
    case 'PrepareCommit': case 'PrepareAbort':
      if (!isRepeat) return 'PRODUCER_FENCED'
      return (state === 'PrepareCommit') === (outcome === 'commit') ? 'CONCURRENT_TRANSACTIONS' : 'INVALID_TXN_STATE'
    case 'CompleteCommit': case 'CompleteAbort':
      if (!isRepeat && !isCurrent) return 'PRODUCER_FENCED'
      if (isRepeat) return (state === 'CompleteCommit') === (outcome === 'commit') ? 'NONE' : 'INVALID_TXN_STATE'
      return outcome === 'abort' ? 'decide' : 'INVALID_TXN_STATE'
    default: return 'INVALID_TXN_STATE'
  }
}

/** Version 1: the epoch stays, so a repeat cannot be told from what it repeats. */
function verdictOfFirst(metadata: TransactionMetadata, { producerId, producerEpoch }: EndTxnRequest, outcome: Outcome): Verdict {
  const { state } = metadata
  if (metadata.producerId !== producerId) return 'INVALID_PRODUCER_ID_MAPPING'
  if (metadata.producerEpoch !== producerEpoch) return 'PRODUCER_FENCED'
  switch (state) {
    case 'Ongoing': return 'decide'
    case 'PrepareCommit': case 'PrepareAbort': return (state === 'PrepareCommit') === (outcome === 'commit') ? 'CONCURRENT_TRANSACTIONS' : 'INVALID_TXN_STATE'
    case 'CompleteCommit': case 'CompleteAbort': return (state === 'CompleteCommit') === (outcome === 'commit') ? 'NONE' : 'INVALID_TXN_STATE'
    default: return 'INVALID_TXN_STATE'
  }
}
