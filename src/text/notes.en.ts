/** The story in English: what happened, in one sentence each, by Kafka's own words. */
import { formatBytes, formatDuration, names, offsets, plural } from './format.ts'
import type { Say } from './sentences.ts'
import { sinkNotesEn } from './sink.en.ts'
import { toyNotesEn } from './toy.en.ts'

const time = (ms: number): string => formatDuration('en', ms)
const list = (items: readonly string[]): string => names('en', items)
const without = (items: readonly string[], others: readonly string[]): string => list(items.filter((each) => !others.includes(each)))
/** The controller by its name, where it is known. */
const controller = (by: string | undefined): string => (by !== undefined && /^k\d+$/.test(by) ? by : 'The controller')
const way = (target: string): string => target.replace('>', ' to ')
/** `ProduceResponse b1>shop` */
const tampered = (target: string): string => target.replace(' ', ' from ').replace('>', ' to ')

/** Long.MAX_VALUE */
const UNLIMITED = '9223372036854775807'
const said = (value: string): string => (value === '' ? 'nothing' : value === UNLIMITED ? 'no limit' : value)
/** `/var/lib/kafka/data@b1` */
const dirOf = (target: string): string => target.replace('@', ' of ')

const traffic: Readonly<Record<string, string>> = {
  all: 'nothing gets through', replication: 'replication traffic no longer gets through', controller: 'controller traffic no longer gets through',
  clients: 'client traffic no longer gets through',
}
const leftIsr = { lag: 'it lagged too long', fenced: 'it was fenced', shutdown: 'it is shutting down', caughtUp: 'it was taken out', reassignment: 'its replica was moved away', logDir: 'the log directory of its replica failed' } as const
const chosen = {
  clean: 'the first live replica in the ISR', preferred: 'the preferred leader', controlledShutdown: 'the old leader is shutting down',
  eligible: 'an eligible leader replica, it lacks nothing that was committed', lastKnown: 'nobody is in sync or eligible, and it led last',
  reassignment: 'the old leader is no replica any more', unclean: 'an unclean election, as it was not in sync and may lack records',
} as const
const left = {
  closed: 'it closed', session: 'no heartbeat within its session timeout', poll: 'no poll() within max.poll.interval.ms', fenced: 'a newer member took its place',
} as const
const rebalance = { joined: 'a member joined', left: 'a member left', metadata: 'its topics changed', initialized: 'partitions can be given out that could not before', revoked: 'a member gave up what others are to get' } as const

const voteRefused = {
  leader: (voter: string, leader: string | undefined) => (leader === undefined ? 'it knows a leader' : leader === voter ? 'it leads itself' : `it still follows ${leader}`), voted: () => 'its vote of this epoch is given',
  log: () => 'its own log is longer', epoch: () => 'it knows a higher epoch',
} as const

/** The flag belongs to the assignment. */
const unflagged = (paused: readonly string[] | undefined): string => (paused === undefined ? '' : ` Whoever reads ${list(paused)} next does not find ${paused.length === 1 ? 'it' : 'them'} paused.`)

/** Refusals that a group coordinator answers offsets with. */
const byGroup: ReadonlySet<string> = new Set(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID', 'STALE_MEMBER_EPOCH'])

export const notesEn: Say = {
  'node.crashed': ({ node }) => `${node} was killed with kill -9.`,
  'power.lost': ({ node, records }) => `${node} lost its power${records === 0 ? '; everything it had written was on its disk.' : `, and with it ${plural(records, 'record')} that lay in the page cache only: neither the system nor flush.messages or flush.ms had brought ${records === 1 ? 'it' : 'them'} to the disk.`}`,
  'node.stopping': ({ node }) => `${node} was told to stop, in order (SIGTERM).`,
  'node.stopped': ({ node, tookMs }) => `${node} stopped in order, in ${time(tookMs)}.`,
  'node.halted': ({ node, why, dir }) => why === 'logDirs' ? `${node} halted: none of its log.dirs can be used any more.` : `${node} halted: ${dir} is its metadata.log.dir, and without the metadata log no broker goes on.`,
  'node.started': ({ node, clean }) => (clean ? `${node} started.` : `${node} started, after a shutdown that was not clean.`),
  'node.paused': ({ node }) => `${node} froze: it handles nothing until it wakes.`,
  'node.resumed': ({ node, pausedMs }) => `${node} woke after ${time(pausedMs)}.`,

  'link.cut': ({ from, to, direction, traffic: kind, reset }) =>
    `The link ${direction === 'both' ? `between ${from} and ${to}` : `from ${from} to ${to}`} was cut: ${traffic[kind] ?? traffic['all']}${reset === true ? ', and whoever sends is answered with a reset' : ''}.`,
  'link.healed': ({ from, to }) => `The link between ${from} and ${to} was mended.`,
  'fault.made': ({ what, target, ms }) => {
    if (what === 'slow') return `Every message from ${way(target)} now takes ${time(ms)} longer.`
    if (what === 'fast') return `Messages from ${way(target)} are as fast as before.`
    if (what === 'clock') return `The wall clock of ${target} was set ${time(Math.abs(ms))} ${ms < 0 ? 'back' : 'forward'}.`
    if (what === 'damage') return `The log file of ${target} was damaged on its disk.`
    if (what === 'failDisk') return `The disk under ${dirOf(target)} has failed: the next access will find that out.`
    if (what === 'fillDisk') return `The disk under ${dirOf(target)} is full.`
    if (what === 'freeDisk') return `The disk under ${dirOf(target)} is all right again; a broker looks at it when it starts.`
    if (what === 'slowHandler') return ms > 0 ? `The handler of ${target} now takes ${time(ms)} longer for each record.` : `The handler of ${target} is as quick as before.`
    if (what === 'slowDisk') return ms > 0 ? `Every write to the disks of ${target} now takes ${time(ms)} longer.` : `The disks of ${target} are as fast as before.`
    if (what === 'dropNext') return `The next ${tampered(target)} will not arrive.`
    if (what === 'delayNext') return `The next ${tampered(target)} will be ${time(ms)} late.`
    if (what === 'duplicateNext') return `The next ${tampered(target)} will arrive twice.`
    return `The replica fetchers of ${target} hang${ms > 0 ? ` for ${time(ms)}` : ''}; its heartbeats go on.`
  },
  'message.tampered': ({ from, to, message, how, ms, closes }) => {
    const what = `A ${message} from ${from} to ${to}`
    if (how === 'delay') return `${what} is ${time(ms)} late, and so is everything behind it on this connection.`
    if (how === 'duplicate') return `${what} arrives twice.`
    return closes ? `${what} was swallowed on its way, and its connection was reset.` : `${what} was swallowed on its way. Behind it nothing arrives on this connection.`
  },
  'connection.lost': ({ node, peer, how }) => {
    if (how === 'reset') return `${node} lost its connection to ${peer}: it was reset.`
    if (how === 'timeout') return `${node} gave up waiting for ${peer}: no answer came in time.`
    return `${node} could not connect to ${peer}: nobody listens there.`
  },

  'batch.appended': ({ partition, node, base, last, producer, packed }) =>
    `${node} appended ${plural(last - base + 1, 'record')} of ${producer} to ${partition} at ${offsets(base, last)}${packed === undefined || packed.codec === 'none' ? '.' : `, compressed with ${packed.codec}: ${formatBytes('en', packed.bytes)} instead of ${formatBytes('en', packed.was)}.`}${packed === undefined || packed.micros === 0 ? '' : ` Unpacking it for validation cost ${packed.micros} µs of processor.`}`,
  'batch.recompressed': ({ partition, node, producer, base, from, to, was, bytes, micros }) =>
    `${node} unpacked the batch of ${producer} at offset ${base} of ${partition}${to === 'none' ? '' : ` and packed it with ${to} instead of ${from}`}, as its topic's compression.type wants: ${formatBytes('en', was)} became ${formatBytes('en', bytes)}, for ${micros} µs of processor.`,
  'segment.rolled': ({ partition, node, base, was, why, limit }) => {
    const rolled = `${node} closed segment ${was} of ${partition} and began segment ${base}`
    if (why === 'size') return `${rolled}: the next batch would have made it larger than segment.bytes, ${formatBytes('en', limit)}.`
    if (why === 'index') return `${rolled}: its index is full, with segment.index.bytes at ${formatBytes('en', limit)}.`
    return `${rolled}: its first batch is older than the new one by more than ${why === 'time' ? 'segment.ms' : 'max.compaction.lag.ms'}, ${time(limit)}.`
  },
  'segment.deleted': ({ partition, node, base, last, bytes, why, figure, limit }) => {
    const what = `${node} deleted segment ${base} of ${partition}, ${offsets(base, last)}, ${formatBytes('en', bytes)}`
    if (why === 'size') return `${what}: without it the log still has ${formatBytes('en', figure)}, no less than retention.bytes, ${formatBytes('en', limit)}.`
    return why === 'time' ? `${what}: its newest record is ${time(figure)} old, and retention.ms is ${time(limit)}.` : `${what}: all of it lies below the log start offset, ${limit}.`
  },
  'logStart.moved': ({ partition, node, from, to, why }) => {
    const moved = `The log of ${partition} on ${node} now begins at offset ${to}, no longer at ${from}`
    return why === 'retention' ? `${moved}: what lay before has been deleted.` : why === 'deleteRecords' ? `${moved}: DeleteRecords asked for it.` : `${moved}, as its leader's does.`
  },
  'log.cleaned': ({ partition, node, removed, upTo, bytes, dirtyPercent, why, limit }) =>
    `${node} compacted ${partition} up to offset ${upTo}: ${plural(removed, 'record')} gone, ${formatBytes('en', bytes)} saved. ${
      why === 'dirty' ? `${dirtyPercent}% of it was dirty, and min.cleanable.dirty.ratio is ${limit}%.` : `Something in it had waited for longer than max.compaction.lag.ms, ${time(limit)}.`}`,
  'log.placed': ({ partition, node, dir }) => `${node} made a log for ${partition} in ${dir}: of its log.dirs, none has fewer logs.`,
  'logDir.failed': ({ node, dir, partitions, why }) =>
    `${node} took ${dir} offline${partitions === 0 ? '' : `, and with it ${plural(partitions, 'replica')}`}: ${why === 'full' ? 'a write found no space left on its disk' : 'its disk answers with errors'}. It stays offline until ${node} starts again.`,
  'logDir.untold': ({ node, dir, timeoutMs }) => `${node} shuts down: for ${time(timeoutMs)}, log.dir.failure.timeout.ms, it could not tell the controller that ${dir} is offline.`,
  'log.recovered': ({ partition, node, from, to }) =>
    `${node} recovered its log of ${partition} after a shutdown that was not clean: it ends at offset ${to}, and had ended at ${from}.`,
  'log.truncated': ({ partition, node, from, to, epoch }) =>
    `${node} cut ${offsets(Math.min(from, to), Math.max(from, to) - 1)} off its log of ${partition}: on the leader, epoch ${epoch} ended at ${Math.min(from, to)}.`,

  'highWatermark.advanced': ({ partition, node, from, to }) => `The high watermark of ${partition} rose from ${from} to ${to} on ${node}.`,
  'highWatermark.held': ({ partition, isr, min }) =>
    `The high watermark of ${partition} stands still: the ISR is ${list(isr)}, and min.insync.replicas asks for ${min}.`,
  'isr.changed': ({ partition, isr, was, why }) => {
    if (why === 'elected') return `The ISR of ${partition} is now ${list(isr)}: its new leader alone.`
    if (why === 'caughtUp') return `${without(isr, was)} joined the ISR of ${partition}, having caught up. It is now ${list(isr)}.`
    return `${without(was, isr)} left the ISR of ${partition}: ${leftIsr[why]}. It is now ${isr.length === 0 ? 'empty' : list(isr)}.`
  },
  'isr.asked': ({ partition, node, isr, why, lagMs }) => why === 'lag'
    ? `${node} asked the controller to shrink the ISR of ${partition} to ${list(isr)}: the laggard was last caught up ${time(lagMs)} ago.`
    : `${node} asked the controller to widen the ISR of ${partition} to ${list(isr)}: the newcomer has caught up.`,
  'request.parked': ({ node, api, client, partition }) => {
    if (api === 'Produce') return `${node} holds back its answer to ${client} about ${partition} until all in-sync replicas have the records.`
    if (api === 'Fetch') return `${node} parked a Fetch of ${client}: nothing new in ${partition} yet.`
    return `${node} parked ${client}'s ${api} request.`
  },
  'replica.fetched': ({ partition, node, leader, offset }) =>
    `${node} asked ${leader} for ${partition} from offset ${offset}, and so says that it holds all before it.`,

  'replication.throttled': ({ partition, node, peer, side, limit }) =>
    side === 'leader' ? `${node} has sent ${peer} more of ${partition} than ${formatBytes('en', limit)} a second: the rest waits.` : `${node} has fetched more of ${partition} from ${peer} than ${formatBytes('en', limit)} a second: the rest waits.`,
  'leader.elected': ({ partition, leader, epoch, how }, by) => `${controller(by)} made ${leader} leader of ${partition} in epoch ${epoch}: ${chosen[how]}.`,
  'elr.changed': ({ partition, elr, lastKnown }) => {
    const led = lastKnown.length === 0 ? '' : ` ${list(lastKnown)} led last.`
    if (elr.length === 0) return `${partition} has no eligible leader replica now.${led}`
    return `The ELR of ${partition} is now ${list(elr)}: out of the ISR, but with every record that was committed.${led}`
  },
  'leader.lost': ({ partition, was }) => `${partition} has no leader: ${was} is gone, and nobody else is in its ISR.`,
  'leader.started': ({ partition, node, epoch, offset }) => `${node} began epoch ${epoch} of ${partition} at the end of its own log, offset ${offset}.`,
  'broker.registered': ({ node, epoch }, by) => `${controller(by)} registered ${node}, broker epoch ${epoch}.`,
  'broker.fenced': ({ node, silentMs }, by) => `${controller(by)} fenced ${node}${silentMs > 0 ? `: no heartbeat for ${time(silentMs)}` : ''}.`,
  'broker.unfenced': ({ node }, by) => `${controller(by)} unfenced ${node}: it has caught up with the metadata log.`,

  'election.started': ({ node, epoch, why, leader, timeoutMs }) => {
    const ask = `It asks who would vote for it, and stays in epoch ${epoch} meanwhile (pre-vote).`
    if (why === 'fetchTimeout') return `${node} wants an election: ${leader ?? 'its leader'} has answered no fetch for ${time(timeoutMs)}, controller.quorum.fetch.timeout.ms. ${ask}`
    if (why === 'leaderResigned') return `${node} wants an election: ${leader ?? 'its leader'} has told it that it leads no more. ${ask}`
    return `${node} wants an election: it has heard of no leader for ${time(timeoutMs)} or up to twice that, controller.quorum.election.timeout.ms. ${ask}`
  },
  'vote.granted': ({ node, candidate, epoch, preVote }) => (preVote ? `${node} would vote for ${candidate}.` : `${node} voted for ${candidate} in epoch ${epoch}.`),
  'vote.refused': ({ node, candidate, epoch, preVote, why, leader }) => `${node} ${preVote ? 'would not vote' : 'did not vote'} for ${candidate} in epoch ${epoch}: ${voteRefused[why](node, leader)}.`,
  'controller.elected': ({ node, epoch, votes, voters }) => `${node} leads the metadata quorum in epoch ${epoch}, with ${plural(votes.length, 'vote')} of ${voters}: ${list(votes)}.`,
  'controller.activated': ({ node, epoch, offset }) => `${node} is the active controller of epoch ${epoch}: its metadata log is committed up to offset ${offset}. The sessions of all brokers begin anew.`,
  'controller.resigned': ({ node, epoch, why, timeoutMs, undone }) => {
    const lost = undone > 0 ? ` ${plural(undone, 'record')} of metadata ${undone === 1 ? 'was' : 'were'} not committed.` : ''
    if (why === 'quorum') return `${node} resigned in epoch ${epoch}: no majority has fetched from it for ${time(timeoutMs)}, one and a half times controller.quorum.fetch.timeout.ms.${lost}`
    if (why === 'stop') return `${node} resigned in epoch ${epoch}, as it is to stop: the others may elect a successor at once.${lost}`
    return `${node} leads no more in epoch ${epoch}: it has heard of a higher one.${lost}`
  },
  'quorum.lost': ({ alive, voters }) => `${alive === 0 ? 'No controller runs' : `${alive} of ${plural(voters, 'controller')} ${alive === 1 ? 'runs' : 'run'}, which is no majority`}: nothing about the cluster can be changed. Brokers go on with what they know.`,
  'quorum.regained': ({ alive, voters }) => `${alive} of ${plural(voters, 'controller')} run, a majority again: they can elect a leader and commit.`,
  'metadata.snapshotTaken': ({ node, offset, epoch, records, why, figure, limit }) => `${node} took a snapshot of the metadata up to offset ${offset}, epoch ${epoch}: ${records} records say all there is. ${why === 'bytes'
    ? `Since the last one ${formatBytes('en', figure)} have been committed, and metadata.log.max.record.bytes.between.snapshots is ${formatBytes('en', limit)}.`
    : `${time(figure)} have passed since the last one or since it started, and metadata.log.max.snapshot.interval.ms is ${time(limit)}.`}`,
  'metadata.cleaned': ({ node, from, to, why, figure, limit }) => `The metadata log of ${node} now begins at offset ${to}, no longer at ${from}: a snapshot holds what lay before. ${why === 'size'
    ? `Log and snapshots had ${formatBytes('en', figure)}, and metadata.max.retention.bytes is ${formatBytes('en', limit)}.`
    : `The snapshot before was ${time(figure)} old, and metadata.max.retention.ms is ${time(limit)}.`}`,
  'metadata.snapshotFetched': ({ node, from, offset, epoch, records }) =>
    `${node} fetched a snapshot of the metadata from ${from}, up to offset ${offset}, epoch ${epoch}, with ${records} records: the leader's log no longer goes back to where its own ended.`,
  'producerIds.allocated': ({ node, first, last }) => `${node} has the producer ids ${first} to ${last} to give out: the controller has written down that they are taken. A broker that has none tells whoever asks to come again.`,
  'metadata.truncated': ({ node, from, to, epoch }) => `${node} cut ${offsets(from, to)} off its metadata log: never committed, as the leader of epoch ${epoch} does not have ${from === to ? 'it' : 'them'}.`,

  'metadata.refreshed': ({ client, partition, leader, epoch, from }) => leader === undefined
    ? `${client} heard from ${from} that ${partition} has no leader.` : `${client} heard from ${from} that ${leader} leads ${partition} in epoch ${epoch}.`,
  'partition.switched': ({ producer, topic, to }) => `${producer} now sends its records without a key to ${topic}/${to}.`,
  'producer.started': ({ producer, producerId, epoch }) => `${producer} was given producer id ${producerId}, epoch ${epoch}.`,
  'producer.retried': ({ producer, partition, error, attempt }) => `${producer} sends its batch for ${partition} again, retry ${attempt}: ${error}.`,
  'batch.split': ({ producer, partition, records, bytes, into }) =>
    `The leader found the batch of ${producer} for ${partition} too large, ${plural(records, 'record')} in ${formatBytes('en', bytes)}. ${into === 1 ? 'It is no larger than batch.size and goes once more as it is; next time it is halved.' : `It goes again in ${into} parts.`}`,
  'producer.failed': ({ producer, error, records, partition }) => `${producer} gave up on ${plural(records, 'record')} for ${partition}: ${error}.`,
  'producer.blocked': ({ producer, buffered }) => `send() of ${producer} blocks: its buffer is full with ${formatBytes('en', buffered)}.`,
  'duplicate.refused': ({ partition, node, producer, sequence, offset }) =>
    `${node} knew sequence ${sequence} of ${producer} already, at offset ${offset} of ${partition}, and stored nothing twice.`,
  'record.acked': ({ producer, partition, offset, records, acks }) => {
    const one = records === 1
    const what = `${offsets(offset, offset + records - 1)} of ${partition} ${one ? 'is' : 'are'} stored`
    if (acks === 'all') return `${producer} was told that ${what}: all in-sync replicas have ${one ? 'it' : 'them'}.`
    return acks === '1' ? `${producer} was told that ${what}: the leader has ${one ? 'it' : 'them'}.` : `${producer} takes ${plural(records, 'record')} for ${partition} as sent, with no answer asked for.`
  },
  'record.lost': ({ producer, partition, offset, ackedBy }) =>
    `Offset ${offset} of ${partition} is lost: ${ackedBy} had acknowledged it to ${producer}, and the leader does not hold it.`,

  'member.joined': ({ group, member }) => `${member} joined group ${group}.`,
  'member.left': ({ group, member, why }) => `${member} is out of group ${group}: ${left[why]}.`,
  'rebalance.started': ({ group, why }) => `Group ${group} rebalances: ${rebalance[why]}.`,
  'rebalance.finished': ({ group, epoch, tookMs, protocol }) => protocol === 'consumer'
    ? `Group ${group} is stable: all members are at epoch ${epoch}, after ${time(tookMs)}.`
    : `Group ${group} is stable in generation ${epoch}, after ${time(tookMs)}.`,
  'group.advanced': ({ group, epoch, why }) => `Group ${group} goes to epoch ${epoch}: ${rebalance[why]}.`,
  'target.computed': ({ group, epoch, assignor, members }) =>
    `The coordinator computed who is to read what in epoch ${epoch} of group ${group}, for ${plural(members, 'member')}, by its ${assignor} assignor.`,
  'member.returned': ({ group, member, instance, stable }) =>
    `${member} takes the place of static member ${instance} in group ${group}${stable ? ': nobody rebalances' : ''}.`,
  'member.fenced': ({ member, instance }) => `${member} is fenced with FENCED_INSTANCE_ID: another process has its group.instance.id ${instance}.`,
  'partitions.assigned': ({ member, partitions, kept, pausedMs }) => {
    const gets = partitions.length === 0 ? `${member} was assigned no partition` : `${member} was assigned ${list(partitions)}`
    if (kept !== undefined) return partitions.length === 0 ? `${member} keeps ${list(kept)}.` : `${gets} and keeps ${list(kept)}.`
    return pausedMs === undefined ? `${gets}.` : `${gets}, after ${time(pausedMs)} with nothing to read.`
  },
  'partitions.revoked': ({ member, partitions, paused }) => `${member} gave up ${list(partitions)}.${unflagged(paused)}`,
  'partitions.lost': ({ member, partitions, paused }) => `${member} lost ${list(partitions)} without being asked.${unflagged(paused)}`,
  'partitions.paused': ({ consumer, partitions }) => `${consumer} paused ${list(partitions)}: it keeps ${partitions.length === 1 ? 'the partition' : 'them'} and goes on polling, but reads nothing from ${partitions.length === 1 ? 'it' : 'them'}.`,
  'partitions.resumed': ({ consumer, partitions }) => `${consumer} resumed ${list(partitions)}: it reads on where it stopped.`,
  'offsets.committed': ({ group, partition, offset }) => `Group ${group} committed offset ${offset} of ${partition}.`,
  'offsets.expired': ({ group, partition, offset, since, ageMs, retentionMs }) =>
    `Offset ${offset} of ${partition}, committed by group ${group}, expired: ${since === 'empty' ? `the group has been without members for ${time(ageMs)}` : `it was committed ${time(ageMs)} ago`}, and offsets.retention.minutes is ${time(retentionMs)}.`,
  'group.expired': ({ group }) => `Group ${group} is gone: it had no members and no committed offsets any more.`,
  'offset.reset': ({ consumer, partition, from, to, policy }) => from === undefined
    ? `${consumer} starts ${partition} at offset ${to}: nothing is committed, and auto.offset.reset is ${policy}.`
    : `${consumer} goes from offset ${from} to ${to} of ${partition}: ${from} is out of range, and auto.offset.reset is ${policy}.`,
  'fetch.redirected': ({ consumer, partition, from, to, rack }) => `${from} sends ${consumer} to ${to} for ${partition}: it is in its rack, client.rack ${rack}.`,
  'position.sought': ({ consumer, partition, from, to, how }) => {
    const went = `${consumer} sought ${from === undefined ? '' : `from offset ${from} `}to ${to} of ${partition}`
    if (how === 'withEpoch') return `${went}, with the leader epoch it knows: the leader is asked whether its log still has it.`
    return how === 'offset' ? `${went}. Its next fetch begins there.` : `${went}, the ${how === 'earliest' ? 'beginning' : 'end'} of the log.`
  },
  'consumer.failed': ({ consumer, partition, offset, error, policy }) => {
    if (error === 'NO_OFFSET') return `${consumer} stopped: nothing is committed for ${partition}, and auto.offset.reset is ${policy} (NO_OFFSET).`
    if (error === 'OFFSET_OUT_OF_RANGE') return `${consumer} stopped: offset ${offset ?? '-'} of ${partition} is out of range, and auto.offset.reset is ${policy} (OFFSET_OUT_OF_RANGE).`
    if (error === 'LOG_TRUNCATION') return `${consumer} stopped: the new leader of ${partition} does not have what was read up to offset ${offset ?? '-'}, and auto.offset.reset is ${policy} (LOG_TRUNCATION).`
    if (error === 'CORRUPT_MESSAGE') return `${consumer} stopped at offset ${offset ?? '-'} of ${partition}: the checksum does not fit the batch (CORRUPT_MESSAGE).`
    return `${consumer} stopped at ${partition}: poll() threw ${error}.`
  },
  'commit.failed': ({ consumer, group, error, async }) => {
    if (error === 'RETRIABLE_COMMIT_FAILED') return `A commitAsync() of ${consumer} to group ${group} failed and is not tried again (RETRIABLE_COMMIT_FAILED): its coordinator could not be reached, or could not take it.`
    if (async === true) return `A commitAsync() of ${consumer} called back with ${error}: ${error === 'COMMIT_FAILED' ? `group ${group} has gone on without it` : `group ${group} did not take it, and it is not tried again`}.`
    if (error === 'COMMIT_FAILED') return `The commit of ${consumer} was refused (COMMIT_FAILED): group ${group} has gone on without it.`
    return `The commit of ${consumer} to group ${group} failed with ${error}.`
  },
  'records.read': ({ consumer, partition, base, last }) => `${consumer} read ${offsets(base, last)} of ${partition}.`,
  'share.started': ({ group, partition, offset, policy }) => policy === undefined
    ? `Share group ${group} goes on at offset ${offset} of ${partition}.`
    : `Share group ${group} begins at offset ${offset} of ${partition} (share.auto.offset.reset=${policy}).`,
  'share.acquired': ({ member, partition, offset, last, count, limit, lockMs }) =>
    `${member} has ${offsets(offset, last)} of ${partition} on loan for ${time(lockMs)}: delivery ${count} of ${limit} at most.`,
  'share.released': ({ member, partition, offset, last, count, why, lockMs }) => {
    const what = `${offsets(offset, last)} of ${partition}`
    if (why === 'lock') return `The lock of ${member} on ${what} ran out after ${time(lockMs)}: free again.`
    return why === 'asked' ? `${member} gave back ${what} after delivery ${count}: free again.` : `${member} is gone, and what it held, ${what}, is free again; that delivery does not count.`
  },
  'share.archived': ({ member, partition, offset, last, why, limit }) => why === 'asked'
    ? `${member} rejected ${offsets(offset, last)} of ${partition}: nobody gets that any more.`
    : `${offset === last ? 'Offset' : 'Offsets'} ${offset === last ? offset : `${offset} to ${last}`} of ${partition} came back after delivery ${limit} of ${limit}, and nobody gets that any more: ARCHIVED.`,
  'share.refused': ({ member, partition, offset, last, error }) => error === 'INVALID_RECORD_STATE'
    ? `${member} acknowledged ${offsets(offset, last)} of ${partition} and was refused (INVALID_RECORD_STATE): it does not hold that any more.`
    : `${member} acknowledged ${offsets(offset, last)} of ${partition} and was refused (${error}).`,
  'records.filtered': ({ consumer, count, of, keys }) => `${consumer} dropped ${count} of ${plural(of, 'record')}: ${count === 1 ? 'its key is' : 'their keys are'} not ${keys}. ${of === 1 ? 'It had' : `All ${of} had`} come over the network.`,
  'handler.failed': ({ consumer, partition, offset, how, to, afterMs }) => {
    const failed = `The handler of ${consumer} failed on offset ${offset} of ${partition}`
    switch (how) {
      case 'ends': return `${failed}, and nobody caught it: the program ended without a commit.`
      case 'skipped': return `${failed}; ${consumer} goes on as if it were done.`
      case 'again': return `${failed}. ${consumer} tries it again every ${time(afterMs ?? 0)} and reads nothing else meanwhile.`
      case 'moved': return `${failed}; ${consumer} writes it to ${to} and goes on.`
      case 'dead': return `${failed}; ${consumer} writes it to ${to}, for dead letters, and goes on.`
      case 'released': return `${failed}; ${consumer} releases it for another try.`
      case 'rejected': return `${failed}; ${consumer} rejects it.`
    }
  },
  'records.delayed': ({ consumer, partition, offset, waitMs, afterMs }) =>
    `Offset ${offset} of ${partition} is not due for another ${time(waitMs)}: ${consumer} reads this topic ${time(afterMs)} late. It seeks back and pauses the partition until then.`,
  'coordinator.moved': ({ group, from, to }) => {
    if (to === undefined) return `Group ${group} has no coordinator.`
    return from === undefined ? `${to} is the coordinator of group ${group}.` : `The coordinator of group ${group} moved from ${from} to ${to}.`
  },

  'txn.began': ({ txn, epoch, timeoutMs }) =>
    `Transaction ${txn} began in epoch ${epoch}: its first partition has joined. It is given ${time(timeoutMs)}, transaction.timeout.ms.`,
  'txn.decided': ({ txn, outcome, why, epoch, partitions, timeoutMs }) => {
    const markers = partitions.length === 0 ? 'No partition had joined.' : `Markers of epoch ${epoch} go to ${list(partitions)}.`
    if (why === 'timeout') return `Transaction ${txn} is to be aborted: it was open for more than ${time(timeoutMs)}, transaction.timeout.ms. ${markers}`
    if (why === 'fenced') return `Transaction ${txn} is to be aborted: another producer begins with the same transactional.id. ${markers}`
    return `Transaction ${txn} is decided: ${outcome}. ${markers}`
  },
  'marker.written': ({ partition, node, txn, offset, outcome }) => (txn === ''
    ? `${node} wrote an ${outcome} marker to ${partition}, at offset ${offset}: an admin client asked for it, for this partition alone. The transaction coordinator knows nothing of it.`
    : `${node} wrote the ${outcome} marker of transaction ${txn} to ${partition}, at offset ${offset}.`),
  'txn.finished': ({ txn, outcome }) => `Transaction ${txn} is complete: every partition has its ${outcome} marker.`,
  'txn.moved': ({ txn, to, state }) => `${to} is the coordinator of transactional id ${txn} and has read its state again: ${state}.`,
  'producer.fenced': ({ producer, error, txn }) => error === 'INVALID_TXN_STATE' ? `${producer} is refused with INVALID_TXN_STATE: transaction ${txn} has been ended without it.` : byGroup.has(error)
    ? `${producer} is fenced with ${error}: its group has gone on without it, and takes no offsets of transaction ${txn}.`
    : `${producer} is fenced with ${error}: there is a newer epoch of transactional.id ${txn} than its own.`,
  'client.misused': ({ client, how, state, message }) => message === undefined ? `${client} may not call ${how}() now: it is in state ${state}.` : `${client} called ${how}() in vain: ${message} (IllegalStateException).`,

  'topic.created': ({ topic, partitions, replicationFactor }, by) =>
    `${controller(by)} created ${topic} with ${plural(partitions, 'partition')}, ${replicationFactor === 1 ? 'one copy' : `${replicationFactor} copies`} of each.`,
  'topic.deleted': ({ topic }, by) => `${controller(by)} deleted ${topic}.`,
  'partitions.added': ({ topic, from, to }) => `${topic} has ${plural(to, 'partition')} now, ${from} before. What lies in the old ones stays there.`,
  'reassignment.started': ({ partition, adding, removing }) => {
    const comes = adding.length === 0 ? [] : [`${list(adding)} ${adding.length === 1 ? 'is' : 'are'} to come`]
    const goes = removing.length === 0 ? [] : [`${list(removing)} ${removing.length === 1 ? 'is' : 'are'} to go`]
    return `${partition} is being moved: ${[...comes, ...goes].join(', ')}.`
  },
  'reassignment.finished': ({ partition, replicas, how }) =>
    how === 'done' ? `${partition} has been moved: its replicas are ${list(replicas)}.` : `The move of ${partition} was taken back: its replicas are ${list(replicas)}.`,
  'admin.asked': ({ api, about }) => api === 'Produce' ? `A test client sent one ProduceRequest to ${about}, made by hand.` : `The admin client asked for ${api}${about === '' ? '' : ` of ${about}`}.`,
  'admin.answered': ({ api, about, error, tookMs, message }) =>
    `${api}${about === '' ? '' : ` of ${about}`} ${error === 'NONE' ? 'is done' : `was answered with ${error}`}, after ${time(tookMs)}.${message === undefined ? '' : ` Kafka says: “${message}”.`}`,
  'config.changed': ({ name, key, value, was }) => `${key} of ${name === '' ? 'all brokers' : name} was changed from ${said(was)} to ${said(value)}.`,
  'step.began': ({ step, index }) => `Step ${index + 1} began: ${step}.`,

  ...toyNotesEn,
  ...sinkNotesEn,
}
