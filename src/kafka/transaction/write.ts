/**
 * Every change is a record of `__transaction_state`, and counts when that is committed.
 * Follows core/.../coordinator/transaction/TransactionStateManager.scala#appendTransactionToLog.
 */
import type { KafkaError } from '../errors.ts'
import { errorOfWrite } from '../group/answers.ts'
import type { KafkaRecord } from '../log/record.ts'
import { refuse } from './answers.ts'
import type { TransactionHost } from './host.ts'
import type { TransactionMetadata } from './metadata.ts'
import type { PendingChange, FollowUp, Transaction, TransactionCoordinator } from './state.ts'
import { tryMarkersLater } from './timers.ts'

/** Simplified: keys and values are readable text; what they mean travels beside them. */
export const recordOf = (metadata: TransactionMetadata, now: number): KafkaRecord => Object.freeze({
  id: metadata.id, key: metadata.id, value: `${metadata.state}, producer id ${metadata.producerId}, epoch ${metadata.producerEpoch}`,
  valueBytes: undefined, timestamp: Math.floor(now / 1000), data: metadata,
})

/** While it is being written nothing else may change. */
export function write(coordinator: TransactionCoordinator, txn: Transaction, next: TransactionMetadata, follow: FollowUp, host: TransactionHost): void {
  const written = host.append(txn.partition, [recordOf(next, host.clock)])
  if (typeof written === 'string') return failed(txn, follow, written, host)
  txn.pending = next.state
  const change: PendingChange = Object.freeze({ committedAt: written.committedAt, id: next.id, next, follow: Object.freeze(follow) })
  const waiting = coordinator.pending.get(txn.partition)
  if (waiting === undefined) coordinator.pending.set(txn.partition, [change])
  else waiting.push(change)
}

/** What is decided stays decided: its last record is written again until it is there. */
export function failed(txn: Transaction, follow: FollowUp, error: KafkaError, host: TransactionHost): void {
  if (follow.kind === 'completed') return tryMarkersLater(host)
  refuse(txn.metadata, follow, errorOfWrite(error), host)
}
