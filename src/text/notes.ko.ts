/** 이야기, 한국어: 일어난 일을 한 문장으로. 용어는 `glossary.ts`를 따른다. */
import { formatBytes, formatDuration, names } from './format.ts'
import { josa } from './josa.ts'
import type { Say } from './sentences.ts'
import { sinkNotesKo } from './sink.ko.ts'
import { toyNotesKo } from './toy.ko.ts'

const time = (ms: number): string => formatDuration('ko', ms)
const list = (items: readonly string[]): string => names('ko', items)
const others = (items: readonly string[], than: readonly string[]): string => list(items.filter((each) => !than.includes(each)))
const controller = (by: string | undefined): string => (by !== undefined && /^k\d+$/.test(by) ? by : '컨트롤러')
const way = (target: string): string => target.replace('>', '에서 ')
/** `ProduceResponse b1>shop` */
const tampered = (target: string): string => {
  const [message = '', link = ''] = target.split(' ')
  return `앞으로 ${josa(way(link), '으로/로')} 가는 ${message}`
}
/** `오프셋 4`, `오프셋 4–6` */
const range = (base: number, last: number): string => (base >= last ? `오프셋 ${base}` : `오프셋 ${base}–${last}`)

/** Long.MAX_VALUE */
const UNLIMITED = '9223372036854775807'
const said = (value: string): string => (value === '' ? '빈 값' : value === UNLIMITED ? '무제한' : value)
/** `/var/lib/kafka/data@b1` */
const dirOf = (target: string): string => {
  const [dir = '', node = ''] = target.split('@')
  return `${node}의 ${dir}`
}

const traffic: Readonly<Record<string, string>> = {
  all: '아무것도 지나가지 못한다', replication: '복제 트래픽이 지나가지 못한다', controller: '컨트롤러 트래픽이 지나가지 못한다',
  clients: '클라이언트 트래픽이 지나가지 못한다',
}
const leftIsr = { lag: '너무 오래 뒤처졌다', fenced: '펜싱됐다', shutdown: '종료하는 중이다', caughtUp: '제외됐다', reassignment: '레플리카를 다른 브로커로 옮겼다', logDir: '레플리카가 있던 로그 디렉터리가 고장 났다' } as const
const chosen = {
  clean: 'ISR에서 살아 있는 첫 레플리카다', preferred: '선호 리더다', controlledShutdown: '이전 리더가 종료하는 중이다',
  eligible: 'ELR에 있던 레플리카라 커밋된 레코드를 모두 갖고 있다', lastKnown: 'ISR도 ELR도 비어 마지막 리더를 다시 골랐다',
  reassignment: '이전 리더가 더는 레플리카가 아니다', unclean: '언클린 선출이다. ISR 밖에 있던 레플리카라 레코드가 모자랄 수 있다',
} as const
const left = {
  closed: '스스로 닫았다', session: '세션 타임아웃 동안 하트비트가 없었다', poll: 'max.poll.interval.ms 동안 poll()이 없었다', fenced: '새 멤버가 자리를 대신했다',
} as const
const rebalance = { joined: '멤버가 들어왔다', left: '멤버가 나갔다', metadata: '토픽이 바뀌었다', initialized: '나눠 줄 수 있는 파티션이 생겼다', revoked: '한 멤버가 다른 멤버에게 넘길 파티션을 내려놓았다' } as const

/** The flag belongs to the assignment. */
const unflagged = (paused: readonly string[] | undefined): string => (paused === undefined ? '' : ` 일시 정지도 함께 풀린다: ${list(paused)}.`)

const voteRefused = {
  leader: (voter: string, leader: string | undefined) => (leader === undefined ? '이미 아는 리더가 있다' : leader === voter ? '자신이 리더다' : `아직 ${josa(leader, '을/를')} 따르고 있다`), voted: () => '이 에포크의 표를 이미 썼다',
  log: () => '자기 로그가 더 길다', epoch: () => '더 높은 에포크를 알고 있다',
} as const

const ended = { commit: '커밋', abort: '중단' } as const
/** 그룹 코디네이터가 오프셋을 거절할 때 쓰는 오류. */
const byGroup: ReadonlySet<string> = new Set(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID', 'STALE_MEMBER_EPOCH'])

export const notesKo: Say = {
  'node.crashed': ({ node }) => `${josa(node, '을/를')} kill -9로 죽였다.`,
  'power.lost': ({ node, records }) => records === 0
    ? `${node}의 전원이 나갔다. 기록한 것은 모두 디스크에 있었다.`
    : `${node}의 전원이 나갔다. 페이지 캐시에만 있던 레코드 ${records}개가 사라졌다. 운영체제가 아직 디스크에 내려쓰지 않았고, flush.messages나 flush.ms로 앞당겨지지도 않았다.`,
  'node.stopping': ({ node }) => `${josa(node, '이/가')} 정상 종료하라는 신호(SIGTERM)를 받았다.`,
  'node.stopped': ({ node, tookMs }) => `${josa(node, '이/가')} ${time(tookMs)} 만에 정상 종료됐다.`,
  'node.halted': ({ node, why, dir }) => why === 'logDirs' ? `${josa(node, '이/가')} 스스로 종료했다. log.dirs 가운데 쓸 수 있는 것이 하나도 없다.` : `${josa(node, '이/가')} 스스로 종료했다. ${josa(dir, '은/는')} metadata.log.dir이고, 메타데이터 로그 없이는 브로커가 계속 돌 수 없다.`,
  'node.started': ({ node, clean }) => (clean ? `${josa(node, '이/가')} 시작됐다.` : `${josa(node, '이/가')} 비정상 종료 뒤에 다시 시작됐다.`),
  'node.paused': ({ node }) => `${josa(node, '이/가')} 멈췄다. 깨어날 때까지 아무것도 처리하지 않는다.`,
  'node.resumed': ({ node, pausedMs }) => `${josa(node, '이/가')} ${time(pausedMs)} 만에 깨어났다.`,

  'link.cut': ({ from, to, direction, traffic: kind, reset }) =>
    `${direction === 'both' ? `${josa(from, '와/과')} ${to} 사이의` : `${from}에서 ${josa(to, '으로/로')} 가는`} 연결이 끊겼다. ${traffic[kind] ?? traffic['all']}.${reset === true ? ' 보내는 쪽은 바로 연결 리셋을 받는다.' : ''}`,
  'link.healed': ({ from, to }) => `${josa(from, '와/과')} ${to} 사이의 연결이 복구됐다.`,
  'fault.made': ({ what, target, ms }) => {
    if (what === 'slow') return `${josa(way(target), '으로/로')} 가는 메시지가 모두 ${time(ms)} 더 걸린다.`
    if (what === 'fast') return `${josa(way(target), '으로/로')} 가는 메시지가 다시 원래 속도로 간다.`
    if (what === 'clock') return `${target}의 시계를 ${time(Math.abs(ms))} ${ms < 0 ? '뒤로' : '앞으로'} 돌렸다.`
    if (what === 'damage') return `디스크에 있는 ${target}의 로그 파일이 손상됐다.`
    if (what === 'failDisk') return `${dirOf(target)} 디스크가 고장 났다. 다음에 접근할 때 드러난다.`
    if (what === 'fillDisk') return `${dirOf(target)} 디스크가 가득 찼다.`
    if (what === 'freeDisk') return `${dirOf(target)} 디스크가 다시 멀쩡하다. 브로커는 시작할 때 그것을 본다.`
    if (what === 'slowHandler') return ms > 0 ? `${target}의 핸들러가 레코드마다 ${time(ms)} 더 걸린다.` : `${target}의 핸들러가 다시 원래 속도로 일한다.`
    if (what === 'slowDisk') return ms > 0 ? `${target}의 디스크에 쓸 때마다 ${time(ms)} 더 걸린다.` : `${target}의 디스크가 다시 원래 속도로 쓴다.`
    if (what === 'dropNext') return `${tampered(target)} 하나가 도착하지 않을 것이다.`
    if (what === 'delayNext') return `${tampered(target)} 하나가 ${time(ms)} 늦을 것이다.`
    if (what === 'duplicateNext') return `${tampered(target)} 하나가 두 번 도착할 것이다.`
    return `${target}의 복제 페처가 ${ms > 0 ? `${time(ms)} 동안 ` : ''}멈췄다. 하트비트는 계속된다.`
  },
  'message.tampered': ({ from, to, message, how, ms, closes }) => {
    const what = `${from}에서 ${josa(to, '으로/로')} 가던 ${message} 하나가`
    if (how === 'delay') return `${what} ${time(ms)} 늦어졌다. 같은 연결에서 그 뒤에 오는 것도 모두 늦는다.`
    if (how === 'duplicate') return `${what} 두 번 도착한다.`
    return closes ? `${what} 도중에 사라졌고, 연결도 리셋됐다.` : `${what} 도중에 사라졌다. 같은 연결에서 그 뒤에 오는 것은 도착하지 않는다.`
  },
  'connection.lost': ({ node, peer, how }) => {
    if (how === 'reset') return `${josa(node, '이/가')} ${josa(peer, '와/과')}의 연결을 잃었다. 연결이 리셋됐다.`
    if (how === 'timeout') return `${josa(node, '이/가')} ${peer}의 응답을 더 기다리지 않는다. 제때 오지 않았다.`
    return `${josa(node, '이/가')} ${peer}에 접속하지 못했다. 받아 줄 프로세스가 없다.`
  },

  'batch.appended': ({ partition, node, base, last, producer, packed }) =>
    `${josa(node, '이/가')} ${producer}의 레코드 ${last - base + 1}개를 ${partition}의 ${range(base, last)}에 덧붙였다.${packed === undefined || packed.codec === 'none' ? '' : ` ${josa(packed.codec, '으로/로')} 압축해 ${formatBytes('ko', packed.was)} 대신 ${formatBytes('ko', packed.bytes)}.`}${packed === undefined || packed.micros === 0 ? '' : ` 검증하려고 압축을 푸는 데 프로세서 ${packed.micros} µs가 들었다.`}`,
  'batch.recompressed': ({ partition, node, producer, base, from, to, was, bytes, micros }) =>
    `${josa(node, '이/가')} ${partition} 오프셋 ${base}에 놓을 ${producer}의 배치를 토픽의 compression.type대로 ${to === 'none' ? '압축을 풀어 두었다.' : `풀어 ${from} 대신 ${josa(to, '으로/로')} 다시 압축했다.`} ${formatBytes('ko', was)}에서 ${josa(formatBytes('ko', bytes), '으로/로')} 바뀌었고 프로세서 ${micros} µs가 들었다.`,
  'segment.rolled': ({ partition, node, base, was, why, limit }) => {
    const rolled = `${josa(node, '이/가')} ${partition}의 세그먼트 ${josa(was, '을/를')} 닫고 세그먼트 ${josa(base, '을/를')} 열었다.`
    if (why === 'size') return `${rolled} 다음 배치까지 담으면 segment.bytes ${josa(formatBytes('ko', limit), '을/를')} 넘는다.`
    if (why === 'index') return `${rolled} 인덱스가 가득 찼다. segment.index.bytes는 ${formatBytes('ko', limit)}.`
    return `${rolled} 새 배치의 시각이 첫 배치보다 ${time(limit)}(${why === 'time' ? 'segment.ms' : 'max.compaction.lag.ms'}) 넘게 늦다.`
  },
  'segment.deleted': ({ partition, node, base, last, bytes, why, figure, limit }) => {
    const what = `${josa(node, '이/가')} ${partition}의 세그먼트 ${josa(base, '을/를')} 삭제했다(${range(base, last)}, ${formatBytes('ko', bytes)}).`
    if (why === 'size') return `${what} 이 세그먼트가 없어도 로그는 ${josa(formatBytes('ko', figure), '이라/라')} retention.bytes ${formatBytes('ko', limit)}보다 작지 않다.`
    return why === 'time' ? `${what} 가장 새로운 레코드도 ${time(figure)} 지났고 retention.ms는 ${time(limit)}.` : `${what} 전부 로그 시작 오프셋 ${limit}보다 앞에 있다.`
  },
  'logStart.moved': ({ partition, node, from, to, why }) => {
    const reason = why === 'retention' ? '그 앞은 삭제됐다' : why === 'deleteRecords' ? 'DeleteRecords 요청에 따랐다' : '리더의 로그를 따랐다'
    return `${node}의 ${partition} 로그가 이제 오프셋 ${from} 대신 ${to}에서 시작한다. ${reason}.`
  },
  'log.cleaned': ({ partition, node, removed, upTo, bytes, dirtyPercent, why, limit }) =>
    `${josa(node, '이/가')} ${josa(partition, '을/를')} 오프셋 ${upTo} 앞까지 압착했다. 레코드 ${removed}개가 빠져 ${josa(formatBytes('ko', bytes), '이/가')} 줄었다. ${
      why === 'dirty' ? `로그의 ${dirtyPercent}%가 아직 압착되지 않은 부분이었고 min.cleanable.dirty.ratio는 ${limit}%.` : `압착을 ${time(limit)}(max.compaction.lag.ms)보다 오래 기다린 레코드가 있었다.`}`,
  'log.placed': ({ partition, node, dir }) => `${josa(node, '이/가')} ${partition}의 로그를 ${dir}에 만들었다. log.dirs 가운데 로그가 가장 적은 곳이다.`,
  'logDir.failed': ({ node, dir, partitions, why }) =>
    `${josa(node, '이/가')} ${josa(dir, '을/를')} 오프라인으로 돌렸다${partitions === 0 ? '' : `. 레플리카 ${partitions}개가 함께 내려갔다`}. ${why === 'full' ? '쓰려는데 디스크에 남은 공간이 없었다' : '디스크가 오류로 답한다'}. ${josa(node, '이/가')} 다시 시작할 때까지 오프라인이다.`,
  'logDir.untold': ({ node, dir, timeoutMs }) => `${josa(node, '이/가')} 종료한다. log.dir.failure.timeout.ms인 ${time(timeoutMs)} 동안 ${josa(dir, '이/가')} 오프라인이라는 것을 컨트롤러에 알리지 못했다.`,
  'log.recovered': ({ partition, node, from, to }) =>
    `${josa(node, '이/가')} 비정상 종료 뒤에 ${partition} 로그를 복구했다. 오프셋 ${from}에서 끝나던 로그가 이제 ${to}에서 끝난다.`,
  'log.truncated': ({ partition, node, from, to, epoch }) =>
    `${josa(node, '이/가')} ${partition} 로그에서 ${josa(range(Math.min(from, to), Math.max(from, to) - 1), '을/를')} 잘라냈다. 리더에서는 에포크 ${josa(epoch, '이/가')} 오프셋 ${Math.min(from, to)}에서 끝났다.`,

  'highWatermark.advanced': ({ partition, node, from, to }) => `${node}에서 ${partition}의 하이워터마크가 ${from}에서 ${josa(to, '으로/로')} 올라갔다.`,
  'highWatermark.held': ({ partition, isr, min }) =>
    `${partition}의 하이워터마크가 멈춰 있다. ISR은 ${list(isr)}인데 min.insync.replicas는 ${josa(min, '을/를')} 요구한다.`,
  'isr.changed': ({ partition, isr, was, why }) => {
    if (why === 'elected') return `${partition}의 ISR에는 이제 새 리더만 있다. 이제 ISR: ${list(isr)}.`
    if (why === 'caughtUp') return `${josa(others(isr, was), '이/가')} 따라잡아 ${partition}의 ISR에 들어갔다. 이제 ISR: ${list(isr)}.`
    const left = `${josa(others(was, isr), '이/가')} ${partition}의 ISR에서 빠졌다. ${leftIsr[why]}.`
    return isr.length === 0 ? `${left} 이제 ISR이 비었다.` : `${left} 이제 ISR: ${list(isr)}.`
  },
  'isr.asked': ({ partition, node, isr, why, lagMs }) => why === 'lag'
    ? `${josa(node, '이/가')} 컨트롤러에 ${partition}의 ISR을 ${josa(list(isr), '으로/로')} 줄여 달라고 요청했다. 뒤처진 레플리카는 ${time(lagMs)} 전에 마지막으로 따라잡았다.`
    : `${josa(node, '이/가')} 컨트롤러에 ${partition}의 ISR을 ${josa(list(isr), '으로/로')} 늘려 달라고 요청했다. 새 레플리카가 따라잡았다.`,
  'request.parked': ({ node, api, client, partition }) => {
    if (api === 'Produce') return `${josa(node, '이/가')} ${client}에 보낼 ${partition} 응답을 미룬다. ISR 전체가 레코드를 가져야 한다.`
    if (api === 'Fetch') return `${josa(node, '이/가')} ${client}의 Fetch를 대기시켰다. ${partition}에 아직 새 레코드가 없다.`
    return `${josa(node, '이/가')} ${client}의 ${api} 요청을 대기시켰다.`
  },
  'replica.fetched': ({ partition, node, leader, offset }) =>
    `${josa(node, '이/가')} ${leader}에 ${josa(partition, '을/를')} 오프셋 ${offset}부터 요청했다. 그 앞은 모두 갖고 있다는 뜻이다.`,

  'replication.throttled': ({ partition, node, peer, side, limit }) =>
    side === 'leader' ? `${josa(node, '이/가')} ${peer}에 보낸 ${partition}의 양이 초당 ${josa(formatBytes('ko', limit), '을/를')} 넘었다. 나머지는 기다린다.` : `${josa(node, '이/가')} ${peer}에서 가져온 ${partition}의 양이 초당 ${josa(formatBytes('ko', limit), '을/를')} 넘었다. 나머지는 기다린다.`,
  'leader.elected': ({ partition, leader, epoch, how }, by) =>
    `${josa(controller(by), '이/가')} ${josa(leader, '을/를')} ${partition}의 에포크 ${epoch} 리더로 세웠다. ${chosen[how]}.`,
  'elr.changed': ({ partition, elr, lastKnown }) => {
    const led = lastKnown.length === 0 ? '' : ` 마지막 리더: ${list(lastKnown)}.`
    if (elr.length === 0) return `${partition}의 ELR이 비었다.${led}`
    return `ISR에는 없지만 커밋된 레코드를 모두 가진 레플리카가 ${partition}의 ELR에 있다. 이제 ELR: ${list(elr)}.${led}`
  },
  'leader.lost': ({ partition, was }) => `${partition}에 리더가 없다. ${josa(was, '이/가')} 사라졌고 ISR에 다른 레플리카가 없다.`,
  'leader.started': ({ partition, node, epoch, offset }) =>
    `${josa(node, '이/가')} 자기 로그의 끝, 오프셋 ${offset}에서 ${partition}의 에포크 ${josa(epoch, '을/를')} 시작했다.`,
  'broker.registered': ({ node, epoch }, by) => `${josa(controller(by), '이/가')} ${josa(node, '을/를')} 브로커 에포크 ${josa(epoch, '으로/로')} 등록했다.`,
  'broker.fenced': ({ node, silentMs }, by) =>
    `${josa(controller(by), '이/가')} ${josa(node, '을/를')} 펜싱했다.${silentMs > 0 ? ` ${time(silentMs)} 동안 하트비트가 없었다.` : ''}`,
  'broker.unfenced': ({ node }, by) => `${josa(controller(by), '이/가')} ${node}의 펜싱을 풀었다. 메타데이터 로그를 따라잡았다.`,

  'election.started': ({ node, epoch, why, leader, timeoutMs }) => {
    const ask = `에포크 ${epoch}에 머문 채 누가 자신을 뽑아 줄지 먼저 묻는다(사전 투표).`
    if (why === 'fetchTimeout') return `${josa(node, '이/가')} 선출을 시작하려 한다. ${josa(leader ?? '리더', '이/가')} controller.quorum.fetch.timeout.ms인 ${time(timeoutMs)} 동안 페치에 답하지 않았다. ${ask}`
    if (why === 'leaderResigned') return `${josa(node, '이/가')} 선출을 시작하려 한다. ${josa(leader ?? '리더', '이/가')} 물러난다고 알렸다. ${ask}`
    return `${josa(node, '이/가')} 선출을 시작하려 한다. controller.quorum.election.timeout.ms인 ${time(timeoutMs)}에서 그 두 배 사이의 시간 동안 리더 소식이 없었다. ${ask}`
  },
  'vote.granted': ({ node, candidate, epoch, preVote }) =>
    preVote ? `${josa(node, '은/는')} ${josa(candidate, '을/를')} 뽑겠다고 답했다.` : `${josa(node, '이/가')} 에포크 ${epoch}에서 ${candidate}에 투표했다.`,
  'vote.refused': ({ node, candidate, epoch, preVote, why, leader }) =>
    `${josa(node, '이/가')} 에포크 ${epoch}에서 ${candidate}에 ${preVote ? '표를 약속하지 않았다' : '투표하지 않았다'}. ${voteRefused[why](node, leader)}.`,
  'controller.elected': ({ node, epoch, votes, voters }) => `${josa(node, '이/가')} 에포크 ${epoch}의 메타데이터 쿼럼 리더로 뽑혔다. ${voters}표 가운데 ${votes.length}표: ${list(votes)}.`,
  'controller.activated': ({ node, epoch, offset }) =>
    `${josa(node, '이/가')} 에포크 ${epoch}의 활성 컨트롤러가 됐다. 메타데이터 로그는 오프셋 ${offset}까지 커밋됐다. 모든 브로커의 세션을 처음부터 다시 센다.`,
  'controller.resigned': ({ node, epoch, why, timeoutMs, undone }) => {
    const lost = undone > 0 ? ` 메타데이터 레코드 ${undone}개가 커밋되지 않았다.` : ''
    if (why === 'quorum') return `${josa(node, '이/가')} 에포크 ${epoch}에서 물러났다. controller.quorum.fetch.timeout.ms의 1.5배인 ${time(timeoutMs)} 동안 과반수가 페치하지 않았다.${lost}`
    if (why === 'stop') return `${josa(node, '이/가')} 에포크 ${epoch}에서 물러났다. 종료하는 중이므로 다른 보터가 바로 후임을 뽑을 수 있다.${lost}`
    return `${josa(node, '은/는')} 이제 에포크 ${epoch}의 리더가 아니다. 더 높은 에포크를 알게 됐다.${lost}`
  },
  'quorum.lost': ({ alive, voters }) => `${alive === 0 ? '일하는 컨트롤러가 없다.' : `컨트롤러 ${voters}대 가운데 ${alive}대만 일하고 있어 과반수가 아니다.`} 클러스터에서 아무것도 바꿀 수 없다. 브로커는 아는 대로 계속 일한다.`,
  'quorum.regained': ({ alive, voters }) => `컨트롤러 ${voters}대 가운데 ${alive}대가 일하고 있어 다시 과반수다. 리더를 뽑고 커밋할 수 있다.`,
  'metadata.snapshotTaken': ({ node, offset, epoch, records, why, figure, limit }) => `${josa(node, '이/가')} 오프셋 ${offset}, 에포크 ${epoch}까지의 메타데이터 스냅샷을 떴다. 레코드 ${records}개에 지금 상태가 전부 들어 있다. ${why === 'bytes'
    ? `지난 스냅샷 뒤로 ${josa(formatBytes('ko', figure), '이/가')} 커밋됐고 metadata.log.max.record.bytes.between.snapshots는 ${formatBytes('ko', limit)}.`
    : `지난 스냅샷이나 시작에서 ${josa(time(figure), '이/가')} 지났고 metadata.log.max.snapshot.interval.ms는 ${time(limit)}.`}`,
  'metadata.cleaned': ({ node, from, to, why, figure, limit }) => `${node}의 메타데이터 로그가 이제 오프셋 ${from} 대신 ${to}에서 시작한다. 그 앞은 스냅샷에 있다. ${why === 'size'
    ? `로그와 스냅샷이 ${formatBytes('ko', figure)}였고 metadata.max.retention.bytes는 ${formatBytes('ko', limit)}.`
    : `앞선 스냅샷을 뜬 지 ${josa(time(figure), '이/가')} 지났고 metadata.max.retention.ms는 ${time(limit)}.`}`,
  'metadata.snapshotFetched': ({ node, from, offset, epoch, records }) =>
    `${josa(node, '이/가')} ${from}에서 오프셋 ${offset}, 에포크 ${epoch}까지의 메타데이터 스냅샷을 받았다. 레코드는 ${records}개. 리더의 로그에는 이제 자기 로그가 끝난 곳이 남아 있지 않다.`,
  'producerIds.allocated': ({ node, first, last }) => `${josa(node, '이/가')} 나눠 줄 프로듀서 ID ${first}~${last}번을 받았다. 컨트롤러는 이 번호들을 이미 나간 것으로 적어 두었다. 남은 ID가 없는 브로커는 ID를 달라는 쪽에 다시 오라고 답한다.`,
  'metadata.truncated': ({ node, from, to, epoch }) =>
    `${josa(node, '이/가')} 메타데이터 로그에서 ${josa(range(from, to), '을/를')} 잘라냈다. 에포크 ${epoch}의 리더에 없는 레코드라 커밋된 적이 없다.`,

  'metadata.refreshed': ({ client, partition, leader, epoch, from }) => leader === undefined
    ? `${josa(client, '이/가')} ${from}에서 ${partition}에 리더가 없다는 답을 들었다.`
    : `${josa(client, '이/가')} ${from}에서 ${partition}의 에포크 ${epoch} 리더가 ${josa(leader, '이라/라')}는 답을 들었다.`,
  'partition.switched': ({ producer, topic, to }) => `${josa(producer, '은/는')} 이제 키 없는 레코드를 ${josa(`${topic}/${to}`, '으로/로')} 보낸다.`,
  'producer.started': ({ producer, producerId, epoch }) => `${josa(producer, '이/가')} 프로듀서 ID ${josa(producerId, '와/과')} 에포크 ${josa(epoch, '을/를')} 받았다.`,
  'producer.retried': ({ producer, partition, error, attempt }) =>
    `${josa(producer, '이/가')} ${partition}의 배치를 다시 보낸다. 재시도 ${attempt}회째, 원인은 ${error}.`,
  'batch.split': ({ producer, partition, records, bytes, into }) =>
    `리더가 ${partition}에 보낸 ${producer}의 배치(레코드 ${records}개, ${formatBytes('ko', bytes)})를 너무 크다고 거절했다. ${into === 1 ? 'batch.size보다 크지 않아 그대로 한 번 더 보내고, 또 거절되면 반으로 나눈다.' : `${into}개로 나눠 다시 보낸다.`}`,
  'producer.failed': ({ producer, error, records, partition }) => `${josa(producer, '이/가')} ${partition}에 보낼 레코드 ${records}개를 포기했다. 원인은 ${error}.`,
  'producer.blocked': ({ producer, buffered }) => `${producer}의 send()가 막혔다. 버퍼가 ${josa(formatBytes('ko', buffered), '으로/로')} 가득 찼다.`,
  'duplicate.refused': ({ partition, node, producer, sequence, offset }) =>
    `${josa(node, '은/는')} ${producer}의 시퀀스 ${josa(sequence, '을/를')} 이미 ${partition}의 오프셋 ${offset}에 갖고 있어서 두 번 저장하지 않았다.`,
  'record.acked': ({ producer, partition, offset, records, acks }) => {
    const what = josa(range(offset, offset + records - 1), '이/가')
    if (acks === 'all') return `${josa(producer, '이/가')} ${partition}의 ${what} 저장됐다는 응답을 받았다. ISR 전체가 갖고 있다.`
    return acks === '1'
      ? `${josa(producer, '이/가')} ${partition}의 ${what} 저장됐다는 응답을 받았다. 리더가 갖고 있다.`
      : `${josa(producer, '은/는')} ${partition}의 레코드 ${records}개를 응답 없이 보낸 것으로 친다.`
  },
  'record.lost': ({ producer, partition, offset, ackedBy }) =>
    `${partition}의 오프셋 ${josa(offset, '이/가')} 유실됐다. ${josa(ackedBy, '이/가')} ${producer}에 저장했다고 응답했지만 리더에는 없다.`,

  'member.joined': ({ group, member }) => `${josa(member, '이/가')} 그룹 ${group}에 들어왔다.`,
  'member.left': ({ group, member, why }) => `${josa(member, '이/가')} 그룹 ${group}에서 빠졌다. ${left[why]}.`,
  'rebalance.started': ({ group, why }) => `그룹 ${josa(group, '이/가')} 리밸런싱을 시작했다. ${rebalance[why]}.`,
  'rebalance.finished': ({ group, epoch, tookMs, protocol }) => protocol === 'consumer'
    ? `그룹 ${josa(group, '이/가')} ${time(tookMs)} 만에 안정됐다. 모든 멤버가 에포크 ${epoch}에 있다.`
    : `그룹 ${josa(group, '이/가')} ${time(tookMs)} 만에 세대 ${josa(epoch, '으로/로')} 안정됐다.`,
  'group.advanced': ({ group, epoch, why }) => `그룹 ${josa(group, '이/가')} 에포크 ${josa(epoch, '으로/로')} 넘어갔다. ${rebalance[why]}.`,
  'target.computed': ({ group, epoch, assignor, members }) =>
    `코디네이터가 그룹 ${group}의 에포크 ${epoch} 목표 할당을 정했다. 멤버는 ${members}개, 할당자는 ${assignor}.`,
  'member.returned': ({ group, member, instance, stable }) =>
    `${josa(member, '이/가')} 그룹 ${group}에서 스태틱 멤버 ${instance}의 자리를 이어받았다.${stable ? ' 리밸런싱은 일어나지 않는다.' : ''}`,
  'member.fenced': ({ member, instance }) =>
    `${josa(member, '이/가')} FENCED_INSTANCE_ID 오류로 펜싱됐다. 다른 프로세스가 group.instance.id ${josa(instance, '을/를')} 쓰고 있다.`,
  'partitions.assigned': ({ member, partitions, kept, pausedMs }) => {
    if (partitions.length === 0) return kept === undefined ? `${josa(member, '은/는')} 맡은 파티션이 없다.` : `${josa(member, '은/는')} ${josa(list(kept), '을/를')} 그대로 맡는다.`
    if (kept !== undefined) return `${josa(member, '은/는')} ${josa(list(partitions), '을/를')} 새로 맡고 ${josa(list(kept), '은/는')} 그대로 맡는다.`
    const idle = pausedMs === undefined ? '' : `${time(pausedMs)} 동안 읽을 것이 없다가 `
    return `${josa(member, '이/가')} ${idle}${josa(list(partitions), '을/를')} 맡았다.`
  },
  'partitions.revoked': ({ member, partitions, paused }) => `${josa(member, '이/가')} ${josa(list(partitions), '을/를')} 내려놓았다.${unflagged(paused)}`,
  'partitions.lost': ({ member, partitions, paused }) => `${josa(member, '이/가')} ${josa(list(partitions), '을/를')} 예고 없이 잃었다.${unflagged(paused)}`,
  'partitions.paused': ({ consumer, partitions }) => `${josa(consumer, '이/가')} ${josa(list(partitions), '을/를')} 일시 정지했다. 그대로 맡은 채 poll()도 계속하지만, 읽지는 않는다.`,
  'partitions.resumed': ({ consumer, partitions }) => `${josa(consumer, '이/가')} ${josa(list(partitions), '을/를')} 다시 읽기 시작했다. 멈춘 자리에서 이어 읽는다.`,
  'offsets.committed': ({ group, partition, offset }) => `그룹 ${josa(group, '이/가')} ${partition}의 오프셋 ${josa(offset, '을/를')} 커밋했다.`,
  'offsets.expired': ({ group, partition, offset, since, ageMs, retentionMs }) =>
    `그룹 ${josa(group, '이/가')} 커밋한 ${partition}의 오프셋 ${josa(offset, '이/가')} 만료됐다. ${since === 'empty' ? '그룹에 멤버가 없어진 지' : '커밋한 지'} ${josa(time(ageMs), '이/가')} 지났고 offsets.retention.minutes는 ${time(retentionMs)}.`,
  'group.expired': ({ group }) => `그룹 ${josa(group, '이/가')} 사라졌다. 멤버도 커밋된 오프셋도 남지 않았다.`,
  'offset.reset': ({ consumer, partition, from, to, policy }) => from === undefined
    ? `${josa(consumer, '이/가')} ${josa(partition, '을/를')} 오프셋 ${to}부터 읽는다. 커밋이 없고 auto.offset.reset은 ${policy}.`
    : `${josa(consumer, '이/가')} ${partition}에서 오프셋 ${from} 대신 ${josa(to, '으로/로')} 옮겨 갔다. ${josa(from, '은/는')} 범위 밖이고 auto.offset.reset은 ${policy}.`,
  'fetch.redirected': ({ consumer, partition, from, to, rack }) => `${josa(from, '이/가')} ${josa(partition, '을/를')} 읽는 ${josa(consumer, '을/를')} ${josa(to, '으로/로')} 보낸다. 같은 랙(client.rack ${rack})에 있기 때문이다.`,
  'position.sought': ({ consumer, partition, from, to, how }) => {
    const went = `${josa(consumer, '이/가')} ${partition}의 읽기 위치를 ${from === undefined ? '' : `오프셋 ${from}에서 `}${josa(to, '으로/로')} 옮겼다.`
    if (how === 'withEpoch') return `${went} 알고 있는 리더 에포크와 함께 옮겼으므로, 리더의 로그에 아직 있는지 먼저 묻는다.`
    return how === 'offset' ? `${went} 다음 페치는 거기서 시작한다.` : `${went} 로그의 ${how === 'earliest' ? '처음' : '끝'}이다.`
  },
  'consumer.failed': ({ consumer, partition, offset, error, policy }) => {
    const stopped = `${consumer} 프로그램이 예외로 끝났다.`
    if (error === 'NO_OFFSET') return `${stopped} ${partition}에 커밋이 없고 auto.offset.reset은 ${policy}(NO_OFFSET).`
    if (error === 'OFFSET_OUT_OF_RANGE') return `${stopped} ${partition}의 오프셋 ${josa(offset ?? '-', '은/는')} 범위 밖이고 auto.offset.reset은 ${policy}(OFFSET_OUT_OF_RANGE).`
    if (error === 'LOG_TRUNCATION') return `${stopped} 오프셋 ${offset ?? '-'}까지 읽은 것이 ${partition}의 새 리더에 없고 auto.offset.reset은 ${policy}(LOG_TRUNCATION).`
    if (error === 'CORRUPT_MESSAGE') return `${stopped} ${partition}의 오프셋 ${offset ?? '-'}에 있는 배치는 체크섬이 맞지 않는다(CORRUPT_MESSAGE).`
    return `${stopped} ${partition}에서 poll()이 ${josa(error, '을/를')} 던졌다.`
  },
  'commit.failed': ({ consumer, group, error, async }) => {
    if (error === 'RETRIABLE_COMMIT_FAILED') return `${josa(consumer, '이/가')} 그룹 ${group}에 보낸 commitAsync()가 실패했고, 다시 시도하지 않는다(RETRIABLE_COMMIT_FAILED). 코디네이터에 닿지 못했거나 코디네이터가 받을 수 없었다.`
    if (async === true) return `${consumer}의 commitAsync() 콜백이 ${josa(error, '을/를')} 받았다. ${error === 'COMMIT_FAILED' ? `그룹 ${josa(group, '은/는')} 이미 ${consumer} 없이 진행했다` : `그룹 ${josa(group, '이/가')} 받지 않았고, 다시 시도하지 않는다`}.`
    if (error === 'COMMIT_FAILED') return `${consumer}의 커밋이 거부됐다(COMMIT_FAILED). 그룹 ${josa(group, '은/는')} 이미 ${consumer} 없이 진행했다.`
    return `그룹 ${group}에 보낸 ${consumer}의 커밋이 ${josa(error, '으로/로')} 실패했다.`
  },
  'records.read': ({ consumer, partition, base, last }) => `${josa(consumer, '이/가')} ${partition}의 ${josa(range(base, last), '을/를')} 읽었다.`,
  'share.started': ({ group, partition, offset, policy }) => policy === undefined
    ? `셰어 그룹 ${josa(group, '이/가')} ${partition}의 오프셋 ${offset}부터 이어 간다.`
    : `셰어 그룹 ${josa(group, '이/가')} ${partition}의 오프셋 ${offset}부터 시작한다(share.auto.offset.reset=${policy}).`,
  'share.acquired': ({ member, partition, offset, last, count, limit, lockMs }) =>
    `${josa(member, '이/가')} ${partition}의 ${josa(range(offset, last), '을/를')} ${time(lockMs)} 동안 빌렸다. 전달 횟수는 ${count}번, 한도는 ${limit}번.`,
  'share.released': ({ member, partition, offset, last, count, why, lockMs }) => {
    const what = `${partition}의 ${range(offset, last)}`
    if (why === 'lock') return `${josa(member, '이/가')} 빌린 ${what}의 잠금이 ${time(lockMs)} 만에 풀렸다. 다시 누구나 가져갈 수 있다.`
    return why === 'asked' ? `${josa(member, '이/가')} ${josa(what, '을/를')} 돌려줬다. ${count}번 전달됐고, 다시 누구나 가져갈 수 있다.` : `${josa(member, '이/가')} 떠나, 빌려 간 ${josa(what, '을/를')} 다시 누구나 가져갈 수 있다. 그 전달은 횟수에 들지 않는다.`
  },
  'share.archived': ({ member, partition, offset, last, why, limit }) => why === 'asked'
    ? `${josa(member, '이/가')} ${partition}의 ${josa(range(offset, last), '을/를')} 거부했다. 이제 아무에게도 전달되지 않는다.`
    : `${partition}의 ${josa(range(offset, last), '은/는')} 전달 한도 ${limit}번을 다 채우고도 돌아와 ARCHIVED가 됐다. 이제 아무에게도 전달되지 않는다.`,
  'share.refused': ({ member, partition, offset, last, error }) => error === 'INVALID_RECORD_STATE'
    ? `${josa(member, '이/가')} ${partition}의 ${range(offset, last)}에 확인 응답을 보냈지만 거절당했다(INVALID_RECORD_STATE). 이제 그 레코드를 빌리고 있지 않다.`
    : `${josa(member, '이/가')} ${partition}의 ${range(offset, last)}에 확인 응답을 보냈지만 거절당했다(${error}).`,
  'records.filtered': ({ consumer, count, of, keys }) => `${josa(consumer, '이/가')} 레코드 ${of === 1 ? '하나를' : `${of}개 가운데 ${count}개를`} 걸러 냈다. 키가 ${keys}에 맞지 않는다. ${of === 1 ? '그래도 네트워크는 건너왔다' : `네트워크로는 ${of}개가 다 건너왔다`}.`,
  'handler.failed': ({ consumer, partition, offset, how, to, afterMs }) => {
    const failed = `${consumer}의 핸들러가 ${partition} 오프셋 ${josa(offset, '을/를')} 처리하다 실패했다.`
    switch (how) {
      case 'ends': return `${failed} 아무도 예외를 잡지 않아 프로그램이 커밋 없이 끝났다.`
      case 'skipped': return `${failed} 처리한 셈 치고 다음으로 넘어간다.`
      case 'again': return `${failed} ${time(afterMs ?? 0)}마다 다시 해 보고, 그동안 다른 것은 읽지 않는다.`
      case 'moved': return `${failed} ${to}에 써 두고 다음으로 넘어간다.`
      case 'dead': return `${failed} 데드 레터 토픽 ${to}에 쓰고 다음으로 넘어간다.`
      case 'released': return `${failed} 다시 시도하도록 반납한다.`
      case 'rejected': return `${failed} 거부한다.`
    }
  },
  'records.delayed': ({ consumer, partition, offset, waitMs, afterMs }) =>
    `${partition} 오프셋 ${josa(offset, '은/는')} 아직 ${josa(time(waitMs), '을/를')} 더 기다려야 한다. ${josa(consumer, '은/는')} 이 토픽을 ${time(afterMs)} 늦게 읽는다. 위치를 되돌리고 그때까지 파티션을 멈춘다.`,
  'coordinator.moved': ({ group, from, to }) => {
    if (to === undefined) return `그룹 ${group}에 코디네이터가 없다.`
    return from === undefined ? `${josa(to, '이/가')} 그룹 ${group}의 코디네이터다.` : `그룹 ${group}의 코디네이터가 ${from}에서 ${josa(to, '으로/로')} 옮겨 갔다.`
  },

  'txn.began': ({ txn, epoch, timeoutMs }) =>
    `트랜잭션 ${josa(txn, '이/가')} 에포크 ${epoch}에서 시작됐다. 첫 파티션이 들어왔고, transaction.timeout.ms인 ${time(timeoutMs)} 안에 끝나야 한다.`,
  'txn.decided': ({ txn, outcome, why, epoch, partitions, timeoutMs }) => {
    const markers = partitions.length === 0 ? '들어온 파티션은 없다.' : `에포크 ${epoch}의 마커를 ${list(partitions)}에 보낸다.`
    if (why === 'timeout') return `트랜잭션 ${josa(txn, '을/를')} 중단하기로 했다. transaction.timeout.ms인 ${josa(time(timeoutMs), '을/를')} 넘겼다. ${markers}`
    if (why === 'fenced') return `트랜잭션 ${josa(txn, '을/를')} 중단하기로 했다. 다른 프로듀서가 같은 transactional.id로 시작한다. ${markers}`
    return `트랜잭션 ${josa(txn, '을/를')} ${ended[outcome]}하기로 정했다. ${markers}`
  },
  'marker.written': ({ partition, node, txn, offset, outcome }) => (txn === ''
    ? `${josa(node, '이/가')} ${partition}의 오프셋 ${offset}에 ${ended[outcome]} 마커를 썼다. 관리 클라이언트가 이 파티션에만 요청한 것이다. 트랜잭션 코디네이터는 모르는 일이다.`
    : `${josa(node, '이/가')} ${partition}의 오프셋 ${offset}에 트랜잭션 ${txn}의 ${ended[outcome]} 마커를 썼다.`),
  'txn.finished': ({ txn, outcome }) => `트랜잭션 ${josa(txn, '이/가')} 완료됐다. 모든 파티션에 ${ended[outcome]} 마커가 있다.`,
  'txn.moved': ({ txn, to, state }) => `이제 ${josa(to, '이/가')} transactional.id ${txn}의 코디네이터다. 로그에서 읽은 상태는 ${state}.`,
  'producer.fenced': ({ producer, error, txn }) => error === 'INVALID_TXN_STATE' ? `${josa(producer, '이/가')} INVALID_TXN_STATE 오류로 거절됐다. 그 사이 트랜잭션 ${josa(txn, '이/가')} 끝났다.` : byGroup.has(error)
    ? `${josa(producer, '이/가')} ${error} 오류로 펜싱됐다. 그룹은 이미 다음으로 넘어가 트랜잭션 ${txn}의 오프셋을 받지 않는다.`
    : `${josa(producer, '이/가')} ${error} 오류로 펜싱됐다. transactional.id ${txn}에 더 높은 에포크가 있다.`,
  'client.misused': ({ client, how, state, message }) => message === undefined ? `${josa(client, '은/는')} 지금 ${how}()를 호출할 수 없다. 현재 상태는 ${state}.` : `${josa(client, '이/가')} 호출한 ${how}()는 예외로 끝났다. ${message}(IllegalStateException).`,

  'topic.created': ({ topic, partitions, replicationFactor }, by) =>
    `${josa(controller(by), '이/가')} ${josa(topic, '을/를')} 만들었다. 파티션 ${partitions}개, 사본은 ${replicationFactor}개씩.`,
  'topic.deleted': ({ topic }, by) => `${josa(controller(by), '이/가')} ${josa(topic, '을/를')} 삭제했다.`,
  'partitions.added': ({ topic, from, to }) => `${topic}의 파티션이 ${from}개에서 ${to}개로 늘었다. 이미 저장된 레코드는 그 자리에 남는다.`,
  'reassignment.started': ({ partition, adding, removing }) => {
    const comes = adding.length === 0 ? [] : [`들어올 레플리카: ${list(adding)}`]
    const goes = removing.length === 0 ? [] : [`나갈 레플리카: ${list(removing)}`]
    return `${josa(partition, '을/를')} 옮기기 시작했다. ${[...comes, ...goes].join(', ')}.`
  },
  'reassignment.finished': ({ partition, replicas, how }) =>
    how === 'done' ? `${josa(partition, '을/를')} 다 옮겼다. 이제 레플리카: ${list(replicas)}.` : `${partition} 옮기기를 취소했다. 이제 레플리카: ${list(replicas)}.`,
  'admin.asked': ({ api, about }) => api === 'Produce' ? `시험용 클라이언트가 손으로 만든 ProduceRequest 하나를 ${josa(about, '으로/로')} 보냈다.` : `관리 클라이언트가 ${about === '' ? '' : `${about}에 대해 `}${josa(api, '을/를')} 요청했다.`,
  'admin.answered': ({ api, about, error, tookMs, message }) =>
    `${about === '' ? '' : `${about}에 대한 `}${api} 요청이 ${time(tookMs)} 만에 ${error === 'NONE' ? '끝났다' : `${josa(error, '으로/로')} 거절됐다`}.${message === undefined ? '' : ` Kafka의 말: “${message}”.`}`,
  'config.changed': ({ name, key, value, was }) => `${name === '' ? '모든 브로커' : name}의 ${josa(key, '이/가')} ${said(was)}에서 ${josa(said(value), '으로/로')} 바뀌었다.`,
  'step.began': ({ step, index }) => `${index + 1}단계 시작: ${step}.`,

  ...toyNotesKo,
  ...sinkNotesKo,
}
