/** A subscriber of the toy: what is pushed goes into its inbox while there is room, and its handler takes one after the other. */
import type { ProcessType } from '../engine/process.ts'
import type { ToyFact } from './notes.ts'
import { CHANNEL, RETRY, type PushRequest, type ReaderBook, type RoomRequest, type StartOrder, type SubscribeRequest, type ToyContext, type ToyReader, type ToyReaderConfig } from './state.ts'

type ReaderTimer = { readonly type: 'handler' } | { readonly type: 'retry' }

/** So many of the newest are shown. */
const SHOWN = 16
const newest = (list: readonly string[], message: string): readonly string[] => Object.freeze([...list.slice(1 - SHOWN), message])

function start(state: ToyReader, ctx: ToyContext): void {
  if (state.lifecycle === 'running') return
  state.lifecycle = 'running'
  state.on = ctx.connect(state.config.toy, CHANNEL)
}

function handlePush(state: ToyReader, { message }: PushRequest, _: string, ctx: ToyContext): void {
  const { config: { id, toy, inbox }, book } = state
  book.received++
  if (state.atWork === undefined) {
    takeUp(state, message, ctx)
    tellRoom(state, ctx)
  } else if (state.inbox.length < inbox) {
    state.inbox.push(message)
    ctx.note({ code: 'toy.queued', toy, reader: id, message, waiting: state.inbox.length, inbox })
  } else {
    book.dropped++
    book.gone = newest(book.gone, message)
    ctx.note({ code: 'toy.dropped', toy, reader: id, message, inbox, dropped: book.dropped })
  }
}

function takeUp(state: ToyReader, message: string, ctx: ToyContext): void {
  state.atWork = Object.freeze({ message, since: ctx.now })
  ctx.setTimer({ type: 'handler' }, state.config.processMs * 1_000)
}

function finish(state: ToyReader, ctx: ToyContext): void {
  const { config: { id, toy, processMs }, book, atWork } = state
  if (atWork === undefined) return
  state.atWork = undefined
  book.processed++
  book.last = newest(book.last, atWork.message)
  const next = state.inbox.shift()
  ctx.note({ code: 'toy.processed', toy, reader: id, message: atWork.message, processMs, waiting: state.inbox.length })
  if (next === undefined) return
  takeUp(state, next, ctx)
  tellRoom(state, ctx)
}

/** Who drops does not want to know. */
function tellRoom({ config, on, isOpen }: ToyReader, ctx: ToyContext): void {
  const free: RoomRequest = { type: 'RoomRequest', reader: config.id }
  if (config.whenFull !== 'drop' && on !== undefined && isOpen) ctx.send(on, free)
}

const held = ({ inbox, atWork }: ToyReader): number => inbox.length + (atWork === undefined ? 0 : 1)
const newBook = (): ReaderBook => ({ received: 0, processed: 0, dropped: 0, forgotten: 0, last: Object.freeze([]), gone: Object.freeze([]) })

export const toyReaderType: ProcessType<ToyReaderConfig, ToyReader, PushRequest, ReaderTimer, StartOrder, ToyFact> = {
  kind: 'toyReader',
  boot(config, disk, ctx) {
    const kept = disk as { readonly book: ReaderBook; readonly lost: number } | undefined
    const state: ToyReader = { config, lifecycle: 'stopped', on: undefined, isOpen: false, inbox: [], atWork: undefined, book: kept?.book ?? newBook() }
    if (kept === undefined) return state
    if (kept.lost > 0) ctx.note({ code: 'toy.missed', toy: config.toy, reader: config.id, count: kept.lost, why: 'memory' })
    start(state, ctx)
    return state
  },
  // An inbox is memory: what was in it ends with the process.
  disk(state) {
    const lost = held(state)
    return { book: { ...state.book, forgotten: state.book.forgotten + lost }, lost } as Partial<ToyReader>
  },
  messages: { PushRequest: handlePush },
  timers: {
    handler: (state, _, ctx) => finish(state, ctx),
    retry: (state, _, ctx) => void (state.on = ctx.connect(state.config.toy, CHANNEL)),
  },
  signals: {
    Connected(state, { on }, ctx) {
      if (on !== state.on) return
      state.isOpen = true
      const { id, inbox } = state.config
      const request: SubscribeRequest = { type: 'SubscribeRequest', reader: id, inbox, room: inbox - state.inbox.length, received: state.book.received }
      ctx.send(on, request)
    },
    Disconnected(state, { on }, ctx) {
      if (on !== state.on) return
      state.on = undefined
      state.isOpen = false
      ctx.setTimer({ type: 'retry' }, RETRY)
    },
    Terminate: (_state, _signal, ctx) => ctx.exit(),
  },
  orders: { start: (state, _, ctx) => start(state, ctx) },
}
