/**
 * How much of a group stands still in its rebalances: partitions that a rebalance has taken from their readers and nobody has
 * yet. An eager rebalance takes all, a cooperative one and the consumer protocol only what moves.
 */
import type { Micros } from '../base/units.ts'
import type { Fact } from '../kafka/notes.ts'

export interface Pause {
  /** Taken from one and not yet given to another. */
  readonly paused: Set<string>
  /** Since when any has been. */
  since: Micros
  /** The most at one moment. */
  most: number
  /** How long any was, up to `since`. */
  total: Micros
}

/** By group. */
export type Pauses = Map<string, Pause>

export function hearPause(pauses: Pauses, fact: Fact, at: Micros): void {
  if (fact.code === 'partitions.revoked' || fact.code === 'partitions.lost') begin(pauses, fact.group, fact.partitions, at)
  else if (fact.code === 'partitions.assigned') end(pauses.get(fact.group), fact.partitions, at)
}

function begin(pauses: Pauses, group: string, partitions: readonly string[], at: Micros): void {
  let pause = pauses.get(group)
  if (pause === undefined) pauses.set(group, (pause = { paused: new Set(), since: at, most: 0, total: 0 }))
  if (pause.paused.size === 0) pause.since = at
  for (const partition of partitions) pause.paused.add(partition)
  pause.most = Math.max(pause.most, pause.paused.size)
}

function end(pause: Pause | undefined, partitions: readonly string[], at: Micros): void {
  if (pause === undefined || pause.paused.size === 0) return
  for (const partition of partitions) pause.paused.delete(partition)
  if (pause.paused.size === 0) pause.total += at - pause.since
}

export const pausedFor = (pause: Pause | undefined, now: Micros): Micros =>
  (pause === undefined ? 0 : pause.total + (pause.paused.size > 0 ? now - pause.since : 0))
