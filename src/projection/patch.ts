/** The difference between two views: records to set, and keys to remove. Applying one shares everything untouched. */
import type { ClusterView, TableName } from './cluster-view.ts'

export interface Patch {
  readonly set: { readonly [T in TableName]?: Readonly<Record<string, ClusterView[T][keyof ClusterView[T]]>> }
  readonly remove: { readonly [T in TableName]?: readonly string[] }
}

/** A new view; `view` itself, and every record that `patch` does not name, stay as they are. */
export const applyPatch = (view: ClusterView, patch: Patch): ClusterView => applyPatches(view, [patch])

/** What these patches make of a view, one after the other. A table is copied once, however many of them change it. */
export function applyPatches(view: ClusterView, patches: readonly Patch[]): ClusterView {
  const next: Record<string, Record<string, unknown>> = { ...view }
  const own = new Set<string>()
  const tableOf = (name: string): Record<string, unknown> => {
    if (own.has(name)) return next[name]!
    own.add(name)
    return (next[name] = { ...next[name] })
  }
  for (const { set, remove } of patches) {
    for (const [name, records] of Object.entries(set)) Object.assign(tableOf(name), records)
    for (const [name, keys] of Object.entries(remove)) {
      const table = tableOf(name)
      for (const key of keys) delete table[key]
    }
  }
  return next as unknown as ClusterView
}

export const isEmptyPatch = (patch: Patch): boolean => Object.keys(patch.set).length === 0 && Object.keys(patch.remove).length === 0

/** One patch that does what two do, one after the other. */
export function mergePatches(first: Patch, then: Patch): Patch {
  const set: Record<string, Record<string, unknown>> = {}
  const remove: Record<string, Set<string>> = {}
  for (const patch of [first, then]) {
    for (const [table, records] of Object.entries(patch.set)) {
      set[table] = { ...set[table], ...records }
      for (const key of Object.keys(records)) remove[table]?.delete(key)
    }
    for (const [table, keys] of Object.entries(patch.remove)) {
      for (const key of keys) {
        delete set[table]?.[key]
        ;(remove[table] ??= new Set()).add(key)
      }
    }
  }
  const removed = Object.entries(remove).filter(([, keys]) => keys.size > 0).map(([table, keys]) => [table, [...keys]] as const)
  return { set: set as Patch['set'], remove: Object.fromEntries(removed) }
}
