/**
 * What an administrator asks of a share group: to begin elsewhere, to forget where it stood, to be deleted. Only while nobody is in it.
 * Follows group-coordinator/.../group/{GroupCoordinatorService,GroupMetadataManager}.java#alterShareGroupOffsets, #deleteShareGroupOffsets, #deleteShareGroups.
 */
import type { Connection } from '../../engine/process.ts'
import type { Broker, BrokerContext } from '../broker/state.ts'
import type { KafkaError } from '../errors.ts'
import { coordinatorPartition, OFFSETS_TOPIC } from '../group/coordinator-partition.ts'
import { respond } from '../network/server.ts'
import { groupAnswer, type AlterShareGroupOffsetsRequest, type DeleteGroupsRequest, type DeleteShareGroupOffsetsRequest } from '../protocol/group-admin.ts'
import type { ShareStateRequest, ShareStateResponse } from '../protocol/share.ts'
import { appendRecords, shareOf } from './append.ts'
import { ask } from './ask.ts'
import { coordinatesGroups } from './group.ts'
import { recordOf, replay, type ShareGroupRecord } from './group-records.ts'
import { shareKey, type AskPurpose, type ShareGroup } from './state.ts'

type Request = AlterShareGroupOffsetsRequest | DeleteShareGroupOffsetsRequest | DeleteGroupsRequest

/** Asked of a group that exists, share groups or others; undefined = there is no such share group. */
export function handleShareGroupAdmin(broker: Broker, request: Request, on: Connection, ctx: BrokerContext): void {
  const { groupId } = request
  const refuse = (error: KafkaError): void => respond(on, groupAnswer(request, error), ctx)
  const count = broker.metadata.topics.get(OFFSETS_TOPIC)?.partitions.length
  const partition = count === undefined ? undefined : coordinatorPartition(groupId, count)
  if (partition === undefined || !coordinatesGroups(broker, partition, ctx)) return refuse('NOT_COORDINATOR')
  const { groups } = shareOf(broker)
  const group = groups.get(groupId)
  if (group === undefined && request.type !== 'AlterShareGroupOffsetsRequest') return refuse('GROUP_ID_NOT_FOUND')
  if ((group?.members.size ?? 0) > 0) return refuse('NON_EMPTY_GROUP')
  if (request.type === 'DeleteGroupsRequest') return deleteNext(broker, request, group!, [], on, ctx)
  if (!broker.metadata.partitions.has(request.partition)) return refuse('UNKNOWN_TOPIC_OR_PARTITION')
  if (request.type === 'DeleteShareGroupOffsetsRequest' && !group!.initialized.includes(request.partition)) return refuse('NONE')
  const key = shareKey(groupId, request.partition)
  const asked: ShareStateRequest = request.type === 'DeleteShareGroupOffsetsRequest' ? { type: 'DeleteShareGroupStateRequest', key }
    : { type: 'InitializeShareGroupStateRequest', key, stateEpoch: group?.epoch ?? 0, startOffset: request.startOffset }
  ask(broker, asked, { kind: 'admin', on, request, coordinator: partition, done: [] }, ctx)
}

/** First the states of its partitions, one after the other, then the group. `done`: of which they are gone. */
function deleteNext(broker: Broker, request: DeleteGroupsRequest, group: ShareGroup, done: readonly string[], on: Connection, ctx: BrokerContext): void {
  const partition = group.initialized.find((one) => !done.includes(one))
  if (partition === undefined) return write(broker, request, group.partition, [
    ...done.map((one) => ({ kind: 'shareGone', group: group.id, partition: one }) as const), { kind: 'shareTargetGone', group: group.id }, { kind: 'shareGroupGone', group: group.id },
  ], on, ctx)
  ask(broker, { type: 'DeleteShareGroupStateRequest', key: shareKey(group.id, partition) }, { kind: 'admin', on, request, coordinator: group.partition, done: Object.freeze([...done, partition]) }, ctx)
}

/**
 * The share coordinator has written it down. Who has joined since the request came keeps the group, which begins anew:
 * Kafka too looks again before it deletes a group, and only then (GroupMetadataManager#validateDeleteGroup).
 */
export function handleAdminAnswered(broker: Broker, { on, request, coordinator, done }: Extract<AskPurpose, { kind: 'admin' }>, { error }: ShareStateResponse, ctx: BrokerContext): void {
  if (error !== 'NONE') return respond(on, groupAnswer(request, error), ctx)
  const group = shareOf(broker).groups.get(request.groupId)
  if (request.type === 'AlterShareGroupOffsetsRequest') return write(broker, request, coordinator, [{ kind: 'shareStatePartition', group: request.groupId, partition: request.partition }], on, ctx)
  if (group === undefined) return respond(on, groupAnswer(request, 'GROUP_ID_NOT_FOUND'), ctx)
  if (request.type === 'DeleteShareGroupOffsetsRequest') return write(broker, request, coordinator, [{ kind: 'shareGone', group: group.id, partition: request.partition }], on, ctx)
  if (group.members.size > 0) return respond(on, groupAnswer(request, 'NON_EMPTY_GROUP'), ctx)
  deleteNext(broker, request, group, done, on, ctx)
}

function write(broker: Broker, request: Request, partition: string, records: readonly ShareGroupRecord[], on: Connection, ctx: BrokerContext): void {
  const { groups } = shareOf(broker)
  for (const record of records) replay(groups, partition, Object.freeze(record))
  const refused = appendRecords(broker, partition, records.map((record) => recordOf(record, ctx.now)), broker.config.offsetsCommitTimeout, { on }, groupAnswer(request, 'NONE'), ctx)
  if (refused === undefined) return
  shareOf(broker).loaded.set(partition, -1)
  respond(on, groupAnswer(request, refused), ctx)
}
