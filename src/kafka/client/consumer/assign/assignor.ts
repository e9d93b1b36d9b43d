/**
 * The assignors of `partition.assignment.strategy` by name: how each deals partitions, what it tells the leader of its
 * member, and whether it needs everything given back first (GRP-15). Follows clients/.../consumer/ConsumerPartitionAssignor.java.
 */
import { slot } from '../../../late.ts'
import { sortedNames } from '../../../topic-partition.ts'
import { assignRange } from './range.ts'
import { assignRoundRobin } from './round-robin.ts'
import type * as Sticky from './sticky.ts'
import type { AssignedMember, Assignment, PartitionCounts, ReplicaRacks } from './members.ts'

export type AssignorName = 'range' | 'roundrobin' | 'sticky' | 'cooperative-sticky'
export type RebalanceProtocol = 'EAGER' | 'COOPERATIVE'

/** All that is not the default is loaded late. */
export const stickySlot = slot<Pick<typeof Sticky, 'assignSticky' | 'assignCooperativeSticky'>>('sticky assignors')

interface Assignor {
  /** The class that the config names. */
  readonly className: string
  readonly assign: (counts: PartitionCounts, members: readonly AssignedMember[], racks?: ReplicaRacks) => Assignment
  /** From the least to the best. */
  readonly protocols: readonly RebalanceProtocol[]
}

const EAGER_ONLY: readonly RebalanceProtocol[] = ['EAGER']
const assignors: Readonly<Record<AssignorName, Assignor>> = {
  'range': { className: 'RangeAssignor', assign: assignRange, protocols: EAGER_ONLY },
  'roundrobin': { className: 'RoundRobinAssignor', assign: assignRoundRobin, protocols: EAGER_ONLY },
  'sticky': { className: 'StickyAssignor', assign: (...args) => stickySlot().assignSticky(...args), protocols: EAGER_ONLY },
  'cooperative-sticky': { className: 'CooperativeStickyAssignor', assign: (...args) => stickySlot().assignCooperativeSticky(...args), protocols: ['EAGER', 'COOPERATIVE'] },
}

export const assignorNames = Object.keys(assignors) as readonly AssignorName[]

/** An entry of the config: Kafka's class, with or without its package, or the name that goes to the coordinator. */
export function assignorOf(entry: string): AssignorName | undefined {
  const simple = entry.trim().replace(/^org\.apache\.kafka\.clients\.consumer\./, '')
  return assignorNames.find((name) => name === simple || assignors[name].className === simple)
}

/** What the assignor that the coordinator chose gives to whom; lists in the order of topics and numbers. */
export function assignPartitions(
  name: AssignorName, counts: PartitionCounts, members: readonly AssignedMember[], racks?: ReplicaRacks,
): Assignment {
  const assigned = assignors[name].assign(counts, members, racks)
  for (const [memberId, partitions] of assigned) assigned.set(memberId, sortedNames(partitions))
  return assigned
}

/** GRP-15: the best that all assignors of a list support. */
export const rebalanceProtocol = (list: readonly AssignorName[]): RebalanceProtocol =>
  (list.every((name) => assignors[name].protocols.includes('COOPERATIVE')) ? 'COOPERATIVE' : 'EAGER')
