/**
 * Who has given what to whom while the general algorithm balances: before a partition of a topic goes one way, one that went
 * the other way comes back. Follows AbstractStickyAssignor.PartitionMovements.
 */
import { hashMapOrder, javaHash } from '../../../java-hash.ts'
import type { TopicPartition } from '../../../topic-partition.ts'

interface Way { readonly from: string; readonly to: string }
/** Partitions of a topic that went one way. `most`: how many at once, which is what a Java set grows by. */
interface Moved { readonly partitions: Set<TopicPartition>; most: number }

export interface Movements {
  /** By topic, then by the way. */
  readonly byTopic: Map<string, Map<string, Moved>>
  readonly ways: Map<TopicPartition, Way>
}

export const newMovements = (): Movements => ({ byTopic: new Map(), ways: new Map() })

const wayName = ({ from, to }: Way): string => `${from.length} ${from} ${to}`
const hashOf = ({ topic, partition }: TopicPartition): number => (Math.imul(31, 31 + partition) + javaHash(topic)) | 0

/** The partition to be moved instead of this one, so that nothing goes both ways; mostly the same. */
export function partitionToMove({ byTopic, ways }: Movements, partition: TopicPartition, from: string, to: string): TopicPartition {
  const back = byTopic.get(partition.topic)?.get(wayName({ from: to, to: ways.get(partition)?.from ?? from }))
  return back === undefined ? partition : hashMapOrder([...back.partitions], hashOf, back.most)[0]!
}

export function recordMovement(movements: Movements, partition: TopicPartition, from: string, to: string): void {
  const earlier = forget(movements, partition)
  if (earlier?.from === to) return
  const way = { from: earlier?.from ?? from, to }
  movements.ways.set(partition, way)
  let ofTopic = movements.byTopic.get(partition.topic)
  if (ofTopic === undefined) movements.byTopic.set(partition.topic, (ofTopic = new Map()))
  const moved = ofTopic.get(wayName(way)) ?? { partitions: new Set(), most: 0 }
  moved.partitions.add(partition)
  moved.most = Math.max(moved.most, moved.partitions.size)
  ofTopic.set(wayName(way), moved)
}

function forget({ byTopic, ways }: Movements, partition: TopicPartition): Way | undefined {
  const way = ways.get(partition)
  if (way === undefined) return undefined
  ways.delete(partition)
  const ofTopic = byTopic.get(partition.topic)!
  const moved = ofTopic.get(wayName(way))!
  moved.partitions.delete(partition)
  if (moved.partitions.size === 0) ofTopic.delete(wayName(way))
  return way
}
