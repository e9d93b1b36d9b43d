/** The words of the first page in the language chosen; `desk-words.ts` has those of the panels as well. */
import { pick, type Language, type Words } from '../text/language.ts'
import type { UiText } from '../text/ui.en.ts'
import { firstWords } from './first-words.ts'
import { useSettings } from './stores/settings.ts'

export const useLanguage = (): Language => useSettings((settings) => settings.language)
export const useText = (): UiText => firstWords(useLanguage()).ui
/** Picks from what a scenario says. */
export function usePick(): (words: Words | undefined) => string {
  const language = useLanguage()
  return (words) => pick(words, language)
}
