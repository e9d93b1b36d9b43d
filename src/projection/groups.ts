/** Consumer groups as their coordinators keep them. */
import type { World } from '../engine/world.ts'
import { brokerOf, controllerOf, groupOf, groupPartition, isLive, replicaOf } from '../kafka/look.ts'
import type { SeenMember } from '../kafka/group/seen.ts'
import type { GroupMemberView, GroupView } from './cluster-view.ts'

/** All groups that a consumer of the scenario belongs to. */
export function groupViews(world: World, names: readonly string[]): Record<string, GroupView> {
  const views: Record<string, GroupView> = {}
  for (const name of names) views[name] = groupView(world, name)
  return views
}

function groupView(world: World, name: string): GroupView {
  const { coordinator, group } = groupOf(world, name)
  const committed: Record<string, number> = {}
  const lag: Record<string, number> = {}
  for (const [partition, { offset }] of group?.offsets ?? []) {
    committed[partition] = offset
    const end = visibleEnd(world, partition)
    if (end !== undefined) lag[partition] = Math.max(0, end - offset)
  }
  // As kafka-share-groups.sh has it, but for the start offset: this is the one in force at the leader.
  for (const partition of group?.type === 'share' ? new Set(group.members.flatMap(({ assignment }) => assignment)) : []) {
    const share = startOf(world, name, partition)
    if (share !== undefined) committed[partition] = share
  }
  return {
    name, state: coordinator === undefined ? 'Unknown' : (group?.state ?? 'Empty'), generation: group?.generation ?? 0, ...(group?.targetEpoch === undefined ? {} : { targetEpoch: group.targetEpoch }), protocol: group?.type ?? 'classic', assignor: group?.assignor, coordinator,
    coordinatorPartition: groupPartition(world, name) ?? '',
    members: (group?.members ?? []).map(memberView), committed, lag,
  }
}

const memberView = ({ memberId, clientId, assignment, target, epoch }: SeenMember): GroupMemberView =>
  ({ memberId, client: clientId, assigned: assignment, ...(target === undefined || epoch === undefined ? {} : { target, epoch }) })

function startOf(world: World, group: string, partition: string): number | undefined {
  const leader = controllerOf(world)?.committed.partitions.get(partition)?.leader
  return leader === undefined || !isLive(world, leader) ? undefined : brokerOf(world, leader)?.share?.partitions.get(`${group}:${partition}`)?.startOffset
}

/** What a consumer may read up to: the live leader's high watermark. */
function visibleEnd(world: World, partition: string): number | undefined {
  const leader = controllerOf(world)?.committed.partitions.get(partition)?.leader
  return leader !== undefined && isLive(world, leader) ? replicaOf(world, partition, leader)?.highWatermark : undefined
}
