/**
 * The consumer as a process: an application that polls, and the client under it (GRP-10 to GRP-20, CSM-1 to CSM-7).
 * Table of contents: the loop is in `application`, the group in `membership`, `heartbeat` and `commits`, where to read
 * in `positions`, reading in `fetcher`.
 */
import { deepFreeze } from '../../../base/clone.ts'
import { SECOND } from '../../../base/units.ts'
import type { Connection, ProcessType } from '../../../engine/process.ts'
import type { EffectResponse } from '../../../sink/effects.ts'
import type { Overrides } from '../../config.ts'
import { answered, type Channel, closeChannel, handleConnected, handleDisconnected, handleNetworkTimer, type InFlight, isAsking, newNetworkClient } from '../../network/client.ts'
import type { Fact } from '../../notes.ts'
import type { FetchResponse, ListOffsetsResponse, OffsetForLeaderEpochResponse } from '../../protocol/fetch.ts'
import type { ConsumerGroupHeartbeatResponse } from '../../protocol/consumer-group.ts'
import type {
  HeartbeatResponse, JoinGroupResponse, LeaveGroupResponse, OffsetCommitResponse, OffsetFetchResponse, SyncGroupResponse,
} from '../../protocol/group.ts'
import type { FindCoordinatorResponse, MetadataResponse } from '../../protocol/metadata.ts'
import { sooner } from '../alarm.ts'
import { handleConnectionLost, handleMetadataResponse, newMetadata } from '../metadata.ts'
import { maybeAskForMetadata, reconnectPossibleAt, refreshPossibleAt } from '../node-choice.ts'
import { withChanges } from '../settings.ts'
import { parsePartition } from '../../topic-partition.ts'
import { afterCommit, assignGiven, handleHandlerTimer, poll, POLL_TIMEOUT } from './application.ts'
import { commitAsyncSlot } from './commit-async-slot.ts'
import { commit, handleOffsetCommitResponse } from './commits.ts'
import { COORDINATOR, handleFindCoordinatorResponse, MAX_IN_FLIGHT } from './coordinator.ts'
import { effectsSlot } from './effects-slot.ts'
import { handleFetchResponse } from './fetcher.ts'
import { giveUp } from './handover.ts'
import { handleHeartbeatResponse, handleHeartbeatTimer, leave } from './heartbeat.ts'
import { loseCoordinator, requestFailed } from './lost.ts'
import { handleJoinGroupResponse, handleSyncGroupResponse } from './membership.ts'
import { newConsumerNotebook, type ConsumerNotebook } from './notebook.ts'
import { protocolSlot } from './protocol-slot.ts'
import { handleListOffsetsResponse, handleOffsetFetchResponse, handleOffsetForLeaderEpochResponse } from './positions.ts'
import { consumerSettings } from './settings.ts'
import type { ConsumerCall, ConsumerConfig, ConsumerContext, ConsumerOrder, ConsumerProtocol, ConsumerPurpose, ConsumerState, ConsumerTimer, Work } from './state.ts'
import { nextCall, slowDown } from './work.ts'
import { workerSlot } from './worker-slot.ts'

type ConsumerMessage =
  | MetadataResponse | FindCoordinatorResponse | JoinGroupResponse | SyncGroupResponse | HeartbeatResponse | LeaveGroupResponse
  | ConsumerGroupHeartbeatResponse | OffsetCommitResponse | OffsetFetchResponse | ListOffsetsResponse | OffsetForLeaderEpochResponse | FetchResponse | EffectResponse

type Lost = 'reset' | 'timeout' | 'refused'
type ConsumerDisk = Pick<ConsumerState, 'notebook' | 'configs' | 'handlerDelay'>

/** How long close() waits for its commit and its farewell to be answered. */
const CLOSE_TIMEOUT = 30 * SECOND
const METADATA: ConsumerPurpose = Object.freeze({ kind: 'metadata' })

const newConsumerProtocol = (): ConsumerProtocol => ({
  state: 'unsubscribed', inFlight: false, heartbeatInterval: 5 * SECOND, target: undefined, current: undefined,
  told: { topics: false, owned: undefined }, bringing: undefined,
})

export function newState(config: ConsumerConfig, configs: Overrides, notebook: ConsumerNotebook): ConsumerState {
  // An application that commits by itself turns the consumer's own commits off.
  const settings = consumerSettings((config.commits ?? 'auto') === 'auto' ? configs : { ...configs, 'enable.auto.commit': false })
  return {
    config, configs, settings, lifecycle: 'stopped', afterClose: 'stop', closing: 'handling', closeBy: 0, nextConfigs: undefined,
    metadata: newMetadata(config.bootstrap, topicsOf(config), settings.metadata), network: newNetworkClient(settings.network),
    membership: {
      coordinator: undefined, finding: false, findRetryAt: 0, findAttempts: 0, memberId: '', generation: -1, state: 'unjoined',
      rejoinNeeded: true, prepared: false,
      revokeCommit: 'none', prepareBy: 0, joinRetryAt: 0, joinAttempts: 0, leads: false, received: undefined, assignor: undefined, remembered: new Map(), followsRevocation: false, pausedSince: undefined, assignedFrom: undefined, countedVersion: -1, heartbeatAt: 0,
      heartbeatFailures: 0, heardAt: 0,
    },
    protocol: newConsumerProtocol(), fatal: false, positions: new Map(), comparedWith: -1, fetched: [], work: { kind: 'idle' }, calls: [], commitAt: Infinity, commitRetryAt: 0,
    commitsInFlight: 0, wakeAt: Infinity, notebook,
  }
}

const topicsOf = ({ assign, topics }: ConsumerConfig): readonly string[] =>
  (assign === undefined ? topics : [...new Set(assign.map((partition) => parsePartition(partition).topic))])

function start(state: ConsumerState, ctx: ConsumerContext): void {
  if (state.lifecycle !== 'stopped') return
  Object.assign(state, newState(state.config, state.configs, state.notebook))
  state.lifecycle = 'running'
  assignGiven(state)
  nextCall(state, ctx.now)
  // A program that assigns by hand may say where to read before its first poll().
  if (state.config.assign !== undefined) {
    state.commitAt = ctx.now + state.settings.autoCommitInterval
    return soon(state, ctx)
  }
  run(state, ctx)
}

/** Do what can be done, and set the alarm for what comes next. */
function run(state: ConsumerState, ctx: ConsumerContext): void {
  if (state.lifecycle !== 'running' && state.lifecycle !== 'closing') return
  maybeAskForMetadata(state.metadata, state.network, state.config.id, METADATA, MAX_IN_FLIGHT, ctx)
  if (state.lifecycle === 'closing') return continueClosing(state, ctx)
  poll(state, ctx)
  // What poll() throws ends an application's loop; on the way out it closes its consumer.
  if (state.fatal) return close(state, 'fail', ctx)
  // poll() may just have found out that metadata is needed.
  maybeAskForMetadata(state.metadata, state.network, state.config.id, METADATA, MAX_IN_FLIGHT, ctx)
  const at = wakeAt(state, ctx.now)
  // An alarm that rings too early is harmless: it looks again. So nothing is moved as long as it is early enough.
  if (at >= state.wakeAt) return
  state.wakeAt = at
  ctx.setTimer({ type: 'poll' }, at - ctx.now)
}

/** When the client has something to do that no message will wake it for. */
function wakeAt(state: ConsumerState, now: number): number {
  let at = Infinity
  at = sooner(at, refreshPossibleAt(state.metadata, state.network, now), now)
  if (state.work.kind === 'committing') return wakeAtCommit(state, state.work, at, now)
  if (state.work.kind !== 'polling') return at
  const { membership } = state
  at = sooner(at, state.work.since + POLL_TIMEOUT, now)
  at = sooner(at, reconnectPossibleAt(state.metadata, state.network, now), now)
  if (state.settings.autoCommit) at = sooner(at, state.commitAt, now)
  if (membership.rejoinNeeded) at = sooner(at, membership.joinRetryAt, now)
  if (membership.coordinator === undefined) at = sooner(at, membership.findRetryAt, now)
  if (membership.revokeCommit === 'retry') at = sooner(at, state.commitRetryAt, now)
  for (const { state: kind, retryAt } of state.positions.values()) if (kind !== 'fetching') at = sooner(at, retryAt, now)
  return at
}

function wakeAtCommit(state: ConsumerState, work: Extract<Work, { kind: 'committing' }>, soonest: number, now: number): number {
  let at = sooner(soonest, work.until, now)
  at = sooner(at, reconnectPossibleAt(state.metadata, state.network, now), now)
  if (state.membership.coordinator === undefined) at = sooner(at, state.membership.findRetryAt, now)
  return work.stage === 'toSend' ? sooner(at, work.retryAt, now) : at
}

/** close(), as a well-behaved application does it: the batch in hand first, for its records count as read (CSM-3, GRP-16). */
function close(state: ConsumerState, afterClose: ConsumerState['afterClose'], ctx: ConsumerContext): void {
  if (state.lifecycle === 'closing') return
  state.afterClose = afterClose
  if (state.lifecycle === 'stopped' || state.lifecycle === 'failed') return closed(state, ctx)
  state.lifecycle = 'closing'
  state.closing = 'handling'
  state.closeBy = Infinity
  continueClosing(state, ctx)
}

/**
 * Commit what has been returned, give it up, and say goodbye.
 * Simplified: a consumer that does not reach its coordinator at once closes without a commit and without a farewell.
 */
function continueClosing(state: ConsumerState, ctx: ConsumerContext): void {
  if (ctx.now >= state.closeBy) return closed(state, ctx)
  if (state.closing === 'handling') {
    if (state.work.kind === 'committing') afterCommit(state, ctx)
    if (state.work.kind === 'handling' || state.work.kind === 'committing') return
    state.closing = 'committing'
    state.closeBy = ctx.now + CLOSE_TIMEOUT
    ctx.setTimer({ type: 'poll' }, CLOSE_TIMEOUT)
    if (state.settings.autoCommit && state.config.group !== undefined && (state.membership.state === 'stable' || state.config.assign !== undefined)) commit(state, 'close', ctx)
  }
  if (state.closing === 'committing') {
    if (state.awaiting !== undefined && !commitAsyncSlot().sendAwaiting(state, ctx)) return
    if (state.commitsInFlight > 0) return
    state.closing = 'leaving'
    if (state.positions.size > 0 && state.config.group !== undefined && state.config.assign === undefined) giveUp(state, ctx)
    if (state.settings.groupProtocol === 'consumer') protocolSlot().sayFarewell(state, 'closed', ctx)
    else leave(state, 'closed', ctx)
  }
  if (!isAsking(state.network, 'leave')) closed(state, ctx)
}

function closed(state: ConsumerState, ctx: ConsumerContext): void {
  for (const channel of state.network.channels.values()) if (channel.state !== 'closed') closeChannel(state.network, channel, ctx)
  for (const type of ['poll', 'handler', 'heartbeat', 'network'] as const) ctx.cancelTimer({ type })
  if (state.effects !== undefined) effectsSlot().closeEffects(state, ctx)
  if (state.worker !== undefined) workerSlot().endWorker(state, ctx)
  const { afterClose } = state
  Object.assign(state, newState(state.config, state.nextConfigs ?? state.configs, state.notebook))
  if (afterClose === 'fail') state.lifecycle = 'failed'
  if (afterClose === 'exit') ctx.exit()
  else if (afterClose === 'restart') start(state, ctx)
}

/** Java's configs are read once: to change one, the program closes its consumer and makes another. */
function configure(state: ConsumerState, set: Overrides, unset: readonly string[], ctx: ConsumerContext): void {
  state.nextConfigs = withChanges(state.nextConfigs ?? state.configs, set, unset)
  if (state.lifecycle === 'closing') state.afterClose = state.afterClose === 'exit' ? 'exit' : 'restart'
  else close(state, state.lifecycle === 'stopped' ? 'stop' : 'restart', ctx)
}

/** The thread makes it as soon as the call before it has returned. */
function call(state: ConsumerState, made: ConsumerCall, ctx: ConsumerContext): void {
  if (state.lifecycle !== 'running') return
  state.calls.push(made)
  soon(state, ctx)
}

/** After everything else that its program is told at this moment. */
function soon(state: ConsumerState, ctx: ConsumerContext): void {
  state.wakeAt = ctx.now
  ctx.setTimer({ type: 'poll' }, 0)
}

/** A replica that was preferred does not answer. Follows AbstractFetch#handleFetchFailure. */
function returnToLeaders({ positions }: ConsumerState, node: string): void {
  for (const position of positions.values()) if (position.preferred?.node === node) position.preferred = undefined
}

function failAll(
  state: ConsumerState, channel: Channel<ConsumerPurpose>, failed: readonly InFlight<ConsumerPurpose>[], how: Lost, ctx: ConsumerContext,
): void {
  if (state.lifecycle !== 'running' && state.lifecycle !== 'closing') return
  // Who is refused goes on trying; once is enough for the story.
  if (how !== 'refused' || channel.failures === 1) ctx.note({ code: 'connection.lost', node: ctx.self, peer: channel.node, how })
  handleConnectionLost(state.metadata, failed.some(({ purpose }) => purpose.kind === 'metadata'), ctx)
  for (const request of failed) requestFailed(state, request, ctx)
  if (state.settings.rack !== undefined) returnToLeaders(state, channel.node)
  if (channel.label === COORDINATOR && channel.node === state.membership.coordinator) loseCoordinator(state, ctx)
  run(state, ctx)
}

type PurposeOf<Kind extends ConsumerPurpose['kind']> = Extract<ConsumerPurpose, { kind: Kind }>
type Answer<Response, Purpose> = (
  state: ConsumerState, response: Response, ctx: ConsumerContext, purpose: Purpose, channel: Channel<ConsumerPurpose>,
) => void

/** An answer goes to whoever asked; then the client looks at what it can do next. */
const answer = <Response, Kind extends ConsumerPurpose['kind']>(_: Kind, handle: Answer<Response, PurposeOf<Kind>>) =>
  (state: ConsumerState, response: Response, on: Connection, ctx: ConsumerContext): void => {
    const found = answered(state.network, on)
    if (found === undefined) return
    handle(state, response, ctx, found.answers.purpose as PurposeOf<Kind>, found.channel)
    run(state, ctx)
  }

/** On a connection of its handler. */
function heardOfSink(state: ConsumerState, on: Connection, what: EffectResponse | 'open' | 'reset' | 'refused', ctx: ConsumerContext): void {
  if (state.effects === undefined || !effectsSlot().heardOfSink(state, on, what, ctx)) return
  handleHandlerTimer(state, ctx)
  run(state, ctx)
}

export const consumerType: ProcessType<ConsumerConfig, ConsumerState, ConsumerMessage, ConsumerTimer, ConsumerOrder, Fact> = {
  kind: 'consumer',
  boot(given, disk, ctx) {
    const config = deepFreeze(given)
    if (disk === undefined) return newState(config, config.configs, newConsumerNotebook())
    const { notebook, configs, handlerDelay } = disk as ConsumerDisk
    const state = newState(config, configs, notebook)
    slowDown(state, handlerDelay)
    start(state, ctx)
    return state
  },
  disk: ({ notebook, configs, nextConfigs, handlerDelay }) => ({ notebook, configs: nextConfigs ?? configs, ...(handlerDelay === undefined ? {} : { handlerDelay }) }),
  messages: {
    MetadataResponse: answer('metadata', (state, response: MetadataResponse, ctx, _, { node }) => {
      handleMetadataResponse(state.metadata, response, node, ctx)
    }),
    FindCoordinatorResponse: answer('findCoordinator', handleFindCoordinatorResponse),
    JoinGroupResponse: answer('join', handleJoinGroupResponse),
    SyncGroupResponse: answer('sync', handleSyncGroupResponse),
    HeartbeatResponse: answer('heartbeat', handleHeartbeatResponse),
    LeaveGroupResponse: answer('leave', () => undefined),
    ConsumerGroupHeartbeatResponse: answer('groupHeartbeat', (...[state, response, ctx, purpose]) => protocolSlot().handleGroupHeartbeatResponse(state, response, ctx, purpose)),
    OffsetCommitResponse: answer('commit', handleOffsetCommitResponse),
    OffsetFetchResponse: answer('offsetFetch', handleOffsetFetchResponse),
    ListOffsetsResponse: answer('listOffsets', handleListOffsetsResponse),
    OffsetForLeaderEpochResponse: answer('validate', handleOffsetForLeaderEpochResponse),
    FetchResponse: answer('fetch', handleFetchResponse),
    EffectResponse: (state, response, on, ctx) => heardOfSink(state, on, response, ctx),
  },
  timers: {
    poll(state, _, ctx) {
      state.wakeAt = Infinity
      run(state, ctx)
    },
    handler(state, _, ctx) {
      handleHandlerTimer(state, ctx)
      run(state, ctx)
    },
    worker: (state, _, ctx) => workerSlot().handleWorkerTimer(state, ctx),
    heartbeat(state, _, ctx) {
      if (state.settings.groupProtocol === 'consumer') protocolSlot().handleGroupHeartbeatTimer(state, ctx)
      else handleHeartbeatTimer(state, ctx)
      run(state, ctx)
    },
    network(state, _, ctx) {
      for (const { channel, failed, how } of handleNetworkTimer(state.network, ctx)) failAll(state, channel, failed, how, ctx)
    },
  },
  signals: {
    Connected(state, { on }, ctx) {
      if (handleConnected(state.network, on) !== undefined) run(state, ctx)
      else heardOfSink(state, on, 'open', ctx)
    },
    Disconnected(state, { on, how }, ctx) {
      const lost = handleDisconnected(state.network, on, ctx)
      if (lost !== undefined) failAll(state, lost.channel, lost.failed, how, ctx)
      else heardOfSink(state, on, how, ctx)
    },
    Terminate: (state, _, ctx) => close(state, 'exit', ctx),
  },
  orders: {
    start: (state, _, ctx) => start(state, ctx),
    configure: (state, { set, unset }, ctx) => configure(state, set, unset, ctx),
    close: (state, _, ctx) => close(state, 'stop', ctx),
    slowHandler: (state, { add }) => slowDown(state, add),
    poll: call, seek: call, commit: call, pause: call, resume: call,
  },
}
