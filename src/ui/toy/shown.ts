/** Which toys are on the stage. Pure. */
import type { ClusterView } from '../../projection/cluster-view.ts'
import type { Step } from '../../scenario/types.ts'

/** The toys that a step is about; all there are where nothing says what it is about. */
export function toysIn(step: Step | undefined, { toys }: Pick<ClusterView, 'toys'>): readonly string[] {
  const all = Object.values(toys).flatMap(({ name, role }) => (role === 'broker' ? [name] : []))
  return step?.focus === undefined ? all : all.filter((name) => namedIn(step, /^toy\(["']?([^"')]+)/).includes(name))
}

/** The sinks that a step is about; of one that names none, all there are. */
export function sinksIn(step: Step | undefined, { toys }: Pick<ClusterView, 'toys'>): readonly string[] {
  const all = Object.values(toys).flatMap(({ name, role }) => (role === 'sink' ? [name] : []))
  const named = namedIn(step, /^app\(["']?([^"')]+)/).filter((each) => all.includes(each))
  return named.length === 0 ? all : all.filter((name) => named.includes(name))
}

const namedIn = (step: Step | undefined, pattern: RegExp): readonly string[] => (step?.focus ?? []).flatMap((each) => pattern.exec(each)?.[1] ?? [])
