/** The words of the zoom; they come with the panels. */
import type { Language } from '../../text/language.ts'
import { zoomEn, type ZoomText } from '../../text/zoom.en.ts'
import { zoomKo } from '../../text/zoom.ko.ts'
import { useLanguage } from '../words.ts'

const texts: Readonly<Record<Language, ZoomText>> = { en: zoomEn, ko: zoomKo }
export const useZoomText = (): ZoomText => texts[useLanguage()]
