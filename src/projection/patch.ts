/** The difference between two views: records to set, and keys to remove. Applying one shares everything untouched. */
import type { ClusterView, TableName } from './cluster-view.ts'

export interface Patch {
  readonly set: { readonly [T in TableName]?: Readonly<Record<string, ClusterView[T][keyof ClusterView[T]]>> }
  readonly remove: { readonly [T in TableName]?: readonly string[] }
}

/** A new view; `view` itself, and every record that `patch` does not name, stay as they are. */
export function applyPatch(view: ClusterView, patch: Patch): ClusterView {
  const next: Record<string, unknown> = { ...view }
  for (const [table, records] of Object.entries(patch.set)) next[table] = { ...(next[table] as object), ...records }
  for (const [table, keys] of Object.entries(patch.remove)) {
    const kept: Record<string, unknown> = { ...(next[table] as object) }
    for (const key of keys) delete kept[key]
    next[table] = kept
  }
  return next as unknown as ClusterView
}

export const isEmptyPatch = (patch: Patch): boolean => Object.keys(patch.set).length === 0 && Object.keys(patch.remove).length === 0
