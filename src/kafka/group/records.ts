/**
 * What a coordinator writes to `__consumer_offsets`, and what it makes of it when it reads the partition again.
 * Follows group-coordinator/.../group/GroupCoordinatorRecordHelpers.java and the #replay methods.
 *
 * Simplified: keys and values are readable text; what they mean travels beside them.
 */
import type { Epoch, Micros, Offset } from '../../base/units.ts'
import type { KafkaRecord } from '../log/record.ts'
import type { MemberProtocol } from '../protocol/group.ts'
import { consumerGroupOf, isTombstone, replayConsumerGroup, type ConsumerGroupRecord } from './consumer/records.ts'
import { newGroup, type CommittedOffset, type Coordinator, type Group } from './state.ts'

/** Frozen. */
interface GroupMetadata {
  readonly kind: 'group'
  readonly group: string; readonly generation: Epoch; readonly protocol: string | undefined; readonly leader: string | undefined
  readonly members: readonly {
    readonly memberId: string; readonly clientId: string; readonly groupInstanceId: string | undefined; readonly sessionTimeoutMs: number; readonly rebalanceTimeoutMs: number
    readonly protocols: readonly MemberProtocol[]; readonly assignment: readonly string[]
  }[]
}
interface OffsetCommit {
  readonly kind: 'offset'
  readonly group: string; readonly partition: string; readonly offset: Offset; readonly leaderEpoch: Epoch
  /** Whose transaction it is part of. */
  readonly producerId?: number
}
/** A tombstone: of what was committed for a partition, or of the group. */
export interface Gone { readonly kind: 'gone'; readonly group: string; readonly partition: string | undefined }
/** A marker in the log, as who reads it again is told of it. */
export interface TransactionEnd { readonly kind: 'end'; readonly producerId: number; readonly committed: boolean }

/** A generation with the assignment that its leader sent. */
export function groupRecord(group: Group, assignments: Readonly<Record<string, readonly string[]>>, now: Micros): KafkaRecord {
  const members = [...group.members.values()].map(({ memberId, clientId, groupInstanceId, sessionTimeoutMs, rebalanceTimeoutMs, protocols }) =>
    Object.freeze({
    memberId, clientId, groupInstanceId, sessionTimeoutMs, rebalanceTimeoutMs, protocols, assignment: assignments[memberId] ?? Object.freeze([]),
  }))
  const data: GroupMetadata = Object.freeze({
    kind: 'group', group: group.id, generation: group.generation, protocol: group.protocol, leader: group.leader,
    members: Object.freeze(members),
  })
  const text = members.map(({ clientId, assignment }) => `${clientId}: ${assignment.join(' ') || '-'}`).join(', ')
  return record(`group ${group.id}`, `generation ${group.generation}${text === '' ? '' : `, ${text}`}`, data, now)
}

/** GRP-20: the stored value is the next offset to read. */
export function offsetRecord(group: string, partition: string, offset: Offset, leaderEpoch: Epoch, now: Micros, producerId?: number): KafkaRecord {
  const data: OffsetCommit = Object.freeze({ kind: 'offset', group, partition, offset, leaderEpoch, ...(producerId === undefined ? {} : { producerId }) })
  return record(`${group} ${partition}`, String(offset), data, now)
}

/** A record has whole milliseconds. */
export const toDate = (clock: Micros): Micros => Math.floor(clock / 1000) * 1000

const record = (key: string, value: string, data: GroupMetadata | OffsetCommit, now: Micros): KafkaRecord =>
  Object.freeze({ id: key, key, value, valueBytes: undefined, timestamp: Math.floor(now / 1000), data })

/** Take a record that is in the log; the last one of a key wins. */
export function replay(coordinator: Coordinator, partition: string, { data, timestamp }: KafkaRecord): void {
  const meaning = data as GroupMetadata | OffsetCommit | Gone | TransactionEnd | ConsumerGroupRecord | undefined
  // What share groups write is read by their own part.
  if (meaning === undefined || meaning.kind.startsWith('share')) return
  if (meaning.kind === 'end') {
    for (const group of coordinator.groups.values()) if (group.partition === partition) endTransaction(group, meaning.producerId, meaning.committed)
    return
  }
  if (meaning.kind === 'gone') {
    if (meaning.partition !== undefined) {
      const group = coordinator.groups.get(meaning.group)
      for (const offsets of group === undefined ? [] : [group.offsets, ...group.pendingOffsets.values()]) offsets.delete(meaning.partition)
    } else {
      coordinator.groups.delete(meaning.group)
      coordinator.consumerGroups.delete(meaning.group)
    }
    return
  }
  if (meaning.kind !== 'group' && meaning.kind !== 'offset') {
    if (isTombstone(meaning) && !coordinator.consumerGroups.has(meaning.group)) return
    return replayConsumerGroup(consumerGroupOf(coordinator, partition, meaning.group), meaning)
  }
  const group = groupOf(coordinator, partition, meaning.group)
  if (meaning.kind === 'offset') {
    const { producerId, offset, leaderEpoch } = meaning
    const committed = Object.freeze({ offset, leaderEpoch, at: timestamp * 1000 })
    if (producerId === undefined) group.offsets.set(meaning.partition, committed)
    else holdOffset(group, producerId, meaning.partition, committed)
    return
  }
  group.generation = meaning.generation
  group.protocol = meaning.protocol
  group.leader = meaning.leader
  group.emptySince = timestamp * 1000
  group.state = meaning.members.length === 0 ? 'Empty' : 'Stable'
  group.members = new Map(meaning.members.map((member) => [member.memberId,
    { ...member, joining: undefined, syncing: undefined, isNew: false }]))
}

/** It counts when the transaction of this producer is committed. */
export function holdOffset({ pendingOffsets }: Group, producerId: number, partition: string, offset: CommittedOffset): void {
  let held = pendingOffsets.get(producerId)
  if (held === undefined) pendingOffsets.set(producerId, (held = new Map()))
  held.set(partition, Object.freeze(offset))
}

/** Gives what has become the group's. */
export function endTransaction(group: Group, producerId: number, committed: boolean): ReadonlyMap<string, CommittedOffset> {
  const held = group.pendingOffsets.get(producerId) ?? new Map<string, CommittedOffset>()
  group.pendingOffsets.delete(producerId)
  if (!committed) return NOTHING
  for (const [partition, offset] of held) group.offsets.set(partition, offset)
  return held
}
const NOTHING: ReadonlyMap<string, CommittedOffset> = new Map()

export function groupOf(coordinator: Coordinator, partition: string, id: string): Group {
  let group = coordinator.groups.get(id)
  if (group === undefined) coordinator.groups.set(id, (group = newGroup(id, partition)))
  return group
}
