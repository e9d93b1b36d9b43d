import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assignorOf, assignPartitions, rebalanceProtocol } from './assignor.ts'
import { assignRange } from './range.ts'

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

const topics = ['a', 'b', 'c']
const counts = fc.record({ a: fc.nat({ max: 7 }), b: fc.nat({ max: 7 }), c: fc.nat({ max: 7 }) }).map((record) => new Map(Object.entries(record)))
const all = (of: ReadonlyMap<string, number>): string[] =>
  [...of].flatMap(([topic, count]) => Array.from({ length: count }, (_, p) => `${topic}/${p}`))
/** Members with what an earlier assignment left them, under equal or different subscriptions. */
const group = (subscription: fc.Arbitrary<string[]>) => fc.tuple(counts, fc.array(subscription, { minLength: 1, maxLength: 6 }), fc.array(fc.nat(), { minLength: 21, maxLength: 21 }))
  .map(([of, subscriptions, owners]) => {
    const members = subscriptions.map((list, i) => ({ memberId: `m${i}`, topics: list, owned: [] as string[], generation: 3 }))
    for (const [i, partition] of all(of).entries()) {
      const owner = members[owners[i]! % (members.length + 1)]
      if (owner?.topics.includes(partition[0]!) === true) owner.owned.push(partition)
    }
    return { counts: of, members }
  })

describe.each(['roundrobin', 'sticky', 'cooperative-sticky'] as const)('%s', (name) => {
  test('gives every partition that somebody subscribes to to one subscriber; who is to wait gets it in the next round', () => {
    fc.assert(fc.property(group(fc.subarray(topics, { minLength: 1 })), ({ counts: of, members }) => {
      let assigned = assignPartitions(name, of, members)
      if (name === 'cooperative-sticky') {
        const claimed = (partition: string, memberId: string) => members.some((one) => one.memberId !== memberId && one.owned.includes(partition))
        for (const [memberId, given] of assigned) expect(given.filter((partition) => claimed(partition, memberId))).toEqual([])
        const kept = members.map((one) => ({ ...one, owned: assigned.get(one.memberId)!, generation: 4 }))
        assigned = assignPartitions(name, of, kept)
      }
      const wanted = all(of).filter((partition) => members.some((one) => one.topics.includes(partition[0]!)))
      expect([...assigned.values()].flat().sort()).toEqual(wanted)
      for (const one of members) for (const partition of assigned.get(one.memberId)!) expect(one.topics).toContain(partition[0])
    }), { numRuns: 300, seed: 11 })
  })
})

describe('sticky, equal subscriptions', () => {
  test('is even, and moves no more than it must', () => {
    fc.assert(fc.property(group(fc.constant(topics)), ({ counts: of, members }) => {
      const assigned = assignPartitions('sticky', of, members)
      const sizes = [...assigned.values()].map(({ length }) => length)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      const [least, extras] = [Math.floor(all(of).length / members.length), all(of).length % members.length]
      const larger = members.filter(({ owned }) => owned.length > least).length
      const must = members.reduce((sum, { owned }) => sum + Math.max(0, owned.length - least), 0) - Math.min(extras, larger)
      const moved = members.reduce((sum, { memberId, owned }) => sum + owned.filter((one) => !assigned.get(memberId)!.includes(one)).length, 0)
      expect(moved).toBe(must)
    }), { numRuns: 300, seed: 12 })
  })
  test('of two claims the later generation counts; two of one generation cancel each other', () => {
    const claim = (memberId: string, generation: number, owned: string[]) => ({ memberId, topics: ['a'], generation, owned })
    const three = new Map([['a', 3]])
    expect(Object.fromEntries(assignPartitions('cooperative-sticky', three, [claim('A', 5, ['a/0', 'a/1']), claim('B', 6, ['a/1', 'a/2'])])))
      .toEqual({ A: ['a/0'], B: ['a/1', 'a/2'] })
    expect(Object.fromEntries(assignPartitions('cooperative-sticky', three, [claim('A', 6, ['a/0', 'a/1']), claim('B', 6, ['a/1', 'a/2'])])))
      .toEqual({ A: ['a/0'], B: ['a/2'] })
  })
})

describe('sticky, different subscriptions', () => {
  test('what moved one way comes back before another goes the other way', () => {
    // StickyAssignor's documentation: t0 one partition, t1 two, t2 three; C0 may have t0, C1 t0 and t1, C2 all.
    const members = [['t0'], ['t0', 't1'], ['t0', 't1', 't2']].map((list, i) => ({ memberId: `C${i}`, topics: list }))
    expect(Object.fromEntries(assignPartitions('sticky', new Map([['t0', 1], ['t1', 2], ['t2', 3]]), members)))
      .toEqual({ C0: ['t0/0'], C1: ['t1/0', 't1/1'], C2: ['t2/0', 't2/1', 't2/2'] })
  })
})

test('the config names classes; the list is cooperative when every assignor of it is', () => {
  expect(['org.apache.kafka.clients.consumer.RangeAssignor', ' CooperativeStickyAssignor', 'roundrobin', 'tea'].map(assignorOf))
    .toEqual(['range', 'cooperative-sticky', 'roundrobin', undefined])
  expect([rebalanceProtocol(['cooperative-sticky']), rebalanceProtocol(['range', 'cooperative-sticky'])]).toEqual(['COOPERATIVE', 'EAGER'])
})
