/**
 * What changes hands in a rebalance, and when (GRP-15, KIP-429). An eager member gives up everything before it joins, and has
 * nothing to read until the group is complete. A cooperative one reads on, gives up after SyncGroup what is no longer its own,
 * and joins once more so that others can have it.
 * Follows clients/.../consumer/internals/ConsumerCoordinator.java#onJoinPrepare, #onJoinComplete.
 */
import { fromMs } from '../../../base/units.ts'
import { sortedNames } from '../../topic-partition.ts'
import { commit } from './commits.ts'
import { pausedOf } from './paused.ts'
import { newPosition } from './positions.ts'
import type { ConsumerContext, ConsumerState } from './state.ts'

/** Before it joins: what it has is committed, and given up by an eager member, or lost by one that the group has gone on without. True when done. */
export function prepare(state: ConsumerState, ctx: ConsumerContext): boolean {
  const { membership } = state
  if (membership.prepared) return true
  if (!isCommitted(state, ctx)) return false
  if (isLost(state) || state.settings.protocol === 'EAGER') giveUp(state, ctx)
  membership.prepared = true
  return true
}

/** Everything read so far, before anything of it goes to others; waited for no longer than they wait. */
export function isCommitted(state: ConsumerState, ctx: ConsumerContext): boolean {
  const { membership, settings } = state
  if (!settings.autoCommit) return true
  if (membership.revokeCommit === 'none') membership.prepareBy = ctx.now + fromMs(settings.maxPollIntervalMs)
  if (membership.revokeCommit === 'none' || (membership.revokeCommit === 'retry' && state.commitRetryAt <= ctx.now)) {
    const outcome = commit(state, 'revoke', ctx)
    membership.revokeCommit = outcome === 'sent' ? 'waiting' : outcome === 'later' ? 'retry' : 'done'
  }
  if (membership.revokeCommit !== 'done' && ctx.now < membership.prepareBy) return false
  membership.revokeCommit = 'none'
  return true
}

/** Nobody in the group answers for it any more; or it closes in the middle of a rebalance, whose outcome it will not hear. */
const isLost = ({ membership: { generation, memberId, state } }: ConsumerState): boolean =>
  generation < 0 || memberId === '' || state === 'preparing' || state === 'completing'

/** Everything at once. */
export function giveUp(state: ConsumerState, ctx: ConsumerContext): void {
  const { membership, notebook, config } = state
  const partitions = Object.freeze([...state.positions.keys()])
  const lost = isLost(state)
  const paused = flagsOf(state, partitions)
  state.positions.clear()
  state.fetched = []
  if (lost && partitions.length === 0) return
  if (lost) {
    notebook.lostCount++
    ctx.note({ code: 'partitions.lost', group: config.group ?? '', member: config.id, partitions, ...paused })
  } else revoked(state, partitions, paused, ctx)
  if (partitions.length > 0) membership.pausedSince = ctx.now
}

function revoked({ notebook, config }: ConsumerState, partitions: readonly string[], paused: Flags, ctx: ConsumerContext): void {
  notebook.revokedCount++
  notebook.revoked = partitions
  if (partitions.length > 0) ctx.note({ code: 'partitions.revoked', group: config.group ?? '', member: config.id, partitions, ...paused })
}

/** Flags that go with what goes. Follows ConsumerRebalanceListenerInvoker#invokePartitionsRevoked. */
type Flags = { readonly paused?: readonly string[] }
function flagsOf(state: ConsumerState, partitions: readonly string[]): Flags {
  const paused = pausedOf(state, partitions)
  return paused.length === 0 ? {} : { paused }
}

/** In poll(), after SyncGroup. Who had to give something up joins again at once, so that others can have it. */
export function takeAssignment(state: ConsumerState, assignment: readonly string[], ctx: ConsumerContext): void {
  const { membership } = state
  membership.received = undefined
  membership.prepared = false
  membership.followsRevocation = handOver(state, assignment, ctx)
  if (membership.followsRevocation) membership.rejoinNeeded = true
  if (membership.assignor !== undefined) {
    membership.remembered.set(membership.assignor, Object.freeze({ partitions: assignment, generation: membership.generation }))
  }
}

/** First what goes, then what comes; what stays is read on as if nothing had been. True = something went. */
export function handOver(state: ConsumerState, assignment: readonly string[], ctx: ConsumerContext): boolean {
  const { positions } = state
  const wanted = new Set(assignment)
  const gone = Object.freeze([...positions.keys()].filter((partition) => !wanted.has(partition)))
  const added = Object.freeze(sortedNames(assignment.filter((partition) => !positions.has(partition))))
  const kept = Object.freeze(sortedNames(assignment.filter((partition) => positions.has(partition))))
  if (gone.length > 0) revoked(state, gone, flagsOf(state, gone), ctx)
  state.positions = new Map(sortedNames(assignment).map((partition) => [partition, positions.get(partition) ?? newPosition(partition, 'initializing')]))
  state.fetched = state.fetched.filter(({ partition }) => state.positions.has(partition))
  state.commitAt = ctx.now + state.settings.autoCommitInterval
  assigned(state, added, kept, ctx)
  return gone.length > 0
}

function assigned({ membership, notebook, config }: ConsumerState, partitions: readonly string[], kept: readonly string[], ctx: ConsumerContext): void {
  const { pausedSince } = membership
  membership.pausedSince = undefined
  notebook.assignedCount++
  notebook.assignedLast = partitions
  ctx.note({
    code: 'partitions.assigned', group: config.group ?? '', member: config.id, partitions, ...(kept.length > 0 ? { kept } : {}),
    ...(pausedSince === undefined ? {} : { pausedMs: Math.round((ctx.now - pausedSince) / 1000) }),
  })
}
