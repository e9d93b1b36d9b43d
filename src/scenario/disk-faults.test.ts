/** Disks in a scenario: what can be said of them, what is refused, and why what happens happens. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { playThrough } from '../cli/play-through.ts'
import { why } from '../projection/why.ts'
import { inputsOf, type Intervention } from './actions.ts'
import { evaluate, expression, type Value } from './expression.ts'
import { Observer } from './observe.ts'
import { parseScenario } from './parse.ts'
import { advance, newRun, playMachine } from './play.ts'

const { scenario } = parseScenario(`format: kafka-scenario/v1
id: disks
kind: demo
title: Disks
languages: [en]
seed: 5
cluster:
  brokers: [{id: b1, diskGB: 0.001}, {id: b2}, {id: b3, logDirs: 2}]
topics: [{name: t, partitions: 2, replicationFactor: 3, records: {count: 10, each: {bytes: 50000}}}]
steps:
  - {id: one, do: [{fillDisk: {target: b2}}, {failDisk: {target: b3, dir: 1}}, {slow: {disk: b1, add: 200ms}}], run: {for: 6s}}
  - {id: two, do: [{freeDisk: {target: b2}}, {restart: b2}], run: {for: 12s}}
`)
const run = newRun(scenario!)
const machine = playMachine(scenario!, undefined, 'watch')
const observer = new Observer(scenario!)
const value = (statement: string): Value => evaluate(expression(statement).node, observer.look(run.world, run.play).read)
const refusal = (intervention: Intervention) => {
  const made = inputsOf(run.world, intervention)
  return 'impossible' in made ? made.impossible : undefined
}

test('directories and how full disks are', () => {
  expect(value('broker(b3).logDirOnline(0) and broker(b3).logDirOnline(1) and broker(b3).logDirOnline')).toBe(true)
  expect(value('broker(b1).diskUsedPct')).toBeCloseTo(50.07, 1)
  advance(machine, run, 5_900_000)
  expect(value('not broker(b3).logDirOnline(1) and broker(b3).logDirOnline(0) and not broker(b3).logDirOnline')).toBe(true)
  expect(value('broker(b2).state == down and not broker(b2).logDirOnline and broker(b2).diskUsedPct == 100')).toBe(true)
  expect(value('broker(b3).logDirOnline(7)')).toBeUndefined()
})
test('what the moment makes impossible is refused with the reason', () => {
  expect(refusal({ do: 'failDisk', node: 'b3', dir: 1 })).toBe('alreadyFailed')
  expect(refusal({ do: 'freeDisk', node: 'b3', dir: 0 })).toBe('notFailed')
  expect(refusal({ do: 'fillDisk', node: 'b3', dir: 2 })).toBe('noSuchDisk')
  expect(refusal({ do: 'slowDisk', node: 'b2', add: 0 })).toBe('notFailed')
  expect(refusal({ do: 'slowDisk', node: 'b1', add: 0 })).toBeUndefined()
  expect(refusal({ do: 'failDisk', node: 'k1', dir: 0 })).toBe('notRunning')
})
test('freed and started again, a broker is back', () => {
  advance(machine, run, 18_000_000)
  expect(value('broker(b2).state == running and broker(b2).logDirOnline')).toBe(true)
})

test('why: back to the disk, with the directory in log.dirs', () => {
  const parsed = parseScenario(readFileSync(join(import.meta.dirname, '../../scenarios/laboratory/s24-disk-failure.yaml'), 'utf8'))
  const { story } = playThrough(parsed.scenario!, { mode: 'watch', seed: 24, until: 8_000_000 })
  const elected = story.find(({ fact }) => fact.code === 'leader.elected')!
  const dirs = '/var/lib/kafka/data-0,/var/lib/kafka/data-1'
  const { links, roots } = why(story, elected.index, (name) => (name === 'log.dirs' ? dirs : undefined))
  expect(links.map(({ line }) => line.fact.code)).toEqual(['leader.elected', 'isr.changed', 'logDir.failed', 'fault.made'])
  expect(links.flatMap(({ configs }) => configs)).toEqual([{ name: 'log.dirs', value: dirs }])
  expect(roots.map(({ fact }) => fact.code)).toEqual(['fault.made'])
})
