/**
 * A decided transaction is told to the leaders of its partitions, until all of them have a marker (TXN-7); then it is complete.
 * Follows core/.../coordinator/transaction/{TransactionMarkerChannelManager,TransactionMarkerRequestCompletionHandler}.scala.
 */
import type { KafkaError } from '../errors.ts'
import type { WriteTxnMarkersRequest, WriteTxnMarkersResponse } from '../protocol/transaction.ts'
import type { TransactionHost } from './host.ts'
import { complete } from './metadata.ts'
import { isDecided, outcomeOf, type Transaction, type TransactionCoordinator } from './state.ts'
import { tryMarkersLater } from './timers.ts'
import { write } from './write.ts'

export function beginMarkers(coordinator: TransactionCoordinator, txn: Transaction, host: TransactionHost): void {
  txn.unmarked = [...txn.metadata.partitions]
  txn.sent = []
  sendMarkers(coordinator, txn, host)
}

/** To each leader those of its partitions that it has not been sent. */
function sendMarkers(coordinator: TransactionCoordinator, txn: Transaction, host: TransactionHost): void {
  const { metadata: { id, producerId, producerEpoch, version }, metadata } = txn
  if (txn.unmarked.length === 0) return finish(coordinator, txn, host)
  const byLeader = new Map<string, string[]>()
  for (const partition of txn.unmarked) {
    if (txn.sent.includes(partition)) continue
    const leader = host.leaderOf(partition)
    if (leader === undefined) tryMarkersLater(host)
    else byLeader.set(leader, [...(byLeader.get(leader) ?? []), partition])
  }
  const coordinatorEpoch = coordinator.partitions.get(txn.partition) ?? -1
  txn.sent.push(...[...byLeader.values()].flat())
  for (const [leader, partitions] of byLeader) {
    const marker = { transactionalId: id, producerId, producerEpoch, outcome: outcomeOf(metadata), coordinatorEpoch, version, partitions: Object.freeze(partitions) }
    const request: WriteTxnMarkersRequest = { type: 'WriteTxnMarkersRequest', markers: Object.freeze([Object.freeze(marker)]) }
    host.writeMarkers(leader, request)
  }
}

function finish(coordinator: TransactionCoordinator, txn: Transaction, host: TransactionHost): void {
  if (txn.pending !== undefined || !isDecided(txn.metadata)) return
  write(coordinator, txn, complete(txn.metadata), { kind: 'completed', outcome: outcomeOf(txn.metadata) }, host)
}

/** Once more, for whatever has not come to its end. */
export function retryMarkers(coordinator: TransactionCoordinator, host: TransactionHost): void {
  for (const txn of coordinator.transactions.values()) if (isDecided(txn.metadata) && txn.pending === undefined) sendMarkers(coordinator, txn, host)
}

export function handleMarkersAnswered(coordinator: TransactionCoordinator, { markers }: WriteTxnMarkersResponse, host: TransactionHost): void {
  const told = new Set<Transaction>()
  for (const { transactionalId, producerId, producerEpoch, partition, error } of markers) {
    const txn = coordinator.transactions.get(transactionalId)
    // In the meantime it has come to its end elsewhere, or another one has begun.
    if (txn === undefined || !isDecided(txn.metadata) || txn.metadata.producerId !== producerId || txn.metadata.producerEpoch !== producerEpoch) continue
    take(txn, partition, error, host)
    told.add(txn)
  }
  for (const txn of told) if (txn.unmarked.length === 0) finish(coordinator, txn, host)
}

/** A leader that has heard of a later epoch has nothing to be told any more. */
function take(txn: Transaction, partition: string, error: KafkaError, host: TransactionHost): void {
  const without = (list: readonly string[]): string[] => list.filter((each) => each !== partition)
  txn.sent = without(txn.sent)
  if (error === 'NONE') txn.unmarked = without(txn.unmarked)
  else if (error !== 'INVALID_PRODUCER_EPOCH' && error !== 'TRANSACTION_COORDINATOR_FENCED') tryMarkersLater(host)
}
