/**
 * A log's newest records are in each view of a replica, and from one change to the next nearly all are the same. On the way
 * to the page only the new ones are sent, with how many of the last are kept; the page puts them together again.
 */
import type { Cell, ClusterView, ReplicaName, ReplicaView } from '../projection/cluster-view.ts'
import type { Patch } from '../projection/patch.ts'

/** `tail` has only what is new; before it stand so many of the last cells of the tail that was there. */
type Shortened = ReplicaView & { readonly keeps?: number }
type Replicas = Readonly<Record<ReplicaName, ReplicaView>>

/** One end's knowledge of what the other has; both begin with the same view. */
export class Tails {
  readonly #known = new Map<ReplicaName, readonly Cell[]>()

  constructor({ replicas }: Pick<ClusterView, 'replicas'>) {
    for (const { name, tail } of Object.values(replicas)) this.#known.set(name, tail)
  }

  shorten(patch: Patch): Patch {
    return this.#each(patch, (replica, before): Shortened => {
      const keeps = overlap(before, replica.tail)
      return keeps === 0 ? replica : { ...replica, tail: replica.tail.slice(keeps), keeps }
    })
  }

  restore(patch: Patch): Patch {
    return this.#each(patch, (replica: Shortened, before): ReplicaView => {
      const { keeps, ...rest } = replica
      if (keeps === undefined) return replica
      return { ...rest, tail: replica.tail.length === 0 && keeps === before.length ? before : [...before.slice(before.length - keeps), ...replica.tail] }
    })
  }

  #each(patch: Patch, change: (replica: ReplicaView, before: readonly Cell[]) => ReplicaView): Patch {
    const replicas = patch.set.replicas as Replicas | undefined
    for (const name of patch.remove.replicas ?? []) this.#known.delete(name)
    if (replicas === undefined) return patch
    const changed: Record<ReplicaName, ReplicaView> = {}
    for (const name of Object.keys(replicas)) {
      const replica = replicas[name]!, made = change(replica, this.#known.get(name) ?? [])
      changed[name] = made
      this.#known.set(name, 'keeps' in replica ? made.tail : replica.tail)
    }
    return { ...patch, set: { ...patch.set, replicas: changed } }
  }
}

/** How many of the last of `before` are the first of `after`, one for one. */
function overlap(before: readonly Cell[], after: readonly Cell[]): number {
  const from = after.length === 0 ? -1 : before.indexOf(after[0]!)
  if (from < 0 || before.length - from > after.length) return 0
  for (let i = from; i < before.length; i++) if (before[i] !== after[i - from]) return 0
  return before.length - from
}
