import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { askedOf } from '../../src/scenario/asked.ts'
import type { ComparisonRecord } from '../../src/scenario/comparison-record.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import type { Scenario } from '../../src/scenario/types.ts'
import { compare, windowOf } from './compare.ts'
import { isPlaced, looseOf, standsIn } from './loose.ts'
import { onlyAsked } from './only-asked.ts'
import { simulate as play } from './results.ts'

const load = (id: string): Scenario => parseScenario(readFileSync(join(import.meta.dirname, `../../scenarios/laboratory/${id}.yaml`), 'utf8')).scenario!
const differences = (scenario: Scenario, simulated: readonly ComparisonRecord[], real: readonly ComparisonRecord[], unjudged: readonly string[] = []) =>
  compare(scenario, { simulated, real, unjudged }).filter(({ outcome }) => outcome !== 'equal')

type Writable<T> = { -readonly [K in keyof T]: Writable<T[K]> }
type Draft = Writable<ComparisonRecord>

type Path = readonly (string | number)[]
/** Every value at the end of a branch; an empty list counts as one. */
function leaves(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inside = Object.entries(value).flatMap(([key, each]) => leaves(each, [...path, Array.isArray(value) ? Number(key) : key]))
  return Array.isArray(value) && inside.length === 0 ? [path] : inside
}
function changed(value: unknown, within: string | number | undefined): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  if (Array.isArray(value)) return [within === 'records' ? { offset: 0, key: null, value: null } : 'other']
  return value === null ? 'other' : `${value as string}x`
}
function withChange(value: unknown, [key, ...rest]: Path, within?: string | number): unknown {
  if (key === undefined) return changed(value, within)
  if (Array.isArray(value)) return value.map((each: unknown, i) => (i === key ? withChange(each, rest, within) : each))
  return { ...(value as object), [key]: withChange((value as Record<string, unknown>)[key], rest, within === 'records' ? within : key) }
}
/** Who called and what says which results are whose; the elapsed time has a window of its own. */
const isValue = (path: Path): boolean => !path.includes('elapsedMs') && !path.includes('step') && !path.includes('by') && path.at(-1) !== 'client'

describe.each(['s09-delete-records', 's21-unclean-election', 's34-sequences', 's36-commit-and-abort', 's33-share-group', 's05-retention-size'])('%s', (id) => {
  const scenario = load(id)
  const simulated = play(scenario)
  const real = onlyAsked(simulated, askedOf(scenario))

  it('is equal to itself, with all that nobody asks for left out', () => {
    expect(differences(scenario, simulated, real)).toEqual([])
    expect(compare(scenario, { simulated, real, unjudged: [] }).length).toBeGreaterThan(scenario.steps!.length)
  })

  it('differs wherever one asked observation is another', () => {
    const all = leaves(real).filter(isValue)
    expect(all.length).toBeGreaterThan(10)
    fc.assert(fc.property(fc.constantFrom(...all), (path) => {
      const found = differences(scenario, simulated, withChange(real, path) as readonly ComparisonRecord[])
      expect(found, path.join('.')).not.toEqual([])
      expect(found.every(({ outcome }) => outcome === 'differs')).toBe(true)
    }), { numRuns: 60, seed: 6 })
  })

  it('differs wherever one step, or one observation, was not recorded', () => {
    fc.assert(fc.property(fc.nat(real.length - 1), (i) => {
      expect(differences(scenario, simulated, real.filter((_, j) => j !== i))).not.toEqual([])
    }), { numRuns: 20, seed: 6 })
  })
})

describe('where a producer has a rate', () => {
  const scenario = load('s14-leader-crash')
  const simulated = play(scenario)
  const real = structuredClone(onlyAsked(simulated, askedOf(scenario))) as Draft[]
  const last = () => structuredClone(real)
  const logOf = (of: Draft) => of.records!['t/0']!

  it('numbers are not compared, and the report says why', () => {
    const more = last()
    const end = more.at(-1)!
    end.partitions['t/0']!.hw! += 1
    const { offset } = logOf(end).at(-1)!
    logOf(end).push({ offset: offset + 1, key: null, value: `p-${offset + 2}` })
    end.client.push({ by: 'p', op: 'send t/0', result: { offset: offset + 1 } })
    expect(differences(scenario, simulated, more)).toEqual([])
    const loose = compare(scenario, { simulated, real: more, unjudged: [] }).filter(({ rule }) => rule === 'rate').map(({ path }) => path)
    expect(new Set(loose)).toEqual(new Set(['partition(t/0).hw', 'partition(t/0).records', 'producer(p).results']))
  })

  it.each([
    ['offsets that went back on one side', (of: Draft) => of.client.push({ by: 'p', op: 'send t/0', result: { offset: 7 } }, { by: 'p', op: 'send t/0', result: { offset: 3 } })],
    ['an error that one side never saw', (of: Draft) => of.client.push({ by: 'p', op: 'send t/0', result: { error: 'TIMED_OUT' } })],
    ['a gap in the log', (of: Draft) => logOf(of).splice(5, 1)],
    ['a record that is there twice', (of: Draft) => logOf(of).push({ offset: logOf(of).at(-1)!.offset + 1, key: null, value: 'p-3' })],
    ['two records in another order', (of: Draft) => {
      const list = logOf(of)
      const [a, b] = [list[3]!, list[4]!]
      ;[a.value, b.value] = [b.value, a.value]
    }],
    ['a log that nobody could be asked for', (of: Draft) => (of.partitions['t/0']!.hw = null)],
    ['a statement that came to something else', (of: Draft) => (of.statements!['expect atEnd: app(g).outOfOrder == 0'] = false)],
  ])('%s is found all the same', (_what, change) => {
    const other = last()
    change(other.at(-1)!)
    expect(differences(scenario, simulated, other)).toHaveLength(1)
  })
})

it('a statement that stands in for numbers must be true on both sides, not only the same', () => {
  const scenario = load('s14-leader-crash')
  const simulated = play(scenario)
  const key = 'expect atEnd: partition(t/0).gaps == 0 and partition(t/0).hw == ledger.acked'
  const broken = simulated.map((record) => (record.statements?.[key] === undefined ? record : { ...record, statements: { ...record.statements, [key]: false } }))
  expect(differences(scenario, broken, onlyAsked(broken, askedOf(scenario))).map(({ path }) => path)).toEqual([key])
})

describe('where replicas lie', () => {
  const parsed = (steps: string): Scenario =>
    parseScenario(`{format: kafka-scenario/v1, id: x, kind: sandbox, title: {en: x}, languages: [en], seed: 1, kafka: 4.x, cluster: {brokers: 3}, topics: [{name: t, partitions: 2}], steps: ${steps}}`).scenario!
  const placed = (scenario: Scenario, ...partitions: readonly string[]): readonly boolean[] => partitions.map((partition) => isPlaced(looseOf(scenario), partition))

  it('is drawn by lot for a new topic, and for partitions that are added, unless the file says it', () => {
    expect(placed(parsed('[{id: a, do: [{createTopic: {name: n, partitions: 2}}]}]'), 'n/0', 't/0')).toEqual([true, false])
    expect(placed(parsed('[{id: a, do: [{createTopic: {name: n, replicas: {"0": [b1]}}}, {addPartitions: {topic: n, to: 3}}]}]'), 'n/0', 'n/1', 'n/2')).toEqual([false, true, true])
    expect(placed(parsed('[{id: a, do: [{addPartitions: {topic: t, to: 4}}]}]'), 't/1', 't/2', 't/3')).toEqual([false, true, true])
    expect(placed(parsed('[{id: a, do: [{addPartitions: {topic: t, to: 3, replicas: {"2": [b1]}}}, {addPartitions: {topic: t, to: 4}}]}]'), 't/2', 't/3')).toEqual([false, true])
  })
  it('is compared by their number; what the file says of it must be true', () => {
    const scenario = parsed('[{id: a, do: [{addPartitions: {topic: t, to: 3}}], run: {for: 1s}, check: [{atEnd: "partition(t/2).replicas == [b1, b2, b3] or partition(t/2).isr contains b1"}]}]')
    const key = 'check atEnd: partition(t/2).replicas == [b1, b2, b3] or partition(t/2).isr contains b1'
    const [record] = onlyAsked(play(scenario), askedOf(scenario)) as Draft[]
    const other = structuredClone(record!)
    other.partitions['t/2']!.replicas.reverse()
    expect(differences(scenario, [record!], [other])).toEqual([])
    for (const each of [record!, other]) each.statements![key] = false
    expect(differences(scenario, [record!], [other]).map(({ path }) => path)).toEqual([key])
  })
})

it.each(['txn(x).epoch == 3', 'result("r").value == 3', 'controller.active == k2', 'replica(n/0@b1).leo == 3', 'topic(n).minRacks == 2'])('%s stands in for what is compared in part', (text) => {
  const loose = { topics: new Map(), placed: new Map(), clients: new Map(), transactions: new Set<string>(), results: new Map<string, string>() }
  expect(standsIn(text, loose, false)).toBe(false)
  expect(standsIn(text, { ...loose, topics: new Map([['t', 'rate']]), placed: new Map([['n', 0]]), transactions: new Set(['x']), results: new Map([['r', 't']]) }, true)).toBe(true)
})

it('a step takes as long as its file says, on both sides', () => {
  const scenario = load('s14-leader-crash')
  const simulated = play(scenario)
  const slow = onlyAsked(simulated, askedOf(scenario)).map((record) => (record.step === 'crash' ? { ...record, elapsedMs: 20_000 } : record))
  expect(differences(scenario, simulated, slow).map(({ step, path }) => `${step} ${path}`)).toEqual(['crash elapsedMs'])
  expect(windowOf({ id: 'a', run: { for: '5s' } })).toEqual({ fromMs: 5_000, toMs: 7_000 })
})

describe('a statement that the real side could not judge', () => {
  const scenario = load('s34-sequences')
  const simulated = play(scenario)
  const without = (key: string) => onlyAsked(simulated, askedOf(scenario)).map((record) => {
    const { [key]: gone, ...statements } = record.statements ?? {}
    return gone === undefined ? record : { ...record, statements }
  })
  const keys = askedOf(scenario).flatMap(({ statements }) => statements.map(({ key }) => key))
  const story = keys.find((key) => key.includes('event("duplicate.refused"'))!
  const plain = keys.find((key) => !key.includes('event('))!

  it('is neither equal nor different, where nobody outside can see what it speaks of', () => {
    expect(differences(scenario, simulated, without(story), [story]).map(({ outcome }) => outcome)).toEqual(['unobservable'])
  })
  it('is a difference if it was passed over in silence', () => {
    expect(differences(scenario, simulated, without(story)).map(({ outcome }) => outcome)).toEqual(['differs'])
  })
  it('is a difference if it could have been judged', () => {
    expect(differences(scenario, simulated, without(plain), [plain]).map(({ outcome }) => outcome)).toEqual(['differs'])
  })
})
