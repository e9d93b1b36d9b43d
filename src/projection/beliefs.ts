/** What a client's own metadata says, beside the truth. */
import type { World } from '../engine/world.ts'
import { nodeId } from '../kafka/broker/state.ts'
import type { Belief as Known } from '../kafka/client/metadata.ts'
import { controllerOf, isLive } from '../kafka/look.ts'
import type { Belief } from './cluster-view.ts'

/** Stale: the committed record says otherwise, or that broker is down. */
export function beliefsOf(world: World, beliefs: ReadonlyMap<string, Known>): readonly Belief[] {
  const committed = controllerOf(world)?.committed
  return [...beliefs].map(([partition, { leader, epoch }]) => {
    const truth = committed?.partitions.get(partition)
    const id = leader === undefined ? undefined : nodeId(leader)
    const stale = truth !== undefined && (epoch !== truth.leaderEpoch || (id !== undefined && !isLive(world, id)))
    return { partition, leader, epoch, stale }
  })
}
