/** Of a record in a log: what has become of the transaction that it was written in. Pure. */
import type { Cell, LogTransactions, ReplicaView } from '../projection/cluster-view.ts'

export type Txn =
  /** Not decided: readers of committed records wait for it. */
  | 'open'
  /** They pass over it. */
  | 'aborted'

/** An undecided transaction keeps committed readers back. */
export const holdsBack = ({ transactions, highWatermark }: Pick<ReplicaView, 'transactions' | 'highWatermark'>): boolean => transactions !== undefined && transactions.lastStable < highWatermark

/** undefined = committed, or in no transaction. */
export function txnOf({ txn, offset }: Pick<Cell, 'txn' | 'offset'>, transactions: LogTransactions | undefined): Txn | undefined {
  if (txn === undefined || transactions === undefined) return undefined
  if (transactions.aborted.some(({ producerId, first, last }) => producerId === txn && first <= offset && offset <= last)) return 'aborted'
  return transactions.open.some(({ producerId, first }) => producerId === txn && first <= offset) ? 'open' : undefined
}
