/**
 * Carries ISR proposals to the controller: one request in flight, one proposal a partition.
 * Follows core/.../server/AlterPartitionManager.scala.
 */
import { MILLISECOND } from '../../base/units.ts'
import { channelTo, closeChannel, ready, sendRequest } from '../network/client.ts'
import type { AlterPartition } from '../protocol/controller.ts'
import { nodeName, type Broker, type BrokerContext } from './state.ts'

const LABEL = 'controller:alterPartition'
const RETRY = 50 * MILLISECOND

export function askController(broker: Broker, proposal: AlterPartition, ctx: BrokerContext): void {
  broker.alterPartition.pending.set(proposal.partition, Object.freeze(proposal))
  sendProposals(broker, ctx)
}

/** Everything that waits, in one request; nothing while one is under way, or while nobody is known to lead the quorum. */
export function sendProposals(broker: Broker, ctx: BrokerContext): void {
  const { pending, inFlight } = broker.alterPartition
  if (inFlight.length > 0 || pending.size === 0) return
  broker.toController.alterPartition ??= broker.quorum.leaderId
  if (broker.toController.alterPartition === undefined) return
  const channel = channelTo(broker.network, nodeName(broker.toController.alterPartition), LABEL)
  if (!ready(broker.network, channel, ctx)) {
    if (channel.state === 'closed') ctx.setTimer({ type: 'alterPartitionRetry' }, Math.max(RETRY, channel.retryAt - ctx.now))
    return
  }
  broker.alterPartition.inFlight = Object.freeze([...pending.values()])
  sendRequest(broker.network, channel, {
    type: 'AlterPartitionRequest', brokerId: broker.spec.id, brokerEpoch: broker.brokerEpoch, partitions: broker.alterPartition.inFlight,
  } as { type: string }, 'alterPartition', ctx)
}

/** A request-level failure: the proposals stay, and go again after 50 ms. */
export function retryProposals(broker: Broker, ctx: BrokerContext): void {
  broker.alterPartition.inFlight = []
  if (broker.alterPartition.pending.size > 0) ctx.setTimer({ type: 'alterPartitionRetry' }, RETRY)
}

/** Not the active controller, or gone: they go to whoever leads now. */
export function handleProposalsLost(broker: Broker, ctx: BrokerContext): void {
  broker.toController.alterPartition = undefined
  broker.alterPartition.inFlight = []
  sendProposals(broker, ctx)
}
export function handleNotController(broker: Broker, ctx: BrokerContext): void {
  const { alterPartition } = broker.toController
  if (alterPartition !== undefined) closeChannel(broker.network, channelTo(broker.network, nodeName(alterPartition), LABEL), ctx)
  handleProposalsLost(broker, ctx)
}
