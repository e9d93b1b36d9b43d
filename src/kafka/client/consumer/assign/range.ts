/**
 * ASG-1, range: of each topic every member gets a run of neighbouring partitions, the first members one more. Members are
 * in order of their ids, static ones first. Where racks are known, a partition goes to a member near one of its replicas
 * as long as the numbers come out the same. Follows clients/.../consumer/RangeAssignor.java.
 */
import { compareText } from '../../../topic-partition.ts'
import { byIdentity, type AssignedMember, type Assignment, type PartitionCounts } from './members.ts'

/** By topic, for each partition: the racks with a replica. */
type ReplicaRacks = ReadonlyMap<string, readonly (readonly string[])[]>

export function assignRange(
  partitionCounts: PartitionCounts, members: readonly AssignedMember[], replicaRacks?: ReplicaRacks,
): Assignment {
  const topics = [...partitionCounts].filter(([, count]) => count > 0).sort(([a], [b]) => compareText(a, b)).map(([name, count]): Topic => {
    const subscribers = members.filter((member) => member.topics.includes(name)).sort(byIdentity)
    return newTopic(name, count, subscribers, replicaRacks?.get(name) ?? [])
  }).filter(({ members: { length } }) => length > 0)
  if (members.some(({ rack }) => rack !== undefined)) {
    for (const group of coPartitioned(topics)) assignNearby(group)
  }
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
  readonly racks: readonly (readonly string[])[]
  /** Some partition is not in every rack that a member is in: only then racks say anything. */
  readonly rackAware: boolean
  readonly given: Map<string, number[]>
  readonly free: Set<number>
  /** Members that may still get one more than the others. */
  extras: number
}

function newTopic(name: string, count: number, members: readonly AssignedMember[], racks: Topic['racks']): Topic {
  const wanted = new Set(members.flatMap(({ rack }) => rack ?? []))
  const overlap = racks.some((list) => list.some((rack) => wanted.has(rack)))
  const everywhere = racks.every((list) => [...wanted].every((rack) => list.includes(rack)))
  return {
    name, count, members, racks, rackAware: wanted.size > 0 && racks.length > 0 && overlap && !everywhere,
    given: new Map(members.map(({ memberId }) => [memberId, []])),
    free: new Set(Array.from({ length: count }, (_, partition) => partition)), extras: count % members.length,
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

/** Topics with the same members and as many partitions, so that equal partitions of them stay together. */
function coPartitioned(topics: readonly Topic[]): Topic[][] {
  const groups = new Map<string, Topic[]>()
  for (const topic of topics) {
    if (!topic.rackAware) continue
    const key = `${topic.count} ${topic.members.map(({ memberId }) => memberId).join()}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [topic])
    else group.push(topic)
  }
  return [...groups.values()]
}

function assignNearby(group: readonly Topic[]): void {
  const first = group[0]!
  if (group.length > 1) {
    for (let partition = 0; partition < first.count; partition++) {
      const member = first.members.find(({ memberId, rack }) =>
        group.every((topic) => mayTake(topic, memberId) > 0 && isNear(topic, partition, rack)))
      if (member !== undefined) for (const topic of group) give(topic, member.memberId, partition)
    }
  }
  for (const topic of group) {
    for (const { memberId, rack } of topic.members) {
      const near = [...topic.free].filter((partition) => isNear(topic, partition, rack)).slice(0, mayTake(topic, memberId))
      for (const partition of near) give(topic, memberId, partition)
    }
  }
}

const isNear = ({ racks }: Topic, partition: number, rack: string | undefined): boolean =>
  rack !== undefined && (racks[partition] ?? []).includes(rack)

function assignRanges(topic: Topic): void {
  const free = [...topic.free]
  for (const { memberId } of topic.members) {
    for (const partition of free.splice(0, mayTake(topic, memberId))) give(topic, memberId, partition)
  }
}
