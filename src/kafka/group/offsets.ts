/**
 * Committed offsets (GRP-20). The stored value is the next offset to read; nothing checks that it exists or moves forwards.
 * Follows group-coordinator/.../group/OffsetMetadataManager.java.
 */
import type { Connection } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import type { OffsetCommitRequest, OffsetFetchRequest, OffsetFetchResponse } from '../protocol/group.ts'
import { answerCommit, errorOfWrite } from './answers.ts'
import { refusalOfCommit } from './consumer/commit.ts'
import { coordinates } from './find.ts'
import type { CoordinatorHost } from './host.ts'
import { addPending } from './pending.ts'
import { groupOf, offsetRecord, toDate } from './records.ts'
import { refusalOfMember, type Coordinator, type Group, type PendingWrite } from './state.ts'
import { keepAlive } from './timers.ts'

export function handleOffsetCommit(coordinator: Coordinator, request: OffsetCommitRequest, on: Connection, host: CoordinatorHost): void {
  const { groupId, memberId, offsets } = request
  const answer = (error: KafkaError): void => answerCommit(groupId, offsets.map(({ partition }) => partition), error, on, host)
  const partition = coordinates(coordinator, groupId, host)
  if (partition === undefined) return answer('NOT_COORDINATOR')
  const error = refusalOfMembers(coordinator, request)
  if (error !== 'NONE') return answer(error)
  const group = groupOf(coordinator, partition, groupId)
  const member = group.members.get(memberId)
  if (member !== undefined) keepAlive(group, member, host)
  if (offsets.length === 0) return answer('NONE')
  const written = host.append(partition, offsets.map((one) => offsetRecord(groupId, one.partition, one.offset, one.leaderEpoch, host.clock)))
  if (typeof written === 'string') return answer(errorOfWrite(written))
  addPending(coordinator, partition, { kind: 'offsets', committedAt: written.committedAt, group: groupId, on, offsets, at: toDate(host.clock) })
}

/** Whether who commits is a member, and of the present generation; outside of any transaction or in one. */
export function refusalOfMembers(
  coordinator: Coordinator, { groupId, memberId, groupInstanceId, generationId, offsets }: Pick<OffsetCommitRequest, 'groupId' | 'memberId' | 'groupInstanceId' | 'generationId' | 'offsets'>,
): KafkaError {
  const known = coordinator.groups.get(groupId)
  const consumers = coordinator.consumerGroups.get(groupId)
  if (consumers !== undefined && (known === undefined || known.members.size === 0)) {
    return refusalOfCommit(consumers, memberId, generationId, offsets.map((one) => one.partition))
  }
  if (known === undefined) return generationId < 0 ? 'NONE' : 'ILLEGAL_GENERATION'
  return refusalOf(known, memberId, groupInstanceId, generationId)
}

function refusalOf(group: Group, memberId: string, groupInstanceId: string | undefined, generationId: number): KafkaError {
  if (generationId < 0 && group.state === 'Empty') return 'NONE'
  const refusal = refusalOfMember(group, memberId, groupInstanceId)
  if (refusal !== 'NONE') return refusal
  if (generationId !== group.generation) return 'ILLEGAL_GENERATION'
  return group.state === 'CompletingRebalance' ? 'REBALANCE_IN_PROGRESS' : 'NONE'
}

export function offsetsCommitted(
  coordinator: Coordinator, { group: id, on, offsets, at }: Extract<PendingWrite, { kind: 'offsets' }>, host: CoordinatorHost,
): void {
  const group = coordinator.groups.get(id)
  if (group === undefined) return
  for (const { partition, offset, leaderEpoch } of offsets) {
    const before = group.offsets.get(partition)
    group.offsets.set(partition, Object.freeze({ offset, leaderEpoch, at }))
    // A consumer commits every five seconds, whether it has read anything or not; only what changed is news.
    if (before?.offset !== offset) host.note({ code: 'offsets.committed', group: id, partition, offset })
  }
  answerCommit(id, offsets.map(({ partition }) => partition), 'NONE', on, host)
}

export function handleOffsetFetch(
  coordinator: Coordinator, { groupId, partitions }: OffsetFetchRequest, on: Connection, host: CoordinatorHost,
): void {
  const coordinated = coordinates(coordinator, groupId, host) !== undefined
  const group = coordinator.groups.get(groupId)
  const committed = group?.offsets
  // KIP-447: whoever comes after the one that has them in its transaction waits for its outcome.
  const unstable = group !== undefined && group.pendingOffsets.size > 0 && partitions.some((partition) => hasPending(group, partition))
  const offsets = !coordinated || unstable ? [] : partitions.map((partition) => {
    const found = committed?.get(partition)
    return Object.freeze({ partition, offset: found?.offset ?? -1, leaderEpoch: found?.leaderEpoch ?? -1 })
  })
  const response: OffsetFetchResponse = { type: 'OffsetFetchResponse', groupId, error: !coordinated ? 'NOT_COORDINATOR' : unstable ? 'UNSTABLE_OFFSET_COMMIT' : 'NONE',
    offsets: Object.freeze(offsets) }
  host.respond(on, response)
}

function hasPending({ pendingOffsets }: Group, partition: string): boolean {
  for (const held of pendingOffsets.values()) if (held.has(partition)) return true
  return false
}
