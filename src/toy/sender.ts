/** Sends a message whenever one falls due; where the broker blocks, the next one not before the last has been taken. */
import type { ProcessType } from '../engine/process.ts'
import type { ToyFact } from './notes.ts'
import { CHANNEL, RETRY, type PublishRequest, type PublishResponse, type StartOrder, type ToyContext, type ToySender, type ToySenderConfig } from './state.ts'

type SenderTimer = { readonly type: 'rate' } | { readonly type: 'retry' }

function start(state: ToySender, ctx: ToyContext): void {
  if (state.lifecycle === 'running') return
  state.lifecycle = 'running'
  state.startedAt = ctx.now
  state.ticks = 0
  state.on = ctx.connect(state.config.toy, CHANNEL)
  ctx.setTimer({ type: 'rate' }, 0)
}

/** Evenly, as a producer's: the n-th falls due at start + n x per / count. */
function tick(state: ToySender, ctx: ToyContext): void {
  const { rate } = state.config
  state.due++
  state.ticks++
  ctx.setTimer({ type: 'rate' }, state.startedAt + Math.floor((state.ticks * rate.per) / rate.count) - ctx.now)
  send(state, ctx)
}

const nameOf = ({ config }: ToySender, number: number): string => `${config.id}#${number}`

function send(state: ToySender, ctx: ToyContext): void {
  const { config } = state
  while (state.sent < state.due && state.on !== undefined && state.isOpen && state.underWay === undefined) {
    const number = state.sent + 1
    const request: PublishRequest = { type: 'PublishRequest', message: nameOf(state, number), sender: config.id }
    ctx.send(state.on, request)
    if (config.whenFull !== 'block') state.sent = number
    else state.underWay = number
  }
  const isHolding = state.underWay !== undefined && state.due > state.underWay
  if (isHolding && !state.isHolding) ctx.note({ code: 'toy.heldBack', toy: config.toy, sender: config.id, message: nameOf(state, state.underWay! + 1) })
  state.isHolding = isHolding
}

function lost(state: ToySender, ctx: ToyContext): void {
  state.on = undefined
  state.isOpen = false
  state.underWay = undefined
  if (state.lifecycle === 'running') ctx.setTimer({ type: 'retry' }, RETRY)
}

export const toySenderType: ProcessType<ToySenderConfig, ToySender, PublishResponse, SenderTimer, StartOrder, ToyFact> = {
  kind: 'toySender',
  boot(config, disk, ctx) {
    const { due = 0, sent = 0 } = disk ?? {}
    const state: ToySender = { config, lifecycle: 'stopped', on: undefined, isOpen: false, startedAt: 0, ticks: 0, due, sent, underWay: undefined, isHolding: false }
    if (disk !== undefined) start(state, ctx)
    return state
  },
  // Its program goes on numbering where it was; what waited in its memory is gone.
  disk: ({ due, underWay }) => ({ due: underWay ?? due, sent: underWay ?? due }),
  messages: {
    PublishResponse(state, _, on, ctx) {
      if (on !== state.on || state.underWay === undefined) return
      state.sent = state.underWay
      state.underWay = undefined
      send(state, ctx)
    },
  },
  timers: {
    rate: (state, _, ctx) => tick(state, ctx),
    retry: (state, _, ctx) => void (state.on = ctx.connect(state.config.toy, CHANNEL)),
  },
  signals: {
    Connected(state, { on }, ctx) {
      if (on !== state.on) return
      state.isOpen = true
      send(state, ctx)
    },
    Disconnected(state, { on }, ctx) {
      if (on === state.on) lost(state, ctx)
    },
    Terminate: (_state, _signal, ctx) => ctx.exit(),
  },
  orders: { start: (state, _, ctx) => start(state, ctx) },
}
