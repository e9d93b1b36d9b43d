/** Words of share groups on the stage, both languages: they come with the marks that need them. */
import type { Language } from './language.ts'

interface ShareText {
  readonly holds: string; readonly holdsNothing: string; readonly start: string; readonly lent: string
  readonly legend: { readonly lent: string; readonly done: string; readonly archived: string; readonly deliveries: string; readonly bounds: string }
}
export const shareText: Readonly<Record<Language, ShareText>> = {
  en: { holds: 'holds', holdsNothing: 'holds nothing', start: 'start offset', lent: 'on loan', legend: { lent: 'on loan', done: 'accepted', archived: 'archived', deliveries: 'deliveries', bounds: 'in flight' } },
  ko: { holds: '빌림', holdsNothing: '빌린 것 없음', start: '시작 오프셋', lent: '빌려 감', legend: { lent: '빌려 감', done: '수락됨', archived: 'ARCHIVED', deliveries: '전달 횟수', bounds: '처리 중인 구간' } },
}
