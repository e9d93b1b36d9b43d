/**
 * Parts of the model that a plain cluster does without: transactions, assignors beyond the default, admin clients. A page
 * begins to move without them and loads them before anything can ask for them; whoever imports `whole.ts` has them all.
 * A run is the same either way. Whoever calls such a part says what it must be, and has a slot for it.
 */
import { known } from '../base/assert.ts'

export interface Slot<Part> {
  /** The part; it is an error to ask for it before it is there. */
  (): Part
  readonly provide: (part: Part) => void
  readonly isThere: () => boolean
}

export function slot<Part>(what: string): Slot<Part> {
  let part: Part | undefined
  return Object.assign(() => known(part, what), { provide: (given: Part): void => { part = given }, isThere: () => part !== undefined })
}
