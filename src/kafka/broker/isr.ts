/**
 * The leader proposes who is in sync, the controller decides. Follows core/.../cluster/Partition.scala
 * #maybeExpandIsr, #maybeShrinkIsr, #handleAlterPartitionUpdate and #handleAlterPartitionError. REP-20 to REP-24.
 */
import { toMs, type NodeId } from '../../base/units.ts'
import type { AlteredPartition } from '../protocol/controller.ts'
import { askController } from './alter-partition.ts'
import { stir } from './fetch-session.ts'
import { maybeAdvanceHighWatermark, noteIfHeld } from './high-watermark.ts'
import { isCaughtUp, isEligible, maximalIsr } from './isr-state.ts'
import { completeAfterHighWatermark } from './purgatory.ts'
import { names, type Broker, type BrokerContext, type FollowerProgress, type Leading, type Replica } from './state.ts'

/** On every fetch of a follower that is outside (nobody is, where all are in): as soon as it has all that is committed. No lag test, no minimum time. */
export function maybeExpandIsr(broker: Broker, replica: Replica, leading: Leading, id: NodeId, follower: FollowerProgress, ctx: BrokerContext): void {
  const { isr } = leading
  if (isr.kind !== 'Committed' || isr.isr.length > leading.followers.size || isr.isr.includes(id)) return
  if (follower.logEndOffset < Math.max(replica.highWatermark, leading.epochStartOffset) || !isEligible(broker, id, follower.brokerEpoch)) return
  stir(broker, replica)
  leading.isr = { kind: 'PendingExpand', isr: isr.isr, epoch: isr.epoch, joining: id }
  propose(broker, replica, leading, [...isr.isr, id], 'caughtUp', 0, ctx)
}

/** Every half of `replica.lag.time.max.ms`: whoever has not had everything for that long is to leave. Never the leader itself. */
export function shrinkIsrs(broker: Broker, ctx: BrokerContext): void {
  for (const replica of broker.replicas.values()) {
    if (replica.leading !== undefined) maybeShrinkIsr(broker, replica, replica.leading, ctx)
  }
}

function maybeShrinkIsr(broker: Broker, replica: Replica, leading: Leading, ctx: BrokerContext): void {
  const { isr } = leading
  if (isr.kind !== 'Committed') return
  const leaving = isr.isr.filter((id) => {
    const follower = leading.followers.get(id)
    return follower !== undefined && !isCaughtUp(follower, replica.log.endOffset, ctx.now, broker.config.replicaLagTimeMax)
  })
  if (leaving.length === 0) return
  stir(broker, replica)
  leading.isr = { kind: 'PendingShrink', isr: isr.isr, epoch: isr.epoch, leaving }
  const lag = Math.max(...leaving.map((id) => ctx.now - Math.max(leading.since, leading.followers.get(id)!.lastCaughtUpAt)))
  propose(broker, replica, leading, isr.isr.filter((id) => !leaving.includes(id)), 'lag', toMs(lag), ctx)
}

function propose(broker: Broker, replica: Replica, leading: Leading, isr: readonly NodeId[], why: 'lag' | 'caughtUp', lagMs: number, ctx: BrokerContext): void {
  ctx.note({ code: 'isr.asked', partition: replica.partition, node: broker.spec.name, isr: names(isr), why, lagMs: Math.round(lagMs) })
  askController(broker, {
    partition: replica.partition, leaderEpoch: replica.leaderEpoch, partitionEpoch: leading.isr.epoch, why, leaderRecoveryState: 'RECOVERED',
    newIsr: isr.map((id) => ({ brokerId: id, brokerEpoch: id === broker.spec.id ? broker.brokerEpoch : (broker.metadata.brokers.get(id)?.epoch ?? -1) })),
  }, ctx)
}

/** REP-24. */
export function handleAltered(broker: Broker, answer: AlteredPartition, ctx: BrokerContext): 'retry' | 'done' {
  const replica = broker.replicas.get(answer.partition)
  const leading = replica?.leading
  if (replica === undefined || leading === undefined) return 'done'
  switch (answer.error) {
    case 'NONE':
      if (answer.leaderEpoch === replica.leaderEpoch) adoptIsr(broker, replica, leading, answer.isr, answer.partitionEpoch, ctx)
      return 'done'
    case 'INELIGIBLE_REPLICA':
      stir(broker, replica)
      leading.isr = { kind: 'Committed', isr: leading.isr.isr, epoch: leading.isr.epoch }
      return 'done'
    case 'UNKNOWN_TOPIC_ID': case 'UNKNOWN_TOPIC_OR_PARTITION': case 'FENCED_LEADER_EPOCH': case 'INVALID_UPDATE_VERSION': case 'INVALID_REQUEST':
      return 'done'
    default:
      return 'retry'
  }
}

/** What the controller has committed, by its answer or by the metadata log: whichever is heard first. */
export function adoptIsr(broker: Broker, replica: Replica, leading: Leading, isr: readonly NodeId[], partitionEpoch: number, ctx: BrokerContext): void {
  if (partitionEpoch <= leading.isr.epoch) return
  const shrunk = isr.length < maximalIsr(leading.isr).length
  stir(broker, replica)
  leading.isr = { kind: 'Committed', isr, epoch: partitionEpoch }
  broker.alterPartition.pending.delete(replica.partition)
  if (shrunk) noteIfHeld(replica, ctx)
  if (maybeAdvanceHighWatermark(broker, replica, ctx)) completeAfterHighWatermark(broker, replica, ctx)
}
