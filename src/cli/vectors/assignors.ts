/** Assignors of the classic protocol, which the leading consumer computes. */
import { assignPartitions, type AssignorName } from '../../kafka/client/consumer/assign/assignor.ts'
import type { AssignedMember, Assignment } from '../../kafka/client/consumer/assign/members.ts'
import { assignRange } from '../../kafka/client/consumer/assign/range.ts'
import { adapter, type Adapters } from './adapter.ts'

interface Deal {
  assignor: AssignorName
  topics: Record<string, number>
  members: { memberId: string; subscription: string[]; groupInstanceId?: string; rack?: string }[]
  partitionReplicaRacks?: Record<string, string[][]>
}
interface Sequence {
  steps: { generation: number; members: string[]; topics: Record<string, number> }[]
}
interface Rounds {
  topics: Record<string, number>
  steps: { members: string[] }[]
}
interface Ownership {
  topics: Record<string, number>
  members: { memberId: string; owned: string[]; generation: number }[]
}

/** `orders/0` is written `orders-0` in the vectors. */
const dashed = (name: string): string => `${name.slice(0, name.lastIndexOf('/'))}-${name.slice(name.lastIndexOf('/') + 1)}`
const slashed = (name: string): string => `${name.slice(0, name.lastIndexOf('-'))}/${name.slice(name.lastIndexOf('-') + 1)}`
const written = (assigned: Assignment) =>
  Object.fromEntries([...assigned].map(([memberId, partitions]) => [memberId, partitions.map(dashed)]))

const counted = (topics: Record<string, number>) => new Map(Object.entries(topics))
const asking = (members: Deal['members']): AssignedMember[] =>
  members.map(({ memberId, subscription, groupInstanceId, rack }) => ({
    memberId,
    topics: subscription,
    instanceId: groupInstanceId,
    rack,
  }))
const deal = adapter(({ assignor, topics, members }: Deal) => written(assignPartitions(assignor, counted(topics), asking(members))))

/** Members that subscribe to everything and claim what the last assignment gave them. */
const claiming = (members: readonly string[], topics: readonly string[], owned: Assignment, generation: number): AssignedMember[] =>
  members.map((memberId) => ({
    memberId,
    topics,
    owned: owned.get(memberId) ?? [],
    generation: owned.has(memberId) ? generation : -1,
  }))

const sequence = ({ steps }: Sequence) => {
  let owned: Assignment = new Map()
  let last = -1
  return {
    steps: steps.map(({ generation, members, topics }) => {
      owned = assignPartitions('sticky', counted(topics), claiming(members, Object.keys(topics), owned, last))
      last = generation
      return { generation, assignment: written(owned) }
    }),
  }
}

const rounds = ({ topics, steps }: Rounds) => {
  let owned: Assignment = new Map()
  let generation = 0
  const round = (members: string[]) => {
    const assigned = assignPartitions('cooperative-sticky', counted(topics), claiming(members, Object.keys(topics), owned, generation))
    const revoked = members
      .map((memberId) => [memberId, (owned.get(memberId) ?? []).filter((name) => !assigned.get(memberId)!.includes(name))] as const)
      .filter(([, partitions]) => partitions.length > 0)
    owned = assigned
    generation++
    return {
      generation,
      assignment: written(assigned),
      revokedThisRound: written(new Map(revoked)),
      triggersFollowUpRebalance: revoked.length > 0,
    }
  }
  return {
    steps: steps.map(({ members }) => {
      const made = [round(members)]
      while (made.at(-1)!.triggersFollowUpRebalance) made.push(round(members))
      return { members, rounds: made }
    }),
  }
}

export const assignorAdapters: Adapters = {
  'assignor-range': adapter(({ topics, members, partitionReplicaRacks }: Deal) => {
    const racks = partitionReplicaRacks === undefined ? undefined : new Map(Object.entries(partitionReplicaRacks))
    return written(assignRange(counted(topics), asking(members), racks))
  }),
  'assignor-roundrobin': deal,
  'assignor-sticky/single': deal,
  'assignor-sticky/sequence': adapter(sequence),
  'assignor-cooperative-sticky/rounds': adapter(rounds),
  'assignor-cooperative-sticky/ownership': adapter(({ topics, members }: Ownership) => {
    const claims = members.map(({ memberId, owned, generation }) => ({
      memberId,
      topics: Object.keys(topics),
      owned: owned.map(slashed),
      generation,
    }))
    return written(assignPartitions('cooperative-sticky', counted(topics), claims))
  }),
}
