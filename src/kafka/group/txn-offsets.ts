/**
 * Offsets that are part of a transaction (TXN-11): pending until its marker is written to the group's partition, then the
 * group's, or gone. Follows group-coordinator/.../group/OffsetMetadataManager.java#commitTransactionalOffset, #replayEndTransactionMarker.
 */
import type { Connection } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import type { TxnOffsetCommitRequest, TxnOffsetCommitResponse } from '../protocol/transaction.ts'
import { errorOfWrite } from './answers.ts'
import { coordinates } from './find.ts'
import type { CoordinatorHost } from './host.ts'
import { refusalOfMembers } from './offsets.ts'
import { addPending } from './pending.ts'
import { endTransaction, groupOf, holdOffset, offsetRecord, toDate } from './records.ts'
import type { Coordinator, PendingWrite } from './state.ts'

export function refuseTxnOffsetCommit({ groupId }: Pick<TxnOffsetCommitRequest, 'groupId'>, error: KafkaError, on: Connection, host: CoordinatorHost): void {
  const response: TxnOffsetCommitResponse = { type: 'TxnOffsetCommitResponse', groupId, error: error === 'NOT_ENOUGH_REPLICAS' ? 'COORDINATOR_NOT_AVAILABLE' : error }
  host.respond(on, response)
}

/** Only who is a member of the present generation: so a zombie of the group is refused, whatever its producer's epoch (KIP-447). */
export function handleTxnOffsetCommit(coordinator: Coordinator, request: TxnOffsetCommitRequest, on: Connection, host: CoordinatorHost): void {
  const { groupId, producerId, offsets } = request
  const partition = coordinates(coordinator, groupId, host)
  if (partition === undefined) return refuseTxnOffsetCommit(request, 'NOT_COORDINATOR', on, host)
  const refusal = refusalOfMembers(coordinator, request)
  // The protocol of this request has no word for a stale epoch (OffsetMetadataManager#validateTransactionalOffsetCommit).
  if (refusal !== 'NONE') return refuseTxnOffsetCommit(request, refusal === 'STALE_MEMBER_EPOCH' ? 'ILLEGAL_GENERATION' : refusal, on, host)
  const records = offsets.map((one) => offsetRecord(groupId, one.partition, one.offset, one.leaderEpoch, host.clock, producerId))
  const written = host.append(partition, records, request)
  if (typeof written === 'string') return refuseTxnOffsetCommit(request, errorOfWrite(written), on, host)
  const group = groupOf(coordinator, partition, groupId)
  for (const { partition: of, offset, leaderEpoch } of offsets) holdOffset(group, producerId, of, { offset, leaderEpoch, at: toDate(host.clock) })
  addPending(coordinator, partition, { kind: 'txnOffsets', committedAt: written.committedAt, group: groupId, on })
}

export const txnOffsetsCommitted = ({ group, on }: Extract<PendingWrite, { kind: 'txnOffsets' }>, host: CoordinatorHost): void => refuseTxnOffsetCommit({ groupId: group }, 'NONE', on, host)

/** The marker is committed in this partition of `__consumer_offsets`. */
export function completeTransaction(coordinator: Coordinator, partition: string, producerId: number, committed: boolean, host: CoordinatorHost): void {
  for (const group of coordinator.groups.values()) {
    if (group.partition !== partition) continue
    for (const [of, { offset }] of endTransaction(group, producerId, committed)) host.note({ code: 'offsets.committed', group: group.id, partition: of, offset })
  }
}
