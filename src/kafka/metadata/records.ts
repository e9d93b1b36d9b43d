/** Records of `__cluster_metadata`: every change of the cluster's state is one of these. Follows metadata/src/main/resources/common/metadata. */
import type { Epoch, NodeId, Offset } from '../../base/units.ts'

export type MetadataRecord =
  | { readonly type: 'LeaderChangeMessage'; readonly leaderId: NodeId }
  | { readonly type: 'RegisterBrokerRecord'; readonly brokerId: NodeId; readonly name: string; readonly incarnationId: string; readonly rack: string | undefined; readonly fenced: boolean }
  | { readonly type: 'BrokerRegistrationChangeRecord'; readonly brokerId: NodeId; readonly brokerEpoch: Epoch; readonly fenced: boolean | undefined; readonly inControlledShutdown: boolean | undefined }
  | { readonly type: 'TopicRecord'; readonly name: string }
  | { readonly type: 'ConfigRecord'; readonly resource: 'topic'; readonly name: string; readonly key: string; readonly value: string | undefined }
  | {
    readonly type: 'PartitionRecord'; readonly partition: string; readonly topic: string; readonly index: number
    readonly replicas: readonly NodeId[]; readonly isr: readonly NodeId[]; readonly leader: NodeId; readonly leaderEpoch: Epoch; readonly partitionEpoch: Epoch
  }
  /** What is undefined stays as it is. Setting the leader, to anything, raises the leader epoch. */
  | { readonly type: 'PartitionChangeRecord'; readonly partition: string; readonly isr: readonly NodeId[] | undefined; readonly leader: NodeId | undefined }

/** One record at its place in the log. Frozen. */
export interface MetadataEntry { readonly offset: Offset; readonly epoch: Epoch; readonly record: MetadataRecord }

/** No leader. */
export const NO_LEADER: NodeId = -1
