/** All that a statement about a live cluster may be judged by. */
import type { Scenario } from '../../src/scenario/types.ts'
import type { Book } from './books.ts'
import type { Seen, SeenReplica } from './seen.ts'
import type { Tallies } from './tallies.ts'

export interface NodeState {
  readonly state: 'down' | 'starting' | 'running' | 'frozen' | 'stopping'
  readonly starts: number
  /** Directories that it has given up since it started, by index; and logs it had to recover at its last start. */
  readonly failedDirs: ReadonlySet<number>
  readonly recoveries: number
}

export interface LiveState {
  readonly scenario: Scenario
  readonly seen: Seen
  readonly books: ReadonlyMap<string, Book>
  readonly tallies: Tallies
  readonly marks: readonly { readonly id: string; readonly startAt: number; readonly endAt: number | undefined }[]
  /** That of 00:00, which the run knows as 1. */
  readonly quorumEpoch: number
  /** Microseconds since 00:00. */
  readonly now: number
  node(name: string): NodeState | undefined
}

export const brokerName = (id: number): string => `b${id}`
export const brokerId = (name: string): number => Number(name.slice(1))

export const isAlive = (live: LiveState, broker: number): boolean => {
  const state = live.node(brokerName(broker))?.state
  return broker >= 0 && (state === 'running' || state === 'stopping')
}

/** The replica that a partition is spoken of by: the leader's, without one the last leader's. */
export function speaker(live: LiveState, partition: string): { readonly broker: number; readonly replica: SeenReplica | undefined } | undefined {
  const registration = live.seen.partitions.get(partition)
  if (registration === undefined) return undefined
  const broker = registration.leader >= 0 ? registration.leader : (live.seen.lastLeader.get(partition) ?? registration.replicas[0] ?? -1)
  return { broker, replica: live.seen.replicas.get(`${partition}@${broker}`) }
}

/** Data records below the high watermark and from the log start on, in order. */
export function committedRecords(live: LiveState, partition: string): readonly (readonly [offset: number, key: string | null, value: string | null])[] {
  const found = speaker(live, partition)
  const marks = live.seen.marks.get(`${partition}@${found?.broker}`)
  if (found?.replica === undefined || marks === undefined) return []
  return found.replica.batches.flatMap(({ control, records }) => (control === undefined ? records : [])).filter(([offset]) => offset >= marks.start && offset < marks.hw)
}
