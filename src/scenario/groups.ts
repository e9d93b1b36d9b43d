/** Groups as their coordinators keep them: found the way a client finds them, by the partition of their name. */
import type { World } from '../engine/world.ts'
import { nodeName } from '../kafka/broker/state.ts'
import { coordinatorPartition, OFFSETS_TOPIC } from '../kafka/group/coordinator-partition.ts'
import type { Group } from '../kafka/group/state.ts'
import { brokerOf, controllerOf, isLive } from '../kafka/look.ts'

function leaderOf(world: World, group: string): number | undefined {
  const committed = controllerOf(world)?.committed
  const count = committed?.topics.get(OFFSETS_TOPIC)?.partitions.length ?? 0
  if (count === 0) return undefined
  return committed?.partitions.get(coordinatorPartition(group, count))?.leader
}

/** The live broker that coordinates this group. */
export function coordinatorOf(world: World, group: string): string | undefined {
  const leader = leaderOf(world, group)
  return leader !== undefined && isLive(world, leader) ? nodeName(leader) : undefined
}

export function groupOf(world: World, name: string): Group | undefined {
  const leader = leaderOf(world, name)
  return leader === undefined ? undefined : brokerOf(world, leader)?.coordinator.groups.get(name)
}

/** The client that has this partition. */
export function ownerOf(world: World, group: string, partition: string): string | undefined {
  for (const { clientId, assignment } of groupOf(world, group)?.members.values() ?? []) if (assignment.includes(partition)) return clientId
  return undefined
}
