/** The words of the stage, and what else its parts share. */
import type { Cell } from '../../projection/cluster-view.ts'
import type { Language } from '../../text/language.ts'
import { stageEn, type StageText } from '../../text/stage.en.ts'
import { stageKo } from '../../text/stage.ko.ts'

export type { StageText } from '../../text/stage.en.ts'

const texts: Readonly<Record<Language, StageText>> = { en: stageEn, ko: stageKo }
export const stageText = (language: Language): StageText => texts[language]

const longestLabel = 14

/** What a record is called: its value if it is short enough to say, else its place in its producer's order. */
export const labelOf = ({ value, id }: Cell): string =>
  value !== undefined && value.length > 0 && value.length <= longestLabel ? value : id
