/**
 * Whenever clients crash: who commits after the handler misses no effect, and a unique key makes it one each; who commits before
 * has none twice; and a transaction takes back invoices, and no mail.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluate, expression, type Value } from './expression.ts'
import { Observer } from './observe.ts'
import { parseScenario } from './parse.ts'
import { advance, newRun, playMachine } from './play.ts'
import './whole.ts'

const RECORDS = 14
interface Crash { readonly node: string; readonly at: number; readonly downFor: number }

function run(clients: string, crashes: readonly Crash[], seed: number): (statement: string) => Value {
  const deeds = crashes.flatMap(({ node, at, downFor }) => [`{at: ${at}ms, crash: ${node}}`, `{at: ${at + downFor}ms, restart: ${node}}`])
  const names = [...new Set(crashes.map(({ node }) => node))]
  const { scenario } = parseScenario(`format: kafka-scenario/v1
id: crashes
kind: demo
title: Crashes
languages: [en]
seed: ${seed}
cluster: {brokers: 1, controllers: 1, config: {group.initial.rebalance.delay.ms: 0, offsets.topic.num.partitions: 1, transaction.state.log.num.partitions: 1}}
topics: [{name: orders, partitions: 1, records: {count: ${RECORDS}}}, {name: invoices, partitions: 1}]
clients: {${clients}}
apps: [{id: invoices, reads: invoices, group: audit, isolation: read_committed}, {id: mail, of: [${names.join(', ')}], effect: email}, {id: sent, of: [${names.join(', ')}], dedupe: true}]
steps:
  - {id: one, do: [{start: [${names.join(', ')}, audit]}, ${deeds.join(', ')}], run: {for: 60s}}
  - {id: two, run: {for: 60s}}
expect: [{atEnd: 'app(mail).processed >= 0'}]
`)
  const machine = playMachine(scenario!, undefined, 'watch')
  const played = newRun(scenario!)
  advance(machine, played, 120_000_000)
  const observer = new Observer(scenario!)
  return (statement) => evaluate(expression(statement).node, observer.look(played.world, played.play).read)
}

const audit = '{id: audit, topic: invoices, group: audit, config: {isolation.level: read_committed, auto.offset.reset: earliest}}'
const config = 'auto.offset.reset: earliest, session.timeout.ms: 6000, heartbeat.interval.ms: 1000, max.poll.records: 3'
const consumer = (id: string, commits: string): string => `{id: ${id}, topic: orders, group: g, processMs: 300, commits: ${commits}, config: {${config}}}`
const crashesOf = (...nodes: string[]): fc.Arbitrary<readonly Crash[]> => fc.array(
  fc.record({ node: fc.constantFrom(...nodes), at: fc.integer({ min: 50, max: 30_000 }), downFor: fc.integer({ min: 100, max: 9_000 }) }), { minLength: 1, maxLength: 5 },
).map((crashes) => [...nodes.filter((node) => crashes.every((each) => each.node !== node)).map((node) => ({ node, at: 31_000, downFor: 100 })), ...crashes])

describe('whenever its clients crash', () => {
  test('commits after: every committed record has an effect, and with a unique key one', () => {
    fc.assert(fc.property(crashesOf('A', 'B'), fc.integer({ min: 1, max: 1_000 }), (crashes, seed) => {
      const value = run(`consumers: [${consumer('A', 'after')}, ${consumer('B', 'after')}, ${audit}]`, crashes, seed)
      expect(value('group(g).committed(orders/0)')).toBe(RECORDS)
      expect(value('app(mail).distinct')).toBe(RECORDS)
      expect([value('app(mail).missed'), value('app(sent).missed'), value('app(sent).duplicates')]).toEqual([0, 0, 0])
      expect(value('app(sent).processed')).toBe(RECORDS)
      // Both are asked the same, but for a crash between the two.
      expect(value('app(mail).processed >= app(sent).processed + app(sent).refused')).toBe(true)
    }), { seed: 1, numRuns: 25 })
  })

  test('commits before: none twice, and what is missing was committed', () => {
    fc.assert(fc.property(crashesOf('A'), fc.integer({ min: 1, max: 1_000 }), (crashes, seed) => {
      const value = run(`consumers: [${consumer('A', 'before')}, ${audit}]`, crashes, seed)
      expect(value('app(mail).duplicates')).toBe(0)
      expect(value('app(sent).refused')).toBe(0)
      expect(value('app(mail).processed + app(mail).missed')).toBe(value('group(g).committed(orders/0)'))
    }), { seed: 2, numRuns: 25 })
  })

  test('in transactions: each invoice once, each mail at least once', () => {
    fc.assert(fc.property(crashesOf('A', 'B'), fc.integer({ min: 1, max: 1_000 }), (crashes, seed) => {
      const one = (id: string): string => `{id: ${id}, topic: orders, group: g, writes: invoices, batch: 3, processMs: 300, config: {transactional.id: copy-${id}, transaction.timeout.ms: 10000, auto.offset.reset: earliest, session.timeout.ms: 6000, heartbeat.interval.ms: 1000}}`
      const value = run(`consumers: [${audit}], transactional: [${one('A')}, ${one('B')}]`, crashes, seed)
      expect(value('group(g).committed(orders/0)')).toBe(RECORDS)
      expect([value('app(mail).distinct'), value('app(mail).missed'), value('app(sent).processed'), value('app(sent).duplicates')]).toEqual([RECORDS, 0, RECORDS, 0])
      expect([value('app(invoices).processed'), value('app(invoices).duplicates')]).toEqual([RECORDS, 0])
    }), { seed: 3, numRuns: 15 })
  })
})
