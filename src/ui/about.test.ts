import { describe, expect, test } from 'vitest'
import { applyPatch } from '../projection/patch.ts'
import type { StoryLine } from '../projection/story.ts'
import { configInForce, isAbout, lineToExplain, linesAbout, placeOfRecord } from './about.ts'
import { fakeBase, fakeRun } from './fixtures/fake-run.ts'

const s = 1_000_000
const { story, patches } = fakeRun([{ afterStep: 0, at: 2 * s, intervention: { do: 'crash', node: 'b1' } }], 12 * s)
const view = patches.reduce((before, { patch }) => applyPatch(before, patch), fakeBase)
const about = (kind: 'broker' | 'replica' | 'record' | 'partition', key: string) =>
  story.filter((line) => isAbout(line, { kind, key }, view)).map((line) => line.fact.code)

test('the newest lines about a thing, newest first', () => {
  const lines = linesAbout(story, 12 * s, { kind: 'broker', key: 'b2' }, view, 3)
  expect(lines).toHaveLength(3)
  expect(lines[0]!.at).toBeGreaterThan(lines[2]!.at)
})

describe('lines about a thing', () => {
  test('a broker: what names it, and what it told', () => {
    expect(about('broker', 'b1').filter((code) => code !== 'highWatermark.advanced')).toEqual([
      'node.crashed',
      'broker.fenced',
      'isr.changed',
    ])
  })
  test('a log on a broker: its partition where that broker is named', () => {
    expect(about('replica', 'orders/0@b2').filter((code) => code !== 'highWatermark.advanced')).toEqual(['isr.changed', 'leader.elected'])
  })
  test('a record: what happened at its offset', () => {
    expect(placeOfRecord(view, 'shop#20')?.on).toContain('b2')
    expect(about('record', 'shop#20')).toEqual(['highWatermark.advanced'])
  })
  test('a record that is not read: its reader has paused the partition', () => {
    const line: StoryLine = { index: 0, at: s, step: 1, cause: 0, node: 'c1', fact: { code: 'partitions.paused', consumer: 'c1', partitions: ['orders/0'] } }
    const { offset } = placeOfRecord(view, 'shop#20')!.cell
    const reading = (position: number, paused: boolean) =>
      applyPatch(view, { set: { consumers: { c1: { ...view.consumers['c1']!, assigned: [{ partition: 'orders/0', position, committed: 0, ...(paused ? { paused } : {}) }] } } }, remove: {} })
    const record = { kind: 'record', key: 'shop#20' } as const
    expect([reading(offset, true), reading(offset + 1, true), reading(offset, false)].map((now) => isAbout(line, record, now))).toEqual([true, false, false])
  })
  test('the newest headline is explained', () => {
    expect(lineToExplain(story, 12 * s, { kind: 'partition', key: 'orders/0' }, view)?.fact.code).toBe('leader.elected')
    expect(lineToExplain(story, 0, { kind: 'partition', key: 'orders/0' }, view)).toBeUndefined()
  })
})

test('a config that was set is told with the value it was set to', () => {
  const line = story.find((each) => each.fact.code === 'isr.changed')!
  expect(configInForce(view, line, 'min.insync.replicas')).toBe('2')
  expect(configInForce(view, line, 'acks')).toBeUndefined()
})

test('a config of one group is not told of another', () => {
  const [c1] = Object.values(view.consumers)
  const strategy = [{ name: 'partition.assignment.strategy', value: 'cooperative-sticky', default: 'range,cooperative-sticky' }]
  const two = { ...view, consumers: { ...view.consumers, [c1!.name]: { ...c1!, group: 'eager', overrides: [] }, o1: { ...c1!, name: 'o1', group: 'coop', overrides: strategy } } }
  const rebalances = (group: string): StoryLine => ({ index: 0, at: 0, step: 0, cause: 0, node: 'b1', fact: { code: 'rebalance.started', group, why: 'joined' } })
  expect(configInForce(two, rebalances('coop'), 'partition.assignment.strategy')).toBe('cooperative-sticky')
  expect(configInForce(two, rebalances('eager'), 'partition.assignment.strategy')).toBeUndefined()
})

test('log.dirs has all directories of the broker that a line speaks of', () => {
  const logDirs = ['/var/lib/kafka/data-0', '/var/lib/kafka/data-1'].map((path) => ({ path, online: true, ails: undefined, usedPct: undefined }))
  const two = { ...view, brokers: { ...view.brokers, b1: { ...view.brokers['b1']!, disks: { logDirs, slow: 0 } } } }
  const line: StoryLine = { index: 0, at: 0, step: 0, cause: 0, node: 'b1', fact: { code: 'logDir.failed', node: 'b1', dir: '/var/lib/kafka/data-0', partitions: 1, why: 'failed' } }
  expect(configInForce(two, line, 'log.dirs')).toBe('/var/lib/kafka/data-0,/var/lib/kafka/data-1')
  expect(configInForce(view, line, 'log.dirs')).toBe('/var/lib/kafka/data')
})
