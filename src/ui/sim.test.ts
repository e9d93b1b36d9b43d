import { expect, test } from 'vitest'
import type { Scenario } from '../scenario/types.ts'
import { durationOf, focusOf, paceOf } from './sim.ts'

const scenario = (pace: string): Scenario => ({
  format: 'kafka-scenario/v1',
  id: 'x',
  kind: 'sandbox',
  title: 'X',
  languages: ['en'],
  seed: 1,
  cluster: { brokers: 1 },
  sim: { pace },
})

test('durations carry a unit', () => {
  expect(durationOf('4.318s')).toBe(4_318_000)
  expect(durationOf('500ms')).toBe(500_000)
  expect(durationOf('5')).toBeUndefined()
  expect(durationOf(undefined)).toBeUndefined()
})
test('a scenario may ask for real time, slowed', () => {
  expect(paceOf(scenario('true x0.005'))).toEqual({ kind: 'true', speed: 0.005 })
  expect(paceOf(scenario('smart'))).toEqual({ kind: 'smart', speed: 1 })
})
test('a step looks at the first place it names', () => {
  expect(focusOf({ id: 'a', focus: ['producer(shop)', 'replica(orders/0@b1)'] })).toBe('orders/0')
  expect(focusOf({ id: 'a', focus: ['topic(poem_4)'] })).toBe('poem_4')
  expect(focusOf({ id: 'a', focus: ['producer(shop)'] })).toBeUndefined()
})
