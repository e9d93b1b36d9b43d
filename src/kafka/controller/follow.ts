/** A voter that does not lead keeps its copy of the log like the leader's. Follows raft/.../KafkaRaftClient.java#handleFetchResponse. */
import type { NodeId } from '../../base/units.ts'
import type { MetadataFetchResponse } from '../protocol/controller.ts'
import { isCurrent } from './answers.ts'
import { commitUpTo, store, truncateToEndOffset } from './metadata-log.ts'
import { logEndOffset, type Controller, type ControllerContext } from './state.ts'
import { setFetchTimer } from './transitions.ts'

export function handleFetched(controller: Controller, response: MetadataFetchResponse, from: NodeId, ctx: ControllerContext): void {
  const leader = controller.leaderId
  const current = isCurrent(controller, response, ctx)
  const { voter } = controller
  // Simplified: a voter that is refused asks again after controller.quorum.retry.backoff.ms; Kafka's at once.
  if (!current && controller.leaderId === leader && (voter.kind === 'Follower' || voter.kind === 'Unattached')) voter.fetchAgainAt = ctx.now + controller.config.quorumRetryBackoff
  if (!current || voter.kind !== 'Follower' || from !== controller.leaderId) return
  if (response.snapshotId !== undefined) voter.snapshotId = response.snapshotId
  else if (response.divergingEpoch !== undefined) truncateToEndOffset(controller, response.divergingEpoch, ctx)
  else {
    for (const entry of response.entries) if (entry.offset === logEndOffset(controller)) store(controller, entry, ctx)
    const known = Math.min(response.highWatermark, logEndOffset(controller))
    if (known > controller.highWatermark) commitUpTo(controller, known, ctx)
  }
  // It follows again: should it want another election, that is news.
  if (!voter.hasFetched) controller.toldElection = 0
  voter.hasFetched = true
  setFetchTimer(controller, ctx)
}
