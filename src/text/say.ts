/** A fact of the run as a sentence. */
import type { Fact, NoteCode } from '../kafka/notes.ts'
import type { Language } from './language.ts'
import { notesEn } from './notes.en.ts'
import { notesKo } from './notes.ko.ts'

/** A sentence for every code; `by` is who tells it, where that is known: the controller that fenced. */
export type Say = { readonly [C in NoteCode]: (fact: Extract<Fact, { code: C }>, by: string | undefined) => string }

const notes: Readonly<Record<Language, Say>> = { en: notesEn, ko: notesKo }

export function say(language: Language, fact: Fact, by?: string): string {
  const sentence = notes[language][fact.code] as (fact: Fact, by: string | undefined) => string
  return sentence(fact, by)
}
