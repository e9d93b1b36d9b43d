/**
 * Why something happened: the chain of facts behind one story line, newest first, down to a choice of the learner, of
 * the scenario, or a config. Pure: the story so far is all it reads.
 */
import { configs } from '../kafka/config.ts'
import '../kafka/share/configs.ts'
import type { NoteCode } from '../kafka/notes.ts'
import { Past } from './past.ts'
import type { StoryLine } from './story.ts'
import { reasonOf } from './why-rules.ts'

export interface WhyLink {
  readonly line: StoryLine
  /** Configs that decided here, Kafka's names with the value in force: `broker.session.timeout.ms=9000`. */
  readonly configs: readonly { readonly name: string; readonly value: string }[]
}
export interface WhyChain {
  readonly links: readonly WhyLink[]
  /** Where it all began: lines that came from outside. */
  readonly roots: readonly StoryLine[]
}

/** Longer chains explain nothing any more. */
const MOST_LINKS = 10

/** Somebody outside the cluster did this; nothing inside it stands behind it. */
const fromOutside: ReadonlySet<NoteCode> = new Set<NoteCode>([
  'node.crashed', 'power.lost', 'node.stopping', 'node.started', 'node.paused', 'link.cut', 'fault.made', 'config.changed', 'step.began',
])
const isRoot = ({ fact, node }: StoryLine): boolean => fromOutside.has(fact.code) || node === 'you' || node === 'scenario'

/** Kafka's own value, where the caller knows of no other. */
const defaultOf = (name: string): string => String(configs.get(name)?.default ?? '')

/** The chain behind `story[index]`. An unknown index gives an empty chain. */
export function why(
  story: readonly StoryLine[], index: number, configOf: (name: string, line: StoryLine) => string | undefined = () => undefined,
): WhyChain {
  const links = new Map<number, WhyLink>()
  const waiting = [story[index]]
  while (waiting.length > 0 && links.size < MOST_LINKS) {
    const line = waiting.shift()
    if (line === undefined || links.has(line.index)) continue
    const { because, configs: names } = isRoot(line) ? { because: [], configs: [] } : reasonOf(line, new Past(story, line.index))
    const known = because.filter((each) => each !== undefined)
    links.set(line.index, { line, configs: names.map(({ name, value }) => ({ name, value: value ?? configOf(name, line) ?? defaultOf(name) })) })
    waiting.push(...(known.length > 0 || names.length > 0 || isRoot(line) ? known : [byKernel(story, line)]))
  }
  const ordered = [...links.values()].sort((a, b) => b.line.index - a.line.index)
  const roots = ordered.map(({ line }) => line).filter(isRoot)
  return { links: ordered, roots: roots.length > 0 ? roots : beginning(story, ordered) }
}

/** Where no rule knows better: what was told in the step that caused this one, or before it in the same step. */
function byKernel(story: readonly StoryLine[], line: StoryLine): StoryLine | undefined {
  for (let i = line.index - 1; i >= 0; i--) {
    const before = story[i]!
    if (before.step === line.cause) return before
    if (before.step < line.cause) break
  }
  return undefined
}

/** A chain without anybody's doing goes back to what the scenario was about to do. */
function beginning(story: readonly StoryLine[], links: readonly WhyLink[]): readonly StoryLine[] {
  const oldest = links[links.length - 1]?.line
  if (oldest === undefined) return []
  for (let i = oldest.index; i >= 0; i--) if (story[i]!.fact.code === 'step.began') return [story[i]!]
  return []
}
