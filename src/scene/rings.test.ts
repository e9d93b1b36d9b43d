import { describe, expect, test } from 'vitest'
import { ms, waiting } from './fixtures/build.ts'
import { addWaiting, type RingOptions } from './rings.ts'
import { makeRoute } from './routes.ts'
import { hitAt } from './hit.ts'
import { Tokens, type Mark } from './tokens.ts'
import type { Wires } from './wires.ts'

const route = makeRoute('c1', 'b1', [
  { x: 300, y: 40 },
  { x: 200, y: 40 },
])
const wires: Wires = {
  route: (from) => (from === 'c1' ? route : undefined),
  dock: (from) => (from === 'nobody' ? undefined : from === 'shop' ? { x: 20, y: 60, side: 'left' } : { x: 200, y: 40, side: 'right' }),
}
const options: RingOptions = { radius: 12, hasRoom: () => true, followed: undefined, selected: undefined }
const ringsAt = (views: readonly ReturnType<typeof waiting>[], playhead: number, rest: Partial<RingOptions> = {}): Tokens => {
  const tokens = new Tokens()
  addWaiting(views, wires, playhead, { ...options, ...rest }, tokens)
  return tokens
}

describe('a parked request', () => {
  const parked = waiting('b1', 'c1', 'Fetch', ms(1_000), ms(1_500))
  test.each([
    [1_000, 0],
    [1_125, 0.25],
    [1_500, 1],
    [9_000, 1],
  ])('at %d ms its ring is filled to %d', (at, share) => {
    expect(ringsAt([parked], ms(at)).rings[0]!.share).toBe(share)
  })
  test('says how long it has waited, where there is room', () => {
    expect(ringsAt([parked], ms(1_123)).rings[0]).toMatchObject({ waited: 123, labelSide: 'left' })
    expect(ringsAt([parked], ms(1_123), { hasRoom: () => false }).rings[0]!.labelSide).toBeUndefined()
  })
  test('stands in the machine that holds it and keeps its wire, thin', () => {
    const { rings, legs } = ringsAt([parked], ms(1_100))
    expect([rings[0]!.x, rings[0]!.y, rings[0]!.direction]).toEqual([186, 40, 'left'])
    expect(legs.map((each) => each.style)).toEqual(['thin'])
  })
  test('is not there before it came, nor where it has no place', () => {
    expect(ringsAt([parked], ms(999)).rings).toEqual([])
    expect(ringsAt([waiting('b1', 'nobody', 'Fetch', 0, ms(1))], ms(1_000)).rings).toEqual([])
  })
  test('without a limit the ring stays empty', () => {
    expect(ringsAt([waiting('b1', 'c1', 'Fetch', 0, undefined)], ms(10)).rings[0]!.share).toBeUndefined()
  })
  test('three at one place are one ring with a number, filled as the one that has waited longest', () => {
    const { rings } = ringsAt(
      [parked, { ...parked, key: 'second', since: ms(1_100) }, { ...parked, key: 'third', since: ms(1_100), until: ms(2_000) }],
      ms(1_250),
    )
    expect(rings.map(({ count, share }) => [count, share])).toEqual([[3, 0.5]])
  })
})

test('requests still unread in the socket are stacked outside the machine', () => {
  const unread = ['a', 'b', 'c'].map((key) => waiting('b1', 'shop', 'Produce', 0, undefined, { key, kind: 'socket' }))
  expect(ringsAt(unread, ms(5)).stacks).toMatchObject([{ x: 0, y: 60, count: 3, direction: 'right' }])
})

describe('what lies under the finger', () => {
  const tokens = ringsAt([waiting('b1', 'c1', 'Fetch', 0, ms(500))], ms(10))
  const mark = (id: number, x: number, y: number): void =>
    void Object.assign(tokens.mark(), {
      id,
      x,
      y,
      kind: 'request',
      direction: 'right',
      scale: 1,
      records: [],
      held: false,
      label: undefined,
      accent: false,
    } satisfies Mark)
  mark(7, 100, 100)
  mark(8, 112, 100)
  test('is the nearest mark within reach', () => {
    expect(hitAt(tokens, 104, 101)).toEqual({ kind: 'span', id: 7 })
    expect(hitAt(tokens, 110, 96)).toEqual({ kind: 'span', id: 8 })
    expect(hitAt(tokens, 140, 100)).toBeUndefined()
  })
  test('or a parked request', () => {
    expect(hitAt(tokens, 190, 44)).toEqual({ kind: 'waiting', key: 'b1<c1/Fetch' })
  })
})
