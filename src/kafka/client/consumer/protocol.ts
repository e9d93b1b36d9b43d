/**
 * A member of the consumer protocol brings about what the coordinator wants (GRP-40): it stops reading what it must give up,
 * commits, gives up, takes what is new, and acknowledges. What it keeps is read all the while, and nobody waits for it but
 * those who get what it gives up. Follows clients/.../consumer/internals/{AbstractMembershipManager,ConsumerMembershipManager}.java.
 */
import { uuidOf } from '../../uuid.ts'
import { coordinatorChannel } from './coordinator.ts'
import { isSame, maybeSendHeartbeat } from './group-heartbeat.ts'
import { giveUp, handOver, isCommitted } from './handover.ts'
import type { ConsumerContext, ConsumerState, LocalAssignment } from './state.ts'

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
  // KIP-1082: the client makes its own id, once for the life of the process.
  if (membership.memberId === '') membership.memberId = uuidOf(() => ctx.random('member id'))
  membership.generation = -1
  membership.revokeCommit = 'none'
  giveUp(state, ctx)
  protocol.state = 'joining'
  protocol.target = undefined
  protocol.current = undefined
  protocol.bringing = undefined
  membership.heartbeatAt = ctx.now
}

/**
 * One target at a time: what is heard meanwhile comes next. What goes is not read any more from here on, so that nothing is
 * returned that is not committed.
 */
function reconcile(state: ConsumerState, target: LocalAssignment, ctx: ConsumerContext): void {
  const { protocol, positions } = state
  if (protocol.bringing === undefined) {
    if (isSame(target, protocol.current)) return
    protocol.bringing = target
    for (const position of positions.values()) if (!target.partitions.includes(position.partition)) position.state = 'revoking'
  }
  if (!isCommitted(state, ctx)) return
  handOver(state, protocol.bringing.partitions, ctx)
  protocol.current = protocol.bringing
  protocol.bringing = undefined
  protocol.state = 'acknowledging'
  maybeSendHeartbeat(state, ctx)
}
