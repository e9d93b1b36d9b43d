import type { Epoch, NodeId, Offset } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'
import type { RecordBatch } from '../log/record.ts'
import type { AbortedTxn } from '../log/transactions.ts'
import type { CurrentLeader } from './produce.ts'

/**
 * The offset a follower asks for is its acknowledgement of everything before it; there is no other.
 * Simplified: every request lists all its partitions (no fetch sessions); an answer leaves out those without news.
 */
export interface FetchRequest {
  readonly type: 'FetchRequest'
  readonly clientId: string
  /** -1 = a consumer */
  readonly replicaId: NodeId
  readonly brokerEpoch: Epoch
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly partitions: readonly FetchPartition[]
  /** `client.rack` of a consumer that has one. */
  readonly rackId?: string
  /** Left out by who reads what is not decided yet, and by followers. */
  readonly isolationLevel?: 'read_committed'
  /** For the eye, not a field of the protocol: a follower has stored something since its last request, and this tells the leader. */
  readonly acknowledges?: boolean
}
export interface FetchPartition {
  readonly partition: string
  readonly fetchOffset: Offset
  /** -1 = not known: no check */
  readonly currentLeaderEpoch: Epoch
  /** Epoch of the follower's last record; -1 = none, or a consumer */
  readonly lastFetchedEpoch: Epoch
  readonly partitionMaxBytes: number
  /** Where a follower's own log begins; a consumer has none. */
  readonly logStartOffset?: Offset
}
export interface FetchResponse {
  readonly type: 'FetchResponse'
  readonly partitions: readonly FetchedPartition[]
}
export interface FetchedPartition {
  readonly partition: string
  readonly error: KafkaError
  readonly highWatermark: Offset
  readonly logStartOffset: Offset
  readonly batches: readonly RecordBatch[]
  /** For read_committed: how far everything is decided, and whose records among these are to be passed over. */
  readonly lastStableOffset?: Offset; readonly abortedTransactions?: readonly AbortedTxn[]
  /** Where the two logs part: the leader's last epoch not above the follower's, and its end. */
  readonly divergingEpoch: { readonly epoch: Epoch; readonly endOffset: Offset } | undefined
  readonly currentLeader: CurrentLeader | undefined
  /** KIP-392: read there. */
  readonly preferredReadReplica?: NodeId
}

/** The end, the beginning, or the first record not older than this: milliseconds of the run. */
export type ListedTime = 'latest' | 'earliest' | number

export interface ListOffsetsRequest {
  readonly type: 'ListOffsetsRequest'
  readonly clientId: string
  /** -1 = a consumer, which sees up to the high watermark */
  readonly replicaId: NodeId
  /** With it the latest offset is the last stable one. */
  readonly isolationLevel?: 'read_committed'
  readonly partitions: readonly { readonly partition: string; readonly currentLeaderEpoch: Epoch; readonly timestamp: ListedTime }[]
}
export interface ListOffsetsResponse {
  readonly type: 'ListOffsetsResponse'
  readonly partitions: readonly {
    readonly partition: string; readonly error: KafkaError
    /** -1 with an error, or when no record is so new */
    readonly offset: Offset; readonly leaderEpoch: Epoch
  }[]
}

/** KIP-320: a consumer asks where an epoch it has read ended. */
export interface OffsetForLeaderEpochRequest {
  readonly type: 'OffsetForLeaderEpochRequest'
  readonly clientId: string
  readonly partitions: readonly { readonly partition: string; readonly currentLeaderEpoch: Epoch; readonly leaderEpoch: Epoch }[]
}
export interface OffsetForLeaderEpochResponse {
  readonly type: 'OffsetForLeaderEpochResponse'
  readonly partitions: readonly { readonly partition: string; readonly error: KafkaError; readonly leaderEpoch: Epoch; readonly endOffset: Offset }[]
}
