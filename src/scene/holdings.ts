/** Who has which partition of a group while it is being dealt anew, from what the member and its coordinator know. Pure. */
import type { ConsumerView, GroupMemberView, GroupView, PartitionName } from '../projection/cluster-view.ts'

/** `reads`: owned, and to be kept; `leaves`: still read, but another is to have it; `comes`: not yet its own. */
export interface Holding { readonly partition: PartitionName; readonly how: 'reads' | 'leaves' | 'comes' }

const moving: ReadonlySet<GroupView['state']> = new Set(['PreparingRebalance', 'CompletingRebalance', 'Assigning', 'Reconciling'])
export const isMoving = (group: GroupView | undefined): boolean => group !== undefined && moving.has(group.state)

/** As the coordinator knows this client; of two members with its name the newest. */
export const seatOf = (group: GroupView | undefined, client: string): GroupMemberView | undefined =>
  group?.members.findLast((member) => member.client === client)

/** In the order of their names. */
export function holdingsOf(consumer: ConsumerView, group: GroupView | undefined): Holding[] {
  const target = seatOf(group, consumer.name)?.target
  const owned = new Set(consumer.assigned.map(({ partition }) => partition))
  const how = (partition: PartitionName): Holding['how'] =>
    !owned.has(partition) ? 'comes' : target === undefined || target.includes(partition) ? 'reads' : 'leaves'
  return [...new Set([...owned, ...(target ?? [])])].toSorted(byIndex).map((partition) => ({ partition, how: how(partition) }))
}

export const indexOf = (partition: PartitionName): string => partition.slice(partition.lastIndexOf('/') + 1)
function byIndex(a: PartitionName, b: PartitionName): number {
  const [left, right] = [a, b].map((each) => each.slice(0, each.lastIndexOf('/'))) as [string, string]
  return left === right ? Number(indexOf(a)) - Number(indexOf(b)) : left < right ? -1 : 1
}

/** It goes on reading while others wait: it has something, and its process works. */
export const readsOn = (consumer: ConsumerView, group: GroupView | undefined): boolean =>
  isMoving(group) && consumer.condition === 'running' && consumer.state !== 'fatal' && consumer.assigned.some(({ position }) => position !== undefined)

/** By the consumer protocol: the epoch it is still at, while the group has gone on to another. */
export function epochBehind(group: GroupView | undefined, client: string): number | undefined {
  const epoch = seatOf(group, client)?.epoch
  return epoch === undefined || epoch === group?.generation ? undefined : epoch
}

/** `group.instance.id`, if it has one. */
export const instanceOf = (consumer: ConsumerView): string | undefined =>
  consumer.overrides.find(({ name }) => name === 'group.instance.id')?.value
