/** Follows core/.../server/{KafkaApis,ReplicaManager}.scala#handleProduceRequest, #appendRecords. PRD-5, REP-16, REP-17. */
import { added } from '../../base/list.ts'
import { fromMs } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import { dismiss, respond } from '../network/server.ts'
import type { ProducedPartition, ProduceRequest, ProduceResponse, InitProducerIdRequest, InitProducerIdResponse } from '../protocol/produce.ts'
import { appendAsLeader } from './append.ts'
import { completeAfterAppend, completeAfterHighWatermark, failed, parkProduce } from './purgatory.ts'
import { admit } from './read.ts'
import type { Broker, BrokerContext, ParkedProduce, Replica } from './state.ts'

type Waiting = ParkedProduce['waiting'][number]

export function handleProduceRequest(broker: Broker, request: ProduceRequest, on: Connection, ctx: BrokerContext): void {
  if (!isKnown(request.acks)) {
    const response: ProduceResponse = { type: 'ProduceResponse', partitions: request.partitions.map(({ partition }) => failed(broker, partition, 'INVALID_REQUIRED_ACKS')) }
    return respond(on, response, ctx)
  }
  let done: ProducedPartition[] = []
  let waiting: Waiting[] = []
  let written: { replica: Replica; advanced: boolean }[] = []
  for (const { partition, batch } of request.partitions) {
    const replica = admit(broker, partition, -1)
    if (typeof replica === 'string') {
      done = added(done, failed(broker, partition, replica))
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

/** Simplified: each broker owns the blocks of 1000 producer ids that its node id gives it, and asks no controller for them. */
export function handleInitProducerId(broker: Broker, _request: InitProducerIdRequest, on: Connection, ctx: BrokerContext): void {
  const response: InitProducerIdResponse = { type: 'InitProducerIdResponse', error: 'NONE', producerId: broker.producerIds.next++, producerEpoch: 0 }
  respond(on, response, ctx)
}
