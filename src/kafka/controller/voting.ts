/**
 * Elections: who asks, who answers what, and who has won. Follows raft/.../KafkaRaftClient.java#handleVoteRequest,
 * #handleVoteResponse and canGrantVote of the EpochState classes. KRF-3, KRF-4.
 */
import type { NodeId } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import { nodeName } from '../broker/state.ts'
import { respond } from '../network/server.ts'
import type { FactOf } from '../notes.ts'
import type { VoteRequest, VoteResponse } from '../protocol/controller.ts'
import { isCurrent } from './answers.ts'
import { lastEpochOf } from './metadata-log.ts'
import { becomeLeader } from './quorum.ts'
import { majorityOf } from './quorum-state.ts'
import { logEndOffset, type Controller, type ControllerContext } from './state.ts'
import { afterElectionLoss, becomeCandidate, becomeProspective, becomeUnattached, isRefused, noticedLate, setElectionTimer, type WhyElection } from './transitions.ts'

type Refusal = FactOf<'vote.refused'>['why'] | undefined

/** Stand for election; alone, one is elected at once. */
export function standForElection(controller: Controller, why: WhyElection, ctx: ControllerContext): void {
  becomeProspective(controller, why, ctx)
  countVotes(controller, ctx)
}

/** A prospective with a majority becomes a candidate, a candidate with a majority the leader. */
function countVotes(controller: Controller, ctx: ControllerContext): void {
  const majority = majorityOf(controller.spec.voters.length)
  if (controller.voter.kind === 'Prospective' && controller.voter.granted.size >= majority) becomeCandidate(controller, ctx)
  if (controller.voter.kind === 'Candidate' && controller.voter.granted.size >= majority) becomeLeader(controller, [...controller.voter.granted], ctx)
}

export function handleVote(controller: Controller, request: VoteRequest, on: Connection, ctx: ControllerContext): void {
  const { replicaId, replicaEpoch, preVote } = request
  if (replicaEpoch < controller.epoch) return answer(controller, request, 'epoch', on, ctx)
  if (replicaEpoch > controller.epoch) becomeUnattached(controller, replicaEpoch, ctx)
  const refusedFor = refusalOf(controller, request)
  if (!preVote && refusedFor === undefined && controller.votedFor === undefined) {
    controller.votedFor = replicaId
    // It has voted for somebody who has as good a chance as itself: it waits the whole time again.
    if (controller.voter.kind === 'Prospective') controller.voter = { kind: 'Prospective', granted: new Set([controller.spec.id]), refused: new Set() }
    setElectionTimer(controller, ctx)
  }
  answer(controller, request, refusedFor, on, ctx)
}

/** Why not; undefined = it has the vote. */
export function refusalOf(controller: Controller, { replicaId, lastOffsetEpoch, lastOffset, preVote }: VoteRequest): Refusal {
  const { voter, votedFor, leaderId } = controller
  const epoch = lastEpochOf(controller)
  const behind: Refusal = lastOffsetEpoch > epoch || (lastOffsetEpoch === epoch && lastOffset >= logEndOffset(controller)) ? undefined : 'log'
  switch (voter.kind) {
    case 'Leader': return 'leader'
    case 'Follower': return preVote && !voter.hasFetched ? behind : 'leader'
    case 'Candidate': return preVote ? behind : 'voted'
    case 'Resigned': return preVote ? behind : 'leader'
    default:
      if (preVote) return behind
      if (votedFor !== undefined) return votedFor === replicaId ? undefined : 'voted'
      return leaderId === undefined ? behind : 'leader'
  }
}

function answer(controller: Controller, { replicaId, preVote, replicaEpoch }: VoteRequest, refusedFor: Refusal, on: Connection, ctx: ControllerContext): void {
  const { spec, leaderId, epoch } = controller
  const vote = { node: spec.name, candidate: nodeName(replicaId), epoch: replicaEpoch, preVote }
  if (refusedFor === undefined) ctx.note({ code: 'vote.granted', ...vote })
  else ctx.note({ code: 'vote.refused', ...vote, why: refusedFor, leader: leaderId === undefined ? undefined : nodeName(leaderId) })
  const response: VoteResponse = {
    type: 'VoteResponse', error: refusedFor === 'epoch' ? 'FENCED_LEADER_EPOCH' : 'NONE', leaderId, leaderEpoch: epoch, voteGranted: refusedFor === undefined, preVote,
  }
  respond(on, response, ctx)
}

export function handleVoteAnswered(controller: Controller, response: VoteResponse, from: NodeId, ctx: ControllerContext): void {
  if (!isCurrent(controller, response, ctx)) return
  const { voter } = controller
  if (voter.kind !== (response.preVote ? 'Prospective' : 'Candidate')) return
  if (response.voteGranted) voter.granted.add(from)
  else voter.refused.add(from)
  countVotes(controller, ctx)
  // A refused candidate waits the rest of its time; a refused prospective has nothing to wait for.
  if (controller.voter.kind === 'Prospective' && isRefused(controller)) afterElectionLoss(controller, ctx)
}

export function handleElectionTimeout(controller: Controller, ctx: ControllerContext): void {
  const { voter, stopping } = controller
  if (stopping) return
  switch (voter.kind) {
    case 'Unattached': case 'Candidate': return standForElection(controller, 'electionTimeout', ctx)
    case 'Prospective':
      afterElectionLoss(controller, ctx)
      return controller.voter.kind === 'Unattached' ? standForElection(controller, 'electionTimeout', ctx) : undefined
    case 'Resigned':
      becomeUnattached(controller, controller.epoch + 1, ctx)
      return standForElection(controller, 'electionTimeout', ctx)
    default: return undefined
  }
}

/** The leader has not answered for too long. */
export function handleFetchTimeout(controller: Controller, ctx: ControllerContext): void {
  if (controller.voter.kind === 'Follower') ctx.setTimer({ type: 'fetchTimeoutNoticed' }, noticedLate(ctx.random('fetch timer')))
}
export function handleFetchTimeoutNoticed(controller: Controller, ctx: ControllerContext): void {
  const { voter, stopping } = controller
  if (voter.kind === 'Follower' && !stopping) standForElection(controller, voter.leaderResigned ? 'leaderResigned' : 'fetchTimeout', ctx)
}
