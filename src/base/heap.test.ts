import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pop, push, type Keyed } from './heap.ts'

fc.configureGlobal({ seed: 1 })

const drain = (heap: Keyed[]): Keyed[] => {
  const out: Keyed[] = []
  for (let item = pop(heap); item !== undefined; item = pop(heap)) out.push(item)
  return out
}
const sorted = (items: readonly Keyed[]): Keyed[] => items.slice().sort((a, b) => a.at - b.at || a.seq - b.seq)

test('whatever is pushed comes out by (at, seq)', () => {
  fc.assert(fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (moments) => {
    const items = moments.map((at, seq) => ({ at, seq }))
    const heap: Keyed[] = []
    for (const item of items) push(heap, item)
    expect(drain(heap)).toEqual(sorted(items))
  }))
})

test('pushes and pops in any order: what comes out is always the least of what is in', () => {
  fc.assert(fc.property(fc.array(fc.option(fc.nat(9)), { maxLength: 200 }), (moves) => {
    const heap: Keyed[] = []
    let model: Keyed[] = []
    moves.forEach((at, seq) => {
      if (at === null) {
        const [least, ...rest] = sorted(model)
        expect(pop(heap)).toEqual(least)
        model = rest
      } else {
        push(heap, { at, seq })
        model.push({ at, seq })
      }
    })
  }))
})

test('a copy is a slice: the two go on apart', () => {
  const heap: Keyed[] = []
  for (const at of [5, 1, 4, 2, 3]) push(heap, { at, seq: at })
  const copy = heap.slice()
  pop(heap)
  push(copy, { at: 0, seq: 9 })
  expect(drain(heap).map(({ at }) => at)).toEqual([2, 3, 4, 5])
  expect(drain(copy).map(({ at }) => at)).toEqual([0, 1, 2, 3, 4, 5])
})

test('an empty heap has nothing', () => expect(pop([])).toBeUndefined())
