/**
 * GRP-37 and GRP-38, uniform: shares as equal as can be, and every member keeps what it can of its target so far.
 * Follows group-coordinator/.../group/assignor/{UniformAssignor,UniformHomogeneousAssignmentBuilder}.java.
 */
import { assert } from '../../../base/assert.ts'
import { addTo, isHomogeneous, numbers, tidy, type GroupSpec, type Target } from './spec.ts'
import { assignHeterogeneous } from './uniform-heterogeneous.ts'

export function assignUniform(spec: GroupSpec): Target {
  if (spec.members.length === 0) return new Map()
  return isHomogeneous(spec) ? assignHomogeneous(spec) : assignHeterogeneous(spec)
}

interface Unfilled { readonly memberId: string; readonly room: number }
interface Place { readonly topic: string; readonly partition: number }

function assignHomogeneous({ members, topics }: GroupSpec): Target {
  const free: Place[] = unassigned({ members, topics })
  const total = [...topics.values()].reduce((sum, count) => sum + count, 0)
  const least = Math.floor(total / members.length)
  let extras = total % members.length
  const target: Target = new Map()
  const unfilled: Unfilled[] = []
  for (const [i, { memberId, target: before }] of members.entries()) {
    const kept = new Map<string, number[]>()
    target.set(memberId, kept)
    let takesExtra = extras > 0
    let room = least + (takesExtra ? 1 : 0)
    for (const [topic, partitions] of before) {
      if (!topics.has(topic)) continue
      for (const partition of partitions) {
        if (room > 0) addTo(kept, topic, partition)
        else free.push({ topic, partition })
        room = Math.max(0, room - 1)
      }
    }
    // Whoever does not own it yet leaves the extra one to others, while there are enough of them.
    if (room > 0 && takesExtra && members.length - i > extras) {
      room--
      takesExtra = false
    }
    if (room > 0) unfilled.push({ memberId, room })
    if (takesExtra) extras--
  }
  deal(target, unfilled, free)
  return tidy(target)
}

function unassigned({ members, topics }: GroupSpec): Place[] {
  const taken = new Set(members.flatMap(({ target }) => [...target].flatMap(([topic, list]) => list.map((each) => `${topic}/${each}`))))
  return [...topics].flatMap(([topic, count]) =>
    numbers(count).filter((each) => !taken.has(`${topic}/${each}`)).map((partition) => ({ topic, partition })))
}

function deal(target: Target, unfilled: readonly Unfilled[], free: readonly Place[]): void {
  let next = 0
  for (const { memberId, room } of unfilled) {
    for (const { topic, partition } of free.slice(next, next + room)) addTo(target.get(memberId)!, topic, partition)
    next += room
  }
  assert(next >= free.length, 'every partition has found a member')
}
