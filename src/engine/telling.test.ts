import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Note } from './process.ts'
import { Telling } from './telling.ts'

fc.configureGlobal({ seed: 1 })

const fact: fc.Arbitrary<Note> = fc.oneof(
  fc.record({ code: fc.constant('a'), n: fc.nat(), who: fc.string() }),
  fc.record({ code: fc.constant('a'), who: fc.string() }),
  fc.record({ code: fc.constant('b'), list: fc.array(fc.string()), none: fc.constant(undefined), half: fc.double({ noNaN: true }) }),
)
const note = fc.record({ at: fc.nat(), step: fc.nat(), cause: fc.nat(), node: fc.constantFrom('b1', 'b2'), fact })

test('what has been told comes back as it was told, the keys in their order, also after some of it was forgotten', () => {
  fc.assert(fc.property(fc.array(note, { maxLength: 40 }), fc.nat(40), fc.array(note, { maxLength: 20 }), (first, kept, then) => {
    const telling = new Telling()
    for (const { at, step, cause, node, fact: told } of first) telling.add(at, step, cause, node, told)
    telling.shorten(kept)
    const expected = [...first.slice(0, kept), ...then]
    for (const { at, step, cause, node, fact: told } of then) telling.add(at, step, cause, node, told)
    expect(telling.length).toBe(expected.length)
    expected.forEach((each, i) => {
      expect(telling.told(i)).toEqual(each)
      expect(Object.keys(telling.told(i).fact)).toEqual(Object.keys(each.fact))
      expect([telling.atOf(i), telling.stepOf(i)]).toEqual([each.at, each.step])
    })
  }))
})

test('what is forgotten from the front takes nothing with it: a fact keeps its number', () => {
  fc.assert(fc.property(fc.array(note, { maxLength: 40 }), fc.nat(45), fc.nat(45), fc.array(note, { maxLength: 20 }), (before, forgotten, kept, then) => {
    const telling = new Telling()
    for (const { at, step, cause, node, fact: told } of before) telling.add(at, step, cause, node, told)
    telling.forget(forgotten)
    telling.shorten(kept)
    const first = Math.min(forgotten, before.length)
    const length = Math.max(first, Math.min(kept, before.length))
    expect([telling.first, telling.length]).toEqual([first, length])
    for (const { at, step, cause, node, fact: told } of then) telling.add(at, step, cause, node, told)
    const expected = [...before.slice(0, length), ...then]
    for (let i = first; i < expected.length; i++) expect(telling.told(i)).toEqual(expected[i])
    telling.forget(expected.length)
    telling.add(1, 2, 3, 'b1', { code: 'a' })
    expect(telling.told(expected.length)).toEqual({ at: 1, step: 2, cause: 3, node: 'b1', fact: { code: 'a' } })
  }))
})

test('holds more values than one block has', () => {
  const telling = new Telling()
  for (let i = 0; i < 50_000; i++) telling.add(i, i, 0, 'b1', { code: 'c', n: i, name: `n${i}` } as Note)
  for (const i of [0, 21_845, 21_846, 49_999]) expect(telling.told(i).fact).toEqual({ code: 'c', n: i, name: `n${i}` })
  telling.shorten(30_000)
  telling.add(1, 1, 0, 'b1', { code: 'c', n: -1, name: 'new' } as Note)
  expect(telling.told(30_000).fact).toEqual({ code: 'c', n: -1, name: 'new' })
  expect(telling.told(29_999).fact).toEqual({ code: 'c', n: 29_999, name: 'n29999' })
  telling.forget(25_000)
  expect(telling.told(29_999).fact).toEqual({ code: 'c', n: 29_999, name: 'n29999' })
  for (let i = 0; i < 50_000; i++) telling.add(i, i, 0, 'b1', { code: 'c', n: i, name: `m${i}` } as Note)
  expect(telling.told(60_000).fact).toEqual({ code: 'c', n: 29_999, name: 'm29999' })
})
