/**
 * GRP-38, uniform for members of different subscriptions: what nobody has goes to the subscriber with least; then, topic by
 * topic, whoever has most gives to whoever has least, until no topic can be levelled further.
 * Follows group-coordinator/.../group/assignor/UniformHeterogeneousAssignmentBuilder.java.
 *
 * Simplified: topics have no ids, so among topics alike in everything else the name decides.
 */
import { compareText } from '../../topic-partition.ts'
import { areLevel, newLoadRanges, passOverMost, spread, takeLeast, takeMost } from './load-ranges.ts'
import { addTo, numbers, tidy, type GroupSpec, type Target } from './spec.ts'

/** Rounds over all topics, at most. */
const MAX_ROUNDS = 16

interface Work {
  readonly spec: GroupSpec
  /** By topic: indexes of its subscribers. */
  readonly subscribers: ReadonlyMap<string, readonly number[]>
  /** By topic: of each partition the member that has it; -1 = nobody. */
  readonly owners: ReadonlyMap<string, number[]>
  /** By member: partitions of all topics. */
  readonly sizes: number[]
}

export function assignHeterogeneous(spec: GroupSpec): Target {
  const { members, topics } = spec
  const work: Work = {
    spec, sizes: members.map(() => 0), owners: new Map([...topics].map(([topic, count]) => [topic, numbers(count).map(() => -1)])),
    subscribers: new Map([...topics.keys()].map((topic) => [topic, [...members.keys()].filter((i) => members[i]!.topics.includes(topic))])),
  }
  for (const [i, member] of members.entries()) {
    for (const [topic, partitions] of member.target) {
      if (member.topics.includes(topic)) for (const partition of partitions) give(work, topic, partition, i)
    }
  }
  const inOrder = sortedTopics(work)
  for (const topic of inOrder) assignFree(work, topic)
  level(work, inOrder.filter((topic) => work.subscribers.get(topic)!.length >= 2))
  return written(work)
}

function give({ owners, sizes }: Work, topic: string, partition: number, member: number): void {
  const list = owners.get(topic)!
  const before = list[partition]!
  if (before >= 0) sizes[before]!--
  list[partition] = member
  sizes[member]!++
}

/** Most partitions for each subscriber first, then fewest subscribers. */
function sortedTopics({ spec: { topics }, subscribers }: Work): string[] {
  const number = (topic: string): number => subscribers.get(topic)!.length
  const density = (topic: string): number => topics.get(topic)! / number(topic)
  return [...topics.keys()].sort((a, b) => density(b) - density(a) || number(a) - number(b) || compareText(a, b))
}

function assignFree(work: Work, topic: string): void {
  const ranges = newLoadRanges(work.sizes, work.subscribers.get(topic)!)
  for (const [partition, owner] of work.owners.get(topic)!.entries()) if (owner < 0) give(work, topic, partition, takeLeast(ranges))
}

/** Round and round until a whole round has moved nothing. */
function level(work: Work, topics: readonly string[]): void {
  let last = -1
  for (let round = 0; round < MAX_ROUNDS; round++) {
    for (const [i, topic] of topics.entries()) {
      if (i === last) return
      if (levelTopic(work, topic) > 0 || last === -1) last = i
    }
  }
}

/** How many partitions moved. */
function levelTopic(work: Work, topic: string): number {
  const ranges = newLoadRanges(work.sizes, work.subscribers.get(topic)!)
  if (spread(ranges) <= 1) return 0
  const held = new Map<number, number[]>()
  for (const [partition, owner] of work.owners.get(topic)!.entries()) held.set(owner, [...(held.get(owner) ?? []), partition])
  for (let moved = 0; ; moved++) {
    let from = takeMost(ranges)
    while (from !== undefined && (held.get(from) ?? []).length === 0) {
      passOverMost(ranges)
      from = takeMost(ranges)
    }
    if (from === undefined) return moved
    const partition = held.get(from)!.pop()!
    const to = takeLeast(ranges)
    if (areLevel(ranges)) return moved
    give(work, topic, partition, to)
  }
}

function written({ spec: { members }, owners }: Work): Target {
  const target: Target = new Map(members.map(({ memberId }) => [memberId, new Map<string, number[]>()]))
  for (const [topic, list] of owners) {
    for (const [partition, owner] of list.entries()) if (owner >= 0) addTo(target.get(members[owner]!.memberId)!, topic, partition)
  }
  return tidy(target)
}
