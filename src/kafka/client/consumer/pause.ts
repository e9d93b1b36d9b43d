/**
 * pause(), resume(): partitions that are assigned, kept, and not read (CSM-4). The application polls on, so that its group does
 * not take it for dead; what has been fetched of them waits, and nothing more is asked for.
 * Follows clients/.../consumer/internals/{SubscriptionState,FetchCollector}.java.
 */
import type { Micros } from '../../../base/units.ts'
import type { ConsumerCall, ConsumerContext, ConsumerState, Position } from './state.ts'

type PauseCall = Extract<ConsumerCall, { type: 'pause' | 'resume' }>

/** One after the other: what comes before a partition that it does not have is done when IllegalStateException is thrown. */
export function pauseByHand(state: ConsumerState, { type, partitions }: PauseCall, ctx: ConsumerContext): void {
  const changed: string[] = []
  let unknown: string | undefined
  for (const partition of partitions) {
    const position = state.positions.get(partition)
    if (position === undefined) {
      unknown = partition
      break
    }
    const isPaused = position.pausedUntil !== undefined
    if (type === 'pause') position.pausedUntil = Infinity
    else resume(state, position)
    if (isPaused !== (type === 'pause')) changed.push(partition)
  }
  const consumer = state.config.id
  if (changed.length > 0) ctx.note({ code: type === 'pause' ? 'partitions.paused' : 'partitions.resumed', consumer, partitions: Object.freeze(changed) })
  // Simplified: an application that calls pause() or resume() for what it does not have catches the exception and goes on.
  if (unknown !== undefined) ctx.note({ code: 'client.misused', client: consumer, how: type, state: '', message: `No current assignment for partition ${unknown}` })
}

/** What was fetched is read on; if the position has been moved meanwhile it is worth nothing, and must not keep a fetch from being sent. */
function resume(state: ConsumerState, position: Position): void {
  delete position.pausedUntil
  state.fetched = state.fetched.filter(({ partition, next }) => partition !== position.partition || next === position.offset)
}

/** By an application that knows for how long. */
export function pauseUntil({ positions }: ConsumerState, partition: string, until: Micros): void {
  const position = positions.get(partition)
  if (position !== undefined) position.pausedUntil = until
}

/** Before each poll(): what has waited long enough is read again. */
export function resumeDue(state: ConsumerState, now: Micros): void {
  for (const position of state.positions.values()) if (position.pausedUntil !== undefined && position.pausedUntil <= now) resume(state, position)
}
