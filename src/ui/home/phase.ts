/** How far the first page's story is: alive, broken, or over. Pure. */
import type { Micros } from '../../base/units.ts'
import type { JournalEntry } from '../../bridge/protocol.ts'
import { isHeadline, type StoryLine } from '../../projection/story.ts'

export interface HomePhase {
  readonly kind: 'alive' | 'broken' | 'over'
  /** The broker that was killed, and when. */
  readonly victim: string | undefined
  readonly killedAt: Micros | undefined
}

const isInternal = ({ fact }: StoryLine): boolean => 'partition' in fact && fact.partition.startsWith('__')

/** Told up to `at`. It is over when the new leader has acknowledged something. */
export function phaseAt(story: readonly StoryLine[], journal: readonly JournalEntry[], at: Micros): HomePhase {
  const kill = journal.find(({ intervention }) => intervention.do === 'crash')
  if (kill === undefined || kill.intervention.do !== 'crash' || at < kill.at) return { kind: 'alive', victim: undefined, killedAt: undefined }
  const told = story.filter((line) => line.at <= at && line.at >= kill.at && !isInternal(line))
  const elected = told.find(({ fact }) => fact.code === 'leader.elected')
  const goesOn = elected !== undefined && told.some(({ fact, at: when }) => when > elected.at && (fact.code === 'record.acked' || fact.code === 'highWatermark.advanced'))
  return { kind: goesOn ? 'over' : 'broken', victim: kill.intervention.node, killedAt: kill.at }
}

const background: ReadonlySet<string> = new Set(['step.began', 'member.joined', 'rebalance.started', 'rebalance.finished', 'partitions.assigned'])

/** What is told under the stage: the newest headlines since the kill, oldest first. */
export function linesSince(story: readonly StoryLine[], from: Micros, at: Micros, most: number): StoryLine[] {
  return story.filter((line) => line.at >= from && line.at <= at && isHeadline(line) && !isInternal(line) && !background.has(line.fact.code)).slice(-most)
}
