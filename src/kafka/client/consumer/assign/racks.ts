/**
 * Where racks count: members say which rack they are in (`client.rack`), and of each partition it is known in which racks it
 * has a replica. They count only when some partition lacks a rack that others have.
 * Follows AbstractPartitionAssignor#useRackAwareAssignment, AbstractStickyAssignor.RackInfo.
 */
import type { TopicPartition } from '../../../topic-partition.ts'
import type { AssignedMember, ReplicaRacks } from './members.ts'

export interface Racks {
  /** The rack of a member. Nobody has one where racks do not count. */
  readonly ofMember: ReadonlyMap<string, string>
  readonly ofPartition: ReadonlyMap<TopicPartition, ReadonlySet<string>>
  /** How many members are in a rack that has the partition, whether racks count or not. */
  readonly membersNear: ReadonlyMap<TopicPartition, number>
}

const NONE: Racks = { ofMember: new Map(), ofPartition: new Map(), membersNear: new Map() }

/** Of members in these racks, over partitions with replicas in those. */
export function racksCount(members: ReadonlySet<string>, partitions: readonly ReadonlySet<string>[]): boolean {
  const everywhere = new Set(partitions.flatMap((racks) => [...racks]))
  return [...members].some((rack) => everywhere.has(rack)) && partitions.some((racks) => racks.size < everywhere.size)
}

export function readRacks(members: readonly AssignedMember[], partitions: Iterable<TopicPartition>, replicaRacks: ReplicaRacks | undefined): Racks {
  const ofMember = new Map(members.flatMap(({ memberId, rack }) => (rack === undefined ? [] : [[memberId, rack] as const])))
  if (ofMember.size === 0) return NONE
  const ofPartition = new Map([...partitions].map((one) => [one, new Set(replicaRacks?.get(one.topic)?.[one.partition])] as const))
  const membersIn = new Map<string, number>()
  for (const rack of ofMember.values()) membersIn.set(rack, (membersIn.get(rack) ?? 0) + 1)
  const membersNear = new Map([...ofPartition].map(([one, racks]) => [one, [...racks].reduce((sum, rack) => sum + (membersIn.get(rack) ?? 0), 0)]))
  if (!racksCount(new Set(ofMember.values()), [...ofPartition.values()])) return { ...NONE, membersNear }
  return { ofMember, ofPartition, membersNear }
}

/** The member is in a rack, and the partition is not. */
export function isFar({ ofMember, ofPartition }: Racks, memberId: string, partition: TopicPartition): boolean {
  const rack = ofMember.get(memberId)
  return rack !== undefined && ofPartition.get(partition)?.has(rack) !== true
}

export const isNear = ({ ofMember, ofPartition }: Racks, memberId: string, partition: TopicPartition): boolean =>
  ofPartition.get(partition)?.has(ofMember.get(memberId) ?? '') === true

/** What few members are near to comes first, so that they get it. */
export const rarestFirst = ({ membersNear }: Racks, partitions: readonly TopicPartition[]): TopicPartition[] =>
  partitions.toSorted((a, b) => (membersNear.get(a) ?? 0) - (membersNear.get(b) ?? 0))
