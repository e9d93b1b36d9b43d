/** A member as the leader knows it when it assigns, and the order in which assignors take members. */
import { compareText } from '../../../topic-partition.ts'

export interface AssignedMember {
  readonly memberId: string
  readonly topics: readonly string[]
  readonly instanceId?: string | undefined
  readonly rack?: string | undefined
  /** What it claims to own, and since which generation; -1 = none. Only sticky assignors look at it. */
  readonly owned?: readonly string[] | undefined
  readonly generation?: number | undefined
}

/** Number of partitions by topic; a topic that nobody knows has none. */
export type PartitionCounts = ReadonlyMap<string, number>
/** By topic, for each partition: the racks with a replica. */
export type ReplicaRacks = ReadonlyMap<string, readonly (readonly string[])[]>
/** By member id; every member appears. */
export type Assignment = Map<string, string[]>

/** Static members first, by their instance ids; then the others by member id. Follows AbstractPartitionAssignor.MemberInfo. */
export const byIdentity = (a: Pick<AssignedMember, 'memberId' | 'instanceId'>, b: Pick<AssignedMember, 'memberId' | 'instanceId'>): number => {
  if (a.instanceId !== undefined && b.instanceId !== undefined) return compareText(a.instanceId, b.instanceId)
  if (a.instanceId !== undefined || b.instanceId !== undefined) return a.instanceId !== undefined ? -1 : 1
  return compareText(a.memberId, b.memberId)
}
