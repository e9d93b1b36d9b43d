/** Words of toys, in both languages: they come with the first toy. */
import type { Language } from '../../text/language.ts'
import { toyEn, type ToyText } from '../../text/toy.en.ts'
import { toyKo } from '../../text/toy.ko.ts'
import { useLanguage } from '../words.ts'

export const toyText = (language: Language): ToyText => (language === 'ko' ? toyKo : toyEn)
export const useToyText = (): ToyText => toyText(useLanguage())
