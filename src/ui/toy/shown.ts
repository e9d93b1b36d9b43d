/** Which toys are on the stage. Pure. */
import type { ClusterView } from '../../projection/cluster-view.ts'
import type { Step } from '../../scenario/types.ts'

/** The toys that a step is about; all there are where nothing says what it is about. */
export function toysIn(step: Step | undefined, { toys }: Pick<ClusterView, 'toys'>): readonly string[] {
  const all = Object.values(toys).flatMap(({ name, role }) => (role === 'broker' ? [name] : []))
  const named = (step?.focus ?? []).flatMap((each) => /^toy\(["']?([^"')]+)/.exec(each)?.[1] ?? [])
  return step?.focus === undefined ? all : all.filter((name) => named.includes(name))
}
