/**
 * A disk that takes its time: what a producer sends and what a follower has fetched is written so much later. A log is written
 * by one at a time; heartbeats go on, so nobody takes a slow broker for a dead one. FLT-8.
 *
 * Simplified: a slow disk holds up what is written for producers and by followers, not what coordinators write, and not the
 * reading of other requests, for which Kafka could run out of `num.io.threads`.
 */
import type { Micros } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import type { FetchResponse } from '../protocol/fetch.ts'
import type { ProduceRequest } from '../protocol/produce.ts'
import { fetcherOn } from './fetcher.ts'
import type { Broker, BrokerContext, SlowWrite } from './state.ts'

type Handler<Message> = (broker: Broker, message: Message, on: Connection, ctx: BrokerContext) => void

/** Handles it at once, or when the disk has taken what is in it. */
export const whenWritten = <Message extends SlowWrite['message']>(handle: Handler<Message>): Handler<Message> => (broker, message, on, ctx) => {
  if (broker.disk.slow > 0 || broker.slowWrites !== undefined) hold(broker, message, on, handle, ctx)
  else handle(broker, message, on, ctx)
}

function hold<Message extends SlowWrite['message']>(broker: Broker, message: Message, on: Connection, handle: Handler<Message>, ctx: BrokerContext): void {
  const logs = writtenBy(message)
  const at = Math.max(ctx.now, ...(broker.slowWrites ?? []).filter((each) => writtenBy(each.message).some((log) => logs.includes(log))).map((each) => each.at)) + logs.length * broker.disk.slow
  if (at === ctx.now) return handle(broker, message, on, ctx)
  if (message.type === 'FetchResponse') {
    // Its request has been answered: no answer is late.
    const fetcher = fetcherOn(broker, on)
    if (fetcher !== undefined) fetcher.dueAt = Infinity
  }
  broker.slowWrites = [...(broker.slowWrites ?? []), Object.freeze({ since: ctx.now, at, on, message })].sort((a, b) => a.at - b.at)
  arm(broker, ctx)
}

const writtenBy = (message: ProduceRequest | FetchResponse): readonly string[] => (message.type === 'ProduceRequest' ? message.partitions.map(({ partition }) => partition)
  : message.partitions.filter(({ batches }) => batches.length > 0).map(({ partition }) => partition))

function arm({ slowWrites }: Broker, ctx: BrokerContext): void {
  const first: Micros | undefined = slowWrites?.[0]?.at
  if (first !== undefined) ctx.setTimer({ type: 'slowWrite' }, first - ctx.now)
}

/** What has been due is taken out of the queue: handle it, in this order. */
export function takeWritten(broker: Broker, ctx: BrokerContext): readonly SlowWrite[] {
  const due = broker.slowWrites?.filter(({ at }) => at <= ctx.now) ?? []
  const later = broker.slowWrites?.filter(({ at }) => at > ctx.now) ?? []
  broker.slowWrites = later.length === 0 ? undefined : later
  arm(broker, ctx)
  return due
}
