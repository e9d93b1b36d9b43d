/**
 * A transaction that takes longer than its producer has allowed is aborted (TXN-12), and so is one whose producer another
 * has taken the place of. Follows core/.../coordinator/transaction/TransactionCoordinator.scala#abortTimedOutTransactions.
 */
import { fromMs } from '../../base/units.ts'
import type { TransactionHost } from './host.ts'
import { prepareFencedAbort } from './metadata.ts'
import type { EndReason, FollowUp, Transaction, TransactionCoordinator } from './state.ts'
import { armScan } from './timers.ts'
import { write } from './write.ts'

/** The transaction is aborted under an epoch that its producer does not have. */
export function fence(coordinator: TransactionCoordinator, txn: Transaction, why: EndReason, then: FollowUp, host: TransactionHost): void {
  txn.why = why
  write(coordinator, txn, prepareFencedAbort(txn.metadata, host.version, host.clock), then, host)
}

/** Those that are still being changed are looked at again next time. */
export function abortTimedOut(coordinator: TransactionCoordinator, host: TransactionHost): void {
  let ongoing = false
  for (const txn of coordinator.transactions.values()) {
    const { state, startedAt, timeoutMs } = txn.metadata
    if (state !== 'Ongoing') continue
    ongoing = true
    if (txn.pending === undefined && startedAt !== undefined && startedAt + fromMs(timeoutMs) < host.clock) {
      fence(coordinator, txn, 'timeout', { kind: 'decided', on: undefined, refusal: false }, host)
    }
  }
  if (ongoing) armScan(host)
}
