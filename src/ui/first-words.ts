/** Words of the first page and its stage. English comes with the page, Korean is fetched for those who read it. */
import type { Language } from '../text/language.ts'
import { stageEn, type StageText } from '../text/stage.en.ts'
import { en, type UiText } from '../text/ui.en.ts'

interface FirstWords { readonly ui: UiText; readonly stage: StageText }
const english: FirstWords = { ui: en, stage: stageEn }
const known: Partial<Record<Language, FirstWords>> = { en: english }

/** Before a language is shown its words have to be there. */
export async function learn(language: Language): Promise<void> {
  if (known[language] !== undefined) return
  const [{ ko }, { stageKo }] = await Promise.all([import('../text/ui.ko.ts'), import('../text/stage.ko.ts')])
  known.ko = { ui: ko, stage: stageKo }
}

export const firstWords = (language: Language): FirstWords => known[language] ?? english
