/**
 * A broker becomes the coordinator of a partition's groups, and stops being it (GRP-4, FLT-22).
 * Follows coordinator-common/.../CoordinatorRuntime.java and GroupMetadataManager.java#onLoaded, #onUnloaded.
 *
 * Simplified: loading takes no time, so nobody is answered COORDINATOR_LOAD_IN_PROGRESS.
 */
import { fromMs, type Epoch, type Offset } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'
import type { KafkaRecord } from '../log/record.ts'
import { answerCommit, answerSync, answerTxnCommit, errorOfWrite, refuseJoin } from './answers.ts'
import { stateOf, type ConsumerGroup } from './consumer/state.ts'
import { armRevocation, cancelMemberTimers, startMemberSession } from './consumer/timers.ts'
import { answerHeartbeat } from './consumer/write.ts'
import type { CoordinatorHost } from './host.ts'
import { offsetsCommitted } from './offsets.ts'
import { replay } from './records.ts'
import type { Coordinator, Group } from './state.ts'
import { replacementCommitted, replacementFailed } from './static-member.ts'
import { assignmentCommitted, assignmentFailed } from './sync.ts'
import { cancelJoinTimer, cancelSyncTimer, endSession, keepAlive } from './timers.ts'

/** Members and offsets as the log has them; every session starts anew. */
export function becomeCoordinator(
  coordinator: Coordinator, partition: string, epoch: Epoch, records: Iterable<KafkaRecord>, host: CoordinatorHost,
): void {
  const known = coordinator.partitions.has(partition)
  coordinator.partitions.set(partition, epoch)
  if (known) return
  coordinator.checks.set(partition, host.now + fromMs(host.config('offsets.retention.check.interval.ms')))
  for (const record of records) replay(coordinator, partition, record)
  for (const group of consumerGroupsOf(coordinator, partition)) {
    if (stateOf(group) === 'Stable') group.settledEpoch = group.targetEpoch
    else group.unsettledSince = host.now
    if (epoch > 0) host.note({ code: 'coordinator.moved', group: group.id, from: undefined, to: host.self })
    for (const { subscription, current } of group.members.values()) {
      startMemberSession(group, subscription.memberId, host)
      armRevocation(group, subscription, current, undefined, host)
    }
  }
  for (const group of groupsOf(coordinator, partition)) {
    for (const member of group.members.values()) keepAlive(group, member, host)
    // What stands at 00:00 has not moved.
    if (epoch > 0 && !coordinator.consumerGroups.has(group.id)) host.note({ code: 'coordinator.moved', group: group.id, from: undefined, to: host.self })
  }
}

/** Another broker leads the partition now: whoever waits here has to look for it. */
export function resign(coordinator: Coordinator, partition: string, host: CoordinatorHost): void {
  handleAppendFailed(coordinator, partition, 'NOT_LEADER_OR_FOLLOWER', host)
  for (const group of groupsOf(coordinator, partition)) {
    cancelJoinTimer(group, host)
    cancelSyncTimer(group, host)
    for (const memberId of group.pendingMembers) endSession(group, memberId, host)
    for (const member of group.members.values()) {
      endSession(group, member.memberId, host)
      if (member.joining !== undefined) refuseJoin(group.id, member.memberId, 'NOT_COORDINATOR', member.joining, host)
      if (member.syncing !== undefined) answerSync(group.id, 'NOT_COORDINATOR', [], member.syncing, host)
    }
    coordinator.groups.delete(group.id)
  }
  for (const group of consumerGroupsOf(coordinator, partition)) {
    for (const memberId of group.members.keys()) cancelMemberTimers(group, memberId, host)
    coordinator.consumerGroups.delete(group.id)
  }
  coordinator.partitions.delete(partition)
  coordinator.checks.delete(partition)
}

const groupsOf = (coordinator: Coordinator, partition: string): Group[] =>
  [...coordinator.groups.values()].filter((group) => group.partition === partition)

const consumerGroupsOf = (coordinator: Coordinator, partition: string): ConsumerGroup[] =>
  [...coordinator.consumerGroups.values()].filter((group) => group.partition === partition)

/** The high watermark has moved: what it has passed counts, and who asked for it is answered. */
export function handleCommitted(coordinator: Coordinator, partition: string, highWatermark: Offset, host: CoordinatorHost): void {
  const waiting = coordinator.pending.get(partition) ?? []
  const done = waiting.filter(({ committedAt }) => committedAt <= highWatermark)
  if (done.length === 0) return
  coordinator.pending.set(partition, waiting.filter(({ committedAt }) => committedAt > highWatermark))
  for (const write of done) {
    if (write.kind === 'assignment') assignmentCommitted(coordinator, write, host)
    else if (write.kind === 'heartbeat' || write.kind === 'admin') host.respond(write.on, write.response)
    else if (write.kind === 'txnOffsets') answerTxnCommit(write.group, 'NONE', write.on, host)
    else if (write.kind === 'replacement') replacementCommitted(coordinator, write, host)
    else offsetsCommitted(coordinator, write, host)
  }
}

/** Leadership is lost, or `offsets.commit.timeout.ms` has passed. */
export function handleAppendFailed(coordinator: Coordinator, partition: string, error: KafkaError, host: CoordinatorHost): void {
  const waiting = coordinator.pending.get(partition) ?? []
  coordinator.pending.delete(partition)
  for (const write of waiting) {
    const group = coordinator.groups.get(write.group)
    if (write.kind === 'offsets') answerCommit(write.group, write.offsets.map(({ partition: of }) => of), errorOfWrite(error), write.on,
      host)
    else if (write.kind === 'txnOffsets') answerTxnCommit(write.group, errorOfWrite(error), write.on, host)
    else if (write.kind === 'admin') host.respond(write.on, Object.freeze({ ...write.response, error: errorOfWrite(error) }))
    else if (write.kind === 'heartbeat') answerHeartbeat(write.request, errorOfWrite(error), write.on, host)
    else if (write.kind === 'replacement') replacementFailed(coordinator, write, error, host)
    // Without leadership there is nothing to start again here: `resign` sends everybody away.
    else if (group !== undefined && host.leaderEpochOf(partition) !== undefined) assignmentFailed(group, write.generation, error, host)
  }
}
