/** A fact of the run as a sentence. */
import type { Fact } from '../kafka/notes.ts'
import type { Language } from './language.ts'
import { notesEn } from './notes.en.ts'
import { notesKo } from './notes.ko.ts'
import type { Say } from './sentences.ts'

const notes: Readonly<Record<Language, Say>> = { en: notesEn, ko: notesKo }

export function say(language: Language, fact: Fact, by?: string): string {
  const sentence = notes[language][fact.code] as (fact: Fact, by: string | undefined) => string
  return sentence(fact, by)
}
