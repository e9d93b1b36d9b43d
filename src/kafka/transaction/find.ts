/** Who coordinates a transactional id (TXN-1), and what this broker has of it. */
import type { Connection } from '../../engine/process.ts'
import type { NodeId } from '../../base/units.ts'
import type { FindCoordinatorRequest, FindCoordinatorResponse } from '../protocol/metadata.ts'
import type { TransactionHost } from './host.ts'
import { transactionPartition, type Transaction, type TransactionCoordinator } from './state.ts'

/** The id's partition of `__transaction_state`, if it is coordinated here. */
export function coordinates(coordinator: TransactionCoordinator, id: string, host: TransactionHost): string | undefined {
  if (host.statePartitions === undefined) return undefined
  const partition = transactionPartition(id, host.statePartitions)
  return coordinator.partitions.has(partition) ? partition : undefined
}

/** The transaction, or why a request about it is refused. */
export function transactionOf(coordinator: TransactionCoordinator, id: string, host: TransactionHost): Transaction | 'NOT_COORDINATOR' | 'INVALID_PRODUCER_ID_MAPPING' {
  if (coordinates(coordinator, id, host) === undefined) return 'NOT_COORDINATOR'
  return coordinator.transactions.get(id) ?? 'INVALID_PRODUCER_ID_MAPPING'
}

/** Any broker answers, by what it knows of the metadata. */
export function handleFindTransactionCoordinator(
  { key }: FindCoordinatorRequest, on: Connection, host: TransactionHost,
  leaderOf: (partition: string) => { readonly id: NodeId; readonly name: string } | undefined,
): void {
  const leader = host.statePartitions === undefined ? undefined : leaderOf(transactionPartition(key, host.statePartitions))
  const response: FindCoordinatorResponse = leader === undefined
    ? { type: 'FindCoordinatorResponse', error: 'COORDINATOR_NOT_AVAILABLE', nodeId: -1, node: '' }
    : { type: 'FindCoordinatorResponse', error: 'NONE', nodeId: leader.id, node: leader.name, transactionVersion: host.version }
  host.respond(on, response)
}
