/**
 * Carries ISR proposals to the controller: one request in flight, one proposal a partition.
 * Follows core/.../server/AlterPartitionManager.scala.
 */
import { MILLISECOND } from '../../base/units.ts'
import { sendRequest, ready, channelTo } from '../network/client.ts'
import type { AlterPartition } from '../protocol/controller.ts'
import type { Broker, BrokerContext } from './state.ts'

const LABEL = 'controller:alterPartition'
const RETRY = 50 * MILLISECOND

export function askController(broker: Broker, proposal: AlterPartition, ctx: BrokerContext): void {
  broker.alterPartition.pending.set(proposal.partition, Object.freeze(proposal))
  sendProposals(broker, ctx)
}

/** Everything that waits, in one request; nothing while one is under way. */
export function sendProposals(broker: Broker, ctx: BrokerContext): void {
  const { pending, inFlight } = broker.alterPartition
  if (inFlight.length > 0 || pending.size === 0) return
  const channel = channelTo(broker.network, broker.spec.controller, LABEL)
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
