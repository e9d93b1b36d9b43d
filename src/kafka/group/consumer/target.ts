/**
 * GRP-32: the target of the whole group, computed by the coordinator when a member's heartbeat finds it behind the group
 * epoch, at most once an interval. Follows group-coordinator/.../group/modern/TargetAssignmentBuilder.java.
 */
import { fromMs } from '../../../base/units.ts'
import { hashMapOrder, javaHash } from '../../java-hash.ts'
import { slot } from '../../late.ts'
import { compareText, parsePartition } from '../../topic-partition.ts'
import type { GroupSpec, SpecMember, Target } from '../assign/spec.ts'
import type { CoordinatorHost } from '../host.ts'
import type { ConsumerGroupRecord } from './records.ts'
import type { ConsumerGroup, MemberSubscription } from './state.ts'

export const serverAssignorsSlot = slot<Readonly<Record<'uniform' | 'range', (spec: GroupSpec) => Target>>>('the assignors of the coordinator')
export const serverAssignors: Readonly<Record<string, (spec: GroupSpec) => Target>> = {
  uniform: (spec) => serverAssignorsSlot().uniform(spec), range: (spec) => serverAssignorsSlot().range(spec),
}

export interface ComputedTarget {
  readonly epoch: number
  readonly assignor: string
  readonly target: ReadonlyMap<string, readonly string[]>
}

/** Time has passed since the last one: whoever comes sooner works with what there is. */
export const mayCompute = ({ id, targetAt }: ConsumerGroup, host: CoordinatorHost): boolean =>
  host.now >= targetAt + fromMs(host.config('group.consumer.assignment.interval.ms', id))

export function computeTarget(group: ConsumerGroup, epoch: number, subscriptions: readonly MemberSubscription[], host: CoordinatorHost): ComputedTarget {
  const counts = partitionCounts(subscriptions, host)
  const members = hashMapOrder(subscriptions, ({ memberId }) => javaHash(memberId)).map(({ memberId, instanceId, topics }): SpecMember =>
    ({ memberId, instanceId, topics: topics.filter((topic) => counts.has(topic)), target: numbered(group.target.get(memberId) ?? []) }))
  const assignor = preferredAssignor(subscriptions)
  const target = serverAssignors[assignor]!({ members, topics: counts })
  const named = [...target].map(([memberId, topics]) =>
    [memberId, Object.freeze([...topics].flatMap(([topic, list]) => list.map((partition) => `${topic}/${partition}`)))] as const)
  return { epoch, assignor, target: new Map(named) }
}

/** Topics that exist, with their numbers of partitions. */
export function partitionCounts(subscriptions: readonly MemberSubscription[], host: CoordinatorHost): Map<string, number> {
  const topics = new Set(subscriptions.flatMap((one) => one.topics))
  return new Map([...topics].map((topic) => [topic, host.partitionsOf(topic)] as const).filter(([, count]) => count > 0))
}

/** What of the topics makes a group rise: which there are, and how large. In Kafka a hash of it. */
export const metadataOf = (subscriptions: readonly MemberSubscription[], host: CoordinatorHost): string =>
  [...partitionCounts(subscriptions, host)].sort(([a], [b]) => compareText(a, b)).map(([topic, count]) => `${topic}:${count}`).join()

function numbered(names: readonly string[]): Map<string, number[]> {
  const topics = new Map<string, number[]>()
  for (const { topic, partition } of names.map(parsePartition)) topics.set(topic, [...(topics.get(topic) ?? []), partition])
  for (const list of topics.values()) list.sort((a, b) => a - b)
  return topics
}

/** The one that most members ask for; without any wish the first of `group.consumer.assignors`. */
function preferredAssignor(subscriptions: readonly MemberSubscription[]): string {
  const votes = new Map<string, number>()
  for (const { serverAssignor } of subscriptions) if (serverAssignor !== undefined) votes.set(serverAssignor, (votes.get(serverAssignor) ?? 0) + 1)
  let chosen: string | undefined
  for (const [name, count] of votes) if (chosen === undefined || count > votes.get(chosen)!) chosen = name
  return chosen ?? 'uniform'
}

/** Only what has changed is written. */
export function targetRecords(group: ConsumerGroup, { epoch, assignor, target }: ComputedTarget, host: CoordinatorHost): ConsumerGroupRecord[] {
  const records: ConsumerGroupRecord[] = []
  for (const [memberId, partitions] of target) {
    if (group.target.get(memberId)?.join() !== partitions.join()) records.push({ kind: 'consumerTargetMember', group: group.id, memberId, partitions })
  }
  records.push({ kind: 'consumerTarget', group: group.id, epoch, assignor, at: host.now })
  return records
}
