/**
 * A term begins and ends: the leader tells the others. Follows raft/.../KafkaRaftClient.java#handleBeginQuorumEpochRequest,
 * #handleEndQuorumEpochRequest and #endEpochElectionBackoff. KRF-2.
 */
import { fromMs, type NodeId } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import { respond } from '../network/server.ts'
import type { BeginQuorumEpochRequest, BeginQuorumEpochResponse, EndQuorumEpochRequest, EndQuorumEpochResponse } from '../protocol/controller.ts'
import { isCurrent, maybeTransition } from './answers.ts'
import type { Controller, ControllerContext } from './state.ts'
import { setFetchTimer } from './transitions.ts'
import { standForElection } from './voting.ts'

export function handleBeginQuorumEpoch(controller: Controller, request: BeginQuorumEpochRequest, on: Connection, ctx: ControllerContext): void {
  const stale = request.leaderEpoch < controller.epoch
  if (!stale) {
    maybeTransition(controller, request.leaderId, request.leaderEpoch, ctx)
    if (controller.voter.kind === 'Follower' && controller.leaderId === request.leaderId) setFetchTimer(controller, ctx)
  }
  const { leaderId, epoch } = controller
  const response: BeginQuorumEpochResponse = { type: 'BeginQuorumEpochResponse', error: stale ? 'FENCED_LEADER_EPOCH' : 'NONE', leaderId, leaderEpoch: epoch }
  respond(on, response, ctx)
}

/** Somebody knows of a higher epoch: then this is no leader any more. */
export function handleBegun(controller: Controller, response: BeginQuorumEpochResponse, _from: NodeId, ctx: ControllerContext): void {
  isCurrent(controller, response, ctx)
}

export function handleEndQuorumEpoch(controller: Controller, request: EndQuorumEpochRequest, on: Connection, ctx: ControllerContext): void {
  const stale = request.leaderEpoch < controller.epoch
  if (!stale) {
    maybeTransition(controller, request.leaderId, request.leaderEpoch, ctx)
    succeed(controller, request, ctx)
  }
  const { leaderId, epoch } = controller
  const response: EndQuorumEpochResponse = { type: 'EndQuorumEpochResponse', error: stale ? 'FENCED_LEADER_EPOCH' : 'NONE', leaderId, leaderEpoch: epoch }
  respond(on, response, ctx)
}

function succeed(controller: Controller, { leaderId, preferredSuccessors }: EndQuorumEpochRequest, ctx: ControllerContext): void {
  const { voter, config, spec } = controller
  if (voter.kind !== 'Follower' || controller.leaderId !== leaderId) return
  const place = preferredSuccessors.indexOf(spec.id)
  voter.leaderResigned = true
  if (place === 0 && !controller.stopping) return standForElection(controller, 'leaderResigned', ctx)
  setFetchTimer(controller, ctx, fromMs(successorBackoffMs(place < 0 ? preferredSuccessors.length : place, preferredSuccessors.length, config.electionBackoffMaxMs)))
}

/** KafkaRaftClient#strictExponentialElectionBackoffMs: the first at once, the others each after twice as long. */
export function successorBackoffMs(place: number, successors: number, maxMs: number): number {
  if (place === 0) return 0
  if (place >= successors) return maxMs
  return Math.min(maxMs, (maxMs >> (successors - 1)) << (place - 1))
}

export function handleEnded(controller: Controller, response: EndQuorumEpochResponse, from: NodeId, ctx: ControllerContext): void {
  if (isCurrent(controller, response, ctx) && controller.voter.kind === 'Resigned') controller.voter.unacknowledged.delete(from)
}
