/**
 * What may stand behind each fact: which earlier facts, and which configs, decided that it happened. The kernel knows
 * the step before; these rules know what it means in Kafka.
 */
import type { KafkaError } from '../kafka/errors.ts'
import type { Fact, FactOf, NoteCode } from '../kafka/notes.ts'
import type { Past } from './past.ts'
import type { StoryLine } from './story.ts'
import { effects } from './why-effects.ts'
import { decided, reason, type Reason, type Rule } from './why-reason.ts'

const nothing = reason([])

const lost = (before: readonly string[], now: readonly string[]): string | undefined => before.find((each) => !now.includes(each))
/** Of the ISR that stood before: who is asked to leave it, or is new in it. */
function changedMember({ partition, isr, why }: FactOf<'isr.asked'>, past: Past): string | undefined {
  const before = past.last('isr.changed', (fact) => fact.partition === partition)?.fact.isr
  if (why === 'caughtUp') return before === undefined ? undefined : lost(isr, before)
  if (before !== undefined) return lost(before, isr)
  const fetching = past.last('replica.fetched', (fact) => fact.partition === partition && !isr.includes(fact.node))
  return fetching?.fact.node
}

const covers = (fact: FactOf<'batch.appended'>, partition: string, offset: number): boolean =>
  fact.partition === partition && fact.base <= offset && fact.last >= offset
const isOffsets = (partition: string): boolean => partition.startsWith('__consumer_offsets/')

const replication = {
  'batch.appended': ({ partition, producer, packed }, past, line) => {
    const again = past.last('batch.recompressed', (fact) => fact.partition === partition)
    if (again?.step === line.step) return reason([again])
    return reason([past.since(producer, partition,
      past.last('producer.retried', (fact) => fact.partition === partition && fact.producer === producer),
      past.last('metadata.refreshed', (fact) => fact.partition === partition && fact.client === producer),
      past.last('batch.split', (fact) => fact.partition === partition && fact.producer === producer))], ...(packed === undefined ? [] : [decided('compression.type', packed.codec)]))
  },
  'batch.recompressed': ({ to }, past) => reason([past.last('config.changed', (fact) => fact.key === 'compression.type' && fact.kind !== 'client')], decided('compression.type', to === 'none' ? 'uncompressed' : to)),
  'log.truncated': ({ partition, node, epoch }, past) => reason([
    past.last('leader.elected', (fact) => fact.partition === partition && fact.epoch <= epoch)
      ?? past.last('leader.elected', (fact) => fact.partition === partition),
    past.remedy(node),
  ]),
  'highWatermark.advanced': ({ partition, node, to }, past) => {
    const onLeader = past.last('highWatermark.advanced', (fact) => fact.partition === partition && fact.node !== node && fact.to >= to)
    const fetched = past.last('replica.fetched', (fact) => fact.partition === partition && fact.leader === node)
    const shrunk = past.last('isr.changed', (fact) => fact.partition === partition && fact.why !== 'caughtUp')
    return reason([past.newest(fetched, fetched === undefined ? onLeader : undefined, shrunk)])
  },
  'highWatermark.held': ({ partition, min }, past) =>
    reason([past.last('isr.changed', (fact) => fact.partition === partition)], decided('min.insync.replicas', min)),
  'isr.asked': (fact, past) => {
    const member = changedMember(fact, past)
    if (member === undefined) return fact.why === 'lag' ? reason([], 'replica.lag.time.max.ms') : nothing
    if (fact.why === 'lag') return reason([past.fault(member, ['replication'])], 'replica.lag.time.max.ms')
    const fetched = past.last('replica.fetched', (each) => each.partition === fact.partition && each.node === member)
    return reason([fetched, past.remedy(member)])
  },
  'isr.changed': ({ partition, was, isr, why }, past) => {
    if (why === 'reassignment') return reason([past.last('reassignment.finished', (fact) => fact.partition === partition)])
    const asked = past.last('isr.asked', (fact) => fact.partition === partition && fact.why === why)
    if (why === 'lag' || why === 'caughtUp') return reason([asked])
    if (why === 'elected') return reason([past.last('broker.unfenced', (fact) => fact.node === isr[0]), past.last('broker.fenced')].slice(0, 1))
    const gone = lost(was, isr)
    if (why === 'logDir') return reason([past.last('logDir.failed', (fact) => fact.node === gone)])
    return reason([why === 'shutdown' ? past.stopping(gone) : past.last('broker.fenced', (fact) => fact.node === gone)])
  },
  'elr.changed': ({ partition, elr }, past, line) => {
    const before = past.last('elr.changed', (fact) => fact.partition === partition)?.fact.elr ?? []
    const shrunk = past.last('isr.changed', (fact) => fact.partition === partition)
    // It changes with the ISR; or somebody in it has come back without having stopped in order.
    return reason([shrunk?.step === line.step ? shrunk : past.remedy(lost(before, elr) ?? '')], 'min.insync.replicas')
  },
  'request.parked': ({ api, partition, node }, past) => api === 'Produce'
    ? reason([past.last('batch.appended', (fact) => fact.partition === partition && fact.node === node)], 'acks')
    : reason([past.last('highWatermark.advanced', (fact) => fact.partition === partition && fact.node === node)], 'fetch.max.wait.ms'),
  'replica.fetched': ({ partition, offset, node }, past) =>
    reason([past.newest(
      past.last('batch.appended', (fact) => fact.partition === partition && fact.last + 1 === offset),
      past.last('marker.written', (fact) => fact.partition === partition && fact.offset + 1 === offset),
    ), past.remedy(node)]),
} satisfies { readonly [C in NoteCode]?: Rule<C> }

const VOTERS: readonly string[] = ['k1', 'k2', 'k3', 'k4', 'k5']
/** The newest that is wrong with any voter but this one, as the others see it. */
const faultOfOthers = (past: Past, node: string): StoryLine | undefined =>
  past.newest(...VOTERS.filter((each) => each !== node).map((each) => past.fault(each, ['controller'])))

const quorum = {
  'election.started': ({ node, why, leader, timeoutMs }, past) => {
    const resigned = past.last('controller.resigned')
    if (why === 'leaderResigned') return reason([past.newest(resigned, past.remedy(leader ?? ''))])
    const fault = past.newest(past.fault(leader ?? '', ['controller']), past.fault(node, ['controller']))
    if (why === 'fetchTimeout') return reason([fault], decided('controller.quorum.fetch.timeout.ms', timeoutMs))
    return reason([past.newest(resigned, fault, faultOfOthers(past, node))], decided('controller.quorum.election.timeout.ms', timeoutMs))
  },
  'vote.granted': ({ candidate }, past) => reason([past.last('election.started', (fact) => fact.node === candidate)]),
  'vote.refused': ({ candidate }, past) => reason([past.last('election.started', (fact) => fact.node === candidate)]),
  'controller.elected': ({ node, epoch }, past) => reason([
    past.last('vote.granted', (fact) => fact.candidate === node && fact.epoch === epoch && !fact.preVote),
    past.last('election.started', (fact) => fact.node === node) ?? past.remedy(node),
  ]),
  'controller.activated': ({ node, epoch }, past) => reason([past.last('controller.elected', (fact) => fact.node === node && fact.epoch === epoch)]),
  'controller.resigned': ({ node, epoch, why }, past) => {
    if (why === 'stop') return reason([past.stopping(node)])
    if (why === 'higherEpoch') return reason([past.last('controller.elected', (fact) => fact.epoch > epoch) ?? past.last('election.started', (fact) => fact.epoch >= epoch), past.remedy(node)])
    return reason([past.fault(node, ['controller']), faultOfOthers(past, node)], 'controller.quorum.fetch.timeout.ms')
  },
  'quorum.lost': (_, past) => reason([faultOfOthers(past, '')]),
  'quorum.regained': (_, past) => reason([past.newest(...VOTERS.map((each) => past.remedy(each)))]),
  'metadata.snapshotTaken': ({ why, limit }) => reason([], decided(why === 'bytes' ? 'metadata.log.max.record.bytes.between.snapshots' : 'metadata.log.max.snapshot.interval.ms', limit)),
  'metadata.cleaned': ({ node, to, why, limit }, past) =>
    reason([past.last('metadata.snapshotTaken', (fact) => fact.node === node && fact.offset === to)], decided(why === 'size' ? 'metadata.max.retention.bytes' : 'metadata.max.retention.ms', limit)),
  'producerIds.allocated': () => nothing,
  'metadata.snapshotFetched': ({ node, from }, past) => reason([past.last('metadata.cleaned', (fact) => fact.node === from), past.remedy(node)]),
  'metadata.truncated': ({ node, epoch }, past) => reason([past.last('controller.elected', (fact) => fact.epoch <= epoch), past.last('controller.resigned', (fact) => fact.node === node)]),
} satisfies { readonly [C in NoteCode]?: Rule<C> }

const control = {
  'leader.elected': ({ partition, leader, how }, past, line) => {
    const inIsr = past.last('isr.changed', (fact) => fact.partition === partition && fact.isr.includes(leader))
    if (how === 'reassignment') return reason([past.last('reassignment.finished', (fact) => fact.partition === partition)])
    const asked = past.asked('ElectLeaders', partition)
    if (how === 'preferred') return asked === undefined ? reason([inIsr], 'auto.leader.rebalance.enable') : reason([asked, inIsr])
    const before = past.last('leader.elected', (fact) => fact.partition === partition)?.fact.leader
    const inStep = past.last('broker.fenced', (fact) => fact.node === before) ?? past.last('broker.fenced')
    const back = past.last('broker.unfenced', (fact) => fact.node === leader)
    const lostBefore = past.last('leader.lost', (fact) => fact.partition === partition)
    const configs = how === 'unclean' ? ['unclean.leader.election.enable'] : []
    if (how === 'unclean' && asked !== undefined) return reason([asked, lostBefore])
    if (lostBefore !== undefined && back !== undefined && back.index > lostBefore.index) return reason([back, lostBefore], ...configs)
    if (how === 'controlledShutdown') return reason([past.stopping(before) ?? past.last('node.stopping')])
    const dirFailed = past.last('isr.changed', (fact) => fact.partition === partition && fact.why === 'logDir')
    if (dirFailed?.step === line.step) return reason([dirFailed], ...configs)
    return reason([inStep?.step === line.step ? inStep : past.newest(inStep, lostBefore)], ...configs)
  },
  'leader.lost': ({ was, partition }, past, line) => {
    const dirFailed = past.last('logDir.failed', (fact) => fact.node === was)
    const shrunk = past.last('isr.changed', (fact) => fact.partition === partition && fact.why === 'logDir')
    return reason([shrunk?.step === line.step ? dirFailed : past.last('broker.fenced', (fact) => fact.node === was)])
  },
  'leader.started': ({ partition, node, epoch }, past) =>
    reason([past.last('leader.elected', (fact) => fact.partition === partition && fact.leader === node && fact.epoch === epoch)]),
  'broker.registered': ({ node }, past) => reason([past.remedy(node)]),
  'broker.unfenced': ({ node }, past) =>
    reason([past.newest(past.last('broker.registered', (fact) => fact.node === node), past.remedy(node))]),
  'broker.fenced': ({ node, silentMs }, past) => {
    if (silentMs <= 0) return reason([past.stopping(node)])
    const fault = past.fault(node, ['controller'])
    // Its session began anew when somebody else became the active controller: it is fenced so much later.
    const activated = past.last('controller.activated')
    const renewed = fault !== undefined && activated !== undefined && activated.index > fault.index ? activated : undefined
    return reason([fault, renewed], 'broker.session.timeout.ms', 'broker.heartbeat.interval.ms')
  },
  ...quorum,
  'connection.lost': ({ node, peer, how }, past) => {
    const cut = past.last('link.cut', (fact) => fact.from === peer || fact.to === peer)
    if (how === 'timeout') return reason([past.newest(past.fault(peer, []), past.fault(node, []), cut)], 'request.timeout.ms')
    const tampered = past.last('message.tampered', (fact) => fact.closes && [fact.from, fact.to].includes(peer) && [fact.from, fact.to].includes(node))
    return reason([past.newest(past.ended(peer), past.ended(node), tampered)])
  },
} satisfies { readonly [C in NoteCode]?: Rule<C> }

/** The limits that a record has met when it is refused for good. */
const decidedBy: { readonly [E in KafkaError]?: readonly string[] } = {
  TIMED_OUT: ['delivery.timeout.ms'], MESSAGE_TOO_LARGE: ['max.message.bytes'], RECORD_LIST_TOO_LARGE: ['segment.bytes'],
  INVALID_TIMESTAMP: ['message.timestamp.after.max.ms', 'message.timestamp.before.max.ms'], INVALID_RECORD: ['cleanup.policy'],
}

const producers = {
  'metadata.refreshed': ({ client, partition, epoch }, past) => reason([
    past.last('leader.elected', (fact) => fact.partition === partition && fact.epoch === epoch),
    past.last('connection.lost', (fact) => fact.node === client),
  ]),
  'partition.switched': () => reason([], 'batch.size'),
  'producer.started': ({ producerId }, past) =>
    reason([past.last('producerIds.allocated', ({ first, last }) => first <= producerId && producerId <= last)], 'enable.idempotence'),
  'producer.retried': ({ producer, partition, error }, past) => {
    const about = (fact: { partition: string }): boolean => fact.partition === partition
    switch (error) {
      case 'NETWORK_EXCEPTION': return reason([past.last('connection.lost', (fact) => fact.node === producer)])
      case 'REQUEST_TIMED_OUT':
        return reason([past.newest(past.last('link.cut'), past.last('node.paused'), past.last('isr.changed', about))], 'request.timeout.ms')
      case 'NOT_ENOUGH_REPLICAS': case 'NOT_ENOUGH_REPLICAS_AFTER_APPEND':
        return reason([past.last('isr.changed', about)], 'min.insync.replicas')
      case 'NOT_LEADER_OR_FOLLOWER': case 'FENCED_LEADER_EPOCH': case 'UNKNOWN_LEADER_EPOCH':
        return reason([past.newest(past.last('leader.elected', about), past.last('leader.lost', about))])
      default: return reason([past.last('connection.lost', (fact) => fact.node === producer)])
    }
  },
  'producer.failed': ({ producer, partition, error }, past) => {
    const retried = past.last('producer.retried', (fact) => fact.producer === producer && fact.partition === partition)
    const disconnected = past.last('connection.lost', (fact) => fact.node === producer)
    return reason([past.newest(retried, disconnected), error === 'INVALID_TIMESTAMP' ? past.clock(producer) : undefined], ...(decidedBy[error] ?? []))
  },
  'handler.failed': ({ consumer, partition, offset }, past) => reason([past.last('records.read', (fact) => fact.consumer === consumer && fact.partition === partition && fact.base <= offset && offset <= fact.last)]),
  'records.delayed': ({ partition }, past) => reason([past.last('handler.failed', (fact) => fact.to !== undefined && partition.startsWith(`${fact.to}/`))]),
  'batch.split': (_, past) => reason([past.last('config.changed', (fact) => fact.key === 'max.message.bytes')], 'max.message.bytes', 'batch.size'),
  'producer.blocked': ({ producer }, past) =>
    reason([past.last('connection.lost', (fact) => fact.node === producer)], 'buffer.memory', 'max.block.ms'),
  'duplicate.refused': ({ producer, partition }, past) =>
    reason([past.newest(
      past.last('producer.retried', (fact) => fact.producer === producer && fact.partition === partition),
      past.last('message.tampered', (fact) => fact.how === 'duplicate' && fact.from === producer),
    )], 'enable.idempotence'),
  'record.acked': ({ partition, offset, records, acks }, past) => {
    const appended = past.last('batch.appended', (fact) => covers(fact, partition, offset))
    const highWatermark = past.last('highWatermark.advanced', (fact) => fact.partition === partition && fact.to >= offset + records)
    return reason([acks === 'all' ? (highWatermark ?? appended) : appended], decided('acks', acks))
  },
  'record.lost': ({ partition, offset, producer }, past) => {
    const isIt = (fact: FactOf<'record.acked'>): boolean =>
      fact.partition === partition && fact.producer === producer && fact.offset <= offset && fact.offset + fact.records > offset
    const acked = past.last('record.acked', isIt)
    const elected = past.newest(
      past.last('leader.started', (fact) => fact.partition === partition),
      past.last('leader.elected', (fact) => fact.partition === partition),
    )
    const cut = past.last('link.cut', ({ traffic }) => traffic === 'replication' || traffic === 'all')
    const unclean = past.last('leader.elected', (fact) => fact.partition === partition)?.fact.how === 'unclean'
    const dark = past.last('power.lost', (fact) => fact.records > 0)
    if (dark !== undefined && acked !== undefined && dark.index > acked.index) return reason([dark, acked], 'flush.messages', 'flush.ms')
    return reason(
      [elected, acked, cut !== undefined && acked !== undefined && cut.index < acked.index ? cut : undefined],
      unclean ? 'unclean.leader.election.enable' : 'replica.lag.time.max.ms',
    )
  },
} satisfies { readonly [C in NoteCode]?: Rule<C> }

const assigned = (past: Past, consumer: string, partition: string): ReturnType<typeof past.last<'partitions.assigned'>> =>
  past.last('partitions.assigned', (fact) => fact.member === consumer && fact.partitions.includes(partition))
/** What its group had committed there is no more, and nothing has been committed since. */
function expired(past: Past, consumer: string, partition: string): StoryLine | undefined {
  const group = assigned(past, consumer, partition)?.fact.group
  const isIt = (fact: { readonly group: string; readonly partition: string }): boolean => fact.group === group && fact.partition === partition
  const gone = past.last('offsets.expired', isIt)
  return past.newest(gone, past.last('offsets.committed', isIt)) === gone ? gone : undefined
}

const groups = {
  'member.left': ({ group, member, why }, past) => {
    if (why === 'session') return reason([past.fault(member, ['clients'])], ...(past.last('share.started', (fact) => fact.group === group) === undefined ? ['session.timeout.ms', 'heartbeat.interval.ms'] : ['group.share.session.timeout.ms', 'group.share.heartbeat.interval.ms']))
    return why === 'poll'
      ? reason([past.fault(member, ['clients'])], 'max.poll.interval.ms') : reason([past.stopping(member) ?? past.ended(member)])
  },
  'rebalance.started': ({ group, why }, past) => {
    if (why === 'joined') return reason([past.last('member.joined', (fact) => fact.group === group)])
    if (why === 'revoked') return reason([past.last('partitions.revoked', (fact) => fact.group === group)], 'partition.assignment.strategy')
    return why === 'left' ? reason([past.last('member.left', (fact) => fact.group === group)]) : nothing
  },
  'group.advanced': ({ group, why }, past) =>
    reason([why === 'metadata' || why === 'initialized' ? undefined : past.last(why === 'joined' ? 'member.joined' : 'member.left', (fact) => fact.group === group)]),
  'target.computed': ({ group, epoch, assignor }, past) =>
    reason([past.last('group.advanced', (fact) => fact.group === group && fact.epoch <= epoch)], ...(assignor === 'simple' ? ['group.share.heartbeat.interval.ms'] : ['group.consumer.heartbeat.interval.ms', 'group.remote.assignor'])),
  'rebalance.finished': ({ group, epoch, protocol }, past) => protocol === 'consumer'
    ? reason([past.last('target.computed', (fact) => fact.group === group)], 'group.consumer.heartbeat.interval.ms')
    : reason([past.last('rebalance.started', (fact) => fact.group === group)], ...(epoch === 1 ? ['group.initial.rebalance.delay.ms'] : [])),
  'partitions.assigned': ({ group, partitions }, past) => {
    const finished = past.last('rebalance.finished', (fact) => fact.group === group && fact.protocol === undefined)
    const target = past.last('target.computed', (fact) => fact.group === group)
    if (target === undefined || past.newest(finished, target) !== target) return reason([finished], 'partition.assignment.strategy')
    // By the consumer protocol what is new has been waited for, if another had to let go of it.
    const letGo = past.last('partitions.revoked', (fact) => fact.group === group && fact.partitions.some((partition) => partitions.includes(partition)))
    return reason([past.newest(letGo, target) === letGo ? letGo : undefined, target], 'group.consumer.heartbeat.interval.ms')
  },
  'partitions.revoked': ({ group }, past) => {
    // An eager member gives up when a rebalance begins, a cooperative one when it is over; one of the consumer protocol when it is told.
    const started = past.last('rebalance.started', (fact) => fact.group === group)
    const finished = past.last('rebalance.finished', (fact) => fact.group === group && fact.protocol === undefined)
    const target = past.last('target.computed', (fact) => fact.group === group)
    const because = past.newest(started, finished, target)
    return reason([because], because === target && target !== undefined ? 'group.consumer.heartbeat.interval.ms' : 'partition.assignment.strategy')
  },
  'member.returned': ({ member }, past) =>
    reason([past.last('node.started', (fact) => fact.node === member)], 'group.instance.id', 'session.timeout.ms'),
  'member.fenced': ({ instance }, past) => reason([past.last('member.returned', (fact) => fact.instance === instance)], 'group.instance.id'),
  'partitions.lost': ({ group, member }, past) =>
    reason([past.last('member.left', (fact) => fact.group === group && fact.member === member)]),
  'offsets.committed': ({ partition, offset }, past) =>
    reason(
      [past.last('records.read', (fact) => fact.partition === partition && fact.last < offset)],
      'enable.auto.commit', 'auto.commit.interval.ms',
    ),
  'offsets.expired': ({ group, partition, since, retentionMs }, past, { node }) => {
    const committed = since === 'empty' ? undefined : past.last('offsets.committed', (fact) => fact.group === group && fact.partition === partition)
    const left = past.last('member.left', (fact) => fact.group === group)
    return reason([committed, left, past.clock(node)], decided('offsets.retention.minutes', retentionMs / 60_000), 'offsets.retention.check.interval.ms')
  },
  'group.expired': ({ group }, past) =>
    reason([past.newest(past.last('offsets.expired', (fact) => fact.group === group), past.last('member.left', (fact) => fact.group === group))], 'offsets.retention.check.interval.ms'),
  'offset.reset': ({ consumer, partition, from, policy }, past) =>
    reason(
      [from === undefined ? expired(past, consumer, partition) : past.last('logStart.moved', (fact) => fact.partition === partition && fact.to > from), assigned(past, consumer, partition)],
      decided('auto.offset.reset', policy),
    ),
  'fetch.redirected': ({ partition, rack }, past) =>
    reason([past.last('isr.changed', (fact) => fact.partition === partition)], decided('client.rack', rack), 'replica.selector.class'),
  'consumer.failed': ({ consumer, partition, offset, error, policy }, past) => {
    if (error === 'NO_OFFSET') return reason([expired(past, consumer, partition)], decided('auto.offset.reset', policy))
    const moved = offset === undefined ? undefined : past.last('logStart.moved', (fact) => fact.partition === partition && fact.to > offset)
    if (error === 'CORRUPT_MESSAGE') return reason([past.last('fault.made', (fact) => fact.what === 'damage' && fact.target.startsWith(`${partition}@`))], 'check.crcs')
    return reason([moved, error === 'LOG_TRUNCATION' ? past.last('leader.elected', (fact) => fact.partition === partition) : undefined], decided('auto.offset.reset', policy))
  },
  'commit.failed': ({ group, consumer, error }, past) => (error === 'RETRIABLE_COMMIT_FAILED' ? reason([past.newest(past.last('connection.lost', (fact) => fact.node === consumer), past.last('coordinator.moved', (fact) => fact.group === group))], 'request.timeout.ms') : reason(
    [past.last('member.left', (fact) => fact.group === group && fact.member === consumer), past.last('rebalance.started', (fact) => fact.group === group)].slice(0, 1),
    'max.poll.interval.ms', 'session.timeout.ms',
  )),
  'records.read': ({ consumer, partition, last }, past) => {
    const resumed = past.last('partitions.resumed', (fact) => fact.consumer === consumer && fact.partitions.includes(partition))
    const committed = past.last('highWatermark.advanced', (fact) => fact.partition === partition && fact.to > last)
    return reason([past.newest(resumed, committed) === resumed ? resumed : undefined, committed])
  },
  'records.filtered': ({ consumer, keys }, past) => reason([past.last('records.read', (fact) => fact.consumer === consumer)], decided('filter', keys)),
  'partitions.resumed': ({ consumer, partitions }, past) =>
    reason([past.last('partitions.paused', (fact) => fact.consumer === consumer && fact.partitions.some((partition) => partitions.includes(partition)))]),
  'coordinator.moved': (_, past) =>
    reason([past.last('leader.elected', (fact) => isOffsets(fact.partition)), past.last('broker.fenced')].slice(0, 1)),
} satisfies { readonly [C in NoteCode]?: Rule<C> }

const LOCK = 'group.share.record.lock.duration.ms', DELIVERIES = 'group.share.delivery.count.limit'
/** In implicit mode everything is accepted. */
const EXPLICIT = decided('share.acknowledgement.mode', 'explicit')
const shares = {
  'share.started': ({ group, policy }, past) => reason([past.last('target.computed', (fact) => fact.group === group)], ...(policy === undefined ? [] : [decided('share.auto.offset.reset', policy)])),
  // A second delivery has a first one that came back; else the record has just been committed.
  'share.acquired': ({ group, partition, offset, last, count, limit, lockMs }, past) => reason(
    [count === 1 ? past.last('highWatermark.advanced', (fact) => fact.partition === partition && fact.to > last) : lent(past, 'share.released', group, partition, offset)],
    decided(LOCK, lockMs), decided(DELIVERIES, limit),
  ),
  'share.released': ({ group, member, partition, offset, why, lockMs }, past) => why === 'asked'
    ? reason([lent(past, 'share.acquired', group, partition, offset)], EXPLICIT)
    : reason([past.fault(member, ['clients']) ?? past.stopping(member), lent(past, 'share.acquired', group, partition, offset)], ...(why === 'lock' ? [decided(LOCK, lockMs)] : [])),
  'share.archived': ({ group, partition, offset, why, limit }, past) => reason([lent(past, 'share.acquired', group, partition, offset)], why === 'limit' ? decided(DELIVERIES, limit) : EXPLICIT),
  'share.refused': ({ group, member, partition, offset }, past) => reason([lent(past, 'share.released', group, partition, offset), past.remedy(member)]),
} satisfies { readonly [C in NoteCode]?: Rule<C> }
function lent(past: Past, code: 'share.acquired' | 'share.released', group: string, partition: string, offset: number): StoryLine | undefined {
  return past.last(code, (fact) => fact.group === group && fact.partition === partition && fact.offset <= offset && fact.last >= offset)
}

const transactions = {
  'txn.began': () => reason([], 'transactional.id', 'transaction.timeout.ms'),
  'txn.decided': ({ txn, why, timeoutMs }, past) => {
    const began = past.last('txn.began', (fact) => fact.txn === txn)
    if (why === 'timeout') return reason([began], decided('transaction.timeout.ms', timeoutMs), 'transaction.abort.timed.out.transaction.cleanup.interval.ms')
    return why === 'fenced' ? reason([began], decided('transactional.id', txn)) : reason([began])
  },
  'marker.written': ({ txn, partition }, past) => txn === '' ? reason([past.asked('WriteTxnMarkers', partition)]) : reason([past.newest(past.last('txn.decided', (fact) => fact.txn === txn), past.last('txn.moved', (fact) => fact.txn === txn))]),
  'txn.finished': ({ txn }, past) => reason([past.last('marker.written', (fact) => fact.txn === txn), past.last('txn.decided', (fact) => fact.txn === txn)].slice(0, 1)),
  'txn.moved': (_, past) => reason([past.last('leader.elected', (fact) => fact.partition.startsWith('__transaction_state/')), past.last('broker.fenced')].slice(0, 1)),
  'producer.fenced': ({ producer, txn, error }, past) => {
    if (error !== 'PRODUCER_FENCED' && error !== 'INVALID_PRODUCER_EPOCH') return reason([past.last('member.left', (fact) => fact.member === producer), past.last('rebalance.started')].slice(0, 1))
    return reason([past.last('txn.decided', (fact) => fact.txn === txn && fact.why !== 'asked') ?? past.last('producer.started', (fact) => fact.producer !== producer)], decided('transactional.id', txn))
  },
} satisfies { readonly [C in NoteCode]?: Rule<C> }

const faults = {
  'node.stopped': ({ node }, past) => reason([past.newest(past.stopping(node), past.last('logDir.untold', (fact) => fact.node === node))]),
  'node.resumed': ({ node }, past) => reason([past.last('node.paused', (fact) => fact.node === node)]),
  'message.tampered': ({ from, to, message, how }, past) =>
    reason([past.last('fault.made', (fact) => fact.what === `${how}Next` && fact.target === `${message} ${from}>${to}`)]),
  'link.healed': ({ from, to }, past) =>
    reason([past.last('link.cut', (fact) => [fact.from, fact.to].every((each) => each === from || each === to))]),
} satisfies { readonly [C in NoteCode]?: Rule<C> }

const admin = {
  'topic.created': ({ topic }, past) => reason([past.asked('CreateTopics', topic)]),
  'topic.deleted': ({ topic }, past) => reason([past.asked('DeleteTopics', topic)]),
  'partitions.added': ({ topic }, past) => reason([past.asked('CreatePartitions', topic)]),
  'reassignment.started': ({ partition }, past) => reason([past.asked('AlterPartitionReassignments', partition)]),
  'reassignment.finished': ({ partition, how }, past) => reason(how === 'cancelled'
    ? [past.asked('AlterPartitionReassignments', partition)]
    : [past.last('isr.asked', (fact) => fact.partition === partition), past.last('reassignment.started', (fact) => fact.partition === partition)]),
  'replication.throttled': ({ partition, node, side, limit }, past) => reason(
    [past.last('config.changed', ({ name, key }) => name === node && key === `${side}.replication.throttled.rate`), past.last('reassignment.started', (fact) => fact.partition === partition)],
    decided(`${side}.replication.throttled.rate`, limit), `${side}.replication.throttled.replicas`, 'replication.quota.window.num', 'replication.quota.window.size.seconds',
  ),
  'config.changed': ({ kind, name, key }, past) => reason(kind === 'client' ? [] : [
    past.asked('IncrementalAlterConfigs', name) ?? (key.includes('.throttled.') ? past.last('admin.asked', ({ api }) => api.endsWith('PartitionReassignments')) : undefined),
  ]),
  'admin.answered': ({ api, about, error }, past) => reason([
    past.last('admin.asked', (fact) => fact.api === api && fact.about === about),
    error === 'PREFERRED_LEADER_NOT_AVAILABLE' ? past.last('broker.fenced') : undefined,
  ]),
} satisfies { readonly [C in NoteCode]?: Rule<C> }

const rolledBy = { size: 'segment.bytes', time: 'segment.ms', lag: 'max.compaction.lag.ms', index: 'segment.index.bytes' } as const

const disks = {
  'segment.rolled': ({ partition, node, base, why, limit }, past) =>
    reason([past.last('batch.appended', (fact) => fact.partition === partition && fact.last < base), past.last('replica.fetched', (fact) => fact.partition === partition && fact.node === node)].slice(0, 1),
      decided(rolledBy[why], limit)),
  'segment.deleted': ({ partition, node, why, limit }, past) => {
    if (why === 'logStart') return reason([past.last('logStart.moved', (fact) => fact.partition === partition && fact.node === node)])
    const wrongClock = why === 'time' ? past.clock(node) : undefined
    return reason([past.last('segment.rolled', (fact) => fact.partition === partition && fact.node === node), wrongClock], decided(why === 'size' ? 'retention.bytes' : 'retention.ms', limit), 'log.retention.check.interval.ms')
  },
  'logStart.moved': ({ partition, node, to, why }, past) => {
    if (why === 'retention') return reason([past.last('segment.deleted', (fact) => fact.partition === partition && fact.node === node && fact.last < to)])
    return why === 'leader' ? reason([past.last('logStart.moved', (fact) => fact.partition === partition && fact.node !== node && fact.to >= to)]) : reason([past.asked('DeleteRecords', partition)])
  },
  'log.cleaned': ({ partition, node, why, limit }, past) =>
    reason([past.last('segment.rolled', (fact) => fact.partition === partition && fact.node === node)], why === 'dirty' ? decided('min.cleanable.dirty.ratio', limit / 100) : decided('max.compaction.lag.ms', limit), 'log.cleaner.backoff.ms'),
  'log.placed': ({ node }, past) => reason([past.newest(past.last('topic.created'), past.last('partitions.added'), past.last('reassignment.started'), past.remedy(node))], 'log.dirs'),
  'logDir.failed': ({ node, dir }, past) => reason([past.last('fault.made', (fact) => fact.target === `${dir}@${node}`)], 'log.dirs'),
  'logDir.untold': ({ node, timeoutMs }, past) =>
    reason([past.last('logDir.failed', (fact) => fact.node === node), past.fault(node, ['controller'])], decided('log.dir.failure.timeout.ms', timeoutMs)),
  'node.halted': ({ node, why, dir }, past) => reason([past.last('logDir.failed', (fact) => fact.node === node)], why === 'logDirs' ? 'log.dirs' : decided('metadata.log.dir', dir)),
  'log.recovered': ({ node }, past) => reason([past.ended(node)], 'flush.messages', 'flush.ms'),
} satisfies { readonly [C in NoteCode]?: Rule<C> }

/** Toys: their settings are their own, and none of Kafka's. */
const toys = {
  'toy.pushed': ({ toy, whenFull }, past, line) => {
    const unblocked = past.last('toy.unblocked', (fact) => fact.toy === toy)
    return reason([unblocked?.step === line.step ? unblocked : undefined], decided('whenFull', whenFull))
  },
  'toy.handed': ({ toy, reader }, past) => reason([past.newest(past.last('toy.processed', (fact) => fact.reader === reader), past.last('toy.subscribed', (fact) => fact.toy === toy && fact.reader === reader))]),
  'toy.queued': ({ reader, message, inbox }, past) => reason([pushed(past, message), past.fault(reader, ['clients']), past.last('toy.processed', (fact) => fact.reader === reader)], decided('inbox', inbox)),
  // What filled its inbox, and what it is still at.
  'toy.dropped': ({ reader, message, inbox }, past) => reason(
    [pushed(past, message), past.fault(reader, ['clients']) ?? past.remedy(reader), past.last('toy.queued', (fact) => fact.reader === reader && fact.waiting === inbox)], decided('inbox', inbox), decided('whenFull', 'drop'),
  ),
  'toy.processed': ({ message, reader, processMs }, past) => reason([past.last('toy.queued', (fact) => fact.reader === reader && fact.message === message) ?? pushed(past, message)], decided('processMs', processMs)),
  'toy.missed': ({ reader }, past) => reason([past.remedy(reader), past.ended(reader)]),
  'toy.blocked': ({ reader, inbox }, past) => reason([past.fault(reader, ['clients']), past.last('toy.queued', (fact) => fact.reader === reader && fact.waiting === inbox)], decided('inbox', inbox), decided('whenFull', 'block')),
  'toy.unblocked': ({ toy, reader }, past) => reason([past.last('toy.processed', (fact) => fact.reader === reader) ?? past.ended(reader), past.last('toy.blocked', (fact) => fact.toy === toy)]),
  'toy.heldBack': ({ toy }, past) => reason([past.last('toy.blocked', (fact) => fact.toy === toy)], decided('whenFull', 'block')),
} satisfies { readonly [C in NoteCode]?: Rule<C> }
const pushed = (past: Past, message: string): StoryLine | undefined => past.last('toy.pushed', (fact) => fact.message === message) ?? past.last('toy.handed', (fact) => fact.message === message)

const rules: { readonly [C in NoteCode]?: Rule<C> } = { ...replication, ...control, ...producers, ...groups, ...shares, ...transactions, ...admin, ...disks, ...faults, ...toys, ...effects }

export function reasonOf(line: StoryLine, past: Past): Reason {
  const rule = rules[line.fact.code] as ((fact: Fact, past: Past, line: StoryLine) => Reason) | undefined
  return rule?.(line.fact, past, line) ?? nothing
}
