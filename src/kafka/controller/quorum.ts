/**
 * The metadata log among the voters: written by the leader, fetched by the others, committed when a majority has it.
 * Follows raft/.../KafkaRaftClient.java and LeaderState.java. KRF-5, KRF-6, KRF-10.
 * Simplified: the first voter leads for ever in epoch 1; nobody votes, nothing is truncated, there are no NoOp records.
 */
import { append, at, between } from '../../base/chunks.ts'
import { fromMs, type Micros } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import { replay } from '../metadata/image.ts'
import type { MetadataEntry } from '../metadata/records.ts'
import { channelTo, ready, sendRequest } from '../network/client.ts'
import { respond } from '../network/server.ts'
import type { MetadataFetchRequest, MetadataFetchResponse } from '../protocol/controller.ts'
import { nodeName } from '../broker/state.ts'
import { logEndOffset, type Controller, type ControllerContext } from './state.ts'

const RETRY: Micros = fromMs(20)
const MAX_WAIT_MS = 500
const REMEMBERED_MOMENTS = 128

/** The linger is over: what has been decided meanwhile is written as one. */
export function flush(controller: Controller, ctx: ControllerContext): void {
  for (const entry of controller.accumulated) store(controller, entry, ctx)
  controller.accumulated = []
  advanceHighWatermark(controller, ctx)
  completeFetches(controller, ctx)
}

function store(controller: Controller, entry: MetadataEntry, ctx: ControllerContext): void {
  append(controller.log, entry)
  controller.moments.push({ offset: entry.offset, appendedAt: ctx.now, committedAt: undefined })
  if (controller.moments.length > REMEMBERED_MOMENTS) controller.moments.shift()
}

export function handleMetadataFetch(controller: Controller, request: MetadataFetchRequest, on: Connection, ctx: ControllerContext): void {
  if (!controller.leads) {
    return respond(on, { type: 'MetadataFetchResponse', error: 'NOT_LEADER_OR_FOLLOWER', leaderEpoch: controller.epoch, highWatermark: -1, entries: Object.freeze([]) } as { type: string }, ctx)
  }
  if (controller.voters.has(request.replicaId)) {
    controller.voters.set(request.replicaId, request.fetchOffset)
    advanceHighWatermark(controller, ctx)
  }
  if (hasNews(controller, request)) return serve(controller, request, on, ctx)
  const id = controller.parked.next++
  controller.parked.fetches.set(id, Object.freeze({ id, on, request }))
  ctx.setTimer({ type: 'parkedFetchDue', key: String(id) }, fromMs(request.maxWaitMs))
}

const hasNews = (controller: Controller, request: MetadataFetchRequest): boolean =>
  request.fetchOffset < logEndOffset(controller) || request.highWatermark < controller.highWatermark

function serve(controller: Controller, request: MetadataFetchRequest, on: Connection, ctx: ControllerContext): void {
  const response: MetadataFetchResponse = {
    type: 'MetadataFetchResponse', error: 'NONE', leaderEpoch: controller.epoch, highWatermark: controller.highWatermark,
    entries: Object.freeze([...between(controller.log, request.fetchOffset)]),
  }
  respond(on, response, ctx)
}

export function answerFetch(controller: Controller, id: number, ctx: ControllerContext): void {
  const parked = controller.parked.fetches.get(id)
  if (parked === undefined) return
  controller.parked.fetches.delete(id)
  ctx.cancelTimer({ type: 'parkedFetchDue', key: String(id) })
  serve(controller, parked.request, parked.on, ctx)
}

function completeFetches(controller: Controller, ctx: ControllerContext): void {
  for (const { id, request } of [...controller.parked.fetches.values()]) if (hasNews(controller, request)) answerFetch(controller, id, ctx)
}

/** The end that a majority of the voters has reached; undefined before it holds an entry of the leader's own epoch. */
export function committedEnd(ends: readonly number[], epochStart: number): number | undefined {
  const end = ends.slice().sort((a, b) => b - a)[Math.floor(ends.length / 2)]!
  return end > epochStart ? end : undefined
}
/** Offset of the LeaderChangeMessage. */
const EPOCH_START = 0

function advanceHighWatermark(controller: Controller, ctx: ControllerContext): void {
  const to = committedEnd([logEndOffset(controller), ...controller.voters.values()], EPOCH_START)
  if (to === undefined || to <= controller.highWatermark) return
  commitUpTo(controller, to, ctx)
  const due = controller.deferred.filter(({ at: needed }) => needed <= to)
  controller.deferred = controller.deferred.filter(({ at: needed }) => needed > to)
  for (const { on, response } of due) respond(on, response, ctx)
  completeFetches(controller, ctx)
}

function commitUpTo(controller: Controller, to: number, ctx: ControllerContext): void {
  for (let offset = controller.committed.endOffset; offset < to; offset++) replay(controller.committed, at(controller.log, offset)!)
  controller.highWatermark = to
  for (const moment of controller.moments) if (moment.offset < to) moment.committedAt ??= ctx.now
}

/** A voter that does not lead keeps its copy up to date. */
export function fetchFromLeader(controller: Controller, ctx: ControllerContext): void {
  const channel = channelTo(controller.network, nodeName(controller.spec.voters[0]!), 'controller:quorum')
  if (!ready(controller.network, channel, ctx)) {
    if (channel.state === 'closed') ctx.setTimer({ type: 'quorumRetry' }, Math.max(RETRY, channel.retryAt - ctx.now))
    return
  }
  if (channel.inFlight.length > 0) return
  const request: MetadataFetchRequest = {
    type: 'MetadataFetchRequest', replicaId: controller.spec.id, fetchOffset: logEndOffset(controller), highWatermark: controller.highWatermark, maxWaitMs: MAX_WAIT_MS,
  }
  sendRequest(controller.network, channel, request, 'quorum', ctx)
}

export function handleFetched(controller: Controller, response: MetadataFetchResponse, ctx: ControllerContext): void {
  if (response.error !== 'NONE') return ctx.setTimer({ type: 'quorumRetry' }, RETRY)
  for (const entry of response.entries) if (entry.offset === logEndOffset(controller)) store(controller, entry, ctx)
  const known = Math.min(response.highWatermark, logEndOffset(controller))
  if (known > controller.highWatermark) commitUpTo(controller, known, ctx)
  fetchFromLeader(controller, ctx)
}

/** For the eye: when the entry at `offset` was written and committed. */
export const momentOf = (controller: Controller, offset: number): Controller['moments'][number] | undefined => controller.moments.find((moment) => moment.offset === offset)
