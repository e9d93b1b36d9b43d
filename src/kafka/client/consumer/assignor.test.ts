import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assignRange } from './assignor.ts'

describe('range', () => {
  test('gives every partition to exactly one subscriber, and of each topic no member more than one more than another', () => {
    const member = fc.record({ topics: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
      rack: fc.option(fc.constantFrom('r1', 'r2', 'r3'), { nil: undefined }) })
    const counts = fc.record({ a: fc.nat({ max: 7 }), b: fc.nat({ max: 7 }), c: fc.nat({ max: 7 }) })
    const racks = fc.array(fc.subarray(['r1', 'r2', 'r3'], { minLength: 1 }), { minLength: 7, maxLength: 7 })
    fc.assert(
      fc.property(counts, fc.array(member, { minLength: 1, maxLength: 5 }), racks, (topics, list, replicas) => {
        const members = list.map((one, i) => ({ ...one, memberId: `m${i}` }))
        const near = new Map(Object.entries(topics).map(([topic, count]) => [topic, replicas.slice(0, count)]))
        const assigned = assignRange(new Map(Object.entries(topics)), members, near)
        for (const [topic, count] of Object.entries(topics)) {
          const subscribers = members.filter((one) => one.topics.includes(topic))
          const shares = subscribers.map(({ memberId }) => assigned.get(memberId)!.filter((name) => name.startsWith(`${topic}/`)))
          if (subscribers.length === 0) continue
          expect(shares.flat().sort()).toEqual(Array.from({ length: count }, (_, p) => `${topic}/${p}`))
          const sizes = shares.map(({ length }) => length)
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        }
      }),
      { numRuns: 200, seed: 7 },
    )
  })
})
