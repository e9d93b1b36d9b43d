/** 싱크에 대해 하는 말, 한국어: 카프카가 아니며, 나올 때마다 그렇게 말한다. */
import type { EffectKind, Marks } from '../sink/effects.ts'
import type { Again, SinkFact } from '../sink/notes.ts'
import { formatDuration, formatNumber } from './format.ts'
import { josa } from './josa.ts'
import type { SaySink, SinkText } from './sink.en.ts'

type Repeated = Extract<SinkFact, { why: Again }>
const things: Readonly<Record<EffectKind, string>> = { row: '행', email: '메일' }
const place = ({ partition, offset }: Pick<SinkFact, 'partition' | 'offset'>, particle: '을/를' | '은/는'): string => `${partition} 오프셋 ${josa(offset, particle)}`

const marks: Readonly<Record<Marks, (fact: Repeated) => string>> = {
  auto: ({ intervalMs }) => `커밋은 ${formatDuration('ko', intervalMs ?? 0)}(auto.commit.interval.ms)마다 나중의 poll() 안에서 하고, 부수 효과는 그것을 기다리지 않는다.`,
  before: () => '핸들러보다 먼저 커밋하지만(commits: before) 그룹의 위치는 아직 그 앞이었다.',
  after: () => '커밋은 핸들러가 끝난 뒤에 하고(commits: after), 부수 효과는 그보다 먼저 일어난다.',
  afterAsync: () => '커밋은 핸들러가 끝난 뒤에 하고 응답을 기다리지 않으며(commits: afterAsync), 부수 효과는 그보다 먼저 일어난다.',
  manual: () => '커밋은 시킬 때만 한다(commits: manual).',
  transaction: ({ effect }) => `중단은 카프카에 쓴 것만 되돌리고 ${josa(things[effect], '은/는')} 되돌리지 못한다.`,
  turn: () => '커밋은 쓴 것이 모두 확인된 뒤에 하고, 부수 효과는 그보다 먼저 일어난다.',
  acknowledge: () => '확인 응답은 핸들러가 끝난 뒤에 보내고, 부수 효과는 그보다 먼저 일어난다.',
  off: () => '아무것도 커밋하지 않는다(enable.auto.commit=false).',
  none: () => '어디까지 읽었는지 기억해 줄 그룹이 없다.',
}
const causes: Readonly<Record<Again, (fact: Repeated) => string>> = {
  noAnswer: ({ client }) => `${josa(client, '이/가')} 응답을 받지 못해 다시 요청했다.`,
  copied: ({ client }) => `${josa(client, '이/가')} 보낸 것이 네트워크에서 두 번 도착했다.`,
  restarted: (fact) => `다시 시작한 ${josa(fact.client, '이/가')} ${place(fact, '을/를')} 또 받았다. ${marks[fact.marks](fact)}`,
  readAgain: (fact) => `${josa(fact.client, '이/가')} ${place(fact, '을/를')} 또 받았다. ${marks[fact.marks](fact)}`,
  otherMember: (fact) => `${fact.before}에 이어 ${fact.client}도 ${place(fact, '을/를')} 받았다. ${marks[fact.marks](fact)}`,
  otherGroup: ({ client, before }) => `${josa(client, '은/는')} ${josa(before, '와/과')} 다른 그룹이고, 그룹은 저마다 전부 받는다.`,
  sameIdentity: (fact) => `${place(fact, '은/는')} ${josa(fact.was.replace('@', ' 오프셋 '), '와/과')} 같은 내용이다.`,
}

export const sinkNotesKo: SaySink = {
  'effect.made': (fact) => fact.effect === 'row'
    ? `${fact.sink}에 ${fact.identity}의 행이 생겼다. ${fact.client}의 핸들러가 ${place(fact, '을/를')} 처리하며 썼다.`
    : `${fact.sink}에서 ${fact.identity}의 메일이 나갔다. ${fact.client}의 핸들러가 ${place(fact, '을/를')} 처리하며 요청했다.`,
  'effect.repeated': (fact) => `${fact.effect === 'row' ? `${fact.sink}에 ${fact.identity}의 행이 이제 ${fact.times}개다.` : `${fact.sink}에서 ${fact.identity}의 메일이 ${fact.times}번째로 나갔다.`} ${causes[fact.why](fact)}`,
  'effect.refused': (fact) => `${fact.effect === 'row' ? `${josa(fact.sink, '이/가')} ${fact.identity}의 두 번째 행을 거부했다. 고유 키가 하나만 받아들인다.` : `${josa(fact.sink, '은/는')} ${fact.identity}의 메일을 또 보내지 않았다. 이미 보냈다는 것을 안다.`} ${causes[fact.why](fact)}`,
}

const number = (value: number): string => formatNumber('ko', value)
export const sinkKo: SinkText = {
  outside: '카프카 바깥', outsideShort: '카프카가 아님',
  what: ['핸들러가 부수 효과를 남기는 곳. 카프카의 커밋도 중단도 여기에는 닿지 않는다.', '카프카의 커밋도 중단도 닿지 않는다.'],
  kinds: { row: '데이터베이스', email: '메일 게이트웨이' },
  key: (identity) => `고유 키: ${{ value: '값', key: '키', offset: '오프셋' }[identity]}`, noKey: '고유 키 없음',
  total: { row: '행', email: '보냄' }, repeated: '중복', refused: '거부',
  nth: (n) => `${number(n)}번째`, more: (refused) => `${number(refused)}번 거부`,
  empty: { row: '아직 행이 없음', email: '아직 보낸 것이 없음' },
  aria: {
    place: '카프카 바깥: 핸들러가 쓰는 데이터베이스와 메일 게이트웨이',
    sink: (name, effect, made, repeated, refused, last) => `${effect === 'row' ? '데이터베이스' : '메일 게이트웨이'} ${name}, 카프카가 아님: ${effect === 'row' ? `행 ${number(made)}개` : `메일 ${number(made)}통`}, 중복 ${number(repeated)}, 거부 ${number(refused)}${last.length === 0 ? '' : `. 최근: ${last.join(', ')}`}`,
    client: (name) => `${name}, 여기에 쓰는 핸들러의 주인`,
  },
  inspector: {
    subtitle: { row: '데이터베이스 · 카프카가 아님', email: '메일 게이트웨이 · 카프카가 아님' }, message: '핸들러와 싱크 사이 · 카프카가 아님',
    effect: '남기는 것', identity: '구분하는 기준', identities: { value: '값', key: '키', offset: '파티션과 오프셋' }, unique: '고유 키', yes: '있음. 이미 있는 것은 거부한다', no: '없음',
    of: '요청하는 핸들러', made: { row: '행', email: '보낸 메일' }, distinct: '서로 다른 것', repeated: '중복', refused: '거부', last: '최근 것부터', nothing: '없음',
    kinds: { row: '레코드마다 행 하나', email: '레코드마다 메일 한 통' },
  },
}
