/** All words of the screen, and the sentences of the story: loaded with the panels, not with the first page. */
import type { StoryLine } from '../projection/story.ts'
import { deskEn, type DeskText } from '../text/desk.en.ts'
import { deskKo } from '../text/desk.ko.ts'
import type { Language } from '../text/language.ts'
import { say } from '../text/say.ts'
import { en, type UiText } from '../text/ui.en.ts'
import { ko } from '../text/ui.ko.ts'
import { useLanguage } from './words.ts'

export { useLanguage, usePick } from './words.ts'

export type AllText = UiText & DeskText
const texts: Readonly<Record<Language, AllText>> = { en: { ...en, ...deskEn }, ko: { ...ko, ...deskKo } }

export const useText = (): AllText => texts[useLanguage()]
/** Tells a fact. */
export function useSay(): (fact: StoryLine['fact'], by?: string) => string {
  const language = useLanguage()
  return (fact, by) => say(language, fact, by)
}
