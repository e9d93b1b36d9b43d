/**
 * A record is committed once every replica that counts has it. Follows core/.../cluster/Partition.scala
 * #maybeIncrementLeaderHW. REP-10, REP-11.
 */
import type { Offset } from '../../base/units.ts'
import { forgetReplicated } from '../log/transactions.ts'
import { nextCheckpoint } from './disk.ts'
import { stir } from './fetch-session.ts'
import { isCaughtUp, isEligible, maximalIsr } from './isr-state.ts'
import type { Broker, BrokerContext, Replica } from './state.ts'
import { names } from './state.ts'

/** The smaller of the config and the number of replicas: 4.x never asks for more than there are. */
export const effectiveMinIsr = (replica: Replica): number => Math.min(replica.minInsyncReplicas, (replica.leading?.followers.size ?? 0) + 1)

/**
 * Who counts: the ISR with whoever is about to join it, and those outside that have caught up and may join. Below the
 * minimum of in-sync replicas nothing is committed, whatever the acks. True when the high watermark moved.
 */
export function maybeAdvanceHighWatermark(broker: Broker, replica: Replica, ctx: BrokerContext): boolean {
  const { leading, log } = replica
  if (leading === undefined || replica.highWatermark === log.endOffset) return false
  if (leading.isr.isr.length < effectiveMinIsr(replica)) return false
  let committed = log.endOffset
  const counting = maximalIsr(leading.isr)
  for (const id of leading.followers.keys()) {
    const follower = leading.followers.get(id)!
    if (follower.logEndOffset >= committed) continue
    const counts = counting.includes(id)
      || (isCaughtUp(follower, log.endOffset, ctx.now, broker.config.replicaLagTimeMax) && isEligible(broker, id, follower.brokerEpoch))
    if (counts) committed = Math.min(committed, follower.logEndOffset)
  }
  return advanceHighWatermark(broker, replica, committed, ctx)
}

/** Never backwards. */
export function advanceHighWatermark(broker: Broker, replica: Replica, to: Offset, ctx: BrokerContext): boolean {
  if (to <= replica.highWatermark) return false
  ctx.note({ code: 'highWatermark.advanced', partition: replica.partition, node: broker.spec.name, from: replica.highWatermark, to })
  stir(broker, replica)
  replica.highWatermark = to
  if (broker.disk.checkpointAt === Infinity) nextCheckpoint(broker, ctx)
  if (replica.log.transactions.unreplicated.length > 0) replica.log.transactions = forgetReplicated(replica.log.transactions, to)
  return true
}

/** Told once, when the ISR has become too small for anything to be committed. */
export function noteIfHeld(replica: Replica, ctx: BrokerContext): void {
  const { leading } = replica
  const min = effectiveMinIsr(replica)
  if (leading !== undefined && leading.isr.isr.length < min) ctx.note({ code: 'highWatermark.held', partition: replica.partition, isr: names(leading.isr.isr), min })
}
