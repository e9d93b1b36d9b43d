/** Whether a member of the consumer protocol may commit. Follows ConsumerGroup#validateOffsetCommit. */
import type { KafkaError } from '../../errors.ts'
import type { ConsumerGroup } from './state.ts'

/** In the present epoch it may; in an older one only what was the member's already then. Without members anybody may. */
export function refusalOfCommit({ members }: ConsumerGroup, memberId: string, memberEpoch: number, partitions: readonly string[]): KafkaError {
  if (memberEpoch < 0 && members.size === 0) return 'NONE'
  const member = members.get(memberId)
  if (member === undefined) return 'UNKNOWN_MEMBER_ID'
  const { memberEpoch: present, assigned, pendingRevocation } = member.current
  if (memberEpoch === present) return 'NONE'
  const since = (partition: string): number => assigned.get(partition) ?? pendingRevocation.get(partition) ?? Infinity
  return memberEpoch < present && partitions.every((partition) => since(partition) <= memberEpoch) ? 'NONE' : 'STALE_MEMBER_EPOCH'
}
