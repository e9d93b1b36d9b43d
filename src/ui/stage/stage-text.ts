/** The words of the stage, and what else its parts share. */
import type { Cell } from '../../projection/cluster-view.ts'
import type { Language } from '../../text/language.ts'
import type { StageText } from '../../text/stage.en.ts'
import { firstWords } from '../first-words.ts'

export type { StageText } from '../../text/stage.en.ts'

export const stageText = (language: Language): StageText => firstWords(language).stage

const longestLabel = 14

/** What a record is called: its value if it is short enough to say, else its place in its producer's order. A marker says how its transaction ended. */
export const labelOf = ({ value, id, marker }: Cell): string =>
  marker ?? (value !== undefined && value.length > 0 && value.length <= longestLabel ? value : id)
