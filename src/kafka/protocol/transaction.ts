/** Transactions. Follows the AddPartitionsToTxn, AddOffsetsToTxn, EndTxn, WriteTxnMarkers and TxnOffsetCommit schemas. */
import type { Epoch, Offset } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'
import type { Outcome, TransactionVersion } from '../transaction/metadata.ts'

/** Whose transaction it is, on every request that belongs to one. */
export interface OfProducer { readonly transactionalId: string; readonly producerId: number; readonly producerEpoch: Epoch }

/**
 * From the client (version 1), or from the leader that got the first batch of a transaction: to add its partition for the
 * client (version 2), or to see whether that has been done (`verifyOnly`). KIP-890.
 */
export interface AddPartitionsToTxnRequest extends OfProducer {
  readonly type: 'AddPartitionsToTxnRequest'
  readonly clientId: string
  readonly partitions: readonly string[]
  readonly verifyOnly: boolean
  readonly version: TransactionVersion
}
export interface AddPartitionsToTxnResponse {
  readonly type: 'AddPartitionsToTxnResponse'
  readonly error: KafkaError
  /** Of those that are not part of the transaction. */
  readonly missing: readonly string[]
}
/** The group's partition of `__consumer_offsets` is to take part (version 1 only). */
export interface AddOffsetsToTxnRequest extends OfProducer { readonly type: 'AddOffsetsToTxnRequest'; readonly clientId: string; readonly groupId: string }
export interface AddOffsetsToTxnResponse { readonly type: 'AddOffsetsToTxnResponse'; readonly error: KafkaError }

export interface EndTxnRequest extends OfProducer {
  readonly type: 'EndTxnRequest'
  readonly clientId: string
  readonly committed: boolean
  readonly version: TransactionVersion
}
/** With version 2 the producer goes on under this id and epoch. */
export interface EndTxnResponse { readonly type: 'EndTxnResponse'; readonly error: KafkaError; readonly producerId: number; readonly producerEpoch: Epoch }

export interface TxnMarker {
  readonly transactionalId: string
  readonly producerId: number; readonly producerEpoch: Epoch; readonly outcome: Outcome
  readonly coordinatorEpoch: Epoch; readonly version: TransactionVersion
  readonly partitions: readonly string[]
}
export interface WriteTxnMarkersRequest { readonly type: 'WriteTxnMarkersRequest'; readonly markers: readonly TxnMarker[] }
export interface WriteTxnMarkersResponse {
  readonly type: 'WriteTxnMarkersResponse'
  readonly markers: readonly { readonly transactionalId: string; readonly producerId: number; readonly producerEpoch: Epoch; readonly partition: string; readonly error: KafkaError }[]
}

export interface TxnOffsetCommitRequest extends OfProducer {
  readonly type: 'TxnOffsetCommitRequest'
  readonly clientId: string; readonly groupId: string; readonly generationId: Epoch; readonly memberId: string
  readonly groupInstanceId?: string | undefined
  readonly version: TransactionVersion
  readonly offsets: readonly { readonly partition: string; readonly offset: Offset; readonly leaderEpoch: Epoch }[]
}
export interface TxnOffsetCommitResponse {
  readonly type: 'TxnOffsetCommitResponse'
  readonly groupId: string; readonly error: KafkaError
}
