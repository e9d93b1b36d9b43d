import { describe, expect, test } from 'vitest'
import { compile } from '../../src/scenario/compile.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import type { Scenario } from '../../src/scenario/types.ts'
import { obstacleIn } from '../../src/text/checked.ts'
import { Book } from './books.ts'
import { clientPlans, SHARED } from './clients.ts'
import { failingObstacle, failingOf } from './failing.ts'

const scenarioWith = (records: string, sends = '[{value: fine}]'): Scenario => parseScenario(`
format: kafka-scenario/v1
id: f
kind: sandbox
title: {en: F}
languages: [en]
seed: 1
kafka: 4.x
cluster: {brokers: 1, controllers: 1}
topics: [{name: t, partitions: 1, replicas: {"0": [b1]}, records: ${records}}, {name: later, partitions: 1, replicas: {"0": [b1]}}, {name: dead, partitions: 1, replicas: {"0": [b1]}}]
clients:
  producers: [{id: p, topic: t}]
  consumers:
    - {id: ends, topic: t, group: a}
    - {id: skips, topic: t, group: b, onPoison: skip}
    - {id: moves, topic: t, group: c, retry: {ladder: [{topic: later, after: 10s}], dead: dead}}
  shareConsumers: [{id: gives, topic: t, group: d, onPoison: retry}]
steps: [{id: one, do: [{produce: {by: p, records: ${sends}}}], run: {for: 1s}}]
`).scenario!
const failing = (scenario: Scenario) => failingOf(compile(scenario), scenario)
const obstacle = (scenario: Scenario) => failingObstacle(compile(scenario), scenario)

describe('a record that a handler fails on', () => {
  test('is told by key and value, as a reader sees them', () => {
    const scenario = scenarioWith('[{key: a, value: v0}, {value: long, bytes: 2, poison: true}, {poison: true}]', '[{key: a, value: v1, bytes: 9, poison: true}, {key: a, value: null, poison: true}]')
    expect(failing(scenario)).toEqual([[null, 'lo'], [null, 't-3'], ['a', 'v1'], ['a', null]])
    expect(obstacle(scenario)).toBeUndefined()
  })

  test('cannot be told from another of the same key and value, nor when nobody says its value', () => {
    const twins = obstacle(scenarioWith('[{key: a, value: v, poison: true}, {key: a, value: v}]'))!
    const unnamed = obstacle(scenarioWith('[{value: fine}]', '[{key: a, poison: true}]'))!
    expect(twins).toContain('handlers: of two records with the value v')
    expect(unnamed).toContain('the client makes that up')
    for (const reason of [twins, unnamed]) expect(obstacleIn('ko', reason)).toBeDefined()
    expect(obstacle(scenarioWith('[{key: a, value: v, poison: true}, {key: b, value: v}]'))).toBeUndefined()
  })

  test('whose program may end over it has a process of its own; the others do what the file says', () => {
    const scenario = scenarioWith('[{key: a, value: v, poison: true}]')
    const plans = new Map(clientPlans(compile(scenario), scenario, (name) => name).map((plan) => [plan.id, plan]))
    expect([...plans.values()].filter(({ machine }) => machine !== SHARED).map(({ id }) => id)).toEqual(['ends'])
    expect(plans.get('skips')).toMatchObject({ spec: { onPoison: 'skip', fails: [['a', 'v']] } })
    expect(plans.get('gives')).toMatchObject({ spec: { onPoison: 'retry', config: { 'share.acknowledgement.mode': 'explicit' } } })
    expect(plans.get('moves')).toMatchObject({ kind: 'turns', spec: { reads: { topics: ['t', 'later'], side: { ladder: [{ topic: 'later', afterMs: 10_000 }], dead: 'dead' } } } })
    const none = scenarioWith('[{value: fine}]')
    expect(clientPlans(compile(none), none, (name) => name).every(({ machine }) => machine === SHARED)).toBe(true)
  })
})

describe('what is known of a share group from its members', () => {
  const bookAfter = (...told: readonly { readonly e: string; readonly [key: string]: unknown }[]): Book => {
    const book = new Book('s', -1)
    for (const [at, each] of told.entries()) book.take({ at, ...each })
    return book
  }
  const given = (offset: number, count: number) => ({ e: 'polled', records: [['t/0', offset, -1, count]] })
  const said = (offset: number, as: string) => ({ e: 'answered', p: 't/0', o: offset, as })
  const taken = (...offsets: readonly number[]) => ({ e: 'acknowledged', offsets: offsets.map((offset) => ['t/0', offset]) })

  test('what was accepted and taken; what was released is not, nor a gap', () => {
    const book = bookAfter(given(0, 1), said(0, 'release'), taken(0), given(0, 2), said(0, 'accept'), taken(0, 1))
    expect([book.accepted, book.redelivered, book.holds.get('t/0')!.size]).toEqual([1, 1, 0])
  })
  test('in implicit mode its next poll() accepts', () => {
    const book = bookAfter(given(0, 1), taken(0), given(1, 1))
    expect([book.accepted, [...book.holds.get('t/0')!.keys()]]).toEqual([1, [1]])
  })
  test('what was refused is not', () => {
    expect(bookAfter(given(0, 1), said(0, 'accept'), { e: 'acknowledged', error: 'INVALID_RECORD_STATE', offsets: [['t/0', 0]] }).accepted).toBe(0)
  })
})
