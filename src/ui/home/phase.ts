/** How far the first page's story is: alive, broken, or over. Pure. */
import type { Micros } from '../../base/units.ts'
import type { JournalEntry } from '../../bridge/protocol.ts'
import type { StoryLine } from '../../projection/story.ts'
import { headlinesUntil } from '../headlines.ts'

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
  if (kill === undefined || kill.intervention.do !== 'crash' || at < kill.at)
    return { kind: 'alive', victim: undefined, killedAt: undefined }
  const elected = headlinesUntil(story, at).find((line) => line.at >= kill.at && line.fact.code === 'leader.elected' && !isInternal(line))
  const goesOn = elected !== undefined && hasGoneOn(story, elected, at)
  return { kind: goesOn ? 'over' : 'broken', victim: kill.intervention.node, killedAt: kill.at }
}

function hasGoneOn(story: readonly StoryLine[], elected: StoryLine, at: Micros): boolean {
  for (let i = elected.index + 1; i < story.length && story[i]!.at <= at; i++) {
    const line = story[i]!
    if (line.at > elected.at && !isInternal(line) && (line.fact.code === 'record.acked' || line.fact.code === 'highWatermark.advanced'))
      return true
  }
  return false
}

const background: ReadonlySet<string> = new Set([
  'step.began',
  'member.joined',
  'rebalance.started',
  'rebalance.finished',
  'partitions.assigned',
])

/** What is told under the stage: the newest headlines since the kill, oldest first. */
export function linesSince(story: readonly StoryLine[], from: Micros, at: Micros, most: number): StoryLine[] {
  return headlinesUntil(story, at)
    .filter((line) => line.at >= from && !isInternal(line) && !background.has(line.fact.code))
    .slice(-most)
}
