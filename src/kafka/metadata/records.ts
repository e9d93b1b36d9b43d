/** Records of `__cluster_metadata`: every change of the cluster's state is one of these. Follows metadata/src/main/resources/common/metadata. */
import type { Epoch, NodeId, Offset } from '../../base/units.ts'

export type MetadataRecord =
  | { readonly type: 'LeaderChangeMessage'; readonly leaderId: NodeId }
  | { readonly type: 'RegisterBrokerRecord'; readonly brokerId: NodeId; readonly name: string; readonly incarnationId: string; readonly rack: string | undefined; readonly brokerEpoch: Epoch; readonly fenced: boolean; readonly inControlledShutdown: boolean; readonly logDirs: readonly string[] }
  | { readonly type: 'BrokerRegistrationChangeRecord'; readonly brokerId: NodeId; readonly brokerEpoch: Epoch; readonly fenced: boolean | undefined; readonly inControlledShutdown: boolean | undefined; readonly logDirs?: readonly string[] }
  | { readonly type: 'TopicRecord'; readonly name: string }
  | { readonly type: 'RemoveTopicRecord'; readonly topic: string }
  | { readonly type: 'FeatureLevelRecord'; readonly name: string; readonly level: number }
  /** A broker's config without a name is that of all brokers. */
  | { readonly type: 'ConfigRecord'; readonly resource: 'topic' | 'broker' | 'group'; readonly name: string; readonly key: string; readonly value: string | undefined }
  | ({ readonly type: 'PartitionRecord'; readonly partition: string; readonly topic: string; readonly index: number; readonly leaderEpoch: Epoch; readonly partitionEpoch: Epoch } & PartitionState)
  | PartitionChangeRecord
  /** Producer ids below this have been given out, in blocks; the last one to this broker. */
  | { readonly type: 'ProducerIdsRecord'; readonly brokerId: NodeId; readonly brokerEpoch: Epoch; readonly nextProducerId: number }
  /** The minimum of in-sync replicas has changed, of a topic or ('') of all: who would lead without loss is not known any more (KIP-966). */
  | { readonly type: 'ClearElrRecord'; readonly topic: string }

/** RECOVERING: elected without the assurance that it has everything. */
export type LeaderRecoveryState = 'RECOVERED' | 'RECOVERING'

/** CTL-1, all but the epochs. */
export interface PartitionState {
  /** In assignment order: the first is the preferred leader. */
  readonly replicas: readonly NodeId[]; readonly isr: readonly NodeId[]
  /** Eligible leader replicas: left an ISR that was below the minimum, so they lack nothing that is committed. */
  readonly elr: readonly NodeId[]
  /** Without anybody in sync or eligible: who led last. */
  readonly lastKnownElr: readonly NodeId[]
  readonly leader: NodeId
  readonly leaderRecoveryState: LeaderRecoveryState
  /** While replicas are moved: who is to come, and who is to go. */
  readonly adding: readonly NodeId[]; readonly removing: readonly NodeId[]
  /** Ids of the log directories that hold the replicas (KIP-858), in the order of `replicas`. Left out where no broker has had more than one to choose from. */
  readonly directories?: readonly string[]
}
/** What is undefined stays as it is. Setting the leader, to anything, raises the leader epoch. */
export type PartitionChangeRecord = { readonly type: 'PartitionChangeRecord'; readonly partition: string } & { readonly [Field in keyof PartitionState]: PartitionState[Field] | undefined }

/** One record at its place in the log. Frozen. */
export interface MetadataEntry { readonly offset: Offset; readonly epoch: Epoch; readonly record: MetadataRecord }

/** Eligible Leader Replicas (KIP-966): level 1 in a new cluster since 4.1. */
export const ELR_FEATURE = 'eligible.leader.replicas.version'

/** KIP-890: level 2 in a new cluster since 4.0. */
export const TRANSACTION_FEATURE = 'transaction.version'

/** DirectoryId.UNASSIGNED: the broker chooses, and tells. */
export const UNASSIGNED = 'AAAAAAAAAAAAAAAAAAAAAA'

/** No leader. */
export const NO_LEADER: NodeId = -1
