/**
 * An application that wants only some of what it reads. A broker knows nothing of it: every record crosses the wire, and those
 * that are not wanted are dropped here, without work. Their offsets are committed with the rest. M48
 */
import { append, newChunks } from '../../../base/chunks.ts'
import { matchesKey } from '../key-pattern.ts'
import { bookHandled, type Read } from './notebook.ts'
import type { ConsumerContext, ConsumerState, Work } from './state.ts'

type Handling = Extract<Work, { kind: 'handling' }>

export const isWanted = ({ config: { filter } }: Pick<ConsumerState, 'config'>, { key }: Pick<Read, 'key'>): boolean => filter === undefined || matchesKey(filter.keys, key)

/** What a poll returned is told once: how much of it was for nothing. */
export function tellFiltered(state: ConsumerState, records: readonly Read[], ctx: ConsumerContext): void {
  const { filter, id: consumer } = state.config
  const count = records.reduce((sum, read) => sum + (isWanted(state, read) ? 0 : 1), 0)
  if (filter === undefined || count === 0) return
  ctx.note({ code: 'records.filtered', consumer, count, of: records.length, keys: filter.keys })
}

/** It takes no time: done with it, one way or the other. */
export function pass(state: ConsumerState, read: Read, ctx: ConsumerContext): void {
  const { notebook, config } = state
  if (isWanted(state, read)) {
    if (config.filter !== undefined) notebook.usedBytes = (notebook.usedBytes ?? 0) + (read.bytes ?? 0)
    return bookHandled(notebook, read, ctx.now)
  }
  append((notebook.filtered ??= newChunks()), Object.freeze({ partition: read.partition, offset: read.offset }))
}

/** Past what is not wanted, up to the next record that is. */
export function passOver(state: ConsumerState, work: Handling, ctx: ConsumerContext): void {
  for (; work.done < work.records.length && !isWanted(state, work.records[work.done]!); work.done++) pass(state, work.records[work.done]!, ctx)
}
