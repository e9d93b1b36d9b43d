/**
 * The application's thread: poll(), handle what it returned, poll() again. In poll() the client does all its work: it
 * joins, revokes, commits, and sends fetches (CSM-3, CSM-5). Follows clients/.../consumer/internals/ClassicKafkaConsumer.java.
 */
import { fromMs, MILLISECOND } from '../../../base/units.ts'
import { maybeAutoCommit } from './commits.ts'
import { collect, sendFetches } from './fetcher.ts'
import { armHeartbeat } from './heartbeat.ts'
import { followCoordinator } from './protocol.ts'
import { joinIfNeeded } from './membership.ts'
import { bookHandled, bookReturned, type Read } from './notebook.ts'
import { newPosition, updatePositions } from './positions.ts'
import type { ConsumerContext, ConsumerState } from './state.ts'

/** `poll(Duration.ofMillis(100))`, as in Kafka's own examples. */
export const POLL_TIMEOUT = 100 * MILLISECOND

/** What the thread can do inside poll() now. It may return, be with the handler, and come back, all at one moment. */
export function poll(state: ConsumerState, ctx: ConsumerContext): void {
  while (state.work.kind === 'polling' && !state.fatal) {
    if (state.config.group === undefined) assignAll(state)
    else {
      if (state.settings.groupProtocol === 'consumer') followCoordinator(state, ctx)
      else joinIfNeeded(state, ctx)
      maybeAutoCommit(state, ctx)
    }
    updatePositions(state, ctx)
    sendFetches(state, ctx)
    const records = collect(state, ctx)
    if (state.fatal) return
    if (records.length > 0) {
      // The next fetch is on its way while the application works.
      sendFetches(state, ctx)
      returned(state, records, ctx)
    } else if (ctx.now - state.work.since >= POLL_TIMEOUT) {
      state.notebook.polls++
      state.notebook.emptyPolls++
      state.work.since = ctx.now
      return
    } else return
  }
}

/** Without a group: everything there is of its topics, as `assign()` would have it. */
function assignAll(state: ConsumerState): void {
  for (const topic of state.config.topics) {
    for (const partition of state.metadata.partitionsOf.get(topic) ?? []) {
      if (!state.positions.has(partition)) state.positions.set(partition, newPosition(partition, 'initializing'))
    }
  }
}

function returned(state: ConsumerState, records: readonly Read[], ctx: ConsumerContext): void {
  const { notebook, config } = state
  notebook.polls++
  bookReturned(notebook, records)
  const processMs = config.processMs ?? 0
  if (processMs <= 0 && config.turns !== true) {
    for (const read of records) bookHandled(notebook, read, ctx.now)
    state.work = { kind: 'polling', since: ctx.now }
    return
  }
  state.work = { kind: 'handling', since: ctx.now, records: Object.freeze(records), done: 0 }
  if (processMs > 0) ctx.setTimer({ type: 'handler' }, fromMs(processMs))
  armHeartbeat(state, ctx)
}

/** One record is done. */
export function handleHandlerTimer(state: ConsumerState, ctx: ConsumerContext): void {
  const { work, notebook, config } = state
  if (work.kind !== 'handling') return
  bookHandled(notebook, work.records[work.done]!, ctx.now)
  work.done++
  if (work.done < work.records.length) return ctx.setTimer({ type: 'handler' }, fromMs(config.processMs ?? 0))
  if (config.turns === true) return
  state.work = { kind: 'polling', since: ctx.now }
}
