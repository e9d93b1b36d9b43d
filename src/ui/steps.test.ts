import { describe, expect, test } from 'vitest'
import type { StepMark } from '../bridge/protocol.ts'
import { gateAt, stepAt, veilAt, waitingAt, type Plan } from './steps.ts'

const mark = (index: number, startAt: number, endAt: number | undefined): StepMark => ({
  id: `s${index}`,
  index,
  startAt,
  endAt,
  reached: true,
})
const plan = (hidden: readonly number[] = []): Plan => ({
  marks: [mark(0, 0, 100), mark(1, 100, 250), mark(2, 251, undefined)],
  count: 4,
  isHidden: (index) => hidden.includes(index),
})

test('the picture at a border belongs to the step that ended there', () => {
  expect([0, 99, 100, 101, 250, 251].map((at) => stepAt(plan(), at))).toEqual([0, 0, 0, 1, 1, 2])
})
test('playing stops at the end of a step, and before a step that asks', () => {
  expect(gateAt(plan(), 0)).toBe(99.5)
  expect(gateAt(plan(), 2)).toBeUndefined()
  expect(gateAt(plan([1]), 1)).toBe(99.5)
  expect(gateAt(plan([1]), 0)).toBe(99.5)
})
test('the future is hidden from the first question on', () => {
  expect(veilAt(plan())).toBeUndefined()
  expect(veilAt(plan([2, 1]))).toBe(99.5)
})
describe('what is waited for', () => {
  test('nothing while a step runs, Next at its end', () => {
    expect(waitingAt(plan(), 0, 50)).toBeUndefined()
    expect(waitingAt(plan(), 0, 100)).toBe('next')
  })
  test('an answer where the next step asks', () => {
    expect(waitingAt(plan([1]), 0, 99.5)).toBe('answer')
    expect(waitingAt(plan([1]), 1, 100)).toBe('answer')
  })
  test('the end after the last step, nothing where there are no steps', () => {
    const last: Plan = { marks: [mark(0, 0, 10)], count: 1, isHidden: () => false }
    expect(waitingAt(last, 0, 10)).toBe('end')
    expect(waitingAt({ marks: [], count: 0, isHidden: () => false }, 0, 10)).toBeUndefined()
  })
})
