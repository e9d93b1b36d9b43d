/** The shape of a table of sentences: one for every code, so that a missing one is a compile error. */
import type { Fact, NoteCode } from '../kafka/notes.ts'
import type { FindingCode, ProblemOf } from '../scenario/findings.ts'

/** The story; `by` is who tells it, where that is known: the controller that fenced. */
export type Say = { readonly [C in NoteCode]: (fact: Extract<Fact, { code: C }>, by: string | undefined) => string }
export type SayFinding = { readonly [C in FindingCode]: (args: ProblemOf<C>['args']) => string }
