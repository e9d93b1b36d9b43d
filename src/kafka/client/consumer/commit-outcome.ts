/** What the application is told of a commit that it has asked for: commitSync() returns or throws, commitAsync() calls back. */
import type { KafkaError } from '../../errors.ts'
import type { CommitReason, ConsumerContext, ConsumerState } from './state.ts'

/** Nobody waits for the consumer's own commits. */
export function tellCaller(state: ConsumerState, why: CommitReason, error: KafkaError, ctx: ConsumerContext): void {
  const { work, notebook, config } = state
  if (why !== 'sync' && why !== 'async') return
  if (why === 'sync' && work.kind === 'committing') work.stage = 'done'
  if (error === 'NONE') return
  notebook.lastError = error
  ctx.note({ code: 'commit.failed', consumer: config.id, group: config.group ?? '', error, ...(why === 'async' ? { async: true } : {}) })
}
