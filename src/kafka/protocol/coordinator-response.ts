import type { FindCoordinatorResponse } from './metadata.ts'
import type { InitProducerIdResponse } from './produce.ts'
import type { AddOffsetsToTxnResponse, AddPartitionsToTxnResponse, EndTxnResponse, TxnOffsetCommitResponse } from './transaction.ts'

/** What coordinators answer a producer. */
export type CoordinatorResponse = FindCoordinatorResponse | InitProducerIdResponse | AddPartitionsToTxnResponse | AddOffsetsToTxnResponse | EndTxnResponse | TxnOffsetCommitResponse
