/** What becomes of requests whose connection has ended, and of a coordinator that is none any more. */
import { countError } from '../notebook.ts'
import type { InFlight } from '../../network/client.ts'
import { tellCaller } from './commit-outcome.ts'
import { backoff, findFailed, forgetCoordinator } from './coordinator.ts'
import type { CommitReason, ConsumerContext, ConsumerPurpose, ConsumerState } from './state.ts'

export function requestFailed(state: ConsumerState, { purpose }: InFlight<ConsumerPurpose>, ctx: ConsumerContext): void {
  const { membership } = state
  switch (purpose.kind) {
    case 'findCoordinator': return findFailed(state, ctx)
    case 'join':
    case 'sync': return joinFailed(state, ctx)
    case 'heartbeat':
      membership.heartbeatAt = ctx.now + backoff(state, membership.heartbeatFailures++, ctx)
      return
    case 'groupHeartbeat': return groupHeartbeatFailed(state, ctx)
    case 'commit': return commitToRepeat(state, purpose.why, ctx)
    case 'offsetFetch':
    case 'listOffsets': return askAgain(state, purpose.partitions, ctx)
    case 'validate': return askAgain(state, purpose.partitions.map(({ partition }) => partition), ctx)
    case 'metadata':
    case 'leave':
    case 'fetch':
    case 'shareFetch':
    case 'shareAcknowledge':
  }
}

/** Whether it arrived is not known, so everything is said again, after a pause. */
export function groupHeartbeatFailed(state: ConsumerState, ctx: ConsumerContext): void {
  const { membership, protocol } = state
  protocol.inFlight = false
  protocol.told = { topics: false, owned: undefined }
  membership.heartbeatAt = ctx.now + backoff(state, membership.heartbeatFailures++, ctx)
  ctx.setTimer({ type: 'heartbeat' }, membership.heartbeatAt - ctx.now)
}

/** The group goes on without this member's answer; it joins again under the id it has. */
export function joinFailed(state: ConsumerState, ctx: ConsumerContext): void {
  const { membership } = state
  if (membership.state === 'preparing' || membership.state === 'completing') membership.state = 'unjoined'
  membership.rejoinNeeded = true
  membership.joinRetryAt = ctx.now + backoff(state, membership.joinAttempts++, ctx)
}

export function commitToRepeat(state: ConsumerState, why: CommitReason, ctx: ConsumerContext): void {
  state.commitsInFlight--
  if (why === 'async') {
    // RetriableCommitFailedException: commitAsync() tries nothing again.
    countError(state.notebook.errors, 'RETRIABLE_COMMIT_FAILED')
    return tellCaller(state, why, 'RETRIABLE_COMMIT_FAILED', ctx)
  }
  state.commitRetryAt = ctx.now + backoff(state, 0, ctx)
  if (why === 'auto') state.commitAt = Math.min(state.commitAt, state.commitRetryAt)
  if (why === 'sync' && state.work.kind === 'committing') {
    state.work.stage = 'toSend'
    state.work.retryAt = state.commitRetryAt
  }
  if (why === 'revoke' && state.membership.revokeCommit === 'waiting') state.membership.revokeCommit = 'retry'
}

export function askAgain(state: ConsumerState, partitions: readonly string[], ctx: ConsumerContext): void {
  for (const partition of partitions) {
    const position = state.positions.get(partition)
    if (position === undefined) continue
    position.asked = false
    position.retryAt = ctx.now + backoff(state, 0, ctx)
  }
}

/** Look for the coordinator again; whatever was asked of the old one has failed. */
export function loseCoordinator(state: ConsumerState, ctx: ConsumerContext): void {
  for (const request of forgetCoordinator(state, ctx)) requestFailed(state, request, ctx)
}
