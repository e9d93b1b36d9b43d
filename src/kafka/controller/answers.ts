/**
 * What every message between voters tells of the epoch and its leader. Follows raft/.../KafkaRaftClient.java#maybeTransition
 * and #maybeHandleCommonResponse.
 */
import type { Epoch, NodeId } from '../../base/units.ts'
import type { QuorumAnswer } from '../protocol/controller.ts'
import type { Controller, ControllerContext } from './state.ts'
import { becomeFollower, becomeUnattached } from './transitions.ts'

/** Somebody knows a higher epoch, or who leads in this one. */
export function maybeTransition(controller: Controller, leaderId: NodeId | undefined, epoch: Epoch, ctx: ControllerContext): void {
  const isNew = leaderId !== undefined && leaderId !== controller.spec.id && (epoch > controller.epoch || controller.leaderId === undefined)
  if (epoch < controller.epoch) return
  if (isNew) becomeFollower(controller, epoch, leaderId, ctx)
  else if (epoch > controller.epoch) becomeUnattached(controller, epoch, ctx)
}

/** It is of this epoch, and not an answer by somebody who only tells who leads. */
export function isCurrent(controller: Controller, { error, leaderId, leaderEpoch }: QuorumAnswer, ctx: ControllerContext): boolean {
  if (leaderEpoch < controller.epoch || error === 'UNKNOWN_LEADER_EPOCH') return false
  if (leaderEpoch > controller.epoch || error === 'FENCED_LEADER_EPOCH' || error === 'NOT_LEADER_OR_FOLLOWER') {
    maybeTransition(controller, leaderId, leaderEpoch, ctx)
    return false
  }
  if (leaderId !== undefined && controller.leaderId === undefined) maybeTransition(controller, leaderId, leaderEpoch, ctx)
  return error === 'NONE'
}
