import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeReplicas, type UsableBroker } from './placement.ts'

const brokers = fc.uniqueArray(
  fc.record({ id: fc.nat({ max: 40 }), rack: fc.option(fc.constantFrom('r1', 'r2', 'r3'), { nil: undefined }), fenced: fc.boolean() }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 12 },
)
const placed = (list: readonly UsableBroker[], partitions: number, replicas: number, seed = 1) => {
  let state = seed
  return placeReplicas(list, partitions, replicas, (bound) => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) % bound)
}

// CTL-32: the leader is alive; nobody twice; brokers that are fenced only where a rack has nobody else left.
test('every partition has its replicas on different brokers, the leader on one that is alive', () => {
  fc.assert(
    fc.property(brokers, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 30 }), fc.nat(), (list, factor, partitions, seed) => {
      const result = placed(list, partitions, factor, seed)
      const alive = list.filter(({ fenced }) => !fenced).map(({ id }) => id)
      if (factor > list.length || alive.length === 0) {
        expect(result).toBe('INVALID_REPLICATION_FACTOR')
        return
      }
      expect(result).toHaveLength(partitions)
      for (const replicas of result as number[][]) {
        expect(new Set(replicas).size).toBe(factor)
        expect(alive).toContain(replicas[0])
      }
    }),
    { seed: 1, numRuns: 300 },
  )
})

// Docs, Balancing Replicas Across Racks: "a partition will span min(#racks, replication-factor) different racks", and "the number of leaders
// per broker will be constant, regardless of how brokers are distributed across racks".
test('replicas span as many racks as there can be, and each broker leads as often as the others', () => {
  const list = Array.from({ length: 6 }, (_, i) => ({ id: i + 1, rack: `r${(i % 3) + 1}`, fenced: false }))
  const result = placed(list, 60, 3) as number[][]
  for (const replicas of result) expect(new Set(replicas.map((id) => id % 3)).size).toBe(3)
  const led = list.map(({ id }) => result.filter(([leader]) => leader === id).length)
  expect(Math.max(...led) - Math.min(...led)).toBeLessThanOrEqual(2)
})

// CTL-33.
test.each([0, -1, 4])('a replication factor of %i with three brokers is none', (factor) => {
  expect(placed([1, 2, 3].map((id) => ({ id, rack: undefined, fenced: false })), 1, factor)).toBe('INVALID_REPLICATION_FACTOR')
})
