/** Words of share groups on the stage, both languages: they come with the marks that need them. */
import type { Language } from './language.ts'

interface ShareText { readonly holds: string; readonly holdsNothing: string; readonly start: string; readonly lent: string }
export const shareText: Readonly<Record<Language, ShareText>> = {
  en: { holds: 'holds', holdsNothing: 'holds nothing', start: 'start offset', lent: 'on loan' },
  ko: { holds: '빌림', holdsNothing: '빌린 것 없음', start: '시작 오프셋', lent: '빌려 감' },
}
