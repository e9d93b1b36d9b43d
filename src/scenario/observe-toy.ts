/** Toys as statements speak of them. */
import { toMs } from '../base/units.ts'
import type { ReaderBook, ToyBroker, ToyReader, ToySender } from '../toy/state.ts'
import type { Value } from './expression.ts'
import type { Observed } from './observed.ts'

export function readToy(observer: Observed, name: string, property: string, [of = '']: readonly string[], inner?: string): Value {
  const node = observer.world.nodes.get(name)
  const toy = (node?.state ?? node?.disk) as Pick<ToyBroker, 'published' | 'blockedFor'> & Partial<ToyBroker> | undefined
  switch (property) {
    case 'published': return toy?.published ?? 0
    case 'waiting': return toy?.inHand?.length ?? 0
    case 'blocked': return toy?.blockedBy !== undefined
    case 'blockedMs': return toMs((toy?.blockedFor ?? 0) + (toy?.blockedBy === undefined ? 0 : observer.world.now - toy.blockedSince!))
    case 'state': return observer.stateOf(name, 'running')
    case 'sender': return readSender(observer, of, inner)
    case 'reader': return readReader(observer, of, toy?.subscriptions?.get(of)?.missed ?? 0, inner)
    default: return undefined
  }
}

function readSender(observer: Observed, name: string, property: string | undefined): Value {
  const node = observer.world.nodes.get(name)
  const { sent = 0, due = 0, lifecycle = 'stopped' } = ((node?.state ?? node?.disk) as Partial<ToySender> | undefined) ?? {}
  switch (property) {
    case 'state': return observer.stateOf(name, lifecycle)
    case 'sent': return sent
    case 'waiting': return due - sent
    default: return undefined
  }
}

/** `missed`: what the broker pushed to nobody while it was away. */
function readReader(observer: Observed, name: string, missed: number, property: string | undefined): Value {
  const node = observer.world.nodes.get(name)
  const state = node?.state as ToyReader | undefined
  const book = state?.book ?? (node?.disk as { readonly book: ReaderBook } | undefined)?.book
  switch (property) {
    case 'state': return observer.stateOf(name, state?.lifecycle ?? 'stopped')
    case 'processed': return book?.processed ?? 0
    case 'inbox': return state?.inbox.length ?? 0
    case 'waiting': return (state?.inbox.length ?? 0) + (state?.atWork === undefined ? 0 : 1)
    case 'dropped': return (book?.dropped ?? 0) + (book?.forgotten ?? 0) + missed
    default: return undefined
  }
}
