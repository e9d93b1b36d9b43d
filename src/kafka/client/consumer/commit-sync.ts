/**
 * commitSync(): the application's thread waits until its commit is answered, and tries again what may be tried again, for
 * `default.api.timeout.ms`. Follows clients/.../consumer/internals/ConsumerCoordinator.java#commitOffsetsSync.
 *
 * Simplified: an application that is told CommitFailedException goes on and polls again.
 */
import { fromMs, type Micros, type Offset } from '../../../base/units.ts'
import { countError } from '../notebook.ts'
import { tellCaller } from './commit-outcome.ts'
import { commit, named } from './commits.ts'
import type { Read } from './notebook.ts'
import type { ConsumerContext, ConsumerState } from './state.ts'
import { awaySince } from './work.ts'

/** `default.api.timeout.ms` */
const API_TIMEOUT: Micros = fromMs(60000)

/** `records`: what the application handles once the call has returned. */
export function commitSync(state: ConsumerState, offsets: Readonly<Record<string, Offset>> | undefined, records: readonly Read[], ctx: ConsumerContext): void {
  const since = awaySince(state.work) ?? ctx.now
  state.work = { kind: 'committing', since, stage: 'toSend', offsets: offsets === undefined ? undefined : named(offsets), until: ctx.now + API_TIMEOUT, retryAt: 0, next: records }
}

/** True when the call has returned. */
export function hasCommitted(state: ConsumerState, ctx: ConsumerContext): boolean {
  const { work } = state
  if (work.kind !== 'committing') return true
  if (work.stage === 'toSend' && state.config.group === undefined) return true
  if (work.stage !== 'done' && ctx.now >= work.until) {
    countError(state.notebook.errors, 'TIMED_OUT')
    tellCaller(state, 'sync', 'TIMED_OUT', ctx)
  }
  if (work.stage === 'toSend' && ctx.now >= work.retryAt) {
    const outcome = commit(state, 'sync', ctx, work.offsets)
    if (outcome === 'nothing') return true
    if (outcome === 'sent') work.stage = 'sent'
  }
  return isDone(state)
}
const isDone = ({ work }: ConsumerState): boolean => work.kind !== 'committing' || work.stage === 'done'
