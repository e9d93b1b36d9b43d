/** What follows from a change that is committed, or cannot be. Follows core/.../coordinator/transaction/TransactionStateManager.scala. */
import type { Offset } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'
import { tellAdded, tellEnded, tellInit } from './answers.ts'
import type { TransactionHost } from './host.ts'
import { beginMarkers } from './markers.ts'
import { complete, type TransactionMetadata } from './metadata.ts'
import { outcomeOf, type FollowUp, type Transaction, type TransactionCoordinator } from './state.ts'
import { armScan } from './timers.ts'
import { failed } from './write.ts'

/** The high watermark of a partition has moved. */
export function handleCommitted(coordinator: TransactionCoordinator, partition: string, highWatermark: Offset, host: TransactionHost): void {
  const waiting = coordinator.pending.get(partition) ?? []
  const done = waiting.filter(({ committedAt }) => committedAt <= highWatermark)
  if (done.length === 0) return
  coordinator.pending.set(partition, waiting.filter(({ committedAt }) => committedAt > highWatermark))
  for (const { id, next, follow } of done) {
    const txn = coordinator.transactions.get(id)
    if (txn !== undefined) committed(coordinator, txn, next, follow, host)
  }
}

function committed(coordinator: TransactionCoordinator, txn: Transaction, next: TransactionMetadata, follow: FollowUp, host: TransactionHost): void {
  const before = txn.metadata
  txn.metadata = next
  txn.pending = undefined
  switch (follow.kind) {
    case 'init': return tellInit(follow.on, 'NONE', next, host)
    case 'added':
      if (before.state !== 'Ongoing') host.note({ code: 'txn.began', txn: next.id, epoch: next.producerEpoch, timeoutMs: next.timeoutMs })
      armScan(host)
      return tellAdded(follow.asker, 'NONE', host)
    case 'decided':
      host.note({ code: 'txn.decided', txn: next.id, outcome: outcomeOf(next), why: txn.why, epoch: next.producerEpoch, partitions: next.partitions, timeoutMs: next.timeoutMs })
      // From here the outcome cannot change; the producer hears of it before any marker is written.
      if (follow.on !== undefined) {
        if (follow.refusal) tellInit(follow.on, 'CONCURRENT_TRANSACTIONS', next, host)
        else tellEnded(follow.on, 'NONE', complete(next), host)
      }
      return beginMarkers(coordinator, txn, host)
    case 'completed':
      host.note({ code: 'txn.finished', txn: next.id, outcome: follow.outcome, why: txn.why })
  }
}

/** Leadership is lost, or the record was not committed in time. */
export function handleAppendFailed(coordinator: TransactionCoordinator, partition: string, error: KafkaError, host: TransactionHost): void {
  const waiting = coordinator.pending.get(partition) ?? []
  coordinator.pending.delete(partition)
  for (const { id, follow } of waiting) {
    const txn = coordinator.transactions.get(id)
    if (txn === undefined) continue
    txn.pending = undefined
    failed(txn, follow, error, host)
  }
}
