import { describe, expect, it } from 'vitest'
import { askedOf } from './asked.ts'
import { parseScenario } from './parse.ts'

const file = (steps: string): string => `
format: kafka-scenario/v1
id: s01-asked
kind: experiment
title: {en: x, ko: x}
summary: {en: x, ko: x}
watch: {en: x, ko: x}
languages: [en, ko]
seed: 1
meta: {experiment: S01}
cluster: {brokers: 3}
topics:
  - {name: t, partitions: 2, replicas: {"0": [b1, b2, b3], "1": [b2, b3, b1]}}
clients:
  producers:
    - {id: p, topic: t}
  consumers:
    - {id: c, topic: t, group: g}
steps:
${steps}
`
const asked = (steps: string) => {
  const { scenario, findings } = parseScenario(file(steps))
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
  return askedOf(scenario!)
}

describe('what a file asks for', () => {
  it('is what the statements of each step name, nothing else', () => {
    const [first, second] = asked(`
  - id: one
    do: [{start: [p, c]}, {produce: {by: p, count: 3}, when: "group(g).state == Stable"}]
    run: {until: "partition(t/0).hw == 3 and partition(t/1).online", max: 9s}
    check:
      - atEnd: "group(g).committed(t/0) == none and partition(t/0).logStart == 0"
  - id: two
    run: {for: 1s}
    check:
      - within: 1s
        that: "producer(p).acked == 3 and partition(t/0).offsets contains 0 and partition(t/1).segments == 1"
expect:
  - always: "controller.epoch == 1 and consumer(c).lastError == none"`)
    expect(first!.partitions).toEqual(new Map([['t/0', new Set(['hw', 'earliest'])], ['t/1', new Set(['leader'])]]))
    expect(first!.groups).toEqual(new Map([['g', new Set(['state'])]]))
    expect(first!.committed).toEqual(new Map([['g', new Set(['t/0'])]]))
    expect(first!.clients).toEqual(new Set())
    expect(first!.statements.map(({ key }) => key)).toEqual([
      'until: partition(t/0).hw == 3 and partition(t/1).online', 'when: group(g).state == Stable',
      'check atEnd: group(g).committed(t/0) == none and partition(t/0).logStart == 0',
    ])
    expect(second!.records).toEqual(new Set(['t/0']))
    expect(second!.segments).toEqual(new Set(['t/1']))
    expect(second!.clients).toEqual(new Set(['p', 'c']))
    expect(second!.quorum).toEqual(new Set(['epoch']))
    expect(second!.statements.at(-1)!.key).toBe('expect always: controller.epoch == 1 and consumer(c).lastError == none')
    expect(second!.partitions).toEqual(new Map())
  })

  it('takes a lag for the committed offsets of all that the group reads, a topic for the records of all its partitions', () => {
    const [step] = asked(`
  - id: one
    run: {for: 1s}
    check:
      - atEnd: "group(g).lag == 0 and topic(t).records == 0"
expect:
  - atEnd: "ledger.lost == 0"`)
    expect(step!.committed).toEqual(new Map([['g', new Set(['t/0', 't/1'])]]))
    expect(step!.records).toEqual(new Set(['t/0', 't/1']))
  })
})
