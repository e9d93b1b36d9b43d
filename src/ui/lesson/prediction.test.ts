import { describe, expect, test } from 'vitest'
import type { StepMark } from '../../bridge/protocol.ts'
import { emptyView } from '../../projection/cluster-view.ts'
import type { Scenario } from '../../scenario/types.ts'
import type { Plan } from '../steps.ts'
import { judgeOf, questionAt } from './prediction.ts'

const predict = {
  id: 'q',
  ask: 'Where is 8?',
  options: [
    { text: 'back', holds: 'a' },
    { text: 'gone', holds: 'b' },
  ],
  judge: { at: 'after' },
}
const scenario: Scenario = {
  format: 'kafka-scenario/v1',
  id: 'x',
  kind: 'lesson',
  title: 'X',
  languages: ['en'],
  seed: 1,
  cluster: { brokers: 1 },
  steps: [{ id: 'calm' }, { id: 'return', predict }, { id: 'after' }, { id: 'end' }],
}
const marks: StepMark[] = ['calm', 'return', 'after', 'end'].map((id, index) => ({
  id,
  index,
  startAt: index * 100,
  endAt: (index + 1) * 100,
  reached: true,
}))
const plan = (answered: boolean): Plan => ({ marks, count: 4, isHidden: (index) => index === 1 && !answered })
const view = {
  ...emptyView,
  assertions: {
    'predict/q/0': { key: 'predict/q/0', holds: false, since: 0, value: '' },
    'predict/q/1': { key: 'predict/q/1', holds: true, since: 0, value: '' },
  },
}
const at = (entered: number, moment: number, answers: Record<string, number> = {}) =>
  questionAt(scenario, plan('q' in answers), entered, moment, answers, view)

describe('a question', () => {
  test('is asked at the end of the step before, with its picture still standing', () => {
    expect(at(0, 50)).toBeUndefined()
    expect(at(0, 99.5)).toMatchObject({ state: 'asked', step: 1, true: [] })
  })
  test('is sealed until the step that judges it is over', () => {
    expect(at(1, 150, { q: 0 })).toMatchObject({ state: 'sealed', answer: 0, true: [] })
    expect(at(2, 250, { q: 0 })).toMatchObject({ state: 'sealed' })
  })
  test('is then decided by the run, and goes with the next step', () => {
    expect(at(2, 299.5, { q: 0 })).toMatchObject({ state: 'decided', answer: 0, true: [1] })
    expect(at(3, 350, { q: 0 })).toBeUndefined()
  })
  test('is judged at the end of its own step unless another is named', () => {
    expect(judgeOf(scenario, 1)).toBe(2)
    expect(judgeOf({ ...scenario, steps: [{ id: 'a', predict: { ...predict, judge: { at: 'step-end' } } }] }, 0)).toBe(0)
  })
})
