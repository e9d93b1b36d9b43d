/** Which toys are on the stage. Pure. */
import type { ClusterView } from '../../projection/cluster-view.ts'
import type { Step } from '../../scenario/types.ts'

/** The toys that a step is about; of one that names none, all there are. */
export function toysIn(step: Step | undefined, { toys }: Pick<ClusterView, 'toys'>): readonly string[] {
  const all = Object.values(toys).flatMap(({ name, role }) => (role === 'broker' ? [name] : []))
  return namedIn(step, /^toy\(["']?([^"')]+)/, all)
}

/** The sinks that a step is about; of one that names none, all there are. */
export const sinksIn = (step: Step | undefined, { toys }: Pick<ClusterView, 'toys'>): readonly string[] =>
  namedIn(step, /^app\(["']?([^"')]+)/, Object.values(toys).flatMap(({ name, role }) => (role === 'sink' ? [name] : [])))

function namedIn(step: Step | undefined, pattern: RegExp, all: readonly string[]): readonly string[] {
  const named = (step?.focus ?? []).flatMap((each) => pattern.exec(each)?.[1] ?? []).filter((each) => all.includes(each))
  return named.length === 0 ? all : all.filter((name) => named.includes(name))
}
