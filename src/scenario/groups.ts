/** Groups as their coordinators keep them, for statements and selectors. */
import type { World } from '../engine/world.ts'
import type { SeenGroup } from '../kafka/group/seen.ts'
import { groupOf as lookAt } from '../kafka/look.ts'

/** The live broker that coordinates this group. */
export const coordinatorOf = (world: World, name: string): string | undefined => lookAt(world, name).coordinator
export const groupOf = (world: World, name: string): SeenGroup | undefined => lookAt(world, name).group

/** The client that has this partition. */
export function ownerOf(world: World, group: string, partition: string): string | undefined {
  for (const { clientId, assignment } of groupOf(world, group)?.members ?? []) if (assignment.includes(partition)) return clientId
  return undefined
}
