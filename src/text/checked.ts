/**
 * What is said of the comparison with a real Apache Kafka: on its page in the app and, in English, in docs/conformance.md.
 * The figures come from `npm run conformance:report`; they are data here, and their type.
 */
import { josa } from './josa.ts'
import type { Language } from './language.ts'

export type CheckedStatus = 'compared' | 'notRunnable' | 'stale' | 'missing'
/** Why only a part of an observation is compared. */
export type Rule = 'rate' | 'turns' | 'sticky' | 'placement' | 'election'
/** Why a statement cannot be judged from outside. */
export type Unseen = 'story' | 'client' | 'broker' | 'shareLeader' | 'follower' | 'pageCache' | 'observer' | 'learner'

export interface CheckedScenario {
  readonly id: string
  readonly status: CheckedStatus
  readonly kafka: string | undefined; readonly date: string | undefined
  readonly equal: number
  /** Of the equal ones: how many are compared in part. */
  readonly part: number
  readonly differ: number; readonly excepted: number; readonly unseen: number
  readonly notRunnable: string | undefined
}
export interface CheckedDifference { readonly id: string; readonly step: string; readonly path: string; readonly simulated: string; readonly real: string }
export interface CheckedException {
  readonly id: string; readonly step: string | undefined; readonly path: string
  readonly class: string; readonly reason: Readonly<Record<Language, string>>
}
export interface Checked {
  readonly scenarios: readonly CheckedScenario[]
  readonly differences: readonly CheckedDifference[]
  readonly exceptions: readonly CheckedException[]
  readonly parts: readonly { readonly rule: Rule; readonly count: number }[]
  readonly unseen: readonly { readonly property: string; readonly why: Unseen; readonly count: number }[]
}

const en = {
  title: 'Checked against Apache Kafka',
  lead: 'The same scenario files are played by the simulator and by a real cluster of as many brokers and controllers as each file has, each process on a network of its own. After each step both are asked what the file names: leaders, epochs, in-sync replicas, offsets, records, groups, transactions, what clients were told. Each observation must be equal.',
  none: 'No scenario has been recorded on a real cluster yet.',
  badge: (kafka: string, date: string) => `checked against Apache Kafka ${kafka} on ${date}`,
  numbers: {
    scenarios: 'scenarios compared', equal: 'observations equal', part: 'of these, compared in part', differ: 'differ', excepted: 'excepted',
    unseen: 'statements that cannot be judged from outside', notRunnable: 'not runnable on a real cluster', open: 'not recorded',
  },
  columns: { scenario: 'Scenario', kafka: 'Kafka', date: 'Recorded', equal: 'Equal', part: 'In part', unseen: 'Not seen', excepted: 'Excepted', differ: 'Differ' },
  differences: 'Differences', simulated: 'Simulator', real: 'Apache Kafka', noDifferences: 'None.',
  notRunnable: 'Not runnable on a real cluster',
  open: 'Not recorded', stale: 'the file has changed since it was recorded', missing: 'nobody has recorded it yet',
  exceptions: 'Exceptions', noExceptions: 'None.', exceptionsLead: 'What two runs cannot have in common, ten entries at most. One that nothing needs any more fails the test.',
  parts: 'Compared in part',
  partsLead: 'What is not the same twice on any machine is read off the file. Of it is compared what does not depend on that: that there is one, order, gaps, which errors were seen. The rest is compared by what the file says of it, judged on both sides.',
  rules: {
    rate: 'How many records a producer with a rate has sent by a moment depends on the machine.',
    turns: 'How many turns a client that reads, processes and writes takes depends on the machine, and each turn ends in a marker.',
    sticky: 'The partition of a record without a key is drawn by lot (BuiltInPartitioner).',
    placement: 'Where the replicas of a new topic come to lie is drawn by lot (StripedReplicaPlacer).',
    election: 'Who wins an election of controllers, and in which epoch, is drawn by lot (randomized election time-outs of KafkaRaftClient).',
  },
  unseen: 'Not observable from outside',
  unseenLead: 'Statements that rest on these are judged by the simulator alone. They count apart, never as equal.',
  why: {
    story: 'a line of the simulator’s story; of a real cluster only what it changes can be seen',
    client: 'inside the client: its API does not tell', broker: 'inside the broker: no request tells',
    shareLeader: 'in the memory of the share partition’s leader: the listings show what is persisted',
    follower: 'a follower’s own view: it is in no answer', pageCache: 'the page cache belongs to the operating system',
    observer: 'counted by the simulator’s observer', learner: 'there is no learner',
  },
  observations: (count: number) => `${count} ${count === 1 ? 'observation' : 'observations'}`,
  statements: (count: number) => `${count} ${count === 1 ? 'statement' : 'statements'}`,
  step: (step: string) => `step ${step}`,
}
/** With the literals of one language widened to what they are in any. */
type Words<T> = { readonly [K in keyof T]: T[K] extends string ? string : T[K] extends (...args: never[]) => string ? T[K] : Words<T[K]> }
export type CheckedWords = Words<typeof en>

const ko: CheckedWords = {
  title: 'Apache Kafka와 대조한 결과',
  lead: '같은 시나리오 파일을 시뮬레이터와 실제 클러스터에서 돌립니다. 브로커와 컨트롤러 수는 파일에 적힌 대로이고, 프로세스마다 네트워크가 따로 있습니다. 단계가 끝날 때마다 파일에 나오는 것을 양쪽에 묻습니다. 리더, 에포크, 인-싱크 레플리카, 오프셋, 레코드, 그룹, 트랜잭션, 클라이언트가 받은 응답 같은 것입니다. 관찰 하나하나가 서로 같아야 합니다.',
  none: '실제 클러스터에서 기록한 시나리오가 아직 없습니다.',
  badge: (kafka, date) => `${date}에 Apache Kafka ${josa(kafka, '와/과')} 대조했다`,
  numbers: {
    scenarios: '대조한 시나리오', equal: '같은 관찰', part: '그중 일부만 비교한 것', differ: '다른 관찰', excepted: '예외',
    unseen: '밖에서 판정할 수 없는 문장', notRunnable: '실제 클러스터에서 못 돌리는 것', open: '기록이 없는 것',
  },
  columns: { scenario: '시나리오', kafka: 'Kafka', date: '기록한 날', equal: '같음', part: '일부만', unseen: '못 봄', excepted: '예외', differ: '다름' },
  differences: '다른 점', simulated: '시뮬레이터', real: 'Apache Kafka', noDifferences: '없다.',
  notRunnable: '실제 클러스터에서 돌릴 수 없는 것',
  open: '기록이 없는 것', stale: '기록한 뒤에 파일이 바뀌었다', missing: '아직 아무도 기록하지 않았다',
  exceptions: '예외', noExceptions: '없다.', exceptionsLead: '두 번 돌려서 같을 수 없는 것입니다. 많아야 열 개이고, 더는 필요 없는 예외가 남아 있으면 테스트가 실패합니다.',
  parts: '일부만 비교한 것',
  partsLead: '어느 기계에서도 두 번 같을 수 없는 것은 파일을 보고 가려냅니다. 그중 그 영향을 받지 않는 것은 그대로 비교합니다. 값이 있는지, 순서, 빈틈, 어떤 오류를 보았는지입니다. 나머지는 파일에 적힌 문장을 양쪽에서 판정해 비교합니다.',
  rules: {
    rate: '속도를 정해 보내는 프로듀서가 어느 순간까지 몇 건을 보냈는지는 기계에 달렸다.',
    turns: '읽고 처리해서 쓰는 클라이언트가 몇 차례 돌았는지는 기계에 달렸고, 한 차례마다 마커가 하나 남는다.',
    sticky: '키 없는 레코드가 어느 파티션으로 갈지는 무작위로 정해진다(BuiltInPartitioner).',
    placement: '새 토픽의 레플리카가 어디에 놓일지는 무작위로 정해진다(StripedReplicaPlacer).',
    election: '컨트롤러 선출에서 누가 몇 번째 에포크에 이길지는 무작위로 정해진다(KafkaRaftClient의 무작위 선출 시간 제한).',
  },
  unseen: '밖에서 볼 수 없는 것',
  unseenLead: '이것에 기대는 문장은 시뮬레이터에서만 판정합니다. 따로 세고, 같다고 치지 않습니다.',
  why: {
    story: '시뮬레이터가 들려주는 이야기의 한 줄. 실제 클러스터에서는 그 결과만 보인다',
    client: '클라이언트 안의 일이라 API로는 알 수 없다', broker: '브로커 안의 일이라 어떤 요청으로도 알 수 없다',
    shareLeader: '셰어 파티션 리더의 메모리에 있다. 목록에는 저장된 것만 나온다',
    follower: '팔로워만 아는 값이라 어떤 응답에도 없다', pageCache: '페이지 캐시는 운영체제의 것이다',
    observer: '시뮬레이터의 관찰자가 센 값이다', learner: '학습자가 없다',
  },
  observations: (count) => `관찰 ${count}개`,
  statements: (count) => `문장 ${count}개`,
  step: (step) => `${step} 단계`,
}

/** What hinders a real cluster, as the harness says it in English, and in Korean. */
const obstacles: readonly (readonly [english: RegExp, korean: string])[] = [
  [/^powerLoss: .*/, '전원 차단: 페이지 캐시에만 있던 것은 실제로 전원을 끊지 않고는 잃게 할 수 없다'],
  [/^clock: .*/, '시계: 모든 서버가 시계 하나를 같이 쓴다'],
  [/^stallFetch: .*/, '페치 정지: 브로커의 페처만 멈추게 하는 스위치는 없다'],
  [/^slow: a disk .*/, '느린 디스크: 정확히 그만큼 느린 디스크는 마련할 수 없다'],
  [/^slow: .*/, '느린 링크: 정확한 지연에는 netem이 필요한데 이 기계의 커널에는 없다'],
  [/^cut: .*/, '링크 리셋: 리셋으로 답하는 것은 패킷 필터뿐인데 iptables가 없다'],
  [/^disks: .*/, '디스크: 파일 시스템을 따로 마운트하려면 root 권한과, 남에게 보이지 않는 네임스페이스가 필요하다'],
  [/^(\w+): only messages between a client and a broker .*/, '$1: 클라이언트와 브로커 사이의 메시지만 프록시를 지난다'],
  [/^(\d+) nodes are more than .*/, '노드가 $1대다. 메모리 4 GiB인 기계에 다 올릴 수 없다'],
  [/^(\S+) uses librdkafka: .*/, '$1의 라이브러리가 librdkafka다. 실제 클러스터에서는 Java 클라이언트만 돌린다'],
  [/^handlers: a record .*/, '핸들러: 처리에 실패할 레코드는 값으로 알아보는데, 그 값을 클라이언트가 지어낸다'],
  [/^handlers: of two records with the value (.*) and the same key .*/, '핸들러: 키와 값($1)이 같은 두 레코드 가운데 하나만 처리에 실패해야 한다'],
  [/^stops: .*/, '멈춤: 메시지와 메시지 사이에서 멈춘다. 클러스터 밖에서는 그렇게 빨리 들여다볼 수 없다'],
  [/^a toy is not Kafka$/, '장난감은 Kafka가 아니다'],
  [/^a side effect happens outside of Kafka$/, '부수 효과는 Kafka 바깥에서 일어난다'],
  [/^it has no steps$/, '단계가 없다'],
]
/** Why a file cannot be run on a real cluster; undefined where nobody has said it in this language. */
export function obstacleIn(language: Language, english: string): string | undefined {
  if (language === 'en') return english
  const parts = english.split('; ').map((part) => {
    const known = obstacles.find(([pattern]) => pattern.test(part))
    return known === undefined ? undefined : part.replace(known[0], known[1])
  })
  return parts.includes(undefined) ? undefined : `${parts.join('. ')}.`
}

export const checkedWords: Readonly<Record<Language, CheckedWords>> = { en, ko }
