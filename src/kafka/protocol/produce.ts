import type { Epoch, NodeId, Offset } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'
import type { RecordBatch } from '../log/record.ts'

/** Who leads by the answering broker's knowledge: comes with NOT_LEADER_OR_FOLLOWER and its like (produce v10, fetch v16). */
export interface CurrentLeader { readonly leaderId: NodeId; readonly leaderEpoch: Epoch }

/** One batch for each partition; all of them led, as the client believes, by the broker it goes to. */
export interface ProduceRequest {
  readonly type: 'ProduceRequest'
  readonly clientId: string
  readonly acks: 0 | 1 | -1
  readonly timeoutMs: number
  readonly partitions: readonly { readonly partition: string; readonly batch: RecordBatch }[]
}
export interface ProduceResponse {
  readonly type: 'ProduceResponse'
  readonly partitions: readonly ProducedPartition[]
}
export interface ProducedPartition {
  readonly partition: string
  readonly error: KafkaError
  /** -1 with an error. */
  readonly baseOffset: Offset
  readonly currentLeader: CurrentLeader | undefined
}

/** To any broker; ids are handed out in blocks of 1000 a broker. */
export interface InitProducerIdRequest { readonly type: 'InitProducerIdRequest'; readonly clientId: string }
export interface InitProducerIdResponse { readonly type: 'InitProducerIdResponse'; readonly error: KafkaError; readonly producerId: number; readonly producerEpoch: Epoch }
