import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fact } from '../kafka/notes.ts'
import type { Span, SpanDetail, Weight } from '../projection/span-detail.ts'
import type { StoryLine } from '../projection/story.ts'
import { factMs, hopMs } from './novelty.ts'
import { foldMs, Pace, type Reel } from './pace.ts'

const ms = 1_000
const s = 1_000_000
const hop = 5 * ms
let ids = 0

function span(sentAt: number, over: Partial<Omit<Span, 'detail'>> & { weight?: Weight; detail?: Partial<SpanDetail> } = {}): Span {
  const { weight = 'data', detail, ...rest } = over
  return {
    id: ids++,
    step: 0,
    from: 'shop',
    to: 'b1',
    traffic: 'clients',
    connection: 'shop>b1',
    sentAt,
    arrivesAt: sentAt + hop,
    fate: 'arrives',
    ...rest,
    detail: {
      api: 'Produce',
      part: 'request',
      weight,
      ack: false,
      partition: 'orders/0',
      partitions: 1,
      records: [],
      error: undefined,
      offset: undefined,
      highWatermark: undefined,
      leaderEpoch: undefined,
      fields: [],
      ...detail,
    },
  }
}
const beat = (sentAt: number) => span(sentAt, { from: 'b2', to: 'k1', weight: 'beat', detail: { api: 'BrokerHeartbeat' } })
const line = (at: number, fact: Fact): StoryLine => ({ index: 0, at, step: 0, cause: 0, node: 'you', fact })
const reel = (spans: Span[], to: number, story: StoryLine[] = [], from = 0): Reel => ({
  from,
  to,
  spans: spans.filter((each) => each.sentAt <= to).sort((a, b) => a.sentAt - b.sentAt),
  story: story.filter((each) => each.at <= to),
})
const paced = (...args: Parameters<typeof reel>) => {
  const pace = new Pace()
  pace.extend(reel(...args))
  return pace
}
const screen = (pace: Pace, from: number, to: number) => pace.screenOf(to) - pace.screenOf(from)

describe('what matters gets its time', () => {
  test('the first hops of a kind are on the screen for 600 ms and more', () => {
    const starts = [1, 2, 3, 4].map((n) => n * 100 * ms)
    const pace = paced(
      starts.map((at) => span(at)),
      s,
    )
    for (const at of starts) expect(screen(pace, at, at + hop)).toBeGreaterThanOrEqual(hopMs)
  })

  test('repetitions go by faster and faster, down to a floor', () => {
    const starts = Array.from({ length: 200 }, (_, n) => n * 10 * ms)
    const pace = paced(
      starts.map((at) => span(at)),
      3 * s,
    )
    const times = starts.map((at) => screen(pace, at, at + hop))
    expect(times[4]).toBeCloseTo(hopMs / 2)
    expect(times[8]).toBeCloseTo(hopMs / 4)
    for (let i = 1; i < times.length; i++) expect(times[i]).toBeLessThanOrEqual(times[i - 1]! + 1e-6)
    expect(times[199]).toBeCloseTo(1.25)
  })

  test('after a fault everything is news again, and the fault itself has its moment', () => {
    const starts = Array.from({ length: 40 }, (_, n) => n * 10 * ms)
    const kill = line(200 * ms + 1, { code: 'node.crashed', node: 'b1' })
    const pace = paced(
      starts.map((at) => span(at)),
      s,
      [kill],
    )
    expect(screen(pace, 190 * ms, 195 * ms)).toBeLessThan(40)
    expect(screen(pace, kill.at, kill.at + 4 * ms)).toBeGreaterThanOrEqual(factMs - 1e-6)
    expect(screen(pace, 210 * ms, 215 * ms)).toBeGreaterThanOrEqual(hopMs)
  })

  test('an election in an internal topic is nobody’s news', () => {
    const quiet = paced([], 5 * s)
    const elected = paced([], 5 * s, [
      line(s, { code: 'leader.elected', partition: '__consumer_offsets/3', leader: 'b2', epoch: 1, how: 'clean' }),
    ])
    expect(elected.screenTo).toBe(quiet.screenTo)
  })

  test('an empty answer that brings a new high watermark is watched, one that brings none is not', () => {
    const answer = (at: number, highWatermark: number) =>
      span(at, { from: 'b1', to: 'b2', weight: 'quiet', detail: { api: 'Fetch', part: 'response', highWatermark } })
    const pace = paced([answer(500 * ms, 1), answer(s, 1), span(2 * s)], 3 * s)
    expect(screen(pace, 500 * ms, 500 * ms + hop)).toBeGreaterThanOrEqual(hopMs)
    expect(screen(pace, s, s + hop)).toBeLessThan(10)
  })
})

describe('quiet stretches are folded', () => {
  test('nine seconds of heartbeats take 700 ms and are shown as a jump', () => {
    const beats = Array.from({ length: 9 }, (_, n) => beat(s + n * s))
    const pace = paced([span(0), ...beats, span(10 * s)], 11 * s)
    const folds = pace.foldsIn(0, 11 * s)
    expect(folds).toHaveLength(1)
    expect(screen(pace, folds[0]!.from, folds[0]!.to)).toBeCloseTo(foldMs)
    expect(folds[0]!.to).toBe(10 * s)
    expect(pace.foldAt(5 * s)).toBe(folds[0])
  })
  test('a short pause is played as it is', () => {
    const pace = paced([span(0), span(200 * ms)], s)
    expect(pace.foldsIn(0, s)).toHaveLength(0)
    expect(screen(pace, 100 * ms, 150 * ms)).toBeCloseTo(50)
  })
  test('a run in which nothing ever happens still goes on', () => {
    expect(paced([], 200 * s).mappedTo).toBeGreaterThanOrEqual(170 * s)
  })
})

const runs = fc.record({
  spans: fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 40_000 }),
      to: fc.constantFrom('b1', 'b2', 'b3'),
      weight: fc.constantFrom<Weight>('data', 'control', 'quiet', 'beat'),
      takes: fc.constantFrom(5, 5, 5, 200),
    }),
    { maxLength: 60 },
  ),
  faults: fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 3 }),
  cuts: fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 6 }),
})
const made = ({
  spans,
  faults,
}: {
  spans: readonly { at: number; to: string; weight: Weight; takes: number }[]
  faults: readonly number[]
}) => ({
  spans: spans.map(({ at, to, weight, takes }) => span(at * ms, { to, weight, arrivesAt: (at + takes) * ms })),
  story: [...faults].sort((a, b) => a - b).map((at) => line(at * ms, { code: 'node.crashed', node: 'b1' })),
})

describe('the map', () => {
  test('is the same however the film came in, and never changes where it is drawn', () => {
    fc.assert(
      fc.property(runs, (run) => {
        const { spans, story } = made(run)
        const whole = paced(spans, 41 * s, story)
        const parts = new Pace()
        const seen: [number, number][] = []
        for (const to of [...run.cuts]
          .sort((a, b) => a - b)
          .map((at) => at * ms)
          .concat(41 * s)) {
          parts.extend(reel(spans, to, story))
          for (const [at, screenAt] of seen) expect(parts.screenOf(at)).toBe(screenAt)
          seen.push([parts.mappedTo, parts.screenTo])
        }
        for (let at = 0; at <= 41 * s; at += 137 * ms) expect(parts.screenOf(at)).toBe(whole.screenOf(at))
      }),
      { seed: 7, numRuns: 150 },
    )
  })

  test('is monotonic, and its inverse leads back', () => {
    fc.assert(
      fc.property(runs, (run) => {
        const { spans, story } = made(run)
        const pace = paced(spans, 41 * s, story)
        let last = -1
        for (let at = 0; at <= pace.mappedTo; at += 61 * ms) {
          const screenAt = pace.screenOf(at)
          expect(screenAt).toBeGreaterThan(last)
          expect(pace.runOf(screenAt)).toBeCloseTo(at, 2)
          last = screenAt
        }
      }),
      { seed: 8, numRuns: 100 },
    )
  })

  test('a change in the past leaves what lies before it alone', () => {
    const spans = [span(0), span(100 * ms), span(20 * s)]
    const pace = paced(spans, 21 * s)
    const before = pace.screenOf(105 * ms)
    pace.cut(5 * s)
    pace.extend(reel(spans.slice(0, 2), 30 * s, [line(5 * s, { code: 'node.crashed', node: 'b1' })]))
    expect(pace.screenOf(105 * ms)).toBe(before)
    expect(screen(pace, 5 * s, 5 * s + 4 * ms)).toBeGreaterThanOrEqual(factMs - 1e-6)
    expect(pace.foldsIn(0, 5 * s)[0]!.to).toBe(5 * s)
  })

  test('where only the story is known, it is mapped again as soon as the messages are', () => {
    const spans = [span(2 * s), span(9 * s)]
    const pace = paced([spans[1]!], 10 * s, [], 8 * s)
    expect(screen(pace, 2 * s, 2 * s + hop)).toBeLessThan(5)
    pace.extend(reel(spans, 10 * s))
    expect(screen(pace, 2 * s, 2 * s + hop)).toBeGreaterThanOrEqual(hopMs)
  })
})
