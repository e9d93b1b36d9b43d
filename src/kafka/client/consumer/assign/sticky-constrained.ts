/**
 * ASG-3: all members subscribe to the same topics. Everybody keeps what he owns up to his share; what is left is dealt to
 * those who have less. Follows AbstractStickyAssignor.ConstrainedAssignmentBuilder.
 */
import { assert } from '../../../../base/assert.ts'
import { byNumberThenTopic, compareText, type TopicPartition } from '../../../topic-partition.ts'
import type { Claims } from './claims.ts'
import { isFar, isNear, rarestFirst, type Racks } from './racks.ts'

/** What is given to whom; and which partitions come from an owner who has not let go of them, as far as that is known. */
export interface Dealt {
  readonly assigned: Map<string, TopicPartition[]>
  readonly transferring: ReadonlyMap<string, string> | undefined
}

interface Shares {
  readonly assigned: Map<string, TopicPartition[]>
  /** What somebody owned beyond his share or far from him, with his name. */
  readonly givenUp: Map<TopicPartition, string>
  /** Members with less than the smaller share; members with exactly that, who may get one more. */
  under: string[]
  exact: string[]
  /** The larger share, and how many members may still come to it. */
  readonly max: number
  extras: number
}

export function assignConstrained(claims: Claims): Dealt {
  const total = [...claims.partitions.values()].reduce((sum, { length }) => sum + length, 0)
  const min = Math.floor(total / claims.members.length)
  const shares = keepOwned(claims, min, total % claims.members.length)
  shares.under.sort(compareText)
  shares.exact.sort(compareText)
  const taken = new Set([...shares.assigned.values()].flat())
  const free = [...claims.partitions.keys()].sort(compareText)
    .flatMap((topic) => claims.partitions.get(topic)!).filter((partition) => !taken.has(partition))
  const far = dealNearby(claims.racks, shares, rarestFirst(claims.racks, free), min)
  dealRest(shares, far, min)
  return { assigned: shares.assigned, transferring: transfersOf(claims, shares, free) }
}

/** `extras` members may have one more than `min`: the first found that own so many. What is far from its owner is not kept. */
function keepOwned({ members, owned: claimed, contested, racks }: Claims, min: number, extras: number): Shares {
  const max = extras > 0 ? min + 1 : min
  const shares: Shares = { assigned: new Map(), givenUp: new Map(), under: [], exact: [], extras, max }
  for (const { memberId } of members) {
    const own = claimed.get(memberId)!
    for (const partition of own) if (isFar(racks, memberId, partition)) shares.givenUp.set(partition, memberId)
    const owned = own.filter((one) => !contested.has(one.name) && !isFar(racks, memberId, one)).sort(byNumberThenTopic)
    let kept = min
    if (owned.length < min) {
      kept = owned.length
      shares.under.push(memberId)
    } else if (owned.length >= max && shares.extras > 0) {
      kept = max
      takeExtra(shares)
    } else if (shares.extras > 0) shares.exact.push(memberId)
    shares.assigned.set(memberId, owned.slice(0, kept))
    for (const partition of owned.slice(kept)) shares.givenUp.set(partition, memberId)
  }
  return shares
}

/** Somebody has the larger share now; when all of these are gone, nobody with the smaller one waits for more. */
function takeExtra(shares: Shares): void {
  shares.extras--
  if (shares.extras === 0) shares.exact = []
}

/** In turn to members near by, below the smaller share first. Gives what nobody near by has room for. */
function dealNearby(racks: Racks, shares: Shares, free: readonly TopicPartition[], min: number): TopicPartition[] {
  if (racks.ofMember.size === 0) return free.slice()
  let turn = 0
  return free.filter((partition) => {
    const { under, exact } = shares
    const found = nextNear(racks, under, turn, partition)
    if (found !== undefined) {
      const memberId = under[found]!
      const size = give(shares, memberId, partition)
      if (size >= min) {
        under.splice(found, 1)
        if (size < shares.max && shares.extras > 0) exact.push(memberId)
      }
      turn = under.length === 0 ? 0 : (size >= min ? found : found + 1) % under.length
      return false
    }
    const waiting = nextNear(racks, exact, 0, partition)
    if (waiting === undefined) return true
    if (give(shares, exact[waiting]!, partition) === shares.max) {
      exact.splice(waiting, 1)
      takeExtra(shares)
    }
    return false
  })
}

function nextNear(racks: Racks, members: readonly string[], from: number, partition: TopicPartition): number | undefined {
  for (let i = 0; i < members.length; i++) {
    const at = (from + i) % members.length
    if (isNear(racks, members[at]!, partition)) return at
  }
  return undefined
}

/** In turn to those below the smaller share; when there are none, one more each to those who may. */
function dealRest(shares: Shares, free: readonly TopicPartition[], min: number): void {
  const { under, exact } = shares
  let turn = 0
  let waiting = 0
  for (const partition of free) {
    if (turn >= under.length) turn = 0
    const memberId = under[turn] ?? exact[waiting++]
    assert(memberId !== undefined, 'somebody has room for every partition')
    const size = give(shares, memberId, partition)
    if (size < min) turn++
    else if (size === min) {
      under.splice(turn, 1)
      exact.push(memberId)
    }
  }
}

function give({ assigned }: Shares, memberId: string, partition: TopicPartition): number {
  return assigned.get(memberId)!.push(partition)
}

/** What comes from another who has had to give it up, or what two have claimed. */
function transfersOf({ contested }: Claims, { assigned, givenUp }: Shares, free: readonly TopicPartition[]): Map<string, string> {
  const fresh = new Set(free)
  const transferring = new Map<string, string>()
  for (const [memberId, partitions] of assigned) {
    for (const partition of partitions) {
      const moves = (givenUp.get(partition) ?? memberId) !== memberId || contested.has(partition.name)
      if (moves && fresh.has(partition)) transferring.set(partition.name, memberId)
    }
  }
  return transferring
}
