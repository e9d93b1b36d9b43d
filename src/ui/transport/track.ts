/** What is drawn along the timeline: marks, steps, and the bands of who led and who was in sync. Pure. */
import { baseName } from '../about.ts'
import type { Micros } from '../../base/units.ts'
import type { PartitionView } from '../../projection/cluster-view.ts'
import type { StoryLine } from '../../projection/story.ts'
import type { DeskText } from '../../text/desk.en.ts'
import type { IconName } from '../parts/desk-icons.tsx'

export type MarkTone = 'fault' | 'ink' | 'lost' | 'ok'
export interface Mark {
  readonly at: Micros
  readonly icon: IconName
  readonly tone: MarkTone
  readonly label: string
  /** Where two are too close, the lesser one loses its words. */
  readonly weight: number
}

/** The mark of a line; undefined = it has none. Internal topics move in the background. */
export function markOf(
  line: StoryLine,
  words: Words,
  nameOf: (partition: string, offset: number) => string,
): Mark | undefined {
  const { fact, at } = line
  if ('partition' in fact && fact.partition.startsWith('__')) return undefined
  const mark = (icon: IconName, tone: MarkTone, label: string, weight: number): Mark => ({ at, icon, tone, label, weight })
  switch (fact.code) {
    case 'node.crashed':
      return mark('bolt', 'fault', words.killed(fact.node), 9)
    case 'node.halted':
      return mark('cross', 'fault', words.halted(fact.node), 9)
    case 'logDir.failed':
      return mark('drive', 'fault', words.dirOffline(baseName(fact.dir), fact.node), 8)
    case 'power.lost':
      return mark('plug', 'fault', words.dark(fact.node), 9)
    case 'node.stopped':
      return mark('power', 'fault', words.stopped(fact.node), 7)
    case 'node.started':
      return mark('restart', 'fault', words.started(fact.node), 6)
    case 'node.paused':
      return mark('freeze', 'fault', words.frozen(fact.node), 8)
    case 'node.resumed':
      return mark('freeze', 'fault', words.thawed(fact.node), 5)
    case 'link.cut':
      return mark('cut', 'fault', fact.reset === true ? words.refuses : words.cut, 8)
    case 'link.healed':
      return mark('cut', 'fault', words.healed, 5)
    case 'fault.made':
      return faultMark(fact, words, mark)
    case 'leader.elected':
      return mark('crown', 'ink', words.leads(fact.leader), 8)
    case 'leader.lost':
      return mark('crossDisc', 'fault', words.noLeader, 8)
    case 'isr.changed':
      return mark('strip', 'ink', words.isr(fact.isr.join(' ')), 4)
    case 'controller.elected':
      return mark('crown', 'ink', words.elected(fact.node), 7)
    case 'quorum.lost':
      return mark('crossDisc', 'fault', words.quorumLost, 9)
    case 'quorum.regained':
      return mark('tick', 'ink', words.quorumBack, 5)
    case 'record.lost':
      return mark('cross', 'lost', words.lost(nameOf(fact.partition, fact.offset)), 10)
    case 'log.truncated':
      return mark('cross', 'ink', words.truncated(fact.node), 3)
    case 'rebalance.started':
      return mark('fork', 'ink', words.rebalance, 3)
    case 'offsets.expired':
      return mark('hourglass', 'ink', words.expired(fact.group), 5)
    case 'config.changed':
      return mark('edit', 'ink', words.config, 3)
    default:
      return undefined
  }
}

type Words = DeskText['transport']['marks']
type Make = (icon: IconName, tone: MarkTone, label: string, weight: number) => Mark

function faultMark({ what, target }: Extract<StoryLine['fact'], { code: 'fault.made' }>, words: Words, mark: Make): Mark {
  if (what === 'damage') return mark('cross', 'fault', words.damaged(target.slice(target.indexOf('@') + 1)), 7)
  if (what === 'clock') return mark('hourglass', 'fault', words.clock(target), 6)
  if (what.endsWith('Disk')) return mark('drive', 'fault', words.disk(target.slice(target.indexOf('@') + 1)), 6)
  if (what === 'stallFetch') return mark('hourglass', 'fault', words.stalled(target), 6)
  return what === 'fast' ? mark('slow', 'fault', words.healed, 5) : mark('slow', 'fault', words.slowed, 6)
}

/** At one moment each label once: fifty partitions elected together are one mark. */
export function distinct(marks: readonly Mark[]): Mark[] {
  const seen = new Set<string>()
  return marks.filter(({ at, label }) => {
    const key = `${at} ${label}`
    return !seen.has(key) && seen.add(key)
  })
}

export interface PlacedMark extends Mark {
  readonly x: number
  readonly showLabel: boolean
  readonly anchor: 'start' | 'middle' | 'end'
}

/** Words where there is room for them, the weightier first; icons always. */
export function placeMarks(
  marks: readonly Mark[],
  xOf: (at: Micros) => number,
  width: number,
  textWidth: (label: string) => number,
): PlacedMark[] {
  const taken: { from: number; to: number }[] = marks.map((mark) => ({ from: xOf(mark.at) - 8, to: xOf(mark.at) + 8 }))
  const order = marks.map((_, i) => i).sort((a, b) => marks[b]!.weight - marks[a]!.weight || a - b)
  const placed = new Map<number, { x: number; showLabel: boolean; anchor: PlacedMark['anchor'] }>()
  for (const i of order) {
    const mark = marks[i]!
    const x = xOf(mark.at)
    const wide = textWidth(mark.label) + 4
    const free = (from: number, to: number) =>
      from >= 0 && to <= width && taken.every((other, j) => j === i || other.to <= from || other.from >= to)
    const right = { from: x - 8, to: x + 11 + wide }
    const left = { from: x - 11 - wide, to: x + 8 }
    if (free(right.from, right.to)) taken[i] = right
    else if (free(left.from, left.to)) taken[i] = left
    placed.set(i, { x, showLabel: taken[i] === right || taken[i] === left, anchor: taken[i] === left ? 'end' : 'start' })
  }
  return marks.map((mark, i) => ({ ...mark, ...placed.get(i)! }))
}

/** A stretch of a band. `value` undefined = nobody. */
export interface Stretch {
  readonly from: Micros
  readonly to: Micros
  readonly value: string | undefined
  readonly epoch?: number
  readonly dead?: boolean
}

/** Who led this partition, from the whole story; a dead leader stays on record until it is fenced. */
/** `begun`: the partition in the earliest picture that there is. */
export function leaderBand(story: readonly StoryLine[], partition: PartitionView, until: Micros, begun?: PartitionView): Stretch[] {
  const mine = story.filter(
    ({ fact }) => (fact.code === 'leader.elected' || fact.code === 'leader.lost') && fact.partition === partition.name,
  )
  const stretches: Stretch[] = []
  let now = { from: 0, value: firstLeader(mine, partition, begun, story), epoch: firstEpoch(mine, partition) }
  for (const { at, fact } of mine) {
    if (at > until) break
    stretches.push({ ...now, to: at })
    if (fact.code === 'leader.elected') now = { from: at, value: fact.leader, epoch: fact.epoch }
    if (fact.code === 'leader.lost') now = { from: at, value: undefined, epoch: fact.epoch }
  }
  stretches.push({ ...now, to: until })
  return stretches.flatMap((stretch) => splitByDeath(stretch, story)).filter(({ from, to }) => to > from)
}
function firstLeader(mine: readonly StoryLine[], partition: PartitionView, begun: PartitionView | undefined, story: readonly StoryLine[]): string | undefined {
  const first = mine[0]?.fact
  if (first === undefined) return partition.leader
  if (first.code === 'leader.lost') return first.was
  if (first.code === 'leader.elected' && begun !== undefined && begun.leaderEpoch < first.epoch) return begun.leader
  // Who led is among those that have been taken away since.
  const moved = story.find(({ fact }) => fact.code === 'reassignment.started' && fact.partition === partition.name)?.fact
  return moved?.code === 'reassignment.started' && moved.removing.length > 0 ? moved.removing[0] : partition.replicas[0]
}
function firstEpoch(mine: readonly StoryLine[], partition: PartitionView): number {
  const first = mine[0]?.fact
  if (first === undefined) return partition.leaderEpoch
  return first.code === 'leader.elected' || first.code === 'leader.lost' ? Math.max(0, first.epoch - 1) : 0
}
function splitByDeath(stretch: Stretch, story: readonly StoryLine[]): Stretch[] {
  let from = stretch.from
  let dead = false
  const parts: Stretch[] = []
  for (const { at, fact } of story) {
    const isIts =
      (fact.code === 'node.crashed' || fact.code === 'node.halted' || fact.code === 'power.lost' || fact.code === 'node.started' || fact.code === 'node.stopped') &&
      fact.node === stretch.value
    if (!isIts || at <= stretch.from || at >= stretch.to) continue
    parts.push({ ...stretch, from, to: at, dead })
    from = at
    dead = fact.code !== 'node.started'
  }
  return [...parts, { ...stretch, from, dead }]
}

/** Who was in sync. */
export function isrBand(story: readonly StoryLine[], partition: PartitionView, until: Micros): Stretch[] {
  const stretches: Stretch[] = []
  let from = 0
  let isr: readonly string[] | undefined
  for (const { at, fact } of story) {
    if (fact.code !== 'isr.changed' || fact.partition !== partition.name) continue
    if (at > until) break
    stretches.push({ from, to: at, value: [...(isr ?? fact.was)].sort().join(' ') })
    from = at
    isr = fact.isr
  }
  stretches.push({ from, to: until, value: [...(isr ?? partition.isr)].sort().join(' ') })
  return stretches.filter((stretch) => stretch.to > stretch.from)
}

/** The right end of the axis grows by whole quarters, so that the marks do not creep while the run is made. */
export function axisEnd(needed: number): number {
  let end = 4_000
  while (end < needed) end *= 1.25
  return end
}
