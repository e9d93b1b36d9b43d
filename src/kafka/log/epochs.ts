/** The leader epoch cache: where in this log each leader's term begins. Follows storage/.../epoch/LeaderEpochFileCache.java. */
import type { Epoch, Offset } from '../../base/units.ts'

export type EpochEntry = readonly [epoch: Epoch, startOffset: Offset]

/** A new term begins at `startOffset`. Entries that say otherwise about what lies there are dropped. */
export function assign(cache: readonly EpochEntry[], epoch: Epoch, startOffset: Offset): readonly EpochEntry[] {
  const last = cache[cache.length - 1]
  if (last !== undefined && last[0] === epoch && last[1] <= startOffset) return cache
  return [...cache.filter(([e, start]) => e < epoch && start < startOffset), [epoch, startOffset]]
}

/** Forget terms that began at or after the new end. */
export const truncateFromEnd = (cache: readonly EpochEntry[], endOffset: Offset): readonly EpochEntry[] => cache.filter(([, start]) => start < endOffset)

/** Forget terms that ended before the new start; the one that goes on there begins there now. */
export function truncateFromStart(cache: readonly EpochEntry[], startOffset: Offset): readonly EpochEntry[] {
  const kept = cache.filter(([, start]) => start >= startOffset)
  const across = cache.findLast(([, start]) => start < startOffset)
  if (across === undefined || kept.length === cache.length || kept[0]?.[1] === startOffset) return kept
  return [[across[0], startOffset], ...kept]
}

/**
 * Where the requested epoch, or the last one before it, ended (SEG-11): the start of the next epoch, or the log's end for
 * the latest. undefined = this log knows of no epoch so early.
 */
export function endOffsetFor(cache: readonly EpochEntry[], requested: Epoch, logEndOffset: Offset): { readonly epoch: Epoch; readonly endOffset: Offset } | undefined {
  const latest = cache[cache.length - 1]
  if (latest === undefined || requested < 0) return undefined
  if (requested === latest[0]) return { epoch: requested, endOffset: logEndOffset }
  if (requested > latest[0]) return undefined
  let found: Epoch | undefined
  for (const [epoch, start] of cache) {
    if (epoch > requested) return { epoch: found ?? requested, endOffset: start }
    found = epoch
  }
  return undefined
}
