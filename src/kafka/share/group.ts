/**
 * A share group at its coordinator: members, epochs, and who is to read what. Nobody waits for anybody: a partition has
 * several members, and an assignment is a balanced hint (SHR-1).
 * Follows group-coordinator/.../group/GroupMetadataManager.java#shareGroupHeartbeat and modern/share/ShareGroup.java.
 */
import { fromMs } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import type { Broker, BrokerContext } from '../broker/state.ts'
import { numberOf } from '../config.ts'
import type { KafkaError } from '../errors.ts'
import { assignSimple } from '../group/assign/simple.ts'
import type { SpecMember } from '../group/assign/spec.ts'
import { coordinatorPartition, OFFSETS_TOPIC } from '../group/coordinator-partition.ts'
import { hashMapOrder, javaHash } from '../java-hash.ts'
import { respond } from '../network/server.ts'
import type { InitializeShareGroupStateResponse, ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse } from '../protocol/share.ts'
import { parsePartition, sortedNames } from '../topic-partition.ts'
import { appendRecords, isLoaded, lookAfter, shareOf } from './append.ts'
import { ask } from './ask.ts'
import { recordOf, replay, type ShareGroupRecord } from './group-records.ts'
import { groupNumber } from './settings.ts'
import { shareKey, type ShareGroup, type ShareMember } from './state.ts'

/** Whether this broker coordinates the groups of that partition; in a new term of it, as the log has them, with new sessions. */
export function coordinatesGroups(broker: Broker, partition: string, ctx: BrokerContext): boolean {
  const { groups, loaded } = shareOf(broker)
  const before = loaded.get(partition)
  const forget = (): void => {
    for (const [id, group] of groups) if (group.partition === partition) groups.delete(id)
  }
  const leads = isLoaded(broker, partition, forget, ({ data }) => replay(groups, partition, data))
  if (leads && before !== loaded.get(partition)) {
    for (const group of groups.values()) {
      if (group.partition !== partition) continue
      for (const member of group.members.values()) member.sessionUntil = ctx.now + sessionOf(broker, group.id)
      if (before === undefined && loaded.get(partition)! > 0) ctx.note({ code: 'coordinator.moved', group: group.id, from: undefined, to: broker.spec.name })
    }
    lookAfter(ctx)
  }
  return leads
}

const sessionOf = (broker: Broker, group: string): number => fromMs(groupNumber(broker, group, 'session.timeout.ms'))

export function handleShareGroupHeartbeat(broker: Broker, request: ShareGroupHeartbeatRequest, on: Connection, ctx: BrokerContext): void {
  const { groupId, memberId, memberEpoch } = request
  const refuse = (error: KafkaError): void => respond(on, answerOf(broker, request, error, memberEpoch), ctx)
  const count = broker.metadata.topics.get(OFFSETS_TOPIC)?.partitions.length
  const partition = count === undefined ? undefined : coordinatorPartition(groupId, count)
  if (partition === undefined || !coordinatesGroups(broker, partition, ctx)) return refuse('NOT_COORDINATOR')
  const { groups } = shareOf(broker)
  const known = groups.get(groupId)
  const before = known?.members.get(memberId)
  const error = refusalOf(broker, known, before, request)
  if (error !== undefined) return refuse(error)
  const group = known ?? newGroup(groupId, partition)
  groups.set(groupId, group)
  if (memberEpoch < 0) return leave(broker, group, before!, 'closed', { request, on }, ctx)
  const records: ShareGroupRecord[] = []
  const write = (record: ShareGroupRecord): void => {
    records.push(Object.freeze(record))
    replay(groups, partition, record)
  }
  const topics = request.subscribedTopicNames ?? before?.topics ?? []
  const changed = before === undefined || before.topics.join() !== topics.join()
  if (changed) write({ kind: 'shareMember', group: groupId, memberId, member: { clientId: request.clientId, topics } })
  const member = group.members.get(memberId)!
  member.sessionUntil = ctx.now + sessionOf(broker, groupId)
  if (before === undefined) ctx.note({ code: 'member.joined', group: groupId, member: request.clientId })
  advance(broker, group, changed, write, before === undefined ? 'joined' : 'metadata', ctx)
  const assigned = group.target.get(memberId) ?? []
  const moved = member.epoch !== group.targetEpoch || member.assigned.join() !== assigned.join()
  const tells = memberEpoch === 0 || request.subscribedTopicNames !== undefined || member.assigned.join() !== assigned.join()
  if (moved) write({ kind: 'shareCurrent', group: groupId, memberId, current: { epoch: group.targetEpoch, previousEpoch: member.epoch, assigned } })
  const response: ShareGroupHeartbeatResponse = { ...answerOf(broker, request, 'NONE', group.targetEpoch), ...(tells ? { assignment: Object.freeze(assigned.slice()) } : {}) }
  if (records.length === 0) return respond(on, response, ctx)
  commit(broker, group, records, { request, on }, response, ctx)
}

const newGroup = (id: string, partition: string): ShareGroup =>
  ({ id, partition, epoch: 0, targetEpoch: 0, members: new Map(), target: new Map(), initialized: [], metadata: '' })

function refusalOf(broker: Broker, group: ShareGroup | undefined, member: ShareMember | undefined, request: ShareGroupHeartbeatRequest): KafkaError | undefined {
  const { groupId, memberEpoch } = request
  const { groups, consumerGroups } = broker.coordinator
  const others = (groups.get(groupId)?.members.size ?? 0) + (consumerGroups.get(groupId)?.members.size ?? 0)
  if (others > 0 || (memberEpoch !== 0 && group === undefined)) return 'GROUP_ID_NOT_FOUND'
  if (memberEpoch === 0) return member === undefined && (group?.members.size ?? 0) >= numberOf('broker', broker.overrides, 'group.share.max.size') ? 'GROUP_MAX_SIZE_REACHED' : undefined
  if (member === undefined) return 'UNKNOWN_MEMBER_ID'
  return memberEpoch > member.epoch || (memberEpoch >= 0 && memberEpoch < member.epoch && memberEpoch !== member.previousEpoch) ? 'FENCED_MEMBER_EPOCH' : undefined
}

const answerOf = (broker: Broker, { groupId, memberId }: ShareGroupHeartbeatRequest, error: KafkaError, memberEpoch: number): ShareGroupHeartbeatResponse =>
  ({ type: 'ShareGroupHeartbeatResponse', groupId, error, memberId, memberEpoch, heartbeatIntervalMs: groupNumber(broker, groupId, 'heartbeat.interval.ms') })

type Write = (record: ShareGroupRecord) => void

/**
 * Simplified: there is no share.assignment.interval.ms, so each change has a new target at once.
 *
 * The group's epoch rises when its members, its topics, or what of them may be given out have changed; then there is a new target.
 */
function advance(broker: Broker, group: ShareGroup, changed: boolean, write: Write, why: 'joined' | 'left' | 'metadata', ctx: BrokerContext): void {
  const metadata = subscribed(broker, group).join()
  const isPending = group.initialized.some((partition) => ![...group.target.values()].some((list) => list.includes(partition)))
  if (changed || metadata !== group.metadata || (isPending && group.members.size > 0)) {
    write({ kind: 'shareGroup', group: group.id, epoch: group.epoch + 1, metadata })
    ctx.note({ code: 'group.advanced', group: group.id, epoch: group.epoch, why: changed ? why : isPending ? 'initialized' : 'metadata' })
  }
  if (group.targetEpoch >= group.epoch) return
  const members = hashMapOrder([...group.members.values()], ({ memberId }) => javaHash(memberId)).map(({ memberId, topics }): SpecMember =>
    ({ memberId, topics, target: numbered(group.target.get(memberId) ?? []) }))
  const order = sortedNames(group.initialized).map(parsePartition)
  const topics = new Map<string, number>()
  for (const { topic } of order) topics.set(topic, (topics.get(topic) ?? 0) + 1)
  const target = assignSimple({ members, topics }, order)
  for (const [memberId, lists] of target) {
    const partitions = [...lists].flatMap(([topic, list]) => list.map((partition) => `${topic}/${partition}`))
    if ((group.target.get(memberId) ?? []).join() !== partitions.join()) write({ kind: 'shareTargetMember', group: group.id, memberId, partitions: Object.freeze(partitions) })
  }
  write({ kind: 'shareTarget', group: group.id, epoch: group.epoch })
  ctx.note({ code: 'target.computed', group: group.id, epoch: group.epoch, assignor: 'simple', members: group.members.size })
}

function numbered(names: readonly string[]): Map<string, number[]> {
  const topics = new Map<string, number[]>()
  for (const { topic, partition } of names.map(parsePartition)) topics.set(topic, [...(topics.get(topic) ?? []), partition])
  return topics
}

/** All partitions of the topics that somebody subscribes to. */
const subscribed = ({ metadata }: Broker, { members }: ShareGroup): readonly string[] =>
  [...new Set([...members.values()].flatMap(({ topics }) => topics))].flatMap((topic) => metadata.topics.get(topic)?.partitions ?? [])

interface Asker { readonly request: ShareGroupHeartbeatRequest; readonly on: Connection }

function commit(broker: Broker, group: ShareGroup, records: readonly ShareGroupRecord[], asker: Asker | undefined, response: ShareGroupHeartbeatResponse, ctx: BrokerContext): void {
  const patience = broker.config.offsetsCommitTimeout
  const reply = asker === undefined ? { ask: -1 } : { on: asker.on }
  const refused = appendRecords(broker, group.partition, records.map((record) => recordOf(record, ctx.now)), patience, reply, response, ctx)
  if (refused === undefined) return
  // It could not be written, so it has not happened: the log says what has.
  shareOf(broker).loaded.set(group.partition, -1)
  const answer: ShareGroupHeartbeatResponse = { ...response, error: refused }
  if (asker !== undefined) respond(asker.on, answer, ctx)
}

/** The others go on; what it held at leaders comes back when its sessions there end. */
function leave(broker: Broker, group: ShareGroup, member: ShareMember, why: 'closed' | 'session', asker: Asker | undefined, ctx: BrokerContext): void {
  const { memberId, clientId } = member
  const { groups } = shareOf(broker)
  const records: ShareGroupRecord[] = []
  const write = (record: ShareGroupRecord): void => {
    records.push(Object.freeze(record))
    replay(groups, group.partition, record)
  }
  write({ kind: 'shareCurrent', group: group.id, memberId, current: undefined })
  write({ kind: 'shareTargetMember', group: group.id, memberId, partitions: undefined })
  write({ kind: 'shareMember', group: group.id, memberId, member: undefined })
  ctx.note({ code: 'member.left', group: group.id, member: clientId, why })
  advance(broker, group, true, write, 'left', ctx)
  const request = asker?.request ?? { type: 'ShareGroupHeartbeatRequest', clientId, groupId: group.id, memberId, memberEpoch: -1 }
  commit(broker, group, records, asker, answerOf(broker, request, 'NONE', -1), ctx)
}

/** SHR-1: a member that is silent for its session is gone. */
export function expireSessions(broker: Broker, ctx: BrokerContext): void {
  for (const group of [...shareOf(broker).groups.values()]) {
    for (const member of [...group.members.values()]) if (member.sessionUntil <= ctx.now) leave(broker, group, member, 'session', undefined, ctx)
  }
}

/** What has been subscribed to gets a state at its share coordinator before anybody is given it. Follows GroupCoordinatorService#persisterInitialize. */
export function initializeStates(broker: Broker, groupId: string, ctx: BrokerContext): void {
  const share = shareOf(broker)
  const group = share.groups.get(groupId)
  if (group === undefined) return
  const asked = new Set([...share.asks.values()].flatMap(({ purpose }) => (purpose.kind === 'initialize' && purpose.group === groupId ? [purpose.partition] : [])))
  for (const partition of subscribed(broker, group)) {
    if (group.initialized.includes(partition) || asked.has(partition)) continue
    ask(broker, { type: 'InitializeShareGroupStateRequest', key: shareKey(groupId, partition), stateEpoch: group.epoch, startOffset: -1 }, { kind: 'initialize', group: groupId, partition }, ctx)
  }
}

export function handleInitialized(broker: Broker, { group: id, partition }: { readonly group: string; readonly partition: string }, { error }: Pick<InitializeShareGroupStateResponse, 'error'>, ctx: BrokerContext): void {
  const group = shareOf(broker).groups.get(id)
  if (error !== 'NONE' || group === undefined || group.initialized.includes(partition)) return
  const record: ShareGroupRecord = Object.freeze({ kind: 'shareStatePartition', group: id, partition })
  replay(shareOf(broker).groups, group.partition, record)
  const response: ShareGroupHeartbeatResponse = { type: 'ShareGroupHeartbeatResponse', groupId: id, error: 'NONE', memberId: '', memberEpoch: 0, heartbeatIntervalMs: 0 }
  commit(broker, group, [record], undefined, response, ctx)
}
