/** 장난감에 대해 하는 말, 한국어: 카프카가 아니며, 나올 때마다 그렇게 말한다. */
import { formatDuration, formatNumber, names } from './format.ts'
import { josa } from './josa.ts'
import type { SayToy, ToyKind, ToyText } from './toy.en.ts'

const time = (ms: number): string => formatDuration('ko', ms)
const count = (n: number): string => `${formatNumber('ko', n)}개`
/** `feed#7` */
const message = (name: string): string => {
  const [sender = '', number] = name.split('#')
  return number === undefined ? `메시지 ${sender}` : `${sender}의 ${number}번 메시지`
}
/** Its last sound is that of 메시지, or of the name it stands for. */
const messageWith = (name: string, particle: '을/를' | '이/가' | '은/는'): string => josa(message(name), particle)

export const toyNotesKo: SayToy = {
  'toy.subscribed': ({ toy, reader, inbox, before, taken }) =>
    `${josa(reader, '이/가')} ${josa(toy, '을/를')} 구독했다. 수신함은 ${inbox}칸이다.${before === 0 ? '' : ` 그전에 ${taken === true ? '다른 쪽이 가져간' : '나간'} 메시지 ${count(before)}는 이제 어디에도 없다.`}`,
  'toy.pushed': ({ toy, message: which, readers, whenFull }) => {
    if (readers.length === 0) return `${josa(toy, '이/가')} ${messageWith(which, '을/를')} 밀어 줄 상대가 없어 그대로 잊었다.`
    return whenFull === 'drop' ? `${josa(toy, '이/가')} ${messageWith(which, '을/를')} ${names('ko', readers)}에 한꺼번에 밀어 줬다. 자리가 있는지는 묻지 않았다.` : `모두 자리가 있어 ${josa(toy, '이/가')} ${messageWith(which, '을/를')} ${names('ko', readers)}에 밀어 줬다.`
  },
  'toy.handed': ({ toy, reader, message: which, waiting }) => `${josa(toy, '이/가')} ${messageWith(which, '을/를')} ${reader}에게만 주고 잊었다. ${waiting === 0 ? '큐는 비었다' : `${count(waiting)}가 기다린다`}.`,
  'toy.queued': ({ reader, message: which, waiting, inbox }) => `${josa(reader, '은/는')} 바쁘다. ${messageWith(which, '이/가')} 수신함에서 기다린다. ${inbox}칸 가운데 ${waiting}칸이 찼다.`,
  'toy.dropped': ({ reader, message: which, inbox, dropped }) => `${josa(reader, '이/가')} ${messageWith(which, '을/를')} 버렸다. 수신함 ${inbox}칸이 다 차 있었다. 따로 보관한 곳이 없어 영영 사라졌다. 지금까지 ${count(dropped)}.`,
  'toy.processed': ({ reader, message: which, processMs, waiting }) => `${josa(reader, '이/가')} ${messageWith(which, '을/를')} ${time(processMs)} 걸려 처리했다. ${waiting === 0 ? '뒤에 기다리는 것은 없다' : `뒤에 ${count(waiting)}가 기다린다`}.`,
  'toy.missed': ({ toy, reader, count: lost, why }) => why === 'memory'
    ? `${josa(reader, '이/가')} 꺼져 있었다. 수신함은 메모리라서 들고 있던 메시지 ${count(lost)}도 함께 사라졌다.`
    : `${josa(reader, '이/가')} 없는 동안 메시지 ${count(lost)}가 지나갔다. ${josa(toy, '은/는')} 아무것도 보관하지 않는다.`,
  'toy.blocked': ({ toy, reader, message: which, inbox }) => `${josa(toy, '이/가')} 기다린다. ${reader}의 수신함 ${inbox}칸이 다 찼다. 빈칸이 날 때까지 ${messageWith(which, '은/는')} 아무에게도 가지 않는다.`,
  'toy.unblocked': ({ toy, reader, blockedMs }) => `${josa(toy, '이/가')} 다시 움직인다. ${josa(reader, '을/를')} ${time(blockedMs)} 기다렸다.`,
  'toy.heldBack': ({ toy, sender, message: which }) => `${josa(sender, '이/가')} 기다려야 한다. ${josa(toy, '이/가')} 앞의 것을 아직 받지 않아 ${messageWith(which, '이/가')} 그대로 머문다.`,
}

const nameOf = (kind: ToyKind): string => (kind === 'keep' ? '큐' : '밀어 주는 브로커')

export const toyKo: ToyText = {
  notKafka: (kind) => `카프카가 아님: ${nameOf(kind)}`, notKafkaShort: '카프카가 아님',
  what: (kind) => (kind === 'keep' ? ['견주어 보는 장난감. 메시지 하나는 한 곳에만 가고, 가져가면 없어진다.', '가져가면 없어짐'] : kind === 'drop' ? ['견주어 보는 장난감. 모두에게 한꺼번에 밀어 주고, 수신함이 찬 쪽은 버린다.', '수신함이 차면 버림'] : ['견주어 보는 장난감. 모두 자리가 있을 때만 밀어 주고, 아니면 다 같이 기다린다.', '수신함이 차면 다 같이 기다림']),
  broker: nameOf,
  keeps: (kind, waiting) => (kind !== 'keep' ? ['보관하지 않음', '로그 없음'] : waiting === 0 ? ['비어 있음'] : [`${count(waiting)} 대기`]),
  waitsFor: (reader) => `${josa(reader, '을/를')} 기다림`, waitsShort: '기다림',
  sent: '보냄', atSender: '못 보냄',
  inbox: '수신함', each: (ms) => `하나에 ${time(ms)}`,
  processed: '처리함', dropped: '버림',
  notStarted: '시작 전', state: { down: '꺼짐', frozen: '멈춰 있음', stopping: '종료하는 중', starting: '시작하는 중' },
  aria: {
    place: '카프카가 아님: 견주어 보는 장난감',
    broker: (name, kind, published, waiting, waitsFor) => kind === 'keep' ? `큐 ${name}, 카프카가 아님: ${count(published)} 가져감, ${count(waiting)} 남음` : `밀어 주는 브로커 ${name}, 카프카가 아님: 메시지 ${count(published)}를 밀어 줌${waitsFor === undefined ? '' : `, ${josa(waitsFor, '을/를')} 기다림`}`,
    sender: (name, sent, waiting) => `장난감에 보내는 ${name}: ${count(sent)} 보냄${waiting === 0 ? '' : `, ${count(waiting)} 못 보냄`}`,
    reader: (name, inbox, of, processed, dropped) => `장난감을 읽는 ${name}: 수신함 ${of}칸 가운데 ${inbox}칸 참, ${count(processed)} 처리함, ${count(dropped)} 버림`,
  },
  inspector: {
    kinds: (role, kind) => `${role === 'broker' ? nameOf(kind) : role === 'sender' ? `${nameOf(kind)}에 보내는 쪽` : `${josa(nameOf(kind), '을/를')} 읽는 쪽`} · 카프카가 아님`,
    whenFull: '수신함이 차면', drop: '메시지를 버린다', block: '모두 기다린다', keep: '자리가 날 때까지 둔다',
    published: '밀어 준 메시지', handed: '가져가서 없는 것', blockedBy: '기다리는 상대', blockedFor: '기다린 시간', inHand: '아직 못 밀어 준 것', stored: '보관한 것',
    sent: '보낸 메시지', waiting: '못 보낸 것', rate: '속도',
    inbox: '수신함', atWork: '처리 중인 것', processMs: '하나에 걸리는 시간', processed: '처리함', droppedFull: '버림(수신함이 참)', forgotten: '메모리와 함께 잃음', missed: '없는 동안 놓침',
    nothing: '없음',
  },
}
