/**
 * Transactions as the cleaner meets them on its way through a log: data of aborted ones goes, and a marker when nothing of
 * its transaction is left. Follows storage/.../log/CleanedTransactionMetadata.java. CMP-6.
 */
import { isControl, isTransactional, type RecordBatch } from './record.ts'
import { markerOf } from './marker.ts'
import type { AbortedTxn } from './transactions.ts'

export class CleanedTransactions {
  readonly #coming: AbortedTxn[]
  readonly #aborted = new Map<number, { readonly txn: AbortedTxn; hasData: boolean }>()
  readonly #committed = new Set<number>()
  /** Aborted transactions of which something is left: what the new `.txnindex` says. */
  readonly kept: AbortedTxn[] = []

  constructor(aborted: readonly AbortedTxn[]) {
    this.#coming = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset)
  }

  /** Met in order; true = this batch may be discarded. */
  isDone(batch: RecordBatch): boolean {
    while (this.#coming.length > 0 && this.#coming[0]!.firstOffset <= batch.lastOffset) {
      const txn = this.#coming.shift()!
      if (!this.#aborted.has(txn.producerId)) this.#aborted.set(txn.producerId, { txn, hasData: false })
    }
    return isControl(batch) ? this.#isMarkerDone(batch) : this.#isDataDone(batch)
  }

  #isDataDone(batch: RecordBatch): boolean {
    if (!isTransactional(batch)) return false
    const aborted = this.#aborted.get(batch.producerId)
    if (aborted === undefined) {
      this.#committed.add(batch.producerId)
      return false
    }
    aborted.hasData = true
    return true
  }

  #isMarkerDone(batch: RecordBatch): boolean {
    const marker = markerOf(batch)
    if (marker === undefined) return true
    if (marker.type === 'COMMIT') return !this.#committed.delete(batch.producerId)
    const aborted = this.#aborted.get(batch.producerId)
    this.#aborted.delete(batch.producerId)
    if (aborted?.hasData !== true) return true
    this.kept.push(aborted.txn)
    return false
  }
}
