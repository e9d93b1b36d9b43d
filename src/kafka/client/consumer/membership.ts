/**
 * A classic member: it joins, and if it leads works out who gets what (GRP-11, GRP-12). What it gives up for that, and when,
 * is in `handover`. Follows clients/.../consumer/internals/{AbstractCoordinator,ConsumerCoordinator}.java.
 */
import { fromMs } from '../../../base/units.ts'
import type { Channel } from '../../network/client.ts'
import type { JoinGroupRequest, JoinGroupResponse, MemberProtocol, SyncGroupRequest, SyncGroupResponse } from '../../protocol/group.ts'
import { addTopic } from '../metadata.ts'
import { countError } from '../notebook.ts'
import { assignPartitions, type AssignorName } from './assign/assignor.ts'
import { fenced, identity, resetGeneration } from './commits.ts'
import { askCoordinator, coordinatorChannel } from './coordinator.ts'
import { prepare, takeAssignment } from './handover.ts'
import { startHeartbeats } from './heartbeat.ts'
import { joinFailed, loseCoordinator } from './lost.ts'
import type { ConsumerContext, ConsumerPurpose, ConsumerState } from './state.ts'

/** Longer than the rebalance may take: the answer comes when everybody is there. */
const JOIN_TIMEOUT_LAPSE_MS = 5000

/** In poll(): be or become a member. */
export function joinIfNeeded(state: ConsumerState, ctx: ConsumerContext): void {
  const { membership } = state
  const channel = coordinatorChannel(state, ctx)
  if (membership.received !== undefined) takeAssignment(state, membership.received, ctx)
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

function sendJoin(state: ConsumerState, channel: Channel<ConsumerPurpose>, ctx: ConsumerContext): void {
  const { membership, config, settings } = state
  const request: JoinGroupRequest = {
    type: 'JoinGroupRequest', clientId: config.id, groupId: config.group ?? '', memberId: membership.memberId, ...identity(state),
    sessionTimeoutMs: settings.sessionTimeoutMs, rebalanceTimeoutMs: settings.maxPollIntervalMs,
    protocols: protocolsOf(state), ...(membership.followsRevocation ? { reason: 'revoked' } : {}),
  }
  membership.state = 'preparing'
  membership.rejoinNeeded = false
  const timeout = Math.max(state.network.config.requestTimeout, fromMs(settings.maxPollIntervalMs + JOIN_TIMEOUT_LAPSE_MS))
  askCoordinator(state, channel, request, { kind: 'join', memberId: membership.memberId, generation: membership.generation }, ctx, timeout)
}

/**
 * What it says of itself under each assignor. `sticky` has everything given up first, so it says what it had last; the others
 * say what it still has. Follows StickyAssignor and CooperativeStickyAssignor#subscriptionUserData.
 */
function protocolsOf({ settings, config, positions, membership }: ConsumerState): readonly MemberProtocol[] {
  const topics = Object.freeze(config.topics.slice())
  const owned = Object.freeze([...positions.keys()])
  return Object.freeze(settings.assignors.map((name) => {
    const last = membership.remembered.get(name)
    if (name === 'sticky') return Object.freeze({ name, topics, owned: last?.partitions ?? [], generation: last?.generation ?? -1 })
    const generation = membership.generation >= 0 ? membership.generation : (last?.generation ?? -1)
    return Object.freeze({ name, topics, owned, generation: name === 'cooperative-sticky' ? generation : membership.generation })
  }))
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
    case 'UNKNOWN_MEMBER_ID': return resetGeneration(state, true)
    case 'FENCED_INSTANCE_ID': return fenced(state, ctx)
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

function joined(state: ConsumerState, response: JoinGroupResponse, ctx: ConsumerContext): void {
  const { membership, config } = state
  membership.state = 'completing'
  membership.memberId = response.memberId
  membership.generation = response.generationId
  membership.joinAttempts = 0
  membership.leads = response.leader === response.memberId
  membership.assignor = response.protocolName as AssignorName
  startHeartbeats(state, ctx)
  const channel = coordinatorChannel(state, ctx)
  if (channel === undefined) return joinFailed(state, ctx)
  const request: SyncGroupRequest = {
    type: 'SyncGroupRequest', clientId: config.id, groupId: response.groupId, generationId: response.generationId,
    memberId: response.memberId, ...identity(state),
    assignments: membership.leads ? assign(state, response) : Object.freeze([]),
  }
  askCoordinator(state, channel, request, { kind: 'sync', memberId: response.memberId, generation: response.generationId }, ctx)
}

function assign(state: ConsumerState, { members, protocolName, skipAssignment }: JoinGroupResponse): SyncGroupRequest['assignments'] {
  const topics = [...new Set(members.flatMap((member) => member.topics))]
  for (const topic of topics) addTopic(state.metadata, topic)
  const counts = new Map(topics.map((topic) => [topic, state.metadata.partitionsOf.get(topic)?.length ?? 0]))
  state.membership.assignedFrom = partitionCounts(state)
  // A static leader that has come back to a stable group finds its assignment standing.
  if (skipAssignment === true) return Object.freeze([])
  const asking = members.map(({ memberId, topics: list, owned, generation, groupInstanceId: instanceId }) =>
    ({ memberId, topics: list, owned, generation, instanceId }))
  const parts = [...assignPartitions(protocolName as AssignorName, counts, asking)]
  return Object.freeze(parts.map(([memberId, partitions]) => Object.freeze({ memberId, partitions: Object.freeze(partitions) })))
}

export function handleSyncGroupResponse(
  state: ConsumerState, { error, assignment }: SyncGroupResponse, ctx: ConsumerContext, purpose: { readonly generation: number },
): void {
  const { membership } = state
  if (membership.state !== 'completing' || membership.generation !== purpose.generation) return
  if (error === 'NONE') {
    membership.state = 'stable'
    membership.received = assignment
    return
  }
  countError(state.notebook.errors, error)
  membership.state = 'unjoined'
  membership.rejoinNeeded = true
  switch (error) {
    case 'REBALANCE_IN_PROGRESS': return
    case 'UNKNOWN_MEMBER_ID':
    case 'ILLEGAL_GENERATION': return resetGeneration(state, error === 'UNKNOWN_MEMBER_ID')
    case 'FENCED_INSTANCE_ID': return fenced(state, ctx)
    case 'COORDINATOR_NOT_AVAILABLE':
    case 'NOT_COORDINATOR':
      joinFailed(state, ctx)
      return loseCoordinator(state, ctx)
    default: return joinFailed(state, ctx)
  }
}
