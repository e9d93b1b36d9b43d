/**
 * GRP-33: one member's way to its part of the target, one heartbeat at a time. It gives up first, and gets what others have
 * let go of; nobody else waits for it. Follows group-coordinator/.../group/modern/consumer/CurrentAssignmentBuilder.java.
 */
import type { Epoch } from '../../base/units.ts'

export const memberStates = ['STABLE', 'UNREVOKED_PARTITIONS', 'UNRELEASED_PARTITIONS'] as const
export type MemberState = (typeof memberStates)[number]

/** By name of partition: the epoch in which the member got it. Frozen. */
export type PartitionEpochs = ReadonlyMap<string, Epoch>

export interface CurrentAssignment {
  readonly state: MemberState
  readonly memberEpoch: Epoch
  readonly previousMemberEpoch: Epoch
  readonly assigned: PartitionEpochs
  /** What it has to give up, and has not said that it did. */
  readonly pendingRevocation: PartitionEpochs
}

export interface Reconciliation {
  readonly targetEpoch: Epoch
  /** Its part of the target, of topics that it subscribes to. */
  readonly target: ReadonlySet<string>
  /** Somebody has it, this member included. */
  readonly isHeld: (partition: string) => boolean
  /** What it says it owns; undefined = it does not say. */
  readonly owned: readonly string[] | undefined
  /** Its topics, when it has just changed its subscription. */
  readonly subscriptionChangedTo?: ReadonlySet<string> | undefined
}

export function reconcile(member: CurrentAssignment, to: Reconciliation): CurrentAssignment {
  if (member.state === 'STABLE' && member.memberEpoch === to.targetEpoch) return dropUnsubscribed(member, to)
  if (member.state === 'UNREVOKED_PARTITIONS' && ownsAnyOf(member.pendingRevocation, to)) return dropUnsubscribed(member, to)
  return computeNext(member, to)
}

const ownsAnyOf = (pending: PartitionEpochs, { owned }: Reconciliation): boolean =>
  owned === undefined || owned.some((partition) => pending.has(partition))

function computeNext(member: CurrentAssignment, to: Reconciliation): CurrentAssignment {
  const { target, targetEpoch, isHeld } = to
  const kept = new Map<string, Epoch>()
  const pending = new Map<string, Epoch>()
  for (const [partition, epoch] of member.assigned) (target.has(partition) ? kept : pending).set(partition, epoch)
  if (pending.size > 0 && ownsAnyOf(pending, to)) {
    return advanced(member, 'UNREVOKED_PARTITIONS', member.memberEpoch, kept, pending)
  }
  let unreleased = false
  for (const partition of target) {
    if (kept.has(partition)) continue
    // What it was about to give up itself is free for it.
    if (isHeld(partition) && !member.pendingRevocation.has(partition)) unreleased = true
    else kept.set(partition, targetEpoch)
  }
  return advanced(member, unreleased ? 'UNRELEASED_PARTITIONS' : 'STABLE', targetEpoch, kept, new Map())
}

const advanced = (
  member: CurrentAssignment, state: MemberState, memberEpoch: Epoch, assigned: PartitionEpochs, pendingRevocation: PartitionEpochs,
): CurrentAssignment => Object.freeze({ state, memberEpoch, previousMemberEpoch: member.memberEpoch, assigned, pendingRevocation })

/** Of a topic that it has just left it keeps nothing, whatever the target says. */
function dropUnsubscribed(member: CurrentAssignment, to: Reconciliation): CurrentAssignment {
  const topics = to.subscriptionChangedTo
  if (topics === undefined) return member
  const kept = new Map<string, Epoch>()
  const pending = new Map(member.pendingRevocation)
  for (const [partition, epoch] of member.assigned) {
    (topics.has(partition.slice(0, partition.lastIndexOf('/'))) ? kept : pending).set(partition, epoch)
  }
  if (kept.size === member.assigned.size) return member
  if (ownsAnyOf(pending, to)) return advanced(member, 'UNREVOKED_PARTITIONS', member.memberEpoch, kept, pending)
  return advanced(member, member.state, member.memberEpoch, kept, member.pendingRevocation)
}
