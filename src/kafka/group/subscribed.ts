/**
 * Whether somebody in a group reads a topic. Follows ClassicGroup#isSubscribedToTopic and ModernGroup#isSubscribedToTopic.
 *
 * Simplified: what a member read that has just left a classic group, Kafka counts until the rebalance is over; here it goes with its member.
 */
import type { Coordinator, Group } from './state.ts'

export function isSubscribedToTopic({ groups, consumerGroups }: Coordinator, id: string, topic: string): boolean {
  for (const { subscription } of consumerGroups.get(id)?.members.values() ?? []) if (subscription.topics.includes(topic)) return true
  const classic = groups.get(id)
  return classic !== undefined && readsTopic(classic, topic)
}

/** Only of a generation that is complete Kafka knows what its members read; a group that has never had one may read anything. */
function readsTopic({ members, generation, protocol }: Group, topic: string): boolean {
  if (generation === 0) return members.size > 0
  for (const { protocols, isNew } of members.values()) {
    if (!isNew && (protocols.find(({ name }) => name === protocol) ?? protocols[0])?.topics.includes(topic) === true) return true
  }
  return false
}
