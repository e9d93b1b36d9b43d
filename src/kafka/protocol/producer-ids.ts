/**
 * A broker's request for producer ids, a block at a time (KIP-730).
 * Follows clients/src/main/resources/common/message/AllocateProducerIdsRequest.json.
 */
import type { Epoch, NodeId } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'

export interface AllocateProducerIdsRequest { readonly type: 'AllocateProducerIdsRequest'; readonly brokerId: NodeId; readonly brokerEpoch: Epoch }
export interface AllocateProducerIdsResponse {
  readonly type: 'AllocateProducerIdsResponse'
  readonly error: KafkaError
  /** The first of the block, and how many there are; 0 with an error. */
  readonly producerIdStart: number; readonly producerIdLen: number
}
