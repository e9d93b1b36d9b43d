import { expect, test } from 'vitest'
import { at, line } from '../../scene/fixtures/build.ts'
import { ackedOf, downfallOf, endingOf } from './past.ts'

const story = [
  line(0, at(0, 1), 'b1', { code: 'node.crashed', node: 'b1' }),
  line(1, at(0, 2), 'k1', { code: 'broker.fenced', node: 'b1', silentMs: 9000 }),
  line(2, at(0, 7), 'shop', { code: 'record.acked', producer: 'shop', partition: 'orders/0', offset: 7, records: 3, acks: '1' }),
  line(3, at(0, 8), 'b1', { code: 'node.crashed', node: 'b1' }),
  line(4, at(0, 16), 'k1', { code: 'broker.fenced', node: 'b1', silentMs: 9000 }),
  line(5, at(0, 16), 'b2', { code: 'record.lost', producer: 'shop', partition: 'orders/0', offset: 6, ackedBy: 'b1', why: 'truncated' }),
  line(6, at(0, 20), 'b3', { code: 'node.stopped', node: 'b3', tookMs: 400 }),
]

test('a broker was killed, and fenced when its session had run out', () => {
  expect(downfallOf(story, 5, 'b1', at(0, 8))).toEqual({ how: 'killed', at: at(0, 8), fencedAt: at(0, 16) })
})
test('what happened in an earlier life does not count, nor what is still to come', () => {
  expect(downfallOf(story, 4, 'b1', at(0, 8)).fencedAt).toBeUndefined()
})
test('an orderly shutdown is no kill', () => {
  expect(downfallOf(story, 7, 'b3', at(0, 20)).how).toBe('stopped')
})
test('one whose power was cut was not just killed', () => {
  const dark = [line(0, at(0, 8), 'b1', { code: 'power.lost', node: 'b1', records: 3 })]
  expect(downfallOf(dark, 1, 'b1', at(0, 8)).how).toBe('dark')
})
test('a client was killed, closed, or has not begun; what is told later does not count', () => {
  const lives = [
    line(0, at(0, 1), 'c1', { code: 'node.crashed', node: 'c1' }),
    line(1, at(0, 2), 'c1', { code: 'node.started', node: 'c1', clean: false }),
    line(2, at(0, 3), 'c1', { code: 'node.stopped', node: 'c1', tookMs: 5 }),
  ]
  expect([0, 1, 2, 3].map((second) => endingOf(lives, at(0, second), 'c1'))).toEqual([undefined, 'down', undefined, 'closed'])
})
test('a lost record: who said yes, and when', () => {
  expect(ackedOf(story, 7, 'orders/0', 6)).toEqual({ at: at(0, 7), by: 'b1' })
  expect(ackedOf(story, 7, 'orders/0', 2)).toEqual({ at: undefined, by: undefined })
})
