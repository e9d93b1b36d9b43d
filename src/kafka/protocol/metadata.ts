import type { Epoch, NodeId } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'

export interface MetadataRequest { readonly type: 'MetadataRequest'; readonly clientId: string; readonly topics: readonly string[] }
/** What the answering broker knows: it may be out of date. */
export interface MetadataResponse {
  readonly type: 'MetadataResponse'
  /** Live (unfenced) brokers. */
  readonly brokers: readonly { readonly id: NodeId; readonly name: string; readonly rack: string | undefined }[]
  readonly topics: readonly { readonly name: string; readonly error: KafkaError; readonly partitions: readonly PartitionMetadata[] }[]
}
export interface PartitionMetadata {
  readonly partition: string
  /** LEADER_NOT_AVAILABLE when there is none */
  readonly error: KafkaError
  /** -1 = none */
  readonly leaderId: NodeId
  readonly leaderEpoch: Epoch
  readonly replicas: readonly NodeId[]
  readonly isr: readonly NodeId[]
}

/** Of a group, or with `keyType` of a transactional id. */
export interface FindCoordinatorRequest { readonly type: 'FindCoordinatorRequest'; readonly clientId: string; readonly key: string; readonly keyType?: 'TRANSACTION' }
export interface FindCoordinatorResponse {
  readonly type: 'FindCoordinatorResponse'; readonly error: KafkaError; readonly nodeId: NodeId; readonly node: string
  /**
   * `transaction.version`, for a transactional id.
   * Simplified: a client learns this level here, and not from ApiVersions, which the model does not have.
   */
  readonly transactionVersion?: number
}
