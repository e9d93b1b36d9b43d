/**
 * A group is deleted, or what it has committed for some partitions: tombstones, and it is gone.
 * Follows group-coordinator/.../group/{GroupCoordinatorShard,OffsetMetadataManager}.java#deleteGroups, #deleteOffsets.
 */
import type { Connection } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import { groupAnswer, type DeleteGroupsRequest, type GroupAdminRequest, type OffsetDeleteRequest } from '../protocol/group-admin.ts'
import { parsePartition } from '../topic-partition.ts'
import { errorOfWrite } from './answers.ts'
import { coordinates } from './find.ts'
import type { CoordinatorHost } from './host.ts'
import { addPending } from './pending.ts'
import type { Micros } from '../../base/units.ts'
import type { KafkaRecord } from '../log/record.ts'
import { replay, type Gone } from './records.ts'
import type { Coordinator } from './state.ts'

/** Only an empty group, whichever protocol its members spoke. */
export function handleDeleteGroups(coordinator: Coordinator, request: DeleteGroupsRequest, on: Connection, host: CoordinatorHost): void {
  const { groupId } = request
  const group = coordinator.groups.get(groupId), modern = coordinator.consumerGroups.get(groupId)
  const members = (group?.members.size ?? 0) + (group?.pendingMembers.length ?? 0) + (modern?.members.size ?? 0)
  const refused = group === undefined && modern === undefined ? 'GROUP_ID_NOT_FOUND' : members > 0 ? 'NON_EMPTY_GROUP' : undefined
  const offsets = [...group?.offsets.keys() ?? []]
  write(coordinator, request, refused, [
    ...offsets.map((partition) => tombstone(groupId, partition, `${groupId} ${partition}`)),
    ...(modern === undefined ? [] : [tombstone(groupId, undefined, `consumerTarget ${groupId}`), tombstone(groupId, undefined, `consumerGroup ${groupId}`)]),
    ...(group === undefined ? [] : [tombstone(groupId, undefined, `group ${groupId}`)]),
  ], on, host)
}

/** Not of a topic that somebody in the group reads. */
export function handleOffsetDelete(coordinator: Coordinator, request: OffsetDeleteRequest, on: Connection, host: CoordinatorHost): void {
  const { groupId, partitions } = request
  const group = coordinator.groups.get(groupId), modern = coordinator.consumerGroups.get(groupId)
  const read = new Set([
    ...[...group?.members.values() ?? []].flatMap(({ protocols }) => protocols.flatMap(({ topics }) => topics)), ...[...modern?.members.values() ?? []].flatMap(({ subscription }) => subscription.topics),
  ])
  const refused = group === undefined && modern === undefined ? 'GROUP_ID_NOT_FOUND' : partitions.some((partition) => read.has(parsePartition(partition).topic)) ? 'GROUP_SUBSCRIBED_TO_TOPIC' : undefined
  write(coordinator, request, refused, partitions.filter((partition) => group?.offsets.has(partition) === true).map((partition) => tombstone(groupId, partition, `${groupId} ${partition}`)), on, host)
}

/** Under the key of what it takes away: once the log is compacted nothing is left of that either. */
interface Tombstone { readonly key: string; readonly data: Gone }
const tombstone = (group: string, partition: string | undefined, key: string): Tombstone => ({ key, data: Object.freeze({ kind: 'gone', group, partition }) })
const recordOf = ({ key, data }: Tombstone, now: Micros): KafkaRecord => Object.freeze({ id: key, key, value: undefined, valueBytes: undefined, timestamp: Math.floor(now / 1000), data })

/** It holds at once, and is answered for when it is committed. */
function write(coordinator: Coordinator, request: GroupAdminRequest, refused: KafkaError | undefined, gone: readonly Tombstone[], on: Connection, host: CoordinatorHost): void {
  const partition = coordinates(coordinator, request.groupId, host)
  const answer = (error: KafkaError): void => host.respond(on, groupAnswer(request, error))
  if (partition === undefined) return answer('NOT_COORDINATOR')
  if (refused !== undefined) return answer(refused)
  if (gone.length === 0) return answer('NONE')
  const records = gone.map((each) => recordOf(each, host.now))
  const written = host.append(partition, records)
  if (typeof written === 'string') return answer(errorOfWrite(written))
  for (const record of records) replay(coordinator, partition, record)
  addPending(coordinator, partition, { kind: 'admin', committedAt: written.committedAt, group: request.groupId, on, response: groupAnswer(request, 'NONE') })
}
