/** What a rule of `why-rules.ts` answers: the facts and configs behind one fact. */
import type { FactOf, NoteCode } from '../kafka/notes.ts'
import type { Past } from './past.ts'
import type { StoryLine } from './story.ts'

export interface Reason {
  /** Facts that led here, the nearest first. */
  readonly because: readonly (StoryLine | undefined)[]
  /** Configs that decided; with a value where the fact itself tells it. */
  readonly configs: readonly Decided[]
}
export interface Decided { readonly name: string; readonly value: string | undefined }
export const reason = (because: readonly (StoryLine | undefined)[], ...configs: (string | Decided)[]): Reason =>
  ({ because, configs: configs.map((each) => (typeof each === 'string' ? { name: each, value: undefined } : each)) })
export const decided = (name: string, value: string | number): Decided => ({ name, value: String(value) })

export type Rule<C extends NoteCode> = (fact: FactOf<C>, past: Past, line: StoryLine) => Reason
