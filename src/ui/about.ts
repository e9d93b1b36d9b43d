/** Which lines of the story speak of a thing on the stage. Pure. */
import type { Micros } from '../base/units.ts'
import type { ClusterView, Cell } from '../projection/cluster-view.ts'
import type { StoryLine } from '../projection/story.ts'
import { headlinesUntil } from './headlines.ts'
import type { Selection } from './selection.ts'

/** Every name that a fact mentions: `b1`, `orders/0`, `shop`, `reader`. */
export function mentioned(line: StoryLine): Set<string> {
  const found = new Set<string>([line.node])
  for (const [field, value] of Object.entries(line.fact)) {
    if (field === 'code' || field === 'why' || field === 'how') continue
    if (typeof value === 'string') found.add(value)
    else if (Array.isArray(value)) for (const each of value) found.add(String(each))
  }
  return found
}

/** Where a record stands, as far as anybody still has it. */
export function placeOfRecord(
  view: ClusterView,
  id: string,
): { readonly partition: string; readonly cell: Cell; readonly on: readonly string[] } | undefined {
  let found: { partition: string; cell: Cell; on: string[] } | undefined
  for (const replica of Object.values(view.replicas)) {
    const cell = replica.tail.find((each) => each.id === id)
    if (cell === undefined) continue
    if (found === undefined) found = { partition: replica.partition, cell, on: [] }
    found.on.push(replica.broker)
  }
  return found
}

/** Whether a line is about what is selected. `view` is needed to know where a record lies. */
export function isAbout(line: StoryLine, selection: Selection, view: ClusterView): boolean {
  const { kind, key } = selection
  const { fact } = line
  if (kind === 'replica') {
    const [partition = '', broker = ''] = key.split('@')
    if (!('partition' in fact)) return mentioned(line).has(broker) && (fact.code.startsWith('node.') || fact.code.startsWith('broker.'))
    return fact.partition === partition && mentioned(line).has(broker)
  }
  if (kind === 'record') {
    const place = placeOfRecord(view, key)
    const offset = place?.cell.offset ?? view.ledger.all.lost.find((lost) => lost.id === key)?.offset
    // Why it is not read: whoever would read it next has paused its partition.
    if (fact.code === 'partitions.paused' && offset !== undefined && place !== undefined)
      return fact.partitions.includes(place.partition) && (view.consumers[fact.consumer]?.assigned.some((each) => each.partition === place.partition && each.paused === true && (each.position ?? 0) <= offset) ?? false)
    if (offset === undefined || !('partition' in fact) || (place !== undefined && fact.partition !== place.partition)) return false
    if ('offset' in fact && fact.code.startsWith('record.')) return fact.offset === offset
    if (fact.code === 'batch.appended' || fact.code === 'records.read') return fact.base <= offset && offset <= fact.last
    if (fact.code === 'highWatermark.advanced') return fact.from <= offset && offset < fact.to
    return fact.code === 'log.truncated' && fact.to <= offset && offset < fact.from
  }
  if (kind === 'link') {
    const [from = '', to = ''] = key.split('>')
    const names = mentioned(line)
    return fact.code.startsWith('link.') && names.has(from) && names.has(to)
  }
  // Topics of Kafka's own are not drawn, and fifty of their lines would hide what is.
  if ((kind === 'broker' || kind === 'controller') && 'partition' in fact && fact.partition.startsWith('__')) return false
  return mentioned(line).has(key)
}

/**
 * A config that is not Kafka's default: of whom a line speaks of, and of the members of a group that it speaks of; where it speaks
 * of nobody of a kind (a broker, a client, a topic), of anybody of that kind.
 */
export function configInForce(view: ClusterView, line: StoryLine, name: string): string | undefined {
  const names = mentioned(line)
  // Told as what there is, not as an override: a broker's directories.
  if (name === 'log.dirs') return Object.values(view.brokers).find((broker) => names.has(broker.name))?.disks?.logDirs.map(({ path }) => path).join(',') ?? '/var/lib/kafka/data'
  const isMeant = ({ name: own, group = own, topic = own }: Configured): boolean => [own, group, topic].some((each) => names.has(each))
  const kinds = [view.producers, view.partitions, view.brokers, view.consumers].map((kind): readonly Configured[] => {
    const all = Object.values(kind)
    const meant = all.filter(isMeant)
    return meant.length > 0 ? meant.toSorted((a, b) => Number(names.has(b.name)) - Number(names.has(a.name))) : all
  })
  const valueOf = (overrides: readonly { readonly name: string; readonly value: string }[]) =>
    overrides.find((each) => each.name === name)?.value
  return kinds.flat().map(({ overrides }) => valueOf(overrides)).find((value) => value !== undefined)
}
interface Configured { readonly name: string; readonly group?: string | undefined; readonly topic?: string; readonly overrides: readonly { readonly name: string; readonly value: string }[] }

/** Of the lines that are no headlines only so many are searched: a run tells thousands a minute. */
const reach = 3_000

/** What is best explained of a thing at `at`: the newest headline about it, else the newest line. */
export function lineToExplain(story: readonly StoryLine[], at: Micros, selection: Selection, view: ClusterView): StoryLine | undefined {
  // That a broker coordinates a group follows from what it leads: it explains nothing about the broker.
  const explains = (line: StoryLine) => !(selection.kind === 'broker' && line.fact.code === 'coordinator.moved') && isAbout(line, selection, view)
  return headlinesUntil(story, at).findLast(explains) ?? linesAbout(story, at, selection, view, 1)[0]
}

/** The newest lines about a thing, newest first. */
export function linesAbout(story: readonly StoryLine[], at: Micros, selection: Selection, view: ClusterView, most: number): StoryLine[] {
  const lines: StoryLine[] = []
  let i = story.length - 1
  while (i >= 0 && story[i]!.at > at) i--
  for (const end = Math.max(0, i - reach); i >= end && lines.length < most; i--)
    if (isAbout(story[i]!, selection, view)) lines.push(story[i]!)
  return lines
}

/** Of a path, what people call it by: `data-1`. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
