import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { playThrough } from '../../src/cli/play-through.ts'
import { askedOf } from '../../src/scenario/asked.ts'
import type { Scenario } from '../../src/scenario/types.ts'
import { compare } from './compare.ts'
import { onlyAsked } from './only-asked.ts'
import { shippedScenarios } from './recordings.ts'

const play = (scenario: Scenario, seed: number) =>
  playThrough(scenario, { mode: 'watch', seed, until: undefined }).steps.map(({ observed }) => observed)

describe.each(shippedScenarios(join(import.meta.dirname, '../..')).filter(({ scenario }) => scenario.id !== 'thirty-brokers'))('$scenario.id', ({ scenario }) => {
  it('names what does not hang on luck: with another seed every observation is the same', () => {
    const simulated = play(scenario, scenario.seed)
    const real = onlyAsked(play(scenario, scenario.seed + 1_000), askedOf(scenario))
    const compared = compare(scenario, { simulated, real, unjudged: [] })
    expect(compared.length).toBeGreaterThanOrEqual(simulated.length)
    expect(compared.filter(({ outcome }) => outcome !== 'equal')).toEqual([])
  })
})
