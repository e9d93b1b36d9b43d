/** Answers of a transaction coordinator. */
import type { Connection } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import type { InitProducerIdResponse } from '../protocol/produce.ts'
import type { AddOffsetsToTxnResponse, AddPartitionsToTxnResponse, EndTxnResponse } from '../protocol/transaction.ts'
import type { TransactionHost } from './host.ts'
import { NO_EPOCH, NO_PRODUCER_ID, type TransactionMetadata } from './metadata.ts'
import type { Asker, FollowUp } from './state.ts'

type Identity = Pick<TransactionMetadata, 'producerId' | 'producerEpoch'>
const NOBODY: Identity = Object.freeze({ producerId: NO_PRODUCER_ID, producerEpoch: NO_EPOCH })

export function tellInit(on: Connection, error: KafkaError, of: Identity, host: TransactionHost): void {
  const { producerId, producerEpoch } = error === 'NONE' ? of : NOBODY
  const response: InitProducerIdResponse = { type: 'InitProducerIdResponse', error, producerId, producerEpoch }
  host.respond(on, response)
}
export function tellEnded(on: Connection, error: KafkaError, of: Identity, host: TransactionHost): void {
  const { producerId, producerEpoch } = error === 'NONE' ? of : NOBODY
  const response: EndTxnResponse = { type: 'EndTxnResponse', error, producerId, producerEpoch }
  host.respond(on, response)
}
export function tellAdded(asker: Asker, error: KafkaError, host: TransactionHost, missing: readonly string[] = NONE_MISSING): void {
  const response: AddPartitionsToTxnResponse = { type: 'AddPartitionsToTxnResponse', error, missing }
  if ('ticket' in asker) return host.answer(asker.ticket, response)
  const offsets: AddOffsetsToTxnResponse = { type: 'AddOffsetsToTxnResponse', error }
  host.respond(asker.on, asker.api === 'AddOffsets' ? offsets : response)
}
const NONE_MISSING: readonly string[] = Object.freeze([])

/** What was to be written could not be. */
export function refuse(metadata: TransactionMetadata, then: FollowUp, error: KafkaError, host: TransactionHost): void {
  if (then.kind === 'init') tellInit(then.on, error, metadata, host)
  else if (then.kind === 'added') tellAdded(then.asker, error, host)
  else if (then.kind === 'decided' && then.on !== undefined) {
    if (then.refusal) tellInit(then.on, error, metadata, host)
    else tellEnded(then.on, error, metadata, host)
  }
}
