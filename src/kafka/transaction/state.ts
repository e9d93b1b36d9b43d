/** What a transaction coordinator keeps. Follows core/.../coordinator/transaction/TransactionStateManager.scala. */
import type { Epoch, Offset } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import { coordinatorIndex } from '../group/coordinator-partition.ts'
import type { Outcome, TransactionMetadata, TransactionState } from './metadata.ts'

export const TRANSACTION_TOPIC = '__transaction_state'
/** TXN-1: its leader coordinates the id. */
export const transactionPartition = (id: string, partitions: number): string => `${TRANSACTION_TOPIC}/${coordinatorIndex(id, partitions)}`

/** Whoever asked: over a connection, or the broker itself, which waits under this number. Frozen. */
export type Asker = { readonly on: Connection; readonly api?: 'AddOffsets' } | { readonly ticket: number }

/** Why a transaction comes to its end: its producer said so, it took too long, or another with its id has begun. */
export type EndReason = 'asked' | 'timeout' | 'fenced'

export interface Transaction {
  /** As it is committed. */
  metadata: TransactionMetadata
  /** The partition of `__transaction_state` that it is kept in. */
  readonly partition: string
  /** What is being written, and not committed yet. */
  pending: TransactionState | undefined
  why: EndReason
  /** Decided: partitions whose marker is not known to be written, and those of them that have been sent one. */
  unmarked: string[]
  sent: string[]
}

/** What follows when a change is committed. Frozen. */
export type FollowUp =
  | { readonly kind: 'init'; readonly on: Connection }
  | { readonly kind: 'added'; readonly asker: Asker }
  /** `refusal`: a producer of the same id that made this necessary has to ask again. */
  | { readonly kind: 'decided'; readonly on: Connection | undefined; readonly refusal: boolean }
  | { readonly kind: 'completed'; readonly outcome: Outcome }

/** Frozen. */
export interface PendingChange { readonly committedAt: Offset; readonly id: string; readonly next: TransactionMetadata; readonly follow: FollowUp }

export interface TransactionCoordinator {
  /** Partitions of `__transaction_state` led here; the leader epoch is the coordinator's. */
  partitions: Map<string, Epoch>
  /** By transactional id. */
  transactions: Map<string, Transaction>
  /** Changes that wait for the high watermark, by partition. */
  pending: Map<string, PendingChange[]>
}

export const newTransactionCoordinator = (): TransactionCoordinator => ({ partitions: new Map(), transactions: new Map(), pending: new Map() })

export const keep = (metadata: TransactionMetadata, partition: string): Transaction =>
  ({ metadata, partition, pending: undefined, why: 'asked', unmarked: [], sent: [] })

export const outcomeOf = ({ state }: TransactionMetadata): Outcome => (state === 'PrepareCommit' || state === 'CompleteCommit' ? 'commit' : 'abort')
export const isDecided = ({ state }: TransactionMetadata): boolean => state === 'PrepareCommit' || state === 'PrepareAbort'
