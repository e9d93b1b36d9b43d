/**
 * What a transactional producer knows of its transaction (TXN-14).
 * Follows clients/.../producer/internals/TransactionManager.java.
 */
import type { Epoch, Micros, Offset } from '../../../base/units.ts'
import type { KafkaError } from '../../errors.ts'
import type { TransactionVersion } from '../../transaction/metadata.ts'

export type ClientTransactionState =
  | 'uninitialized' | 'initializing' | 'ready' | 'inTransaction' | 'committing' | 'aborting' | 'abortableError' | 'fatalError'

/** Calls of the application beside send(). */
export type TransactionApi = 'initTransactions' | 'beginTransaction' | 'sendOffsetsToTransaction' | 'commitTransaction' | 'abortTransaction'

/** What was read, and by which member of the group. Frozen. */
export interface ReadOffsets {
  readonly groupId: string; readonly generationId: Epoch; readonly memberId: string; readonly groupInstanceId?: string | undefined
  readonly offsets: readonly { readonly partition: string; readonly offset: Offset; readonly leaderEpoch: Epoch }[]
}

export interface ClientTransaction {
  /** `transactional.id` */
  readonly id: string
  state: ClientTransactionState
  /** Of the cluster, as the client has been told. */
  version: TransactionVersion
  /** Of transactions, and of the group whose offsets it sends; undefined = to be looked for. */
  coordinators: { transaction: string | undefined; group: string | undefined }
  /** One request to a coordinator at a time; while it is out no batch is sent. */
  inFlight: boolean
  /** No such request before this moment. */
  retryAt: Micros
  /** Partitions that take part, as far as this client knows; and those of which the coordinator is still to be told (version 1). */
  partitions: string[]
  newPartitions: string[]
  /** There is something to end at the coordinator. */
  started: boolean
  offsets: ReadOffsets | undefined
  /** The group's partition takes part (version 1). */
  offsetsAdded: boolean
  /** Why it is in an error state. */
  error: KafkaError | undefined
  /** Before the next transaction a new epoch is asked for (version 1). */
  needsEpoch: boolean
  /** The call that the application is in. */
  calling: TransactionApi | undefined
}

export const newClientTransaction = (id: string): ClientTransaction => ({
  id, state: 'uninitialized', version: 2, coordinators: { transaction: undefined, group: undefined }, inFlight: false, retryAt: 0, partitions: [], newPartitions: [],
  started: false, offsets: undefined, offsetsAdded: false, error: undefined, needsEpoch: false, calling: undefined,
})


/** Nothing of it is left. */
export function reset(txn: ClientTransaction): void {
  txn.state = 'ready'
  txn.partitions = []
  txn.newPartitions = []
  txn.started = false
  txn.offsets = undefined
  txn.offsetsAdded = false
  txn.error = undefined
}
