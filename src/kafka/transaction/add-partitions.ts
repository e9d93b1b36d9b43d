/**
 * A partition joins a transaction, or is looked for in it (TXN-4, TXN-5). The first one makes it Ongoing.
 * Follows core/.../coordinator/transaction/TransactionCoordinator.scala#handleAddPartitionsToTransaction, #handleVerifyPartitionsInTransaction.
 */
import type { Connection } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import { coordinatorPartition } from '../group/coordinator-partition.ts'
import type { AddOffsetsToTxnRequest, AddPartitionsToTxnRequest, OfProducer } from '../protocol/transaction.ts'
import { tellAdded } from './answers.ts'
import { transactionOf } from './find.ts'
import type { TransactionHost } from './host.ts'
import { addPartitions } from './metadata.ts'
import { isDecided, type Asker, type Transaction, type TransactionCoordinator } from './state.ts'
import { write } from './write.ts'

export function handleAddPartitions(coordinator: TransactionCoordinator, request: AddPartitionsToTxnRequest, asker: Asker, host: TransactionHost): void {
  const txn = transactionOf(coordinator, request.transactionalId, host)
  if (typeof txn === 'string') return tellAdded(asker, txn, host)
  const refusal = refusalOf(txn, request, request.verifyOnly)
  if (refusal !== 'NONE') return tellAdded(asker, refusal, host)
  const missing = request.partitions.filter((partition) => !txn.metadata.partitions.includes(partition))
  if (request.verifyOnly) return tellAdded(asker, missing.length === 0 ? 'NONE' : 'TRANSACTION_ABORTABLE', host, Object.freeze(missing))
  if (txn.metadata.state === 'Ongoing' && missing.length === 0) return tellAdded(asker, 'NONE', host)
  write(coordinator, txn, addPartitions(txn.metadata, request.partitions, request.version, host.clock), { kind: 'added', asker }, host)
}

/** Who only looks does not mind that something is being written. */
function refusalOf({ metadata, pending }: Transaction, { producerId, producerEpoch }: OfProducer, looks: boolean): KafkaError {
  if (producerId !== metadata.producerId) return 'INVALID_PRODUCER_ID_MAPPING'
  if (producerEpoch !== metadata.producerEpoch) return 'PRODUCER_FENCED'
  return (pending !== undefined && !looks) || isDecided(metadata) ? 'CONCURRENT_TRANSACTIONS' : 'NONE'
}

/** Version 1: the client says beforehand that offsets of this group will be part of its transaction. */
export function handleAddOffsets(coordinator: TransactionCoordinator, request: AddOffsetsToTxnRequest, on: Connection, host: TransactionHost): void {
  const asker: Asker = { on, api: 'AddOffsets' }
  if (host.offsetsPartitions === undefined) return tellAdded(asker, 'COORDINATOR_NOT_AVAILABLE', host)
  const { transactionalId, producerId, producerEpoch, clientId, groupId } = request
  const partitions = Object.freeze([coordinatorPartition(groupId, host.offsetsPartitions)])
  handleAddPartitions(
    coordinator, { type: 'AddPartitionsToTxnRequest', transactionalId, producerId, producerEpoch, clientId, partitions, verifyOnly: false, version: 1 }, asker, host,
  )
}
