import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { append, at, between, CHUNK, dropFirst, firstIndex, newChunks, shorten } from './chunks.ts'
import { clone } from './clone.ts'

fc.configureGlobal({ seed: 1 })

const filled = (count: number) => {
  const list = newChunks<number>()
  for (let i = 0; i < count; i++) append(list, i)
  return list
}
const all = (list: ReturnType<typeof filled>): number[] => [...between(list, 0)]

/** What may be done with a list; a snapshot is taken before each. */
const move = fc.oneof(
  fc.record({ append: fc.integer({ min: 1, max: CHUNK + 3 }) }),
  fc.record({ keep: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ drop: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ snapshot: fc.constant(true) }),
)

test('appending, shortening and dropping never change an earlier snapshot, and the list is what an array would be', () => {
  fc.assert(fc.property(fc.array(move, { maxLength: 12 }), (moves) => {
    const list = newChunks<number>()
    let model: number[] = []
    let next = 0
    const snapshots: { readonly copy: typeof list; readonly was: readonly number[] }[] = []
    for (const each of moves) {
      if ('append' in each) {
        const more = Array.from({ length: each.append }, () => next++)
        model.push(...more)
        for (const item of more) append(list, item)
      } else if ('keep' in each) {
        const length = Math.floor(each.keep * model.length)
        model = model.slice(0, length)
        shorten(list, length)
      } else if ('drop' in each) {
        const count = Math.floor(each.drop * model.length)
        model = model.slice(count)
        dropFirst(list, count)
      } else snapshots.push({ copy: clone(list), was: model.slice() })
      expect(list.length).toBe(model.length)
    }
    expect(all(list)).toEqual(model)
    for (const { copy, was } of snapshots) expect(all(copy)).toEqual(was)
  }), { seed: 17, numRuns: 60 })
})

test('a snapshot shares the full chunks and copies the open one', () => {
  const list = filled(CHUNK * 3 + 5)
  const copy = clone(list)
  expect(copy.full).toBe(list.full)
  expect(copy.open).not.toBe(list.open)
  expect(Object.isFrozen(list.full) && list.full.every((chunk) => Object.isFrozen(chunk))).toBe(true)
})

test('dropping the first shares every full chunk that stays, and what grows on is found behind them', () => {
  const list = filled(CHUNK * 3 + 5)
  const [, second, third] = list.full
  dropFirst(list, CHUNK + 7)
  expect(list.full[0]).toBe(second)
  expect(list.full[1]).toBe(third)
  append(list, -1)
  expect([list.length, at(list, 0), at(list, list.length - 1), firstIndex(list, (item) => item >= CHUNK * 2 || item < 0)]).toEqual([CHUNK * 2 - 1, CHUNK + 7, -1, CHUNK - 7])
  dropFirst(list, 1e9)
  append(list, 42)
  expect(all(list)).toEqual([42])
})

test('shortening to the end of a full chunk leaves an open one that can grow', () => {
  const list = filled(CHUNK * 2 + 1)
  shorten(list, CHUNK)
  append(list, -1)
  expect([list.length, at(list, CHUNK - 1), at(list, CHUNK), at(list, CHUNK + 1)]).toEqual([CHUNK + 1, CHUNK - 1, -1, undefined])
})

describe('reading', () => {
  const list = filled(CHUNK + 10)
  test('at: the item, or nothing outside', () => expect([at(list, -1), at(list, 0), at(list, CHUNK), at(list, CHUNK + 9), at(list, CHUNK + 10)]).toEqual([undefined, 0, CHUNK, CHUNK + 9, undefined]))
  test('between: from, up to and not including', () => expect([...between(list, CHUNK - 1, CHUNK + 2)]).toEqual([CHUNK - 1, CHUNK, CHUNK + 1]))
  test('firstIndex: where a condition begins to hold, or the length', () => {
    for (const wanted of [0, 1, CHUNK - 1, CHUNK, CHUNK + 9]) expect(firstIndex(list, (item) => item >= wanted)).toBe(wanted)
    expect(firstIndex(list, () => false)).toBe(CHUNK + 10)
  })
})
