/**
 * ShareFetch and ShareAcknowledge at the leader: the session, what is acknowledged, what is handed out, and the answer when
 * both are known. Follows core/.../server/{KafkaApis.scala,share/SharePartitionManager.java,share/DelayedShareFetch.java}. SHR-6.
 */
import type { Connection } from '../../engine/process.ts'
import type { Broker, BrokerContext } from '../broker/state.ts'
import type { KafkaError } from '../errors.ts'
import { respond } from '../network/server.ts'
import type { FetchedShare, PartitionAcknowledgements, ShareAcknowledgeRequest, ShareAcknowledgeResponse, ShareFetchRequest, ShareFetchResponse } from '../protocol/share.ts'
import { lookAfter, shareOf } from './append.ts'
import { acknowledgeShare, bytesOf, fetchShare, releaseMember, waitOf } from './leader.ts'
import { lockDuration } from './settings.ts'
import type { ShareCall, ShareSession } from './state.ts'

type Request = ShareFetchRequest | ShareAcknowledgeRequest

/** 0 opens a session in place of an older one; -1 ends it; else it must be the next. */
function enter(broker: Broker, request: Request, on: Connection): ShareSession | KafkaError {
  const { sessions } = shareOf(broker)
  const { groupId: group, memberId: member, clientId: client, shareSessionEpoch: epoch } = request
  const key = `${group}:${member}`
  if (epoch === 0) {
    if (request.acknowledgements.length > 0) return 'INVALID_REQUEST'
    const session: ShareSession = { group, member, client, on, epoch: 1 }
    sessions.set(key, session)
    return session
  }
  const session = sessions.get(key)
  if (session === undefined) return 'SHARE_SESSION_NOT_FOUND'
  if (epoch === -1) return session
  if (session.epoch !== epoch) return 'INVALID_SHARE_SESSION_EPOCH'
  session.epoch++
  return session
}

function newCall(broker: Broker, request: Request, on: Connection, ctx: BrokerContext): ShareCall {
  const share = shareOf(broker)
  const isFetch = request.type === 'ShareFetchRequest'
  const call: ShareCall = {
    id: share.nextId++, api: isFetch ? 'ShareFetch' : 'ShareAcknowledge', on, client: request.clientId, group: request.groupId, member: request.memberId,
    since: ctx.now, until: isFetch ? ctx.now + waitOf(request) : Infinity, request: isFetch && request.shareSessionEpoch >= 0 ? request : undefined,
    acknowledged: new Map(), fetched: isFetch && request.shareSessionEpoch >= 0 ? undefined : [],
  }
  share.calls.set(call.id, call)
  return call
}

export function handleShareRequest(broker: Broker, request: Request, on: Connection, ctx: BrokerContext): void {
  const session = enter(broker, request, on)
  if (typeof session === 'string') return respond(on, refusal(broker, request, session), ctx)
  const call = newCall(broker, request, on, ctx)
  takeAcknowledgements(broker, call, request.acknowledgements, ctx)
  if (request.shareSessionEpoch === -1) endSession(broker, session, ctx)
  attempt(broker, call, ctx)
  lookAfter(ctx)
}

function refusal(broker: Broker, request: Request, error: KafkaError): ShareFetchResponse | ShareAcknowledgeResponse {
  return request.type === 'ShareFetchRequest'
    ? { type: 'ShareFetchResponse', error, acquisitionLockTimeoutMs: lockDuration(broker, request.groupId) / 1000, partitions: [] }
    : { type: 'ShareAcknowledgeResponse', error, partitions: [] }
}

function takeAcknowledgements(broker: Broker, call: ShareCall, acknowledgements: readonly PartitionAcknowledgements[], ctx: BrokerContext): void {
  for (const of of acknowledgements) call.acknowledged.set(of.partition, acknowledgeShare(broker, call, of, call.id, ctx))
}

/** What is held through it comes back. */
export function endSession(broker: Broker, session: ShareSession, ctx: BrokerContext): void {
  const { sessions } = shareOf(broker)
  const key = `${session.group}:${session.member}`
  if (sessions.get(key) === session) sessions.delete(key)
  releaseMember(broker, session, ctx)
}

/** A client's connection is gone: nobody is answered there, and its sessions end. */
export function forgetClient(broker: Broker, on: Connection, ctx: BrokerContext): void {
  const { sessions, calls } = shareOf(broker)
  for (const call of [...calls.values()]) if (call.on === on) calls.delete(call.id)
  for (const session of [...sessions.values()]) if (session.on === on) endSession(broker, session, ctx)
}

/** Written down, or not. */
export function acknowledged(broker: Broker, id: number, partition: string, error: KafkaError, ctx: BrokerContext): void {
  const call = shareOf(broker).calls.get(id)
  if (call === undefined) return
  call.acknowledged.set(partition, error)
  maybeAnswer(broker, call, ctx)
}

/** Look for records again; when its time is over it is answered with nothing. */
export function attempt(broker: Broker, call: ShareCall, ctx: BrokerContext): void {
  if (call.fetched === undefined) {
    const found = look(broker, call, ctx)
    if (found.length > 0 || ctx.now >= call.until) call.fetched = found
  }
  maybeAnswer(broker, call, ctx)
}

/**
 * Simplified: the first records found are answered with, whatever `fetch.min.bytes` says; partitions are looked through in the
 * order of their names, and the bytes are not divided among them. An acknowledgement may be the first to load a share partition.
 */
function look(broker: Broker, call: ShareCall, ctx: BrokerContext): readonly FetchedShare[] {
  const request = call.request!
  const found: FetchedShare[] = []
  let records = request.maxRecords
  let bytes = request.maxBytes
  for (const partition of request.partitions) {
    if (records <= 0 || bytes <= 0) break
    const fetched = fetchShare(broker, call, partition, request, { records, bytes }, ctx)
    if (fetched === undefined) continue
    found.push(fetched)
    for (const { first, last } of fetched.acquired) records -= last - first + 1
    bytes -= bytesOf(fetched)
  }
  return found
}

function maybeAnswer(broker: Broker, call: ShareCall, ctx: BrokerContext): void {
  const { fetched, acknowledged: outcomes } = call
  if (fetched === undefined || [...outcomes.values()].includes(undefined)) return
  shareOf(broker).calls.delete(call.id)
  const errorOf = (partition: string): KafkaError => outcomes.get(partition) ?? 'NONE'
  if (call.api === 'ShareAcknowledge') {
    const response: ShareAcknowledgeResponse = { type: 'ShareAcknowledgeResponse', error: 'NONE', partitions: Object.freeze([...outcomes.keys()].map((partition) => Object.freeze({ partition, error: errorOf(partition) }))) }
    return respond(call.on, response, ctx)
  }
  const only = [...outcomes.keys()].filter((partition) => !fetched.some((one) => one.partition === partition))
  const partitions = [
    ...fetched.map((one) => Object.freeze({ ...one, acknowledgeError: errorOf(one.partition) })),
    ...only.map((partition): FetchedShare => Object.freeze({ partition, error: 'NONE', acknowledgeError: errorOf(partition), batches: [], acquired: [] })),
  ]
  const response: ShareFetchResponse = { type: 'ShareFetchResponse', error: 'NONE', acquisitionLockTimeoutMs: lockDuration(broker, call.group) / 1000, partitions: Object.freeze(partitions) }
  respond(call.on, response, ctx)
}
