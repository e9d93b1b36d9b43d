/** Who coordinates a group (GRP-1, GRP-2). */
import type { Connection } from '../../engine/process.ts'
import type { NodeId } from '../../base/units.ts'
import type { FindCoordinatorRequest, FindCoordinatorResponse } from '../protocol/metadata.ts'
import { coordinatorPartition } from './coordinator-partition.ts'
import type { CoordinatorHost } from './host.ts'
import type { Coordinator } from './state.ts'

/** The group's partition of `__consumer_offsets`, if it is coordinated here. */
export function coordinates(coordinator: Coordinator, groupId: string, host: CoordinatorHost): string | undefined {
  if (host.offsetsPartitions === undefined) return undefined
  const partition = coordinatorPartition(groupId, host.offsetsPartitions)
  return coordinator.partitions.has(partition) ? partition : undefined
}

/** Any broker answers, by what it knows of the metadata: the leader of the group's partition, if that is alive. */
export function handleFindCoordinator(
  { key }: FindCoordinatorRequest, on: Connection, host: CoordinatorHost,
  leaderOf: (partition: string) => { readonly id: NodeId; readonly name: string } | undefined,
): void {
  const leader = host.offsetsPartitions === undefined ? undefined : leaderOf(coordinatorPartition(key, host.offsetsPartitions))
  const response: FindCoordinatorResponse = leader === undefined
    ? { type: 'FindCoordinatorResponse', error: 'COORDINATOR_NOT_AVAILABLE', nodeId: -1, node: '' }
    : { type: 'FindCoordinatorResponse', error: 'NONE', nodeId: leader.id, node: leader.name }
  host.respond(on, response)
}
