/**
 * What a coordinator's assignor is told of a group, and what it answers (KIP-848). The order of members and topics is the
 * order in which they are walked: in a broker that of Java's maps. Follows group-coordinator-api/.../GroupSpec.java.
 */
export interface SpecMember {
  readonly memberId: string
  readonly instanceId?: string | undefined
  readonly topics: readonly string[]
  /** Its part of the target so far: by topic, numbers of partitions, ascending. */
  readonly target: TopicPartitions
}
export type TopicPartitions = ReadonlyMap<string, readonly number[]>

export interface GroupSpec {
  readonly members: readonly SpecMember[]
  /** Topics that somebody subscribes to, with their numbers of partitions. */
  readonly topics: ReadonlyMap<string, number>
}

/** By member id; every member appears, a topic only with partitions. */
export type Target = Map<string, Map<string, number[]>>

export const isHomogeneous = ({ members }: GroupSpec): boolean => {
  const first = new Set(members[0]?.topics)
  return members.every(({ topics }) => new Set(topics).size === first.size && topics.every((topic) => first.has(topic)))
}

export const numbers = (count: number): number[] => Array.from({ length: count }, (_, partition) => partition)

export function addTo(topics: Map<string, number[]>, topic: string, partition: number): void {
  const list = topics.get(topic)
  if (list === undefined) topics.set(topic, [partition])
  else list.push(partition)
}

/** Ascending, and without topics that have become empty. */
export function tidy(target: Target): Target {
  for (const topics of target.values()) {
    for (const [topic, partitions] of topics) {
      if (partitions.length === 0) topics.delete(topic)
      else partitions.sort((a, b) => a - b)
    }
  }
  return target
}
