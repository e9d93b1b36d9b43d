/** Follows core/.../server/{KafkaApis,ReplicaManager}.scala#handleProduceRequest, #appendRecords. PRD-5, REP-16, REP-17. */
import { added } from '../../base/list.ts'
import { fromMs } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import { dismiss, respond } from '../network/server.ts'
import type { ProducedPartition, ProduceRequest, ProduceResponse, InitProducerIdRequest, InitProducerIdResponse } from '../protocol/produce.ts'
import type { AddPartitionsToTxnRequest } from '../protocol/transaction.ts'
import { coordinatorSlot } from './transaction-coordinator.ts'
import { appendAsLeader } from './append.ts'
import { newProducerId } from './producer-ids.ts'
import { completeAfterAppend, completeAfterHighWatermark, failed, parkProduce } from './purgatory.ts'
import { admit } from './read.ts'
import type { Broker, BrokerContext, ParkedProduce, Replica } from './state.ts'
import { transactionHost } from './transaction-host.ts'
import { askCoordinator, hasOpenTransaction } from './verification.ts'

type Waiting = ParkedProduce['waiting'][number]

export function handleProduceRequest(broker: Broker, request: ProduceRequest, on: Connection, ctx: BrokerContext): void {
  if (!isKnown(request.acks)) {
    const response: ProduceResponse = { type: 'ProduceResponse', partitions: request.partitions.map(({ partition }) => failed(broker, partition, 'INVALID_REQUIRED_ACKS')) }
    return respond(on, response, ctx)
  }
  if (request.transactional !== undefined && waitsForCoordinator(broker, request, request.transactional, on, ctx)) return
  appendAll(broker, request, on, undefined, ctx)
}

/** TXN-4, TXN-5: partitions in which no transaction of this producer is open. True when the request waits. */
function waitsForCoordinator(
  broker: Broker, request: ProduceRequest, { id, version }: NonNullable<ProduceRequest['transactional']>, on: Connection, ctx: BrokerContext,
): boolean {
  const unknown = request.partitions.filter(({ partition, batch }) => !hasOpenTransaction(broker, partition, batch))
  const first = unknown[0]?.batch
  if (first === undefined) return false
  const asked: AddPartitionsToTxnRequest = {
    type: 'AddPartitionsToTxnRequest', clientId: broker.spec.name, transactionalId: id, producerId: first.producerId, producerEpoch: first.producerEpoch,
    partitions: Object.freeze(unknown.map(({ partition }) => partition)), verifyOnly: version === 1, version,
  }
  askCoordinator(broker, asked, { kind: 'produce', on, request }, ctx)
  return true
}

/** `refused`: what the coordinator has said of partitions that it was asked about. */
export function appendAll(
  broker: Broker, request: ProduceRequest, on: Connection, refused: { readonly partitions: readonly string[]; readonly error: KafkaError } | undefined, ctx: BrokerContext,
): void {
  let done: ProducedPartition[] = []
  let waiting: Waiting[] = []
  let written: { replica: Replica; advanced: boolean }[] = []
  for (const { partition, batch } of request.partitions) {
    const replica = admit(broker, partition, -1)
    if (typeof replica === 'string') {
      done = added(done, failed(broker, partition, replica))
      continue
    }
    if (refused?.partitions.includes(partition) === true) {
      done = added(done, failed(broker, partition, refused.error))
      continue
    }
    const result = appendAsLeader(broker, replica, replica.leading, batch, request.acks, ctx)
    if (result.kind === 'refused') {
      done = added(done, failed(broker, partition, result.error))
      continue
    }
    if (result.kind === 'appended') written = added(written, { replica, advanced: result.advanced })
    const answer: ProducedPartition = { partition, error: 'NONE', baseOffset: result.baseOffset, currentLeader: undefined }
    if (request.acks !== -1 || replica.highWatermark >= result.required) done = added(done, answer)
    else waiting = added(waiting, { partition, required: result.required, leaderEpoch: replica.leaderEpoch, answer, batch })
  }
  answerOrPark(broker, request, on, done, waiting, ctx)
  for (const { replica, advanced } of written) {
    completeAfterAppend(broker, replica, ctx)
    if (advanced) completeAfterHighWatermark(broker, replica, ctx)
  }
}

/** Clients of this model ask for nothing else; a request made by hand may. */
const isKnown = (acks: number): boolean => acks >= -1 && acks <= 1

/** acks=0: nobody is answered, and an error closes the connection, which is how the producer learns that something is wrong. */
function answerOrPark(
  broker: Broker, request: ProduceRequest, on: Connection, done: ProducedPartition[], waiting: Waiting[], ctx: BrokerContext,
): void {
  if (request.acks === 0) {
    if (done.some(({ error }) => error !== 'NONE')) ctx.close(on)
    else dismiss(on, ctx)
  } else if (waiting.length > 0) {
    parkProduce(broker, { on, clientId: request.clientId, since: ctx.now, until: ctx.now + fromMs(request.timeoutMs), waiting, done }, ctx)
  } else {
    const response: ProduceResponse = { type: 'ProduceResponse', partitions: done }
    respond(on, response, ctx)
  }
}

export function handleInitProducerId(broker: Broker, request: InitProducerIdRequest, on: Connection, ctx: BrokerContext): void {
  const { transactionalId } = request
  if (transactionalId !== undefined) return coordinatorSlot().handleInitProducerId(broker.transactions.coordinator, { ...request, transactionalId }, on, transactionHost(broker, ctx))
  const producerId = newProducerId(broker, ctx)
  const response: InitProducerIdResponse = producerId === undefined
    ? { type: 'InitProducerIdResponse', error: 'COORDINATOR_LOAD_IN_PROGRESS', producerId: -1, producerEpoch: -1 }
    : { type: 'InitProducerIdResponse', error: 'NONE', producerId, producerEpoch: 0 }
  respond(on, response, ctx)
}
