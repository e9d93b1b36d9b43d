/**
 * What an application does about a record that its handler fails on: end, skip it, try it again on the spot, or write it to
 * another topic and go on. None of this is Kafka's: these are patterns of applications. FLT-17.
 *
 * Reading later: a record of a retry topic that is not due yet is given back with seek(), and its partition is paused, so that
 * the application goes on polling and its group does not take it for dead.
 */
import { fromMs, SECOND, toMs } from '../../../base/units.ts'
import { parsePartition } from '../../topic-partition.ts'
import { wallMs } from '../../wall-clock.ts'
import { append, newChunks } from '../../../base/chunks.ts'
import type { Read } from './notebook.ts'
import { pauseUntil } from './pause.ts'
import type { ConsumerContext, ConsumerState, SideTopics, Work } from './state.ts'
import { handlerTime } from './work.ts'

/** A handler that takes no time and fails on the spot is not tried again sooner. */
const RETRY_PAUSE = SECOND

/** Where a record goes that has failed in this topic: up the ladder, and from its end to the dead letters. */
export function sideTopicOf({ ladder, dead }: SideTopics, topic: string): string {
  return ladder[ladder.findIndex((rung) => rung.topic === topic) + 1]?.topic ?? dead
}

/** The handler has failed on this record. True when the application goes on, behind it or without what it has given back. */
export function failed(state: ConsumerState, work: Extract<Work, { kind: 'handling' }>, read: Read, ctx: ConsumerContext): boolean {
  const { config, notebook } = state
  const { partition, offset } = read
  const tell = (how: 'ends' | 'skipped' | 'again', again?: number): void =>
    ctx.note({ code: 'handler.failed', consumer: config.id, partition, offset, how, ...(again === undefined ? {} : { afterMs: again }) })
  if (config.side !== undefined) {
    const to = sideTopicOf(config.side, parsePartition(partition).topic)
    append((notebook.moved ??= newChunks()), Object.freeze({ partition, offset, to, at: ctx.now }))
    ctx.note({ code: 'handler.failed', consumer: config.id, partition, offset, how: to === config.side.dead ? 'dead' : 'moved', to })
    return true
  }
  if (config.onPoison === 'skip') {
    tell('skipped')
    return true
  }
  if (config.onPoison === 'retry') {
    if (state.lifecycle === 'closing') return giveBack(state, work)
    const again = handlerTime(state) || RETRY_PAUSE
    work.attempts = (work.attempts ?? 0) + 1
    // Once is enough for the story.
    if (work.attempts === 1) tell('again', toMs(again))
    ctx.setTimer({ type: 'handler' }, again)
    return false
  }
  tell('ends')
  endProgram(state, ctx)
  return false
}

/** Nobody has caught it. As with a crash: no commit, no farewell; the connections are reset. */
export function endProgram(state: ConsumerState, ctx: ConsumerContext): void {
  state.fatal = true
  state.lifecycle = 'stopped'
  ctx.halt()
}

/** close() comes while it tries again: what it has not handled is not committed, and is no part of its turn. */
function giveBack(state: ConsumerState, work: Extract<Work, { kind: 'handling' }>): boolean {
  for (const read of work.records.slice(work.done).toReversed()) seekTo(state, read)
  work.records = Object.freeze(work.records.slice(0, work.done))
  return true
}

/** seek(partition, offset), which knows of no epoch: there is nothing to validate. */
function seekTo(state: ConsumerState, { partition, offset }: Read): void {
  const position = state.positions.get(partition)
  if (position === undefined) return
  position.offset = offset
  position.offsetEpoch = -1
}

/** What of a poll the application begins with. The rest is given back: of each partition what stands from the first record that is not due. */
export function holdBack(state: ConsumerState, records: readonly Read[], ctx: ConsumerContext): readonly Read[] {
  const ladder = state.config.side?.ladder ?? []
  const now = wallMs(ctx)
  const held = new Set<string>()
  return records.filter((read) => {
    const { partition, timestamp = 0, offset } = read
    if (held.has(partition)) return false
    const rung = ladder.find(({ topic }) => partition.startsWith(`${topic}/`))
    const waitMs = rung === undefined ? 0 : timestamp + rung.afterMs - now
    if (waitMs <= 0) return true
    held.add(partition)
    seekTo(state, read)
    pauseUntil(state, partition, ctx.now + fromMs(waitMs))
    ctx.note({ code: 'records.delayed', consumer: state.config.id, partition, offset, waitMs: Math.ceil(waitMs), afterMs: rung!.afterMs })
    return false
  })
}
