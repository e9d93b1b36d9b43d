import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { layoutFar, squareAt, squareOf, type FarParts } from './far.ts'
import { bottomOf, rightOf } from './geometry.ts'
import { drawCard, fillOf, heatOf, squareStateOf } from './heat.ts'
import { between, gathered, perSecond, ribbonsOf, trafficOf } from './traffic.ts'
import type { Span } from '../projection/span-detail.ts'
import type { PartitionView } from '../projection/cluster-view.ts'

const partsOf = (racks: readonly (readonly number[])[], writers: number, readers: number): FarParts => ({
  racks: racks.map((brokers, r) => ({ name: `r${r}`, brokers: brokers.map((hosts, i) => ({ name: `b${r * 10 + i}`, hosts: Array.from({ length: hosts }, (_, k) => `t/${k}`) })) })),
  writers: Array.from({ length: writers }, (_, i) => ({ kind: 'producers' as const, name: `p${i}`, members: [`p${i}`] })),
  readers: Array.from({ length: readers }, (_, i) => ({ kind: 'group' as const, name: `g${i}`, members: [] })),
})
const parts = fc.tuple(fc.array(fc.array(fc.nat(110), { minLength: 1, maxLength: 10 }), { minLength: 1, maxLength: 3 }), fc.nat(7), fc.nat(7)).map(([racks, w, r]) => partsOf(racks, w, r))
const sizes = fc.constantFrom({ width: 872, height: 620 }, { width: 830, height: 500 }, { width: 1280, height: 800 }, { width: 390, height: 290 })

describe('the cluster from far', () => {
  test('stays in its width, nothing lies on another thing, and every square is found where it is drawn', () => {
    fc.assert(fc.property(parts, sizes, (of, size) => {
      const frame = layoutFar(of, size)
      const cards = frame.racks.flatMap(({ brokers }) => brokers)
      for (const { box, hosts } of cards) {
        expect(box.x).toBeGreaterThanOrEqual(0)
        expect(rightOf(box)).toBeLessThanOrEqual(size.width + 0.01)
        expect(bottomOf(box)).toBeLessThanOrEqual(frame.size.height)
        expect(hosts.length * frame.pitch ** 2).toBeLessThanOrEqual(box.w * box.h)
      }
      for (const [i, { box: a }] of cards.entries())
        for (const { box: b } of cards.slice(i + 1)) expect(rightOf(a) <= b.x || rightOf(b) <= a.x || bottomOf(a) <= b.y || bottomOf(b) <= a.y).toBe(true)
      for (const broker of cards) {
        for (const index of [0, broker.hosts.length - 1]) {
          if (index < 0 || broker.hosts.length === 0) continue
          const { x, y } = squareOf(frame, broker, index)
          expect(squareAt(frame, x + frame.pitch / 2, y + frame.pitch / 2)).toEqual({ broker, index })
          expect(y + frame.pitch).toBeLessThanOrEqual(bottomOf(broker.box))
        }
      }
      const lowest = Math.max(...cards.map(({ box }) => bottomOf(box)))
      if (frame.narrow) {
        const bars = [...frame.writers, ...frame.readers].map(({ bar }) => bar)
        for (const [i, bar] of bars.entries()) {
          expect(bar.y).toBeGreaterThan(i === 0 ? Math.max(lowest, frame.controllers.y) + 20 : bottomOf(bars[i - 1]!) + 20)
          expect([bar.x >= 0, rightOf(bar) <= size.width, bottomOf(bar) <= frame.size.height]).toEqual([true, true, true])
        }
        return
      }
      for (const { bar } of frame.writers) expect(rightOf(bar)).toBeLessThan(cards[0]!.box.x)
      for (const { bar } of frame.readers) expect(bar.x).toBeGreaterThan(Math.max(...cards.map(({ box }) => rightOf(box))))
    }), { numRuns: 60 })
  })

  test('thirty brokers with a hundred replicas each need no scrolling at 1440 by 900', () => {
    const frame = layoutFar(partsOf([1, 2, 3].map(() => Array.from({ length: 10 }, () => 100)), 5, 3), { width: 872, height: 606 })
    expect(frame.size.height).toBe(606)
    expect(frame.pitch).toBeGreaterThanOrEqual(6)
  })
})

const partition = (change: Partial<PartitionView>): PartitionView => ({
  name: 't/0', topic: 't', index: 0, leader: 'b1', leaderEpoch: 0, partitionEpoch: 0, replicas: ['b1', 'b2', 'b3'], isr: ['b1', 'b2', 'b3'], elr: [], lastKnownElr: [], minIsr: 2, online: true, leaderSince: 0,
  internal: false, overrides: [], ...change,
})

describe('a square', () => {
  test.each([
    ['leads', partition({}), 'b1', false, { state: 'leads', short: false, elected: false }],
    ['follows', partition({}), 'b2', false, { state: 'follows', short: false, elected: false }],
    ['is behind', partition({ isr: ['b1', 'b2'] }), 'b3', false, { state: 'behind', short: false, elected: false }],
    ['leads with too small an ISR', partition({ isr: ['b1', 'b2'] }), 'b1', false, { state: 'leads', short: true, elected: false }],
    ['is under min ISR', partition({ isr: ['b1'] }), 'b2', false, { state: 'underMin', short: false, elected: false }],
    ['has no leader', partition({ leader: undefined }), 'b2', false, { state: 'offline', short: false, elected: false }],
    ['has a leader that is down', partition({ online: false }), 'b2', false, { state: 'offline', short: false, elected: false }],
    ['is down', partition({}), 'b1', true, { state: 'down', short: false, elected: false }],
    ['was elected of late', partition({ leaderEpoch: 3, leaderSince: 20_000_000 }), 'b1', false, { state: 'leads', short: false, elected: true }],
  ] as const)('%s', (_, of, broker, down, expected) => expect(squareStateOf(of, broker, down, 21_000_000)).toEqual(expected))

  test('is drawn in another shape for each state, not in another colour alone', () => {
    const frame = layoutFar(partsOf([[1]], 0, 0), { width: 400, height: 300 })
    const broker = { ...frame.racks[0]!.brokers[0]!, name: 'b1', hosts: ['t/0'] }
    const shapes = [partition({}), partition({ leader: 'b2' }), partition({ leader: 'b2', isr: ['b2', 'b3'] }), partition({ isr: ['b1'] }), partition({ leader: undefined }), partition({ isr: ['b1', 'b2'] })].map((each) =>
      drawCard(frame, broker, { view: { brokers: {}, partitions: { 't/0': each }, replicas: {} }, at: 0, rates: new Map(), mostRate: 0, mostBytes: 0 }).paths.map(([, d]) => d).join('|'))
    expect(new Set(shapes).size).toBe(shapes.length)
  })

  test('is the warmer the more is written, and the fuller the more is stored', () => {
    expect([0, 1, 50, 99, 100].map((rate) => heatOf(rate, 100))).toEqual([0, 1, 3, 5, 5])
    expect([0, 12, 13, 49, 50, 100].map((bytes) => fillOf(bytes, 100))).toEqual([0.6, 0.6, 0.8, 0.8, 1, 1])
  })
})

const span = (from: string, to: string, api: string, part: 'request' | 'response', arrivesAt: number, records: number, traffic = 'clients'): Span => ({
  id: 0, step: 0, from, to, traffic, connection: '', sentAt: arrivesAt - 5, arrivesAt, fate: 'arrives',
  detail: { api, part, weight: 'data', ack: false, partition: 't/0', partitions: 1, records: records === 0 ? [] : [{ offset: 0 } as never], error: undefined, offset: 0, highWatermark: 0, leaderEpoch: 0, fields: [['records', String(records)], ['bytes', String(records * 100)]] },
})

describe('traffic', () => {
  test('is what arrived in the time, by what it was for', () => {
    const traffic = trafficOf([
      span('p', 'b1', 'Produce', 'request', 10, 3), span('p', 'b1', 'Produce', 'request', 20, 4), span('p', 'b1', 'Produce', 'request', 99, 9), span('b1', 'p', 'Produce', 'response', 15, 0),
      span('b1', 'b2', 'Fetch', 'response', 18, 4, 'replication'), span('b1', 'c', 'Fetch', 'response', 19, 2), span('b1', 'c', 'Fetch', 'response', 19, 0),
    ], 9, 20)
    expect([...traffic.written]).toEqual([['p>b1', { records: 7, bytes: 700 }]])
    expect([...traffic.copied]).toEqual([['b1>b2', { records: 4, bytes: 400 }]])
    expect([...traffic.read]).toEqual([['b1>c', { records: 2, bytes: 200 }]])
    expect(perSecond({ records: 7, bytes: 700 }, 500_000)).toEqual({ records: 14, bytes: 1_400 })
    expect([...gathered(traffic.written, (from) => (from === 'p' ? 'x' : undefined))]).toEqual([['x', { records: 7, bytes: 700 }]])
  })
  test('ribbons leave and arrive side by side, as thick as their share', () => {
    const flows: Readonly<Record<string, number>> = { [between('a', 'x')]: 3, [between('a', 'y')]: 1, [between('b', 'x')]: 2 }
    const ribbons = ribbonsOf([{ key: 'a', y: 0, h: 40 }, { key: 'b', y: 50, h: 40 }], [{ key: 'x', y: 0, h: 100 }, { key: 'y', y: 200, h: 100 }], (bar, rack) => flows[between(bar, rack)] ?? 0, 10)
    expect(ribbons.map(({ key, width }) => [key, width])).toEqual([['a>x', 30], ['a>y', 10], ['b>x', 20]])
    expect(ribbons[0]!.from + 15).toBe(ribbons[1]!.from - 5)
    expect(ribbons[0]!.to + 15).toBe(ribbons[2]!.to - 10)
    expect([ribbons[0]!.from - 15, ribbons[1]!.from + 5]).toEqual([0, 40])
  })
})
