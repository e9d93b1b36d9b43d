/**
 * One change of a partition's record: who is in sync, who may lead without loss, and who therefore leads. Decides, and
 * changes nothing. Follows metadata/.../controller/PartitionChangeBuilder.java. CTL-2 to CTL-6, CTL-21.
 */
import type { NodeId } from '../../base/units.ts'
import type { PartitionRegistration } from '../metadata/image.ts'
import { NO_LEADER, UNASSIGNED, type LeaderRecoveryState, type PartitionChangeRecord } from '../metadata/records.ts'
import { completed } from './reassignment.ts'

export interface Change {
  /** The ISR wanted; undefined = as it is. */
  readonly targetIsr?: readonly NodeId[]
  /** The assignment wanted, while replicas are moved. */
  readonly targetReplicas?: readonly NodeId[]
  readonly targetAdding?: readonly NodeId[]
  readonly targetRemoving?: readonly NodeId[]
  readonly targetRecoveryState?: LeaderRecoveryState
  /** `unclean`: rather somebody who may lack records than nobody. */
  readonly election: 'online' | 'preferred' | 'unclean'
  /** Unfenced, and not shutting down. */
  readonly isAcceptable: (id: NodeId) => boolean
  /** The effective min.insync.replicas. */
  readonly minIsr: number
  /** `eligible.leader.replicas.version` is 1. */
  readonly elrEnabled: boolean
  /** Where a broker has put its replica (KIP-858). */
  readonly targetDirectory?: { readonly id: NodeId; readonly directory: string }
  /** Came back without having stopped in order: nobody knows what they have lost. */
  readonly uncleanShutdown?: readonly NodeId[]
}

/** The record to write; undefined when nothing would change. */
export function changePartition(partition: PartitionRegistration, change: Change): PartitionChangeRecord | undefined {
  const target = targetOf(partition, change)
  const elected = electLeader(partition, target, change)
  const drops = !partition.replicas.every((id) => target.replicas.includes(id))
  // Setting the leader raises the leader epoch, which makes followers look again where a replica is taken away.
  const leader = elected.leader !== partition.leader || drops ? elected.leader : undefined
  const { isr, elr } = afterElection(partition, target, elected, change)
  const moved = directories(partition, target.replicas, change)
  const record: PartitionChangeRecord = {
    type: 'PartitionChangeRecord',
    partition: partition.partition,
    isr: changed(partition.isr, isr),
    leader,
    elr: changed(partition.elr, elr),
    lastKnownElr: lastKnown(partition, isr, leader, change.elrEnabled),
    replicas: changed(partition.replicas, target.replicas),
    adding: changed(partition.adding, target.adding),
    removing: changed(partition.removing, target.removing),
    leaderRecoveryState: recovery(partition, elected, change),
    ...(moved === undefined ? {} : { directories: moved }),
  }
  const { type: _, partition: __, ...fields } = record
  return Object.values(fields).every((value) => value === undefined) ? undefined : Object.freeze(record)
}

/** They keep their place in the list of replicas; whoever is new there has not said yet. */
function directories({ replicas, directories: before }: PartitionRegistration, now: readonly NodeId[], { targetDirectory }: Change): readonly string[] | undefined {
  if (before === undefined && targetDirectory === undefined) return undefined
  const after = now.map((id) => (id === targetDirectory?.id ? targetDirectory.directory : before?.[replicas.indexOf(id)]) ?? UNASSIGNED)
  return before !== undefined && after.length === before.length && after.every((id, i) => id === before[i]) ? undefined : Object.freeze(after)
}

interface Target {
  readonly isr: readonly NodeId[]
  readonly elr: readonly NodeId[]
  readonly replicas: readonly NodeId[]
  readonly adding: readonly NodeId[]
  readonly removing: readonly NodeId[]
}

function targetOf(partition: PartitionRegistration, change: Change): Target {
  const {
    targetIsr = partition.isr,
    targetReplicas = partition.replicas,
    targetAdding = partition.adding,
    targetRemoving = partition.removing,
  } = change
  const done = completed({ replicas: targetReplicas, adding: targetAdding, removing: targetRemoving }, targetIsr)
  const isr = done?.isr ?? targetIsr
  return {
    isr,
    elr: eligible(partition, isr, change),
    replicas: done?.replicas ?? targetReplicas,
    adding: done === undefined ? targetAdding : [],
    removing: done === undefined ? targetRemoving : [],
  }
}

/**
 * CTL-6. While the ISR is below the minimum nothing is committed: whoever leaves it then has all that is, and may lead
 * without loss, unless it did not stop in order.
 */
function eligible(
  partition: PartitionRegistration,
  isr: readonly NodeId[],
  { elrEnabled, minIsr, uncleanShutdown = EMPTY }: Change,
): readonly NodeId[] {
  if (!elrEnabled) return partition.elr
  if (isr.length >= minIsr) return []
  return inHashOrder([...new Set([...partition.elr, ...partition.isr])]).filter((id) => !isr.includes(id) && !uncleanShutdown.includes(id))
}
/** Kafka gathers them in a Java HashSet, which walks up to twelve small numbers by their remainder of 16. */
const inHashOrder = (ids: readonly NodeId[]): NodeId[] => ids.toSorted((a, b) => (a & 15) - (b & 15))

interface Elected {
  readonly leader: NodeId
  readonly unclean: boolean
}

/** CTL-3. */
function electLeader(
  partition: PartitionRegistration,
  { isr, elr, replicas }: Target,
  { election, elrEnabled, isAcceptable }: Change,
): Elected {
  const qualifies = (id: NodeId): boolean => (isr.includes(id) || (isr.length === 0 && elr.includes(id))) && isAcceptable(id)
  if (election === 'preferred' && qualifies(replicas[0]!)) return { leader: replicas[0]!, unclean: false }
  if (qualifies(partition.leader)) return { leader: partition.leader, unclean: false }
  const clean = replicas.find(qualifies)
  if (clean !== undefined) return { leader: clean, unclean: false }
  const [last] = partition.lastKnownElr
  if (elrEnabled && isr.length === 0 && elr.length === 0 && partition.lastKnownElr.length === 1 && isAcceptable(last!))
    return { leader: last!, unclean: true }
  const any = election === 'unclean' ? replicas.find(isAcceptable) : undefined
  return any === undefined ? { leader: NO_LEADER, unclean: false } : { leader: any, unclean: true }
}

/** A leader out of the ELR is the ISR then, one that was elected uncleanly is all there is. Without ELR the last member stays (CTL-5). */
function afterElection(
  partition: PartitionRegistration,
  { isr, elr }: Target,
  { leader, unclean }: Elected,
  { elrEnabled }: Change,
): { readonly isr: readonly NodeId[]; readonly elr: readonly NodeId[] } {
  if (unclean && leader !== partition.leader) return { isr: [leader], elr: [] }
  if (!elrEnabled) return { isr: isr.length === 0 ? partition.isr : isr, elr: [] }
  if (leader !== partition.leader && elr.includes(leader)) return { isr: [leader], elr: elr.filter((id) => id !== leader) }
  return { isr, elr }
}

/** The last to lead is remembered when the ISR becomes empty, and forgotten when somebody leads again. */
function lastKnown(
  partition: PartitionRegistration,
  isr: readonly NodeId[],
  leader: NodeId | undefined,
  elrEnabled: boolean,
): readonly NodeId[] | undefined {
  if (!elrEnabled) return undefined
  const emptied = isr.length === 0 && partition.isr.length > 0
  if (emptied && !sameList(partition.lastKnownElr, [partition.leader])) return Object.freeze([partition.leader])
  return (leader ?? partition.leader) !== NO_LEADER && partition.lastKnownElr.length > 0 ? EMPTY : undefined
}
const EMPTY: readonly NodeId[] = Object.freeze([])

/** CTL-4: what the change asks for comes before what an election makes of it. */
function recovery(
  partition: PartitionRegistration,
  { leader, unclean }: Elected,
  { targetRecoveryState = partition.leaderRecoveryState }: Change,
): LeaderRecoveryState | undefined {
  if (targetRecoveryState !== partition.leaderRecoveryState) return targetRecoveryState
  return unclean && leader !== partition.leader && partition.leaderRecoveryState !== 'RECOVERING' ? 'RECOVERING' : undefined
}

const changed = (before: readonly NodeId[], after: readonly NodeId[]): readonly NodeId[] | undefined =>
  sameList(before, after) ? undefined : Object.freeze(after.slice())
export const sameList = (a: readonly NodeId[], b: readonly NodeId[]): boolean =>
  a.length === b.length && a.every((id, index) => id === b[index])
