/**
 * The toy queue: a message waits until a reader has room, goes to that one alone, and is forgotten. Who has most room is next,
 * and of these who has been given least.
 * Simplified: handing it over is taking it. Real queues keep a message until its reader says that it is done, and give it to
 * another one if that does not come.
 */
import type { PushRequest, Subscription, ToyBroker, ToyContext } from './state.ts'

export function handOut(state: ToyBroker, ctx: ToyContext): void {
  for (let next = state.inHand[0]; next !== undefined; next = state.inHand[0]) {
    const found = whoIsNext(state)
    if (found === undefined) return
    const [reader, subscription] = found
    state.inHand.shift()
    state.published++
    subscription.room--
    subscription.pushed++
    const handed: PushRequest = { type: 'PushRequest', message: next.message }
    ctx.send(subscription.on!, handed)
    ctx.note({ code: 'toy.handed', toy: state.config.id, reader, message: next.message, waiting: state.inHand.length })
  }
}

function whoIsNext({ subscriptions }: ToyBroker): readonly [string, Subscription] | undefined {
  let best: readonly [string, Subscription] | undefined
  for (const each of subscriptions) {
    const { on, room, pushed } = each[1]
    if (on === undefined || room === 0) continue
    if (best === undefined || room > best[1].room || (room === best[1].room && pushed < best[1].pushed)) best = each
  }
  return best
}
