/** Which offsets a strip shows, and what of its partition is the same for all its replicas. */
import type { Offset } from '../base/units.ts'
import type { ClusterView, NodeName, PartitionName, ReplicaView } from '../projection/cluster-view.ts'
import type { StripFrame } from './layout-types.ts'

export interface Sight {
  readonly partition: PartitionName
  /** First offset shown; older ones have left the window if `open`. */
  readonly first: Offset
  readonly open: boolean
  /** The highest log end of all replicas. */
  readonly end: Offset
  /** The leader's. Without a live leader it is only the last one known. */
  readonly highWatermark: Offset
  readonly leader: NodeName | undefined
  readonly online: boolean
}

export function replicasOf(view: ClusterView, partition: PartitionName): ReplicaView[] {
  const names = view.partitions[partition]?.replicas ?? []
  return names.flatMap((broker) => view.replicas[`${partition}@${broker}`] ?? [])
}

/** `n` offsets are shown, the next free place among them, so the newest is always there. */
export function sightOf(view: ClusterView, partition: PartitionName, n: number): Sight {
  const replicas = replicasOf(view, partition)
  const record = view.partitions[partition]
  const end = Math.max(0, ...replicas.map((each) => each.logEndOffset))
  const start = replicas.length === 0 ? 0 : Math.min(...replicas.map((each) => each.logStartOffset))
  const first = Math.max(start, end - n + 1)
  const leading = record?.leader === undefined ? undefined : view.replicas[`${partition}@${record.leader}`]
  const known = leading?.highWatermark ?? Math.max(0, ...replicas.map((each) => each.highWatermark))
  return { partition, first, open: first > start, end, highWatermark: known, leader: record?.leader, online: record?.online ?? false }
}

export const cellX = (strip: StripFrame, first: Offset, offset: Offset): number => strip.x0 + (offset - first) * strip.cw
