/**
 * A member of the consumer protocol brings about what the coordinator wants (GRP-40): it stops reading what it must give up,
 * commits, gives up, takes what is new, and acknowledges. What it keeps is read all the while, and nobody waits for it but
 * those who get what it gives up. Follows clients/.../consumer/internals/{AbstractMembershipManager,ConsumerMembershipManager}.java.
 */
import { SECOND } from '../../../base/units.ts'
import { coordinatorChannel } from './coordinator.ts'
import { isSame, maybeSendHeartbeat } from './group-heartbeat.ts'
import { giveUp, handOver, isCommitted } from './handover.ts'
import type { ConsumerContext, ConsumerProtocol, ConsumerState, LocalAssignment } from './state.ts'

export const newConsumerProtocol = (): ConsumerProtocol => ({
  state: 'unsubscribed', inFlight: false, heartbeatInterval: 5 * SECOND, target: undefined, current: undefined,
  told: { topics: false, owned: undefined }, revoking: undefined,
})

/** In poll(). */
export function followCoordinator(state: ConsumerState, ctx: ConsumerContext): void {
  const { protocol } = state
  coordinatorChannel(state, ctx)
  if (protocol.state === 'unsubscribed' || protocol.state === 'fenced' || protocol.state === 'stale') join(state, ctx)
  maybeSendHeartbeat(state, ctx)
  if (protocol.state === 'reconciling' && protocol.target !== undefined) reconcile(state, protocol.target, ctx)
}

/** With epoch 0. What it still had it has lost: the group has gone on without it. */
function join(state: ConsumerState, ctx: ConsumerContext): void {
  const { membership, protocol } = state
  if (membership.memberId === '') membership.memberId = uuid(ctx)
  membership.generation = -1
  membership.revokeCommit = 'none'
  giveUp(state, ctx)
  protocol.state = 'joining'
  protocol.target = undefined
  protocol.current = undefined
  protocol.revoking = undefined
  membership.heartbeatAt = ctx.now
}

/** KIP-1082: the client makes its own id, once for the life of the process. */
function uuid(ctx: ConsumerContext): string {
  const hex = Array.from({ length: 4 }, () => ctx.random('member id').toString(16).padStart(8, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

function reconcile(state: ConsumerState, target: LocalAssignment, ctx: ConsumerContext): void {
  const { protocol, positions } = state
  if (isSame(target, protocol.current)) return
  if (protocol.revoking === undefined) {
    protocol.revoking = Object.freeze([...positions.keys()].filter((partition) => !target.partitions.includes(partition)))
    for (const partition of protocol.revoking) positions.get(partition)!.state = 'revoking'
  }
  if (!isCommitted(state, ctx)) return
  protocol.revoking = undefined
  handOver(state, target.partitions, ctx)
  protocol.current = target
  protocol.state = 'acknowledging'
  maybeSendHeartbeat(state, ctx)
}
