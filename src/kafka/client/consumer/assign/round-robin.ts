/**
 * ASG-2, round robin: all partitions, topic by topic, are dealt to the members in turn; who does not subscribe to the topic
 * is passed over, and the turn goes on from topic to topic. Follows clients/.../consumer/RoundRobinAssignor.java.
 */
import { compareText } from '../../../topic-partition.ts'
import { byIdentity, type AssignedMember, type Assignment, type PartitionCounts } from './members.ts'

export function assignRoundRobin(counts: PartitionCounts, members: readonly AssignedMember[]): Assignment {
  const assigned: Assignment = new Map(members.map(({ memberId }) => [memberId, []]))
  const circle = members.toSorted(byIdentity)
  const subscribed = [...new Set(members.flatMap(({ topics }) => topics))].sort(compareText)
  let turn = 0
  for (const topic of subscribed) {
    for (let partition = 0; partition < (counts.get(topic) ?? 0); partition++) {
      while (!circle[turn]!.topics.includes(topic)) turn = (turn + 1) % circle.length
      assigned.get(circle[turn]!.memberId)!.push(`${topic}/${partition}`)
      turn = (turn + 1) % circle.length
    }
  }
  return assigned
}
