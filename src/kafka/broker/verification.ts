/**
 * The leader that gets the first batch of a transaction asks its coordinator about it: to add the partition (version 2), or
 * whether it has been added (TXN-4, TXN-5). Until the answer the request waits.
 * Follows core/.../server/ReplicaManager.scala#handleProduceAppend and server/.../transaction/AddPartitionsToTxnManager.java.
 */
import { MILLISECOND, type Micros } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'
import type { AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, OfProducer } from '../protocol/transaction.ts'
import { transactionPartition } from '../transaction/state.ts'
import { coordinatorSlot } from './transaction-coordinator.ts'
import { askPeer } from './peers.ts'
import type { Broker, BrokerContext, Question } from './state.ts'
import { transactionHost } from './transaction-host.ts'

/** `add.partitions.to.txn.retry.backoff.ms`, and `.max.ms`: how long the leader itself asks again while the transaction before is ending. */
const RETRY: Micros = 20 * MILLISECOND
const PATIENCE: Micros = 100 * MILLISECOND

/** A transaction of this producer is open in this log: it has been asked about before. */
export function hasOpenTransaction(broker: Broker, partition: string, { producerId, producerEpoch }: Omit<OfProducer, 'transactionalId'>): boolean {
  const replica = broker.replicas.get(partition)
  // Who does not lead refuses it anyway.
  if (replica?.leading === undefined) return true
  const entry = replica.log.producers.get(producerId)
  return entry?.openSince !== undefined && entry.producerEpoch === producerEpoch
}

export function askCoordinator(broker: Broker, request: AddPartitionsToTxnRequest, follow: Question['follow'], ctx: BrokerContext): void {
  const ticket = broker.transactions.nextTicket++
  broker.transactions.questions.set(ticket, Object.freeze({ request: Object.freeze(request), follow: Object.freeze(follow), since: ctx.now }))
  ask(broker, ticket, ctx)
}

/** Its answer comes as that of a peer, also where the coordinator is in here. */
export function ask(broker: Broker, ticket: number, ctx: BrokerContext): void {
  const question = broker.transactions.questions.get(ticket)
  if (question === undefined) return
  const host = transactionHost(broker, ctx)
  const leader = host.statePartitions === undefined ? undefined : host.leaderOf(transactionPartition(question.request.transactionalId, host.statePartitions))
  if (leader === undefined) host.answer(ticket, NO_COORDINATOR)
  else if (leader === broker.spec.name) coordinatorSlot().handleAddPartitions(broker.transactions.coordinator, question.request, { ticket }, host)
  else askPeer(broker, leader, question.request, Object.freeze({ kind: 'verify', ticket }), ctx)
}
const NO_COORDINATOR: AddPartitionsToTxnResponse = Object.freeze({ type: 'AddPartitionsToTxnResponse', error: 'COORDINATOR_NOT_AVAILABLE', missing: Object.freeze([]) })

/** The question with what the client is to be told; undefined = it is asked again, or nobody waits for it. */
export function takeVerified(
  broker: Broker, ticket: number, { error }: AddPartitionsToTxnResponse, ctx: BrokerContext,
): { readonly question: Question; readonly error: KafkaError } | undefined {
  const question = broker.transactions.questions.get(ticket)
  if (question === undefined) return undefined
  if (error === 'CONCURRENT_TRANSACTIONS' && question.request.version === 2 && ctx.now - question.since < PATIENCE) {
    ctx.setTimer({ type: 'verify', key: String(ticket) }, RETRY)
    return undefined
  }
  broker.transactions.questions.delete(ticket)
  return { question, error: told(error, question.request.version) }
}

/** Clients know what to do with some of these; the others are put into words that they try again after. */
function told(error: KafkaError, version: 1 | 2): KafkaError {
  switch (error) {
    case 'PRODUCER_FENCED': return 'INVALID_PRODUCER_EPOCH'
    case 'CONCURRENT_TRANSACTIONS': return version === 2 ? error : 'NOT_ENOUGH_REPLICAS'
    case 'NETWORK_EXCEPTION': case 'COORDINATOR_LOAD_IN_PROGRESS': case 'COORDINATOR_NOT_AVAILABLE': case 'NOT_COORDINATOR': return 'NOT_ENOUGH_REPLICAS'
    default: return error
  }
}
