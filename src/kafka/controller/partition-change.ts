/**
 * One change of a partition's record: who is in sync, and who therefore leads. Decides, and changes nothing.
 * Follows metadata/.../controller/PartitionChangeBuilder.java. CTL-2, CTL-3, CTL-5.
 * Simplified: no Eligible Leader Replicas, no unclean election, no reassignment.
 */
import type { NodeId } from '../../base/units.ts'
import type { PartitionRegistration } from '../metadata/image.ts'
import { NO_LEADER, type MetadataRecord } from '../metadata/records.ts'

export type PartitionChangeRecord = Extract<MetadataRecord, { type: 'PartitionChangeRecord' }>

export interface Change {
  /** The ISR wanted; undefined = as it is. An empty one is never recorded: the last member stays (CTL-5). */
  readonly targetIsr?: readonly NodeId[]
  readonly election?: 'online' | 'preferred'
  /** Unfenced, and not shutting down. */
  readonly isAcceptable: (id: NodeId) => boolean
}

/** The record to write; undefined when nothing would change. */
export function changePartition(partition: PartitionRegistration, { targetIsr = partition.isr, election = 'online', isAcceptable }: Change): PartitionChangeRecord | undefined {
  const leader = electLeader(partition, targetIsr, election, isAcceptable)
  const isr = targetIsr.length > 0 && !sameList(targetIsr, partition.isr) ? Object.freeze(targetIsr.slice()) : undefined
  if (isr === undefined && leader === partition.leader) return undefined
  return Object.freeze({ type: 'PartitionChangeRecord', partition: partition.partition, isr, leader: leader === partition.leader ? undefined : leader })
}

/** CTL-3: the current leader if it may stay; else the first replica in assignment order that is in sync and alive; else nobody. */
function electLeader(partition: PartitionRegistration, isr: readonly NodeId[], election: 'online' | 'preferred', isAcceptable: (id: NodeId) => boolean): NodeId {
  const qualifies = (id: NodeId) => isr.includes(id) && isAcceptable(id)
  if (election === 'preferred' && qualifies(partition.replicas[0]!)) return partition.replicas[0]!
  if (partition.leader !== NO_LEADER && qualifies(partition.leader)) return partition.leader
  return partition.replicas.find(qualifies) ?? NO_LEADER
}

const sameList = (a: readonly NodeId[], b: readonly NodeId[]): boolean => a.length === b.length && a.every((id, index) => id === b[index])
