/** What brokers and controllers say to each other. */
import type { Epoch, NodeId, Offset } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'
import type { LeaderRecoveryState, MetadataEntry } from '../metadata/records.ts'

export interface BrokerRegistrationRequest {
  readonly type: 'BrokerRegistrationRequest'
  readonly brokerId: NodeId; readonly incarnationId: string; readonly rack: string | undefined
  /** From the clean-shutdown marker; -1 after an unclean one. */
  readonly previousBrokerEpoch: Epoch
}
export interface BrokerRegistrationResponse { readonly type: 'BrokerRegistrationResponse'; readonly error: KafkaError; readonly brokerEpoch: Epoch }

export interface BrokerHeartbeatRequest {
  readonly type: 'BrokerHeartbeatRequest'
  readonly brokerId: NodeId; readonly brokerEpoch: Epoch; readonly currentMetadataOffset: Offset
  readonly wantFence: boolean; readonly wantShutDown: boolean
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

/** Fetch of `__cluster_metadata`: by the other voters, which thereby commit it, and by brokers, which follow it. */
export interface MetadataFetchRequest {
  readonly type: 'MetadataFetchRequest'
  readonly replicaId: NodeId
  readonly fetchOffset: Offset
  /** What the fetcher knows; a newer one completes the fetch at once (KIP-1166). */
  readonly highWatermark: Offset
  readonly maxWaitMs: number
}
export interface MetadataFetchResponse {
  readonly type: 'MetadataFetchResponse'
  readonly error: KafkaError; readonly leaderEpoch: Epoch; readonly highWatermark: Offset
  readonly entries: readonly MetadataEntry[]
}
