/** Statements about the clock: the moment at which one changes its truth while nothing else happens. */
import type { Micros } from '../base/units.ts'
import { evaluate, pathsOf, type Read } from './expression.ts'
import type { Binary, Node } from './expression-syntax.ts'

const PROBE: Micros = 1_000

/** Both sides of a comparison grow evenly with the clock, or not at all: two looks give the moment at which they meet. */
export function nextCrossing(node: Node, readAt: (shift: Micros) => Read, now: Micros): Micros {
  if (node.kind === 'not') return nextCrossing(node.of, readAt, now)
  if (node.kind !== 'binary') return Infinity
  if (node.operator === 'and' || node.operator === 'or') return Math.min(
    nextCrossing(node.left, readAt, now), nextCrossing(node.right, readAt, now),
  )
  return isTimed(node) ? meeting(node, readAt, now) : Infinity
}

const isTimed = (node: Binary): boolean =>
  pathsOf(node).some(({ root, parts }) => (root.name === 'cluster' && parts[0]?.name === 'time') || parts[0]?.name === 'lagMs')

function meeting({ left, right }: Binary, readAt: (shift: Micros) => Read, now: Micros): Micros {
  const apart = (shift: Micros): number | undefined => {
    const a = evaluate(left, readAt(shift)), b = evaluate(right, readAt(shift))
    return typeof a === 'number' && typeof b === 'number' ? a - b : undefined
  }
  const first = apart(0), second = apart(PROBE)
  if (first === undefined || second === undefined || first === second) return Infinity
  const exact = now - (first / (second - first)) * PROBE
  // Milliseconds with a fraction are not exact: what is as good as a whole microsecond is one.
  const at = Math.abs(exact - Math.round(exact)) < 1e-3 ? Math.round(exact) : Math.ceil(exact)
  // At the meeting itself `>=` changes, one moment later `>` does.
  return at > now ? at : at === now ? now + 1 : Infinity
}
