/**
 * A share consumer as a process: an application that polls, handles record by record, and acknowledges (KIP-932). What it
 * acknowledges goes out with its next poll(). Follows clients/.../consumer/internals/ShareConsumerImpl.java.
 */
import { deepFreeze } from '../../../base/clone.ts'
import { fromMs, SECOND, type Micros } from '../../../base/units.ts'
import type { Connection, ProcessType } from '../../../engine/process.ts'
import type { EffectResponse } from '../../../sink/effects.ts'
import { stringOf, type Overrides } from '../../config.ts'
import { answered, type Channel, closeChannel, handleConnected, handleDisconnected, handleNetworkTimer, type InFlight, isAsking } from '../../network/client.ts'
import type { Fact } from '../../notes.ts'
import type { FindCoordinatorResponse, MetadataResponse } from '../../protocol/metadata.ts'
import type { AcknowledgeType, ShareAcknowledgeResponse, ShareFetchResponse, ShareGroupHeartbeatResponse } from '../../protocol/share.ts'
import { sooner } from '../alarm.ts'
import { newState as newConsumerState } from '../consumer/consumer.ts'
import { COORDINATOR, handleFindCoordinatorResponse, MAX_IN_FLIGHT } from '../consumer/coordinator.ts'
import { loseCoordinator, requestFailed } from '../consumer/lost.ts'
import { bookHandled, bookReturned, newConsumerNotebook, type ConsumerNotebook, type Read } from '../consumer/notebook.ts'
import { effectsSlot } from '../consumer/effects-slot.ts'
import { outcomesSlot } from '../consumer/outcomes-slot.ts'
import type { ConsumerContext, ConsumerPurpose } from '../consumer/state.ts'
import { handlerTime, nextCall, slowDown } from '../consumer/work.ts'
import { handleConnectionLost, handleMetadataResponse } from '../metadata.ts'
import { maybeAskForMetadata, reconnectPossibleAt, refreshPossibleAt } from '../node-choice.ts'
import { withChanges } from '../settings.ts'
import { handleShareHeartbeatResponse, handleShareHeartbeatTimer, joinIfNeeded, sayFarewell } from './heartbeat.ts'
import { decide, handleShareAcknowledgeResponse, handleShareFetchResponse, sendAcknowledgements, sendShareFetches, shareRequestsFailed } from './requests.ts'
import type { AcknowledgeCall, ShareConsumerConfig, ShareConsumerOrder, ShareConsumerState } from './state.ts'

type ShareConsumerMessage = MetadataResponse | FindCoordinatorResponse | ShareGroupHeartbeatResponse | ShareFetchResponse | ShareAcknowledgeResponse | EffectResponse
type ShareConsumerTimer = { readonly type: 'poll' | 'handler' | 'heartbeat' | 'network' }

const POLL_TIMEOUT: Micros = fromMs(100)
const CLOSE_TIMEOUT: Micros = 30 * SECOND
const METADATA: ConsumerPurpose = Object.freeze({ kind: 'metadata' })

const newState = (config: ShareConsumerConfig, configs: Overrides, notebook: ConsumerNotebook): ShareConsumerState =>
  ({ ...newConsumerState(config, configs, notebook), config, leases: new Map(), inbox: [], outbox: new Map(), sessions: new Map() })

const isExplicit = ({ configs }: ShareConsumerState): boolean => stringOf('consumer', configs, 'share.acknowledgement.mode') === 'explicit'

function start(state: ShareConsumerState, ctx: ConsumerContext): void {
  if (state.lifecycle !== 'stopped') return
  Object.assign(state, newState(state.config, state.configs, state.notebook))
  state.lifecycle = 'running'
  nextCall(state, ctx.now)
  run(state, ctx)
}

function run(state: ShareConsumerState, ctx: ConsumerContext): void {
  if (state.lifecycle !== 'running' && state.lifecycle !== 'closing') return
  maybeAskForMetadata(state.metadata, state.network, state.config.id, METADATA, MAX_IN_FLIGHT, ctx)
  if (state.lifecycle === 'closing') return continueClosing(state, ctx)
  poll(state, ctx)
  if (state.lifecycle !== 'running') return
  if (state.fatal) return close(state, 'fail', ctx)
  maybeAskForMetadata(state.metadata, state.network, state.config.id, METADATA, MAX_IN_FLIGHT, ctx)
  let at = refreshPossibleAt(state.metadata, state.network, ctx.now)
  if (state.work.kind === 'polling') {
    if (state.config.polls === 'manual') at = sooner(at, state.work.since + POLL_TIMEOUT, ctx.now)
    at = sooner(at, reconnectPossibleAt(state.metadata, state.network, ctx.now), ctx.now)
    if (state.membership.coordinator === undefined) at = sooner(at, state.membership.findRetryAt, ctx.now)
  }
  if (at >= state.wakeAt) return
  state.wakeAt = at
  ctx.setTimer({ type: 'poll' }, at - ctx.now)
}

function poll(state: ShareConsumerState, ctx: ConsumerContext): void {
  while (!state.fatal) {
    if (state.work.kind === 'between' && state.calls.length > 0) {
      state.calls.shift()
      if (!mayPoll(state, ctx)) continue
      state.work = { kind: 'polling', since: ctx.now }
    }
    if (state.work.kind !== 'polling') return
    const { since } = state.work
    joinIfNeeded(state, ctx)
    const records = state.inbox.shift()
    if (records !== undefined) {
      sendAcknowledgements(state, ctx)
      returned(state, records, ctx)
      continue
    }
    sendShareFetches(state, ctx)
    if (state.config.polls !== 'manual' || ctx.now - since < POLL_TIMEOUT) return
    state.notebook.polls++
    state.notebook.emptyPolls++
    nextCall(state, ctx.now)
  }
}

/** By hand: in implicit mode poll() accepts what the last one returned, in explicit mode it throws while something is undecided. */
function mayPoll(state: ShareConsumerState, ctx: ConsumerContext): boolean {
  const undecided = returnedLeases(state)
  if (undecided.length === 0) return true
  if (isExplicit(state)) {
    ctx.note({ code: 'client.misused', client: state.config.id, how: 'poll', state: 'unacknowledged' })
    return false
  }
  for (const read of undecided) finish(state, read, 'accept', ctx)
  return true
}

/** Returned by poll() and not acknowledged. */
function returnedLeases({ leases, inbox }: ShareConsumerState): readonly Read[] {
  const ahead = new Set(inbox.flat())
  return [...leases.values()].flatMap((of) => [...of.values()].map(({ read }) => read)).filter((read) => !ahead.has(read))
}

function returned(state: ShareConsumerState, records: readonly Read[], ctx: ConsumerContext): void {
  const { notebook, config } = state
  notebook.polls++
  bookReturned(notebook, records)
  const { partition, offset } = records[0]!
  ctx.note({ code: 'records.read', consumer: config.id, partition, base: offset, last: records[records.length - 1]!.offset })
  if (config.polls === 'manual') return nextCall(state, ctx.now)
  const time = handlerTime(state)
  if (time > 0 || config.effects !== undefined) {
    state.work = { kind: 'handling', since: ctx.now, records, done: 0 }
    return ctx.setTimer({ type: 'handler' }, time)
  }
  for (const read of records) {
    const type = answerOf(state, read, ctx)
    if (type === undefined) return
    finish(state, read, type, ctx)
  }
  nextCall(state, ctx.now)
}

/** undefined = the program has ended. */
function answerOf(state: ShareConsumerState, { partition, offset, poison }: Read, ctx: ConsumerContext): AcknowledgeType | undefined {
  const said = isExplicit(state) ? state.config.answers?.find((one) => one.partition === partition && one.offset === offset)?.as : undefined
  if (said !== undefined || poison !== true) return said ?? 'accept'
  const { onPoison = 'fail', id } = state.config
  const answers = { retry: ['released', 'release'], dead: ['rejected', 'reject'], skip: ['skipped', 'accept'], fail: ['ends', undefined] } as const
  const [how, type] = answers[onPoison]
  ctx.note({ code: 'handler.failed', consumer: id, partition, offset, how })
  if (type === undefined) outcomesSlot().endProgram(state, ctx)
  return type
}

/** The application has decided. What it has acknowledged by hand already stays as it said. */
function finish(state: ShareConsumerState, read: Read, type: AcknowledgeType, ctx: ConsumerContext): void {
  const held = state.leases.get(read.partition)?.get(read.offset)
  if (held?.read !== read) return
  if (type === 'accept' && read.poison !== true) bookHandled(state.notebook, read, ctx.now)
  decide(state, held.node, read.partition, read.offset, type)
}

function handleHandlerTimer(state: ShareConsumerState, ctx: ConsumerContext): void {
  const { work, config } = state
  if (work.kind !== 'handling') return
  const read = work.records[work.done]!
  const type = answerOf(state, read, ctx)
  if (config.effects !== undefined && type === 'accept' && read.poison !== true && !effectsSlot().hasTakenEffect(state, read, ctx)) return
  work.done++
  if (type === undefined) return
  finish(state, read, type, ctx)
  if (work.done < work.records.length) return ctx.setTimer({ type: 'handler' }, handlerTime(state))
  nextCall(state, ctx.now)
}

/** acknowledge() and commitAsync(). */
function acknowledgeByHand(state: ShareConsumerState, { partition, offset, as }: AcknowledgeCall, ctx: ConsumerContext): void {
  const held = state.leases.get(partition)?.get(offset)
  if (state.lifecycle !== 'running' || held === undefined) return
  if (as === 'renew') decide(state, held.node, partition, offset, 'renew')
  else finish(state, held.read, as, ctx)
  sendAcknowledgements(state, ctx)
  run(state, ctx)
}

function close(state: ShareConsumerState, afterClose: ShareConsumerState['afterClose'], ctx: ConsumerContext): void {
  if (state.lifecycle === 'closing') return
  state.afterClose = afterClose
  if (state.lifecycle === 'stopped' || state.lifecycle === 'failed') return closed(state, ctx)
  state.lifecycle = 'closing'
  state.closing = 'handling'
  state.closeBy = Infinity
  continueClosing(state, ctx)
}

/** The batch in hand first; then it acknowledges, ends its sessions, which frees all else it holds, and says goodbye. */
function continueClosing(state: ShareConsumerState, ctx: ConsumerContext): void {
  if (ctx.now >= state.closeBy) return closed(state, ctx)
  if (state.closing === 'handling') {
    if (state.work.kind === 'handling') return
    state.closing = 'committing'
    state.closeBy = ctx.now + CLOSE_TIMEOUT
    ctx.setTimer({ type: 'poll' }, CLOSE_TIMEOUT)
    if (!isExplicit(state)) for (const read of returnedLeases(state)) finish(state, read, 'accept', ctx)
    sendAcknowledgements(state, ctx, true)
  }
  if (state.closing === 'committing') {
    if (isAsking(state.network, 'shareAcknowledge')) return
    state.closing = 'leaving'
    sayFarewell(state, ctx)
  }
  if (!isAsking(state.network, 'leave')) closed(state, ctx)
}

function closed(state: ShareConsumerState, ctx: ConsumerContext): void {
  for (const channel of state.network.channels.values()) if (channel.state !== 'closed') closeChannel(state.network, channel, ctx)
  for (const type of ['poll', 'handler', 'heartbeat', 'network'] as const) ctx.cancelTimer({ type })
  if (state.effects !== undefined) effectsSlot().closeEffects(state, ctx)
  const { afterClose } = state
  Object.assign(state, newState(state.config, state.nextConfigs ?? state.configs, state.notebook))
  if (afterClose === 'fail') state.lifecycle = 'failed'
  if (afterClose === 'exit') ctx.exit()
  else if (afterClose === 'restart') start(state, ctx)
}

function configure(state: ShareConsumerState, set: Overrides, unset: readonly string[], ctx: ConsumerContext): void {
  state.nextConfigs = withChanges(state.nextConfigs ?? state.configs, set, unset)
  if (state.lifecycle === 'closing') state.afterClose = state.afterClose === 'exit' ? 'exit' : 'restart'
  else close(state, state.lifecycle === 'stopped' ? 'stop' : 'restart', ctx)
}

function failAll(state: ShareConsumerState, channel: Channel<ConsumerPurpose>, failed: readonly InFlight<ConsumerPurpose>[], how: 'reset' | 'timeout' | 'refused', ctx: ConsumerContext): void {
  if (state.lifecycle !== 'running' && state.lifecycle !== 'closing') return
  if (how !== 'refused' || channel.failures === 1) ctx.note({ code: 'connection.lost', node: ctx.self, peer: channel.node, how })
  handleConnectionLost(state.metadata, failed.some(({ purpose }) => purpose.kind === 'metadata'), ctx)
  for (const request of failed) requestFailed(state, request, ctx)
  if (channel.label !== COORDINATOR) shareRequestsFailed(state, channel.node, failed.map(({ purpose }) => purpose))
  else if (channel.node === state.membership.coordinator) loseCoordinator(state, ctx)
  run(state, ctx)
}

const answer = <Response>(handle: (state: ShareConsumerState, response: Response, ctx: ConsumerContext, purpose: never, channel: Channel<ConsumerPurpose>) => void) =>
  (state: ShareConsumerState, response: Response, on: Connection, ctx: ConsumerContext): void => {
    const found = answered(state.network, on)
    if (found === undefined) return
    handle(state, response, ctx, found.answers.purpose as never, found.channel)
    run(state, ctx)
  }

/** On a connection of its handler. */
function heardOfSink(state: ShareConsumerState, on: Connection, what: EffectResponse | 'open' | 'reset' | 'refused', ctx: ConsumerContext): void {
  if (state.effects === undefined || !effectsSlot().heardOfSink(state, on, what, ctx)) return
  handleHandlerTimer(state, ctx)
  run(state, ctx)
}

export const shareConsumerType: ProcessType<ShareConsumerConfig, ShareConsumerState, ShareConsumerMessage, ShareConsumerTimer, ShareConsumerOrder, Fact> = {
  kind: 'shareConsumer',
  boot(given, disk, ctx) {
    const config = deepFreeze(given)
    if (disk === undefined) return newState(config, config.configs, newConsumerNotebook())
    const { notebook, configs, handlerDelay } = disk as Pick<ShareConsumerState, 'notebook' | 'configs' | 'handlerDelay'>
    const state = newState(config, configs, notebook)
    slowDown(state, handlerDelay)
    start(state, ctx)
    return state
  },
  disk: ({ notebook, configs, nextConfigs, handlerDelay }) => ({ notebook, configs: nextConfigs ?? configs, ...(handlerDelay === undefined ? {} : { handlerDelay }) }),
  messages: {
    MetadataResponse: answer((state, response: MetadataResponse, ctx, _, { node }) => handleMetadataResponse(state.metadata, response, node, ctx)),
    FindCoordinatorResponse: answer(handleFindCoordinatorResponse),
    ShareGroupHeartbeatResponse: answer(handleShareHeartbeatResponse),
    ShareFetchResponse: answer(handleShareFetchResponse),
    ShareAcknowledgeResponse: answer(handleShareAcknowledgeResponse),
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
    heartbeat(state, _, ctx) {
      handleShareHeartbeatTimer(state, ctx)
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
    poll(state, call, ctx) {
      if (state.lifecycle !== 'running') return
      state.calls.push(call)
      run(state, ctx)
    },
    acknowledge: acknowledgeByHand,
  },
}
