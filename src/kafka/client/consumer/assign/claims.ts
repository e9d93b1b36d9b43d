/**
 * What members claim to own when sticky assignors begin: of several claims on a partition that of the highest generation
 * counts, and two of one generation cancel each other. Follows AbstractStickyAssignor#allSubscriptionsEqual.
 */
import { hashMapOrder, javaHash } from '../../../java-hash.ts'
import { topicPartition, type TopicPartition } from '../../../topic-partition.ts'
import type { AssignedMember, PartitionCounts, ReplicaRacks } from './members.ts'
import { readRacks, type Racks } from './racks.ts'

export interface Claims {
  /** In the order of the Java map that Kafka keeps them in: it decides who of equals keeps one more. */
  readonly members: readonly AssignedMember[]
  /** Topics that somebody subscribes to, with their partitions. */
  readonly partitions: ReadonlyMap<string, readonly TopicPartition[]>
  readonly owned: Map<string, TopicPartition[]>
  /** Names of partitions claimed by two members in one generation. */
  readonly contested: ReadonlySet<string>
  readonly equalSubscriptions: boolean
  readonly racks: Racks
  /** The partition that a claim names; undefined = it is gone. */
  readonly find: (name: string) => TopicPartition | undefined
}

export function readClaims(counts: PartitionCounts, members: readonly AssignedMember[], replicaRacks?: ReplicaRacks): Claims {
  const inOrder = hashMapOrder(members, ({ memberId }) => javaHash(memberId))
  const partitions = new Map<string, readonly TopicPartition[]>()
  const byName = new Map<string, TopicPartition>()
  for (const topic of new Set(inOrder.flatMap(({ topics }) => topics))) {
    const list = Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => topicPartition(topic, partition))
    if (list.length > 0) partitions.set(topic, list)
    for (const one of list) byName.set(one.name, one)
  }
  const find = (name: string): TopicPartition | undefined => byName.get(name)
  const racks = readRacks(inOrder, byName.values(), replicaRacks)
  return { members: inOrder, partitions, racks, ...settle(inOrder, find), equalSubscriptions: haveEqualSubscriptions(inOrder), find }
}

function settle(members: readonly AssignedMember[], find: Claims['find']): Pick<Claims, 'owned' | 'contested'> {
  const owned = new Map<string, TopicPartition[]>()
  const contested = new Set<string>()
  const owners = new Map<string, { readonly memberId: string; readonly generation: number }>()
  const drop = (memberId: string, name: string): void => {
    owned.set(memberId, owned.get(memberId)!.filter((one) => one.name !== name))
  }
  for (const { memberId, owned: claims = [], generation = -1 } of members) {
    owned.set(memberId, [])
    for (const name of claims) {
      const partition = find(name)
      if (partition === undefined) continue
      const other = owners.get(name)
      if (other !== undefined && generation < other.generation) continue
      if (other !== undefined) drop(other.memberId, name)
      if (generation === other?.generation) contested.add(name)
      else owned.get(memberId)!.push(partition)
      owners.set(name, { memberId, generation })
    }
  }
  return { owned, contested }
}

function haveEqualSubscriptions(members: readonly AssignedMember[]): boolean {
  const first = new Set(members.find(({ topics }) => topics.length > 0)?.topics)
  return members.every(({ topics }, i) => (topics.length === first.size && topics.every((topic) => first.has(topic)))
    // Before anybody subscribes there is nothing to differ from.
    || (topics.length === 0 && members.slice(0, i).every((earlier) => earlier.topics.length === 0)))
}
