import { describe, expect, test } from 'vitest'
import { isHeadline } from '../projection/story.ts'
import { applyPatch } from '../projection/patch.ts'
import { configInForce, isAbout, lineToExplain, placeOfRecord } from './about.ts'
import { fakeBase, fakeRun } from './fixtures/fake-run.ts'

const s = 1_000_000
const { story, patches } = fakeRun([{ afterStep: 0, at: 2 * s, intervention: { do: 'crash', node: 'b1' } }], 12 * s)
const view = patches.reduce((before, { patch }) => applyPatch(before, patch), fakeBase)
const about = (kind: 'broker' | 'replica' | 'record' | 'partition', key: string) => story.filter((line) => isAbout(line, { kind, key }, view)).map((line) => line.fact.code)

describe('lines about a thing', () => {
  test('a broker: what names it, and what it told', () => {
    expect(about('broker', 'b1').filter((code) => code !== 'highWatermark.advanced')).toEqual(['node.crashed', 'broker.fenced', 'isr.changed'])
  })
  test('a log on a broker: its partition where that broker is named', () => {
    expect(about('replica', 'orders/0@b2').filter((code) => code !== 'highWatermark.advanced')).toEqual(['isr.changed', 'leader.elected'])
  })
  test('a record: what happened at its offset', () => {
    expect(placeOfRecord(view, 'shop#20')?.on).toContain('b2')
    expect(about('record', 'shop#20')).toEqual(['highWatermark.advanced'])
  })
  test('the newest headline is explained', () => {
    expect(lineToExplain(story, story.length, { kind: 'partition', key: 'orders/0' }, view, isHeadline)?.fact.code).toBe('leader.elected')
    expect(lineToExplain(story, 0, { kind: 'partition', key: 'orders/0' }, view, isHeadline)).toBeUndefined()
  })
})

test('a config that was set is told with the value it was set to', () => {
  const line = story.find((each) => each.fact.code === 'isr.changed')!
  expect(configInForce(view, line, 'min.insync.replicas')).toBe('2')
  expect(configInForce(view, line, 'acks')).toBeUndefined()
})
