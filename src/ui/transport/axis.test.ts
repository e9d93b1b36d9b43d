import { describe, expect, test } from 'vitest'
import type { StepMark } from '../../bridge/protocol.ts'
import { Pace } from '../../scene/pace.ts'
import type { Plan } from '../steps.ts'
import { makeAxis } from './axis.ts'

const s = 1_000_000
const map = new Pace()
map.extend({
  from: 0,
  to: 40 * s,
  spans: [],
  story: [1, 5, 9].map((at, index) => ({
    index,
    at: at * s,
    step: 0,
    cause: 0,
    node: 'you',
    fact: { code: 'node.crashed' as const, node: 'b1' },
  })),
})
const mark = (index: number, startAt: number, endAt: number | undefined): StepMark => ({
  id: `s${index}`,
  index,
  startAt: startAt * s,
  endAt: endAt === undefined ? undefined : endAt * s,
  reached: true,
})
const plan = (marks: StepMark[], hidden: readonly number[] = []): Plan => ({ marks, count: 4, isHidden: (index) => hidden.includes(index) })

describe('the axis of the timeline', () => {
  test('reaches to the end of the step that is shown, and keeps a place for each to come', () => {
    const axis = makeAxis({ map, seenTo: 2 * s }, plan([mark(0, 0, 6), mark(1, 6, 8)], [1]), 0, 1_000)
    expect(axis.xOf(6 * s)).toBeCloseTo(axis.knownTo, 0)
    expect(axis.toCome.map(({ index, isHidden }) => [index, isHidden])).toEqual([
      [1, true],
      [2, true],
      [3, true],
    ])
    expect(axis.toCome.at(-1)!.to).toBeCloseTo(1_000)
  })
  test('a place on it leads back to its moment', () => {
    const axis = makeAxis({ map, seenTo: 8 * s }, plan([]), 0, 800)
    for (const at of [0, 1 * s, 5 * s, 8 * s]) expect(axis.runAt(axis.xOf(at))).toBeCloseTo(at, -3)
  })
  test('nothing beyond what is known can be pointed at', () => {
    const axis = makeAxis({ map, seenTo: 2 * s }, plan([mark(0, 0, 6)]), 0, 1_000)
    expect(axis.runAt(999)).toBeLessThanOrEqual(6 * s)
    expect(axis.runAt(-5)).toBe(0)
  })
})
