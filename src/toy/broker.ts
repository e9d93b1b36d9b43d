/**
 * The toy push broker: whatever comes is pushed to every subscriber at once, and forgotten. The readers' pace is not asked
 * for. Where it blocks, it pushes nothing to anybody until everybody has room. As a queue it hands each message to one.
 * Simplified: it stands for no product. Real brokers that push keep queues, wait for acknowledgements and bound what is
 * under way to each reader.
 */
import type { Connection, ProcessType } from '../engine/process.ts'
import type { ToyFact } from './notes.ts'
import { handOut } from './queue.ts'
import type { PublishRequest, PublishResponse, PushRequest, RoomRequest, Subscription, SubscribeRequest, ToyBroker, ToyBrokerConfig, ToyContext } from './state.ts'

function handlePublish(state: ToyBroker, { message, sender }: PublishRequest, on: Connection, ctx: ToyContext): void {
  state.senders.set(on, sender)
  if (state.config.whenFull === 'drop') return push(state, message, ctx)
  state.inHand.push({ message, on })
  goOn(state, ctx)
}

const goOn = (state: ToyBroker, ctx: ToyContext): void => (state.config.whenFull === 'keep' ? handOut : pushWhatHasRoom)(state, ctx)

function push(state: ToyBroker, message: string, ctx: ToyContext): void {
  state.published++
  const readers: string[] = []
  const pushed: PushRequest = { type: 'PushRequest', message }
  for (const [reader, subscription] of state.subscriptions) {
    if (subscription.on === undefined) {
      subscription.missed++
      continue
    }
    ctx.send(subscription.on, pushed)
    subscription.pushed++
    readers.push(reader)
  }
  ctx.note({ code: 'toy.pushed', toy: state.config.id, message, readers, whenFull: state.config.whenFull })
}

/** The next message goes to all or to nobody. */
function pushWhatHasRoom(state: ToyBroker, ctx: ToyContext): void {
  for (let next = state.inHand[0]; next !== undefined; next = state.inHand[0]) {
    const full = [...state.subscriptions].find(([, { on, room }]) => on !== undefined && room === 0)?.[0]
    if (full !== undefined) return block(state, full, next.message, ctx)
    unblock(state, ctx)
    state.inHand.shift()
    for (const subscription of state.subscriptions.values()) if (subscription.on !== undefined) subscription.room--
    if ([...state.subscriptions.values()].every(({ on, room }) => on === undefined || room > 0)) state.hasBlocked = false
    push(state, next.message, ctx)
    const answer: PublishResponse = { type: 'PublishResponse', message: next.message }
    if (state.senders.has(next.on)) ctx.send(next.on, answer)
  }
  unblock(state, ctx)
}

function block(state: ToyBroker, reader: string, message: string, ctx: ToyContext): void {
  if (state.blockedBy === reader) return
  unblock(state, ctx)
  state.blockedBy = reader
  state.blockedSince = ctx.now
  ctx.note({ code: 'toy.blocked', toy: state.config.id, reader, message, inbox: state.subscriptions.get(reader)?.inbox ?? 0, ...(state.hasBlocked ? { again: true } : {}) })
  state.hasBlocked = true
}

function unblock(state: ToyBroker, ctx: ToyContext): void {
  const { blockedBy, blockedSince } = state
  if (blockedBy === undefined) return
  state.blockedBy = undefined
  state.blockedFor += ctx.now - blockedSince
  ctx.note({ code: 'toy.unblocked', toy: state.config.id, reader: blockedBy, blockedMs: Math.round((ctx.now - blockedSince) / 1_000) })
}

function handleSubscribe(state: ToyBroker, { reader, inbox, room, received }: SubscribeRequest, on: Connection, ctx: ToyContext): void {
  const before = state.subscriptions.get(reader)
  const lostOnTheWay = before === undefined ? 0 : before.pushed - received
  const missed = (before?.missed ?? 0) + lostOnTheWay
  state.subscriptions.set(reader, { on, room, since: before?.since ?? state.published, inbox, pushed: received, missed, told: missed })
  const untold = missed - (before?.told ?? 0)
  if (before === undefined) ctx.note({ code: 'toy.subscribed', toy: state.config.id, reader, inbox, before: state.published, ...(state.config.whenFull === 'keep' ? { taken: true } : {}) })
  else if (untold > 0) ctx.note({ code: 'toy.missed', toy: state.config.id, reader, count: untold, why: 'away' })
  goOn(state, ctx)
}

function handleRoom(state: ToyBroker, { reader }: RoomRequest, on: Connection, ctx: ToyContext): void {
  const subscription = state.subscriptions.get(reader)
  if (subscription?.on !== on) return
  subscription.room++
  goOn(state, ctx)
}

/** Who is gone is waited for no longer; a queue has what it was sent. */
function handleLost(state: ToyBroker, on: Connection, ctx: ToyContext): void {
  state.senders.delete(on)
  if (state.config.whenFull !== 'keep') state.inHand = state.inHand.filter((each) => each.on !== on)
  for (const subscription of state.subscriptions.values()) if (subscription.on === on) subscription.on = undefined
  goOn(state, ctx)
}

const away = (subscriptions: ToyBroker['subscriptions']): Map<string, Subscription> =>
  new Map([...subscriptions].map(([reader, subscription]) => [reader, { ...subscription, on: undefined, room: 0 }]))

export const toyBrokerType: ProcessType<ToyBrokerConfig, ToyBroker, PublishRequest | SubscribeRequest | RoomRequest, never, never, ToyFact> = {
  kind: 'toyBroker',
  boot: (config, disk) => ({
    config, published: disk?.published ?? 0, subscriptions: disk?.subscriptions ?? new Map(), senders: new Map(), inHand: disk?.inHand ?? [], blockedBy: undefined, blockedSince: 0, blockedFor: disk?.blockedFor ?? 0, hasBlocked: false,
  }),
  // It stores no message, but for a queue's that nobody has taken. What is kept besides is what an observer has counted.
  disk: ({ config, published, subscriptions, blockedFor, inHand }) => ({ published, subscriptions: away(subscriptions), blockedFor, ...(config.whenFull === 'keep' ? { inHand } : {}) }),
  messages: { PublishRequest: handlePublish, SubscribeRequest: handleSubscribe, RoomRequest: handleRoom },
  timers: {},
  signals: {
    Connected: () => undefined,
    Disconnected: (state, { on }, ctx) => handleLost(state, on, ctx),
    Terminate: (_state, _signal, ctx) => ctx.exit(),
  },
  orders: {},
}
