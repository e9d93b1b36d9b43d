/**
 * The leader of the quorum: it writes the metadata log, the others fetch it, and what a majority has is committed.
 * Follows raft/.../KafkaRaftClient.java and LeaderState.java. KRF-5, KRF-6, KRF-10.
 * Simplified: there are no NoOp records; an idle metadata log does not grow.
 */
import { fromMs, type NodeId } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import { names } from '../broker/state.ts'
import { respond } from '../network/server.ts'
import type { MetadataFetchRequest, MetadataFetchResponse } from '../protocol/controller.ts'
import { activate } from './activation.ts'
import { commitUpTo, divergence, entriesFrom, store } from './metadata-log.ts'
import { majorityOf, type Leading } from './quorum-state.ts'
import { logEndOffset, type Controller, type ControllerContext } from './state.ts'
import { checkQuorumTimeoutMs, refusedFetch } from './transitions.ts'

export function becomeLeader(controller: Controller, grantedBy: readonly NodeId[], ctx: ControllerContext): void {
  const { spec, epoch } = controller
  const others = spec.voters.filter((id) => id !== spec.id)
  const epochStart = logEndOffset(controller)
  controller.leaderId = spec.id
  controller.voter = {
    kind: 'Leader', since: ctx.now, epochStart, grantedBy: Object.freeze(grantedBy), active: false,
    voters: new Map(others.map((id) => [id, NOT_YET])), fetched: new Set(), begin: new Set(others),
  }
  ctx.cancelTimer({ type: 'electionTimeout' })
  ctx.note({ code: 'controller.elected', node: spec.name, epoch, votes: names(grantedBy), voters: spec.voters.length })
  // The high watermark cannot move before an entry of this epoch is there.
  store(controller, Object.freeze({ offset: epochStart, epoch, record: Object.freeze({ type: 'LeaderChangeMessage' as const, leaderId: spec.id }) }), ctx)
  setLeaderTimers(controller, ctx)
  advanceHighWatermark(controller, controller.voter, ctx)
}
const NOT_YET = Object.freeze({ logEndOffset: -1, lastFetchAt: -1_000_000_000_000 })

export function setLeaderTimers(controller: Controller, ctx: ControllerContext): void {
  if (controller.spec.voters.length === 1) return
  setCheckQuorumTimer(controller, ctx)
  setBeginTimer(controller, ctx)
}
const setCheckQuorumTimer = ({ config }: Controller, ctx: ControllerContext): void =>
  ctx.setTimer({ type: 'checkQuorum' }, fromMs(checkQuorumTimeoutMs(config.fetchTimeoutMs)))
/** LeaderState: `beginQuorumEpochTimeoutMs` is half of the fetch timeout. */
const setBeginTimer = ({ config }: Controller, ctx: ControllerContext): void => ctx.setTimer({ type: 'beginQuorumEpoch' }, fromMs(Math.floor(config.fetchTimeoutMs / 2)))

/** Who has not fetched for a while is told again who leads. */
export function remindVoters(controller: Controller, ctx: ControllerContext): void {
  if (controller.voter.kind !== 'Leader') return
  setBeginTimer(controller, ctx)
  const silent = fromMs(Math.floor(controller.config.fetchTimeoutMs / 2))
  for (const [id, { lastFetchAt }] of controller.voter.voters) if (ctx.now - lastFetchAt >= silent) controller.voter.begin.add(id)
}

/** The linger is over: what has been decided meanwhile is written as one. */
export function flush(controller: Controller, ctx: ControllerContext): void {
  for (const entry of controller.accumulated) store(controller, entry, ctx)
  controller.accumulated = []
  if (controller.voter.kind !== 'Leader') return
  advanceHighWatermark(controller, controller.voter, ctx)
  completeFetches(controller, ctx)
}

export function handleMetadataFetch(controller: Controller, request: MetadataFetchRequest, on: Connection, ctx: ControllerContext): void {
  const { voter, epoch } = controller
  if (request.currentLeaderEpoch < epoch) return respond(on, refusedFetch(controller, 'FENCED_LEADER_EPOCH'), ctx)
  if (request.currentLeaderEpoch > epoch) return respond(on, refusedFetch(controller, 'UNKNOWN_LEADER_EPOCH'), ctx)
  if (voter.kind !== 'Leader') return respond(on, refusedFetch(controller, 'NOT_LEADER_OR_FOLLOWER'), ctx)
  const diverging = divergence(controller, request.fetchOffset, request.lastFetchedEpoch)
  if (diverging !== undefined) return serve(controller, request, diverging, on, ctx)
  if (voter.voters.has(request.replicaId)) noteProgress(controller, voter, request, ctx)
  if (hasNews(controller, request)) return serve(controller, request, undefined, on, ctx)
  const id = controller.parked.next++
  controller.parked.fetches.set(id, Object.freeze({ id, on, request }))
  ctx.setTimer({ type: 'parkedFetchDue', key: String(id) }, fromMs(request.maxWaitMs))
}

/** Follows LeaderState#updateReplicaState. */
function noteProgress(controller: Controller, leading: Leading, { replicaId, fetchOffset }: MetadataFetchRequest, ctx: ControllerContext): void {
  leading.voters.set(replicaId, Object.freeze({ logEndOffset: fetchOffset, lastFetchAt: ctx.now }))
  leading.begin.delete(replicaId)
  noteFollowing(controller, leading, replicaId, ctx)
  advanceHighWatermark(controller, leading, ctx)
}

/** It fetches, the log or a snapshot: with a majority that does, the leader goes on. Follows LeaderState#updateCheckQuorumForFollowingVoter. */
export function noteFollowing(controller: Controller, { voters, fetched }: Leading, replicaId: NodeId, ctx: ControllerContext): void {
  if (!voters.has(replicaId)) return
  fetched.add(replicaId)
  if (fetched.size + 1 < majorityOf(controller.spec.voters.length)) return
  fetched.clear()
  setCheckQuorumTimer(controller, ctx)
}

/** Of a leader that has committed in its epoch; -1 = it does not know how far earlier leaders had committed. */
const knownHighWatermark = ({ voter, highWatermark }: Controller): number => (voter.kind === 'Leader' && voter.active ? highWatermark : -1)

const hasNews = (controller: Controller, request: MetadataFetchRequest): boolean =>
  request.fetchOffset < logEndOffset(controller) || request.highWatermark < knownHighWatermark(controller)

function serve(controller: Controller, request: MetadataFetchRequest, parting: ReturnType<typeof divergence>, on: Connection, ctx: ControllerContext): void {
  const response: MetadataFetchResponse = {
    type: 'MetadataFetchResponse', error: 'NONE', leaderId: controller.spec.id, leaderEpoch: controller.epoch, highWatermark: knownHighWatermark(controller),
    divergingEpoch: parting === undefined || 'snapshotId' in parting ? undefined : Object.freeze(parting),
    entries: Object.freeze(parting === undefined ? [...entriesFrom(controller, request.fetchOffset)] : []),
    ...(parting !== undefined && 'snapshotId' in parting ? parting : {}),
  }
  respond(on, response, ctx)
}

export function answerFetch(controller: Controller, id: number, ctx: ControllerContext): void {
  const parked = controller.parked.fetches.get(id)
  if (parked === undefined) return
  controller.parked.fetches.delete(id)
  ctx.cancelTimer({ type: 'parkedFetchDue', key: String(id) })
  serve(controller, parked.request, undefined, parked.on, ctx)
}

function completeFetches(controller: Controller, ctx: ControllerContext): void {
  for (const { id, request } of [...controller.parked.fetches.values()]) if (hasNews(controller, request)) answerFetch(controller, id, ctx)
}

/** The end that a majority of the voters has reached; undefined before it holds an entry of the leader's own epoch. */
export function committedEnd(ends: readonly number[], epochStart: number): number | undefined {
  const end = ends.slice().sort((a, b) => b - a)[Math.floor(ends.length / 2)]!
  return end > epochStart ? end : undefined
}

function advanceHighWatermark(controller: Controller, leading: Leading, ctx: ControllerContext): void {
  const ends = [logEndOffset(controller)]
  for (const { logEndOffset: end } of leading.voters.values()) ends.push(end)
  const to = committedEnd(ends, leading.epochStart)
  if (to === undefined || to <= controller.highWatermark) return
  commitUpTo(controller, to, ctx)
  if (!leading.active) {
    leading.active = true
    activate(controller, ctx)
  }
  const due = controller.deferred.filter(({ at: needed }) => needed <= to)
  controller.deferred = controller.deferred.filter(({ at: needed }) => needed > to)
  for (const { on, response } of due) respond(on, response, ctx)
  completeFetches(controller, ctx)
}
