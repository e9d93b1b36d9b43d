/**
 * ASG-3 and ASG-4, sticky: as even as can be, and everybody keeps what he can. ASG-5, cooperative-sticky: the same, but what
 * has an owner who still claims it is given to nobody until he has let go of it.
 * Follows clients/.../consumer/{StickyAssignor,CooperativeStickyAssignor}.java, internals/AbstractStickyAssignor.java.
 */
import { readClaims, type Claims } from './claims.ts'
import type { AssignedMember, Assignment, PartitionCounts, ReplicaRacks } from './members.ts'
import { assignConstrained, type Dealt } from './sticky-constrained.ts'
import { assignGeneral } from './sticky-general.ts'

const deal = (claims: Claims): Dealt =>
  (claims.equalSubscriptions ? assignConstrained(claims) : { assigned: assignGeneral(claims), transferring: undefined })
const named = (assigned: Dealt['assigned']): Assignment =>
  new Map([...assigned].map(([memberId, partitions]) => [memberId, partitions.map(({ name }) => name)]))

export const assignSticky = (counts: PartitionCounts, members: readonly AssignedMember[], racks?: ReplicaRacks): Assignment =>
  named(deal(readClaims(counts, members, racks)).assigned)

export function assignCooperativeSticky(counts: PartitionCounts, members: readonly AssignedMember[], racks?: ReplicaRacks): Assignment {
  const { assigned, transferring } = deal(readClaims(counts, members, racks))
  const names = named(assigned)
  for (const [name, to] of transferring ?? transfers(names, members)) {
    names.set(to, names.get(to)!.filter((one) => one !== name))
  }
  return names
}

/** Partitions that somebody gets who does not claim them, and that somebody who claims them does not get. */
function transfers(assigned: Assignment, members: readonly AssignedMember[]): Map<string, string> {
  const added = new Map<string, string>()
  const revoked = new Set<string>()
  for (const { memberId, owned = [] } of members) {
    const mine = new Set(assigned.get(memberId))
    const before = new Set(owned)
    for (const name of mine) if (!before.has(name)) added.set(name, memberId)
    for (const name of before) if (!mine.has(name)) revoked.add(name)
  }
  return new Map([...added].filter(([name]) => revoked.has(name)))
}
