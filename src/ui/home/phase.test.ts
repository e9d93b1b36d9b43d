import { expect, test } from 'vitest'
import { fakeRun } from '../fixtures/fake-run.ts'
import { linesSince, phaseAt } from './phase.ts'

const s = 1_000_000
const journal = [{ afterStep: 0, at: 2 * s, intervention: { do: 'crash' as const, node: 'b1' } }]
const { story } = fakeRun(journal, 15 * s)

test('alive until the kill, broken until the new leader has stored something, then over', () => {
  expect([1, 2, 10, 10.7, 12].map((at) => phaseAt(story, journal, at * s).kind)).toEqual(['alive', 'broken', 'broken', 'broken', 'over'])
  expect(phaseAt(story, journal, 5 * s)).toMatchObject({ victim: 'b1', killedAt: 2 * s })
  expect(phaseAt(story, [], 5 * s).kind).toBe('alive')
})
test('what is told is what happened since, newest last', () => {
  expect(linesSince(story, 2 * s, 12 * s, 9).map((line) => line.fact.code)).toEqual([
    'node.crashed',
    'broker.fenced',
    'isr.changed',
    'leader.elected',
  ])
  expect(linesSince(story, 2 * s, 12 * s, 1).map((line) => line.fact.code)).toEqual(['leader.elected'])
})
