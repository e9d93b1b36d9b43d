/**
 * ASG-1, range: of each topic every member gets a run of neighbouring partitions, the first members one more. Members are
 * in order of their ids, static ones first. Where racks are known, a partition goes to a member near one of its replicas
 * as long as the numbers come out the same. Follows clients/.../consumer/RangeAssignor.java.
 */
import { compareText } from '../../../topic-partition.ts'
import { byIdentity, type AssignedMember, type Assignment, type PartitionCounts, type ReplicaRacks } from './members.ts'
import { racksCount } from './racks.ts'

export function assignRange(
  partitionCounts: PartitionCounts, members: readonly AssignedMember[], replicaRacks?: ReplicaRacks,
): Assignment {
  const topics = [...partitionCounts].filter(([, count]) => count > 0).sort(([a], [b]) => compareText(a, b)).map(([name, count]): Topic => {
    const subscribers = members.filter((member) => member.topics.includes(name)).sort(byIdentity)
    return newTopic(name, count, subscribers, replicaRacks?.get(name) ?? [])
  }).filter(({ members: { length } }) => length > 0)
  if (topics.some(({ rackAware }) => rackAware)) for (const group of coPartitioned(topics)) assignNearby(group)
  for (const topic of topics) assignRanges(topic)
  const assigned = new Map(members.map(({ memberId }) => [memberId, [] as string[]]))
  for (const { name, given } of topics) {
    for (const [memberId, partitions] of given) {
      for (const partition of partitions.sort((a, b) => a - b)) assigned.get(memberId)!.push(`${name}/${partition}`)
    }
  }
  return assigned
}

interface Topic {
  readonly name: string; readonly count: number
  readonly members: readonly AssignedMember[]
  /** Racks with a replica of each partition. */
  readonly racks: readonly ReadonlySet<string>[]
  readonly rackAware: boolean
  readonly given: Map<string, number[]>
  readonly free: Set<number>
  /** Members that may still get one more than the others. */
  extras: number
}

function newTopic(name: string, count: number, members: readonly AssignedMember[], replicaRacks: readonly (readonly string[])[]): Topic {
  const wanted = new Set(members.flatMap(({ rack }) => rack ?? []))
  const racks = Array.from({ length: count }, (_, partition) => new Set(replicaRacks[partition]))
  return {
    name, count, members, racks, rackAware: racksCount(wanted, racks), given: new Map(members.map(({ memberId }) => [memberId, []])),
    free: new Set(racks.keys()), extras: count % members.length,
  }
}

const least = ({ count, members }: Topic): number => Math.floor(count / members.length)
const mayTake = (topic: Topic, memberId: string): number =>
  Math.max(0, least(topic) + (topic.extras > 0 ? 1 : 0) - topic.given.get(memberId)!.length)

function give(topic: Topic, memberId: string, partition: number): void {
  const list = topic.given.get(memberId)!
  list.push(partition)
  topic.free.delete(partition)
  if (list.length > least(topic)) topic.extras--
}

/** Topics with the same members in the same racks and as many partitions, so that equal partitions of them stay together. */
function coPartitioned(topics: readonly Topic[]): Topic[][] {
  const groups = new Map<string, Topic[]>()
  for (const topic of topics) {
    const key = JSON.stringify([topic.count, topic.members.map(({ memberId, rack }) => [memberId, rack])])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [topic])
    else group.push(topic)
  }
  return [...groups.values()]
}

/** Of several topics a partition goes to a member that is near to it in all; of one topic members take what is near to them. */
function assignNearby(group: readonly Topic[]): void {
  const first = group[0]!
  if (group.length > 1) {
    if (first.members.every(({ rack }) => rack === undefined)) return
    for (let partition = 0; partition < first.count; partition++) {
      const member = first.members.find((one) => group.every((topic) => mayTake(topic, one.memberId) > 0 && suits(topic, partition, one.rack)))
      if (member !== undefined) for (const topic of group) give(topic, member.memberId, partition)
    }
  } else if (first.rackAware) {
    for (const { memberId, rack } of first.members) {
      const near = [...first.free].filter((partition) => suits(first, partition, rack)).slice(0, mayTake(first, memberId))
      for (const partition of near) give(first, memberId, partition)
    }
  }
}

/** Who is in no rack is near to everything. */
const suits = ({ racks }: Topic, partition: number, rack: string | undefined): boolean => rack === undefined || racks[partition]!.has(rack)

function assignRanges(topic: Topic): void {
  const free = [...topic.free]
  for (const { memberId } of topic.members) {
    for (const partition of free.splice(0, mayTake(topic, memberId))) give(topic, memberId, partition)
  }
}
