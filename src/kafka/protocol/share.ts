/**
 * Share groups (KIP-932): what members ask of their coordinator and of leaders, and what those ask of the share coordinator.
 * Follows the schemas ShareGroupHeartbeat, ShareFetch, ShareAcknowledge and {Initialize,Read,Write}ShareGroupState.
 */
import type { Epoch, Offset } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'
import type { RecordBatch } from '../log/record.ts'

export interface ShareGroupHeartbeatRequest {
  readonly type: 'ShareGroupHeartbeatRequest'
  readonly clientId: string; readonly groupId: string; readonly memberId: string
  /** 0 = it joins, -1 = it leaves. */
  readonly memberEpoch: Epoch
  /** When it joins, and after an error. */
  readonly subscribedTopicNames?: readonly string[] | undefined
}
export interface ShareGroupHeartbeatResponse {
  readonly type: 'ShareGroupHeartbeatResponse'
  readonly groupId: string; readonly error: KafkaError; readonly memberId: string; readonly memberEpoch: Epoch
  readonly heartbeatIntervalMs: number
  /** undefined = as before. */
  readonly assignment?: readonly string[] | undefined
}

/** A gap is an offset without a record: a marker, or compacted away. */
export type AcknowledgeType = 'gap' | 'accept' | 'release' | 'reject' | 'renew'
/** One type for all offsets, or one for each. Frozen. */
export interface AcknowledgementBatch { readonly first: Offset; readonly last: Offset; readonly types: readonly AcknowledgeType[] }
export interface PartitionAcknowledgements { readonly partition: string; readonly batches: readonly AcknowledgementBatch[] }

/** Simplified: every request lists all its partitions; in Kafka only those that the session does not have yet. */
export interface ShareFetchRequest {
  readonly type: 'ShareFetchRequest'
  readonly clientId: string; readonly groupId: string; readonly memberId: string
  /** Of the session: 0 opens one, -1 ends it. */
  readonly shareSessionEpoch: Epoch
  readonly maxWaitMs: number; readonly minBytes: number; readonly maxBytes: number
  readonly maxRecords: number
  /** KIP-1206 */
  readonly shareAcquireMode: 'batch_optimized' | 'record_limit'
  readonly partitions: readonly string[]
  readonly acknowledgements: readonly PartitionAcknowledgements[]
}
export interface ShareFetchResponse {
  readonly type: 'ShareFetchResponse'
  readonly error: KafkaError
  readonly acquisitionLockTimeoutMs: number
  readonly partitions: readonly FetchedShare[]
}
export interface FetchedShare {
  readonly partition: string
  readonly error: KafkaError
  /** Of what was acknowledged along with it. */
  readonly acknowledgeError: KafkaError
  readonly batches: readonly RecordBatch[]
  readonly acquired: readonly { readonly first: Offset; readonly last: Offset; readonly count: number }[]
}

export interface ShareAcknowledgeRequest {
  readonly type: 'ShareAcknowledgeRequest'
  readonly clientId: string; readonly groupId: string; readonly memberId: string
  readonly shareSessionEpoch: Epoch
  readonly acknowledgements: readonly PartitionAcknowledgements[]
}
export interface ShareAcknowledgeResponse {
  readonly type: 'ShareAcknowledgeResponse'
  readonly error: KafkaError
  readonly partitions: readonly { readonly partition: string; readonly error: KafkaError }[]
}

/** Of one share partition: `jobs:orders/0`. */
export interface InitializeShareGroupStateRequest { readonly type: 'InitializeShareGroupStateRequest'; readonly key: string; readonly stateEpoch: Epoch; readonly startOffset: Offset }
export interface InitializeShareGroupStateResponse { readonly type: 'InitializeShareGroupStateResponse'; readonly error: KafkaError }
export interface ReadShareGroupStateRequest { readonly type: 'ReadShareGroupStateRequest'; readonly key: string; readonly leaderEpoch: Epoch }
export interface ReadShareGroupStateResponse {
  readonly type: 'ReadShareGroupStateResponse'; readonly error: KafkaError
  readonly stateEpoch: Epoch
  /** -1 = nothing has been written: the group begins where `share.auto.offset.reset` says. */
  readonly startOffset: Offset
  readonly batches: readonly PersistedBatch[]
}
export interface WriteShareGroupStateRequest {
  readonly type: 'WriteShareGroupStateRequest'; readonly key: string; readonly stateEpoch: Epoch; readonly leaderEpoch: Epoch; readonly startOffset: Offset
  /** What has changed. */
  readonly batches: readonly PersistedBatch[]
}
export interface WriteShareGroupStateResponse { readonly type: 'WriteShareGroupStateResponse'; readonly error: KafkaError }
/** The state is forgotten, and with it its epochs. */
export interface DeleteShareGroupStateRequest { readonly type: 'DeleteShareGroupStateRequest'; readonly key: string }
export interface DeleteShareGroupStateResponse { readonly type: 'DeleteShareGroupStateResponse'; readonly error: KafkaError }
export interface PersistedBatch { readonly first: Offset; readonly last: Offset; readonly state: 'AVAILABLE' | 'ACQUIRED' | 'ACKNOWLEDGED' | 'ARCHIVED'; readonly count: number }

export type ShareStateRequest = InitializeShareGroupStateRequest | ReadShareGroupStateRequest | WriteShareGroupStateRequest | DeleteShareGroupStateRequest
export type ShareStateResponse = InitializeShareGroupStateResponse | ReadShareGroupStateResponse | WriteShareGroupStateResponse | DeleteShareGroupStateResponse
