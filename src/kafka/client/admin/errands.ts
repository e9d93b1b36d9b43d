/**
 * Calls that take several requests: first it is found out whom to ask, then that one is asked; who has moved meanwhile is
 * looked for again. Follows clients/.../admin/internals/{AdminApiDriver,PartitionLeaderStrategy,DeleteRecordsHandler,
 * AlterConsumerGroupOffsetsHandler}.java and tools/.../consumer/group/ConsumerGroupCommand.java#resetOffsets.
 *
 * Simplified: one request of a call is out at a time, also where several leaders have to be asked.
 * Simplified: `--reset-offsets` does not describe the group first; that it has members is told by the coordinator's refusal.
 */
import { MILLISECOND, type Micros, type Offset } from '../../../base/units.ts'
import { isRetriable, type KafkaError } from '../../errors.ts'
import type { RecordBatch } from '../../log/record.ts'
import type { DeleteRecordsRequest, DeleteRecordsResponse } from '../../protocol/delete-records.ts'
import type { ListedTime, ListOffsetsRequest, ListOffsetsResponse } from '../../protocol/fetch.ts'
import type { OffsetCommitRequest, OffsetCommitResponse } from '../../protocol/group.ts'
import type { GroupAdminRequest, GroupAdminResponse } from '../../protocol/group-admin.ts'
import type { FindCoordinatorRequest, FindCoordinatorResponse, MetadataRequest, MetadataResponse } from '../../protocol/metadata.ts'
import type { ProduceRequest, ProduceResponse } from '../../protocol/produce.ts'
import type { WriteTxnMarkersRequest, WriteTxnMarkersResponse } from '../../protocol/transaction.ts'
import type { AdminRequest, AdminResponse } from '../../protocol/admin.ts'
import { parsePartition } from '../../topic-partition.ts'
import { planOf, type ExecuteMove, type VerifyMove } from './move.ts'

/** offset -1 = the high watermark */
export interface DeleteRecords { readonly type: 'DeleteRecords'; readonly partition: string; readonly offset: Offset }
/** An abort marker for one partition, whatever the coordinator says of the transaction: for one that hangs (KIP-664). Follows AbortTransactionHandler.java. */
export interface AbortTransaction { readonly type: 'AbortTransaction'; readonly partition: string; readonly producerId: number; readonly producerEpoch: number; readonly coordinatorEpoch: number }
/** `kafka-consumer-groups.sh --reset-offsets`, for the partitions of one topic. */
export interface ResetOffsets {
  readonly type: 'ResetOffsets'
  readonly group: string; readonly topic: string
  /** An offset; or the beginning, the end, or the first record not older than this. */
  readonly to: { readonly offset: Offset } | { readonly time: ListedTime }
}
/** One Produce request to this broker, exactly so: what no producer would send, to see what the broker says. */
export interface RawProduce { readonly type: 'RawProduce'; readonly to: string; readonly partition: string; readonly acks: ProduceRequest['acks']; readonly batch: RecordBatch }
/** `offsets`: exactly these, of several topics. */
export interface AlterGroupOffsets { readonly type: 'AlterGroupOffsets'; readonly group: string; readonly offsets: Readonly<Record<string, Offset>> }
export interface DeleteGroup { readonly type: 'DeleteGroup'; readonly group: string }
export interface DeleteGroupOffsets { readonly type: 'DeleteGroupOffsets'; readonly group: string; readonly partitions: readonly string[] }
/** Of a share group, one partition after the other. */
export interface AlterShareOffsets { readonly type: 'AlterShareOffsets'; readonly group: string; readonly offsets: Readonly<Record<string, Offset>> }
export interface DeleteShareOffsets { readonly type: 'DeleteShareOffsets'; readonly group: string; readonly partitions: readonly string[] }
type GroupWish = AlterGroupOffsets | DeleteGroup | DeleteGroupOffsets | AlterShareOffsets | DeleteShareOffsets
export type Wish = DeleteRecords | AbortTransaction | ResetOffsets | RawProduce | ExecuteMove | VerifyMove | GroupWish

export type ErrandResponse = AdminResponse | MetadataResponse | FindCoordinatorResponse | ListOffsetsResponse | OffsetCommitResponse | DeleteRecordsResponse | ProduceResponse | GroupAdminResponse | WriteTxnMarkersResponse
type ErrandRequest = AdminRequest | MetadataRequest | FindCoordinatorRequest | ListOffsetsRequest | OffsetCommitRequest | DeleteRecordsRequest | ProduceRequest | GroupAdminRequest | WriteTxnMarkersRequest

/** What is known so far. */
export interface Errand {
  /** By partition; undefined = not asked yet. */
  leaders: Map<string, string> | undefined
  coordinator: string | undefined
  /** Of each partition, what its leader has said: where it begins and ends, and where the time is found. */
  begins: Map<string, Offset>; ends: Map<string, Offset>; found: Map<string, Offset>
  /** What is still to be asked, where that is a list; there once it is known. */
  todo?: AdminRequest[]
  /** How many partitions of a list have been answered for. */
  answered?: number
  /** No request before this moment. */
  retryAt: Micros
}

export const newErrand = (): Errand => ({ leaders: undefined, coordinator: undefined, begins: new Map(), ends: new Map(), found: new Map(), retryAt: 0 })

/** `retry.backoff.ms` */
const RETRY_BACKOFF: Micros = 100 * MILLISECOND

/** What is not one request of the protocol. */
export const isWish = (request: { readonly type: string }): request is Wish => !request.type.endsWith('Request')

/** A broker's own configs are that broker's business: it looks at them before it passes them on. KafkaAdminClient#nodeFor. */
export const addressOf = (request: AdminRequest): string | undefined =>
  (request.type === 'IncrementalAlterConfigsRequest' && request.resource === 'broker' ? request.name : undefined)

/** The next request; `to` undefined = any broker. */
export function nextOf(wish: Wish, errand: Errand, clientId: string, timeoutMs: number): { readonly to: string | undefined; readonly request: ErrandRequest } {
  if (wish.type === 'RawProduce') {
    const { to, acks, partition, batch } = wish
    return { to, request: { type: 'ProduceRequest', clientId, acks, timeoutMs, partitions: [{ partition, batch }] } }
  }
  if (isGroupWish(wish)) return nextOfGroup(wish, errand, clientId)
  const topic = wish.type === 'ResetOffsets' ? wish.topic : parsePartition(wish.partition).topic
  const { leaders, todo } = errand
  if (todo !== undefined) return { to: addressOf(todo[0]!), request: todo[0]! }
  if (leaders === undefined) return { to: undefined, request: { type: 'MetadataRequest', clientId, topics: [topic] } }
  if (wish.type === 'AbortTransaction') {
    const { partition, producerId, producerEpoch, coordinatorEpoch } = wish
    const marker = Object.freeze({ transactionalId: '', producerId, producerEpoch, outcome: 'abort', coordinatorEpoch, version: 1, partitions: Object.freeze([partition]) } as const)
    return { to: leaders.get(partition), request: { type: 'WriteTxnMarkersRequest', markers: Object.freeze([marker]) } }
  }
  if (wish.type !== 'DeleteRecords') return nextOfReset(wish as ResetOffsets, errand, leaders, clientId)
  const { partition, offset } = wish
  return { to: leaders.get(partition), request: { type: 'DeleteRecordsRequest', clientId, timeoutMs, partitions: [{ partition, offset }] } }
}

const groupWishes: ReadonlySet<string> = new Set(['AlterGroupOffsets', 'DeleteGroup', 'DeleteGroupOffsets', 'AlterShareOffsets', 'DeleteShareOffsets'])
const isGroupWish = (wish: Wish): wish is GroupWish => groupWishes.has(wish.type)

/** All of it is the coordinator's. */
function nextOfGroup(wish: GroupWish, { coordinator: to, answered = 0 }: Errand, clientId: string): ReturnType<typeof nextOf> {
  const { group: groupId } = wish
  if (to === undefined) return { to, request: { type: 'FindCoordinatorRequest', clientId, key: groupId } }
  switch (wish.type) {
    case 'AlterGroupOffsets': {
      const offsets = Object.entries(wish.offsets).map(([partition, offset]) => ({ partition, offset, leaderEpoch: -1 }))
      return { to, request: { type: 'OffsetCommitRequest', clientId, groupId, generationId: -1, memberId: '', offsets } }
    }
    case 'DeleteGroup': return { to, request: { type: 'DeleteGroupsRequest', clientId, groupId } }
    case 'DeleteGroupOffsets': return { to, request: { type: 'OffsetDeleteRequest', clientId, groupId, partitions: wish.partitions } }
    case 'AlterShareOffsets': {
      const [partition, startOffset] = Object.entries(wish.offsets)[answered]!
      return { to, request: { type: 'AlterShareGroupOffsetsRequest', clientId, groupId, partition, startOffset } }
    }
    case 'DeleteShareOffsets': return { to, request: { type: 'DeleteShareGroupOffsetsRequest', clientId, groupId, partition: wish.partitions[answered]! } }
  }
}

function nextOfReset({ group, to }: ResetOffsets, errand: Errand, leaders: ReadonlyMap<string, string>, clientId: string): ReturnType<typeof nextOf> {
  const times: readonly (readonly [ReadonlyMap<string, unknown>, ListedTime])[] =
    [[errand.begins, 'earliest'], [errand.ends, 'latest'], ...('time' in to && typeof to.time === 'number' ? [[errand.found, to.time] as const] : [])]
  for (const [known, timestamp] of times) {
    const leader = [...leaders].find(([partition]) => !known.has(partition))?.[1]
    if (leader === undefined) continue
    const partitions = [...leaders].filter(([, name]) => name === leader).map(([partition]) => ({ partition, currentLeaderEpoch: -1, timestamp }))
    return { to: leader, request: { type: 'ListOffsetsRequest', clientId, replicaId: -1, partitions } }
  }
  if (errand.coordinator === undefined) return { to: undefined, request: { type: 'FindCoordinatorRequest', clientId, key: group } }
  const offsets = [...leaders.keys()].map((partition) => ({ partition, offset: targetOf(to, errand, partition), leaderEpoch: -1 }))
  return { to: errand.coordinator, request: { type: 'OffsetCommitRequest', clientId, groupId: group, generationId: -1, memberId: '', offsets } }
}

/** An offset outside of the log becomes its nearest end; a time later than every record is the end. */
function targetOf(to: ResetOffsets['to'], { begins, ends, found }: Errand, partition: string): Offset {
  const begin = begins.get(partition) ?? 0, end = ends.get(partition) ?? 0
  if ('offset' in to) return Math.min(Math.max(to.offset, begin), end)
  if (to.time === 'earliest') return begin
  const listed = found.get(partition)
  return to.time === 'latest' || listed === undefined || listed < 0 ? end : listed
}

export interface Outcome {
  readonly error: KafkaError; readonly value: number | undefined; readonly message?: string
  /** Where they were not all answered alike. */
  readonly partitions?: GroupAdminResponse['partitions']
}
const failed = (error: KafkaError): Outcome => ({ error, value: undefined })

/** Take an answer; gives how the call ends, or undefined: there is more to ask. */
export function take(wish: Wish, errand: Errand, request: ErrandRequest, response: ErrandResponse, now: Micros): Outcome | undefined {
  switch (response.type) {
    case 'MetadataResponse': return wish.type === 'ExecuteMove' || wish.type === 'VerifyMove' ? takePlan(wish, errand, response) : takeMetadata(wish, errand, response, now)
    case 'FindCoordinatorResponse':
      if (response.error !== 'NONE') return again(errand, response.error, now)
      errand.coordinator = response.node
      return undefined
    case 'ListOffsetsResponse': return takeOffsets(errand, request as ListOffsetsRequest, response, now)
    case 'DeleteRecordsResponse': {
      const { error, lowWatermark } = response.partitions[0]!
      return error === 'NONE' ? { error, value: lowWatermark } : again(errand, error, now)
    }
    case 'WriteTxnMarkersResponse': {
      const error = response.markers[0]?.error ?? 'NONE'
      return error === 'NONE' ? failed(error) : again(errand, error, now)
    }
    case 'ProduceResponse': {
      const { error, baseOffset } = response.partitions[0]!
      return { error, value: error === 'NONE' ? baseOffset : undefined }
    }
    case 'OffsetCommitResponse': {
      const error = response.partitions.find((one) => one.error !== 'NONE')?.error ?? 'NONE'
      // What the coordinator says of a stranger's commit while it has members; the tool says it in other words.
      return error === 'UNKNOWN_MEMBER_ID' ? failed('NON_EMPTY_GROUP') : error === 'NONE' ? failed('NONE') : again(errand, error, now)
    }
    case 'DeleteGroupsResponse': case 'OffsetDeleteResponse': case 'AlterShareGroupOffsetsResponse': case 'DeleteShareGroupOffsetsResponse': return takeGroup(wish, errand, response, now)
    default: return takeStep(errand, response, now)
  }
}

function takeGroup(wish: Wish, errand: Errand, { error, partitions }: GroupAdminResponse, now: Micros): Outcome | undefined {
  if (error !== 'NONE') return again(errand, error, now)
  // DeleteConsumerGroupOffsetsResult#all: the first that failed. What was said of a partition is not asked again.
  const refused = partitions?.find((one) => one.error !== 'NONE')
  if (refused !== undefined) return { ...failed(refused.error), partitions }
  errand.answered = (errand.answered ?? 0) + 1
  const wanted = wish.type === 'AlterShareOffsets' ? Object.keys(wish.offsets).length : wish.type === 'DeleteShareOffsets' ? wish.partitions.length : 1
  return errand.answered < wanted ? undefined : failed('NONE')
}

function takePlan(wish: ExecuteMove | VerifyMove, errand: Errand, response: MetadataResponse): Outcome | undefined {
  const plan = planOf(wish, response)
  if (plan === undefined) return failed('UNKNOWN_TOPIC_OR_PARTITION')
  errand.todo = plan.slice()
  return undefined
}

/** One of a list. What is still being moved keeps its throttle. */
function takeStep(errand: Errand, { error, message, value }: AdminResponse, now: Micros): Outcome | undefined {
  if (error !== 'NONE') return isRetriable(error) ? again(errand, error, now) : { error, value, ...(message === undefined ? {} : { message }) }
  errand.todo!.shift()
  return errand.todo!.length === 0 || value === 1 ? { error, value } : undefined
}

function takeMetadata(wish: Wish, errand: Errand, { brokers, topics }: MetadataResponse, now: Micros): Outcome | undefined {
  const error = topics[0]?.error ?? 'UNKNOWN_TOPIC_OR_PARTITION'
  if (error !== 'NONE') return again(errand, error, now)
  const wanted = topics[0]!.partitions.filter(({ partition }) => wish.type === 'ResetOffsets' || ('partition' in wish && partition === wish.partition))
  const leaders = new Map<string, string>()
  for (const { partition, leaderId } of wanted) {
    const leader = brokers.find(({ id }) => id === leaderId)?.name
    if (leader === undefined) return again(errand, 'LEADER_NOT_AVAILABLE', now)
    leaders.set(partition, leader)
  }
  if (leaders.size === 0) return again(errand, 'UNKNOWN_TOPIC_OR_PARTITION', now)
  errand.leaders = leaders
  return undefined
}

function takeOffsets(errand: Errand, request: ListOffsetsRequest, { partitions }: ListOffsetsResponse, now: Micros): Outcome | undefined {
  for (const { partition, error, offset } of partitions) {
    if (error !== 'NONE') return again(errand, error, now)
    const timestamp = request.partitions.find((one) => one.partition === partition)?.timestamp
    if (timestamp === 'earliest') errand.begins.set(partition, offset)
    else if (timestamp === 'latest') errand.ends.set(partition, offset)
    else errand.found.set(partition, offset)
  }
  return undefined
}

/** Whoever answers for it may have changed: look again, after a pause. What is no use to repeat ends the call. */
function again(errand: Errand, error: KafkaError, now: Micros): Outcome | undefined {
  if (!isRetriable(error)) return failed(error)
  lookAgain(errand, now)
  return undefined
}

/** Also when a connection has ended with the question on it. */
export function lookAgain(errand: Errand, now: Micros): void {
  errand.leaders = undefined
  errand.coordinator = undefined
  errand.retryAt = now + RETRY_BACKOFF
}

/** As the story calls it, and what it is about. */
const apis = { ResetOffsets: 'AlterConsumerGroupOffsets', RawProduce: 'Produce', DeleteRecords: 'DeleteRecords', AbortTransaction: 'WriteTxnMarkers', ExecuteMove: 'AlterPartitionReassignments', VerifyMove: 'ListPartitionReassignments',
  AlterGroupOffsets: 'AlterConsumerGroupOffsets', DeleteGroup: 'DeleteGroups', DeleteGroupOffsets: 'OffsetDelete', AlterShareOffsets: 'AlterShareGroupOffsets', DeleteShareOffsets: 'DeleteShareGroupOffsets' } as const
export const wishApi = ({ type }: Wish): string => apis[type]
export const wishAbout = (wish: Wish): string => ('group' in wish ? wish.group : wish.partition)
