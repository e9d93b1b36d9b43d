import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assignServerRange } from './range.ts'
import { assignSimple } from './simple.ts'
import type { GroupSpec, Target } from './spec.ts'
import { assignUniform } from './uniform.ts'

const names = ['a', 'b', 'c']
const spec: fc.Arbitrary<GroupSpec> = fc.tuple(
  fc.array(fc.nat({ max: 7 }), { minLength: 3, maxLength: 3 }),
  fc.array(fc.subarray(names, { minLength: 1 }), { minLength: 1, maxLength: 6 }),
  fc.array(fc.nat(), { minLength: 21, maxLength: 21 }), fc.boolean(),
).map(([counts, subscriptions, owners, equal]) => {
  const lists = equal ? subscriptions.map(() => subscriptions[0]!) : subscriptions
  const topics = new Map(names.map((name, i) => [name, counts[i]!] as const).filter(([name]) => lists.some((list) => list.includes(name))))
  const members = lists.map((list, i) => ({ memberId: `m${i}`, topics: list, target: new Map<string, number[]>() }))
  let draw = 0
  for (const [topic, count] of topics) {
    for (let partition = 0; partition < count; partition++) {
      const owner = members[owners[draw++]! % (members.length + 1)]
      if (owner?.topics.includes(topic) === true) owner.target.set(topic, [...(owner.target.get(topic) ?? []), partition])
    }
  }
  return { members, topics }
})
const all = ({ topics }: GroupSpec): string[] => [...topics].flatMap(([topic, count]) => Array.from({ length: count }, (_, p) => `${topic}/${p}`))
const given = (target: Target, memberId: string): string[] => [...target.get(memberId)!].flatMap(([topic, list]) => list.map((p) => `${topic}/${p}`))
const runs = { numRuns: 300, seed: 21 }

describe.each([['uniform', assignUniform], ['range', assignServerRange]] as const)('%s', (_, assign) => {
  test('gives every partition to one subscriber', () => {
    fc.assert(fc.property(spec, (group) => {
      const target = assign(group)
      for (const { memberId, topics } of group.members) for (const name of given(target, memberId)) expect(topics).toContain(name[0])
      expect(group.members.flatMap(({ memberId }) => given(target, memberId)).sort()).toEqual(all(group))
    }), runs)
  })
})

// KIP-848: "the main objectives of the uniform assignor are balance and stickiness".
test('uniform: equal subscriptions give equal shares, and an even target stays as it is', () => {
  fc.assert(fc.property(spec, (group) => {
    const members = group.members.map((one) => ({ ...one, topics: [...group.topics.keys()] }))
    const target = assignUniform({ ...group, members })
    const sizes = members.map(({ memberId }) => given(target, memberId).length)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
    const again = assignUniform({ ...group, members: members.map((one) => ({ ...one, target: target.get(one.memberId)! })) })
    expect(again).toEqual(target)
  }), runs)
})

// KIP-932: "every member is assigned at least one partition, and every partition to at least one member".
test('simple: no member and no partition goes without', () => {
  fc.assert(fc.property(spec, (group) => {
    const target = assignSimple(group)
    expect([...new Set(group.members.flatMap(({ memberId }) => given(target, memberId)))].sort()).toEqual(all(group))
    for (const { memberId, topics } of group.members) {
      if (topics.some((topic) => group.topics.get(topic)! > 0)) expect(given(target, memberId)).not.toEqual([])
    }
  }), runs)
})
