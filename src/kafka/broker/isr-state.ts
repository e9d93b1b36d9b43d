/** Pure questions about a leader's ISR. Follows core/.../cluster/Partition.scala and server/.../replica/ReplicaState.java. */
import type { Epoch, Micros, NodeId, Offset } from '../../base/units.ts'
import type { Broker, FollowerProgress, Leading, PartitionState } from './state.ts'

/** Whoever joins holds the high watermark back at once; whoever leaves holds it back until the controller agrees (REP-20). */
export const maximalIsr = (state: PartitionState): readonly NodeId[] => (state.kind === 'PendingExpand' ? [...state.isr, state.joining] : state.isr)

/** For sure, and nobody is asking to change it. */
export const isInSync = ({ isr }: Leading, id: NodeId): boolean => isr.kind === 'Committed' && isr.isr.includes(id)

/** REP-5. There is no limit of messages: what counts is when it last had everything. */
export const isCaughtUp = (follower: FollowerProgress, leaderEnd: Offset, now: Micros, lagMax: Micros): boolean =>
  follower.logEndOffset === leaderEnd || now - follower.lastCaughtUpAt <= lagMax

/** May this broker count? Not while fenced or leaving, nor by a fetch of an earlier registration (REP-22). */
export function isEligible(broker: Broker, id: NodeId, fetchedWithEpoch: Epoch): boolean {
  const known = broker.metadata.brokers.get(id)
  return known !== undefined && !known.fenced && !known.inControlledShutdown && known.epoch === fetchedWithEpoch
}
