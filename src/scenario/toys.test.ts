import { describe, expect, test } from 'vitest'
import { sayFinding } from '../text/find.ts'
import { evaluate, expression, type Value } from './expression.ts'
import { Observer } from './observe.ts'
import { parseScenario } from './parse.ts'
import { advance, newRun, playMachine } from './play.ts'
import './whole.ts'

const textOf = (more: Readonly<Record<string, string>> = {}): string => `format: kafka-scenario/v1
id: beside
kind: demo
title: Beside
languages: [en]
seed: 3
cluster: {brokers: 1, controllers: 1}
topics: [{name: t, partitions: 1}]
clients: {producers: [{id: p, topic: t}]}
toys:
  - ${more['toy'] ?? '{id: hub, kind: pushBroker, senders: [{id: feed, rate: 10/s}], readers: [{id: fast, processMs: 20, inbox: 5}, {id: slow, processMs: 400, inbox: 5}], whenFull: drop}'}
steps:
  - {id: one, do: [${more['start'] ?? '{start: [fast, slow]}, {at: 100ms, start: feed}'}], run: {for: 6050ms}}
  - {id: two, do: [{pause: {target: slow}}], run: {for: 1s}}
  - {id: three, do: [{resume: slow}], run: {for: 1s}}
expect: [{eventually: '${more['expect'] ?? 'event("toy.dropped", slow).count >= 1'}'}]
`
const findings = (more: Readonly<Record<string, string>>): readonly string[] => parseScenario(textOf(more)).findings.map((finding) => `${finding.code} ${sayFinding('en', finding)}`)

describe('a toy beside the cluster', () => {
  const { scenario } = parseScenario(textOf())
  const machine = playMachine(scenario!, undefined, 'watch')
  const run = newRun(scenario!)
  const observer = new Observer(scenario!)
  const value = (statement: string): Value => evaluate(expression(statement).node, observer.look(run.world, run.play).read)

  test('stands idle until it is started', () => {
    expect(value('toy(hub).reader(slow).state')).toBe('stopped')
    expect(value('toy(hub).published + toy(hub).sender(feed).sent')).toBe(0)
  })

  test('is spoken of in statements, and overflows', () => {
    advance(machine, run, 6_050_000)
    expect(['published', 'blocked', 'blockedMs', 'state'].map((property) => value(`toy(hub).${property}`))).toEqual([60, false, 0, 'running'])
    expect(['processed', 'inbox', 'waiting', 'dropped'].map((property) => value(`toy(hub).reader(slow).${property}`))).toEqual([14, 5, 6, 40])
    expect(value('toy(hub).reader(fast).dropped == 0 and toy(hub).reader(fast).processed >= 59')).toBe(true)
    expect(value('event("toy.dropped", slow).count')).toBe(40)
  })

  test('freezes and wakes as everything does', () => {
    advance(machine, run, 7_000_000)
    expect(value('toy(hub).reader(slow).state')).toBe('frozen')
    advance(machine, run, 8_050_000)
    expect(value('toy(hub).reader(slow).state')).toBe('running')
  })
})

describe('mistakes about toys', () => {
  test.each([
    [{ expect: 'toy(hub).reader(slwo).dropped == 1' }, 'R101', 'slow'],
    [{ expect: 'toy(hubb).published == 1' }, 'R101', 'hub'],
    [{ expect: 'toy(hub).reader(slow).droped == 1' }, 'E202', 'dropped'],
    [{ expect: 'toy(hub).reader(slow) == 1' }, 'E202', 'processed'],
    [{ start: '{start: hub}' }, 'R108', 'hub'],
    [{ start: '{produce: {by: feed, count: 1}}' }, 'R108', 'feed'],
    [{ toy: '{id: hub, kind: pushBroker, senders: [{id: p, rate: 1/s}], readers: [{id: fast, inbox: 1}, {id: slow, inbox: 1}], whenFull: drop}', start: '{start: [fast, slow]}' }, 'R109', 'p'],
    [{ toy: '{id: b1, kind: pushBroker, senders: [{id: feed, rate: 1/s}], readers: [{id: fast, inbox: 1}, {id: slow, inbox: 1}], whenFull: drop}' }, 'R109', 'b1'],
    [{ toy: '{id: hub, kind: pushBroker, senders: [{id: feed, rate: 0/s}], readers: [{id: fast, inbox: 1}, {id: slow, inbox: 1}], whenFull: drop}' }, 'S', '0/s'],
  ] as const)('%s', (more, code, says) => {
    const found = findings(more)
    expect(found.join('\n')).toContain(says)
    expect(found.some((each) => each.startsWith(code)), found.join('\n')).toBe(true)
  })
})
