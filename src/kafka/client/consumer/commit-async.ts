/**
 * commitAsync(): the request goes out, and the application's thread goes on. It is never tried again, so that it cannot arrive
 * behind a later one and take the group back; what might have been tried again comes back as RetriableCommitFailedException.
 * Without a coordinator it waits for the lookup that is on its way, and fails with it. close() waits for what has not been
 * answered. Follows clients/.../consumer/internals/ConsumerCoordinator.java#commitOffsetsAsync and #close, and of the consumer
 * protocol CommitRequestManager.java#commitAsync.
 *
 * Simplified: the callback is called when the answer comes, not in the next call of poll(), of a commit or of close().
 */
import type { Offset } from '../../../base/units.ts'
import { leastLoaded } from '../node-choice.ts'
import { countError } from '../notebook.ts'
import { tellCaller } from './commit-outcome.ts'
import { commit, consumed, named } from './commits.ts'
import { MAX_IN_FLIGHT } from './coordinator.ts'
import type { Awaiting, ConsumerContext, ConsumerState } from './state.ts'

export function commitAsync(state: ConsumerState, offsets: Readonly<Record<string, Offset>> | undefined, ctx: ConsumerContext): void {
  if (state.config.group === undefined) return
  const given = offsets === undefined ? consumed(state) : named(offsets)
  // What was called before goes first.
  if (state.awaiting === undefined && commit(state, 'async', ctx, given) !== 'later') return
  const { findAttempts: lookups, coordinator } = state.membership
  ;(state.awaiting ??= []).push({ offsets: given, lookups, isFound: coordinator !== undefined })
}

/** Those that wait for their coordinator: true when there are none any more. */
export function sendAwaiting(state: ConsumerState, ctx: ConsumerContext): boolean {
  const { awaiting = [] } = state
  while (awaiting.length > 0) {
    const first = awaiting[0]!
    if (hasNowhereToGo(state, first, ctx)) failed(state, ctx)
    else if (commit(state, 'async', ctx, first.offsets) === 'later') break
    awaiting.shift()
  }
  if (awaiting.length === 0) delete state.awaiting
  if (state.lifecycle === 'closing') armClose(state, ctx)
  return awaiting.length === 0
}

/** Its lookup has failed, or finds nobody to ask, or who was found is none any more. The consumer protocol's client goes on looking. */
function hasNowhereToGo({ membership, settings, metadata, network }: ConsumerState, waiting: Awaiting, ctx: ConsumerContext): boolean {
  const { coordinator, findAttempts, finding } = membership
  if (coordinator !== undefined) waiting.isFound = true
  else if (waiting.isFound) return true
  else if (settings.groupProtocol === 'consumer') return false
  else if (findAttempts > waiting.lookups || (!finding && leastLoaded(metadata, network, MAX_IN_FLIGHT, ctx) === undefined)) return true
  waiting.lookups = Math.min(waiting.lookups, findAttempts)
  return false
}

function failed(state: ConsumerState, ctx: ConsumerContext): void {
  countError(state.notebook.errors, 'RETRIABLE_COMMIT_FAILED')
  tellCaller(state, 'async', 'RETRIABLE_COMMIT_FAILED', ctx)
}

/** Who closes looks again when the coordinator may be asked for again, and no later than it gives up. */
function armClose({ membership: { findRetryAt }, awaiting, closeBy }: ConsumerState, ctx: ConsumerContext): void {
  const at = awaiting !== undefined && findRetryAt > ctx.now ? Math.min(findRetryAt, closeBy) : closeBy
  ctx.setTimer({ type: 'poll' }, at - ctx.now)
}
