/**
 * Producer ids are given to brokers in blocks; the metadata log remembers where the next one begins (KIP-730).
 * Follows metadata/.../controller/ProducerIdControlManager.java and server-common/.../common/ProducerIdsBlock.java.
 */
import type { Connection } from '../../engine/process.ts'
import { respond } from '../network/server.ts'
import type { AllocateProducerIdsRequest, AllocateProducerIdsResponse } from '../protocol/producer-ids.ts'
import type { Controller, ControllerContext } from './state.ts'
import { answer, write } from './write.ts'

/** PRODUCER_ID_BLOCK_SIZE */
const BLOCK = 1000

export function handleAllocateProducerIds(controller: Controller, { brokerId, brokerEpoch }: AllocateProducerIdsRequest, on: Connection, ctx: ControllerContext): void {
  const { image } = controller
  const registered = image.brokers.get(brokerId)?.epoch
  if (registered !== brokerEpoch) {
    const error = registered === undefined ? 'BROKER_ID_NOT_REGISTERED' : 'STALE_BROKER_EPOCH'
    const refused: AllocateProducerIdsResponse = { type: 'AllocateProducerIdsResponse', error, producerIdStart: 0, producerIdLen: 0 }
    return respond(on, refused, ctx)
  }
  const { nextProducerId: producerIdStart = 0 } = image
  write(controller, [Object.freeze({ type: 'ProducerIdsRecord', brokerId, brokerEpoch, nextProducerId: producerIdStart + BLOCK })], { isr: 'caughtUp', election: 'clean' }, ctx)
  const response: AllocateProducerIdsResponse = { type: 'AllocateProducerIdsResponse', error: 'NONE', producerIdStart, producerIdLen: BLOCK }
  answer(controller, on, response, ctx)
}
