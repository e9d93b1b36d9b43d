/** The words of the screen in the language chosen. */
import type { Fact } from '../kafka/notes.ts'
import { pick, type Language, type Words } from '../text/language.ts'
import { say } from '../text/say.ts'
import { en, type UiText } from '../text/ui.en.ts'
import { ko } from '../text/ui.ko.ts'
import { useSettings } from './stores/settings.ts'

const texts: Readonly<Record<Language, UiText>> = { en, ko }
export const textOf = (language: Language): UiText => texts[language]

export const useLanguage = (): Language => useSettings((settings) => settings.language)
export const useText = (): UiText => texts[useLanguage()]
/** Picks from what a scenario says. */
export function usePick(): (words: Words | undefined) => string {
  const language = useLanguage()
  return (words) => pick(words, language)
}
/** Tells a fact. */
export function useSay(): (fact: Fact, by?: string) => string {
  const language = useLanguage()
  return (fact, by) => say(language, fact, by)
}
