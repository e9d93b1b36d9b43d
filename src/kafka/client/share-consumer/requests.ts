/**
 * What a share consumer says to leaders: one ShareFetch at a time to each, with what it acknowledges; ShareAcknowledge when
 * there is nothing to fetch. Follows clients/.../consumer/internals/{ShareConsumeRequestManager,ShareSessionHandler}.java.
 */
import type { Offset } from '../../../base/units.ts'
import { refreshesMetadata, type KafkaError } from '../../errors.ts'
import { isControl, offsetOf } from '../../log/record.ts'
import { channelTo, ready, sendRequest, type Channel } from '../../network/client.ts'
import { stringOf } from '../../config.ts'
import type { AcknowledgementBatch, AcknowledgeType, FetchedShare, PartitionAcknowledgements, ShareAcknowledgeRequest, ShareAcknowledgeResponse, ShareFetchRequest, ShareFetchResponse } from '../../protocol/share.ts'
import type { Read } from '../consumer/notebook.ts'
import type { ConsumerContext, ConsumerPurpose } from '../consumer/state.ts'
import { leaderOf, requestUpdate } from '../metadata.ts'
import { CLIENTS } from '../node-choice.ts'
import { countError } from '../notebook.ts'
import type { Lease, ShareConsumerState } from './state.ts'

type SharePurpose = Extract<ConsumerPurpose, { kind: 'shareFetch' | 'shareAcknowledge' }>

const isAsked = ({ inFlight }: Channel<ConsumerPurpose>): boolean => inFlight.some(({ purpose }) => purpose.kind === 'shareFetch' || purpose.kind === 'shareAcknowledge')

/** In poll(), with nothing at hand: ask every leader of what is assigned here. */
export function sendShareFetches(state: ShareConsumerState, ctx: ConsumerContext): void {
  const byNode = new Map<string, string[]>()
  for (const partition of state.positions.keys()) {
    const leader = leaderOf(state.metadata, partition)
    if (leader === undefined) requestUpdate(state.metadata)
    else byNode.set(leader, [...(byNode.get(leader) ?? []), partition])
  }
  for (const [node, partitions] of byNode) {
    const channel = channelTo(state.network, node, CLIENTS)
    if (!isAsked(channel) && ready(state.network, channel, ctx)) sendShareFetch(state, channel, partitions, ctx)
  }
}

function sendShareFetch(state: ShareConsumerState, channel: Channel<ConsumerPurpose>, partitions: readonly string[], ctx: ConsumerContext): void {
  const { settings, config, membership, notebook, configs } = state
  const epoch = state.sessions.get(channel.node) ?? 0
  const acknowledgements = takeOutbox(state, channel.node, epoch)
  const request: ShareFetchRequest = {
    type: 'ShareFetchRequest', clientId: config.id, groupId: config.group, memberId: membership.memberId, shareSessionEpoch: epoch,
    maxWaitMs: settings.fetchMaxWaitMs, minBytes: settings.fetchMinBytes, maxBytes: settings.fetchMaxBytes, maxRecords: settings.maxPollRecords,
    shareAcquireMode: stringOf('consumer', configs, 'share.acquire.mode') as ShareFetchRequest['shareAcquireMode'], partitions: Object.freeze(partitions.slice()), acknowledgements,
  }
  notebook.fetches.set(channel.node, (notebook.fetches.get(channel.node) ?? 0) + 1)
  state.sessions.set(channel.node, epoch + 1)
  sendRequest(state.network, channel, request, Object.freeze({ kind: 'shareFetch', acknowledgements, closes: false }), ctx)
}

/** commitAsync(), or what has been acknowledged while the next records are at hand already. */
export function sendAcknowledgements(state: ShareConsumerState, ctx: ConsumerContext, closes = false): void {
  const nodes = closes ? [...new Set([...state.sessions.keys(), ...state.outbox.keys()])] : [...state.outbox.keys()]
  for (const node of nodes) {
    const channel = channelTo(state.network, node, CLIENTS)
    if (!ready(state.network, channel, ctx)) continue
    const epoch = state.sessions.get(node) ?? 0
    const acknowledgements = takeOutbox(state, node, epoch)
    if (epoch === 0 || (acknowledgements.length === 0 && !closes)) continue
    const { config, membership } = state
    const request: ShareAcknowledgeRequest = {
      type: 'ShareAcknowledgeRequest', clientId: config.id, groupId: config.group, memberId: membership.memberId, shareSessionEpoch: closes ? -1 : epoch, acknowledgements,
    }
    if (closes) state.sessions.delete(node)
    else state.sessions.set(node, epoch + 1)
    sendRequest(state.network, channel, request, Object.freeze({ kind: 'shareAcknowledge', acknowledgements, closes }), ctx)
  }
}

/** Without the session in which they were fetched, acknowledgements are worth nothing. */
function takeOutbox(state: ShareConsumerState, node: string, epoch: number): readonly PartitionAcknowledgements[] {
  const box = state.outbox.get(node)
  state.outbox.delete(node)
  if (box === undefined) return NOTHING
  if (epoch === 0) {
    fail(state, 'INVALID_SHARE_SESSION_EPOCH')
    return NOTHING
  }
  return Object.freeze([...box].map(([partition, types]) => Object.freeze({ partition, batches: batchesOf(types) })))
}
const NOTHING: readonly PartitionAcknowledgements[] = Object.freeze([])

function fail({ notebook }: ShareConsumerState, error: KafkaError): void {
  countError(notebook.errors, error)
  notebook.lastError = error
}

/** Neighbours together; one type for all of them, if it is the same. */
function batchesOf(types: ReadonlyMap<Offset, AcknowledgeType>): readonly AcknowledgementBatch[] {
  const batches: { first: Offset; last: Offset; types: AcknowledgeType[] }[] = []
  for (const [offset, type] of [...types].sort(([a], [b]) => a - b)) {
    const open = batches[batches.length - 1]
    if (open?.last === offset - 1) {
      open.last = offset
      open.types.push(type)
    } else batches.push({ first: offset, last: offset, types: [type] })
  }
  return Object.freeze(batches.map(({ first, last, types: each }) => Object.freeze({ first, last, types: Object.freeze(each.every((type) => type === each[0]) ? each.slice(0, 1) : each) })))
}

export function handleShareFetchResponse(state: ShareConsumerState, { error, partitions }: ShareFetchResponse, ctx: ConsumerContext, _: SharePurpose, { node }: Channel<ConsumerPurpose>): void {
  if (error !== 'NONE') return loseSession(state, node, error)
  for (const fetched of partitions) {
    if (fetched.acknowledgeError !== 'NONE') fail(state, fetched.acknowledgeError)
    if (fetched.error !== 'NONE') countError(state.notebook.errors, fetched.error)
    if (refreshesMetadata(fetched.error) || refreshesMetadata(fetched.acknowledgeError)) requestUpdate(state.metadata)
    if (fetched.acquired.length > 0) receive(state, fetched, node, ctx)
  }
}

/** The next request opens another; what was held is free again for all that this consumer knows. */
function loseSession(state: ShareConsumerState, node: string, error: KafkaError): void {
  state.sessions.delete(node)
  fail(state, error)
}

/** An offset without a record is acknowledged as a gap. */
function receive(state: ShareConsumerState, { partition, batches, acquired }: FetchedShare, node: string, ctx: ConsumerContext): void {
  const found = new Map<Offset, Read>()
  for (const batch of batches) {
    if (isControl(batch)) continue
    batch.records.forEach(({ id, key, value, poison }, i) => {
      const offset = offsetOf(batch, i)
      found.set(offset, Object.freeze({ id, key, value, partition, offset, epoch: batch.partitionLeaderEpoch, batch: batch.baseOffset, ...(poison === undefined ? undefined : { poison }) }))
    })
  }
  const reads: Read[] = []
  for (const { first, last, count } of acquired) {
    for (let offset = first; offset <= last; offset++) {
      const read = found.get(offset)
      if (read === undefined) decide(state, node, partition, offset, 'gap')
      else {
        reads.push(read)
        lease(state, Object.freeze({ read, count, node, since: ctx.now }))
      }
    }
  }
  if (reads.length > 0) state.inbox.push(Object.freeze(reads))
}

function lease(state: ShareConsumerState, held: Lease): void {
  const { partition, offset } = held.read
  const of = state.leases.get(partition) ?? new Map<Offset, Lease>()
  of.set(offset, held)
  state.leases.set(partition, of)
}

/** acknowledge(): it goes out with the next request to the leader that it came from. */
export function decide(state: ShareConsumerState, node: string, partition: string, offset: Offset, type: AcknowledgeType): void {
  const box = state.outbox.get(node) ?? new Map<string, Map<Offset, AcknowledgeType>>()
  const types = box.get(partition) ?? new Map<Offset, AcknowledgeType>()
  types.set(offset, type)
  box.set(partition, types)
  state.outbox.set(node, box)
  if (type === 'renew') return
  const of = state.leases.get(partition)
  of?.delete(offset)
  if (of?.size === 0) state.leases.delete(partition)
}

export function handleShareAcknowledgeResponse(state: ShareConsumerState, { error, partitions }: ShareAcknowledgeResponse, _ctx: ConsumerContext, { closes }: SharePurpose, { node }: Channel<ConsumerPurpose>): void {
  if (error !== 'NONE') {
    if (!closes) loseSession(state, node, error)
    return
  }
  for (const each of partitions) {
    if (each.error !== 'NONE') fail(state, each.error)
    if (refreshesMetadata(each.error)) requestUpdate(state.metadata)
  }
}

/** The connection is gone, and with it the session and whatever was acknowledged on it. */
export function shareRequestsFailed(state: ShareConsumerState, node: string, failed: readonly ConsumerPurpose[]): void {
  state.sessions.delete(node)
  if (state.outbox.delete(node)) fail(state, 'NETWORK_EXCEPTION')
  for (const purpose of failed) if ((purpose.kind === 'shareFetch' || purpose.kind === 'shareAcknowledge') && purpose.acknowledgements.length > 0) fail(state, 'NETWORK_EXCEPTION')
}
