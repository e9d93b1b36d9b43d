/**
 * Offsets that are part of a transaction (TXN-11): pending until its marker is written to the group's partition, then the
 * group's, or gone. Loaded with the coordinator of transactions (`late.ts`). Follows group-coordinator/.../group/OffsetMetadataManager.java#commitTransactionalOffset, #replayEndTransactionMarker.
 */
import type { Connection } from '../../engine/process.ts'
import type { TxnOffsetCommitRequest } from '../protocol/transaction.ts'
import { answerTxnCommit, errorOfWrite } from './answers.ts'
import { coordinates } from './find.ts'
import type { CoordinatorHost } from './host.ts'
import { refusalOfMembers } from './offsets.ts'
import { addPending } from './pending.ts'
import { endTransaction, groupOf, holdOffset, offsetRecord, toDate } from './records.ts'
import type { Coordinator } from './state.ts'

/** Only who is a member of the present generation: so a zombie of the group is refused, whatever its producer's epoch (KIP-447). */
export function handleTxnOffsetCommit(coordinator: Coordinator, request: TxnOffsetCommitRequest, on: Connection, host: CoordinatorHost): void {
  const { groupId, producerId, offsets } = request
  const partition = coordinates(coordinator, groupId, host)
  if (partition === undefined) return answerTxnCommit(groupId, 'NOT_COORDINATOR', on, host)
  const refusal = refusalOfMembers(coordinator, request)
  // The protocol of this request has no word for a stale epoch (OffsetMetadataManager#validateTransactionalOffsetCommit).
  if (refusal !== 'NONE') return answerTxnCommit(groupId, refusal === 'STALE_MEMBER_EPOCH' ? 'ILLEGAL_GENERATION' : refusal, on, host)
  const records = offsets.map((one) => offsetRecord(groupId, one.partition, one.offset, one.leaderEpoch, host.clock, producerId))
  const written = host.append(partition, records, request)
  if (typeof written === 'string') return answerTxnCommit(groupId, errorOfWrite(written), on, host)
  const group = groupOf(coordinator, partition, groupId)
  for (const { partition: of, offset, leaderEpoch } of offsets) holdOffset(group, producerId, of, { offset, leaderEpoch, at: toDate(host.clock) })
  addPending(coordinator, partition, { kind: 'txnOffsets', committedAt: written.committedAt, group: groupId, on })
}

/** The marker is committed in this partition of `__consumer_offsets`. */
export function completeTransaction(coordinator: Coordinator, partition: string, producerId: number, committed: boolean, host: CoordinatorHost): void {
  for (const group of coordinator.groups.values()) {
    if (group.partition !== partition) continue
    for (const [of, { offset }] of endTransaction(group, producerId, committed)) host.note({ code: 'offsets.committed', group: group.id, partition: of, offset })
  }
}
