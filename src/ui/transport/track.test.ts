import { describe, expect, test } from 'vitest'
import type { Fact } from '../../kafka/notes.ts'
import type { StoryLine } from '../../projection/story.ts'
import { deskEn as en } from '../../text/desk.en.ts'
import { fakeBase } from '../fixtures/fake-run.ts'
import { axisEnd, distinct, isrBand, leaderBand, markOf, placeMarks, type Mark } from './track.ts'

const line = (at: number, fact: Fact, index = 0): StoryLine => ({ index, at, step: 0, cause: 0, node: 'k1', fact })
const orders = fakeBase.partitions['orders/0']!
const story = [
  line(10, { code: 'node.crashed', node: 'b1' }),
  line(30, { code: 'isr.changed', partition: 'orders/0', isr: ['b2', 'b3'], was: ['b1', 'b2', 'b3'], why: 'fenced' }),
  line(30, { code: 'leader.elected', partition: 'orders/0', leader: 'b2', epoch: 1, how: 'clean' }),
]

describe('bands', () => {
  test('who led: a dead leader stays on record until another is elected', () => {
    expect(leaderBand(story, { ...orders, leader: 'b2', leaderEpoch: 1 }, 50)).toEqual([
      { from: 0, to: 10, value: 'b1', epoch: 0, dead: false },
      { from: 10, to: 30, value: 'b1', epoch: 0, dead: true },
      { from: 30, to: 50, value: 'b2', epoch: 1, dead: false },
    ])
  })
  test('who led before a move is not among the replicas of today: the earliest picture knows, or what has been taken away', () => {
    const moved = [
      line(5, { code: 'reassignment.started', partition: 'orders/0', adding: ['b4'], removing: ['b1'] }),
      line(20, { code: 'leader.elected', partition: 'orders/0', leader: 'b2', epoch: 1, how: 'reassignment' }),
    ]
    const today = { ...orders, replicas: ['b2', 'b3', 'b4'], leader: 'b2', leaderEpoch: 1 }
    const values = (begun?: typeof orders) => leaderBand(moved, today, 50, begun).map(({ value }) => value)
    expect(values({ ...orders, leader: 'b1', leaderEpoch: 0 })).toEqual(['b1', 'b2'])
    expect(values({ ...orders, leader: 'b2', leaderEpoch: 1 })).toEqual(['b1', 'b2'])
    expect(values()).toEqual(['b1', 'b2'])
  })
  test('one without power is as dead as one that was killed', () => {
    const dark = [line(10, { code: 'power.lost', node: 'b1', records: 4 }), line(20, { code: 'node.started', node: 'b1', clean: false })]
    expect(leaderBand(dark, { ...orders, leader: 'b1', leaderEpoch: 0 }, 50).map(({ from, to, dead }) => [from, to, dead])).toEqual([[0, 10, false], [10, 20, true], [20, 50, false]])
  })
  test('who was in sync', () => {
    expect(isrBand(story, orders, 50)).toEqual([
      { from: 0, to: 30, value: 'b1 b2 b3' },
      { from: 30, to: 50, value: 'b2 b3' },
    ])
    expect(isrBand(story, orders, 20)).toEqual([{ from: 0, to: 20, value: 'b1 b2 b3' }])
  })
})

describe('marks', () => {
  const name = () => 'order-8'
  test('a fault, an election, a loss; internal topics have none', () => {
    expect(markOf(story[0]!, en.transport.marks, name)).toMatchObject({ icon: 'bolt', tone: 'fault', label: 'b1 killed' })
    expect(
      markOf(
        line(1, { code: 'record.lost', producer: 'shop', partition: 'orders/0', offset: 7, ackedBy: 'b1', why: 'truncated' }),
        en.transport.marks,
        name,
      )?.label,
    ).toBe('order-8 lost')
    expect(
      markOf(
        line(1, { code: 'leader.elected', partition: '__consumer_offsets/1', leader: 'b2', epoch: 1, how: 'clean' }),
        en.transport.marks,
        name,
      ),
    ).toBeUndefined()
  })
  test('each fault by its own name, and what happens to the quorum of the controllers', () => {
    const label = (fact: Fact) => markOf(line(1, fact), en.transport.marks, name)?.label
    expect(label({ code: 'power.lost', node: 'b1', records: 4 })).toBe('b1 without power')
    expect(label({ code: 'fault.made', what: 'damage', target: 'orders/0@b1', ms: 0 })).toBe('log on b1 damaged')
    expect(label({ code: 'fault.made', what: 'stallFetch', target: 'b2', ms: 0 })).toBe('b2 stalled')
    expect(label({ code: 'fault.made', what: 'slow', target: 'b1 b2', ms: 100 })).toBe('slowed')
    expect(label({ code: 'controller.elected', node: 'k2', epoch: 2, votes: ['k2', 'k3'], voters: 3 })).toBe('k2 elected')
    expect(label({ code: 'quorum.lost', alive: 1, voters: 3 })).toBe('no quorum')
    expect(label({ code: 'quorum.regained', alive: 2, voters: 3 })).toBe('quorum again')
    expect(label({ code: 'offsets.expired', group: 'g', partition: 'orders/0', offset: 7, since: 'empty', ageMs: 60_500, retentionMs: 60_000 })).toBe('commit of g expired')
  })
  test('what happens to many at once is one mark', () => {
    const mark: Mark = { at: 5, icon: 'crown', tone: 'ink', label: 'b2 leads', weight: 8 }
    expect(distinct([mark, mark, { ...mark, at: 6 }])).toHaveLength(2)
  })
  test('where two are too close, the weightier keeps its words', () => {
    const at = (x: number, label: string, weight: number): Mark => ({ at: x, icon: 'bolt', tone: 'fault', label, weight })
    const placed = placeMarks(
      [at(100, 'b1 killed', 9), at(120, 'ISR b2 b3', 4), at(300, 'b2 leads', 8)],
      (x) => x,
      400,
      (text) => text.length * 6,
    )
    expect(placed.map((mark) => [mark.showLabel, mark.anchor])).toEqual([
      [true, 'end'],
      [true, 'start'],
      [true, 'start'],
    ])
    const crowded = placeMarks(
      [at(20, 'b1 killed', 9), at(40, 'ISR b2 b3', 4), at(60, 'x', 5)],
      (x) => x,
      400,
      (text) => text.length * 6,
    )
    expect(crowded.map((mark) => mark.showLabel)).toEqual([false, false, true])
  })
})

test('the axis grows in steps', () => {
  expect(axisEnd(100)).toBe(4_000)
  expect(axisEnd(4_001)).toBe(5_000)
})
