/**
 * Random clusters under random faults. A run that breaks something is shrunk to the fewest faults; put it, by a name, under
 * `regressions`, and it will be played for ever. `npm run swarm` plays many more of them.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Simulation } from '../engine/simulation.ts'
import { broken, dark, faultsOf, gesture, kinds, ledgerOf, play, usual, type Plan } from './swarm.testing.ts'

const regressions: Readonly<Record<string, Partial<Plan>>> = {
  'a fetch that waits on a connection of before is answered while its follower has settled on another': {
    seed: 0, brokers: 2, replication: 2, minIsr: 1, logDirs: 3, faults: [{ at: 1, input: { do: 'disk', node: 'b2', what: { type: 'ailDisk', dir: 1, ails: 'failed' } } }],
  },
  'a follower that is told to truncate while nothing is written still hears of the high watermark': {
    seed: 0, minIsr: 1, log: { 'internal.segment.bytes': '500', 'retention.bytes': '1200' },
    faults: [
      { at: 1, input: { do: 'clock', node: 'b2', add: -7_200_000_000 } },
      { at: 1, input: { do: 'restart', node: 'b2' } },
      { at: 2.1, input: { do: 'crash', node: 'b1' } },
      { at: 3.8, input: { do: 'cut', from: 'b3', to: 'k1', traffic: 'all' } },
      { at: 3.8, input: { do: 'cut', from: 'k1', to: 'b3', traffic: 'all' } },
    ],
  },
}

describe('whatever is done to it, the statements of part 9 hold, and it comes to rest when all is mended', () => {
  test.each(Object.keys(kinds) as (keyof typeof kinds)[])('%s', (kind) => {
    fc.assert(fc.property(kinds[kind], (plan) => {
      expect(broken(plan, play(plan))).toBeUndefined()
    }), { numRuns: kind === 'faults' || kind === 'controllers' ? 45 : 20, seed: 4 })
  })

  test.each(Object.keys(regressions))('%s', (name) => {
    const plan = { ...usual, ...regressions[name] }
    expect(broken(plan, play(plan))).toBeUndefined()
  })
})

describe('the search finds what is not promised', () => {
  const search = (fixed: Partial<Plan>, good: (sim: Simulation) => boolean, numRuns = 60, faults = faultsOf(gesture)(8)) =>
    fc.check(fc.property(faults, (list) => good(play({ ...usual, ...fixed, faults: list }))), { numRuns, seed: 2, endOnFailure: true })
  const keepsAll = (sim: Simulation): boolean => ledgerOf(sim).lost.length === 0

  test('acks=1: a record that was acknowledged and lost', () => {
    expect(search({ acks: '1', minIsr: 1 }, keepsAll).failed).toBe(true)
  })
  test('unclean.leader.election.enable=true: a record that was acknowledged by all in sync, and lost', () => {
    expect(search({ minIsr: 1, replication: 2, log: { 'unclean.leader.election.enable': 'true' } }, keepsAll, 400).failed).toBe(true)
  })
  test('power cuts without a flush: a record that all in sync held in memory, and lost', () => {
    expect(search({}, keepsAll, 200, faultsOf(dark)(14)).failed).toBe(true)
  })
  test('without idempotence: a record that is there twice', () => {
    expect(search({ idempotence: false, minIsr: 1 }, (sim) => ledgerOf(sim).duplicated === 0).failed).toBe(true)
  })
  test('acks=all with min.insync.replicas=1: nothing lost, however long it searches', () => {
    const found = search({ minIsr: 1 }, keepsAll, 8)
    expect(found.failed, fc.defaultReportMessage(found)).toBe(false)
  })
})
