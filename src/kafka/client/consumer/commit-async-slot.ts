/** Commits that nobody waits for; loaded late (`late.ts`). */
import { slot } from '../../late.ts'
import type * as CommitAsync from './commit-async.ts'

export const commitAsyncSlot = slot<Pick<typeof CommitAsync, 'commitAsync' | 'sendAwaiting'>>('commitAsync()')
