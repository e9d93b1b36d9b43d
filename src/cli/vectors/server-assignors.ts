/** Assignors that the group coordinator computes, and a member's way to its target (KIP-848, KIP-932). */
import { assignServerRange } from '../../kafka/group/assign/range.ts'
import { assignSimple } from '../../kafka/group/assign/simple.ts'
import type { GroupSpec, Target } from '../../kafka/group/assign/spec.ts'
import { assignUniform } from '../../kafka/group/assign/uniform.ts'
import { reconcile, type MemberState } from '../../kafka/group/reconcile.ts'
import { parsePartition } from '../../kafka/topic-partition.ts'
import { adapter, type Adapters } from './adapter.ts'

interface Input {
  topics: Record<string, number>
  topicIterationOrder: string[]
  memberIterationOrder: string[]
  members: { memberId: string; subscription: string[]; currentTarget: Record<string, number[]>; instanceId?: string }[]
  partitionIterationOrder?: string[]
}

function specOf({ topics, topicIterationOrder, memberIterationOrder, members }: Input): GroupSpec {
  const subscribed = new Set(members.flatMap(({ subscription }) => subscription))
  const inOrder = [...new Set([...topicIterationOrder, ...Object.keys(topics)])].filter((topic) => subscribed.has(topic) && topic in topics)
  return {
    topics: new Map(inOrder.map((topic) => [topic, topics[topic]!])),
    members: memberIterationOrder.map((id) => {
      const { memberId, subscription, currentTarget, instanceId } = members.find((one) => one.memberId === id)!
      return { memberId, instanceId, topics: subscription, target: new Map(Object.entries(currentTarget)) }
    }),
  }
}
const written = (target: Target) => Object.fromEntries([...target].map(([memberId, topics]) => [memberId, Object.fromEntries(topics)]))
const partitionOf = (name: string) => parsePartition(`${name.slice(0, name.lastIndexOf('-'))}/${name.slice(name.lastIndexOf('-') + 1)}`)

interface Epochs {
  [partition: string]: number
}
interface Reconcile {
  topic: string
  member: { state: MemberState; memberEpoch: number; previousMemberEpoch: number; assigned: Epochs; pendingRevocation: Epochs }
  targetEpoch: number
  target: number[]
  heldByOtherMembers: number[]
  ownedReportedInHeartbeat: number[] | null
}

function reconcileOnce({ topic, member, targetEpoch, target, heldByOtherMembers, ownedReportedInHeartbeat }: Reconcile) {
  const name = (partition: number | string): string => `${topic}/${partition}`
  const epochsOf = (epochs: Epochs) => new Map(Object.entries(epochs).map(([partition, epoch]) => [name(partition), epoch]))
  const numbered = (epochs: ReadonlyMap<string, number>): Epochs =>
    Object.fromEntries([...epochs].map(([partition, epoch]) => [parsePartition(partition).partition, epoch]))
  const before = { ...member, assigned: epochsOf(member.assigned), pendingRevocation: epochsOf(member.pendingRevocation) }
  const held = new Set([...before.assigned.keys(), ...before.pendingRevocation.keys(), ...heldByOtherMembers.map(name)])
  const owned = ownedReportedInHeartbeat === null ? undefined : ownedReportedInHeartbeat.map(name)
  const after = reconcile(before, { targetEpoch, target: new Set(target.map(name)), isHeld: (partition) => held.has(partition), owned })
  return { ...after, assigned: numbered(after.assigned), pendingRevocation: numbered(after.pendingRevocation) }
}

export const serverAssignorAdapters: Adapters = {
  'assignor-server-range': adapter((input: Input) => written(assignServerRange(specOf(input)))),
  'assignor-server-uniform': adapter((input: Input) => written(assignUniform(specOf(input)))),
  'assignor-share-simple': adapter((input: Input) =>
    written(assignSimple(specOf(input), input.partitionIterationOrder?.map((name) => partitionOf(name)))),
  ),
  'kip848-reconcile': adapter(reconcileOnce),
}
