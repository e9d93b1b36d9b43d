/**
 * InitProducerId: a producer begins under a transactional id, and shuts out whoever had it before (TXN-3, TXN-13).
 * Follows core/.../coordinator/transaction/TransactionCoordinator.scala#handleInitProducerId, #prepareInitProducerIdTransit.
 */
import type { Connection } from '../../engine/process.ts'
import type { InitProducerIdRequest } from '../protocol/produce.ts'
import { tellInit } from './answers.ts'
import { coordinates } from './find.ts'
import type { TransactionHost } from './host.ts'
import { initialise, isEpochExhausted, newTransaction, NO_EPOCH, type TransactionMetadata } from './metadata.ts'
import { keep, type TransactionCoordinator } from './state.ts'
import { fence } from './timeout.ts'
import { write } from './write.ts'

export function handleInitProducerId(
  coordinator: TransactionCoordinator, request: InitProducerIdRequest & { readonly transactionalId: string }, on: Connection, host: TransactionHost,
): void {
  const { transactionalId: id, transactionTimeoutMs: timeoutMs = 0, producerEpoch = NO_EPOCH } = request
  if (timeoutMs > host.config('transaction.max.timeout.ms') || timeoutMs <= 0) return tellInit(on, 'INVALID_TRANSACTION_TIMEOUT', NOTHING, host)
  const partition = coordinates(coordinator, id, host)
  if (partition === undefined) return tellInit(on, 'NOT_COORDINATOR', NOTHING, host)
  let txn = coordinator.transactions.get(id)
  if (txn === undefined) {
    const producerId = host.newProducerId()
    if (producerId === undefined) return tellInit(on, 'COORDINATOR_LOAD_IN_PROGRESS', NOTHING, host)
    coordinator.transactions.set(id, (txn = keep(newTransaction(id, producerId, timeoutMs, host.version), partition)))
  }
  const { metadata } = txn
  if (txn.pending !== undefined) return tellInit(on, 'CONCURRENT_TRANSACTIONS', metadata, host)
  if (!mayGoOn(metadata, request)) return tellInit(on, 'PRODUCER_FENCED', metadata, host)
  switch (metadata.state) {
    case 'PrepareCommit': case 'PrepareAbort': return tellInit(on, 'CONCURRENT_TRANSACTIONS', metadata, host)
    // The epoch that this raises is given to nobody; when whoever asks comes again, there is another one.
    case 'Ongoing': return fence(coordinator, txn, 'fenced', { kind: 'decided', on, refusal: true }, host)
    default: {
      const next = initialise(metadata, timeoutMs, producerEpoch === NO_EPOCH ? undefined : producerEpoch, () => host.newProducerId())
      if (typeof next === 'string') tellInit(on, next, metadata, host)
      else write(coordinator, txn, next, { kind: 'init', on }, host)
    }
  }
}
const NOTHING = Object.freeze({ producerId: -1, producerEpoch: NO_EPOCH })

/** KIP-360: who names the id it has must have the present one, or the one before with its epochs used up. */
function mayGoOn({ producerEpoch, producerId, previousProducerId }: TransactionMetadata, request: InitProducerIdRequest): boolean {
  if (request.producerId === undefined || producerEpoch === NO_EPOCH || request.producerId === producerId) return true
  return request.producerId === previousProducerId && isEpochExhausted(request.producerEpoch ?? NO_EPOCH)
}
