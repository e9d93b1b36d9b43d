/**
 * Committing positions: every `auto.commit.interval.ms` inside poll(), before partitions are given up, and in close()
 * (CSM-3). What is committed is the position: everything that earlier polls returned.
 * Follows clients/.../consumer/internals/ConsumerCoordinator.java.
 * commitSync() is in `commit-sync`, commitAsync() in `commit-async`.
 */
import type { Offset } from '../../../base/units.ts'
import type { KafkaError } from '../../errors.ts'
import type { OffsetCommitRequest, OffsetCommitResponse } from '../../protocol/group.ts'
import { countError } from '../notebook.ts'
import { tellCaller } from './commit-outcome.ts'
import { askCoordinator, coordinatorChannel } from './coordinator.ts'
import { commitToRepeat, loseCoordinator } from './lost.ts'
import type { CommitReason, CommittedPosition, ConsumerContext, ConsumerPurpose, ConsumerState } from './state.ts'

/** In poll(): without waiting for the answer. */
export function maybeAutoCommit(state: ConsumerState, ctx: ConsumerContext): void {
  if (!state.settings.autoCommit || state.config.group === undefined || ctx.now < state.commitAt) return
  state.commitAt = ctx.now + state.settings.autoCommitInterval
  commit(state, 'auto', ctx)
}

/** SubscriptionState.allConsumed: nothing of a position that is looked for, or that its leader has yet to validate. */
export function consumed(state: ConsumerState): CommittedPosition[] {
  const offsets: CommittedPosition[] = []
  for (const { partition, offset, offsetEpoch, state: stands } of state.positions.values()) {
    if (offset !== undefined && (stands === 'fetching' || stands === 'revoking')) offsets.push(Object.freeze({ partition, offset, leaderEpoch: offsetEpoch }))
  }
  return offsets
}

/** What an application names to commit. */
export const named = (offsets: Readonly<Record<string, Offset>>): readonly CommittedPosition[] =>
  Object.freeze(Object.entries(offsets).map(([partition, offset]) => Object.freeze({ partition, offset, leaderEpoch: -1 })))

/**
 * 'sent' waits for an answer; 'nothing' is there to commit; 'refused' is what a member outside any generation is;
 * 'later' nobody could be asked.
 */
export function commit(
  state: ConsumerState, why: CommitReason, ctx: ConsumerContext, offsets: readonly CommittedPosition[] = consumed(state),
): 'sent' | 'nothing' | 'refused' | 'later' {
  if (offsets.length === 0) return 'nothing'
  const { membership, config } = state
  if (membership.state !== 'stable' && config.assign === undefined) {
    // In a rebalance nothing is lost yet; outside any generation it is.
    const error = membership.state === 'unjoined' ? 'COMMIT_FAILED' : 'REBALANCE_IN_PROGRESS'
    countError(state.notebook.errors, error)
    tellCaller(state, why, error, ctx)
    return 'refused'
  }
  const channel = coordinatorChannel(state, ctx)
  if (channel === undefined) return 'later'
  // Who is assigned its partitions by hand commits as a member of no generation.
  const { memberId, generation } = membership
  const request: OffsetCommitRequest = {
    type: 'OffsetCommitRequest', clientId: config.id, groupId: config.group ?? '', generationId: generation, memberId, ...identity(state),
    offsets: Object.freeze(offsets),
  }
  state.commitsInFlight++
  askCoordinator(state, channel, request, { kind: 'commit', memberId, generation, offsets: Object.freeze(offsets), why }, ctx)
  return 'sent'
}

type CommitPurpose = Extract<ConsumerPurpose, { kind: 'commit' }>

export function handleOffsetCommitResponse(
  state: ConsumerState, { partitions }: OffsetCommitResponse, ctx: ConsumerContext, purpose: CommitPurpose,
): void {
  const error = partitions.find((one) => one.error !== 'NONE')?.error ?? 'NONE'
  if (error !== 'NONE') countError(state.notebook.errors, error)
  switch (error) {
    case 'NONE':
      state.commitsInFlight--
      for (const { partition, offset } of purpose.offsets) {
        const position = state.positions.get(partition)
        if (position !== undefined) position.committed = offset
      }
      revocationMayGoOn(state, purpose)
      tellCaller(state, purpose.why, 'NONE', ctx)
      return
    case 'COORDINATOR_NOT_AVAILABLE':
    case 'NOT_COORDINATOR':
      commitToRepeat(state, purpose.why, ctx)
      return loseCoordinator(state, ctx)
    case 'COORDINATOR_LOAD_IN_PROGRESS':
    case 'REQUEST_TIMED_OUT':
      return commitToRepeat(state, purpose.why, ctx)
    default:
      return refused(state, error, purpose, ctx)
  }
}

/** The commit before a revocation has been answered, if it is still waited for: the member may have begun anew meanwhile. */
function revocationMayGoOn({ membership }: ConsumerState, { why }: CommitPurpose): void {
  if (why === 'revoke' && membership.revokeCommit === 'waiting') membership.revokeCommit = 'done'
}

/**
 * The consumer protocol: the epoch has moved on under the commit, which is made again in the new one; or the member is out,
 * as its next heartbeat will tell.
 */
function refusedByEpoch(state: ConsumerState, error: KafkaError, purpose: CommitPurpose, ctx: ConsumerContext): void {
  const { why } = purpose
  // Only the application is told: by commitSync() as CommitFailedException (CommitRequestManager#commitSyncExceptionForError), by commitAsync() as it is.
  if (error === 'STALE_MEMBER_EPOCH' && why !== 'sync' && why !== 'async') return commitToRepeat(state, why, ctx)
  state.commitsInFlight--
  revocationMayGoOn(state, purpose)
  const told = why === 'async' && error === 'STALE_MEMBER_EPOCH' ? error : 'COMMIT_FAILED'
  if (told === 'COMMIT_FAILED') countError(state.notebook.errors, told)
  tellCaller(state, why, told, ctx)
}

/** The group has gone on without this member: what it read may be read again by another (GRP-19, GRP-20). */
function refused(state: ConsumerState, error: KafkaError, purpose: CommitPurpose, ctx: ConsumerContext): void {
  if (state.settings.groupProtocol === 'consumer') return refusedByEpoch(state, error, purpose, ctx)
  const { memberId, generation } = purpose
  const { membership } = state
  state.commitsInFlight--
  revocationMayGoOn(state, purpose)
  if (error === 'FENCED_INSTANCE_ID') return fenced(state, ctx)
  if (error === 'REBALANCE_IN_PROGRESS') membership.rejoinNeeded = true
  const isOut = error === 'UNKNOWN_MEMBER_ID' || error === 'ILLEGAL_GENERATION'
  if (isOut) countError(state.notebook.errors, 'COMMIT_FAILED')
  tellCaller(state, purpose.why, isOut ? 'COMMIT_FAILED' : error, ctx)
  if (!isOut || state.config.assign !== undefined) return
  if (membership.memberId === memberId && membership.generation === generation) resetGeneration(state, error === 'UNKNOWN_MEMBER_ID')
}

/** How a static member shows who it is; a dynamic one says nothing. */
export const identity = ({ settings: { instanceId } }: ConsumerState): { readonly groupInstanceId?: string } =>
  (instanceId === undefined ? {} : { groupInstanceId: instanceId })

/** KIP-345: another process has its `group.instance.id`. FencedInstanceIdException ends the program. */
export function fenced(state: ConsumerState, ctx: ConsumerContext): void {
  const { config, settings } = state
  ctx.note({ code: 'member.fenced', group: config.group ?? '', member: config.id, instance: settings.instanceId ?? '' })
  state.notebook.lastError = 'FENCED_INSTANCE_ID'
  state.fatal = true
}

/** No part of any generation: it must join again, and what it held is lost, not given up. */
export function resetGeneration(state: ConsumerState, forgetId: boolean): void {
  const { membership } = state
  membership.state = 'unjoined'
  membership.generation = -1
  if (forgetId) membership.memberId = ''
  membership.rejoinNeeded = true
  membership.prepared = false
  membership.revokeCommit = 'none'
  membership.received = undefined
  membership.followsRevocation = false
}
