import { describe, expect, test } from 'vitest'
import { ackedAndGone } from './fixtures/acked-and-gone.ts'
import { broker, byName, cells, emptyCluster, ms, partition, replicas } from './fixtures/build.ts'
import type { ClusterView } from '../projection/cluster-view.ts'
import { changesAt, durations, lag, noChanges, presence, progress, windowLag, type Exposed, type Since } from './transition.ts'

const names = ['b1', 'b2']
const view = (end: number, highWatermark: number, rest: Partial<ClusterView> = {}): ClusterView => ({
  ...emptyCluster,
  brokers: byName([broker(1), broker(2)]),
  partitions: byName([partition('orders/0', names)]),
  replicas: byName(replicas('orders/0', names, cells(1, end), { highWatermark })),
  ...rest,
})
const film = (...views: ClusterView[]): Exposed[] => views.map((each, i) => ({ at: ms(i * 100), view: each }))
/** The screen shows run time as it is. */
const real =
  (playhead: number): Since =>
  (at) =>
    (playhead - at) / 1_000
const shows = new Map([['orders/0', 9]])
const now = ms(300)

describe('what has just changed', () => {
  const exposures = film(view(3, 3), view(3, 3), view(4, 3), view(4, 4))
  test('records that were written, with their moment', () => {
    expect(changesAt(exposures, 3, real(now), shows).written.get('orders/0@b1')).toEqual([{ at: ms(200), from: 3, to: 4 }])
  })
  test('how far the high watermark rose', () => {
    expect(changesAt(exposures, 3, real(now), shows).watermark.get('orders/0')).toEqual([{ at: ms(300), by: 1 }])
    expect(changesAt(exposures, 2, real(ms(210)), shows).watermark.size).toBe(0)
  })
  test('nothing that is over, and nothing that is still to come', () => {
    expect(changesAt(exposures, 3, real(ms(700)), shows)).toBe(noChanges)
    expect(changesAt(exposures, 1, real(ms(190)), shows).written.size).toBe(0)
  })
  test('with no movement wanted, nothing', () => {
    expect(changesAt(exposures, 3, () => Infinity, shows)).toBe(noChanges)
  })
  test('the window moves on when the log outgrows it', () => {
    expect(changesAt(film(view(8, 8), view(10, 8)), 1, real(ms(110)), shows).window.get('orders/0')).toEqual([{ at: ms(100), by: 2 }])
  })
  test('leader, ISR and the state of a machine', () => {
    const changes = changesAt([...ackedAndGone.exposures], 1, () => 10, shows)
    expect(changes.crown.get('orders/0')).toMatchObject({ before: 'b1' })
    expect([...changes.standing.keys()].toSorted()).toEqual(['orders/0@b1', 'orders/0@b2'])
    const killed = view(3, 3, { brokers: byName([broker(1, { condition: 'down' }), broker(2)]) })
    expect([...changesAt(film(view(3, 3), killed), 1, real(ms(110)), shows).condition.keys()]).toEqual(['b1'])
  })
})

describe('how far a change has come', () => {
  test('it starts at its event, never before, and ends after its time', () => {
    expect([-50, 0, 80, 160, 900].map((after) => progress(ms(100), durations.state, () => after))).toEqual([0, 0, 0.875, 1, 1])
  })
  test('what slides lags behind by less and less; several moves add up without a jump', () => {
    const moves = [
      { at: ms(200), by: 1 },
      { at: ms(100), by: 1 },
    ]
    expect(lag(undefined, 200, real(0))).toBe(0)
    expect(lag([{ at: ms(100), by: 2 }], 200, real(ms(100)))).toBe(-2)
    expect(lag(moves, 200, real(ms(400))) + 0).toBe(0)
    const before = lag([moves[1]!], 200, real(ms(199.999))),
      after = lag(moves, 200, real(ms(200)))
    expect(after - before).toBeCloseTo(-1, 2)
  })
  test('a fast log does not leave its window behind', () => {
    expect(
      windowLag(
        Array.from({ length: 9 }, () => ({ at: ms(100), by: 1 })),
        real(ms(101)),
      ),
    ).toBe(-1)
  })
  test('a new record fades in, old ones are there', () => {
    const written = [{ at: ms(100), from: 4, to: 6 }]
    expect([3, 4, 5, 6].map((offset) => presence(written, offset, real(ms(100))))).toEqual([1, 0, 0, 1])
    expect(presence(written, 4, real(ms(400)))).toBe(1)
  })
})
