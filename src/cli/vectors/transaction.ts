/** Transactional ids at their coordinator. */
import {
  addPartitions, complete, decide, fenceEpoch, initialise, isEpochExhausted, newTransaction, validPreviousStates,
  type TransactionMetadata, type TransactionState, type TransactionVersion,
} from '../../kafka/transaction/metadata.ts'
import { adapter, type Adapters } from './adapter.ts'

type Kept = Pick<TransactionMetadata, 'state' | 'producerId' | 'producerEpoch' | 'lastProducerEpoch'>
type Operation =
  | { op: 'initProducerId' | 'markersWritten' | 'fence' }
  | { op: 'addPartition'; partition: string }
  | { op: 'endTxn'; result: 'COMMIT' | 'ABORT' }
interface Lifecycle {
  transactionVersion: TransactionVersion
  start: Kept | null
  nextProducerId: number
  operations: Operation[]
}

const TIMEOUT_MS = 60_000
/** A transaction that is under way has one partition, and began at once. */
const kept = (start: Kept, version: TransactionVersion): TransactionMetadata => {
  const active = start.state === 'Ongoing' || start.state.startsWith('Prepare')
  return { ...newTransaction('x', start.producerId, TIMEOUT_MS, version), ...start, ...(active ? { partitions: ['t-0'], startedAt: 0 } : {}) }
}
const shown = ({ state, producerId, producerEpoch, lastProducerEpoch }: TransactionMetadata) => ({
  state,
  producerId,
  producerEpoch,
  lastProducerEpoch,
})

export const transactionAdapters: Adapters = {
  'txn-coordinator/lifecycle': adapter(({ transactionVersion: version, start, nextProducerId, operations }: Lifecycle) => {
    const newProducerId = () => nextProducerId
    let metadata = start === null ? undefined : kept(start, version)
    const startEpochExhausted = metadata !== undefined && isEpochExhausted(metadata.producerEpoch)
    const trace = operations.map((operation) => {
      metadata ??= newTransaction('x', newProducerId(), TIMEOUT_MS, version)
      switch (operation.op) {
        case 'initProducerId': {
          if (metadata.state === 'Ongoing') return pending(fenceEpoch(metadata))
          const begun = initialise(metadata, TIMEOUT_MS, undefined, newProducerId)
          if (typeof begun !== 'string') metadata = begun
          break
        }
        case 'addPartition':
          metadata = addPartitions(metadata, [operation.partition], version, 0)
          break
        case 'endTxn': {
          const decided = decide(metadata, operation.result === 'COMMIT' ? 'commit' : 'abort', version, newProducerId, 0)
          if (typeof decided !== 'string') metadata = decided
          break
        }
        case 'markersWritten':
          metadata = complete(metadata)
          break
        case 'fence':
          return pending(fenceEpoch(metadata))
      }
      return shown(metadata)
    })
    return { startEpochExhausted, trace }
  }),
  'txn-coordinator/init-with-epoch': adapter(({ expectedEpochs, ...start }: Kept & { expectedEpochs: (number | null)[] }) => ({
    results: expectedEpochs.map((expected) => {
      const answer = initialise(kept(start, 2), TIMEOUT_MS, expected ?? undefined, () => start.producerId + 1)
      return typeof answer === 'string' ? { error: answer } : shown(answer)
    }),
  })),
  'txn-coordinator/transitions': adapter(({ states }: { states: TransactionState[] }) =>
    Object.fromEntries(states.map((state) => [state, validPreviousStates[state].toSorted()])),
  ),
}
const pending = ({ state, ...fenced }: TransactionMetadata) => ({ ...shown({ state, ...fenced }), state: undefined, pendingState: state })
