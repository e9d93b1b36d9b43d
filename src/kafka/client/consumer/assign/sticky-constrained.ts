/**
 * ASG-3: all members subscribe to the same topics. Everybody keeps what he owns up to his share; what is left is dealt to
 * those who have less. Follows AbstractStickyAssignor.ConstrainedAssignmentBuilder.
 */
import { assert } from '../../../../base/assert.ts'
import { byNumberThenTopic, compareText, type TopicPartition } from '../../../topic-partition.ts'
import type { Claims } from './claims.ts'

/** What is given to whom; and which partitions come from an owner who has not let go of them, as far as that is known. */
export interface Dealt {
  readonly assigned: Map<string, TopicPartition[]>
  readonly transferring: ReadonlyMap<string, string> | undefined
}

interface Shares {
  readonly assigned: Map<string, TopicPartition[]>
  /** What somebody owned beyond his share, with his name. */
  readonly givenUp: Map<string, string>
  /** Members with less than the smaller share; members with exactly that, who may get one more. */
  under: string[]
  exact: string[]
}

export function assignConstrained(claims: Claims): Dealt {
  const total = [...claims.partitions.values()].reduce((sum, { length }) => sum + length, 0)
  const min = Math.floor(total / claims.members.length)
  const shares = keepOwned(claims, min, total % claims.members.length)
  shares.under.sort(compareText)
  shares.exact.sort(compareText)
  return { assigned: shares.assigned, transferring: dealRest(claims, shares, min) }
}

/** `extras` members may have one more than `min`: the first found that own so many. */
function keepOwned({ members, owned: claimed, contested }: Claims, min: number, extras: number): Shares {
  const max = extras > 0 ? min + 1 : min
  const shares: Shares = { assigned: new Map(), givenUp: new Map(), under: [], exact: [] }
  let over = 0
  for (const { memberId } of members) {
    const owned = claimed.get(memberId)!.filter(({ name }) => !contested.has(name)).sort(byNumberThenTopic)
    let kept = min
    if (owned.length < min) {
      kept = owned.length
      shares.under.push(memberId)
    } else if (owned.length >= max && over < extras) {
      kept = max
      over++
      if (over === extras) shares.exact = []
    } else if (over < extras) shares.exact.push(memberId)
    shares.assigned.set(memberId, owned.slice(0, kept))
    for (const { name } of owned.slice(kept)) shares.givenUp.set(name, memberId)
  }
  return shares
}

/** In turn to those below the smaller share; when there are none, one more each to those who may. */
function dealRest({ partitions, contested }: Claims, { assigned, givenUp, under, exact }: Shares, min: number): Map<string, string> {
  const transferring = new Map<string, string>()
  const taken = new Set([...assigned.values()].flatMap((list) => list.map(({ name }) => name)))
  let turn = 0
  let waiting = 0
  for (const topic of [...partitions.keys()].sort(compareText)) {
    for (const partition of partitions.get(topic)!) {
      const { name } = partition
      if (taken.has(name)) continue
      if (turn >= under.length) turn = 0
      const memberId = under[turn] ?? exact[waiting++]
      assert(memberId !== undefined, 'somebody has room for every partition')
      const list = assigned.get(memberId)!
      list.push(partition)
      if (list.length < min) turn++
      else if (list.length === min) {
        under.splice(turn, 1)
        exact.push(memberId)
      }
      if ((givenUp.get(name) ?? memberId) !== memberId || contested.has(name)) transferring.set(name, memberId)
    }
  }
  return transferring
}
