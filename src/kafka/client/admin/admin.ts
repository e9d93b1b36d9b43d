/**
 * An admin client, on a machine of its own. Each call is tried until `default.api.timeout.ms` is over.
 * Follows clients/.../admin/KafkaAdminClient.java.
 * Simplified: it asks the first of its brokers that answers; Kafka's asks one by chance.
 */
import { fromMs, MILLISECOND, toMs, type Micros } from '../../../base/units.ts'
import type { Connection, ProcessType } from '../../../engine/process.ts'
import type { KafkaError } from '../../errors.ts'
import {
  answered, backsOffUntil, channelTo, closeChannel, handleConnected, handleDisconnected, handleNetworkTimer, newNetworkClient, ready, sendRequest,
  type Channel,
} from '../../network/client.ts'
import type { Fact } from '../../notes.ts'
import { aboutOf, apiOf, type AdminRequest, type AdminResponse } from '../../protocol/admin.ts'
import { CLIENTS } from '../node-choice.ts'
import type { AdminCall, AdminConfig, AdminContext, AdminState } from './state.ts'

/** `default.api.timeout.ms` and `request.timeout.ms` */
const API_TIMEOUT: Micros = fromMs(60000)
const REQUEST_TIMEOUT: Micros = fromMs(30000)

export interface AdminOrder { readonly type: 'call'; readonly request: AdminRequest; readonly name: string | undefined }
export interface AdminTimer { readonly type: 'alarm' | 'network' }

function call(state: AdminState, { request, name }: AdminOrder, ctx: AdminContext): void {
  state.calls.push(Object.freeze({ number: state.next++, request, name, calledAt: ctx.now }))
  ctx.note({ code: 'admin.asked', api: apiOf(request), about: aboutOf(request) })
  if (name !== undefined) state.results.set(name, Object.freeze({ calledAt: ctx.now, answeredAt: undefined, error: undefined, value: undefined }))
  run(state, ctx)
}

/** Give up what has taken too long, send what can be sent, and wake up for what comes next. */
function run(state: AdminState, ctx: AdminContext): void {
  for (const late of state.calls.filter(({ calledAt }) => calledAt + API_TIMEOUT <= ctx.now)) {
    const channel = channelOf(state, late)
    if (channel !== undefined) closeChannel(state.network, channel, ctx)
    settle(state, late, 'TIMED_OUT', ctx)
  }
  sendNext(state, ctx)
  const [oldest] = state.calls
  if (oldest === undefined) return ctx.cancelTimer({ type: 'alarm' })
  let at = oldest.calledAt + API_TIMEOUT
  for (const channel of state.network.channels.values()) if (backsOffUntil(channel) > ctx.now) at = Math.min(at, channel.retryAt)
  ctx.setTimer({ type: 'alarm' }, at - ctx.now)
}

const channelOf = ({ network }: AdminState, { number }: AdminCall): Channel<number> | undefined =>
  [...network.channels.values()].find(({ inFlight }) => inFlight.some(({ purpose }) => purpose === number))

/** One request at a time on a connection, as NetworkClient is set up for an admin client. */
function sendNext(state: AdminState, ctx: AdminContext): void {
  const waiting = state.calls.find((one) => channelOf(state, one) === undefined)
  const channel = firstThatMayAnswer(state, ctx)
  if (waiting === undefined || channel === undefined || channel.inFlight.length > 0 || !ready(state.network, channel, ctx)) return
  sendRequest(state.network, channel, waiting.request, waiting.number, ctx)
}

function firstThatMayAnswer({ config, network }: AdminState, ctx: AdminContext): Channel<number> | undefined {
  for (const node of config.bootstrap) {
    const channel = channelTo(network, node, CLIENTS)
    if (backsOffUntil(channel) <= ctx.now) return channel
  }
  return undefined
}

function settle(state: AdminState, settled: AdminCall, error: KafkaError, ctx: AdminContext): void {
  const { number, request, name, calledAt } = settled
  state.calls = state.calls.filter((one) => one.number !== number)
  if (name !== undefined) state.results.set(name, Object.freeze({ calledAt, answeredAt: ctx.now, error, value: undefined }))
  ctx.note({ code: 'admin.answered', api: apiOf(request), about: aboutOf(request), error, tookMs: Math.round(toMs(ctx.now - calledAt)) })
}

function handleAnswer(state: AdminState, { error }: AdminResponse, on: Connection, ctx: AdminContext): void {
  const answer = answered(state.network, on)
  const asked = state.calls.find(({ number }) => number === answer?.answers.purpose)
  if (asked !== undefined) settle(state, asked, error, ctx)
  run(state, ctx)
}

export const adminType: ProcessType<AdminConfig, AdminState, AdminResponse, AdminTimer, AdminOrder, Fact> = {
  kind: 'admin',
  boot: (config) => ({
    config, calls: [], next: 1, results: new Map(),
    network: newNetworkClient({ requestTimeout: REQUEST_TIMEOUT, reconnectBackoffMs: 50, reconnectBackoffMaxMs: 1000, connectionSetupTimeout: 10_000 * MILLISECOND }),
  }),
  disk: ({ results }) => ({ results }),
  messages: {
    CreateTopicsResponse: handleAnswer, CreatePartitionsResponse: handleAnswer, DeleteTopicsResponse: handleAnswer,
    IncrementalAlterConfigsResponse: handleAnswer, ElectLeadersResponse: handleAnswer, AlterPartitionReassignmentsResponse: handleAnswer,
  },
  timers: {
    alarm: (state, _, ctx) => run(state, ctx),
    network(state, _, ctx) {
      handleNetworkTimer(state.network, ctx)
      run(state, ctx)
    },
  },
  signals: {
    Connected(state, { on }, ctx) {
      if (handleConnected(state.network, on) !== undefined) run(state, ctx)
    },
    Disconnected(state, { on }, ctx) {
      if (handleDisconnected(state.network, on, ctx) !== undefined) run(state, ctx)
    },
    Terminate: (_state, _signal, ctx) => ctx.exit(),
  },
  orders: { call },
}
