/** The transaction coordinator, as the broker it lives in calls it. */
export { newTransactionCoordinator, transactionPartition, TRANSACTION_TOPIC } from './state.ts'
export type { Transaction, TransactionCoordinator } from './state.ts'
export { handleFindTransactionCoordinator } from './find.ts'
export { handleInitProducerId } from './init.ts'
export { handleAddOffsets, handleAddPartitions } from './add-partitions.ts'
export { handleEndTxn } from './end.ts'
export { handleMarkersAnswered } from './markers.ts'
export { handleAppendFailed, handleCommitted } from './committed.ts'
export { completeTransaction, handleTxnOffsetCommit } from '../group/txn-offsets.ts'
export { becomeTransactionCoordinator, resignTransactions } from './load.ts'

import type { TransactionHost, TimerKey } from './host.ts'
import { retryMarkers } from './markers.ts'
import type { TransactionCoordinator } from './state.ts'
import { abortTimedOut } from './timeout.ts'

export const handleTransactionTimer = (coordinator: TransactionCoordinator, key: TimerKey, host: TransactionHost): void =>
  (key === 'scan' ? abortTimedOut : retryMarkers)(coordinator, host)
