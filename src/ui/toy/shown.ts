/** Which toys are on the stage. Pure. */
import type { ClusterView } from '../../projection/cluster-view.ts'
import type { Step } from '../../scenario/types.ts'

/** There is something to show that is not Kafka. */
export const hasSinks = ({ toys }: Pick<ClusterView, 'toys'>): boolean => Object.values(toys).some(({ role }) => role === 'sink')

/** The toys that a step is about; of one that names none, all there are. */
export function toysIn(step: Step | undefined, { toys }: Pick<ClusterView, 'toys'>): readonly string[] {
  const all = Object.values(toys).flatMap(({ name, role }) => (role === 'broker' ? [name] : []))
  const named = (step?.focus ?? []).flatMap((each) => /^toy\(["']?([^"')]+)/.exec(each)?.[1] ?? [])
  return named.length === 0 ? all : all.filter((name) => named.includes(name))
}
