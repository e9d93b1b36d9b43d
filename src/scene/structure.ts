/**
 * Of a view, what decides where things stand: which machines there are, who holds what, and what is in focus. It changes
 * seldom, so a layout made from it serves thousands of frames.
 */
import type { ClusterView, ControllerView, NodeName, PartitionName, PartitionView } from '../projection/cluster-view.ts'

export interface BrokerPart {
  readonly name: NodeName
  readonly rack: string | undefined
  readonly hosts: readonly PartitionName[]
}
export interface GroupPart {
  /** The group, or the consumer itself if it has none. */
  readonly name: string
  readonly isGroup: boolean
  readonly members: readonly NodeName[]
}
export interface Structure {
  readonly brokers: readonly BrokerPart[]
  readonly controllers: readonly { readonly name: NodeName; readonly active: boolean; readonly speaks: boolean }[]
  readonly producers: readonly NodeName[]
  readonly groups: readonly GroupPart[]
  readonly admins: readonly NodeName[]
  /** The partition whose log is drawn with cells; undefined = there is none yet. */
  readonly focus: PartitionName | undefined
  /** Partitions of the topic in focus, then all others. Internal topics are not among them. */
  readonly topic: readonly PartitionName[]
  readonly others: readonly PartitionName[]
}

const byIndex = (a: PartitionView, b: PartitionView): number => (a.topic === b.topic ? a.index - b.index : a.topic < b.topic ? -1 : 1)

/** Who acts for all: of those that lead and run, the one in the highest epoch. One that was cut off may not know yet that it is over. */
export function activeControllerOf(view: Pick<ClusterView, 'controllers'>): ControllerView | undefined {
  let found: ControllerView | undefined
  for (const each of Object.values(view.controllers)) {
    if (each.active && each.condition !== 'down' && each.condition !== 'frozen' && each.epoch > (found?.epoch ?? -1)) found = each
  }
  return found
}

/** More brokers than these have no room for their logs. */
export const MOST_OPEN = 8

/** Only the members that read this partition, and no group that has none. */
function readersOf(view: ClusterView, group: GroupPart, partition: PartitionName | undefined): readonly GroupPart[] {
  const members = group.members.filter((name) => view.consumers[name]?.assigned.some((each) => each.partition === partition))
  return members.length === 0 ? [] : [{ ...group, members }]
}

/** `focus` is a partition or a topic; whatever is not there falls back to the first topic. */
export function structureOf(view: ClusterView, focus: string | undefined): Structure {
  const partitions = Object.values(view.partitions)
    .filter((each) => !each.internal)
    .sort(byIndex)
  const chosen =
    partitions.find((each) => each.name === focus) ??
    partitions.find((each) => each.topic === focus) ??
    firstWritten(view, partitions) ??
    partitions[0]
  const topic = partitions.filter((each) => each.topic === chosen?.topic)
  const active = activeControllerOf(view)?.name
  // Of a large cluster only what has to do with the focus is drawn with its logs; the rest is seen from far.
  const large = Object.keys(view.brokers).length > MOST_OPEN
  return {
    brokers: Object.values(view.brokers)
      .filter(({ name }) => !large || chosen?.replicas.includes(name) === true)
      .toSorted((a, b) => a.nodeId - b.nodeId)
      .map(({ name, rack }) => ({ name, rack, hosts: partitions.filter((each) => each.replicas.includes(name)).map((each) => each.name) })),
    controllers: Object.values(view.controllers)
      .toSorted((a, b) => a.nodeId - b.nodeId)
      .map((each) => ({ name: each.name, active: each.name === active, speaks: each.role !== 'follower' || each.condition !== 'running' })),
    producers: Object.values(view.producers).filter((each) => !large || each.topic === chosen?.topic).map(({ name }) => name),
    groups: large ? groupsOf(view).flatMap((each) => readersOf(view, each, chosen?.name)) : groupsOf(view),
    admins: Object.keys(view.admins),
    focus: chosen?.name,
    topic: topic.map((each) => each.name),
    others: partitions.filter((each) => each.topic !== chosen?.topic).map((each) => each.name),
  }
}

/** With nothing chosen, the topic that somebody writes to says more than the first of the alphabet. */
function firstWritten(view: ClusterView, partitions: readonly PartitionView[]): PartitionView | undefined {
  const topics = Object.values(view.producers).map((each) => each.topic)
  return partitions.find((each) => topics.includes(each.topic))
}

function groupsOf(view: ClusterView): GroupPart[] {
  const members = new Map<string, NodeName[]>(Object.keys(view.groups).map((name) => [name, []]))
  const alone: GroupPart[] = []
  for (const consumer of Object.values(view.consumers)) {
    if (consumer.group === undefined) alone.push({ name: consumer.name, isGroup: false, members: [consumer.name] })
    else members.set(consumer.group, [...(members.get(consumer.group) ?? []), consumer.name])
  }
  return [...[...members].map(([name, names]) => ({ name, isGroup: true, members: names })), ...alone]
}

/** Equal keys, equal layouts. */
export const structureKey = (structure: Structure): string => JSON.stringify(structure)
