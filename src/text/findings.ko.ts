/** 시나리오 파일을 쓰는 사람이 읽는 말, 한국어: 무엇이 틀렸고 무엇을 대신 쓰면 되는가. */
import type { Feature } from '../scenario/features.ts'
import type { Rule, ThingKind, ValueKind } from '../scenario/findings.ts'
import { formatBytes, formatDuration, formatTime } from './format.ts'
import type { SayFinding } from './sentences.ts'
import { impossible } from './impossible.ts'
import { josa, particleAfter, type Josa } from './josa.ts'

const code = (word: string | number): string => `\`${word}\``
const codeWith = (word: string | number, particle: Josa): string => `${code(word)}${particleAfter(word, particle)}`
const codes = (words: readonly string[]): string => words.map(code).join(', ')
const upTo = (words: readonly string[], most: number): string => (words.length > most ? `${codes(words.slice(0, most))}, …` : codes(words))
const guess = (nearest: string | undefined): string => (nearest === undefined ? '' : ` ${codeWith(nearest, '을/를')} 쓰려던 건가요?`)
const guessOr = (nearest: string | undefined, before: string, known: readonly string[]): string =>
  nearest !== undefined ? guess(nearest) : known.length === 0 ? '' : ` ${before}: ${upTo(known, 12)}.`

const things: Readonly<Record<ThingKind, string>> = {
  node: '브로커나 컨트롤러', broker: '브로커', controller: '컨트롤러', topic: '토픽', partition: '파티션', replica: '레플리카', producer: '프로듀서',
  consumer: '컨슈머', client: '클라이언트', group: '그룹', app: '앱', step: '단계', predict: '질문', rack: '랙', result: '결과',
  shareConsumer: '셰어 컨슈머', transactional: '트랜잭션 클라이언트', share: '셰어 그룹', txn: '트랜잭션 ID', target: '서버나 클라이언트',
  sink: '싱크(데이터베이스나 메일 게이트웨이)', toy: '장난감', toySender: '장난감에 보내는 쪽', toyReader: '장난감을 읽는 쪽',
}
const values: Readonly<Record<ValueKind, string>> = {
  text: '문자열', number: '숫자', integer: '정수', boolean: '`true`나 `false`', list: '목록', mapping: '키와 값의 묶음', duration: '시간 길이',
  words: '정해진 낱말', name: '이름', nothing: '빈 값', none: '`none`',
}
const rules: Readonly<Record<Rule, string>> = {
  slug: '`leader-dies`처럼 소문자, 숫자, 붙임표만 쓰세요.', name: '이름은 글자로 시작하고 글자, 숫자, `_`, `.`, `-`로 이루어집니다.',
  broker: '브로커 이름은 `b1`, `b2`, …입니다.', node: '브로커 이름은 `b1`, `b2`, …, 컨트롤러 이름은 `k1`, `k2`, …입니다.',
  topic: '토픽 이름은 글자, 숫자, `.`, `_`, `-`로 249자까지입니다.', partition: '`orders/0`처럼 토픽과 번호를 쓰세요.',
  statement: '`partition(orders/0).leader == b2`처럼 조건을 쓰세요.', notEmpty: '비워 둘 수 없습니다.', unique: '같은 것을 두 번 쓸 수 없습니다.',
  partitionNumber: '파티션 번호를 쓰세요: `"0"`.', timestamp: '밀리초, 또는 지금부터의 시간을 쓰세요: `"-8d"`, `"+61m"`.',
  target: '이름이나, `leader(orders/0)`·`controller(active)` 같은 선택자를 쓰세요.', api: '카프카가 부르는 API 이름을 쓰세요: `Produce`, `Fetch`.',
  slow: '무엇이 느린지 쓰세요: `from`과 `to`, 또는 `disk`, `requests`, `handler`.', damage: '`cutBytes`와 `flipAt` 중 하나만 쓰세요.', resetOffsets: '`topic`과 `to`, 또는 `offsets` 중 하나로 쓰세요.',
  configTarget: '`topic`, `broker`, `cluster`, `group`, `client` 중 하나를 쓰세요.', configSet: '`set`이나 `unset`에 바꿀 것을 쓰세요.',
  createTopic: '`partitions`를 쓰거나, 파티션마다 `replicas`를 쓰세요.', throttle: '`1MB/s`처럼 속도를 쓰세요.', reassign: '`to`, `cancel: true`, `verify: true` 중 하나만 쓰세요.',
  produce: '`records`와 `count` 중 하나만 쓰세요.', each: '`each`는 `count`로 만드는 레코드의 틀입니다. `count`가 필요합니다.',
  rate: '시간당 레코드 수를 쓰세요: `5/s`, `90/m`, `2/h`.', keys: '`keys`는 만들어지는 레코드에 차례로 붙습니다. `rate`가 필요합니다.',
  reads: '`topic`이나 `topics`를 `group`과 함께, 또는 `assign`을 쓰세요.', writes: '`writes`는 읽고 처리하고 쓰기에 쓰입니다. 읽을 `group`이 필요합니다.',
  filter: '`filter`는 읽은 것을 고르는 데 쓰입니다. 읽을 `group`이 필요합니다.',
  whenFull: '`pushBroker`에는 `whenFull`을 쓰세요. `queue`에는 쓰지 않습니다. 받을 자리가 날 때까지 두기 때문입니다.',
  app: '`reads`와 `of` 중 하나만 쓰세요.', effect: '`effect`는 어느 클라이언트의 부수 효과인지 말하는 `of`와 함께 씁니다. `group`과 `isolation`은 `reads`와 함께 쓰세요. `of`의 클라이언트에는 이미 그것이 있습니다.', assertion: '언제 참이어야 하는지 쓰세요: `eventually`, `always`, `never`, `atEnd`, 또는 `within`과 `that`.',
  withinThat: '`within: 10s`와 `that: "…"`은 함께 씁니다.', options: '질문의 보기는 두 개에서 다섯 개입니다.',
  run: '단계를 끝내는 방법을 쓰세요: `for: 5s`, `until: "…"`과 `max: 20s`, 또는 `event: 3`.', max: '`max`는 `until`과 함께 씁니다.',
  lesson: '장과 레슨 번호를 따옴표로 감싸 쓰세요: `"6.1"`.', experiment: '실험 번호를 쓰세요: `S14`.', challenge: '도전 과제 번호를 쓰세요: `C7`.',
  misconception: '오해 번호를 쓰세요: `M26`.', kafka: '`4.x`나 `4.3` 같은 릴리스를 쓰세요.', pace: '`smart`나, 200배 느린 실시간이면 `true x0.005`를 쓰세요.',
  least: '너무 작습니다.', most: '너무 큽니다.', positive: '0보다 커야 합니다.',
}
export const featuresKo: Readonly<Record<Feature, string>> = {
  shareGroups: '셰어 그룹', storage: '세그먼트, 보존, 로그 압착',
  powerLoss: '정전', admin: '이 관리 요청',
  retryTopics: '`retry`가 없거나 손으로 움직이는 클라이언트의 데드 레터', featureLevels: '기능 레벨', kafkaVersions: '4.3이 아닌 릴리스',
  neighbourhood: '커넥트, 스키마 레지스트리, 스트림즈', secondCluster: '두 번째 클러스터', slowMachines: '느린 디스크와 서버', otherConfig: '이 설정',
  figures: '이 수치', requestCost: '요청 처리 시간',
 
  laterErrors: '이 응답',
}
const yaml: Readonly<Record<string, (written: string) => string>> = {
  tag: (written) => `${codeWith(written, '이라/라')}는 태그는 여기서 뜻이 없습니다. 시나리오 파일은 순수한 데이터이니 지우세요.`,
  merge: () => '병합 키(`<<`)는 읽지 않습니다. 키를 모두 적으세요.',
  documents: () => '파일 하나에 시나리오는 하나입니다. 여기서 두 번째 문서가 시작됩니다.',
  nesting: () => '시나리오라기에는 너무 깊이 겹쳐 있습니다.',
  complexKey: () => '키는 낱말 하나여야 합니다.',
  alias: (written) => `${codeWith(written, '이/가')} 가리키는 것이 없습니다. 앞에서 \`&\`로 이름 붙인 적이 없습니다.`,
}

export const findingsKo: SayFinding = {
  S001: ({ key, nearest, expected }) => `여기에는 ${codeWith(key, '이라/라')}는 키가 없습니다.${guessOr(nearest, '쓸 수 있는 키', expected)}`,
  S002: ({ value }) => (/^-?[0-9.]+$/.test(value) ? `단위가 없습니다. ${code(`${value}ms`)}, ${code(`${value}s`)}, ${code(`${value}m`)} 중 하나로 쓰세요.`
    : `${codeWith(value, '은/는')} 시간 길이가 아닙니다. \`500ms\`, \`9s\`, \`5m\`, \`2h\`, \`8d\`처럼 숫자와 단위를 쓰세요.`),
  S003: () => '`until`에는 `max`가 필요합니다. 없으면 수업 중에 끝없이 기다릴 수 있습니다.',
  S004: () => '탭은 쓸 수 없습니다. YAML은 공백만 받으니 공백 두 개로 바꾸세요.',
  S005: ({ key, first, second }) => `같은 키가 두 번 나옵니다: ${code(key)} (${first}행과 ${second}행). 하나는 무시됩니다.`,
  S006: ({ written, read }) => `따옴표로 감싸세요: ${code(`"${written}"`)}. 지금은 ${josa(read, '으로/로')} 읽힙니다.`,
  S007: ({ holds, correct }) => holds === 0 && correct === 0 ? '보기마다 실행이 판정할 `holds`가 필요합니다.'
    : `하나만 쓰세요. ${correct > 0 && holds > 0 ? `보기 ${correct}에는 \`correct\`가, 보기 ${holds}에는 \`holds\`가 있습니다.` : '둘 다 없거나 둘 다 있는 보기가 있습니다.'} \`holds\`로 통일하면 실행이 판정합니다.`,
  S008: ({ keys }) => `두 줄로 나누세요. 한 줄에는 뜻이 하나입니다: ${codes(keys)}.`,
  S009: ({ why }) => `풀이(\`solution\`)가 필요합니다. ${why === 'challenge' ? '도전 과제는' : '학습자에게 묻는 단계가 있는 파일은'} 이길 수 있음을 보여야 합니다.`,
  S010: ({ count }) => `컨트롤러는 1, 3, 5대입니다. ${count}대로는 ${count === '2' ? '한 대도 잃을 수 없습니다' : '쓸 수 없습니다'}.`,
  S011: ({ keys }) => keys.length === 0 ? '`do`의 항목에는 `crash: b1` 같은 동작이 필요합니다.' : `한 항목에 동작은 하나입니다. ${codes(keys)}: 항목을 나누세요.`,
  S012: ({ why }) => (why === 'both' ? '시각과 조건 중 하나만 쓰세요: `at` 또는 `when`.' : '`within`은 `when`을 좁히는 것인데 `when`이 없습니다.'),
  S013: ({ keys }) => `단계를 끝내는 방법은 하나입니다. ${codes(keys)} 중 하나만 남기세요.`,
  S014: ({ event }) => `무엇에 대한 이야기 ${event}줄인지 \`focus\`에 적으세요.`,
  S015: () => '힌트는 세 개입니다: 어디를 볼지, 무엇을 바꿀지, 정확한 조작. 아니면 아예 빼세요.',
  S016: ({ key, what }) => what === 'onlyExperiment' ? `${codeWith(key, '은/는')} 실험에만 씁니다.`
    : what === 'missing' ? `실험에는 볼 것(\`watch\`)과 관찰할 것(\`expect\`)을 적습니다. ${codeWith(key, '이/가')} 없습니다.`
      : `실험에는 목표 대신 관찰할 것을 적습니다. ${codeWith(key, '을/를')} 빼고 \`watch\`와 \`expect\`를 쓰세요.`,
  S017: () => '둘 중 하나만 쓰세요: `replicas` 또는 `replicationFactor`.',
  S018: ({ key }) => `${codeWith(key, '이/가')} 빠졌습니다.`,
  S019: ({ value, expected, choices, nearest, rule }) => {
    if (rule === 'least' || rule === 'most' || rule === 'positive') return `${codeWith(value, '은/는')} 쓸 수 없습니다. ${rules[rule]}${rule === 'positive' ? '' : ` 한계는 ${choices[0] ?? ''}입니다.`}`
    if (rule !== undefined) return `${value === '' ? '빈 문자열은' : codeWith(value, '은/는')} 여기에 쓸 수 없습니다. ${rules[rule]}`
    if (choices.length > 0) return `${codeWith(value, '은/는')} 쓸 수 없습니다. 가능한 값: ${codes(choices)}.${guess(nearest)}`
    return `${values[expected]}${particleAfter(values[expected], '이/가')} 올 자리에 ${codeWith(value, '이/가')} 있습니다.`
  },
  S020: ({ message }) => `YAML이 아닙니다: ${message}`,
  S021: ({ what, written }) => yaml[what]!(written),

  R101: ({ kind, name, nearest, known }) => `${codeWith(name, '이라/라')}는 ${josa(things[kind], '은/는')} 없습니다.${guessOr(nearest, '있는 것', known)}`,
  R102: ({ topic, replicas, brokers }) => `브로커보다 많은 복제본입니다. ${codeWith(topic, '은/는')} 레플리카 ${replicas}개를 원하는데 브로커는 ${brokers}대입니다. `
    + '카프카는 INVALID_REPLICATION_FACTOR로 답합니다. 그것을 보이려면 단계 안에서 토픽을 만드세요.',
  R103: ({ min, replicas }) => `4.x에서는 ${josa(replicas, '으로/로')} 동작합니다. \`min.insync.replicas\`가 ${min}인데 레플리카는 ${replicas}개입니다. ${josa(replicas, '으로/로')} 쓰지 않으면 수업에서 놀라게 됩니다.`,
  R104: ({ name, why, nearest, scope }) => why === 'gone' ? `4.0에서 사라진 설정입니다: ${code(name)}. 이 줄을 지우세요.`
    : why === 'scope' ? `${codeWith(name, '은/는')} ${scope} 설정이 아닙니다.${guess(nearest)}` : `${scope}에 ${codeWith(name, '이라/라')}는 설정은 없습니다.${guess(nearest)}`,
  R105: ({ name, value, min, max, choices, type }) => `${
    choices.length > 0 ? `가능한 값은 ${codes(choices)}입니다.` : type === 'boolean' ? '`true`나 `false`를 쓰세요.'
      : [min === undefined ? '' : `최솟값은 ${min}입니다.`, max === undefined ? '' : `최댓값은 ${max}입니다.`, min === undefined && max === undefined ? '정수를 쓰세요.' : ''].filter(Boolean).join(' ')
  } ${codeWith(`${name}: ${value}`, '은/는')} 카프카가 받지 않습니다.`,
  R106: ({ first, second }) => `자바 클라이언트가 시작을 거부하는 조합입니다(ConfigException): ${code(first)}, ${code(second)}.`,
  R107: ({ topic }) => `만들지 않은 토픽입니다: ${code(topic)}. \`topics\`에 넣거나 \`createTopic\`을 쓰세요.`,
  R108: ({ action, target, kind, allowed }) => `이 대상에는 쓸 수 없는 동작입니다: ${code(`${action}: ${target}`)}. ${josa(target, '은/는')} ${things[kind]}이고, 이 동작의 대상은 ${allowed.map((each) => things[each]).join(', ')}입니다.`
    + (action === 'stallFetch' ? ' 클라이언트에는 `pause`를 쓰세요.' : ''),
  R109: ({ name, what, first }) => what === 'reserved' ? `${codeWith(name, '은/는')} 브로커나 컨트롤러의 이름입니다. 클라이언트는 다르게 부르세요.`
    : what === 'step' ? `같은 이름이 두 번 나옵니다. ${codeWith(name, '은/는')} ${first ?? 1}번째 단계의 id이기도 합니다.` : `같은 이름이 두 번 나옵니다: ${code(name)}.`,
  R110: ({ partition, topic, partitions }) => `없는 파티션입니다: ${code(partition)}. ${code(topic)}에는 파티션이 ${partitions}개, ${partitions === 1 ? '0번만' : `0번부터 ${partitions - 1}번까지`} 있습니다.`,
  R111: ({ topic, missing, extra }) => `모든 파티션의 복제본을 적으세요. ${missing.length > 0 ? `${code(topic)}의 \`replicas\`에 ${missing.join(', ')}번 파티션이 없습니다.` : `${code(topic)}에는 ${extra.join(', ')}번 파티션이 없습니다.`}`
    + ' 아니면 `replicationFactor`를 쓰세요.',
  R112: ({ at, question }) => `이미 지난 단계입니다. ${codeWith(question, '을/를')} 물을 때 ${codeWith(at, '은/는')} 끝나 있습니다. \`step-end\`나 뒤의 단계를 쓰세요.`,
  R113: () => '`ask`는 마지막에 둡니다. 뒤에 오는 것은 학습자를 기다리게 되니 다음 단계로 옮기세요.',
  R115: ({ client }) => `${code(client)}: 쓰기만 하는 클라이언트라 핸들러가 없습니다. 읽는 클라이언트를 쓰거나 \`group\`을 주세요.`,
  R116: ({ key }) => `풀이는 그 단계가 시작할 때나 \`ask\`에서 한꺼번에 실행되므로 ${codeWith(key, '을/를')} 쓸 수 없습니다. 나중에 할 일은 다음 단계로 나누세요.`,
  R117: ({ client, key }) => `${code(client)}: 레코드를 작업 스레드에 넘기고(\`threads: true\`) 폴 루프는 그대로 돌기 때문에 ${codeWith(key, '을/를')} 함께 쓸 수 없습니다. 둘 중 하나를 빼세요.`,
  R118: ({ client }) => `${code(client)}: 레코드를 작업 스레드에 넘기는(\`threads: true\`) 클라이언트의 핸들러에는 싱크를 붙일 수 없습니다. \`threads\`를 빼거나 다른 클라이언트를 쓰세요.`,
  R114: ({ id, experiment }) => `실험 번호가 서로 다릅니다. \`id\`는 ${code(id)}, \`meta.experiment\`는 ${code(experiment)}입니다.`,

  E201: ({ found, expected }) => found === '=' ? '`==`를 쓰세요.' : `이 조건을 읽을 수 없습니다${found === '' ? '. 너무 일찍 끝났습니다' : `: ${code(found)}`}. 여기에 올 수 있는 것: ${expected.join(', ')}.`,
  E202: ({ text, name, nearest, known, what }) => {
    if (what === 'missing') return `${code(text)}만으로는 뜻이 없습니다. 속성을 쓰세요: ${upTo(known, 12)}. 낱말 자체를 뜻하면 따옴표로 감싸세요.`
    if (what === 'arguments') return known.length === 0 ? `${code(name)}에는 괄호를 쓰지 않습니다.` : `${code(name)}의 괄호 안에는 ${known.join(', ')} 순서로 씁니다.`
    return what === 'root' ? `${codeWith(name, '은/는')} 조건에서 쓸 수 없는 말입니다.${guessOr(nearest, '쓸 수 있는 말', known)}`
      : `없는 속성입니다: ${code(`${text}.${name}`)}.${guess(nearest)} 속성: ${upTo(known, 12)}.`
  },
  E203: ({ text, left, right, operator, hint }) => {
    if (operator === '') return `조건은 참이나 거짓이어야 하는데 ${codeWith(text, '은/는')} ${values[left]}입니다.`
    const what = operator === '==' || operator === '!=' ? `${josa(values[left], '와/과')} ${josa(values[right], '을/를')} 비교했습니다: ${code(text)}.`
      : `${codeWith(text, '은/는')} ${values[left]}인데 ${code(operator)}에는 ${josa(values[right], '이/가')} 필요합니다.`
    return hint === undefined ? what : `${what} ${codeWith(hint, '으로/로')} 쓰세요.`
  },
  E204: ({ name, nearest }) => `없는 사건 이름입니다: ${codeWith(name, '은/는')} 이야기 코드도 카프카 오류도 아닙니다.${guess(nearest)}`,
  E205: ({ text, word, words }) => `그 속성이 가질 수 없는 값입니다. ${codeWith(text, '은/는')} ${codeWith(word, '이/가')} 될 수 없고, 가능한 값은 ${codes(words)}입니다.`,

  L401: ({ language, where }) => `${language === 'ko' ? '한국어' : '영어'} 문구가 없습니다: ${code(where)}. 그 독자는 다른 언어를 보게 됩니다.`,
  L402: ({ language, length }) => `너무 깁니다. ${language === 'ko' ? '한국어' : '영어'} 문구가 ${length}자인데, 140자를 넘으면 뒷줄에서 보이지 않습니다. 자세한 것은 \`notes\`로 옮기세요.`,
  L403: ({ focus, step }) => `아직 없는 대상입니다: ${code(focus)}.${step === undefined ? '' : ` 단계 ${code(step)}에서 시작합니다.`} 화면에 보일 것이 없습니다.`,

  V501: ({ format }) => `더 새로운 형식입니다. 이 파일은 ${code(format)}, 이 페이지가 아는 것은 \`kafka-scenario/v1\`입니다. 페이지를 새로 고치거나 v1 파일을 받으세요.`,
  V502: ({ bytes, expanded }) => `너무 큽니다. ${expanded ? '별칭을 펼치면 ' : ''}${bytes === Infinity ? '끝이 없습니다' : `${formatBytes('ko', bytes)}입니다`}. 한계는 256 kB입니다.`,
  V503: ({ what, feature }) => feature === 'otherConfig' || feature === 'figures'
    ? `아직 지원하지 않는 기능입니다. ${codeWith(what, '은/는')} 카프카에 있지만 이 버전은 아직 다루지 않습니다.`
    : `아직 지원하지 않는 기능입니다. 이 파일의 ${code(what)}(${featuresKo[feature]})${particleAfter(what, '은/는')} 이 버전이 아직 다루지 않습니다.`,

  T301: ({ step, condition, maxMs, values: at, kind }) => {
    const what = kind === 'until' ? `조건이 일어나지 않았습니다. 단계 ${code(step)}: ${codeWith(condition, '이/가')}${maxMs === undefined ? '' : ` ${formatDuration('ko', maxMs)} 안에`} 참이 되지 않았습니다.`
      : kind === 'check' ? `단계 ${code(step)}의 확인이 맞지 않습니다: ${code(condition)}.` : `실행한 파일이 ${codeWith(condition, '을/를')} 만족하지 않습니다.`
    return at === '' ? what : `${what} 그때의 값: ${at}.`
  },
  T302: ({ goal, step }) => `아무것도 안 해도 목표가 달성됩니다. 목표 ${josa(goal, '이/가')} 단계 ${code(step)} 뒤에 이미 참입니다.`,
  T303: ({ predict, holding, values: at }) => `정답이 하나가 아닙니다. 질문 ${code(predict)}: 판정할 때 ${holding.length === 0 ? '맞는 보기가 없습니다' : `보기 ${josa(holding.join(', '), '이/가')} 맞습니다`}.${at === '' ? '' : ` 값: ${at}.`}`,
  T304: ({ item, step, kind, ranMs }) => kind === 'when' ? `한 번도 발생하지 않았습니다: ${code(item)}. 단계 ${codeWith(step, '이/가')} 먼저 끝났습니다.`
    : `한 번도 발생하지 않았습니다: ${code(item)}. 단계 ${codeWith(step, '은/는')} ${formatDuration('ko', ranMs)} 만에 끝났습니다.`,
  T305: ({ condition, values: found, at, kind }) => `${kind === 'goal' ? '풀이로 이길 수 없습니다' : '풀이가 금지된 것을 합니다'}: ${code(condition)}.${found === '' ? '' : ` 마지막 값: ${found}.`}`
    + `${at === undefined ? '' : ` 처음 일어난 때: ${formatTime(at)}.`}`,
  T306: ({ recorded, found }) => `기록과 실행 결과가 다릅니다. 같은 파일과 시드인데 기록은 ${recorded}, 이번에는 ${found}입니다. 엔진이나 파일이 바뀌었으니, 살펴본 뒤 다시 기록하세요.`,
  T307: ({ action, selector, at }) => `대상이 없습니다: ${formatTime(at)}의 ${code(`${action}: ${selector}`)}.`,
  T308: ({ action, why, at }) => `그 순간에는 할 수 없는 동작입니다: ${formatTime(at)}의 ${code(action)}. ${impossible.ko[why]}.`,
}
