/**
 * What a log knows of transactions: which are open, which have ended but are not committed to the end, and which were
 * aborted. Follows storage/.../log/{ProducerStateManager,ProducerAppendInfo,TransactionIndex}.java. TXN-8 to TXN-10.
 */
import type { Epoch, Offset } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'
import { markerOf } from './marker.ts'
import type { ProducerEntry } from './producer-state.ts'
import { isControl, isTransactional, type RecordBatch } from './record.ts'

/** A transaction with its marker, first and last offset inclusive. */
interface EndedTxn { readonly firstOffset: Offset; readonly lastOffset: Offset }
/** An entry of `.txnindex`. */
export interface AbortedTxn extends EndedTxn { readonly producerId: number; readonly lastStableOffset: Offset }

/** Frozen and replaced: most logs never see a transaction, and share one. */
export interface Transactions {
  /** First offset of each that has no marker yet, in order. */
  readonly open: readonly { readonly producerId: number; readonly firstOffset: Offset }[]
  /** Those whose marker may not be below the high watermark yet, in order of their first offsets. */
  readonly unreplicated: readonly EndedTxn[]
  /** In order of their markers. */
  readonly aborted: readonly AbortedTxn[]
}
export const NO_TRANSACTIONS: Transactions = Object.freeze({ open: Object.freeze([]), unreplicated: Object.freeze([]), aborted: Object.freeze([]) })

const freeze = (open: Transactions['open'], unreplicated: Transactions['unreplicated'], aborted: Transactions['aborted']): Transactions =>
  Object.freeze({ open: Object.freeze(open), unreplicated: Object.freeze(unreplicated), aborted: Object.freeze(aborted) })

/**
 * May the leader write this marker? With transaction version 2 the coordinator has raised the epoch, so that a late one of
 * the transaction before cannot end the one that is open; with version 1 it could.
 */
export function checkMarker(
  entry: ProducerEntry | undefined, { producerEpoch, coordinatorEpoch }: { readonly producerEpoch: Epoch; readonly coordinatorEpoch: Epoch }, version: 1 | 2,
): KafkaError | undefined {
  if (entry === undefined) return undefined
  const isLate = version === 2 && entry.openSince !== undefined ? producerEpoch <= entry.producerEpoch : producerEpoch < entry.producerEpoch
  if (isLate) return 'INVALID_PRODUCER_EPOCH'
  return coordinatorEpoch < entry.coordinatorEpoch ? 'TRANSACTION_COORDINATOR_FENCED' : undefined
}

/** This batch of a transactional producer, data or marker, has been appended; `entry` is the producer's, before the batch is remembered. */
export function follow(transactions: Transactions, entry: ProducerEntry | undefined, batch: RecordBatch): Transactions {
  if (isControl(batch)) return entry?.openSince === undefined || markerOf(batch) === undefined ? transactions : complete(transactions, entry.openSince, batch)
  if (!isTransactional(batch) || entry?.openSince !== undefined) return transactions
  return freeze([...transactions.open, { producerId: batch.producerId, firstOffset: batch.baseOffset }], transactions.unreplicated, transactions.aborted)
}

/** The entry of the aborted one says how far everything was decided when its marker came: up to the next that is still open. */
function complete({ open, unreplicated, aborted }: Transactions, firstOffset: Offset, batch: RecordBatch): Transactions {
  const { producerId, baseOffset: lastOffset } = batch
  const ended = [...unreplicated, { firstOffset, lastOffset }].toSorted((a, b) => a.firstOffset - b.firstOffset)
  const others = open.filter((txn) => txn.producerId !== producerId)
  const isAborted = markerOf(batch)?.type === 'ABORT'
  const entry: AbortedTxn = { producerId, firstOffset, lastOffset, lastStableOffset: others[0]?.firstOffset ?? lastOffset + 1 }
  return freeze(others, ended, isAborted ? [...aborted, Object.freeze(entry)] : aborted)
}

/** Ended transactions whose marker is below the high watermark hold nobody back any more. */
export function forgetReplicated(transactions: Transactions, highWatermark: Offset): Transactions {
  const { open, unreplicated, aborted } = transactions
  return unreplicated.length === 0 ? transactions : freeze(open, unreplicated.filter(({ lastOffset }) => lastOffset >= highWatermark), aborted)
}

/** TXN-9: never above the high watermark, and at the first offset of the earliest transaction that is not decided below it. */
export function lastStableOffset({ open, unreplicated }: Transactions, highWatermark: Offset): Offset {
  let first = highWatermark
  if (open.length > 0) first = Math.min(first, open[0]!.firstOffset)
  for (const txn of unreplicated) if (txn.lastOffset >= highWatermark) first = Math.min(first, txn.firstOffset)
  return first
}

/** TXN-10: told with what a read_committed reader fetches between these offsets. Follows TransactionIndex.java#collectAbortedTxns. */
export function abortedBetween({ aborted }: Transactions, from: Offset, to: Offset): readonly AbortedTxn[] {
  return aborted.filter(({ firstOffset, lastOffset }) => lastOffset >= from && firstOffset < to)
}

/** The part of a history that the log still holds. */
export const dropAborted = (transactions: Transactions, keep: (txn: AbortedTxn) => boolean): Transactions =>
  (transactions.aborted.every(keep) ? transactions : freeze(transactions.open, transactions.unreplicated, transactions.aborted.filter(keep)))

/**
 * What read_committed makes of batches and the list that came with them: a producer's batches are passed over from the first
 * offset of an aborted transaction to its marker, and markers always. Follows clients/.../consumer/internals/CompletedFetch.java.
 */
export function committedOnly(batches: readonly RecordBatch[], aborted: readonly AbortedTxn[]): readonly RecordBatch[] {
  const coming = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset)
  const inside = new Set<number>()
  let next = 0
  return batches.filter((batch) => {
    for (; next < coming.length && coming[next]!.firstOffset <= batch.lastOffset; next++) inside.add(coming[next]!.producerId)
    if (isControl(batch)) {
      if (markerOf(batch)?.type === 'ABORT') inside.delete(batch.producerId)
      return false
    }
    return !isTransactional(batch) || !inside.has(batch.producerId)
  })
}
