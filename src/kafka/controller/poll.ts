/**
 * Sends what the state of a voter has to ask of the others, as far as there is room for it: one request at a time to each.
 * Called whenever something may have changed. Follows raft/.../KafkaRaftClient.java#pollCurrentState and RequestManager.java.
 */
import { below } from '../../base/random.ts'
import type { Micros, NodeId } from '../../base/units.ts'
import type { Tagged } from '../../engine/process.ts'
import { nodeName } from '../broker/state.ts'
import { backsOffUntil, channelTo, ready, sendRequest, type Channel } from '../network/client.ts'
import type { BeginQuorumEpochRequest, EndQuorumEpochRequest, FetchSnapshotRequest, MetadataFetchRequest, VoteRequest } from '../protocol/controller.ts'
import { lastEpochOf } from './metadata-log.ts'
import { logEndOffset, type Controller, type ControllerContext, type QuorumPurpose } from './state.ts'
import { resign } from './transitions.ts'

const LABEL = 'controller:quorum'
const MAX_WAIT_MS = 500

export function poll(controller: Controller, ctx: ControllerContext): void {
  if (controller.stopping) {
    resign(controller, 'stop', ctx)
    if (mayStop(controller)) return ctx.exit()
  }
  const { voter, spec, leaderId, epoch } = controller
  switch (voter.kind) {
    case 'Follower': case 'Unattached':
      if (controller.stopping) return
      return voter.fetchAgainAt > ctx.now ? retryAt(controller, voter.fetchAgainAt, ctx) : fetchFromBest(controller, leaderId, ctx)
    case 'Prospective': case 'Candidate':
      if (voter.refused.size * 2 >= spec.voters.length) return
      for (const id of spec.voters) if (!voter.granted.has(id) && !voter.refused.has(id)) askForVote(controller, id, voter.kind === 'Prospective', ctx)
      return
    case 'Leader':
      for (const id of voter.begin) {
        const request: BeginQuorumEpochRequest = { type: 'BeginQuorumEpochRequest', leaderId: spec.id, leaderEpoch: epoch }
        if (ask(controller, id, request, 'begin', ctx)) voter.begin.delete(id)
      }
      return
    case 'Resigned':
      for (const id of voter.unacknowledged) {
        const request: EndQuorumEpochRequest = { type: 'EndQuorumEpochRequest', leaderId: spec.id, leaderEpoch: epoch, preferredSuccessors: voter.successors }
        ask(controller, id, request, 'end', ctx)
      }
  }
}

/**
 * Fetches from the leader; asks another voter, who may have heard of a change, while there is none or the way to it has to
 * wait. Follows KafkaRaftClient#maybeSendFetchToBestNode and #pollUnattachedCommon.
 */
function fetchFromBest(controller: Controller, leader: NodeId | undefined, ctx: ControllerContext): void {
  const { spec, network } = controller
  if (leader !== undefined && backsOffUntil(channelTo(network, nodeName(leader), LABEL)) <= ctx.now) return askToFetch(controller, leader, ctx)
  for (const { inFlight } of network.channels.values()) if (inFlight.length > 0) return
  const others = spec.voters.filter((id) => {
    const { state, retryAt: until } = channelTo(network, nodeName(id), LABEL)
    return id !== spec.id && id !== leader && (state === 'ready' || (state === 'closed' && until <= ctx.now))
  })
  if (others.length > 0) askToFetch(controller, others[below(ctx.random('any voter'), others.length)]!, ctx)
  const next = nextTry(controller)
  if (next > ctx.now) retryAt(controller, next, ctx)
}
/** When the first of the ways that have to wait may be tried again; -1 = none has to. */
function nextTry({ network }: Controller): Micros {
  let at = -1
  for (const { state, retryAt: until } of network.channels.values()) if (state === 'closed' && (at < 0 || until < at)) at = until
  return at
}

/** Another leads, or there is nobody else who could. Follows KafkaRaftClient#maybeCompleteShutdown. */
const mayStop = ({ spec, leaderId }: Controller): boolean => spec.voters.length === 1 || (leaderId !== undefined && leaderId !== spec.id)

function askToFetch(controller: Controller, leader: NodeId, ctx: ControllerContext): void {
  const channel = roomFor(controller, leader, ctx)
  if (channel === undefined) return
  const { voter } = controller
  if (voter.kind === 'Follower' && voter.snapshotId !== undefined) {
    const wanted: FetchSnapshotRequest = { type: 'FetchSnapshotRequest', replicaId: controller.spec.id, currentLeaderEpoch: controller.epoch, snapshotId: voter.snapshotId }
    return sendRequest(controller.network, channel, wanted, 'snapshot', ctx)
  }
  const request: MetadataFetchRequest = {
    type: 'MetadataFetchRequest', replicaId: controller.spec.id, fetchOffset: logEndOffset(controller), lastFetchedEpoch: lastEpochOf(controller),
    currentLeaderEpoch: controller.epoch, highWatermark: controller.highWatermark, maxWaitMs: MAX_WAIT_MS,
  }
  sendRequest(controller.network, channel, request, 'fetch', ctx)
}

function askForVote(controller: Controller, id: NodeId, preVote: boolean, ctx: ControllerContext): void {
  const request: VoteRequest = {
    type: 'VoteRequest', replicaId: controller.spec.id, replicaEpoch: controller.epoch,
    lastOffsetEpoch: lastEpochOf(controller), lastOffset: logEndOffset(controller), preVote,
  }
  ask(controller, id, request, preVote ? 'preVote' : 'vote', ctx)
}

function ask(controller: Controller, id: NodeId, request: Tagged, purpose: QuorumPurpose, ctx: ControllerContext): boolean {
  const channel = roomFor(controller, id, ctx)
  if (channel !== undefined) sendRequest(controller.network, channel, request, purpose, ctx)
  return channel !== undefined
}

/** Open, and nothing under way on it. */
function roomFor(controller: Controller, id: NodeId, ctx: ControllerContext): Channel<QuorumPurpose> | undefined {
  const channel = channelTo(controller.network, nodeName(id), LABEL)
  if (ready(controller.network, channel, ctx)) return channel.inFlight.length === 0 ? channel : undefined
  if (channel.state === 'closed') retryAt(controller, Math.max(ctx.now + controller.config.quorumRetryBackoff, backsOffUntil(channel)), ctx)
  return undefined
}

function retryAt(controller: Controller, at: Micros, ctx: ControllerContext): void {
  if (at >= controller.retryAt) return
  controller.retryAt = at
  ctx.setTimer({ type: 'quorumRetry' }, at - ctx.now)
}
export function handleRetry(controller: Controller, ctx: ControllerContext): void {
  controller.retryAt = Infinity
  poll(controller, ctx)
}
