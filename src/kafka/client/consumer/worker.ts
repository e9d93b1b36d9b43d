/**
 * An application whose handler works outside the poll loop: what poll() returns goes into the queue of a worker thread, and the
 * loop polls on at once. The consumer knows nothing of that: a position is the offset behind what poll() has returned, so
 * `enable.auto.commit` commits what still waits in the queue (ConsumerCoordinator#maybeAutoCommitOffsetsAsync,
 * SubscriptionState#allConsumed). A crash loses the queue, and whoever reads on in the group begins behind it. M15
 *
 * The queue is that of a common ExecutorService with one thread. Nobody awaits it: close() commits and says goodbye while the
 * worker is still at work, and when the program has closed its consumer (SIGTERM too) it ends with what is left in the queue, as
 * after a crash. What is revoked stays in it. What a task throws nobody sees: the record is not handled, and the next one is.
 *
 * Simplified: the queue has no bound, and there is one worker, so records keep their order.
 */
import { append, at, newChunks } from '../../../base/chunks.ts'
import { isWanted, pass, tellFiltered } from './filter.ts'
import type { Read } from './notebook.ts'
import type { ConsumerContext, ConsumerState, Worker } from './state.ts'
import { handlerTime } from './work.ts'

export const queued = ({ queue, done }: Worker): number => queue.length - done

/** poll() has returned them. What the application does not want it drops in its loop, without work. */
export function handOver(state: ConsumerState, records: readonly Read[], ctx: ConsumerContext): void {
  const worker = (state.worker ??= { queue: newChunks(), done: 0 })
  const wasIdle = queued(worker) === 0
  tellFiltered(state, records, ctx)
  for (const read of records) {
    if (isWanted(state, read)) append(worker.queue, read)
    else pass(state, read, ctx)
  }
  if (wasIdle && queued(worker) > 0) ctx.setTimer({ type: 'worker' }, handlerTime(state))
}

/** The time for the record at hand is up. */
export function handleWorkerTimer(state: ConsumerState, ctx: ConsumerContext): void {
  const { worker, config } = state
  if (worker === undefined || queued(worker) === 0) return
  const read = at(worker.queue, worker.done)!
  worker.done++
  if (read.poison === true) ctx.note({ code: 'handler.failed', consumer: config.id, partition: read.partition, offset: read.offset, how: 'skipped' })
  else pass(state, read, ctx)
  if (queued(worker) > 0) ctx.setTimer({ type: 'worker' }, handlerTime(state))
  else state.worker = { queue: newChunks(), done: 0 }
}

/** The program ends, whatever lies in the queue. */
export function endWorker(state: ConsumerState, ctx: ConsumerContext): void {
  ctx.cancelTimer({ type: 'worker' })
  delete state.worker
}
