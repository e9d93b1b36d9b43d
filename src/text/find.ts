/** A finding about a scenario file, or about a run of it, as a sentence or two. */
import type { AnyProblem } from '../scenario/findings.ts'
import { findingsEn } from './findings.en.ts'
import { findingsKo } from './findings.ko.ts'
import type { Language } from './language.ts'
import type { SayFinding } from './sentences.ts'

const sentences: Readonly<Record<Language, SayFinding>> = { en: findingsEn, ko: findingsKo }

export function sayFinding(language: Language, problem: AnyProblem): string {
  const sentence = sentences[language][problem.code] as (args: AnyProblem['args']) => string
  return sentence(problem.args)
}
