import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { playThrough } from '../cli/play-through.ts'
import { isHeadline } from '../projection/story.ts'
import { why } from '../projection/why.ts'
import { say } from '../text/say.ts'
import { parseScenario } from './parse.ts'
import type { Scenario } from './types.ts'

const root = join(import.meta.dirname, '../../scenarios')
const files = readdirSync(root, { withFileTypes: true }).filter((each) => each.isDirectory()).flatMap(({ name }) =>
  readdirSync(join(root, name)).filter((file) => file.endsWith('.yaml')).map((file) => join(root, name, file)))

const load = (file: string): Scenario => {
  const { scenario, findings } = parseScenario(readFileSync(file, 'utf8'))
  expect(findings).toEqual([])
  return scenario!
}
const named = (id: string): Scenario => load(files.find((file) => basename(file, '.yaml') === id)!)
const watch = (scenario: Scenario) => playThrough(scenario, { mode: 'watch', seed: scenario.seed, until: undefined })
const solve = (scenario: Scenario) => playThrough(scenario, { mode: 'solution', seed: scenario.seed, until: undefined })

describe.each(files.map((file) => [basename(file, '.yaml'), file] as const))('the scenario %s', (id, file) => {
  const scenario = load(file)
  let played: ReturnType<typeof watch> | undefined
  /** Played once for all tests that only look. */
  const watched = () => (played ??= watch(scenario))

  test('is called as its file is', () => expect(scenario.id).toBe(id))

  test('does what it says when nobody touches it', () => {
    expect(watched().problems).toEqual([])
    expect(watched().steps.map((step) => step.id)).toEqual(scenario.steps?.map((step) => step.id))
  })

  if (scenario.solution !== undefined) {
    test('is won by its solution', () => expect(solve(scenario).problems).toEqual([]))
  }

  test('has a story in both languages', () => {
    for (const { node, fact } of watched().story) {
      expect(say('en', fact, node)).toMatch(/^[A-Za-z0-9_/].*\.$/)
      expect(say('ko', fact, node)).toMatch(/[가-힣].*\.$/)
    }
  })

  test('can say why of everything that a reader sees', () => {
    const { story } = scenario.solution === undefined ? watched() : solve(scenario)
    for (const line of story.filter(isHeadline)) {
      const { links, roots } = why(story, line.index)
      expect(links[0]?.line).toBe(line)
      expect(roots.length, say('en', line.fact)).toBeGreaterThan(0)
      for (const [i, link] of links.entries()) expect(link.line.index).toBeLessThan(links[i - 1]?.line.index ?? Infinity)
    }
  })

  test('is the run that was recorded beside it', () => {
    expect(watched().hash).toBe(readFileSync(join(dirname(file), `${id}.lock`), 'utf8').trim())
  })

  test('is the same run every time, and another one with another seed only by chance', () => {
    expect(watch(scenario).hash).toBe(watched().hash)
  })
})

describe.each(files.map(load).filter(({ kind }) => kind === 'experiment').map((each) => [each.id, each] as const))('the experiment %s', (_, scenario) => {
  test('has words for each observation, in both languages', () => {
    const rows = [...(scenario.expect ?? []), ...(scenario.steps ?? []).flatMap(({ check = [] }) => check)]
    for (const row of rows) expect(row.label, JSON.stringify(row)).toEqual({ en: expect.any(String), ko: expect.any(String) })
  })
})

describe('what the shipped scenarios show', () => {
  test('poem-lab: keys are spread as murmur2 and CRC32 spread them', () => {
    const { steps } = watch(named('poem-lab'))
    const { partitions } = steps[2]!.observed
    const counts = (topic: string): readonly (number | null)[] => [0, 1, 2, 3].map((index) => partitions[`${topic}/${index}`]!.hw)
    expect(counts('poem_4')).toEqual([1, 1, 2, 4])
    expect(counts('poem_4_rdk')).toEqual([2, 1, 2, 3])
  })

  test('acked-and-gone: an acknowledged record is lost, and acks=all saves it', () => {
    const codes = watch(named('acked-and-gone')).story.map(({ fact }) => fact.code)
    expect(codes.filter((code) => code === 'record.lost')).toHaveLength(1)
    expect(codes).toContain('log.truncated')
    expect(solve(named('acked-and-gone')).story.map(({ fact }) => fact.code)).not.toContain('record.lost')
  })

  test('failover: fenced after 7 to 10.6 s, a higher epoch, a duplicate refused, a tail cut, nothing lost', () => {
    const { story, steps } = watch(named('failover'))
    const first = (code: string): number => story.find(({ fact }) => fact.code === code)?.at ?? NaN
    const silence = (first('broker.fenced') - first('node.crashed')) / 1_000_000
    expect(silence).toBeGreaterThanOrEqual(7)
    expect(silence).toBeLessThanOrEqual(10.6)
    expect(story.filter(({ fact }) => ['duplicate.refused', 'log.truncated'].includes(fact.code)).map(({ fact }) => fact.code)).toEqual(['duplicate.refused', 'log.truncated'])
    const observed = steps.find(({ id }) => id === 'return')!.observed
    expect(observed.partitions['orders/0']).toMatchObject({ leader: 'b2', leaderEpoch: 1, isr: ['b1', 'b2', 'b3'], replicas: ['b1', 'b2', 'b3'] })
    expect(observed.groups?.['reader']).toMatchObject({ state: 'Stable', type: 'Classic', members: { c1: ['orders/0'] } })
    expect(observed.client.every(({ result }) => 'offset' in result)).toBe(true)
  })

  test('home: the living cluster reads when the page opens', () => {
    const { story, endUs } = watch(named('home'))
    expect(story.filter(({ fact }) => fact.code === 'records.read').length).toBeGreaterThan(5)
    expect(endUs).toBe(4_300_000)
  })
})
