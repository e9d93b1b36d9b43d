/**
 * The omniscient account: what was acknowledged, and what became of it. Real Kafka has no such view; the simulator sees
 * all disks at once. An index beside the world, never a part of it: thrown away and made again at will.
 *
 * The index knows a run as far as anybody has looked at it, and answers for every earlier moment too: what is counted in
 * it is in order, so that a moment is a place in each list.
 */
import { at, firstIndex } from '../base/chunks.ts'
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
}

export const newLedgerIndex = (): LedgerIndex => ({ terms: new Map(), current: [], taken: new Map(), acked: new Map() })

/** The account of this moment. `index` belongs to this run, or to one that this has been the same as up to now (see `forget`). */
export function account(world: World, index: LedgerIndex): Ledger {
  const ledger: Ledger = { produced: 0, acked: 0, lost: [], unavailable: 0, ackedInvisible: 0, duplicated: 0, outOfOrderKeys: 0 }
  const numbers = takeOutcomes(world, index, ledger)
  const lost: LostRecord[] = []
  index.current = []
  for (const { partition, leader: id, leaderEpoch } of controllerOf(world)?.committed.partitions.values() ?? []) {
    const acked = index.acked.get(partition)
    if (acked === undefined) continue
    const leader = isLive(world, id) ? replicaOf(world, partition, id) : undefined
    if (leader === undefined) {
      for (const [sender, outcomes] of acked) ledger.unavailable += countUpTo(outcomes, numbers.get(sender) ?? 0)
      continue
    }
    const term = termOf(index, partition, id, leaderEpoch, leader)
    lookForAcked(term, world, partition, leader, acked, numbers)
    countRecords(term, leader)
    for (const { record, number, sender } of term.lost) if (number <= (numbers.get(sender) ?? 0)) lost.push(record)
    ledger.duplicated += doublesBelow(term, leader.highWatermark)
    ledger.outOfOrderKeys += countBelow(term.overtaken, leader.highWatermark)
    ledger.ackedInvisible += invisible(leader, acked, numbers)
    index.current.push({ term, highWatermark: leader.highWatermark })
  }
  ledger.lost = lost
  return ledger
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
  index.terms.clear()
}

function bookOf(world: World, name: string): ProducerState['notebook'] | undefined {
  const node = world.nodes.get(name)
  return node?.kind === 'producer' ? ((node.state ?? node.disk) as Partial<ProducerState> | undefined)?.notebook : undefined
}

/** New outcomes since the latest moment that was looked at. Gives the number of the last send that is decided by now, by sender. */
function takeOutcomes(world: World, index: LedgerIndex, ledger: Ledger): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>()
  for (const name of world.nodes.keys()) {
    const book = bookOf(world, name)
    if (book === undefined) continue
    ledger.produced += book.sent
    ledger.acked += book.acked
    numbers.set(name, book.before + book.outcomes.length)
    const taken = index.taken.get(name) ?? 0
    for (let i = taken; i < book.outcomes.length; i++) take(index, name, at(book.outcomes, i)!)
    index.taken.set(name, Math.max(taken, book.outcomes.length))
  }
  return numbers
}

function take(index: LedgerIndex, sender: string, outcome: Outcome): void {
  if (outcome.error !== 'NONE' || outcome.acks === 0 || outcome.partition === undefined) return
  let acked = index.acked.get(outcome.partition)
  if (acked === undefined) index.acked.set(outcome.partition, (acked = new Map()))
  const outcomes = acked.get(sender)
  if (outcomes === undefined) acked.set(sender, [outcome])
  else outcomes.push(outcome)
}

/** Of outcomes in the order of their numbers. */
function countUpTo(outcomes: readonly Outcome[], number: number): number {
  let low = 0, high = outcomes.length
  if (high === 0 || outcomes[high - 1]!.number <= number) return high
  while (low < high) {
    const middle = (low + high) >>> 1
    if (outcomes[middle]!.number <= number) low = middle + 1
    else high = middle
  }
  return low
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
