/**
 * A group is deleted, or what it has committed for some partitions: tombstones, and it is gone.
 * Follows group-coordinator/.../group/{GroupCoordinatorShard,OffsetMetadataManager}.java#deleteGroups, #deleteOffsets.
 */
import type { Connection } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import { groupAnswer, type DeleteGroupsRequest, type GroupAdminResponse, type OffsetDeleteRequest, type OffsetDeleteResult } from '../protocol/group-admin.ts'
import { parsePartition } from '../topic-partition.ts'
import { errorOfWrite } from './answers.ts'
import { coordinates } from './find.ts'
import type { CoordinatorHost } from './host.ts'
import { addPending } from './pending.ts'
import type { Coordinator } from './state.ts'
import { isSubscribedToTopic } from './subscribed.ts'
import { bury, groupTombstones, offsetTombstone, type Tombstone } from './tombstones.ts'

/** Only an empty group, whichever protocol its members spoke. */
export function handleDeleteGroups(coordinator: Coordinator, request: DeleteGroupsRequest, on: Connection, host: CoordinatorHost): void {
  const { groupId } = request
  const partition = coordinates(coordinator, groupId, host)
  const group = coordinator.groups.get(groupId), modern = coordinator.consumerGroups.get(groupId)
  const members = (group?.members.size ?? 0) + (group?.pendingMembers.length ?? 0) + (modern?.members.size ?? 0)
  const refuse = (error: KafkaError): void => host.respond(on, groupAnswer(request, error))
  if (partition === undefined) return refuse('NOT_COORDINATOR')
  if (group === undefined && modern === undefined) return refuse('GROUP_ID_NOT_FOUND')
  if (members > 0) return refuse('NON_EMPTY_GROUP')
  const offsets = [...new Set([group?.offsets, ...group?.pendingOffsets.values() ?? []].flatMap((held) => [...held?.keys() ?? []]))].map((of) => offsetTombstone(groupId, of))
  write(coordinator, partition, [...offsets, ...groupTombstones(coordinator, groupId)], groupAnswer(request, 'NONE'), on, host)
}

/**
 * Each partition has an answer of its own: there is no such partition to the broker's knowledge (KafkaApis#handleOffsetDeleteRequest),
 * somebody in the group reads the topic, or what was committed is gone, if anything was.
 */
export function handleOffsetDelete(coordinator: Coordinator, request: OffsetDeleteRequest, on: Connection, host: CoordinatorHost): void {
  const { groupId, partitions } = request
  const at = coordinates(coordinator, groupId, host)
  const group = coordinator.groups.get(groupId)
  const refuse = (error: KafkaError): void => host.respond(on, groupAnswer(request, error))
  if (at === undefined) return refuse('NOT_COORDINATOR')
  if (group === undefined && !coordinator.consumerGroups.has(groupId)) return refuse('GROUP_ID_NOT_FOUND')
  const results = partitions.map((partition): OffsetDeleteResult => Object.freeze({ partition, error: refusalOf(coordinator, groupId, partition, host) }))
  const gone = results.filter(({ partition, error }) => error === 'NONE' && hasOffset(group, partition)).map(({ partition }) => offsetTombstone(groupId, partition))
  write(coordinator, at, gone, groupAnswer(request, 'NONE', results), on, host)
}

function refusalOf(coordinator: Coordinator, groupId: string, name: string, host: CoordinatorHost): KafkaError {
  const { topic, partition } = parsePartition(name)
  if (partition >= host.partitionsOf(topic)) return 'UNKNOWN_TOPIC_OR_PARTITION'
  return isSubscribedToTopic(coordinator, groupId, topic) ? 'GROUP_SUBSCRIBED_TO_TOPIC' : 'NONE'
}

/** In a transaction that has not ended too: what it holds for the partition goes with it. */
const hasOffset = (group: ReturnType<Coordinator['groups']['get']>, partition: string): boolean =>
  group !== undefined && (group.offsets.has(partition) || [...group.pendingOffsets.values()].some((held) => held.has(partition)))

/** Answered for when it is committed. */
function write(coordinator: Coordinator, partition: string, gone: readonly Tombstone[], response: GroupAdminResponse, on: Connection, host: CoordinatorHost): void {
  if (gone.length === 0) return host.respond(on, response)
  const written = bury(coordinator, partition, gone, host)
  if (typeof written === 'string') return host.respond(on, Object.freeze({ type: response.type, groupId: response.groupId, error: errorOfWrite(written) }))
  addPending(coordinator, partition, { kind: 'admin', committedAt: written.committedAt, group: response.groupId, on, response })
}
