/**
 * ASG-4: members subscribe to different topics. Everybody keeps what he owns and still may have; the rest goes to whoever has
 * least; then partitions move one by one while that makes the shares more even.
 * Follows AbstractStickyAssignor.GeneralAssignmentBuilder.
 */
import { compareText, type TopicPartition } from '../../../topic-partition.ts'
import type { Claims } from './claims.ts'
import { isFar, type Racks } from './racks.ts'
import { newMovements, partitionToMove, recordMovement, type Movements } from './movements.ts'

interface Balance {
  /** By topic: the members that subscribe to it. */
  readonly consumers: ReadonlyMap<string, readonly string[]>
  readonly current: Map<string, TopicPartition[]>
  owner: Map<TopicPartition, string>
  /** Members whose share can change. */
  movable: Set<string>
  /** Who had a partition in the generation before the last one. */
  readonly previous: ReadonlyMap<string, string>
  readonly movements: Movements
}

export function assignGeneral(claims: Claims): Map<string, TopicPartition[]> {
  const { members, partitions, owned, racks } = claims
  const consumers = new Map([...partitions.keys()].map((topic) =>
    [topic, members.filter(({ topics }) => topics.includes(topic)).map(({ memberId }) => memberId)] as const))
  const all = [...partitions.keys()].sort((a, b) => consumers.get(a)!.length - consumers.get(b)!.length || compareText(a, b))
    .flatMap((topic) => partitions.get(topic)!)
  const current = new Map<string, TopicPartition[]>()
  const owner = new Map<TopicPartition, string>()
  let revoked = false
  for (const { memberId, topics } of members) {
    const kept = owned.get(memberId)!.filter((one) => topics.includes(one.topic) && !isFar(racks, memberId, one))
    revoked ||= kept.length < owned.get(memberId)!.length
    current.set(memberId, kept)
    for (const partition of kept) owner.set(partition, memberId)
  }
  const balance: Balance = { consumers, current, owner, movable: new Set(current.keys()), previous: previousOwners(claims), movements: newMovements() }
  const initial = [...current.values()].every(({ length }) => length === 0)
  const unassigned = all.filter((partition) => !owner.has(partition))
  assignAll(balance, unassigned, racks)
  rebalance(balance, all, revoked ? [] : unassigned, initial)
  return current
}

/** First what has members near to it, to these; then the rest. */
function assignAll(balance: Balance, partitions: readonly TopicPartition[], racks: Racks): void {
  const rest = racks.ofMember.size === 0 ? partitions : partitions.filter((partition) => {
    const near = balance.consumers.get(partition.topic)!.filter((memberId) => !isFar(racks, memberId, partition))
    if (near.length > 0) assignTo(balance, partition, smallest(balance, near))
    return near.length === 0
  })
  for (const partition of rest) assignTo(balance, partition, smallest(balance, balance.consumers.get(partition.topic)!))
}

/** Claims of generations before the highest one. */
function previousOwners({ members, find }: Claims): Map<string, string> {
  const highest = Math.max(...members.map(({ generation = -1 }) => generation))
  const found = new Map<string, { readonly memberId: string; readonly generation: number }>()
  for (const { memberId, owned = [], generation = -1 } of members) {
    if (generation >= highest) continue
    for (const name of owned) {
      if (find(name) !== undefined && generation > (found.get(name)?.generation ?? -2)) found.set(name, { memberId, generation })
    }
  }
  return new Map([...found].map(([name, { memberId }]) => [name, memberId]))
}

const sizeOf = ({ current }: Balance, memberId: string): number => current.get(memberId)!.length

/** The member with the smallest share, by id among equals. */
function smallest(balance: Balance, among: readonly string[]): string {
  let least: string | undefined
  for (const memberId of among) {
    if (least === undefined) least = memberId
    else if ((sizeOf(balance, memberId) - sizeOf(balance, least) || compareText(memberId, least)) < 0) least = memberId
  }
  return least!
}

function assignTo({ current, owner }: Balance, partition: TopicPartition, memberId: string): void {
  current.get(memberId)!.push(partition)
  owner.set(partition, memberId)
}

/** Only what more than one member may have can move, and only members that have or lack such a partition take part. */
function rebalance(balance: Balance, all: readonly TopicPartition[], fresh: readonly TopicPartition[], initial: boolean): void {
  const { consumers, current } = balance
  const isShared = ({ topic }: TopicPartition): boolean => consumers.get(topic)!.length >= 2
  const shared = all.filter(isShared)
  balance.movable = new Set()
  for (const partition of shared) for (const memberId of consumers.get(partition.topic)!) balance.movable.add(memberId)
  const before = new Map([...balance.movable].map((memberId) => [memberId, current.get(memberId)!.slice()]))
  // What is new moves before anything is taken away.
  moveWhileBetter(balance, fresh.filter(isShared))
  const moved = moveWhileBetter(balance, shared)
  if (initial || !moved) return
  if (score([...balance.movable].map((memberId) => sizeOf(balance, memberId))) < score([...before.values()].map(({ length }) => length))) return
  for (const [memberId, partitions] of before) current.set(memberId, partitions)
}

/** How uneven: the differences between all pairs, together. */
function score(sizes: readonly number[]): number {
  let sum = 0
  for (const [i, size] of sizes.entries()) for (let j = i + 1; j < sizes.length; j++) sum += Math.abs(size - sizes[j]!)
  return sum
}

function moveWhileBetter(balance: Balance, partitions: readonly TopicPartition[]): boolean {
  let moved = false
  for (let again = true; again;) {
    again = false
    for (const partition of partitions) {
      if (isBalanced(balance)) break
      const to = betterOwner(balance, partition)
      if (to === undefined) continue
      move(balance, partition, to)
      again = moved = true
    }
  }
  return moved
}

/** The one who had it before, if he has two less; else the smallest share, if anybody who may have it has two less. */
function betterOwner(balance: Balance, partition: TopicPartition): string | undefined {
  const size = sizeOf(balance, balance.owner.get(partition)!)
  const before = balance.previous.get(partition.name)
  if (before !== undefined && size > sizeOf(balance, before) + 1) return before
  const least = smallest(balance, balance.consumers.get(partition.topic)!)
  return size > sizeOf(balance, least) + 1 ? least : undefined
}

function move(balance: Balance, wished: TopicPartition, to: string): void {
  const { current, owner, movements } = balance
  const partition = partitionToMove(movements, wished, owner.get(wished)!, to)
  const from = owner.get(partition)!
  recordMovement(movements, partition, from, to)
  current.set(from, current.get(from)!.filter((one) => one !== partition))
  assignTo(balance, partition, to)
}

/** Nobody lacks a partition whose owner has two more than he. */
function isBalanced(balance: Balance): boolean {
  const sizes = [...balance.movable].map((memberId) => sizeOf(balance, memberId))
  if (Math.min(...sizes) >= Math.max(...sizes) - 1) return true
  const largest = new Map<string, number>()
  for (const memberId of balance.movable) {
    for (const { topic } of balance.current.get(memberId)!) {
      largest.set(topic, Math.max(largest.get(topic) ?? 0, sizeOf(balance, memberId)))
    }
  }
  for (const [topic, most] of largest) {
    for (const memberId of balance.consumers.get(topic)!) if (sizeOf(balance, memberId) + 1 < most) return false
  }
  return true
}
