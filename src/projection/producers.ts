/** Producers, as seen: their books, what waits in them, and what they believe. */
import type { World, Node } from '../engine/world.ts'
import type { Outcome } from '../kafka/client/producer/notebook.ts'
import type { ProducerBatch, ProducerState } from '../kafka/client/producer/state.ts'
import type { ClientTransaction, ClientTransactionState } from '../kafka/client/transactional/state.ts'
import { booleanOf, stringOf } from '../kafka/config.ts'
import { beliefsOf } from './beliefs.ts'
import { skewOf, overridesOf } from './brokers.ts'
import { cellOf, openCells, type Hues } from './cells.ts'
import type { Cell, ProducerView } from './cluster-view.ts'

export function producerView(world: World, name: string, node: Node, hues: Hues): ProducerView {
  const state = node.state as ProducerState | undefined
  const kept = (node.state ?? node.disk ?? {}) as Partial<ProducerState>
  const config = node.config as ProducerState['config']
  const configs = kept.configs ?? config.configs
  const book = kept.notebook
  const acks = stringOf('producer', configs, 'acks')
  return {
    ...skewOf(node), name, condition: state?.lifecycle === 'stopped' ? 'down' : state?.lifecycle === 'closing' ? 'stopping' : node.condition, library: config.library, topic: config.topic,
    producerId: state?.identity.state === 'known' ? state.identity.producerId : undefined, producerEpoch: state?.identity.state === 'known' ? state.identity.epoch : undefined,
    ...(kept.reader?.handlerDelay === undefined ? {} : { slower: kept.reader.handlerDelay }),
    sent: book?.sent ?? 0, acked: book?.acked ?? 0, failed: book?.failed ?? 0, retries: book?.retries ?? 0,
    lastAcked: (book?.lastAcked ?? []).map((outcome) => ackedCell(outcome, hues)),
    batches: state === undefined ? [] : [...state.batches.values()].slice(0, 24).map((batch) => batchView(world, state, batch, hues)),
    believes: state === undefined ? [] : beliefsOf(world, state.metadata.beliefs), lastError: book?.lastError,
    acks: acks === '0' || acks === '1' ? acks : 'all', idempotent: acks !== '0' && acks !== '1' && booleanOf('producer', configs, 'enable.idempotence'),
    overrides: overridesOf('producer', configs), ...(state?.txn === undefined ? {} : { transaction: transactionView(state.txn) }),
  }
}

/** Names of TransactionManager.State. */
const states: Readonly<Record<ClientTransactionState, string>> = {
  uninitialized: 'UNINITIALIZED', initializing: 'INITIALIZING', ready: 'READY', inTransaction: 'IN_TRANSACTION', committing: 'COMMITTING_TRANSACTION', aborting: 'ABORTING_TRANSACTION',
  abortableError: 'ABORTABLE_ERROR', fatalError: 'FATAL_ERROR',
}
const transactionView = ({ id, state, coordinators, partitions, error }: ClientTransaction): NonNullable<ProducerView['transaction']> =>
  ({ id, state: states[state], coordinator: coordinators.transaction, partitions: partitions.slice(), error })

const ackedCells = new WeakMap<Outcome, Cell>()
function ackedCell(outcome: Outcome, hues: Hues): Cell {
  let cell = ackedCells.get(outcome)
  if (cell === undefined) ackedCells.set(outcome, (cell = cellOf({ id: outcome.id, key: outcome.key, value: undefined }, outcome.offset, -1, outcome.offset, hues)))
  return cell
}

function batchView(world: World, { settings }: ProducerState, batch: ProducerBatch, hues: Hues): ProducerView['batches'][number] {
  const backoff = !batch.inFlight && batch.attempts > 0 && batch.retryAt > world.now
  return {
    partition: batch.partition, state: batch.inFlight ? 'inFlight' : backoff ? 'backoff' : batch.sealed || batch.attempts > 0 ? 'waiting' : 'open',
    records: openCells(batch.records, hues, 12), bytes: batch.bytes, createdAt: batch.createdAt, attempts: batch.attempts,
    until: backoff ? batch.retryAt : batch.attempts === 0 && !batch.sealed ? batch.createdAt + settings.linger : undefined,
  }
}
