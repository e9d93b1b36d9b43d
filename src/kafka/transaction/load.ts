/**
 * A broker becomes the coordinator of a partition of `__transaction_state`, and stops being it (TXN-15).
 * Follows core/.../coordinator/transaction/TransactionCoordinator.scala#onElection, #onResignation.
 *
 * Simplified: loading takes no time, so nobody is answered COORDINATOR_LOAD_IN_PROGRESS; ids do not expire.
 */
import type { Epoch } from '../../base/units.ts'
import type { KafkaRecord } from '../log/record.ts'
import { handleAppendFailed } from './committed.ts'
import type { TransactionHost } from './host.ts'
import { beginMarkers } from './markers.ts'
import type { TransactionMetadata } from './metadata.ts'
import { isDecided, keep, type TransactionCoordinator } from './state.ts'
import { armScan } from './timers.ts'

/** The last record of an id wins. What had been decided is told to everybody again, with this coordinator's higher epoch. */
export function becomeTransactionCoordinator(
  coordinator: TransactionCoordinator, partition: string, epoch: Epoch, records: Iterable<KafkaRecord>, host: TransactionHost,
): void {
  const known = coordinator.partitions.has(partition)
  coordinator.partitions.set(partition, epoch)
  if (known) return
  for (const { data } of records) {
    const metadata = data as TransactionMetadata | undefined
    if (metadata !== undefined) coordinator.transactions.set(metadata.id, keep(metadata, partition))
  }
  for (const txn of coordinator.transactions.values()) {
    if (txn.partition !== partition) continue
    host.note({ code: 'txn.moved', txn: txn.metadata.id, to: host.self, state: txn.metadata.state })
    if (isDecided(txn.metadata)) beginMarkers(coordinator, txn, host)
    else if (txn.metadata.state === 'Ongoing') armScan(host)
  }
}

export function resignTransactions(coordinator: TransactionCoordinator, partition: string, host: TransactionHost): void {
  handleAppendFailed(coordinator, partition, 'NOT_LEADER_OR_FOLLOWER', host)
  for (const [id, txn] of coordinator.transactions) if (txn.partition === partition) coordinator.transactions.delete(id)
  coordinator.partitions.delete(partition)
}
