/**
 * The omniscient account: what was acknowledged, and what became of it. Real Kafka has no such view; the simulator sees
 * all disks at once. An index beside the world, never a part of it: thrown away and made again at will.
 */
import { at, firstIndex } from '../base/chunks.ts'
import type { Micros, Offset } from '../base/units.ts'
import type { World } from '../engine/world.ts'
import type { Outcome } from './client/producer/notebook.ts'
import type { ProducerState } from './client/producer/state.ts'
import { batchAt } from './log/log.ts'
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
}

interface PartitionAccount {
  /** What the account was made from; anything else means: count again. */
  readonly leader: number
  readonly epoch: number
  readonly truncations: number
  lost: LostRecord[]
  /** How many of the acknowledged have been looked for. */
  checked: number
  /** Records counted so far, below the high watermark, by identity; and who stands at which offset. */
  counted: Offset
  readonly order: (string | undefined)[]
  seen: Map<string, number>
  duplicated: number
}

/** The acknowledged of one partition: in the order in which it was heard of them, and where each should lie. */
interface Acked { readonly outcomes: Outcome[]; readonly senders: string[]; readonly places: Map<string, Offset> }

export interface LedgerIndex { accounts: Map<string, PartitionAccount>; taken: Map<string, number>; acked: Map<string, Acked> }

export const newLedgerIndex = (): LedgerIndex => ({ accounts: new Map(), taken: new Map(), acked: new Map() })

/** The account of this moment; `index` remembers what need not be counted again while the world only goes forward. */
export function account(world: World, index: LedgerIndex): Ledger {
  const ledger: Ledger = { produced: 0, acked: 0, lost: [], unavailable: 0, ackedInvisible: 0, duplicated: 0 }
  takeOutcomes(world, index, ledger)
  const lost: LostRecord[] = []
  for (const { partition, leader: id, leaderEpoch } of controllerOf(world)?.committed.partitions.values() ?? []) {
    const acked = index.acked.get(partition)
    if (acked === undefined) continue
    const leader = isLive(world, id) ? replicaOf(world, partition, id) : undefined
    if (leader === undefined) {
      ledger.unavailable += acked.outcomes.length
      continue
    }
    // Before it has begun its term it may still copy from the last leader: nothing about it is remembered.
    if (leader.leading === undefined || leader.leaderEpoch !== leaderEpoch) index.accounts.delete(partition)
    const part = accountOf(world, index, partition, leader, id, acked.outcomes)
    for (const record of part.lost) lost.push(record)
    ledger.duplicated += part.duplicated
    ledger.ackedInvisible += invisible(leader, acked.places)
  }
  ledger.lost = lost
  return ledger
}

/**
 * The world has been put back to an earlier moment of the run that was counted, or to one before this run and that one
 * parted: forget what has not happened yet.
 */
export function rewind(index: LedgerIndex, world: World): void {
  const lastNumbers = new Map<string, number>()
  for (const [name, taken] of index.taken) {
    const node = world.nodes.get(name)
    const book = ((node?.state ?? node?.disk) as Partial<ProducerState> | undefined)?.notebook
    const still = Math.min(taken, book?.outcomes.length ?? 0)
    index.taken.set(name, still)
    lastNumbers.set(name, (book?.before ?? 0) + still)
  }
  for (const [partition, acked] of index.acked) forgetAcked(acked, lastNumbers, index.accounts.get(partition))
  for (const [partition, part] of index.accounts) {
    const leader = replicaOf(world, partition, part.leader)
    if (leader === undefined || part.lost.length > 0) index.accounts.delete(partition)
    else uncount(part, leader.highWatermark)
  }
}

function forgetAcked({ outcomes, senders, places }: Acked, lastNumbers: ReadonlyMap<string, number>, part: PartitionAccount | undefined): void {
  const looked = part?.checked ?? 0
  let kept = 0, checked = 0
  for (let i = 0; i < outcomes.length; i++) {
    const outcome = outcomes[i]!, sender = senders[i]!
    if (outcome.number > lastNumbers.get(sender)!) places.delete(outcome.id)
    else {
      outcomes[kept] = outcome
      senders[kept++] = sender
      if (i < looked) checked++
    }
  }
  outcomes.length = kept
  senders.length = kept
  if (part !== undefined) part.checked = checked
}

function uncount(part: PartitionAccount, to: Offset): void {
  for (; part.counted > to && part.order.length > 0; part.counted--) {
    const id = part.order.pop()
    if (id === undefined) continue
    const times = part.seen.get(id)!
    if (times === 2) part.duplicated--
    if (times === 1) part.seen.delete(id)
    else part.seen.set(id, times - 1)
  }
}

/** New outcomes since last time. */
function takeOutcomes(world: World, index: LedgerIndex, ledger: Ledger): void {
  for (const [name, node] of world.nodes) {
    if (node.kind !== 'producer') continue
    const book = ((node.state ?? node.disk) as Partial<ProducerState> | undefined)?.notebook
    if (book === undefined) continue
    ledger.produced += book.sent
    ledger.acked += book.acked
    let taken = index.taken.get(name) ?? 0
    for (; taken < book.outcomes.length; taken++) {
      const outcome = at(book.outcomes, taken)!
      if (outcome.error !== 'NONE' || outcome.acks === 0 || outcome.partition === undefined) continue
      let acked = index.acked.get(outcome.partition)
      if (acked === undefined) index.acked.set(outcome.partition, (acked = { outcomes: [], senders: [], places: new Map() }))
      acked.outcomes.push(outcome)
      acked.senders.push(name)
      acked.places.set(outcome.id, outcome.offset)
    }
    index.taken.set(name, taken)
  }
}

function accountOf(world: World, index: LedgerIndex, partition: string, leader: Replica, id: number, acked: readonly Outcome[]): PartitionAccount {
  let part = index.accounts.get(partition)
  if (part === undefined || part.leader !== id || part.epoch !== leader.leaderEpoch || part.truncations !== leader.truncations) {
    part = { leader: id, epoch: leader.leaderEpoch, truncations: leader.truncations, lost: [], counted: leader.log.startOffset, order: [], seen: new Map(), duplicated: 0, checked: 0 }
    index.accounts.set(partition, part)
  }
  const known = part.lost.length
  for (; part.checked < acked.length; part.checked++) {
    const outcome = acked[part.checked]!
    if (outcome.offset >= leader.log.startOffset && idAt(leader, outcome.offset) !== outcome.id) {
      part.lost.push({ id: outcome.id, partition, offset: outcome.offset, at: world.now })
    }
  }
  if (part.lost.length > known) part.lost.sort((a, b) => a.offset - b.offset || (a.id < b.id ? -1 : 1))
  for (; part.counted < leader.highWatermark; part.counted++) {
    const id = idAt(leader, part.counted)
    part.order.push(id)
    if (id === undefined) continue
    const times = (part.seen.get(id) ?? 0) + 1
    part.seen.set(id, times)
    if (times === 2) part.duplicated++
  }
  return part
}

const idAt = (replica: Replica, offset: Offset): string | undefined => {
  const batch = batchAt(replica.log, offset)
  return batch?.records[offset - batch.baseOffset]?.id
}

/** Acknowledged, held by the live leader, at or above its high watermark. */
function invisible({ log, highWatermark }: Replica, places: ReadonlyMap<string, Offset>): number {
  let count = 0
  if (highWatermark === log.endOffset) return 0
  for (let i = firstIndex(log.batches, (batch) => batch.lastOffset >= highWatermark); i < log.batches.length; i++) {
    const { baseOffset, records } = at(log.batches, i)!
    for (let j = 0; j < records.length; j++) if (baseOffset + j >= highWatermark && places.get(records[j]!.id) === baseOffset + j) count++
  }
  return count
}
