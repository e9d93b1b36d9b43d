/**
 * The leader of a partition is the leader of its share partitions (SHR-2): it loads them, hands records out, takes them back,
 * and has every change written down. Follows core/.../server/share/{SharePartition,SharePartitionManager}.java.
 */
import { fromMs, type Micros, type Offset } from '../../base/units.ts'
import type { Broker, BrokerContext, Replica } from '../broker/state.ts'
import { durationOfPolicy } from '../client/consumer/reset-policy.ts'
import type { KafkaError } from '../errors.ts'
import { firstNotBefore } from '../log/by-time.ts'
import { read } from '../log/log.ts'
import type { RecordBatch } from '../log/record.ts'
import { abortedBetween, committedOnly, lastStableOffset } from '../log/transactions.ts'
import type { FetchedShare, PartitionAcknowledgements, ReadShareGroupStateResponse, ShareFetchRequest, WriteShareGroupStateResponse } from '../protocol/share.ts'
import { acknowledge, complete, expireLocks, releaseAll, type Changes, type Ending } from './acknowledge.ts'
import { acquire, type AcquiredRecords } from './acquire.ts'
import { lookAfter, shareOf } from './append.ts'
import { ask } from './ask.ts'
import { advanceStart, canAcquire, followLogStart, inFlight, newSharePartition, nextFetchOffset, restore, setRecord, stateBatches, type SharePartition } from './in-flight.ts'
import { deliveryLimit, groupSetting, lockDuration, mostLocks } from './settings.ts'
import { shareKey, type AskPurpose, type EndedLease, type ShareBook } from './state.ts'

/** The share partition as this broker leads it, loaded or being loaded; or why it does not. */
export function sharePartitionOf(broker: Broker, group: string, partition: string, ctx: BrokerContext): SharePartition | KafkaError {
  const share = shareOf(broker)
  const replica = broker.replicas.get(partition)
  const key = shareKey(group, partition)
  if (replica?.leading === undefined) return broker.metadata.partitions.has(partition) ? 'NOT_LEADER_OR_FOLLOWER' : 'UNKNOWN_TOPIC_OR_PARTITION'
  const known = share.partitions.get(key)
  if (known?.leaderEpoch === replica.leaderEpoch) return known
  const fresh = newSharePartition(group, partition, replica.leaderEpoch)
  share.partitions.set(key, fresh)
  ask(broker, { type: 'ReadShareGroupStateRequest', key, leaderEpoch: replica.leaderEpoch }, { kind: 'load', leaderEpoch: replica.leaderEpoch }, ctx)
  return fresh
}

/**
 * Who does not lead any more, or not in this term, knows nothing of what is in flight; nor of a group that nobody reads for here any more,
 * once all is written down: whoever comes next reads it anew. Follows SharePartitionManager.java#ShareGroupListenerImpl.
 */
export function dropOthers(broker: Broker): void {
  const { partitions, sessions, asks } = shareOf(broker)
  const read = new Set([...sessions.values()].map((session) => session.group))
  for (const [key, { partition, leaderEpoch, group, state }] of partitions) {
    const replica = broker.replicas.get(partition)
    if (replica?.leading === undefined || replica.leaderEpoch !== leaderEpoch) partitions.delete(key)
    else if (state === 'active' && !read.has(group) && ![...asks.values()].some(({ request }) => request.key === key)) partitions.delete(key)
  }
}

export function handleLoaded(broker: Broker, key: string, { leaderEpoch }: Extract<AskPurpose, { kind: 'load' }>, response: ReadShareGroupStateResponse, ctx: BrokerContext): void {
  const share = shareOf(broker).partitions.get(key)
  if (share?.leaderEpoch !== leaderEpoch || share.state !== 'initializing') return
  const replica = broker.replicas.get(share.partition)
  if (response.error !== 'NONE' || replica?.leading === undefined) {
    share.state = 'failed'
    return
  }
  const policy = groupSetting(broker, share.group, 'share.auto.offset.reset')
  const isNew = response.startOffset < 0
  const start = isNew ? resetOffset(replica, policy, ctx.clock) : Math.max(response.startOffset, replica.log.startOffset)
  restore(share, start, response.stateEpoch, response.batches)
  share.persistedStart = response.startOffset
  ctx.note({ code: 'share.started', group: share.group, partition: share.partition, offset: share.startOffset, policy: isNew ? policy : undefined })
}

/** by_duration: back from the broker's wall clock. */
function resetOffset({ log, highWatermark }: Replica, policy: string, clock: Micros): Offset {
  if (policy === 'earliest') return log.startOffset
  const back = durationOfPolicy(policy)
  if (back === undefined) return highWatermark
  const found = firstNotBefore(log, Math.floor(clock / 1000) - back, highWatermark).offset
  return found < 0 ? highWatermark : found
}

export const bookOf = (broker: Broker, group: string): ShareBook => {
  const { books } = shareOf(broker)
  let book = books.get(group)
  if (book === undefined) books.set(group, (book = { acquired: 0, acknowledged: 0, archived: 0, redelivered: 0, gone: new Map() }))
  return book
}

interface Asker { readonly group: string; readonly member: string; readonly client: string }

/** Read from the oldest free record on, and hand out what is free. undefined = there is nothing for now. */
export function fetchShare(broker: Broker, asker: Asker, partition: string, request: ShareFetchRequest, wanted: { readonly records: number; readonly bytes: number }, ctx: BrokerContext): FetchedShare | undefined {
  const share = sharePartitionOf(broker, asker.group, partition, ctx)
  // Follows SharePartitionManager#handleInitializationException: whoever asks next begins anew.
  if (typeof share !== 'string' && share.state === 'failed') shareOf(broker).partitions.delete(shareKey(asker.group, partition))
  const refused = typeof share === 'string' ? share : share.state === 'failed' ? 'LEADER_NOT_AVAILABLE' : undefined
  if (refused !== undefined || typeof share === 'string') return { partition, error: refused ?? 'NONE', acknowledgeError: 'NONE', batches: [], acquired: [] }
  const replica = broker.replicas.get(partition)!
  followLogStart(share, replica.log.startOffset)
  if (share.state !== 'active' || !canAcquire(share, mostLocks(broker, share.group))) return undefined
  const committed = groupSetting(broker, asker.group, 'share.isolation.level') === 'read_committed'
  const limit = committed ? lastStableOffset(replica.log.transactions, replica.highWatermark) : replica.highWatermark
  const from = nextFetchOffset(share)
  const batches = read(replica.log, from, limit, wanted.bytes, true)
  const lock = lockDuration(broker, asker.group)
  const acquired = acquire(share, batches.map(({ baseOffset, lastOffset }) => ({ first: baseOffset, last: lastOffset })), from, {
    member: asker.member, lockedUntil: ctx.now + lock, limit: deliveryLimit(broker, asker.group), mostLocks: mostLocks(broker, asker.group),
    maxRecords: wanted.records, batchSize: request.maxRecords, recordLimit: request.shareAcquireMode === 'record_limit',
  })
  const kept = committed ? withoutAborted(broker, share, replica, batches, acquired, ctx) : acquired
  if (kept.length === 0) return undefined
  tellAcquired(broker, share, asker.client, kept, lock, ctx)
  const last = kept[kept.length - 1]!.last
  return {
    partition, error: 'NONE', acknowledgeError: 'NONE', acquired: Object.freeze(kept),
    batches: Object.freeze(batches.filter((batch) => batch.lastOffset >= kept[0]!.first && batch.baseOffset <= last)),
  }
}

/** What was aborted is archived in the same breath: nobody is to get it. */
function withoutAborted(broker: Broker, share: SharePartition, { log }: Replica, batches: readonly RecordBatch[], acquired: readonly AcquiredRecords[], ctx: BrokerContext): readonly AcquiredRecords[] {
  if (batches.length === 0) return acquired
  const aborted = abortedBetween(log.transactions, batches[0]!.baseOffset, batches[batches.length - 1]!.lastOffset + 1)
  if (aborted.length === 0) return acquired
  const kept = new Set(committedOnly(batches, aborted))
  const isAborted = (offset: Offset): boolean => batches.some((batch) => offset >= batch.baseOffset && offset <= batch.lastOffset && !kept.has(batch))
  const changes: Changes = []
  const left: AcquiredRecords[] = []
  for (const { first, last, count } of acquired) {
    for (let offset = first; offset <= last; offset++) {
      const open = left[left.length - 1]
      if (isAborted(offset)) {
        const record = inFlight('ARCHIVED', count)
        setRecord(share, offset, record)
        changes.push([offset, record, 'gap'])
      } else if (open?.last === offset - 1 && open.count === count) left[left.length - 1] = Object.freeze({ ...open, last: offset })
      else left.push(Object.freeze({ first: offset, last: offset, count }))
    }
  }
  if (changes.length > 0) persist(broker, share, changes, () => '', undefined, ctx)
  return left
}

function tellAcquired(broker: Broker, { group, partition }: SharePartition, member: string, acquired: readonly AcquiredRecords[], lock: Micros, ctx: BrokerContext): void {
  const book = bookOf(broker, group)
  const limit = deliveryLimit(broker, group)
  for (const { first, last, count } of acquired) {
    book.acquired += last - first + 1
    if (count > 1) book.redelivered += last - first + 1
    ctx.note({ code: 'share.acquired', group, member, partition, offset: first, last, count, limit, lockMs: lock / 1000 })
  }
}

/** Have it written down. `call`: who waits for that. */
function persist(broker: Broker, share: SharePartition, changes: Changes, clientOf: (offset: Offset) => string, call: number | undefined, ctx: BrokerContext): void {
  const { group, partition, stateEpoch, leaderEpoch, startOffset } = share
  const sorted = changes.toSorted(([a], [b]) => a - b)
  const ended = sorted.map(([offset, { count }, how]): EndedLease => Object.freeze({ offset, how, member: clientOf(offset), count }))
  const batches = stateBatches(sorted.map(([offset, record]) => [offset, record]))
  ask(broker, { type: 'WriteShareGroupStateRequest', key: shareKey(group, partition), stateEpoch, leaderEpoch, startOffset, batches }, { kind: 'write', changes: Object.freeze(ended), start: startOffset, call }, ctx)
}

/** NONE = nothing has to be written; undefined = the call waits until it has been. */
export function acknowledgeShare(broker: Broker, asker: Asker, { partition, batches }: PartitionAcknowledgements, call: number, ctx: BrokerContext): KafkaError | undefined {
  const share = sharePartitionOf(broker, asker.group, partition, ctx)
  if (typeof share === 'string') return share
  const renews = groupSetting(broker, asker.group, 'share.renew.acknowledge.enable') === 'true'
  const { error, changes } = acknowledge(share, asker.member, batches, deliveryLimit(broker, asker.group), renews ? ctx.now + lockDuration(broker, asker.group) : undefined)
  if (error !== 'NONE') {
    const first = batches[0]!.first, last = batches[batches.length - 1]!.last
    ctx.note({ code: 'share.refused', group: asker.group, member: asker.client, partition, offset: first, last, error })
    return error
  }
  if (changes.length === 0) return 'NONE'
  persist(broker, share, changes, () => asker.client, call, ctx)
  return undefined
}

/** Everything this member holds here is free again. */
export function releaseMember(broker: Broker, { group, member, client }: Asker, ctx: BrokerContext): void {
  for (const share of shareOf(broker).partitions.values()) {
    if (share.group !== group) continue
    const changes = releaseAll(share, member)
    if (changes.length > 0) persist(broker, share, changes, () => client, undefined, ctx)
  }
}

/** `clientOf`: the member's name, for the story. */
export function expireShareLocks(broker: Broker, clientOf: (group: string, member: string) => string, ctx: BrokerContext): void {
  for (const share of shareOf(broker).partitions.values()) {
    const { changes, members } = expireLocks(share, ctx.now, deliveryLimit(broker, share.group))
    if (changes.length === 0) continue
    const names = new Map(changes.map(([offset], i) => [offset, clientOf(share.group, members[i]!)]))
    tellEnded(broker, share, changes.map(([offset, { count }, how]) => ({ offset, count, how, member: names.get(offset)! })), ctx)
    persist(broker, share, changes.map(([offset, record]) => [offset, record, 'gap']), (offset) => names.get(offset) ?? '', undefined, ctx)
    lookAfter(ctx)
  }
}

/** Gives the error for who waits for it. */
export function handleWritten(broker: Broker, key: string, { changes, start }: Extract<AskPurpose, { kind: 'write' }>, { error }: Pick<WriteShareGroupStateResponse, 'error'>, ctx: BrokerContext): KafkaError {
  const share = shareOf(broker).partitions.get(key)
  // FENCED_*: another leader goes by what it has read.
  const told: KafkaError = error === 'FENCED_LEADER_EPOCH' || error === 'FENCED_STATE_EPOCH' ? 'NOT_LEADER_OR_FOLLOWER' : error
  if (share === undefined) return told === 'NONE' ? 'NOT_LEADER_OR_FOLLOWER' : told
  const written = error === 'NONE'
  complete(share, changes.map(({ offset }) => offset), written, ctx.now)
  if (written) {
    share.persistedStart = start
    tellEnded(broker, share, changes, ctx)
  }
  advanceStart(share)
  return told
}

const released: { readonly [E in Ending]?: 'asked' | 'lock' | 'left' } = { released: 'asked', lock: 'lock', left: 'left' }
const archived: { readonly [E in Ending]?: 'asked' | 'limit' } = { rejected: 'asked', limit: 'limit' }

/** Neighbours that ended alike are told together. An accepted record needs no telling. */
function tellEnded(broker: Broker, { group, partition }: SharePartition, ended: readonly EndedLease[], ctx: BrokerContext): void {
  const book = bookOf(broker, group)
  const lockMs = lockDuration(broker, group) / 1000
  for (let i = 0; i < ended.length;) {
    const { offset, how, member, count } = ended[i]!
    let end = i + 1
    while (end < ended.length && ended[end]!.how === how && ended[end]!.count === count && ended[end]!.member === member && ended[end]!.offset === ended[end - 1]!.offset + 1) end++
    const last = ended[end - 1]!.offset
    const back = released[how], gone = archived[how]
    if (how === 'accepted') book.acknowledged += end - i
    if (back !== undefined) ctx.note({ code: 'share.released', group, member, partition, offset, last, count, why: back, lockMs })
    if (gone !== undefined) {
      book.archived += end - i
      book.gone.set(partition, [...(book.gone.get(partition) ?? []), ...ended.slice(i, end).map((one) => one.offset)])
      ctx.note({ code: 'share.archived', group, member, partition, offset, last, count, why: gone, limit: deliveryLimit(broker, group) })
    }
    i = end
  }
}

export const bytesOf = ({ batches }: FetchedShare): number => batches.reduce((bytes, { sizeInBytes }) => bytes + sizeInBytes, 0)
export const waitOf = (request: ShareFetchRequest): Micros => fromMs(request.maxWaitMs)
