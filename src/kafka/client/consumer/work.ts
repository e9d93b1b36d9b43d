/** What the application's thread is at: inside poll(), with its handler, in commitSync(), or between two calls. */
import { fromMs, type Micros } from '../../../base/units.ts'
import type { ConsumerState, Work } from './state.ts'

/** Since when it has not been in poll(); undefined = it is there, or nothing runs. */
export const awaySince = (work: Work): Micros | undefined => (work.kind === 'polling' || work.kind === 'idle' ? undefined : work.since)

/** A call has returned. A loop polls at once; by hand the next call comes when somebody makes it. */
export function nextCall(state: ConsumerState, now: Micros): void {
  state.work = state.config.polls === 'manual' ? { kind: 'between', since: awaySince(state.work) ?? now } : { kind: 'polling', since: now }
}

/** How long its handler takes for a record: what the file says, and what has been put on top of it. */
export const handlerTime = ({ config: { processMs = 0 }, handlerDelay = 0 }: Pick<ConsumerState, 'config' | 'handlerDelay'>): Micros =>
  fromMs(Math.max(0, processMs)) + handlerDelay

export function slowDown(state: Pick<ConsumerState, 'handlerDelay'>, add: Micros | undefined): void {
  if (add === undefined || add === 0) delete state.handlerDelay
  else state.handlerDelay = add
}
