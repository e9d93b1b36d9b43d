/** How long each assignor of a classic group takes for 100 members over 1,000 partitions, beside range. */
import type { AssignedMember } from '../src/kafka/client/consumer/assign/members.ts'
import { assignPartitions, assignorNames, type AssignorName } from '../src/kafka/client/consumer/assign/assignor.ts'
import { collect, median, timed } from './measure.ts'

const MEMBERS = 100
const TOPICS = 10
const counts = new Map(Array.from({ length: TOPICS }, (_, i) => [`topic-${i}`, 1000 / TOPICS]))
const REPEATS = 5

/** `alike`: all subscribe to all topics; else the i-th to those from the (i mod 10)-th on, so that no two neighbours have the same. */
const members = (alike: boolean): readonly AssignedMember[] => Array.from({ length: MEMBERS }, (_, i) => {
  const from = alike ? 0 : i % TOPICS
  return { memberId: `member-${String(i).padStart(3, '0')}`, topics: [...counts.keys()].slice(from), generation: -1, owned: [] }
})

/** A group that is dealt its partitions, and then loses its last member: what a sticky assignor has to think about. */
function rebalance(name: AssignorName, alike: boolean): number {
  const all = members(alike)
  const before = assignPartitions(name, counts, all)
  const left = all.slice(0, -1).map((member) => ({ ...member, owned: before.get(member.memberId) ?? [], generation: 1 }))
  collect()
  return timed(() => assignPartitions(name, counts, all)) + timed(() => assignPartitions(name, counts, left))
}

export interface AssignorFigures { readonly name: AssignorName; readonly ms: number; readonly toRange: number; readonly mixedMs: number }

export function measureAssignors(): readonly AssignorFigures[] {
  const ms = (alike: boolean): ReadonlyMap<AssignorName, number> => {
    const samples = new Map<AssignorName, number[]>(assignorNames.map((name) => [name, []]))
    // The first rounds are the compiler's.
    for (let round = -2; round < REPEATS; round++) for (const name of assignorNames) {
      const took = rebalance(name, alike)
      if (round >= 0) samples.get(name)!.push(took)
    }
    return new Map([...samples].map(([name, list]) => [name, median(list)]))
  }
  const equal = ms(true), mixed = ms(false)
  return assignorNames.map((name) => ({ name, ms: equal.get(name)!, toRange: equal.get(name)! / equal.get('range')!, mixedMs: mixed.get(name)! }))
}
