/**
 * A classic member: it gives up what it has, joins, and if it leads works out who gets what (GRP-11, GRP-12, GRP-15).
 * Follows clients/.../consumer/internals/{AbstractCoordinator,ConsumerCoordinator}.java.
 *
 * Simplified: eager only; `cooperative-sticky` can be offered, but is never chosen while range is offered too.
 */
import { fromMs } from '../../../base/units.ts'
import type { Channel } from '../../network/client.ts'
import type { JoinGroupRequest, JoinGroupResponse, SyncGroupRequest, SyncGroupResponse } from '../../protocol/group.ts'
import { addTopic } from '../metadata.ts'
import { countError } from '../notebook.ts'
import { assignRange } from './assign/range.ts'
import { commit, resetGeneration } from './commits.ts'
import { askCoordinator, coordinatorChannel } from './coordinator.ts'
import { startHeartbeats } from './heartbeat.ts'
import { joinFailed, loseCoordinator } from './lost.ts'
import { newPosition } from './positions.ts'
import type { ConsumerContext, ConsumerPurpose, ConsumerState } from './state.ts'

/** Longer than the rebalance may take: the answer comes when everybody is there. */
const JOIN_TIMEOUT_LAPSE_MS = 5000

/** In poll(): be or become a member. */
export function joinIfNeeded(state: ConsumerState, ctx: ConsumerContext): void {
  const { membership } = state
  const channel = coordinatorChannel(state, ctx)
  if (membership.state === 'stable' && hasNewPartitions(state)) membership.rejoinNeeded = true
  if (membership.state === 'preparing' || membership.state === 'completing' || !membership.rejoinNeeded) return
  if (channel === undefined || membership.joinRetryAt > ctx.now || !prepare(state, ctx)) return
  sendJoin(state, channel, ctx)
}

/** GRP-18: the leader watches its topics, and rejoins when they have other partitions than those it has given out. */
function hasNewPartitions(state: ConsumerState): boolean {
  const { membership, metadata } = state
  if (!membership.leads || membership.countedVersion === metadata.version) return false
  membership.countedVersion = metadata.version
  return membership.assignedFrom !== partitionCounts(state)
}

const partitionCounts = ({ metadata }: ConsumerState): string =>
  [...metadata.partitionsOf].map(([topic, partitions]) => `${topic}:${partitions.length}`).join()

/** What the member holds ends here: committed and given up, or lost when the group has gone on without it. True when done. */
function prepare(state: ConsumerState, ctx: ConsumerContext): boolean {
  const { membership } = state
  if (membership.prepared) return true
  if (state.settings.autoCommit) {
    if (membership.revokeCommit === 'none') membership.prepareBy = ctx.now + fromMs(state.settings.maxPollIntervalMs)
    if (membership.revokeCommit === 'none' || (membership.revokeCommit === 'retry' && state.commitRetryAt <= ctx.now)) {
      const outcome = commit(state, 'revoke', ctx)
      membership.revokeCommit = outcome === 'sent' ? 'waiting' : outcome === 'later' ? 'retry' : 'done'
    }
    if (membership.revokeCommit !== 'done' && ctx.now < membership.prepareBy) return false
  }
  giveUp(state, ctx)
  membership.prepared = true
  membership.revokeCommit = 'none'
  return true
}

export function giveUp(state: ConsumerState, ctx: ConsumerContext): void {
  const { membership, notebook, config } = state
  const partitions = Object.freeze([...state.positions.keys()])
  const lost = membership.generation < 0 || membership.memberId === ''
  state.positions.clear()
  state.fetched = []
  if (lost && partitions.length === 0) return
  if (lost) notebook.lostCount++
  else {
    notebook.revokedCount++
    notebook.revoked = partitions
  }
  if (partitions.length === 0) return
  ctx.note({ code: lost ? 'partitions.lost' : 'partitions.revoked', group: config.group ?? '', member: config.id, partitions })
}

function sendJoin(state: ConsumerState, channel: Channel<ConsumerPurpose>, ctx: ConsumerContext): void {
  const { membership, config, settings } = state
  const topics = Object.freeze(config.topics.slice())
  const request: JoinGroupRequest = {
    type: 'JoinGroupRequest', clientId: config.id, groupId: config.group ?? '', memberId: membership.memberId,
    sessionTimeoutMs: settings.sessionTimeoutMs, rebalanceTimeoutMs: settings.maxPollIntervalMs,
    protocols: Object.freeze(settings.assignors.map((name) => Object.freeze({ name, topics, owned: Object.freeze([]) }))),
  }
  membership.state = 'preparing'
  membership.rejoinNeeded = false
  const timeout = Math.max(state.network.config.requestTimeout, fromMs(settings.maxPollIntervalMs + JOIN_TIMEOUT_LAPSE_MS))
  askCoordinator(state, channel, request, { kind: 'join', memberId: membership.memberId, generation: membership.generation }, ctx, timeout)
}

export function handleJoinGroupResponse(state: ConsumerState, response: JoinGroupResponse, ctx: ConsumerContext): void {
  const { membership } = state
  const { error } = response
  if (membership.state !== 'preparing') return
  if (error === 'NONE') return joined(state, response, ctx)
  membership.state = 'unjoined'
  membership.rejoinNeeded = true
  if (error === 'MEMBER_ID_REQUIRED') {
    membership.memberId = response.memberId
    return
  }
  countError(state.notebook.errors, error)
  switch (error) {
    case 'UNKNOWN_MEMBER_ID': return resetAfterPreparation(state, true)
    case 'COORDINATOR_NOT_AVAILABLE':
    case 'NOT_COORDINATOR':
      joinFailed(state, ctx)
      return loseCoordinator(state, ctx)
    case 'INCONSISTENT_GROUP_PROTOCOL':
    case 'INVALID_SESSION_TIMEOUT':
      state.notebook.lastError = error
      state.fatal = true
      return
    default: return joinFailed(state, ctx)
  }
}

/** What it held it has given up already. */
function resetAfterPreparation(state: ConsumerState, forgetId: boolean): void {
  resetGeneration(state, forgetId)
  state.membership.prepared = true
}

function joined(state: ConsumerState, response: JoinGroupResponse, ctx: ConsumerContext): void {
  const { membership, config } = state
  membership.state = 'completing'
  membership.memberId = response.memberId
  membership.generation = response.generationId
  membership.joinAttempts = 0
  membership.leads = response.leader === response.memberId
  startHeartbeats(state, ctx)
  const channel = coordinatorChannel(state, ctx)
  if (channel === undefined) return joinFailed(state, ctx)
  const request: SyncGroupRequest = {
    type: 'SyncGroupRequest', clientId: config.id, groupId: response.groupId, generationId: response.generationId,
    memberId: response.memberId,
    assignments: membership.leads ? assign(state, response) : Object.freeze([]),
  }
  askCoordinator(state, channel, request, { kind: 'sync', memberId: response.memberId, generation: response.generationId }, ctx)
}

function assign(state: ConsumerState, { members }: JoinGroupResponse): SyncGroupRequest['assignments'] {
  const topics = [...new Set(members.flatMap((member) => member.topics))]
  for (const topic of topics) addTopic(state.metadata, topic)
  const counts = new Map(topics.map((topic) => [topic, state.metadata.partitionsOf.get(topic)?.length ?? 0]))
  state.membership.assignedFrom = partitionCounts(state)
  const parts = [...assignRange(counts, members)]
  return Object.freeze(parts.map(([memberId, partitions]) => Object.freeze({ memberId, partitions: Object.freeze(partitions) })))
}

export function handleSyncGroupResponse(
  state: ConsumerState, { error, assignment }: SyncGroupResponse, ctx: ConsumerContext, purpose: { readonly generation: number },
): void {
  const { membership } = state
  if (membership.state !== 'completing' || membership.generation !== purpose.generation) return
  if (error === 'NONE') return assigned(state, assignment, ctx)
  countError(state.notebook.errors, error)
  membership.state = 'unjoined'
  membership.rejoinNeeded = true
  switch (error) {
    case 'REBALANCE_IN_PROGRESS': return
    case 'UNKNOWN_MEMBER_ID':
    case 'ILLEGAL_GENERATION': return resetAfterPreparation(state, error === 'UNKNOWN_MEMBER_ID')
    case 'COORDINATOR_NOT_AVAILABLE':
    case 'NOT_COORDINATOR':
      joinFailed(state, ctx)
      return loseCoordinator(state, ctx)
    default: return joinFailed(state, ctx)
  }
}

function assigned(state: ConsumerState, assignment: readonly string[], ctx: ConsumerContext): void {
  const { membership, notebook, config } = state
  membership.state = 'stable'
  membership.prepared = false
  notebook.assignedCount++
  notebook.assignedLast = assignment
  state.positions = new Map(assignment.map((partition) => [partition, newPosition(partition, 'initializing')]))
  state.commitAt = ctx.now + state.settings.autoCommitInterval
  ctx.note({ code: 'partitions.assigned', group: config.group ?? '', member: config.id, partitions: assignment })
}
