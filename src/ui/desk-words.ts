/** All words of the screen, and the sentences of the story: loaded with the panels, not with the first page. */
import type { StoryLine } from '../projection/story.ts'
import { deskEn, type DeskText } from '../text/desk.en.ts'
import { deskKo } from '../text/desk.ko.ts'
import type { Step } from '../scenario/types.ts'
import { firstSentence, pick, type Language } from '../text/language.ts'
import { say } from '../text/say.ts'
import { en, type UiText } from '../text/ui.en.ts'
import { ko } from '../text/ui.ko.ts'
import { useRun } from './run.tsx'
import { useLanguage } from './words.ts'

export { useLanguage, usePick } from './words.ts'

export type AllText = UiText & DeskText
const texts: Readonly<Record<Language, AllText>> = { en: { ...en, ...deskEn }, ko: { ...ko, ...deskKo } }

export const useText = (): AllText => texts[useLanguage()]
/** Tells a fact. A step is called by what its author calls it, where its id would stand. */
export function useSay(): (fact: StoryLine['fact'], by?: string) => string {
  const language = useLanguage()
  const { client } = useRun()
  return (fact, by) => {
    if (fact.code !== 'step.began') return say(language, fact, by)
    const step = client.scenario?.steps?.[fact.index]
    return say(language, { ...fact, step: nameOfStep(step, language) || fact.step }, by)
  }
}

/** Its title, or the first sentence that it says; without the full stop. */
export const nameOfStep = (step: Step | undefined, language: Language): string =>
  (pick(step?.['x-title'], language) || firstSentence(pick(step?.say, language)).head).replace(/\.$/, '')
