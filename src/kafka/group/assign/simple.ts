/**
 * The share group's assignor, simple: every partition goes to so many members that nobody is left with nothing, and every
 * member keeps what it can. Follows group-coordinator/.../group/assignor/{SimpleAssignor,SimpleHomogeneousAssignmentBuilder,
 * SimpleHeterogeneousAssignmentBuilder}.java.
 */
import { topicPartition, type TopicPartition } from '../../topic-partition.ts'
import { addTo, isHomogeneous, numbers, tidy, type GroupSpec, type SpecMember, type Target } from './spec.ts'

/** `order`: in which partitions are dealt; in a broker that of a Java map. */
export function assignSimple(spec: GroupSpec, order: readonly TopicPartition[] = allPartitions(spec)): Target {
  const { members, topics } = spec
  const target: Target = new Map(members.map(({ memberId }) => [memberId, new Map<string, number[]>()]))
  // Of different subscriptions Kafka leaves in the target what nobody subscribes to any more; no member is given it.
  if (!isHomogeneous(spec)) for (const member of members) keepForgotten(spec, member, target)
  // Of equal subscriptions all topics are dealt together, of different ones each by itself.
  const parts = isHomogeneous(spec) ? [[...topics.keys()]] : [...topics.keys()].map((topic) => [topic])
  for (const part of parts) {
    const subscribers = members.filter((member) => part.every((topic) => member.topics.includes(topic)))
    const before = subscribers.map((member) => order.filter(({ topic, partition }) =>
      part.includes(topic) && (member.target.get(topic) ?? []).includes(partition)))
    const shares = share(order.filter(({ topic }) => part.includes(topic)), before)
    for (const [i, share] of shares.entries()) {
      for (const { topic, partition } of share) addTo(target.get(subscribers[i]!.memberId)!, topic, partition)
    }
  }
  return tidy(target)
}

const allPartitions = ({ topics }: GroupSpec): TopicPartition[] =>
  [...topics].flatMap(([topic, count]) => numbers(count).map((partition) => topicPartition(topic, partition)))

function keepForgotten({ topics }: GroupSpec, { memberId, target: before }: SpecMember, target: Target): void {
  for (const [topic, partitions] of before) if (!topics.has(topic)) target.get(memberId)!.set(topic, partitions.slice())
}

type Share = Set<TopicPartition>

/** `before`: what each member has of these partitions; gives what each has then. */
function share(partitions: readonly TopicPartition[], before: readonly (readonly TopicPartition[])[]): Share[] {
  const shares = before.map((list) => new Set(list))
  if (partitions.length === 0 || shares.length === 0) return shares
  const sharing = Math.ceil(shares.length / partitions.length)
  const precise = (sharing * partitions.length) / shares.length
  const wanted = shares.map((_, i) => Math.ceil(precise * (i + 1)) - Math.ceil(precise * i))
  for (const [i, list] of shares.entries()) {
    for (const partition of [...list].slice(0, Math.max(0, list.size - wanted[i]!))) list.delete(partition)
  }
  for (const partition of partitions) {
    const holders = shares.filter((list) => list.has(partition))
    for (const list of holders.slice(0, Math.max(0, holders.length - sharing))) list.delete(partition)
  }
  dealRest(partitions, shares, sharing, wanted)
  return shares
}

/** Round the members that want more, in order, going on where the last partition left off. */
function dealRest(partitions: readonly TopicPartition[], shares: readonly Share[], sharing: number, wanted: readonly number[]): void {
  const unfilled = [...shares.keys()].filter((i) => shares[i]!.size < wanted[i]!)
  let turn = 0
  let dealt = false
  for (const partition of partitions) {
    const holders = new Set([...shares.keys()].filter((i) => shares[i]!.has(partition)))
    for (let missing = sharing - holders.size; missing > 0 && unfilled.length > 0;) {
      if (turn >= unfilled.length) {
        if (!dealt) break
        turn = 0
        dealt = false
      }
      const member = unfilled[turn++]!
      if (holders.has(member)) continue
      shares[member]!.add(partition)
      missing--
      dealt = true
      if (shares[member]!.size >= wanted[member]!) unfilled.splice(--turn, 1)
    }
    if (unfilled.length === 0) return
  }
}
