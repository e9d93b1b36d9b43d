/**
 * Handlers in every combination: what they do beside Kafka, how long they take, what they pass over, how their clients commit,
 * and what befalls clients, sinks and the broker meanwhile. When all is well again nothing hangs: every record that is wanted and
 * can be handled has been, and a run that goes on from a snapshot is the same run.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printed } from '../base/hash.ts'
import { noWatch } from '../engine/watch.ts'
import { monitored } from '../kafka/monitored.testing.ts'
import { evaluate, expression, type Value } from './expression.ts'
import { Observer } from './observe.ts'
import { parseScenario } from './parse.ts'
import { advance, newRun, playMachine } from './play.ts'
import type { Scenario } from './types.ts'
import './whole.ts'

const RECORDS = 12, END = 270_000_000
const kinds = ['range', 'cooperative-sticky', 'consumer', 'transaction', 'turn', 'share'] as const
const troubles = ['crash', 'crashSink', 'pauseSink', 'pause', 'slow', 'pausePartitions', 'configure', 'cutSink', 'loseAnswer', 'copyRequest', 'stop', 'crashBroker', 'cutBroker'] as const

const trouble = fc.record({ what: fc.constantFrom(...troubles), at: fc.integer({ min: 50, max: 25_000 }), lasts: fc.integer({ min: 100, max: 12_000 }), who: fc.constantFrom('A', 'B'), sink: fc.constantFrom('mail', 'rows') })
const cases = fc.record({
  kind: fc.constantFrom(...kinds), seed: fc.integer({ min: 1, max: 10_000 }), partitions: fc.integer({ min: 1, max: 2 }), processMs: fc.constantFrom(0, 50, 400, 1500), filters: fc.boolean(),
  bad: fc.uniqueArray(fc.integer({ min: 0, max: RECORDS - 1 }), { maxLength: 2 }), commits: fc.constantFrom('after', 'auto'), batch: fc.integer({ min: 1, max: 4 }), copyAt: fc.integer({ min: 1, max: 30 }),
  befalls: fc.array(trouble, { maxLength: 6 }),
})
type Case = typeof cases extends fc.Arbitrary<infer Of> ? Of : never

const writes = ({ kind }: Case): boolean => kind === 'transaction' || kind === 'turn'
const filters = ({ filters: wanted, kind }: Case): boolean => wanted && kind !== 'share'
const numbers = Array.from({ length: RECORDS }, (_, i) => i)
const wantedOf = (one: Case): readonly number[] => numbers.filter((i) => !filters(one) || i % 3 !== 0)

function deedsOf({ kind, befalls }: Case): { readonly now: readonly string[]; readonly after: readonly string[] } {
  const now: string[] = [], after: string[] = []
  const add: Readonly<Record<(typeof troubles)[number], (at: string, until: string, lasts: number, who: string, sink: string) => unknown>> = {
    crash: (at, until, _, who) => now.push(`{${at}, crash: ${who}}`, `{${until}, restart: ${who}}`),
    crashSink: (at, until, _, __, sink) => now.push(`{${at}, crash: ${sink}}`, `{${until}, restart: ${sink}}`),
    crashBroker: (at, until) => now.push(`{${at}, crash: b1}`, `{${until}, restart: b1}`),
    pauseSink: (at, _, lasts, __, sink) => now.push(`{${at}, pause: {target: ${sink}, for: ${lasts}ms}}`),
    pause: (at, _, lasts, who) => now.push(`{${at}, pause: {target: ${who}, for: ${lasts}ms}}`),
    slow: (at, _, lasts, who) => {
      now.push(`{${at}, slow: {handler: ${who}, add: ${lasts}ms}}`)
      // A program that is down has no handler to be told of it.
      after.push(`{slow: {handler: ${who}, add: 0s}}`, `{at: 95s, slow: {handler: ${who}, add: 0s}}`)
    },
    pausePartitions: (at, _, __, who) => {
      if (kind === 'transaction' || kind === 'turn' || kind === 'share') return
      now.push(`{${at}, pausePartitions: {by: ${who}, partitions: [orders/0]}}`)
      after.push(`{resumePartitions: {by: ${who}, partitions: [orders/0]}}`)
    },
    configure: (at, _, __, who) => now.push(`{${at}, config: {client: ${who}, set: {max.poll.interval.ms: 9000}}}`),
    cutSink: (at, _, __, who, sink) => now.push(`{${at}, cut: {from: ${who}, to: ${sink}}}`),
    cutBroker: (at, _, __, who) => now.push(`{${at}, cut: {from: ${who}, to: b1}}`),
    loseAnswer: (at, _, __, who, sink) => now.push(`{${at}, dropNext: {from: ${sink}, to: ${who}, api: Effect, part: response, close: true}}`),
    copyRequest: (at, _, __, who, sink) => now.push(`{${at}, duplicateNext: {from: ${who}, to: ${sink}, api: Effect, part: request}}`),
    stop: (at, _, __, who) => {
      now.push(`{${at}, stop: ${who}}`)
      after.push(`{at: 90s, restart: ${who}}`)
    },
  }
  for (const { what, at, lasts, who, sink } of befalls) add[what](`at: ${at}ms`, `at: ${at + lasts}ms`, lasts, who, sink)
  return { now, after }
}

function scenarioOf(one: Case): Scenario {
  const { kind, seed, partitions, processMs, bad, commits, batch } = one
  const { now, after } = deedsOf(one)
  // A client whose transaction has timed out is fenced, and its program ends.
  const again = writes(one) ? ['A', 'B'].flatMap((id) => [`{at: 91s, crash: ${id}}`, `{at: 92s, restart: ${id}}`]) : []
  const records = numbers.map((i) => `{key: ${i % 3 === 0 ? 'x' : 'g'}${i % 3}, value: o${i}, partition: ${i % partitions}${bad.includes(i) ? ', poison: true' : ''}}`)
  const common = `topic: orders, group: g, processMs: ${processMs}, onPoison: skip${filters(one) ? ", filter: {keys: 'g*'}" : ''}`
  const configs = `auto.offset.reset: earliest, max.poll.interval.ms: 8000${kind === 'consumer' ? ', group.protocol: consumer' : ', session.timeout.ms: 6000, heartbeat.interval.ms: 1000'}`
  const client = (id: string): string => {
    if (kind === 'share') return `{id: ${id}, ${common}}`
    if (writes(one)) return `{id: ${id}, ${common}, writes: copies, batch: ${batch}, config: {${configs}${kind === 'transaction' ? `, transactional.id: ${id}, transaction.timeout.ms: 10000` : ''}}}`
    return `{id: ${id}, ${common}, commits: ${commits}, config: {${configs}, max.poll.records: ${batch}${kind === 'consumer' ? '' : `, partition.assignment.strategy: ${kind}`}}}`
  }
  const audit = '{id: audit, topic: copies, group: audit, config: {isolation.level: read_committed, auto.offset.reset: earliest}}'
  const both = `${client('A')}, ${client('B')}`
  const clients = kind === 'share' ? `consumers: [${audit}], shareConsumers: [${both}]` : writes(one) ? `consumers: [${audit}], transactional: [${both}]` : `consumers: [${audit}, ${both}]`
  const { scenario, findings } = parseScenario(`format: kafka-scenario/v1
id: handlers
kind: demo
title: Handlers
languages: [en]
seed: ${seed}
cluster: {brokers: 1, controllers: 1, config: {group.initial.rebalance.delay.ms: 0, offsets.topic.num.partitions: 1, transaction.state.log.num.partitions: 1, share.coordinator.state.topic.num.partitions: 1}}
topics: [{name: orders, partitions: ${partitions}, records: [${records.join(', ')}]}, {name: copies, partitions: 1}]
${kind === 'share' ? 'groups: [{id: g, config: {share.auto.offset.reset: earliest}}]' : ''}
clients: {${clients}}
apps: [{id: copied, reads: copies, group: audit, isolation: read_committed}, {id: mail, of: [A, B], effect: email}, {id: rows, of: [A, B], dedupe: true}]
steps:
  - {id: trouble, do: [${['{start: [A, B, audit]}', ...now].join(', ')}], run: {for: 40s}}
  - {id: mended, do: [{heal: all}], run: {for: 10s}}
  - {id: well, ${after.length + again.length === 0 ? '' : `do: [${[...after, ...again].join(', ')}], `}run: {for: 220s}}
expect: [{atEnd: 'app(mail).processed >= 0'}]
`)
  expect(findings).toEqual([])
  return scenario!
}

test('whatever befalls them, every wanted record is handled in the end, and each run is the same from a snapshot', () => {
  fc.assert(fc.property(cases, (one) => {
    const scenario = scenarioOf(one)
    const machine = playMachine(scenario, monitored(noWatch), 'watch')
    const run = newRun(scenario)
    advance(machine, run, one.copyAt * 1_000_000)
    const copy = machine.copy(run)
    advance(machine, run, END)
    advance(playMachine(scenario, noWatch, 'watch'), copy, END)
    expect(printed(copy.world.hash)).toBe(printed(run.world.hash))

    const observer = new Observer(scenario)
    const value = (statement: string): Value => evaluate(expression(statement).node, observer.look(run.world, run.play).read)
    const wanted = wantedOf(one)
    const fails = wanted.filter((i) => one.bad.includes(i)).length
    expect(['mail', 'rows'].map((sink) => [value(`app(${sink}).distinct`), value(`app(${sink}).missed`)])).toEqual([[wanted.length - fails, fails], [wanted.length - fails, fails]])
    expect(value('app(rows).duplicates')).toBe(0)
    if (writes(one)) expect(value('app(copied).distinct')).toBe(wanted.length - fails)
    if (one.kind === 'transaction') expect(value('app(copied).duplicates')).toBe(0)
    if (one.kind === 'share') return
    for (let i = 0; i < one.partitions; i++) expect(value(`group(g).committed(orders/${i})`)).toBe(RECORDS / one.partitions)
  }), { seed: 1, numRuns: 40 })
})
