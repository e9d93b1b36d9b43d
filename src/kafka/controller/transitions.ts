/**
 * What a voter becomes. Each function changes the state and its timers and sends nothing but the answers it owes; what the
 * new state has to ask of others is sent by `poll`. Follows raft/.../QuorumState.java. KRF-2.
 */
import { below } from '../../base/random.ts'
import { fromMs, MILLISECOND, type Epoch, type Micros, type NodeId } from '../../base/units.ts'
import { nodeName } from '../broker/state.ts'
import { respond } from '../network/server.ts'
import type { FactOf } from '../notes.ts'
import type { KafkaError } from '../errors.ts'
import type { MetadataFetchResponse } from '../protocol/controller.ts'
import { renounce } from './activation.ts'
import { nextOffset, type Controller, type ControllerContext } from './state.ts'

export type WhyElection = FactOf<'election.started'>['why']
export type WhyResigned = FactOf<'controller.resigned'>['why']

/** QuorumState#randomElectionTimeoutMs: so that voters do not stand for election together again and again. */
export const randomElectionTimeoutMs = (electionTimeoutMs: number, word: number): number => electionTimeoutMs + below(word, electionTimeoutMs)
/** LeaderState.CHECK_QUORUM_TIMEOUT_FACTOR */
const CHECK_QUORUM_TIMEOUT_FACTOR = 1.5
/** How long a leader leads on that a majority does not fetch from. */
export const checkQuorumTimeoutMs = (fetchTimeoutMs: number): number => Math.floor(fetchTimeoutMs * CHECK_QUORUM_TIMEOUT_FACTOR)
/**
 * Simplified: a voter notices an expired fetch timer up to 100 ms late, by luck. That stands for the poll loop and the disk
 * of a real process; where all messages take the same time, voters would stand for election in the same instant for ever.
 */
const NOTICED_WITHIN = 100 * MILLISECOND
export const noticedLate = (word: number): Micros => below(word, NOTICED_WITHIN)

export function setElectionTimer(controller: Controller, ctx: ControllerContext): void {
  ctx.setTimer({ type: 'electionTimeout' }, fromMs(randomElectionTimeoutMs(controller.config.electionTimeoutMs, ctx.random('election timeout'))))
}
export function setFetchTimer(controller: Controller, ctx: ControllerContext, delay: Micros = fromMs(controller.config.fetchTimeoutMs)): void {
  ctx.setTimer({ type: 'fetchTimeout' }, delay)
  ctx.cancelTimer({ type: 'fetchTimeoutNoticed' })
}
function cancelFetchTimer(ctx: ControllerContext): void {
  ctx.cancelTimer({ type: 'fetchTimeout' })
  ctx.cancelTimer({ type: 'fetchTimeoutNoticed' })
}

/** In an epoch, and without a leader in it that it knows of. Who was about to stand for election waits no longer for that. */
export function becomeUnattached(controller: Controller, epoch: Epoch, ctx: ControllerContext): void {
  const { voter } = controller
  const waits = voter.kind === 'Unattached' || voter.kind === 'Candidate' || voter.kind === 'Resigned' || (voter.kind === 'Prospective' && !isRefused(controller))
  leaveLeadership(controller, 'higherEpoch', ctx)
  if (epoch > controller.epoch) controller.votedFor = undefined
  controller.epoch = epoch
  controller.leaderId = undefined
  controller.voter = { kind: 'Unattached', fetchAgainAt: 0 }
  cancelFetchTimer(ctx)
  if (!waits || !ctx.hasTimer({ type: 'electionTimeout' })) setElectionTimer(controller, ctx)
  refuseParked(controller, ctx)
}

export function becomeFollower(controller: Controller, epoch: Epoch, leaderId: NodeId, ctx: ControllerContext): void {
  leaveLeadership(controller, 'higherEpoch', ctx)
  if (epoch > controller.epoch) controller.votedFor = undefined
  controller.epoch = epoch
  controller.leaderId = leaderId
  controller.voter = { kind: 'Follower', hasFetched: false, leaderResigned: false, fetchAgainAt: 0 }
  ctx.cancelTimer({ type: 'electionTimeout' })
  setFetchTimer(controller, ctx)
  refuseParked(controller, ctx)
}

/** KIP-996: it asks first whether it would be elected, and raises no epoch by asking. */
export function becomeProspective(controller: Controller, why: WhyElection, ctx: ControllerContext): void {
  controller.voter = { kind: 'Prospective', granted: new Set([controller.spec.id]), refused: new Set() }
  cancelFetchTimer(ctx)
  setElectionTimer(controller, ctx)
  // Alone one is elected in the same instant.
  if (controller.toldElection === controller.epoch || controller.spec.voters.length === 1) return
  controller.toldElection = controller.epoch
  const { electionTimeoutMs, fetchTimeoutMs } = controller.config
  const leader = controller.leaderId === undefined ? undefined : nodeName(controller.leaderId)
  ctx.note({ code: 'election.started', node: controller.spec.name, epoch: controller.epoch, why, leader, timeoutMs: why === 'fetchTimeout' ? fetchTimeoutMs : electionTimeoutMs })
}

/** A vote for itself in a new epoch: for nobody else in that epoch, even after a crash. */
export function becomeCandidate(controller: Controller, ctx: ControllerContext): void {
  controller.epoch++
  controller.votedFor = controller.spec.id
  controller.leaderId = undefined
  controller.voter = { kind: 'Candidate', granted: new Set([controller.spec.id]), refused: new Set() }
  setElectionTimer(controller, ctx)
}

/** It has lost: back to the leader that there is, or to waiting. */
export function afterElectionLoss(controller: Controller, ctx: ControllerContext): void {
  if (controller.leaderId !== undefined && controller.leaderId !== controller.spec.id) becomeFollower(controller, controller.epoch, controller.leaderId, ctx)
  else becomeUnattached(controller, controller.epoch, ctx)
}

/** More have refused than it could do without. Follows raft/.../internals/EpochElection.java. */
export function isRefused({ voter, spec }: Controller): boolean {
  return (voter.kind === 'Prospective' || voter.kind === 'Candidate') && voter.refused.size * 2 >= spec.voters.length
}

/** The successors are told to stand for election at once, the most advanced log first. */
export function resign(controller: Controller, why: WhyResigned, ctx: ControllerContext): void {
  if (controller.voter.kind !== 'Leader') return
  const progress = [...controller.voter.voters]
  const successors = progress.sort(([, a], [, b]) => b.logEndOffset - a.logEndOffset).map(([id]) => id)
  leaveLeadership(controller, why, ctx)
  becomeResigned(controller, successors, ctx)
  refuseParked(controller, ctx)
}

/** Also how one starts that led when its process ended: it must not lead in that epoch again. */
export function becomeResigned(controller: Controller, successors: readonly NodeId[], ctx: ControllerContext): void {
  const others = controller.spec.voters.filter((id) => id !== controller.spec.id)
  controller.voter = { kind: 'Resigned', successors: Object.freeze(successors), unacknowledged: new Set(others) }
  setElectionTimer(controller, ctx)
}

function leaveLeadership(controller: Controller, why: WhyResigned, ctx: ControllerContext): void {
  const { voter, spec, epoch, config } = controller
  if (voter.kind !== 'Leader') return
  ctx.cancelTimer({ type: 'checkQuorum' })
  ctx.cancelTimer({ type: 'beginQuorumEpoch' })
  const undone = nextOffset(controller) - controller.highWatermark
  ctx.note({ code: 'controller.resigned', node: spec.name, epoch, why, timeoutMs: checkQuorumTimeoutMs(config.fetchTimeoutMs), undone })
  if (voter.active) renounce(controller, ctx)
}

/** Fetches that wait for news are asked again of whoever leads now. */
function refuseParked(controller: Controller, ctx: ControllerContext): void {
  const { fetches } = controller.parked
  controller.parked.fetches = new Map()
  for (const { id, on } of fetches.values()) {
    ctx.cancelTimer({ type: 'parkedFetchDue', key: String(id) })
    respond(on, refusedFetch(controller, 'NOT_LEADER_OR_FOLLOWER'), ctx)
  }
}

export const refusedFetch = ({ leaderId, epoch }: Controller, error: KafkaError): MetadataFetchResponse =>
  ({ type: 'MetadataFetchResponse', error, leaderId, leaderEpoch: epoch, highWatermark: -1, divergingEpoch: undefined, entries: Object.freeze([]) })
