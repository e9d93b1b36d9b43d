/**
 * The one request of the consumer protocol: it joins, reports, acknowledges and leaves (GRP-30). A thread of its own sends it,
 * at the interval that the coordinator gives, and at once when there is something to say.
 * Follows clients/.../consumer/internals/{AbstractHeartbeatRequestManager,ConsumerHeartbeatRequestManager}.java.
 */
import { fromMs } from '../../../base/units.ts'
import {
  JOIN_GROUP_MEMBER_EPOCH, LEAVE_GROUP_MEMBER_EPOCH, LEAVE_GROUP_STATIC_MEMBER_EPOCH, type ConsumerGroupHeartbeatRequest, type ConsumerGroupHeartbeatResponse,
} from '../../protocol/consumer-group.ts'
import { countError } from '../notebook.ts'
import { fenced } from './commits.ts'
import { askCoordinator, backoff, coordinatorChannel } from './coordinator.ts'
import { groupHeartbeatFailed, loseCoordinator } from './lost.ts'
import type { ConsumerContext, ConsumerPurpose, ConsumerState, LocalAssignment } from './state.ts'
import { awaySince } from './work.ts'

/** Not a member, and not about to become one. */
const isOut = ({ protocol: { state } }: ConsumerState): boolean => state === 'unsubscribed' || state === 'fenced' || state === 'stale'

/** Send one, if it is due or there is something to say. */
export function maybeSendHeartbeat(state: ConsumerState, ctx: ConsumerContext): void {
  const { membership, protocol } = state
  if (isOut(state) || protocol.inFlight) return
  const urgent = protocol.state === 'joining' || protocol.state === 'acknowledging'
  // After an error even what is urgent waits.
  const due = membership.heartbeatAt <= ctx.now
  if (!due && !(urgent && membership.heartbeatFailures === 0)) return
  const channel = coordinatorChannel(state, ctx)
  if (channel === undefined) return
  const memberEpoch = Math.max(0, membership.generation)
  protocol.inFlight = true
  askCoordinator(state, channel, requestOf(state, memberEpoch), { kind: 'groupHeartbeat', memberEpoch }, ctx)
  if (protocol.state === 'acknowledging') protocol.state = isSame(protocol.current, protocol.target) ? 'stable' : 'reconciling'
  arm(state, protocol.heartbeatInterval, ctx)
}

export const isSame = (a: LocalAssignment | undefined, b: LocalAssignment | undefined): boolean =>
  a === b || (a?.version === b?.version && a?.partitions.join() === b?.partitions.join())

function arm({ membership }: ConsumerState, delay: number, ctx: ConsumerContext): void {
  membership.heartbeatAt = ctx.now + delay
  ctx.setTimer({ type: 'heartbeat' }, delay)
}

/** What has not changed is not said again; who joins says everything. */
function requestOf(state: ConsumerState, memberEpoch: number): ConsumerGroupHeartbeatRequest {
  const { membership, protocol, settings, config } = state
  const joins = protocol.state === 'joining'
  const saysTopics = joins || !protocol.told.topics
  const saysOwned = joins || !isSame(protocol.told.owned, protocol.current)
  protocol.told = { topics: true, owned: protocol.current }
  return {
    type: 'ConsumerGroupHeartbeatRequest', clientId: config.id, groupId: config.group ?? '', memberId: membership.memberId, memberEpoch,
    ...(settings.instanceId === undefined ? {} : { instanceId: settings.instanceId }),
    ...(saysTopics ? { rebalanceTimeoutMs: settings.maxPollIntervalMs, subscribedTopicNames: Object.freeze(config.topics.slice()) } : {}),
    ...(saysTopics && settings.remoteAssignor !== undefined ? { serverAssignor: settings.remoteAssignor } : {}),
    ...(saysOwned ? { topicPartitions: protocol.current?.partitions ?? Object.freeze([]) } : {}),
  }
}

export function handleGroupHeartbeatResponse(
  state: ConsumerState, response: ConsumerGroupHeartbeatResponse, ctx: ConsumerContext, purpose: Extract<ConsumerPurpose, { kind: 'groupHeartbeat' }> | { readonly kind: 'leave' },
): void {
  const { membership, protocol } = state
  // The answer to a farewell says nothing more.
  if (purpose.kind === 'leave') return
  protocol.inFlight = false
  // It was asked in another life: meanwhile the member has begun anew.
  if (protocol.state === 'joining' && purpose.memberEpoch !== JOIN_GROUP_MEMBER_EPOCH) return
  if (response.error !== 'NONE') return refused(state, response, ctx)
  membership.heartbeatFailures = 0
  membership.heardAt = ctx.now
  if (isOut(state)) return
  protocol.heartbeatInterval = fromMs(response.heartbeatIntervalMs)
  membership.generation = response.memberEpoch
  membership.state = 'stable'
  if (response.assignment !== undefined) hear(state, response.assignment)
}

/** A new target; the same one again changes nothing. */
function hear({ protocol }: ConsumerState, assignment: readonly string[]): void {
  const { target } = protocol
  if (target === undefined || target.partitions.join() !== assignment.join()) {
    protocol.target = Object.freeze({ version: (target?.version ?? -1) + 1, partitions: assignment })
  }
  if (!isSame(protocol.target, protocol.current)) protocol.state = 'reconciling'
  else if (protocol.state === 'reconciling' || protocol.state === 'joining') protocol.state = 'stable'
}

function refused(state: ConsumerState, { error }: ConsumerGroupHeartbeatResponse, ctx: ConsumerContext): void {
  const { membership, protocol, notebook } = state
  countError(notebook.errors, error)
  protocol.told = { topics: false, owned: undefined }
  switch (error) {
    case 'COORDINATOR_NOT_AVAILABLE':
    case 'NOT_COORDINATOR':
      loseCoordinator(state, ctx)
      membership.heartbeatFailures = 0
      return arm(state, 0, ctx)
    case 'FENCED_MEMBER_EPOCH':
    case 'UNKNOWN_MEMBER_ID':
      // What it has is lost as soon as poll() can tell the application; then it joins anew.
      membership.generation = -1
      membership.state = 'unjoined'
      protocol.state = 'fenced'
      membership.heartbeatAt = ctx.now
      return
    case 'FENCED_INSTANCE_ID': return fenced(state, ctx)
    case 'COORDINATOR_LOAD_IN_PROGRESS': return groupHeartbeatFailed(state, ctx)
    default:
      notebook.lastError = error
      state.fatal = true
  }
}

/** The thread wakes for the next heartbeat, and only then sees that the application has been away for too long. */
export function handleGroupHeartbeatTimer(state: ConsumerState, ctx: ConsumerContext): void {
  const { work, settings } = state
  if ((state.lifecycle !== 'running' && state.lifecycle !== 'closing') || isOut(state)) return
  if (ctx.now - (awaySince(work) ?? Infinity) >= fromMs(settings.maxPollIntervalMs)) {
    sayFarewell(state, 'poll', ctx)
    state.protocol.state = 'stale'
    return
  }
  maybeSendHeartbeat(state, ctx)
  // Nobody could be asked: look again soon.
  if (!state.protocol.inFlight && state.membership.heartbeatAt <= ctx.now) arm(state, backoff(state, 0, ctx), ctx)
}

/** Epoch -1: it goes. A static member says -2: it goes, and means to come back. */
export function sayFarewell(state: ConsumerState, why: 'closed' | 'poll', ctx: ConsumerContext): void {
  const { membership, protocol, settings, config } = state
  const channel = isOut(state) || membership.coordinator === undefined ? undefined : coordinatorChannel(state, ctx)
  if (channel !== undefined) {
    const request: ConsumerGroupHeartbeatRequest = {
      type: 'ConsumerGroupHeartbeatRequest', clientId: config.id, groupId: config.group ?? '', memberId: membership.memberId,
      memberEpoch: settings.instanceId === undefined ? LEAVE_GROUP_MEMBER_EPOCH : LEAVE_GROUP_STATIC_MEMBER_EPOCH,
      ...(settings.instanceId === undefined ? {} : { instanceId: settings.instanceId }), why,
    }
    askCoordinator(state, channel, request, { kind: 'leave' }, ctx)
  }
  membership.generation = -1
  membership.state = 'unjoined'
  protocol.state = 'unsubscribed'
  protocol.current = undefined
}
