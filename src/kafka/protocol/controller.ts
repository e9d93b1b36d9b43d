/** What brokers and controllers say to each other. */
import type { Epoch, NodeId, Offset } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'
import type { LeaderRecoveryState, MetadataEntry } from '../metadata/records.ts'
import type { MetadataSnapshot, SnapshotId } from '../metadata/snapshot.ts'

export interface BrokerRegistrationRequest {
  readonly type: 'BrokerRegistrationRequest'
  readonly brokerId: NodeId; readonly incarnationId: string; readonly rack: string | undefined
  /** From the clean-shutdown marker; -1 after an unclean one. */
  readonly previousBrokerEpoch: Epoch
  /** Ids of the log directories that work. */
  readonly logDirs: readonly string[]
}
export interface BrokerRegistrationResponse { readonly type: 'BrokerRegistrationResponse'; readonly error: KafkaError; readonly brokerEpoch: Epoch }

export interface BrokerHeartbeatRequest {
  readonly type: 'BrokerHeartbeatRequest'
  readonly brokerId: NodeId; readonly brokerEpoch: Epoch; readonly currentMetadataOffset: Offset
  readonly wantFence: boolean; readonly wantShutDown: boolean
  /** All that have failed since the process started; left out while none has. */
  readonly offlineLogDirs?: readonly string[]
}
export interface BrokerHeartbeatResponse {
  readonly type: 'BrokerHeartbeatResponse'
  readonly error: KafkaError; readonly isCaughtUp: boolean; readonly isFenced: boolean; readonly shouldShutDown: boolean
}

export interface AlterPartitionRequest {
  readonly type: 'AlterPartitionRequest'
  readonly brokerId: NodeId; readonly brokerEpoch: Epoch
  readonly partitions: readonly AlterPartition[]
}
export interface AlterPartition {
  readonly partition: string; readonly leaderEpoch: Epoch; readonly partitionEpoch: Epoch
  readonly newIsr: readonly { readonly brokerId: NodeId; readonly brokerEpoch: Epoch }[]
  /** A leader that was elected uncleanly has done all it can once it leads: it says RECOVERED. */
  readonly leaderRecoveryState: LeaderRecoveryState
  /** Why the leader asks, for the story: Kafka's request does not say. */
  readonly why: 'lag' | 'caughtUp'
}
export interface AlterPartitionResponse { readonly type: 'AlterPartitionResponse'; readonly error: KafkaError; readonly partitions: readonly AlteredPartition[] }
export interface AlteredPartition {
  readonly partition: string; readonly error: KafkaError
  readonly leaderId: NodeId; readonly leaderEpoch: Epoch; readonly isr: readonly NodeId[]; readonly partitionEpoch: Epoch
}

/** KIP-858: where a broker has put its replicas. */
export interface AssignReplicasToDirsRequest {
  readonly type: 'AssignReplicasToDirsRequest'
  readonly brokerId: NodeId; readonly brokerEpoch: Epoch
  readonly assignments: readonly DirectoryAssignment[]
}
export interface DirectoryAssignment { readonly partition: string; readonly directory: string }
export interface AssignReplicasToDirsResponse {
  readonly type: 'AssignReplicasToDirsResponse'; readonly error: KafkaError
  readonly assignments: readonly { readonly partition: string; readonly error: KafkaError }[]
}

/** What only the active controller answers otherwise than with NOT_CONTROLLER. */
export type ControllerResponse = BrokerRegistrationResponse | BrokerHeartbeatResponse | AlterPartitionResponse | AssignReplicasToDirsResponse

/** Fetch of `__cluster_metadata`: by the other voters, which thereby commit it, and by brokers, which follow it. */
export interface MetadataFetchRequest {
  readonly type: 'MetadataFetchRequest'
  readonly replicaId: NodeId
  readonly fetchOffset: Offset
  /** Epoch of the entry before `fetchOffset`: another one there means that the logs part before it. 0 = there is none. */
  readonly lastFetchedEpoch: Epoch
  /** The quorum's epoch as the fetcher knows it. */
  readonly currentLeaderEpoch: Epoch
  /** What the fetcher knows; a newer one completes the fetch at once (KIP-1166). */
  readonly highWatermark: Offset
  readonly maxWaitMs: number
}
/** Every answer of a voter names the leader and the epoch that it knows. */
export interface QuorumAnswer { readonly error: KafkaError; readonly leaderId: NodeId | undefined; readonly leaderEpoch: Epoch }
export interface MetadataFetchResponse extends QuorumAnswer {
  readonly type: 'MetadataFetchResponse'
  /** -1 while a new leader has not committed an entry of its epoch. */
  readonly highWatermark: Offset
  /** Where the leader's log and the fetcher's part: cut off what lies above. */
  readonly divergingEpoch: { readonly epoch: Epoch; readonly endOffset: Offset } | undefined
  readonly entries: readonly MetadataEntry[]
  /** The leader has no log so far back: this snapshot is to be fetched instead. */
  readonly snapshotId?: SnapshotId
}

/** KIP-630. One answer has it all: `MAX_FETCH_SIZE_BYTES`, 8 MB, is more than any cluster here is. */
export interface FetchSnapshotRequest {
  readonly type: 'FetchSnapshotRequest'
  readonly replicaId: NodeId; readonly currentLeaderEpoch: Epoch
  readonly snapshotId: SnapshotId
}
export interface FetchSnapshotResponse extends QuorumAnswer {
  readonly type: 'FetchSnapshotResponse'
  readonly snapshot: MetadataSnapshot | undefined
}

export interface VoteRequest {
  readonly type: 'VoteRequest'
  readonly replicaId: NodeId
  /** The epoch to lead in; with `preVote` the one that the asker is in (KIP-996). */
  readonly replicaEpoch: Epoch
  readonly lastOffsetEpoch: Epoch; readonly lastOffset: Offset
  readonly preVote: boolean
}
export interface VoteResponse extends QuorumAnswer { readonly type: 'VoteResponse'; readonly voteGranted: boolean; readonly preVote: boolean }

/** From the leader of a new epoch, until a voter fetches from it. */
export interface BeginQuorumEpochRequest { readonly type: 'BeginQuorumEpochRequest'; readonly leaderId: NodeId; readonly leaderEpoch: Epoch }
export interface BeginQuorumEpochResponse extends QuorumAnswer { readonly type: 'BeginQuorumEpochResponse' }

/** From one that leads no more. */
export interface EndQuorumEpochRequest {
  readonly type: 'EndQuorumEpochRequest'
  readonly leaderId: NodeId; readonly leaderEpoch: Epoch
  readonly preferredSuccessors: readonly NodeId[]
}
export interface EndQuorumEpochResponse extends QuorumAnswer { readonly type: 'EndQuorumEpochResponse' }

export type QuorumRequest = MetadataFetchRequest | FetchSnapshotRequest | VoteRequest | BeginQuorumEpochRequest | EndQuorumEpochRequest
export type QuorumResponse = MetadataFetchResponse | FetchSnapshotResponse | VoteResponse | BeginQuorumEpochResponse | EndQuorumEpochResponse
