/** What somebody who watches a run is told, in order. The kernel never reads anything back from here. */
import type { Micros } from '../base/units.ts'
import type { Connection, Note, Tagged } from './process.ts'
import type { World } from './world.ts'

/** A message's fate: on its way; kept by a cut link or a frozen system, tried again; gone for good. */
export type Fate = 'arrives' | 'held' | 'lost'

export interface Watch {
  /** A message set out. `id` is its `seq`; the hop is known, so the row is complete unless the network interferes. */
  sent(id: number, step: number, wire: { readonly id: Connection; readonly traffic: string }, from: string, to: string, message: Tagged, sentAt: Micros, arrivesAt: Micros): void
  /** A later cut, freeze or reset changed what was known of a message. */
  amended(id: number, arrivesAt: Micros, fate: Fate): void
  noted(at: Micros, step: number, cause: number, node: string, fact: Note): void
  /** A step has been handled; `node` is whose state it may have changed, '' for the network's. */
  stepped(world: World, node: string, cause: number): void
}

export const noWatch: Watch = { sent: () => undefined, amended: () => undefined, noted: () => undefined, stepped: () => undefined }
