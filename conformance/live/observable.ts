/** What a statement may ask of a real cluster from outside, and what it may not. */
import { expression, pathsOf } from '../../src/scenario/expression.ts'
import type { Node, PathNode } from '../../src/scenario/expression-syntax.ts'
import type { Unseen } from '../../src/text/checked.ts'
import { observableEvents } from './tallies.ts'

/** A path that nobody outside of the cluster's processes can give a value to. */
export class Unobservable extends Error { }

/** A word of the vocabulary that nobody here reads: it is not judged, and not taken for a thing that is not there. */
export function unread(what: string): never {
  throw new Unobservable(`${what} is not read`)
}

/** By root: the properties that cannot be seen, and why. */
const hidden: Readonly<Record<string, Readonly<Record<string, Unseen>>>> = {
  cluster: { underMinIsr: 'observer' },
  producer: { inFlight: 'client', buffered: 'client', blocked: 'client', uncommitted: 'client' },
  // A client's own figure (bytes-consumed-total) counts records as they are returned, not batches as they come.
  consumer: { fetchedBytes: 'client' },
  broker: { dirtyRecords: 'pageCache', diskUsedPct: 'broker', epoch: 'broker' },
  replica: { lagMs: 'follower', dirtyRecords: 'pageCache' },
  controller: { leo: 'broker', hw: 'broker' },
  group: { rebalances: 'observer' },
  share: {
    // What its members are told of it is known: what they were given, how often, and what was taken of their answers.
    archived: 'shareLeader', acquired: 'shareLeader', startOffset: 'shareLeader', state: 'shareLeader',
  },
  learner: { predicted: 'learner', hintsUsed: 'learner' },
}
const isErrorName = (code: string): boolean => /^[A-Z_]+$/.test(code)

/** What of a path cannot be seen: by the name that reports have for it, as who reads a file finds it there, and why. */
interface Hidden { readonly property: string; readonly text: string; readonly why: Unseen }

function whatIsHiddenIn({ root, parts }: PathNode): Hidden | undefined {
  const property = parts[0]?.name ?? ''
  if (root.name === 'event') {
    const code = root.args[0]?.text ?? ''
    return observableEvents.has(code) || isErrorName(code) ? undefined : { property: 'event', text: `event("${code}")`, why: 'story' }
  }
  if (root.name === 'producer' && property === 'outcome' && parts[1]?.name === 'sequence') {
    return { property: 'producer.outcome.sequence', text: 'outcome().sequence', why: 'client' }
  }
  const why = hidden[root.name]?.[property]
  return why === undefined ? undefined : { property: `${root.name}.${property}`, text: `${root.name}().${property}`, why }
}

/** Why this path cannot be judged; undefined when it can. */
export const hiddenIn = (path: PathNode): string | undefined => whatIsHiddenIn(path)?.text

export const hiddenOf = (node: Node): readonly string[] => [...new Set(pathsOf(node).flatMap((path) => hiddenIn(path) ?? []))]

/** The properties of a statement that nobody outside can see, each once, and why. */
export function unseenIn(statement: string): ReadonlyMap<string, Unseen> {
  const all = pathsOf(expression(statement).node).flatMap((path) => whatIsHiddenIn(path) ?? [])
  return new Map(all.map(({ property, why }) => [property, why]))
}

/** The parts of a conjunction: what can be seen of it is waited for, whatever else it asks. */
export function conjuncts(node: Node): readonly Node[] {
  return node.kind === 'binary' && node.operator === 'and' ? [...conjuncts(node.left), ...conjuncts(node.right)] : [node]
}
