/** A member's session, and the time it has to give up what it must (GRP-36). */
import { fromMs } from '../../../base/units.ts'
import type { CoordinatorHost } from '../host.ts'
import type { CurrentAssignment } from '../reconcile.ts'
import { timerKey } from '../timers.ts'
import type { ConsumerGroup, MemberSubscription } from './state.ts'

export const startMemberSession = ({ id }: ConsumerGroup, memberId: string, host: CoordinatorHost): void =>
  host.setTimer(timerKey('memberSession', id, memberId), fromMs(host.config('group.consumer.session.timeout.ms', id)))

/** `max.poll.interval.ms` of the client, from when it was told. */
export function armRevocation(
  { id }: ConsumerGroup, { memberId, rebalanceTimeoutMs }: MemberSubscription, now: CurrentAssignment, was: CurrentAssignment | undefined, host: CoordinatorHost,
): void {
  if (now === was) return
  const key = timerKey('revocation', id, memberId)
  if (now.state === 'UNREVOKED_PARTITIONS') host.setTimer(key, fromMs(rebalanceTimeoutMs))
  else host.cancelTimer(key)
}

export function cancelMemberTimers({ id }: ConsumerGroup, memberId: string, host: CoordinatorHost): void {
  host.cancelTimer(timerKey('memberSession', id, memberId))
  host.cancelTimer(timerKey('revocation', id, memberId))
}
