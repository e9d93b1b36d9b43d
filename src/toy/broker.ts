/**
 * The toy push broker: whatever comes is pushed to every subscriber at once, and forgotten. The readers' pace is not asked
 * for. Where it blocks, it pushes nothing to anybody until everybody has room.
 * Simplified: it stands for no product. Real brokers that push keep queues, wait for acknowledgements and bound what is
 * under way to each reader.
 */
import type { Connection, ProcessType } from '../engine/process.ts'
import type { ToyFact } from './notes.ts'
import type { PublishRequest, PublishResponse, PushRequest, RoomRequest, Subscription, SubscribeRequest, ToyBroker, ToyBrokerConfig, ToyContext } from './state.ts'

function handlePublish(state: ToyBroker, { message, sender }: PublishRequest, on: Connection, ctx: ToyContext): void {
  state.senders.set(on, sender)
  if (state.config.whenFull === 'drop') return push(state, message, ctx)
  state.inHand.push({ message, on })
  pushWhatHasRoom(state, ctx)
}

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
  ctx.note({ code: 'toy.blocked', toy: state.config.id, reader, message, inbox: state.subscriptions.get(reader)?.inbox ?? 0 })
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
  if (before === undefined) ctx.note({ code: 'toy.subscribed', toy: state.config.id, reader, inbox, before: state.published })
  else if (untold > 0) ctx.note({ code: 'toy.missed', toy: state.config.id, reader, count: untold, why: 'away' })
  pushWhatHasRoom(state, ctx)
}

function handleRoom(state: ToyBroker, { reader }: RoomRequest, on: Connection, ctx: ToyContext): void {
  const subscription = state.subscriptions.get(reader)
  if (subscription?.on !== on) return
  subscription.room++
  pushWhatHasRoom(state, ctx)
}

/** Who is gone is waited for no longer. */
function handleLost(state: ToyBroker, on: Connection, ctx: ToyContext): void {
  state.senders.delete(on)
  state.inHand = state.inHand.filter((each) => each.on !== on)
  for (const subscription of state.subscriptions.values()) if (subscription.on === on) subscription.on = undefined
  pushWhatHasRoom(state, ctx)
}

const away = (subscriptions: ToyBroker['subscriptions']): Map<string, Subscription> =>
  new Map([...subscriptions].map(([reader, subscription]) => [reader, { ...subscription, on: undefined, room: 0 }]))

export const toyBrokerType: ProcessType<ToyBrokerConfig, ToyBroker, PublishRequest | SubscribeRequest | RoomRequest, never, never, ToyFact> = {
  kind: 'toyBroker',
  boot: (config, disk) => ({
    config, published: disk?.published ?? 0, subscriptions: disk?.subscriptions ?? new Map(), senders: new Map(), inHand: [], blockedBy: undefined, blockedSince: 0, blockedFor: disk?.blockedFor ?? 0,
  }),
  // It stores no message. What is kept is what an observer has counted.
  disk: ({ published, subscriptions, blockedFor }) => ({ published, subscriptions: away(subscriptions), blockedFor }),
  messages: { PublishRequest: handlePublish, SubscribeRequest: handleSubscribe, RoomRequest: handleRoom },
  timers: {},
  signals: {
    Connected: () => undefined,
    Disconnected: (state, { on }, ctx) => handleLost(state, on, ctx),
    Terminate: (_state, _signal, ctx) => ctx.exit(),
  },
  orders: {},
}
