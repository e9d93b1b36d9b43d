import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clone, deepFreeze, findNonTree } from './clone.ts'

fc.configureGlobal({ seed: 1 })

const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(undefined), fc.constant(null)),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.string().filter((key) => key !== '__proto__'), tie('tree'), { maxKeys: 4, noNullPrototype: true }),
    fc.array(fc.tuple(fc.string(), tie('tree')), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(fc.integer(), { maxLength: 4 }).map((items) => new Set(items)),
  ),
}))

test('a copy is equal, shares nothing that can change, and is a tree again', () => {
  fc.assert(fc.property(tree, (value) => {
    const copy = clone(value)
    expect(copy).toEqual(value)
    expect(findNonTree([value, copy])).toBeUndefined()
  }))
})

test('what is frozen is shared, and nothing else is', () => {
  const record = deepFreeze({ key: 'k', parts: [1, 2] })
  const state = { record, list: [record, { open: 1 }], map: new Map([['a', { n: 1 }]]), set: new Set([1]) }
  const copy = clone(state)
  expect(copy.record).toBe(record)
  expect(copy.list[0]).toBe(record)
  copy.map.get('a')!.n = 2
  copy.set.add(2)
  ;(copy.list[1] as { open: number }).open = 2
  expect(state).toMatchObject({ list: [record, { open: 1 }] })
  expect(state.map.get('a')!.n).toBe(1)
  expect(state.set.has(2)).toBe(false)
})

test('a map keeps its order, keys that are undefined stay', () => {
  const copy = clone({ map: new Map([['z', 1], ['a', 2]]), nothing: undefined })
  expect([...copy.map.keys()]).toEqual(['z', 'a'])
  expect('nothing' in copy).toBe(true)
})

describe('findNonTree gives the path of', () => {
  const shared = { n: 1 }
  class Thing { n = 1 }
  test.each([
    ['an object reached twice', { a: shared, b: [shared] }, '.b[0] is also .a'],
    ['an object reached twice through a map', { a: new Map([['x', shared]]), b: shared }, '.b is also .a[x]'],
    ['a function', { a: { f: () => 1 } }, '.a.f is a function'],
    ['a class instance', { a: [new Thing()] }, '.a[0] is an instance of a class'],
    ['an object that contains itself', (() => { const loop: Record<string, unknown> = {}; loop['me'] = loop; return { loop } })(), '.loop.me is also .loop'],
  ])('%s', (_, value, path) => expect(findNonTree(value)).toBe(path))

  test('nothing, where what is reached twice is frozen', () => expect(findNonTree([deepFreeze({ n: 1 })].flatMap((it) => [it, it]))).toBeUndefined())
})
