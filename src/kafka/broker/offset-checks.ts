/**
 * When a broker looks for committed offsets that have expired; how is `group/offset-expiry.ts`, loaded late (`late.ts`). Every partition
 * that it coordinates has its own time; those that were loaded together are looked at together.
 * Follows group-coordinator/.../group/GroupCoordinatorShard.java#scheduleGroupMetadataExpiration.
 */
import type * as OffsetExpiry from '../group/offset-expiry.ts'
import { slot } from '../late.ts'
import { coordinatorHost } from './group-host.ts'
import type { Broker, BrokerContext } from './state.ts'

export const offsetExpirySlot = slot<typeof OffsetExpiry>('the expiry of offsets')

/** Only for a check that comes before the next look at the ISRs, when this is asked again: a run that is over by then knows of none. */
export function armOffsetChecks({ coordinator, config }: Broker, ctx: BrokerContext): void {
  const next = Math.min(...coordinator.checks.values()) - ctx.now
  if (next <= config.replicaLagTimeMax / 2) ctx.setTimer({ type: 'offsetChecks' }, Math.max(next, 0))
}

export function checkOffsets(broker: Broker, ctx: BrokerContext): void {
  offsetExpirySlot().checkOffsets(broker.coordinator, coordinatorHost(broker, ctx))
  armOffsetChecks(broker, ctx)
}
