import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { below, derive, next, type Random } from './random.ts'

fc.configureGlobal({ seed: 1 })

const words = (stream: Random, count: number): string[] => Array.from({ length: count }, () => next(stream).toString(16).padStart(8, '0'))

describe('sfc32', () => {
  // These words must never change: every shared link and every golden story depends on them.
  test('the first words of a stream are fixed', () => {
    expect(words(derive(1, 'b1', 'reconnect backoff'), 4)).toMatchInlineSnapshot(`
      [
        "e00ee4b5",
        "0bb938b1",
        "7cd96f1d",
        "9dbac0b7",
      ]
    `)
    expect(words(derive(0, '', ''), 2)).toMatchInlineSnapshot(`
      [
        "ff44fedd",
        "183e41c0",
      ]
    `)
    expect(words(derive(2 ** 31 - 1, 'shop', 'partition'), 2)).toMatchInlineSnapshot(`
      [
        "78ddf089",
        "d159d48c",
      ]
    `)
  })

  test('follows the published algorithm', () => {
    // sfc32 of PractRand with the state (1, 2, 3, 4): computed with unsigned 32-bit integers, by hand.
    const stream: Random = [1, 2, 3, 4]
    expect(next(stream)).toBe(7)
    expect(stream).toEqual([2, 27, (3 << 21) + 7, 5])
  })

  test('four words of plain state: a copy goes on the same', () => {
    const stream = derive(3, 'a', 'b')
    words(stream, 5)
    const copy = stream.slice() as Random
    expect(words(copy, 20)).toEqual(words(stream, 20))
  })

  test('words are 0 .. 2^32 - 1 and spread evenly', () => {
    const stream = derive(5, 'a', 'b')
    let within = true
    const buckets = Array.from({ length: 16 }, () => 0)
    for (let i = 0; i < 16_000; i++) {
      const word = next(stream)
      within &&= Number.isInteger(word) && word >= 0 && word < 4294967296
      buckets[below(word, 16)]!++
    }
    expect(within).toBe(true)
    for (const count of buckets) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})

test('streams of different seeds, nodes and purposes differ', () => {
  fc.assert(fc.property(fc.integer(), fc.integer(), fc.string(), fc.string(), (seed, other, node, purpose) => {
    fc.pre((seed | 0) !== (other | 0) && node !== purpose)
    const [word] = words(derive(seed, node, purpose), 1)
    expect(words(derive(other, node, purpose), 1)).not.toEqual([word])
    expect(words(derive(seed, `${node}.`, purpose), 1)).not.toEqual([word])
    expect(words(derive(seed, node, `${purpose}.`), 1)).not.toEqual([word])
  }))
})

test('below: every number under the bound, and never the bound', () => {
  expect(below(0, 5)).toBe(0)
  expect(below(4294967295, 5)).toBe(4)
  expect(below(4294967295, 1)).toBe(0)
})
