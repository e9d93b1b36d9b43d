import { expect, test } from 'vitest'
import { ackedAndGone } from './fixtures/acked-and-gone.ts'
import { byName, cells, emptyCluster, partition, replicas } from './fixtures/build.ts'
import { sightOf } from './window.ts'

const names = ['b1', 'b2']
const sight = (end: number, n: number, start = 0) =>
  sightOf(
    {
      ...emptyCluster,
      partitions: byName([partition('orders/0', names)]),
      replicas: byName(replicas('orders/0', names, cells(1, end - start, start), { logStartOffset: start, highWatermark: end - 1 })),
    },
    'orders/0',
    n,
  )

test.each([
  [0, 0, false],
  [3, 0, false],
  [8, 0, false],
  [9, 1, true],
  [42, 34, true],
])('a log that ends at %d shows nine offsets from %d on', (end, first, open) => {
  expect(sight(end, 9)).toMatchObject({ first, open, end })
})
test('what retention has deleted is no open end', () => {
  expect(sight(12, 9, 6)).toMatchObject({ first: 6, open: false })
})
test('the high watermark is the leader’s', () => {
  expect(sight(5, 9)).toMatchObject({ highWatermark: 4, leader: 'b1', online: true })
})
test('a longer log on a dead broker still fits into the window', () => {
  expect(sightOf(ackedAndGone.exposures[1]!.view, 'orders/0', 9)).toMatchObject({ first: 0, end: 8, highWatermark: 7, leader: 'b2' })
})
test('a partition nobody knows is empty', () => {
  expect(sightOf(emptyCluster, 'orders/0', 9)).toMatchObject({ first: 0, end: 0, highWatermark: 0, leader: undefined, online: false })
})
