import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countLeading } from './search.ts'

test('counts what comes before the first that fails, as looking at each would', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: -20, max: 20 })), fc.integer({ min: -25, max: 25 }), (list, limit) => {
    const ascending = list.toSorted((a, b) => a - b)
    expect(countLeading(ascending.length, (i) => ascending[i]! <= limit)).toBe(ascending.filter((each) => each <= limit).length)
  }), { seed: 1 })
})
