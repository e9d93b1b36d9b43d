import type { Epoch, NodeId, Offset } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'
import type { RecordBatch } from '../log/record.ts'
import type { TransactionVersion } from '../transaction/metadata.ts'

/** Who leads by the answering broker's knowledge: comes with NOT_LEADER_OR_FOLLOWER and its like (produce v10, fetch v16). */
export interface CurrentLeader { readonly leaderId: NodeId; readonly leaderEpoch: Epoch }

/** One batch for each partition; all of them led, as the client believes, by the broker it goes to. */
export interface ProduceRequest {
  readonly type: 'ProduceRequest'
  readonly clientId: string
  readonly acks: 0 | 1 | -1
  readonly timeoutMs: number
  readonly partitions: readonly { readonly partition: string; readonly batch: RecordBatch }[]
  /** Batches of a transaction. The version is Kafka's version of the request: from 12 on the leader adds the partition for the client. */
  readonly transactional?: { readonly id: string; readonly version: TransactionVersion }
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

/**
 * To any broker; ids are handed out in blocks of 1000 a broker. With a transactional id to its coordinator, and from a producer
 * that goes on after an error with the id and epoch that it has (KIP-360).
 */
export interface InitProducerIdRequest {
  readonly type: 'InitProducerIdRequest'; readonly clientId: string
  readonly transactionalId?: string; readonly transactionTimeoutMs?: number
  readonly producerId?: number; readonly producerEpoch?: Epoch
}
export interface InitProducerIdResponse { readonly type: 'InitProducerIdResponse'; readonly error: KafkaError; readonly producerId: number; readonly producerEpoch: Epoch }
