/**
 * The application's thread: poll(), handle what it returned, poll() again. In poll() the client does all its work: it
 * joins, revokes, commits, and sends fetches (CSM-3, CSM-5). Follows clients/.../consumer/internals/ClassicKafkaConsumer.java.
 */
import { MILLISECOND, type Micros } from '../../../base/units.ts'
import { commitAsyncSlot } from './commit-async-slot.ts'
import { commitSync, hasCommitted } from './commit-sync.ts'
import { maybeAutoCommit } from './commits.ts'
import { collect, sendFetches } from './fetcher.ts'
import { armHeartbeat } from './heartbeat.ts'
import { effectsSlot } from './effects-slot.ts'
import { protocolSlot } from './protocol-slot.ts'
import { joinIfNeeded } from './membership.ts'
import { isWanted, pass, passOver, tellFiltered } from './filter.ts'
import { bookReturned, type Read } from './notebook.ts'
import { outcomesSlot } from './outcomes-slot.ts'
import { pauseSlot } from './pause-slot.ts'
import { newPosition, seekByHand, updatePositions } from './positions.ts'
import type { ConsumerContext, ConsumerState } from './state.ts'
import { awaySince, handlerTime, nextCall } from './work.ts'
import { workerSlot } from './worker-slot.ts'

/** `poll(Duration.ofMillis(100))`, as in Kafka's own examples. */
export const POLL_TIMEOUT = 100 * MILLISECOND

/** What the thread can do inside poll() now. It may return, be with the handler, and come back, all at one moment. */
export function poll(state: ConsumerState, ctx: ConsumerContext): void {
  if (state.awaiting !== undefined) commitAsyncSlot().sendAwaiting(state, ctx)
  while (!state.fatal) {
    const { work } = state
    if (work.kind === 'committing') {
      if (!afterCommit(state, ctx)) return
    } else if (state.calls.length > 0 && isFree(state)) makeCall(state, ctx)
    else if (work.kind !== 'polling' || !hasReturned(state, work, ctx)) return
  }
}

/** In poll(): true when it has returned, and the thread goes on at this moment. */
function hasReturned(state: ConsumerState, work: { since: Micros }, ctx: ConsumerContext): boolean {
  const { group, assign } = state.config
  if (state.config.side !== undefined) pauseSlot().resumeDue(state, ctx.now)
  if (assign === undefined && group === undefined) assignAll(state)
  else if (assign === undefined && state.settings.groupProtocol === 'consumer') protocolSlot().followCoordinator(state, ctx)
  else if (assign === undefined) joinIfNeeded(state, ctx)
  if (group !== undefined) maybeAutoCommit(state, ctx)
  updatePositions(state, ctx)
  sendFetches(state, ctx)
  const records = collect(state, ctx)
  if (state.fatal) return false
  if (records.length > 0) {
    // The next fetch is on its way while the application works.
    sendFetches(state, ctx)
    returned(state, records, ctx)
    return true
  }
  if (ctx.now - work.since < POLL_TIMEOUT) return false
  state.notebook.polls++
  state.notebook.emptyPolls++
  if (state.config.polls === 'manual') rest(state, ctx)
  else work.since = ctx.now
  return state.config.polls === 'manual'
}

/** A loop is between two polls at any moment at which nothing has come; by hand a call that has begun returns first. */
const isFree = ({ work, config }: ConsumerState): boolean => work.kind === 'between' || (work.kind === 'polling' && config.polls !== 'manual')

function makeCall(state: ConsumerState, ctx: ConsumerContext): void {
  const call = state.calls.shift()!
  switch (call.type) {
    case 'poll':
      state.work = { kind: 'polling', since: ctx.now }
      return
    case 'seek': return seekByHand(state, call, ctx)
    case 'commit': return call.async === true ? commitAsyncSlot().commitAsync(state, call.offsets, ctx) : commitSync(state, call.offsets, [], ctx)
    case 'pause': case 'resume': return pauseSlot().pauseByHand(state, call, ctx)
  }
}

/** True when commitSync() has returned: now the records of its poll are handled, if it came before them. */
export function afterCommit(state: ConsumerState, ctx: ConsumerContext): boolean {
  if (!hasCommitted(state, ctx) || state.work.kind !== 'committing') return false
  const { next } = state.work
  if (next.length > 0) handle(state, next, ctx)
  else rest(state, ctx)
  return true
}

function rest(state: ConsumerState, ctx: ConsumerContext): void {
  nextCall(state, ctx.now)
  if (state.work.kind === 'between') armHeartbeat(state, ctx)
}

/** Positions that were given by hand stand from the beginning. */
export function assignGiven(state: ConsumerState): void {
  for (const partition of state.config.assign ?? []) state.positions.set(partition, newPosition(partition, 'initializing'))
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
  const due = config.side === undefined ? records : outcomesSlot().holdBack(state, records, ctx)
  if (config.threads === true) workerSlot().handOver(state, due, ctx)
  if (due.length === 0 || config.threads === true) rest(state, ctx)
  else if (config.commits === 'before') commitSync(state, undefined, Object.freeze(due), ctx)
  else handle(state, due, ctx)
}

function handle(state: ConsumerState, records: readonly Read[], ctx: ConsumerContext): void {
  const { config } = state
  const time = handlerTime(state)
  const waits = time > 0 || config.effects !== undefined || records.some((read) => read.poison === true && isWanted(state, read))
  if (config.filter !== undefined) tellFiltered(state, records, ctx)
  if (!waits && config.turns !== true) {
    for (const read of records) pass(state, read, ctx)
    return handled(state, ctx)
  }
  state.work = { kind: 'handling', since: awaySince(state.work) ?? ctx.now, records: Object.freeze(records), done: 0, ...(waits ? { timed: true } : {}) }
  if (waits) {
    if (!isThrough(state, ctx)) ctx.setTimer({ type: 'handler' }, time)
    else if (config.turns !== true) return
  }
  armHeartbeat(state, ctx)
}

/** All of a poll are done. */
function handled(state: ConsumerState, ctx: ConsumerContext): void {
  const { commits } = state.config
  if (commits === 'after') return commitSync(state, undefined, [], ctx)
  if (commits === 'afterAsync') commitAsyncSlot().commitAsync(state, undefined, ctx)
  rest(state, ctx)
}

/** Nothing of the poll is left to work on: then that is done. A turn goes on by itself. */
function isThrough(state: ConsumerState, ctx: ConsumerContext): boolean {
  const { work, config } = state
  if (work.kind !== 'handling') return true
  if (config.filter !== undefined) passOver(state, work, ctx)
  if (work.done < work.records.length) return false
  if (config.turns !== true) handled(state, ctx)
  return true
}

/** The time for a record is up, or a sink has been heard of. */
export function handleHandlerTimer(state: ConsumerState, ctx: ConsumerContext): void {
  const { work, config } = state
  if (work.kind !== 'handling') return
  const read = work.records[work.done]!
  if (read.poison !== true) {
    if (config.effects !== undefined && !effectsSlot().hasTakenEffect(state, read, ctx)) return
    pass(state, read, ctx)
  } else if (!outcomesSlot().failed(state, work, read, ctx)) return
  if (work.done < work.records.length) work.done++
  if (!isThrough(state, ctx)) ctx.setTimer({ type: 'handler' }, handlerTime(state))
}
