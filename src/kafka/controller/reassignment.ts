/**
 * Moving a partition from some replicas to others: where it begins, and when it is over. Decides, and changes nothing.
 * Follows metadata/.../controller/PartitionReassignmentReplicas.java. CTL-20, CTL-21.
 */
import type { NodeId } from '../../base/units.ts'

/** The assignment while replicas are moved. */
export interface Assignment {
  readonly replicas: readonly NodeId[]
  readonly adding: readonly NodeId[]
  readonly removing: readonly NodeId[]
}

/** From these replicas to those: all of them are replicas meanwhile, the target's first. */
export function towards(current: readonly NodeId[], target: readonly NodeId[]): Assignment {
  const removing = without(current, target)
  return { replicas: [...target, ...removing], adding: without(target, current), removing }
}
const without = (ids: readonly NodeId[], others: readonly NodeId[]): NodeId[] =>
  ids.filter((id) => !others.includes(id)).sort((a, b) => a - b)

/**
 * What is left when it is over; undefined = it is not yet. Whoever is added has to be in sync, and where replicas become
 * fewer all that stay, so that the ISR does not shrink by it (KAFKA-19975).
 */
export function completed(
  { replicas, adding, removing }: Assignment,
  isr: readonly NodeId[],
): { readonly replicas: readonly NodeId[]; readonly isr: readonly NodeId[] } | undefined {
  if (adding.length === 0 && removing.length === 0) return undefined
  const stays = (id: NodeId): boolean => !removing.includes(id)
  const left = { replicas: replicas.filter(stays), isr: isr.filter(stays) }
  const needed = adding.length < removing.length ? left.replicas : adding
  return left.replicas.length > 0 && left.isr.length > 0 && needed.every((id) => left.isr.includes(id)) ? left : undefined
}
