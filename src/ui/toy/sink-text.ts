/** Words of sinks, in both languages: they come with the first sink. */
import type { Language } from '../../text/language.ts'
import { sinkEn, type SinkText } from '../../text/sink.en.ts'
import { sinkKo } from '../../text/sink.ko.ts'
import { useLanguage } from '../words.ts'

export const sinkText = (language: Language): SinkText => (language === 'ko' ? sinkKo : sinkEn)
export const useSinkText = (): SinkText => sinkText(useLanguage())
