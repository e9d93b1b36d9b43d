/**
 * What a transactional producer asks its coordinators, one request at a time.
 * Follows clients/.../producer/internals/TransactionManager.java#nextRequest and its handlers.
 */
import type { Tagged } from '../../../engine/process.ts'
import { channelTo, ready, sendRequest } from '../../network/client.ts'
import type { InitProducerIdRequest } from '../../protocol/produce.ts'
import type { FindCoordinatorRequest } from '../../protocol/metadata.ts'
import type { AddOffsetsToTxnRequest, AddPartitionsToTxnRequest, EndTxnRequest, OfProducer, TxnOffsetCommitRequest } from '../../protocol/transaction.ts'
import { CLIENTS, leastLoaded } from '../node-choice.ts'
import type { ProducerContext, ProducerPurpose, ProducerState } from '../producer/state.ts'
import { reset, type ClientTransaction } from './state.ts'

interface Wanted { readonly of: 'transaction' | 'group'; readonly request: Tagged }

/** Send what is to be asked next, if anything. True while an answer is waited for: no batch goes out then. */
export function askCoordinators(state: ProducerState, txn: ClientTransaction, ctx: ProducerContext): boolean {
  if (txn.inFlight) return true
  if (txn.retryAt > ctx.now) return false
  const wanted = next(state, txn)
  if (wanted === undefined) return false
  const node = txn.coordinators[wanted.of]
  if (node === undefined) return find(state, txn, wanted.of, ctx)
  const channel = channelTo(state.network, node, CLIENTS)
  if (!ready(state.network, channel, ctx)) {
    // Not reachable: perhaps another coordinates by now.
    if (channel.state === 'closed') {
      txn.coordinators[wanted.of] = undefined
      txn.retryAt = channel.retryAt
    }
    return false
  }
  if (channel.inFlight.length >= state.settings.maxInFlight) return false
  send(state, txn, channel, wanted.request, { kind: 'transaction' }, ctx)
  return true
}

function send(state: ProducerState, txn: ClientTransaction, channel: ReturnType<typeof channelTo<ProducerPurpose>>, request: Tagged, purpose: ProducerPurpose, ctx: ProducerContext): void {
  txn.inFlight = true
  sendRequest(state.network, channel, request, Object.freeze(purpose), ctx)
}

function find(state: ProducerState, txn: ClientTransaction, of: Wanted['of'], ctx: ProducerContext): boolean {
  const channel = leastLoaded(state.metadata, state.network, state.settings.maxInFlight, ctx)
  if (channel === undefined || !ready(state.network, channel, ctx)) return false
  const request: FindCoordinatorRequest = of === 'transaction'
    ? { type: 'FindCoordinatorRequest', clientId: state.config.id, key: txn.id, keyType: 'TRANSACTION' }
    : { type: 'FindCoordinatorRequest', clientId: state.config.id, key: txn.offsets?.groupId ?? '' }
  send(state, txn, channel, request, { kind: 'findCoordinator', of }, ctx)
  return true
}

const identityOf = ({ identity: { producerId, epoch } }: ProducerState, { id }: ClientTransaction): OfProducer => ({ transactionalId: id, producerId, producerEpoch: epoch })

function next(state: ProducerState, txn: ClientTransaction): Wanted | undefined {
  switch (txn.state) {
    case 'initializing': return { of: 'transaction', request: initRequest(state, txn) }
    case 'inTransaction': return membersOf(state, txn)
    case 'committing': return membersOf(state, txn) ?? endOf(state, txn, true)
    case 'aborting': return endOf(state, txn, false)
    default: return undefined
  }
}

/** KIP-360: a producer that goes on names itself, so that nobody who came after it is shut out. */
function initRequest(state: ProducerState, { id, needsEpoch }: ClientTransaction): InitProducerIdRequest {
  const { identity: { producerId, epoch }, settings, config } = state
  const request: InitProducerIdRequest = { type: 'InitProducerIdRequest', clientId: config.id, transactionalId: id, transactionTimeoutMs: settings.transactionTimeoutMs }
  return needsEpoch && producerId >= 0 ? { ...request, producerId, producerEpoch: epoch } : request
}

/** What is to take part. With version 2 the leaders see to it. */
function membersOf(state: ProducerState, txn: ClientTransaction): Wanted | undefined {
  const { version, newPartitions, offsets } = txn
  const of = identityOf(state, txn)
  const clientId = state.config.id
  if (version === 1 && newPartitions.length > 0) {
    const request: AddPartitionsToTxnRequest = { type: 'AddPartitionsToTxnRequest', clientId, ...of, partitions: Object.freeze(newPartitions.slice()), verifyOnly: false, version }
    return { of: 'transaction', request }
  }
  if (offsets === undefined) return undefined
  if (version === 1 && !txn.offsetsAdded) {
    const request: AddOffsetsToTxnRequest = { type: 'AddOffsetsToTxnRequest', clientId, ...of, groupId: offsets.groupId }
    return { of: 'transaction', request }
  }
  const request: TxnOffsetCommitRequest = { type: 'TxnOffsetCommitRequest', clientId, ...of, ...offsets, version }
  return { of: 'group', request }
}

/** When every batch has come to its end. A transaction that nothing takes part in is over without a word. */
function endOf(state: ProducerState, txn: ClientTransaction, committed: boolean): Wanted | undefined {
  if (state.batches.size > 0) return undefined
  if (!txn.started) {
    if (txn.needsEpoch) txn.state = 'initializing'
    else reset(txn)
    return txn.needsEpoch ? { of: 'transaction', request: initRequest(state, txn) } : undefined
  }
  const request: EndTxnRequest = { type: 'EndTxnRequest', clientId: state.config.id, ...identityOf(state, txn), committed, version: txn.version }
  return { of: 'transaction', request }
}
