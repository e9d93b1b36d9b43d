/**
 * Classic groups as their coordinator keeps them. Follows
 * group-coordinator/.../group/classic/{ClassicGroup,ClassicGroupMember,ClassicGroupState}.java.
 */
import type { Epoch, Micros, Offset } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import { hashMapOrder, javaHash } from '../java-hash.ts'
import type { ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse } from '../protocol/consumer-group.ts'
import type { GroupAdminResponse } from '../protocol/group-admin.ts'
import type { MemberProtocol, OffsetCommitRequest } from '../protocol/group.ts'
import type { ConsumerGroup } from './consumer/state.ts'

export const groupStates = ['Empty', 'PreparingRebalance', 'CompletingRebalance', 'Stable', 'Dead'] as const
export type GroupState = (typeof groupStates)[number]

/** GRP-10: from which states each may be entered. */
export const validPreviousStates: Readonly<Record<GroupState, readonly GroupState[]>> = {
  Empty: ['PreparingRebalance'],
  PreparingRebalance: ['CompletingRebalance', 'Empty', 'Stable'],
  CompletingRebalance: ['PreparingRebalance'],
  Stable: ['CompletingRebalance'],
  Dead: ['CompletingRebalance', 'Dead', 'Empty', 'PreparingRebalance', 'Stable'],
}

export interface Member {
  readonly memberId: string
  readonly clientId: string
  /** `group.instance.id`; undefined = a dynamic member. */
  readonly groupInstanceId: string | undefined
  sessionTimeoutMs: number
  rebalanceTimeoutMs: number
  /** In order of preference. Frozen. */
  protocols: readonly MemberProtocol[]
  /** Frozen. */
  assignment: readonly string[]
  /** The connection on which its JoinGroup or SyncGroup waits for an answer. */
  joining: Connection | undefined
  syncing: Connection | undefined
  /** It has never been part of a generation. */
  isNew: boolean
}

/** Frozen. `at`: the commit timestamp of its record, whole milliseconds of its coordinator's wall clock. */
export interface CommittedOffset { readonly offset: Offset; readonly leaderEpoch: Epoch; readonly at: Micros }

export interface Group {
  readonly id: string
  /** Its partition of `__consumer_offsets`. */
  readonly partition: string
  state: GroupState
  /** The state before the present one; a rebalance that began in Empty is an initial one. */
  previousState: GroupState
  generation: Epoch
  /** The assignor chosen for the generation. */
  protocol: string | undefined
  /** Member id of the leader, which computes assignments. */
  leader: string | undefined
  /** By member id, in order of joining. */
  members: Map<string, Member>
  /** Ids given out, whose owners have not joined with them yet. */
  pendingMembers: string[]
  /** Somebody joined within the present window of the initial rebalance. */
  newMemberAdded: boolean
  initialDelay: { readonly delayMs: number; readonly remainingMs: number } | undefined
  /** Members that have joined the generation and not yet sent SyncGroup. */
  pendingSync: string[]
  /** Committed offsets, by partition. */
  offsets: Map<string, CommittedOffset>
  /** Of transactions that have not ended, by producer id and partition. */
  pendingOffsets: Map<number, Map<string, CommittedOffset>>
  /** When it became Empty by its coordinator's wall clock: ClassicGroup's `currentStateTimestamp`, where offsets begin to grow old. */
  emptySince: Micros
  /** Since when no generation has been complete; undefined = one is, or the group is empty. */
  rebalancingSince: Micros | undefined
  /** Generations completed here. */
  rebalances: number
}

/** What a static member was before it came back, for as long as that is not written down. Frozen. */
export type FormerMember = Pick<Member, 'memberId' | 'clientId' | 'sessionTimeoutMs' | 'rebalanceTimeoutMs' | 'protocols'>

/** A write that waits for the high watermark. Frozen. */
export type PendingWrite =
  | {
    readonly kind: 'heartbeat'; readonly committedAt: Offset; readonly group: string; readonly on: Connection
    readonly request: ConsumerGroupHeartbeatRequest; readonly response: ConsumerGroupHeartbeatResponse
  }
  | {
    readonly kind: 'replacement'; readonly committedAt: Offset; readonly group: string
    readonly memberId: string; readonly on: Connection; readonly was: FormerMember
  }
  | {
    readonly kind: 'assignment'; readonly committedAt: Offset; readonly group: string; readonly generation: Epoch
    readonly assignments: Readonly<Record<string, readonly string[]>>
  }
  | {
    readonly kind: 'offsets'; readonly committedAt: Offset; readonly group: string
    readonly on: Connection; readonly offsets: OffsetCommitRequest['offsets']; readonly at: Micros
  }
  | { readonly kind: 'admin'; readonly committedAt: Offset; readonly group: string; readonly on: Connection; readonly response: GroupAdminResponse }
  | { readonly kind: 'txnOffsets'; readonly committedAt: Offset; readonly group: string; readonly on: Connection }

export interface Coordinator {
  /** Partitions of `__consumer_offsets` coordinated here, with the leader epoch. */
  partitions: Map<string, Epoch>
  /** When each of them is looked through next for offsets that have expired. */
  checks: Map<string, Micros>
  groups: Map<string, Group>
  /** Those of the consumer protocol (KIP-848); what they have committed is in `groups` too. */
  consumerGroups: Map<string, ConsumerGroup>
  /** By partition, in order of their offsets. */
  pending: Map<string, PendingWrite[]>
}

export const newCoordinator = (): Coordinator => ({ partitions: new Map(), checks: new Map(), groups: new Map(), consumerGroups: new Map(), pending: new Map() })

export const newGroup = (id: string, partition: string): Group => ({
  id, partition, state: 'Empty', previousState: 'Empty', generation: 0, protocol: undefined, leader: undefined, members: new Map(),
  pendingMembers: [],
  newMemberAdded: false, initialDelay: undefined, pendingSync: [], offsets: new Map(), pendingOffsets: new Map(), emptySince: 0, rebalancingSince: undefined, rebalances: 0,
})

export function transitionTo(group: Group, state: GroupState): void {
  if (!validPreviousStates[state].includes(group.state)) throw new Error(`group ${group.id} cannot go from ${group.state} to ${state}`)
  group.previousState = group.state
  group.state = state
}

/** All known members have asked to join, and everybody who was given an id has come back with it. */
export function haveAllJoined(group: Group): boolean {
  if (group.pendingMembers.length > 0) return false
  for (const { joining } of group.members.values()) if (joining === undefined) return false
  return true
}

/** The member that has this `group.instance.id`. */
export function staticMember(group: Group, groupInstanceId: string): Member | undefined {
  for (const member of group.members.values()) if (member.groupInstanceId === groupInstanceId) return member
  return undefined
}

/** Whether this id may speak, and for this instance. Follows ClassicGroup#validateMember. */
export function refusalOfMember(group: Group, memberId: string, groupInstanceId: string | undefined): KafkaError {
  if (groupInstanceId !== undefined) {
    const known = staticMember(group, groupInstanceId)
    if (known !== undefined && known.memberId !== memberId) return 'FENCED_INSTANCE_ID'
  }
  return group.members.has(memberId) ? 'NONE' : 'UNKNOWN_MEMBER_ID'
}

/** The largest `max.poll.interval.ms` of the members. */
export const rebalanceTimeoutMs = (group: Group): number =>
  [...group.members.values()].reduce((most, member) => Math.max(most, member.rebalanceTimeoutMs), 0)

/**
 * GRP-14: each member votes for the first of its assignors that all support; most votes win. Of equally many the first wins in the
 * order of a Java map: sticky, range, roundrobin, cooperative-sticky (ClassicGroup#selectProtocol).
 */
export function selectProtocol(members: readonly Pick<Member, 'protocols'>[]): string | undefined {
  const supported = (name: string): boolean => members.every(({ protocols }) => protocols.some((protocol) => protocol.name === name))
  const votes = new Map<string, number>()
  for (const { protocols } of members) {
    const vote = protocols.find(({ name }) => supported(name))?.name
    if (vote !== undefined) votes.set(vote, (votes.get(vote) ?? 0) + 1)
  }
  let chosen: string | undefined
  for (const name of hashMapOrder([...votes.keys()], javaHash)) if (chosen === undefined || votes.get(name)! > votes.get(chosen)!) chosen = name
  return chosen
}

/** GRP-11: an assignor that every member has. Anything will do for an empty group. */
export function supportsProtocols(group: Group, protocols: readonly MemberProtocol[]): boolean {
  if (group.state === 'Empty') return protocols.length > 0
  const members = [...group.members.values()]
  return protocols.some(({ name }) => members.every((member) => member.protocols.some((protocol) => protocol.name === name)))
}
