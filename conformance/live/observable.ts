/** What a statement may ask of a real cluster from outside, and what it may not. */
import { pathsOf } from '../../src/scenario/expression.ts'
import type { Node, PathNode } from '../../src/scenario/expression-syntax.ts'
import { observableEvents } from './tallies.ts'

/** A path that nobody outside of the cluster's processes can give a value to. */
export class Unobservable extends Error { }

/** By root: the properties that cannot be seen. */
const hidden: Readonly<Record<string, ReadonlySet<string>>> = {
  producer: new Set(['inFlight', 'buffered', 'blocked', 'uncommitted']),
  broker: new Set(['dirtyRecords', 'diskUsedPct', 'epoch']),
  replica: new Set(['lagMs', 'dirtyRecords']),
  controller: new Set(['leo', 'hw']),
  group: new Set(['rebalances']),
  share: new Set(['archived', 'redelivered', 'acknowledged', 'acquired', 'startOffset', 'state', 'active']),
  learner: new Set(['predicted', 'hintsUsed']),
}
const isErrorName = (code: string): boolean => /^[A-Z_]+$/.test(code)

/** Why this path cannot be judged; undefined when it can. */
export function hiddenIn({ root, parts }: PathNode): string | undefined {
  const property = parts[0]?.name ?? ''
  if (root.name === 'event') {
    const code = root.args[0]?.text ?? ''
    return observableEvents.has(code) || isErrorName(code) ? undefined : `event("${code}")`
  }
  if (root.name === 'producer' && property === 'outcome' && parts[1]?.name === 'sequence') return 'outcome().sequence'
  return hidden[root.name]?.has(property) === true ? `${root.name}().${property}` : undefined
}

export const hiddenOf = (node: Node): readonly string[] => [...new Set(pathsOf(node).flatMap((path) => hiddenIn(path) ?? []))]

/** The parts of a conjunction: what can be seen of it is waited for, whatever else it asks. */
export function conjuncts(node: Node): readonly Node[] {
  return node.kind === 'binary' && node.operator === 'and' ? [...conjuncts(node.left), ...conjuncts(node.right)] : [node]
}
