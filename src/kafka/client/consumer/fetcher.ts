/**
 * Fetching ahead: one request at a time to each broker that leads something read here; what comes waits until poll()
 * takes it (CSM-5). Follows clients/.../consumer/internals/{AbstractFetch,FetchCollector}.java.
 */
import { added } from '../../../base/list.ts'
import type { Micros, NodeId, Offset } from '../../../base/units.ts'
import { refreshesMetadata } from '../../errors.ts'
import { firstFrom, isControl, isSpoiled, offsetOf, recordSize, timestampOf, type RecordBatch } from '../../log/record.ts'
import { committedOnly, type AbortedTxn } from '../../log/transactions.ts'
import { channelTo, ready, sendRequest, type Channel } from '../../network/client.ts'
import type { FetchRequest, FetchResponse } from '../../protocol/fetch.ts'
import { isKnown, learnLeader, requestUpdate } from '../metadata.ts'
import { CLIENTS } from '../node-choice.ts'
import { countError } from '../notebook.ts'
import { fail } from './fail.ts'
import type { Read } from './notebook.ts'
import { compareWithMetadata, requestReset } from './positions.ts'
import type { ConsumerContext, ConsumerPurpose, ConsumerState, Fetched, Position } from './state.ts'

/** While the commit before everything is given up is waited for, nothing more is returned or fetched. A cooperative member reads on. */
const isGivingUp = ({ membership: { revokeCommit }, settings: { protocol, groupProtocol } }: ConsumerState): boolean =>
  (revokeCommit === 'waiting' || revokeCommit === 'retry') && protocol === 'EAGER' && groupProtocol === 'classic'

export function sendFetches(state: ConsumerState, ctx: ConsumerContext): void {
  if (isGivingUp(state)) return
  for (const position of state.positions.values()) {
    if (!isFetchable(state, position, ctx.now)) continue
    const channel = channelTo(state.network, sourceOf(state, position, ctx.now)!, CLIENTS)
    // A broker that has been asked is not asked for more; so each is asked once, by its first partition.
    if (!hasFetchInFlight(channel) && ready(state.network, channel, ctx)) sendFetch(state, channel, fetchableFrom(state, channel.node, ctx.now), ctx)
  }
}

/** The leader, or the replica that it has named, for `metadata.max.age.ms` and as long as that is alive. Follows AbstractFetch#selectReadReplica. */
function sourceOf(state: ConsumerState, position: Position, now: Micros): string | undefined {
  const { preferred } = position
  if (preferred === undefined) return position.leader
  if (preferred.until > now && isKnown(state.metadata, preferred.node)) return preferred.node
  if (preferred.until > now) requestUpdate(state.metadata)
  position.preferred = undefined
  return position.leader
}

function hasFetchInFlight({ inFlight }: Channel<ConsumerPurpose>): boolean {
  for (const { purpose } of inFlight) if (purpose.kind === 'fetch') return true
  return false
}

function fetchableFrom(state: ConsumerState, node: string, now: Micros): readonly Position[] {
  let positions: Position[] = []
  for (const position of state.positions.values()) if (sourceOf(state, position, now) === node && isFetchable(state, position, now)) positions = added(positions, position)
  return positions
}

/** Partitions that can be read and of which nothing waits. A broker of which something waits is not asked for more, unless what waits is paused. */
function isFetchable(state: ConsumerState, position: Position, now: Micros): boolean {
  if (position.state !== 'fetching' || position.pausedUntil !== undefined || isWaiting(state, position, sourceOf(state, position, now))) return false
  if (position.leader === undefined) requestUpdate(state.metadata)
  return position.leader !== undefined
}

function isWaiting({ fetched, positions }: ConsumerState, { partition }: Position, node: string | undefined): boolean {
  for (const one of fetched) if (one.partition === partition || (one.node === node && positions.get(one.partition)?.pausedUntil === undefined)) return true
  return false
}

function sendFetch(state: ConsumerState, channel: Channel<ConsumerPurpose>, positions: readonly Position[], ctx: ConsumerContext): void {
  const { settings, notebook } = state
  const request: FetchRequest = {
    type: 'FetchRequest', clientId: state.config.id, replicaId: -1, brokerEpoch: -1, maxWaitMs: settings.fetchMaxWaitMs,
    minBytes: settings.fetchMinBytes, ...(settings.rack === undefined ? undefined : { rackId: settings.rack }),
    maxBytes: settings.fetchMaxBytes,
    partitions: Object.freeze(positions.map(({ partition, offset, leaderEpoch }) => ({
      partition, fetchOffset: offset!, currentLeaderEpoch: leaderEpoch, lastFetchedEpoch: -1,
      partitionMaxBytes: settings.maxPartitionFetchBytes,
    }))),
  }
  const isolated = settings.isolationLevel === undefined ? request : { ...request, isolationLevel: settings.isolationLevel }
  notebook.fetches.set(channel.node, (notebook.fetches.get(channel.node) ?? 0) + 1)
  sendRequest(state.network, channel, isolated, { kind: 'fetch', partitions: request.partitions }, ctx)
}

type FetchPurpose = Extract<ConsumerPurpose, { kind: 'fetch' }>

export function handleFetchResponse(
  state: ConsumerState, { partitions }: FetchResponse, ctx: ConsumerContext, { partitions: asked }: FetchPurpose,
  { node }: Channel<ConsumerPurpose>,
): void {
  let learnt = false
  for (const { partition, error, batches, currentLeader, preferredReadReplica, abortedTransactions } of partitions) {
    const question = askedFor(asked, partition)
    if (question === undefined) continue
    if (learnLeader(state.metadata, partition, currentLeader, node, ctx)) learnt = true
    if (preferredReadReplica !== undefined) prefer(state, partition, node, preferredReadReplica, ctx)
    else if (state.settings.rack !== undefined && batches.length > 0) readAgain(state, partition)
    if (error === 'NONE' && batches.length === 0) continue
    for (const { sizeInBytes } of batches) state.notebook.fetchedBytes += sizeInBytes
    const fetched: Fetched = { partition, node, error, batches, next: question.fetchOffset, batch: 0 }
    state.fetched.push(abortedTransactions === undefined || abortedTransactions.length === 0 ? fetched : { ...fetched, aborted: passedOver(batches, abortedTransactions) })
  }
  if (learnt) compareWithMetadata(state)
}

function askedFor(asked: FetchPurpose['partitions'], partition: string): FetchPurpose['partitions'][number] | undefined {
  for (let i = 0; i < asked.length; i++) if (asked[i]!.partition === partition) return asked[i]
  return undefined
}

/** TXN-10: nothing is buffered until a commit; what came from an aborted transaction is left out when it is read. */
function passedOver(batches: Fetched['batches'], aborted: readonly AbortedTxn[]): readonly Offset[] {
  const committed = new Set(committedOnly(batches, aborted))
  return Object.freeze(batches.filter((batch) => !committed.has(batch)).map(({ baseOffset }) => baseOffset))
}

function readAgain({ positions }: ConsumerState, partition: string): void {
  const position = positions.get(partition)
  if (position !== undefined) position.preferredTold = undefined
}

/** Follows SubscriptionState#updatePreferredReadReplica. */
function prefer(state: ConsumerState, partition: string, from: string, id: NodeId, ctx: ConsumerContext): void {
  const position = state.positions.get(partition)
  const to = state.metadata.nodes.get(id)
  if (position === undefined || to === undefined) return requestUpdate(state.metadata)
  position.preferred = Object.freeze({ node: to, until: ctx.now + state.settings.metadata.maxAge })
  // One that is dead is named until it is fenced; once is enough for the story.
  if (position.preferredTold === to) return
  position.preferredTold = to
  ctx.note({ code: 'fetch.redirected', consumer: state.config.id, partition, from, to, rack: state.settings.rack ?? '' })
}

/** What poll() returns: at most `max.poll.records`, in the order in which it came. */
export function collect(state: ConsumerState, ctx: ConsumerContext): Read[] {
  const records: Read[] = []
  const paused: Fetched[] = []
  if (isGivingUp(state)) return records
  while (records.length < state.settings.maxPollRecords && !state.fatal) {
    const first = state.fetched[0]
    if (first === undefined) break
    const position = state.positions.get(first.partition)
    // What is paused waits behind the others for a later poll(); an error is dealt with all the same.
    if (position?.pausedUntil !== undefined && first.error === 'NONE') {
      paused.push(first)
      state.fetched.shift()
      continue
    }
    // Revoked in the meantime, or moved: what was fetched for another position is worth nothing.
    if (position === undefined || position.state !== 'fetching' || position.offset !== first.next) state.fetched.shift()
    else if (first.error !== 'NONE') {
      // An error is only dealt with when it is the first thing poll() meets, so that it is not lost with records.
      if (records.length > 0) break
      state.fetched.shift()
      handleError(state, position, first, ctx)
    } else if (take(first, position, state.settings.maxPollRecords - records.length, records, state.config.side !== undefined || state.config.filter !== undefined)) state.fetched.shift()
  }
  state.fetched.push(...paused)
  noteRuns(state, records, ctx)
  return records
}

function handleError(state: ConsumerState, position: Position, { error }: Fetched, ctx: ConsumerContext): void {
  countError(state.notebook.errors, error)
  const followed = position.preferred
  position.preferred = undefined
  // A follower that is behind says so too: the leader is asked, before anything is reset.
  if (error === 'OFFSET_OUT_OF_RANGE' && followed !== undefined) return
  if (error === 'OFFSET_OUT_OF_RANGE') requestReset(state, position, ctx)
  else if (refreshesMetadata(error) || error === 'OFFSET_NOT_AVAILABLE') {
    if (error !== 'UNKNOWN_LEADER_EPOCH') requestUpdate(state.metadata)
  } else if (error !== 'UNKNOWN_LEADER_EPOCH') {
    fail(state, position, error, ctx)
  }
}

/** True when all of it has been taken. */
function take(fetched: Fetched, position: Position, most: number, into: Read[], detailed: boolean): boolean {
  let left = most
  for (; fetched.batch < fetched.batches.length; fetched.batch++) {
    const batch = fetched.batches[fetched.batch]!
    // `check.crcs`: poll() gives what came before, and then throws, each time anew.
    if (isSpoiled(batch)) {
      fetched.error = 'CORRUPT_MESSAGE'
      return false
    }
    // A marker takes an offset, and no application sees it.
    for (let i = isControl(batch) || fetched.aborted?.includes(batch.baseOffset) === true ? batch.records.length : firstFrom(batch, fetched.next); i < batch.records.length; i++) {
      if (left === 0) return false
      const { id, key, value, poison } = batch.records[i]!
      const offset = offsetOf(batch, i)
      const read: Read = { id, key, value, partition: fetched.partition, offset, epoch: batch.partitionLeaderEpoch, batch: batch.baseOffset }
      into.push(Object.freeze(poison === undefined && !detailed ? read : { ...read, ...detailsOf(batch, i, detailed) }))
      fetched.next = offset + 1
      position.offset = offset + 1
      position.offsetEpoch = batch.partitionLeaderEpoch
      left--
    }
    fetched.next = Math.max(fetched.next, batch.lastOffset + 1)
    position.offset = fetched.next
    position.offsetEpoch = batch.partitionLeaderEpoch
  }
  return true
}

/** What only few want to know of a record. */
function detailsOf(batch: RecordBatch, i: number, detailed: boolean): Partial<Read> {
  const record = batch.records[i]!
  const { poison, headers } = record
  return {
    ...(poison === undefined ? undefined : { poison, ...(headers === undefined ? undefined : { headers }) }), timestamp: timestampOf(batch, i),
    ...(detailed ? { bytes: recordSize(record, offsetOf(batch, i) - batch.baseOffset, record.timestamp - batch.records[0]!.timestamp) } : undefined),
  }
}

/** Neighbouring records of one partition, told together: what has been compacted away between them is not among them. */
function noteRuns(state: ConsumerState, records: readonly Read[], ctx: ConsumerContext): void {
  for (let first = 0; first < records.length;) {
    const { partition, offset: base } = records[first]!
    let end = first + 1
    while (end < records.length && records[end]!.partition === partition && records[end]!.offset === records[end - 1]!.offset + 1) end++
    ctx.note({ code: 'records.read', consumer: state.config.id, partition, base, last: records[end - 1]!.offset })
    first = end
  }
}
