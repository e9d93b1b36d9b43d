/**
 * The omniscient account: what was acknowledged, and what became of it. Real Kafka has no such view; the simulator sees
 * all disks at once. An index beside the world, never a part of it: thrown away and made again at will.
 *
 * The index knows a run as far as anybody has looked at it, and answers for every earlier moment too: what is counted in
 * it is in order, so that a moment is a place in each list.
 */
import { at, firstIndex } from '../base/chunks.ts'
import { countLeading } from '../base/search.ts'
import type { Micros, Offset } from '../base/units.ts'
import type { World } from '../engine/world.ts'
import type { Outcome } from './client/producer/notebook.ts'
import type { ProducerState } from './client/producer/state.ts'
import { batchAt } from './log/log.ts'
import { firstFrom, isControl, offsetOf, recordAt } from './log/record.ts'
import type { Replica } from './broker/state.ts'
import { controllerOf, isLive, replicaOf } from './look.ts'

export interface LostRecord { readonly id: string; readonly partition: string; readonly offset: Offset; readonly at: Micros }

export interface Ledger {
  produced: number
  acked: number
  lost: readonly LostRecord[]
  /** Acknowledged, and nobody live leads its partition. */
  unavailable: number
  ackedInvisible: number
  duplicated: number
  /** Keys with a record that stands behind one that the same producer has sent later with that key. */
  outOfOrderKeys: number
}

/** What one leader's log has of a partition, in one term of its: it only grows. */
interface Term {
  readonly lost: { readonly record: LostRecord; readonly number: number; readonly sender: string }[]
  /** How many of each sender's acknowledged have been looked for. */
  readonly checked: Map<string, number>
  /** Records counted so far, below the high watermark, by identity. */
  counted: Offset
  readonly seen: Set<string>
  /** Where an identity stands for the second time, ascending. */
  readonly doubles: { readonly offset: Offset; readonly id: string }[]
  readonly doubled: Set<string>
  /** The number of the last send, by sender and key. */
  readonly newest: Map<string, number>
  /** Where a key has been overtaken for the first time, ascending. */
  readonly overtaken: Offset[]
  readonly late: Set<string>
}

/** The acknowledged of one partition by sender, each in the order of its sends. */
type Acked = Map<string, Outcome[]>

export interface LedgerIndex {
  readonly terms: Map<string, Term>
  /** The terms of the moment looked at last, and how far they had come. */
  current: { readonly term: Term; readonly highWatermark: Offset }[]
  readonly taken: Map<string, number>
  readonly acked: Map<string, Acked>
  /** How many acknowledged there are of each partition; and what came of it when it was looked at last. */
  readonly counts: Map<string, number>
  readonly looks: Map<string, Look>
}

/** One partition's part of the account, and all that it was made of, except for what the index keeps. */
interface Look {
  readonly leader: number; readonly committedEpoch: number; readonly acked: number
  /** undefined = nobody live led it. */
  readonly replica: Pick<Replica, 'leaderEpoch' | 'truncations' | 'rewrites' | 'highWatermark'> & { readonly begun: boolean; readonly start: Offset; readonly end: Offset } | undefined
  readonly term: Term | undefined
  readonly unavailable: number; readonly invisible: number; readonly doubles: number; readonly overtaken: number
}

export const newLedgerIndex = (): LedgerIndex => ({ terms: new Map(), current: [], taken: new Map(), acked: new Map(), counts: new Map(), looks: new Map() })

/** The account of this moment. `index` belongs to this run, or to one that this has been the same as up to now (see `forget`). */
export function account(world: World, index: LedgerIndex): Ledger {
  const ledger: Ledger = { produced: 0, acked: 0, lost: [], unavailable: 0, ackedInvisible: 0, duplicated: 0, outOfOrderKeys: 0 }
  const { numbers, isNewest } = takeOutcomes(world, index, ledger)
  const lost: LostRecord[] = []
  index.current = []
  for (const { partition, leader: id, leaderEpoch } of controllerOf(world)?.committed.partitions.values() ?? []) {
    const acked = index.acked.get(partition)
    if (acked === undefined) continue
    const leader = isLive(world, id) ? replicaOf(world, partition, id) : undefined
    const known = isNewest ? index.looks.get(partition) : undefined
    const isSame = known !== undefined && known.leader === id && known.committedEpoch === leaderEpoch && known.acked === index.counts.get(partition) && isAsItWas(known.replica, leader)
    const look = isSame ? known : lookAt(index, world, partition, id, leaderEpoch, leader, acked, numbers)
    if (!isSame) {
      if (isNewest) index.looks.set(partition, look)
      else index.looks.delete(partition)
    }
    ledger.unavailable += look.unavailable
    ledger.duplicated += look.doubles
    ledger.outOfOrderKeys += look.overtaken
    ledger.ackedInvisible += look.invisible
    if (leader === undefined || look.term === undefined) continue
    for (const { record, number, sender } of look.term.lost) if (number <= (numbers.get(sender) ?? 0)) lost.push(record)
    index.current.push({ term: look.term, highWatermark: leader.highWatermark })
  }
  ledger.lost = lost
  return ledger
}

function isAsItWas(known: Look['replica'], leader: Replica | undefined): boolean {
  if (known === undefined || leader === undefined) return known === leader
  const { log } = leader
  return known.end === log.endOffset && known.highWatermark === leader.highWatermark && known.start === log.startOffset && known.leaderEpoch === leader.leaderEpoch
    && known.begun === (leader.leading !== undefined) && known.truncations === leader.truncations && known.rewrites === leader.rewrites
}

function lookAt(
  index: LedgerIndex, world: World, partition: string, id: number, committedEpoch: number, leader: Replica | undefined, acked: Acked, numbers: ReadonlyMap<string, number>,
): Look {
  const of = { leader: id, committedEpoch, acked: index.counts.get(partition) ?? 0 }
  if (leader === undefined) {
    let unavailable = 0
    for (const [sender, outcomes] of acked) unavailable += countUpTo(outcomes, numbers.get(sender) ?? 0)
    return { ...of, replica: undefined, term: undefined, unavailable, invisible: 0, doubles: 0, overtaken: 0 }
  }
  const term = termOf(index, partition, id, committedEpoch, leader)
  lookForAcked(term, world, partition, leader, acked, numbers)
  countRecords(term, leader)
  const { leaderEpoch, truncations, rewrites, highWatermark, leading, log } = leader
  return {
    ...of, term, unavailable: 0, invisible: invisible(leader, acked, numbers), doubles: doublesBelow(term, highWatermark), overtaken: countBelow(term.overtaken, highWatermark),
    replica: { leaderEpoch, truncations, rewrites, highWatermark, begun: leading !== undefined, start: log.startOffset, end: log.endOffset },
  }
}

/** Identities of this sender that stand twice, at the moment looked at last. */
export function duplicatesOf({ current }: LedgerIndex, sender: string): number {
  let count = 0
  for (const { term, highWatermark } of current) {
    for (const { offset, id } of term.doubles) if (offset < highWatermark && id.startsWith(`${sender}#`)) count++
  }
  return count
}

/** The run has become another one after this moment: forget what lay ahead. */
export function forget(index: LedgerIndex, world: World): void {
  const numbers = new Map<string, number>()
  for (const name of index.taken.keys()) {
    const book = bookOf(world, name)
    const still = Math.min(index.taken.get(name)!, book?.outcomes.length ?? 0)
    index.taken.set(name, still)
    numbers.set(name, (book?.before ?? 0) + still)
  }
  for (const acked of index.acked.values()) for (const [sender, outcomes] of acked) outcomes.length = countUpTo(outcomes, numbers.get(sender) ?? 0)
  for (const [partition, acked] of index.acked) index.counts.set(partition, [...acked.values()].reduce((sum, { length }) => sum + length, 0))
  index.looks.clear()
  index.terms.clear()
}

function bookOf(world: World, name: string): ProducerState['notebook'] | undefined {
  const node = world.nodes.get(name)
  return node?.kind === 'producer' ? ((node.state ?? node.disk) as Partial<ProducerState> | undefined)?.notebook : undefined
}

/**
 * New outcomes since the latest moment that was looked at. Gives the number of the last send that is decided by now, by sender,
 * and whether no later moment has been looked at.
 */
function takeOutcomes(world: World, index: LedgerIndex, ledger: Ledger): { readonly numbers: ReadonlyMap<string, number>; readonly isNewest: boolean } {
  const numbers = new Map<string, number>()
  let isNewest = true
  for (const name of world.nodes.keys()) {
    const book = bookOf(world, name)
    if (book === undefined) continue
    ledger.produced += book.sent
    ledger.acked += book.acked
    numbers.set(name, book.before + book.outcomes.length)
    const taken = index.taken.get(name) ?? 0
    for (let i = taken; i < book.outcomes.length; i++) take(index, name, at(book.outcomes, i)!)
    index.taken.set(name, Math.max(taken, book.outcomes.length))
    isNewest &&= taken <= book.outcomes.length
  }
  return { numbers, isNewest }
}

function take(index: LedgerIndex, sender: string, outcome: Outcome): void {
  if (outcome.error !== 'NONE' || outcome.acks === 0 || outcome.partition === undefined) return
  let acked = index.acked.get(outcome.partition)
  if (acked === undefined) index.acked.set(outcome.partition, (acked = new Map()))
  const outcomes = acked.get(sender)
  if (outcomes === undefined) acked.set(sender, [outcome])
  else outcomes.push(outcome)
  index.counts.set(outcome.partition, (index.counts.get(outcome.partition) ?? 0) + 1)
}

/** Of outcomes in the order of their numbers. */
function countUpTo(outcomes: readonly Outcome[], number: number): number {
  const { length } = outcomes
  if (length === 0 || outcomes[length - 1]!.number <= number) return length
  return countLeading(length, (i) => outcomes[i]!.number <= number)
}

/** Before it has begun its term a leader may still copy from the last one: nothing about it is remembered. */
function termOf(index: LedgerIndex, partition: string, id: number, committedEpoch: number, { leading, leaderEpoch, truncations, log }: Replica): Term {
  const key = `${partition} ${id} ${leaderEpoch} ${truncations}`
  const known = index.terms.get(key)
  const begun = leading !== undefined && leaderEpoch === committedEpoch
  if (known !== undefined && begun) return known
  const term: Term = { lost: [], checked: new Map(), counted: log.startOffset, seen: new Set(), doubles: [], doubled: new Set(), newest: new Map(), overtaken: [], late: new Set() }
  if (begun) index.terms.set(key, term)
  return term
}

function lookForAcked(term: Term, world: World, partition: string, leader: Replica, acked: Acked, numbers: ReadonlyMap<string, number>): void {
  const known = term.lost.length
  for (const [sender, outcomes] of acked) {
    const end = countUpTo(outcomes, numbers.get(sender) ?? 0)
    let checked = term.checked.get(sender) ?? 0
    for (; checked < end; checked++) {
      const { id, offset, number } = outcomes[checked]!
      if (offset < leader.log.startOffset || holds(leader, offset, id)) continue
      term.lost.push({ record: { id, partition, offset, at: world.now }, number, sender })
    }
    term.checked.set(sender, checked)
  }
  if (term.lost.length > known) term.lost.sort((a, b) => a.record.offset - b.record.offset || (a.record.id < b.record.id ? -1 : 1))
}

function countRecords(term: Term, { log, highWatermark }: Replica): void {
  if (term.counted >= highWatermark) return
  for (let i = firstIndex(log.batches, (batch) => batch.lastOffset >= term.counted); i < log.batches.length; i++) {
    const batch = at(log.batches, i)!
    if (isControl(batch)) continue
    for (let j = firstFrom(batch, term.counted); j < batch.records.length; j++) {
      const offset = offsetOf(batch, j)
      if (offset >= highWatermark) break
      const { id, key } = batch.records[j]!
      if (!term.seen.has(id)) {
        term.seen.add(id)
        noteOrder(term, id, key, offset)
      } else if (!term.doubled.has(id)) {
        term.doubled.add(id)
        term.doubles.push({ offset, id })
      }
    }
    if (batch.baseOffset >= highWatermark) break
  }
  term.counted = highWatermark
}

/** For the first time that it stands there: sent again it lies behind others by right. */
function noteOrder({ newest, overtaken, late }: Term, id: string, key: string | undefined, offset: Offset): void {
  if (key === undefined) return
  const hash = id.lastIndexOf('#')
  const lane = `${id.slice(0, hash)} ${key}`
  const number = Number(id.slice(hash + 1))
  if (number > (newest.get(lane) ?? 0)) newest.set(lane, number)
  else if (!late.has(lane)) {
    late.add(lane)
    overtaken.push(offset)
  }
}

function countBelow(offsets: readonly Offset[], highWatermark: Offset): number {
  let count = offsets.length
  while (count > 0 && offsets[count - 1]! >= highWatermark) count--
  return count
}

function doublesBelow({ doubles }: Term, highWatermark: Offset): number {
  let count = doubles.length
  while (count > 0 && doubles[count - 1]!.offset >= highWatermark) count--
  return count
}

/** This record stands there, or compaction has taken away what stood there. */
function holds({ log }: Replica, offset: Offset, id: string): boolean {
  const batch = batchAt(log, offset)
  const record = batch === undefined ? undefined : recordAt(batch, offset)
  return record === undefined ? log.config.compact && offset < log.endOffset : record.id === id
}

/** Acknowledged, held by the live leader, at or above its high watermark. */
function invisible({ log, highWatermark }: Replica, acked: Acked, numbers: ReadonlyMap<string, number>): number {
  let count = 0
  if (highWatermark === log.endOffset) return 0
  for (let i = firstIndex(log.batches, (batch) => batch.lastOffset >= highWatermark); i < log.batches.length; i++) {
    const batch = at(log.batches, i)!
    for (let j = firstFrom(batch, highWatermark); j < batch.records.length; j++) if (isAcked(batch.records[j]!.id, offsetOf(batch, j), acked, numbers)) count++
  }
  return count
}

function isAcked(id: string, offset: Offset, acked: Acked, numbers: ReadonlyMap<string, number>): boolean {
  const hash = id.lastIndexOf('#')
  const sender = id.slice(0, hash)
  const number = Number(id.slice(hash + 1))
  const outcomes = acked.get(sender)
  if (outcomes === undefined || number > (numbers.get(sender) ?? 0)) return false
  const outcome = outcomes[countUpTo(outcomes, number) - 1]
  return outcome?.id === id && outcome.offset === offset
}
