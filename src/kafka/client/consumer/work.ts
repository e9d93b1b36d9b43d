/** What the application's thread is at: inside poll(), with its handler, in commitSync(), or between two calls. */
import type { Micros } from '../../../base/units.ts'
import type { ConsumerState, Work } from './state.ts'

/** Since when it has not been in poll(); undefined = it is there, or nothing runs. */
export const awaySince = (work: Work): Micros | undefined => (work.kind === 'polling' || work.kind === 'idle' ? undefined : work.since)

/** A call has returned. A loop polls at once; by hand the next call comes when somebody makes it. */
export function nextCall(state: ConsumerState, now: Micros): void {
  state.work = state.config.polls === 'manual' ? { kind: 'between', since: awaySince(state.work) ?? now } : { kind: 'polling', since: now }
}
