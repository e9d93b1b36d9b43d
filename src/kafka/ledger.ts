/**
 * The omniscient account: what was acknowledged, and what became of it. Real Kafka has no such view; the simulator sees
 * all disks at once. An index beside the world, never a part of it: thrown away and made again at will.
 */
import { at } from '../base/chunks.ts'
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
  /** Records counted so far, below the high watermark, by identity. */
  counted: Offset
  seen: Map<string, number>
  duplicated: number
}

export interface LedgerIndex { accounts: Map<string, PartitionAccount>; taken: Map<string, number>; acked: Map<string, Outcome[]> }

export const newLedgerIndex = (): LedgerIndex => ({ accounts: new Map(), taken: new Map(), acked: new Map() })

/** The account of this moment; `index` remembers what need not be counted again while the world only goes forward. */
export function account(world: World, index: LedgerIndex): Ledger {
  const ledger: Ledger = { produced: 0, acked: 0, lost: [], unavailable: 0, ackedInvisible: 0, duplicated: 0 }
  takeOutcomes(world, index, ledger)
  const partitions = controllerOf(world)?.committed.partitions
  const lost: LostRecord[] = []
  for (const [partition, acked] of index.acked) {
    const registration = partitions?.get(partition)
    const leader = registration !== undefined && isLive(world, registration.leader) ? replicaOf(world, partition, registration.leader) : undefined
    if (registration === undefined || leader === undefined) {
      ledger.unavailable += acked.length
      continue
    }
    const part = accountOf(world, index, partition, leader, registration.leader, acked)
    for (const record of part.lost) lost.push(record)
    ledger.duplicated += part.duplicated
    ledger.ackedInvisible += invisible(leader, acked)
  }
  ledger.lost = lost
  return ledger
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
      const list = index.acked.get(outcome.partition)
      if (list === undefined) index.acked.set(outcome.partition, [outcome])
      else list.push(outcome)
    }
    index.taken.set(name, taken)
  }
}

function accountOf(world: World, index: LedgerIndex, partition: string, leader: Replica, id: number, acked: readonly Outcome[]): PartitionAccount {
  let part = index.accounts.get(partition)
  if (part === undefined || part.leader !== id || part.epoch !== leader.leaderEpoch || part.truncations !== leader.truncations) {
    part = { leader: id, epoch: leader.leaderEpoch, truncations: leader.truncations, lost: [], counted: leader.log.startOffset, seen: new Map(), duplicated: 0, checked: 0 }
    index.accounts.set(partition, part)
  }
  for (; part.checked < acked.length; part.checked++) {
    const outcome = acked[part.checked]!
    if (outcome.offset >= leader.log.startOffset && idAt(leader, outcome.offset) !== outcome.id) {
      part.lost.push({ id: outcome.id, partition, offset: outcome.offset, at: world.now })
    }
  }
  for (; part.counted < leader.highWatermark; part.counted++) {
    const id = idAt(leader, part.counted)
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

/** Acknowledged, held by the live leader, at or above its high watermark. Only the newest can be. */
function invisible(leader: Replica, acked: readonly Outcome[]): number {
  let count = 0
  const unseen = leader.log.endOffset - leader.highWatermark
  for (let i = acked.length - 1; i >= 0 && i >= acked.length - unseen - 16; i--) {
    const outcome = acked[i]!
    if (outcome.offset >= leader.highWatermark && idAt(leader, outcome.offset) === outcome.id) count++
  }
  return count
}
