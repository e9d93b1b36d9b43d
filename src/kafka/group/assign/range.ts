/**
 * GRP-39, the coordinator's range assignor: of each topic every subscriber in turn gets a run of neighbouring partitions, the
 * first ones one more. Not sticky. Follows group-coordinator/.../group/assignor/RangeAssignor.java.
 */
import { byIdentity } from '../../client/consumer/assign/members.ts'
import { numbers, type GroupSpec, type Target } from './spec.ts'

export function assignServerRange({ members, topics }: GroupSpec): Target {
  const inOrder = members.toSorted(byIdentity)
  const target: Target = new Map(inOrder.map(({ memberId }) => [memberId, new Map<string, number[]>()]))
  for (const [topic, count] of topics) {
    const subscribers = inOrder.filter((member) => member.topics.includes(topic))
    const [least, extras] = [Math.floor(count / subscribers.length), count % subscribers.length]
    let start = 0
    for (const [i, { memberId }] of subscribers.entries()) {
      const share = least + (i < extras ? 1 : 0)
      if (share > 0) target.get(memberId)!.set(topic, numbers(share).map((each) => start + each))
      start += share
    }
  }
  return target
}
