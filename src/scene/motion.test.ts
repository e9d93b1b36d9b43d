import { describe, expect, test } from 'vitest'
import type { Span, SpanDetail } from '../projection/span-detail.ts'
import { cell, detail, link, ms, span, byKey } from './fixtures/build.ts'
import { cutShare, defaultMotion, openScene, tokensAt, type MotionOptions, type MotionScene } from './motion.ts'
import { makeRoute, reversed, type Route } from './routes.ts'
import { Tokens } from './tokens.ts'
import type { Wires } from './wires.ts'

/** A straight wire of 100 pixels from b1 to b2, walked both ways, and two lanes between shop and b1. */
const across = makeRoute('b1', 'b2', [
  { x: 0, y: 0 },
  { x: 100, y: 0 },
])
const ask = makeRoute(
  'shop',
  'b1',
  [
    { x: 0, y: 50 },
    { x: 100, y: 50 },
  ],
  'start',
)
const answer = makeRoute(
  'b1',
  'shop',
  [
    { x: 100, y: 80 },
    { x: 0, y: 80 },
  ],
  'end',
)
const routes: Readonly<Record<string, Route>> = { 'b1>b2': across, 'b2>b1': reversed(across), 'shop>b1': ask, 'b1>shop': answer }
const wires: Wires = { route: (from, to) => routes[`${from}>${to}`], dock: () => undefined }

const fetch = (rest: Partial<SpanDetail> = {}): SpanDetail => detail('Fetch', 'request', rest)
const sent = ms(100)
const one = (what = fetch(), rest: Partial<Span> = {}): Span => span('b1', 'b2', sent, sent + ms(5), what, rest)
const at = (spans: readonly Span[], playhead: number, scene: Partial<MotionScene> = {}, options: Partial<MotionOptions> = {}): Tokens =>
  tokensAt(spans, wires, playhead, { ...openScene, ...scene }, { ...defaultMotion, ...options })
const places = (tokens: Tokens): string[] =>
  tokens.marks.map((each) => `${each.kind} ${Math.round(each.x)},${Math.round(each.y)} ${each.direction}${each.held ? ' held' : ''}`)

describe('a message under way', () => {
  test.each([
    [-1, []],
    [0, ['request 0,0 right']],
    [1, ['request 20,0 right']],
    [2.5, ['request 50,0 right']],
    [4.999, ['request 100,0 right']],
    [5, []],
  ])('%d ms after it was sent', (after, expected) => {
    expect(places(at([one()], sent + ms(after)))).toEqual(expected)
  })
  test('the same moment gives the same tokens, whatever was shown before', () => {
    const reused = new Tokens()
    tokensAt([one()], wires, sent + ms(4), openScene, defaultMotion, reused)
    tokensAt([one()], wires, sent + ms(2), openScene, defaultMotion, reused)
    expect(places(reused)).toEqual(places(at([one()], sent + ms(2))))
  })
  test('is a hollow tag, a solid one, an acknowledgement, or an answer that is an error', () => {
    const kinds = [
      fetch(),
      detail('Fetch', 'response'),
      detail('Produce', 'response', { ack: true }),
      detail('Fetch', 'response', { error: 'NOT_LEADER_OR_FOLLOWER' }),
    ]
    expect(kinds.map((each) => at([one(each)], sent + ms(1)).marks[0]!.kind)).toEqual(['request', 'response', 'ack', 'refusal'])
  })
  test('what matters less is drawn smaller, and heartbeats only on demand', () => {
    const scales = (options: Partial<MotionOptions>): number[] =>
      at(
        (['data', 'control', 'quiet', 'beat'] as const).map((weight) => one(fetch({ weight }))),
        sent + ms(1),
        {},
        options,
      ).marks.map((each) => each.scale)
    expect(scales({ beats: false })).toEqual([1, 1, 0.72])
    expect(scales({ beats: true })).toEqual([1, 1, 0.72, 0.6])
  })
  test('only what decides something is called by its name', () => {
    const labels = at([one(fetch()), one(detail('AlterPartition', 'request', { weight: 'control' }))], sent + ms(1)).marks.map(
      (each) => each.label,
    )
    expect(labels).toEqual([undefined, 'AlterPartition'])
  })
  test('with a followed record on board it is lit', () => {
    const spans = [one(fetch({ records: [cell(7, 6)] })), one(fetch({ records: [cell(8, 7)] }))]
    expect(at(spans, sent + ms(1), {}, { followed: 'shop#8' }).marks.map((each) => each.accent)).toEqual([false, true])
    expect(at(spans, sent + ms(1), {}, { selected: spans[0]!.id }).marks.map((each) => each.accent)).toEqual([true, false])
  })
  test('without movement it stands half-way', () => {
    expect(places(at([one()], sent + ms(1), {}, { reduced: true }))).toEqual(['request 50,0 right'])
    expect(places(at([one()], sent + ms(4), {}, { reduced: true }))).toEqual(['request 50,0 right'])
  })
})

describe('wires', () => {
  const legs = (tokens: Tokens): string[] =>
    tokens.legs.map((each) => `${each.route.key} ${each.style} ${Math.round(each.from)}-${Math.round(each.to)}`)
  test('solid behind the mark, dotted ahead', () => {
    expect(legs(at([one()], sent + ms(2)))).toEqual(['b1>b2 behind 0-40', 'b1>b2 ahead 40-100'])
  })
  test('of several marks the foremost decides', () => {
    expect(legs(at([one(), { ...one(), id: 9_999, sentAt: sent + ms(1), arrivesAt: sent + ms(6) }], sent + ms(2)))).toEqual([
      'b1>b2 behind 0-40',
      'b1>b2 ahead 40-100',
    ])
  })
  test('the leg of the request stays thin until the answer is there', () => {
    const reply = span('b1', 'shop', sent, sent + ms(5), detail('Produce', 'response', { ack: true }))
    expect(legs(at([reply], sent + ms(1)))).toContain('shop>b1 thin 0-100')
    const request = span('shop', 'b1', sent, sent + ms(5), detail('Produce', 'request'))
    expect(legs(at([request], sent + ms(1)))).not.toContain('b1>shop thin 0-100')
  })
  test('where both legs are one line, it is not drawn twice', () => {
    expect(legs(at([span('b2', 'b1', sent, sent + ms(5), detail('Fetch', 'response'))], sent + ms(1)))).toEqual([
      'b2>b1 behind 0-20',
      'b2>b1 ahead 20-100',
    ])
  })
})

describe('what is in the way', () => {
  const gap = Math.round(cutShare('b1', 'b2') * 100)
  const cut = { links: byKey([link('b1', 'b2', ['replication'], 0)]) }
  const held = one(fetch(), { arrivesAt: Infinity, fate: 'held' })
  test('a cut holds a message before its gap, however long', () => {
    expect(places(at([held], sent + ms(1), cut))).toEqual(['request 20,0 right'])
    const [first] = at([held], sent + ms(9_000), cut).marks
    expect(first!.held).toBe(true)
    expect(first!.x).toBeLessThan(gap)
    expect(first!.x).toBeGreaterThan(gap - 20)
  })
  test('several stand in line', () => {
    const [a, b] = at([held, { ...held, id: held.id + 1 }], sent + ms(9_000), cut).marks
    expect(a!.x - b!.x).toBe(9)
  })
  test('both directions of one cut have one gap', () => {
    expect(cutShare('b1', 'b2') + cutShare('b2', 'b1')).toBe(1)
  })
  test('after the heal it goes on, and arrives when it arrives', () => {
    const late = one(fetch(), { arrivesAt: sent + ms(600) })
    expect(at([late], sent + ms(300)).marks[0]!.held).toBe(true)
    expect(places(at([late], sent + ms(598)))).toEqual(['request 60,0 right'])
    expect(places(at([late], sent + ms(599.9)))).toEqual(['request 98,0 right'])
    expect(places(at([late], sent + ms(600)))).toEqual([])
  })
  test('a slow link is slow all along', () => {
    const slow = { links: byKey([link('b1', 'b2', [], 0, ms(200))]) }
    expect(places(at([one(fetch(), { arrivesAt: sent + ms(205) })], sent + ms(41), slow))).toEqual(['request 20,0 right'])
  })
  test('at a frozen machine it stands at the door', () => {
    const [mark] = at([held], sent + ms(80), { frozen: new Set(['b2']) }).marks
    expect(mark!.held).toBe(true)
    expect(mark!.x).toBeGreaterThan(80)
  })
  test('a lost message ends in a cross where it was lost, and the cross goes after a while', () => {
    const lost = one(fetch(), { fate: 'lost', arrivesAt: sent + ms(2) })
    expect(places(at([lost], sent + ms(1)))).toEqual(['request 20,0 right'])
    expect(places(at([lost], sent + ms(4), {}, { since: () => 300 }))).toEqual(['cross 40,0 right'])
    expect(places(at([lost], sent + ms(4), {}, { since: () => 2_000 }))).toEqual([])
  })
})

describe('too much to tell apart', () => {
  const crowd = Array.from({ length: 6 }, (_, i) => ({ ...one(), id: 100_000 + i, sentAt: sent + i, arrivesAt: sent + ms(5) + i }))
  test('more than four marks between two machines are one ribbon with their number', () => {
    const tokens = at(crowd, sent + ms(2))
    expect(tokens.ribbons.map((each) => [each.route.key, each.count])).toEqual([['b1>b2', 6]])
    expect(tokens.marks).toEqual([])
    expect(at(crowd.slice(0, 4), sent + ms(2)).ribbons).toEqual([])
  })
  test('replication of other partitions is not drawn, and counted', () => {
    const tokens = at([one(fetch(), { traffic: 'replication' })], sent + ms(2), { replicationWith: 'b3' })
    expect([tokens.marks.length, tokens.hidden]).toEqual([0, 1])
    expect(at([one(fetch(), { traffic: 'replication' })], sent + ms(2), { replicationWith: 'b2' }).marks.length).toBe(1)
  })
  test('nor are messages that speak of one other partition', () => {
    const elsewhere = one(fetch({ partition: 'payments/0' }), { traffic: 'clients' })
    expect(at([elsewhere], sent + ms(2), { partitions: new Set(['orders/0']) }).marks).toEqual([])
    expect(
      at([one(fetch({ partition: 'payments/0', partitions: 3 }))], sent + ms(2), { partitions: new Set(['orders/0']) }).marks.length,
    ).toBe(1)
  })
  test('what has no way on this stage is left out', () => {
    expect(at([span('b1', 'k9', sent, sent + ms(5), fetch())], sent + ms(1)).marks).toEqual([])
  })
})
