/**
 * Producer ids come from the controller in blocks. A broker gives them out one by one and asks for the next block before it
 * has used up the one it has. Until it has any it says COORDINATOR_LOAD_IN_PROGRESS, and whoever asked comes again.
 * What is left of a block is gone with the process.
 * Follows transaction-coordinator/.../transaction/RPCProducerIdManager.java.
 */
import { MILLISECOND, type Micros } from '../../base/units.ts'
import type { AllocateProducerIdsRequest, AllocateProducerIdsResponse } from '../protocol/producer-ids.ts'
import { handleForwardAnswered, sendForward } from './forwarding.ts'
import type { Broker, BrokerContext, ProducerIdBlock, ProducerIds } from './state.ts'

/** PID_PREFETCH_THRESHOLD: the next block is asked for with the first id of the last tenth. */
const PREFETCH = [9, 10] as const
/** RETRY_BACKOFF_MS: after a refusal nobody is asked for that long. */
const RETRY: Micros = 50 * MILLISECOND

const NO_BLOCK: ProducerIdBlock = Object.freeze({ first: 0, size: 0 })
export const newProducerIds = (): ProducerIds => ({ block: NO_BLOCK, next: 0, following: undefined, requested: false, retryAt: 0 })

/** undefined = there is none just now: COORDINATOR_LOAD_IN_PROGRESS. */
export function newProducerId(broker: Broker, ctx: BrokerContext): number | undefined {
  const ids = broker.producerIds
  if (ids.next >= ids.block.first + ids.block.size) {
    const { following } = ids
    if (following === undefined) {
      requestNextBlock(broker, ctx)
      return undefined
    }
    Object.assign(ids, { block: following, next: following.first, following: undefined, requested: false })
  }
  const id = ids.next++
  if (id === ids.block.first + ids.block.size * PREFETCH[0] / PREFETCH[1]) requestNextBlock(broker, ctx)
  return id
}

function requestNextBlock(broker: Broker, ctx: BrokerContext): void {
  const ids = broker.producerIds
  if (ids.requested || ctx.now < ids.retryAt) return
  ids.requested = true
  const request: AllocateProducerIdsRequest = Object.freeze({ type: 'AllocateProducerIdsRequest', brokerId: broker.spec.id, brokerEpoch: broker.brokerEpoch })
  sendForward(broker, request, ctx)
}

export function handleProducerIdsAllocated(broker: Broker, response: AllocateProducerIdsResponse, ctx: BrokerContext): void {
  const { producerIds: ids, spec } = broker
  const { error, producerIdStart: first, producerIdLen: size } = response
  if (error === 'NONE') {
    ids.following = Object.freeze({ first, size })
    ctx.note({ code: 'producerIds.allocated', node: spec.name, first, last: first + size - 1 })
  } else if (error !== 'NOT_CONTROLLER') {
    ids.requested = false
    ids.retryAt = ctx.now + RETRY
  }
  handleForwardAnswered(broker, response, ctx)
}
