/**
 * An admin client, on a machine of its own. Each call is tried until `default.api.timeout.ms` is over.
 * Follows clients/.../admin/KafkaAdminClient.java.
 * Simplified: it asks the first of its brokers that answers; Kafka's asks one by chance.
 */
import { fromMs, MILLISECOND, toMs, type Micros } from '../../../base/units.ts'
import type { Connection, ProcessType } from '../../../engine/process.ts'
import {
  answered, backsOffUntil, channelTo, closeChannel, handleConnected, handleDisconnected, handleNetworkTimer, newNetworkClient, ready, sendRequest,
  type Channel,
} from '../../network/client.ts'
import type { Fact } from '../../notes.ts'
import { aboutOf, apiOf, type AdminRequest } from '../../protocol/admin.ts'
import { CLIENTS } from '../node-choice.ts'
import { addressOf, isWish, lookAgain, newErrand, nextOf, take, wishAbout, wishApi, type ErrandResponse, type Outcome, type Wish } from './errands.ts'
import type { AdminCall, AdminConfig, AdminContext, AdminState } from './state.ts'

/** `default.api.timeout.ms` and `request.timeout.ms` */
const API_TIMEOUT: Micros = fromMs(60000)
const REQUEST_TIMEOUT: Micros = fromMs(30000)

export interface AdminOrder { readonly type: 'call'; readonly request: AdminRequest | Wish; readonly name: string | undefined }
export interface AdminTimer { readonly type: 'alarm' | 'network' }

/** A call by Kafka's name, and what it is about. */
export const storyOf = (request: AdminRequest | Wish): { readonly api: string; readonly about: string } =>
  (isWish(request) ? { api: wishApi(request), about: wishAbout(request) } : { api: apiOf(request), about: aboutOf(request) })

function call(state: AdminState, { request, name }: AdminOrder, ctx: AdminContext): void {
  const number = state.next++
  state.calls.push(Object.freeze({ number, request, name, calledAt: ctx.now }))
  if (isWish(request)) state.errands.set(number, newErrand())
  ctx.note({ code: 'admin.asked', ...storyOf(request) })
  if (name !== undefined) state.results.set(name, Object.freeze({ calledAt: ctx.now, answeredAt: undefined, error: undefined, value: undefined }))
  run(state, ctx)
}

/** Give up what has taken too long, send what can be sent, and wake up for what comes next. */
function run(state: AdminState, ctx: AdminContext): void {
  for (const late of state.calls.filter(({ calledAt }) => calledAt + API_TIMEOUT <= ctx.now)) {
    const channel = channelOf(state, late)
    if (channel !== undefined) closeChannel(state.network, channel, ctx)
    settle(state, late, { error: 'TIMED_OUT', value: undefined }, ctx)
  }
  sendNext(state, ctx)
  const [oldest] = state.calls
  if (oldest === undefined) return ctx.cancelTimer({ type: 'alarm' })
  let at = oldest.calledAt + API_TIMEOUT
  for (const { retryAt } of state.errands.values()) if (retryAt > ctx.now) at = Math.min(at, retryAt)
  for (const channel of state.network.channels.values()) if (backsOffUntil(channel) > ctx.now) at = Math.min(at, channel.retryAt)
  ctx.setTimer({ type: 'alarm' }, at - ctx.now)
}

const channelOf = ({ network }: AdminState, { number }: AdminCall): Channel<number> | undefined =>
  [...network.channels.values()].find(({ inFlight }) => inFlight.some(({ purpose }) => purpose === number))

/** One request at a time on a connection, as NetworkClient is set up for an admin client. */
function sendNext(state: AdminState, ctx: AdminContext): void {
  for (const waiting of state.calls) {
    const { number, request } = waiting
    const errand = state.errands.get(number)
    if (channelOf(state, waiting) !== undefined || (errand !== undefined && errand.retryAt > ctx.now)) continue
    const next = isWish(request) ? nextOf(request, errand!, state.config.id, toMs(API_TIMEOUT)) : { to: addressOf(request), request }
    const channel = next.to === undefined ? firstThatMayAnswer(state, ctx) : channelTo(state.network, next.to, CLIENTS)
    if (channel === undefined || channel.inFlight.length > 0 || !ready(state.network, channel, ctx)) continue
    const unanswered = next.request.type === 'ProduceRequest' && next.request.acks === 0
    sendRequest(state.network, channel, Object.freeze(next.request), number, ctx, !unanswered)
    if (unanswered) settle(state, waiting, { error: 'NONE', value: undefined }, ctx)
  }
}

function firstThatMayAnswer({ config, network }: AdminState, ctx: AdminContext): Channel<number> | undefined {
  for (const node of config.bootstrap) {
    const channel = channelTo(network, node, CLIENTS)
    if (backsOffUntil(channel) <= ctx.now) return channel
  }
  return undefined
}

type Settled = Pick<Outcome, 'error' | 'message' | 'partitions'> & { readonly value?: number | undefined }
function settle(state: AdminState, settled: AdminCall, { error, value, message, partitions }: Settled, ctx: AdminContext): void {
  const { number, request, name, calledAt } = settled
  state.calls = state.calls.filter((one) => one.number !== number)
  state.errands.delete(number)
  if (name !== undefined) state.results.set(name, Object.freeze({ calledAt, answeredAt: ctx.now, error, value }))
  ctx.note({ code: 'admin.answered', ...storyOf(request), error, tookMs: Math.round(toMs(ctx.now - calledAt)), ...(message === undefined ? {} : { message }), ...(partitions === undefined ? {} : { partitions }) })
}

function handleAnswer(state: AdminState, response: ErrandResponse, on: Connection, ctx: AdminContext): void {
  const answer = answered(state.network, on)
  const asked = state.calls.find(({ number }) => number === answer?.answers.purpose)
  const errand = asked === undefined ? undefined : state.errands.get(asked.number)
  if (answer !== undefined && asked !== undefined && errand !== undefined && isWish(asked.request)) {
    const outcome = take(asked.request, errand, answer.answers.request as Parameters<typeof take>[2], response, ctx.now)
    if (outcome !== undefined) settle(state, asked, outcome, ctx)
  } else if (asked !== undefined && 'error' in response) settle(state, asked, response, ctx)
  run(state, ctx)
}

/** Whoever was to be asked there is looked for again. */
function handleLost(state: AdminState, node: string, ctx: AdminContext): void {
  for (const [number, errand] of state.errands) {
    const asked = state.calls.find((one) => one.number === number)
    // A raw request is sent once; what became of it is not known.
    if (asked?.request.type === 'RawProduce') {
      if (asked.request.to === node && channelOf(state, asked) === undefined) settle(state, asked, { error: 'NETWORK_EXCEPTION', value: undefined }, ctx)
    } else if (errand.coordinator === node || [...(errand.leaders?.values() ?? [])].includes(node)) lookAgain(errand, ctx.now)
  }
}

export const adminType: ProcessType<AdminConfig, AdminState, ErrandResponse, AdminTimer, AdminOrder, Fact> = {
  kind: 'admin',
  boot: (config) => ({
    config, calls: [], errands: new Map(), next: 1, results: new Map(),
    network: newNetworkClient({ requestTimeout: REQUEST_TIMEOUT, reconnectBackoffMs: 50, reconnectBackoffMaxMs: 1000, connectionSetupTimeout: 10_000 * MILLISECOND }),
  }),
  disk: ({ results }) => ({ results }),
  messages: {
    CreateTopicsResponse: handleAnswer, CreatePartitionsResponse: handleAnswer, DeleteTopicsResponse: handleAnswer,
    IncrementalAlterConfigsResponse: handleAnswer, ElectLeadersResponse: handleAnswer, AlterPartitionReassignmentsResponse: handleAnswer,
    ListPartitionReassignmentsResponse: handleAnswer,
    MetadataResponse: handleAnswer, FindCoordinatorResponse: handleAnswer, ListOffsetsResponse: handleAnswer,
    ProduceResponse: handleAnswer, OffsetCommitResponse: handleAnswer, DeleteRecordsResponse: handleAnswer, WriteTxnMarkersResponse: handleAnswer,
    DeleteGroupsResponse: handleAnswer, OffsetDeleteResponse: handleAnswer, AlterShareGroupOffsetsResponse: handleAnswer, DeleteShareGroupOffsetsResponse: handleAnswer,
  },
  timers: {
    alarm: (state, _, ctx) => run(state, ctx),
    network(state, _, ctx) {
      for (const { channel } of handleNetworkTimer(state.network, ctx)) handleLost(state, channel.node, ctx)
      run(state, ctx)
    },
  },
  signals: {
    Connected(state, { on }, ctx) {
      if (handleConnected(state.network, on) !== undefined) run(state, ctx)
    },
    Disconnected(state, { on }, ctx) {
      const lost = handleDisconnected(state.network, on, ctx)
      if (lost === undefined) return
      handleLost(state, lost.channel.node, ctx)
      run(state, ctx)
    },
    Terminate: (_state, _signal, ctx) => ctx.exit(),
  },
  orders: { call },
}
