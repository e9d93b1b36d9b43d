/**
 * What a coordinator keeps of one transactional id, and how it may change (TXN-2, TXN-3, TXN-6). Each change makes new
 * metadata, which counts once it is committed in `__transaction_state`.
 * Follows transaction-coordinator/.../transaction/{TransactionMetadata,TransactionState}.java.
 */
import { assert } from '../../base/assert.ts'
import type { Epoch, Micros } from '../../base/units.ts'

export const transactionStates = [
  'Empty', 'Ongoing', 'PrepareCommit', 'PrepareAbort', 'CompleteCommit', 'CompleteAbort', 'Dead', 'PrepareEpochFence',
] as const
export type TransactionState = (typeof transactionStates)[number]

/** From which states each may be entered. An abort without a partition is what transaction version 2 adds (KIP-890). */
export const validPreviousStates: Readonly<Record<TransactionState, readonly TransactionState[]>> = {
  Empty: ['Empty', 'CompleteCommit', 'CompleteAbort'],
  Ongoing: ['Ongoing', 'Empty', 'CompleteCommit', 'CompleteAbort'],
  PrepareCommit: ['Ongoing'],
  PrepareAbort: ['Ongoing', 'PrepareEpochFence', 'Empty', 'CompleteCommit', 'CompleteAbort'],
  CompleteCommit: ['PrepareCommit'],
  CompleteAbort: ['PrepareAbort'],
  Dead: ['Empty', 'CompleteAbort', 'CompleteCommit'],
  PrepareEpochFence: ['Ongoing'],
}

/** `transaction.version`: with 2 every end of a transaction raises the epoch, and partitions join with their first batch. */
export type TransactionVersion = 1 | 2
export type Outcome = 'commit' | 'abort'

export const NO_PRODUCER_ID = -1
export const NO_EPOCH: Epoch = -1
const LARGEST_EPOCH: Epoch = 32767

/** Frozen: what a record of `__transaction_state` says. */
export interface TransactionMetadata {
  readonly id: string
  readonly producerId: number
  /** The one before the last change; it can only be another after a rotation. */
  readonly previousProducerId: number
  /** Given to the producer at the end of the transaction under way, as its epochs are used up; -1 = it keeps its own. */
  readonly nextProducerId: number
  readonly producerEpoch: Epoch
  /** The epoch before the last bump that the producer asked for; -1 = none. */
  readonly lastProducerEpoch: Epoch
  readonly timeoutMs: number
  readonly state: TransactionState
  /** That take part in the transaction. */
  readonly partitions: readonly string[]
  /** When the first of them joined; undefined = no transaction. */
  readonly startedAt: Micros | undefined
  readonly version: TransactionVersion
}

/** An id that is heard of for the first time has no epoch yet. */
export const newTransaction = (id: string, producerId: number, timeoutMs: number, version: TransactionVersion): TransactionMetadata => Object.freeze({
  id, producerId, previousProducerId: NO_PRODUCER_ID, nextProducerId: NO_PRODUCER_ID, producerEpoch: NO_EPOCH, lastProducerEpoch: NO_EPOCH,
  timeoutMs, state: 'Empty', partitions: NO_PARTITIONS, startedAt: undefined, version,
})
const NO_PARTITIONS: readonly string[] = Object.freeze([])

/** The last epoch is never given to a producer, so that it can always be fenced. */
export const isEpochExhausted = (epoch: Epoch): boolean => epoch >= LARGEST_EPOCH - 1

function changed(from: TransactionMetadata, state: TransactionState, change: Partial<TransactionMetadata>): TransactionMetadata {
  assert(validPreviousStates[state].includes(from.state), `a transaction goes from ${from.state} to ${state}`)
  return Object.freeze({ ...from, previousProducerId: from.producerId, ...change, state })
}

/** InitProducerId of a new incarnation, or of the one that has this epoch (KIP-360); 'PRODUCER_FENCED' when somebody came after it. */
export function incrementEpoch(metadata: TransactionMetadata, timeoutMs: number, expectedEpoch: Epoch | undefined): TransactionMetadata | 'PRODUCER_FENCED' {
  const { producerEpoch, lastProducerEpoch } = metadata
  const begun = { timeoutMs, partitions: NO_PARTITIONS, startedAt: undefined }
  if (expectedEpoch === undefined) return changed(metadata, 'Empty', { ...begun, producerEpoch: producerEpoch + 1, lastProducerEpoch: NO_EPOCH })
  if (producerEpoch === NO_EPOCH || expectedEpoch === producerEpoch) {
    return changed(metadata, 'Empty', { ...begun, producerEpoch: producerEpoch + 1, lastProducerEpoch: producerEpoch })
  }
  // It asks again, as it has not heard the answer.
  return expectedEpoch === lastProducerEpoch ? changed(metadata, 'Empty', begun) : 'PRODUCER_FENCED'
}

/** The epochs of this producer id are used up. */
export const rotateProducerId = (metadata: TransactionMetadata, producerId: number, timeoutMs: number, keepsLastEpoch: boolean): TransactionMetadata =>
  changed(metadata, 'Empty', {
    producerId, producerEpoch: 0, lastProducerEpoch: keepsLastEpoch ? metadata.producerEpoch : NO_EPOCH, timeoutMs, partitions: NO_PARTITIONS, startedAt: undefined,
  })

/** The epoch that shuts out the producer of an ongoing transaction. It is pending until PrepareAbort has been written. */
export const fenceEpoch = (metadata: TransactionMetadata): TransactionMetadata =>
  changed(metadata, 'PrepareEpochFence', { producerEpoch: Math.min(metadata.producerEpoch + 1, LARGEST_EPOCH) })

export function addPartitions(metadata: TransactionMetadata, partitions: readonly string[], version: TransactionVersion, now: Micros): TransactionMetadata {
  const startedAt = metadata.state === 'Ongoing' ? metadata.startedAt : now
  const all = Object.freeze([...new Set([...metadata.partitions, ...partitions])])
  return changed(metadata, 'Ongoing', { partitions: all, startedAt, version })
}

/**
 * Decided. Version 2 raises the epoch here, so that no marker and no batch of this transaction can be taken for one of the
 * next; `nextProducerId` is needed when that was the last epoch (KIP-890).
 */
export function prepareEnd(
  metadata: TransactionMetadata, outcome: Outcome, version: TransactionVersion, nextProducerId: number, now: Micros,
): TransactionMetadata {
  const { producerEpoch } = metadata
  const epochs = version === 2 ? { producerEpoch: Math.min(producerEpoch + 1, LARGEST_EPOCH), lastProducerEpoch: producerEpoch } : {}
  return changed(metadata, outcome === 'commit' ? 'PrepareCommit' : 'PrepareAbort', { ...epochs, nextProducerId, startedAt: metadata.startedAt ?? now, version })
}

/**
 * A fenced transaction is aborted under an epoch that its producer does not have.
 * Raised once, whatever the version: KAFKA-19367 (with version 2 the fence and the abort had raised it both).
 */
export const prepareFencedAbort = (metadata: TransactionMetadata, version: TransactionVersion, now: Micros): TransactionMetadata =>
  (version === 2 ? prepareEnd(metadata, 'abort', 2, NO_PRODUCER_ID, now)
    : changed(metadata, 'PrepareAbort', { producerEpoch: fenceEpoch(metadata).producerEpoch, lastProducerEpoch: NO_EPOCH, version, startedAt: metadata.startedAt ?? now }))

/** All markers are written. */
export function complete(metadata: TransactionMetadata): TransactionMetadata {
  const rotated = metadata.version === 2 && metadata.nextProducerId !== NO_PRODUCER_ID
  return changed(metadata, metadata.state === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort', {
    ...(rotated ? { producerId: metadata.nextProducerId, producerEpoch: 0 } : {}), nextProducerId: NO_PRODUCER_ID, partitions: NO_PARTITIONS,
  })
}

/** InitProducerId as the coordinator decides it, when no transaction is in the way. */
export function initialise(
  metadata: TransactionMetadata, timeoutMs: number, expectedEpoch: Epoch | undefined, newProducerId: () => number | undefined,
): TransactionMetadata | 'PRODUCER_FENCED' | 'COORDINATOR_LOAD_IN_PROGRESS' {
  if (isEpochExhausted(metadata.producerEpoch) && (expectedEpoch === undefined || expectedEpoch === metadata.producerEpoch)) {
    const producerId = newProducerId()
    return producerId === undefined ? 'COORDINATOR_LOAD_IN_PROGRESS' : rotateProducerId(metadata, producerId, timeoutMs, expectedEpoch !== undefined)
  }
  return incrementEpoch(metadata, timeoutMs, expectedEpoch)
}

/** EndTxn as the coordinator decides it, when the state allows it. */
export const decide = (
  metadata: TransactionMetadata, outcome: Outcome, version: TransactionVersion, newProducerId: () => number | undefined, now: Micros,
): TransactionMetadata | 'COORDINATOR_LOAD_IN_PROGRESS' => {
  const nextProducerId = version === 2 && isEpochExhausted(metadata.producerEpoch) ? newProducerId() : NO_PRODUCER_ID
  return nextProducerId === undefined ? 'COORDINATOR_LOAD_IN_PROGRESS' : prepareEnd(metadata, outcome, version, nextProducerId, now)
}
