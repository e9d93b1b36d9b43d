/**
 * The views of one stretch, one for each change. Those of a small cluster are all kept: they share every record. Of a large
 * one the tables alone would fill the memory, so every so many a view is kept, and those between are made when asked for.
 */
import type { Micros } from '../base/units.ts'
import type { ClusterView, LedgerView } from '../projection/cluster-view.ts'
import { applyPatches, type Patch } from '../projection/patch.ts'
import type { TimedPatch } from './protocol.ts'

export interface Exposure {
  readonly at: Micros
  readonly step: number
  readonly view: ClusterView
  /** The account at this moment; of a large cluster it is there at less cost than the view. */
  readonly ledger: LedgerView
}

/** Of so many records a view is large. */
const LARGE = 600
/** Every so many exposures of a large cluster a view is kept for good. */
const KEPT = 128
/** Those asked for last. */
const RECENT = 64

class Shot implements Exposure {
  readonly at: Micros
  readonly step: number
  readonly ledger: LedgerView
  readonly #index: number
  readonly #of: Exposures
  constructor(of: Exposures, index: number, at: Micros, step: number, ledger: LedgerView) {
    this.#of = of
    this.#index = index
    this.at = at
    this.step = step
    this.ledger = ledger
  }
  get view(): ClusterView {
    return this.#of.viewOf(this.#index)
  }
}

export class Exposures {
  readonly list: Exposure[]
  readonly #isLarge: boolean
  readonly #kept: ClusterView[]
  readonly #patches: Patch[] = []
  readonly #recent = new Map<number, ClusterView>()

  constructor({ at, view }: { readonly at: Micros; readonly view: ClusterView }) {
    this.#isLarge = Object.values(view).reduce((sum, table) => sum + Object.keys(table as object).length, 0) > LARGE
    this.#kept = [view]
    this.list = [this.#isLarge ? new Shot(this, 0, at, 0, view.ledger.all) : { at, step: 0, view, ledger: view.ledger.all }]
  }

  add({ at, step, patch }: TimedPatch): void {
    const index = this.list.length, last = this.list[index - 1]!
    if (!this.#isLarge) {
      const view = applyPatches(last.view, [patch])
      this.list.push({ at, step, view, ledger: view.ledger.all })
      return
    }
    this.#patches.push(patch)
    this.list.push(new Shot(this, index, at, step, patch.set.ledger?.['all'] ?? last.ledger))
    if (index % KEPT === 0) this.#kept.push(applyPatches(this.#kept[this.#kept.length - 1]!, this.#patches.slice(index - KEPT)))
  }

  /** The first so many are gone: the stretch begins later. */
  forget(count: number): void {
    if (!this.#isLarge) return void this.list.splice(0, count)
    const base = this.list[count]!.view
    const rest = this.list.splice(0).slice(count), patches = this.#patches.splice(0).slice(count)
    this.#kept.splice(0, this.#kept.length, base)
    this.#recent.clear()
    this.list.push(new Shot(this, 0, rest[0]!.at, rest[0]!.step, rest[0]!.ledger))
    for (const [i, patch] of patches.entries()) this.add({ at: rest[i + 1]!.at, step: rest[i + 1]!.step, patch })
  }

  /** From the nearest view before it that is at hand. */
  viewOf(index: number): ClusterView {
    const anchor = Math.floor(index / KEPT) * KEPT
    let from = index
    let view: ClusterView | undefined
    for (; view === undefined; from--) view = this.#recent.get(from) ?? (from === anchor ? this.#kept[anchor / KEPT] : undefined)
    from++
    if (from === index) return view
    const made = applyPatches(view, this.#patches.slice(from, index))
    this.#recent.set(index, made)
    if (this.#recent.size > RECENT) this.#recent.delete(this.#recent.keys().next().value!)
    return made
  }
}
