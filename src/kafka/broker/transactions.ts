/** What a broker does when word comes about a transaction: of its coordinator, of a leader, or of the high watermark. */
import type { Connection } from '../../engine/process.ts'
import { coordinatorPartition } from '../group/coordinator-partition.ts'
import { answerTxnCommit } from '../group/coordinator.ts'
import type { AddPartitionsToTxnRequest, TxnOffsetCommitRequest } from '../protocol/transaction.ts'
import { coordinatorSlot } from './transaction-coordinator.ts'
import { coordinatorHost } from './group-host.ts'
import { completeMarkers } from './markers.ts'
import { appendAll } from './produce.ts'
import type { Broker, BrokerContext } from './state.ts'
import { transactionHost } from './transaction-host.ts'
import { askCoordinator, hasOpenTransaction, takeVerified } from './verification.ts'

export function takeAnswers(broker: Broker, ctx: BrokerContext): void {
  const { answers } = broker.transactions
  broker.transactions.answers = []
  for (const answer of answers) {
    if (answer.kind === 'marked') {
      coordinatorSlot().handleMarkersAnswered(broker.transactions.coordinator, answer.response, transactionHost(broker, ctx))
      continue
    }
    const verified = takeVerified(broker, answer.ticket, answer.response, ctx)
    if (verified === undefined) continue
    const { question: { request, follow }, error } = verified
    if (follow.kind === 'produce') appendAll(broker, follow.request, follow.on, error === 'NONE' ? undefined : { partitions: request.partitions, error }, ctx)
    else if (error === 'NONE') coordinatorSlot().handleTxnOffsetCommit(broker.coordinator, follow.request, follow.on, coordinatorHost(broker, ctx))
    else answerTxnCommit(follow.request.groupId, error, follow.on, coordinatorHost(broker, ctx))
  }
}

/** Offsets that a transaction carries become the group's with the marker. */
export function finishMarkers(broker: Broker, ctx: BrokerContext): void {
  for (const { partition, marker: { producerId, outcome } } of completeMarkers(broker, ctx)) {
    coordinatorSlot().completeTransaction(broker.coordinator, partition, producerId, outcome === 'commit', coordinatorHost(broker, ctx))
  }
}

/** TXN-11: the group's partition of `__consumer_offsets` takes part in the transaction, as that of any record. */
export function handleTxnOffsetCommit(broker: Broker, request: TxnOffsetCommitRequest, on: Connection, ctx: BrokerContext): void {
  const host = coordinatorHost(broker, ctx)
  const partition = host.offsetsPartitions === undefined ? undefined : coordinatorPartition(request.groupId, host.offsetsPartitions)
  if (partition === undefined || host.leaderEpochOf(partition) === undefined || hasOpenTransaction(broker, partition, request)) {
    return coordinatorSlot().handleTxnOffsetCommit(broker.coordinator, request, on, host)
  }
  const { transactionalId, producerId, producerEpoch, version } = request
  const asked: AddPartitionsToTxnRequest = {
    type: 'AddPartitionsToTxnRequest', clientId: broker.spec.name, transactionalId, producerId, producerEpoch, partitions: Object.freeze([partition]), verifyOnly: version === 1, version,
  }
  askCoordinator(broker, asked, { kind: 'offsets', on, request }, ctx)
}
