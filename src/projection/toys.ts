/** Toys, as seen. They are looked up by whoever sees machines and messages: importing this file is enough. */
import type { Tagged } from '../engine/process.ts'
import type { Node } from '../engine/world.ts'
import type { PublishRequest, ReaderBook, ToyBroker, ToyReader, ToySender } from '../toy/state.ts'
import { cellOf } from './cells.ts'
import type { Cell, ToyView } from './cluster-view.ts'
import { lateViews } from './late-views.ts'
import type { SpanDetail } from './span-detail.ts'

const none: ReadonlyMap<string, number> = new Map()
/** Of a message: its number gives it its shape, as that of a record without a key does. */
function messageCell(id: string): Cell {
  const offset = Number(id.slice(id.lastIndexOf('#') + 1)) - 1
  return cellOf({ id, key: undefined, value: undefined }, offset, -1, offset, none)
}

const units: Readonly<Record<number, string>> = { 1_000_000: 's', 60_000_000: 'm', 3_600_000_000: 'h' }

function toyView(name: string, { kind, state, disk, config, condition, since }: Node): ToyView {
  const seen = { name, condition: (state as ToySender | undefined)?.lifecycle === 'stopped' ? 'down' : condition, since } as const
  if (kind === 'toyBroker') {
    const { whenFull, senders, readers } = config as ToyBroker['config']
    const { published, blockedBy, blockedSince = 0, blockedFor, inHand = [], subscriptions } = (state ?? disk) as Partial<ToyBroker> & Pick<ToyBroker, 'published' | 'blockedFor' | 'subscriptions'>
    return {
      ...seen, role: 'broker', toy: name, whenFull, senders, readers, published, blockedBy, blockedSince, blockedFor, inHand: inHand.map(({ message }) => messageCell(message)),
      missed: Object.fromEntries([...subscriptions].map(([reader, { missed }]) => [reader, missed])),
    }
  }
  if (kind === 'toySender') {
    const { toy, rate } = config as ToySender['config']
    const { sent, due } = (state ?? disk) as ToySender
    return { ...seen, role: 'sender', toy, rate: `${rate.count}/${units[rate.per] ?? ''}`, sent, waiting: due - sent }
  }
  const { toy, processMs, inbox: places } = config as ToyReader['config']
  const { inbox = [], atWork } = (state ?? {}) as Partial<ToyReader>
  const { processed, dropped, forgotten, last, gone } = ((state ?? disk) as { readonly book: ReaderBook }).book
  return {
    ...seen, role: 'reader', toy, processMs, places, inbox: inbox.map(messageCell), atWork: atWork === undefined ? undefined : messageCell(atWork.message), atWorkSince: atWork?.since ?? 0,
    processed, dropped, forgotten, lastRead: last.map(messageCell), gone: gone.map(messageCell),
  }
}

const noRecords: readonly Cell[] = Object.freeze([])
/** An answer says that the message has been pushed on. */
const pushed = (plain: SpanDetail, message: Tagged): SpanDetail =>
  Object.freeze({ ...plain, weight: 'data', ack: plain.part === 'response', toy: true, records: plain.part === 'request' ? Object.freeze([messageCell((message as PublishRequest).message)]) : noRecords })
const quiet = (plain: SpanDetail): SpanDetail => Object.freeze({ ...plain, weight: 'quiet', toy: true })

Object.assign(lateViews.machines, { toyBroker: toyView, toySender: toyView, toyReader: toyView })
Object.assign(lateViews.messages, { PublishRequest: pushed, PublishResponse: pushed, PushRequest: pushed, SubscribeRequest: quiet, RoomRequest: quiet })
