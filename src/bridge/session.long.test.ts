import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SECOND } from '../base/units.ts'
import type { ClusterView } from '../projection/cluster-view.ts'
import { Checker } from '../projection/checker.ts'
import { sameTree } from '../projection/project.ts'
import { isHeadline, type StoryLine } from '../projection/story.ts'
import type { Scenario } from '../scenario/types.ts'
import { Film } from './film.ts'
import type { Frame, Intervention, JournalEntry, Reply, RunCommand } from './protocol.ts'
import { RUN_UP, Session, type SessionLimits } from './session.ts'

const scenario: Scenario = {
  format: 'kafka-scenario/v1', id: 'test', kind: 'lesson', title: 'test', languages: ['en'], seed: 5, cluster: { brokers: 3, controllers: 3 },
  topics: [{ name: 'orders', partitions: 2, replicas: { 0: ['b1', 'b2', 'b3'], 1: ['b2', 'b3', 'b1'] }, config: { 'min.insync.replicas': 2 } }],
  clients: { producers: [{ id: 'shop', topic: 'orders', rate: '5/s', keys: ['ann', 'ben'] }], consumers: [{ id: 'c1', topic: 'orders', group: 'readers' }] },
  steps: [
    { id: 'steady', do: [{ start: ['shop', 'c1'] }], run: { for: '4s' } },
    { id: 'crash', do: [{ crash: 'b1' }], run: { until: 'partition(orders/0).leader == b2', max: '20s' }, check: [{ eventually: 'partition(orders/0).leader == b2' }] },
    { id: 'back', do: [{ restart: 'b1' }], run: { for: '4s' } },
  ],
}

class Talk {
  readonly session: Session
  readonly film: Film
  readonly replies: Reply[] = []
  constructor(journal: readonly JournalEntry[] = [], at = 0, limits: SessionLimits = {}, mostSteps?: number, file = scenario) {
    this.session = new Session(limits)
    this.session.check(() => new Checker())
    this.film = new Film(mostSteps)
    this.say({ do: 'load', scenario: file, seed: file.seed, journal, at })
  }
  say(command: RunCommand): readonly Frame[] {
    const replies = [...this.session.handle(command)]
    this.replies.push(...replies)
    const frames = replies.filter((reply) => reply.type === 'frame')
    for (const frame of frames) this.film.accept(frame)
    return frames
  }
  advance(seconds: number): readonly Frame[] {
    return this.say({ do: 'advance', to: seconds * SECOND })
  }
  seek(seconds: number): readonly Frame[] {
    return this.say({ do: 'seek', at: seconds * SECOND })
  }
  intervene(seconds: number, ...interventions: readonly Intervention[]): readonly Frame[] {
    return this.say({ do: 'intervene', at: seconds * SECOND, interventions })
  }
  /** What is there to be seen at this moment, and the fingerprint if the film ends there. */
  view(seconds: number): ClusterView {
    return this.film.viewAt(seconds * SECOND)
  }
}
function expectSame(view: ClusterView, other: ClusterView): void {
  if (!sameTree(view, other)) expect(view).toEqual(other)
}
const crash: Intervention = { do: 'crash', node: 'b3' }

describe('frames', () => {
  test('cover run time without gaps, each as far as it says', () => {
    const talk = new Talk()
    for (const until of [1, 1.5, 9, 9, 20]) talk.advance(until)
    const frames = talk.replies as Frame[]
    expect(frames[0]).toMatchObject({ from: 0, generation: 1 })
    expect(frames.map(({ base }) => base !== undefined)).toEqual(frames.map((_, i) => i === 0))
    for (const [i, { from, to, patches, moments, story }] of frames.entries()) {
      expect(from).toBe(frames[i - 1]?.to ?? 0)
      for (const { at } of [...patches, ...story]) expect(at >= from && at <= to).toBe(true)
      expect([...moments]).toEqual([...moments].sort((a, b) => a - b))
    }
    expect(frames.at(-1)!.to).toBe(20 * SECOND)
  })

  test('begin a generation with a base at every seek, and show a while before the moment', () => {
    const talk = new Talk()
    talk.advance(20)
    const [first] = talk.seek(12)
    expect(first).toMatchObject({ generation: 2, from: 12 * SECOND - RUN_UP })
    expect(first!.base).toBeDefined()
    expect(talk.film.from).toBe(12 * SECOND - RUN_UP)
    expect(talk.film.to).toBe(12 * SECOND)
  })

  test('bring what was on its way at the base', () => {
    const talk = new Talk()
    const spansAt = (seconds: number) => talk.film.spans.filter(({ sentAt, arrivesAt }) => sentAt <= seconds * SECOND && arrivesAt > seconds * SECOND).map(({ id }) => id)
    talk.advance(8)
    const moment = talk.film.spans.find(({ sentAt }) => sentAt > 4.4 * SECOND)!.sentAt / SECOND + 0.001
    const playing = spansAt(moment)
    expect(playing.length).toBeGreaterThan(0)
    talk.seek(moment + RUN_UP / SECOND)
    expect(talk.film.from).toBe(Math.round(moment * SECOND))
    expect(spansAt(moment).sort((a, b) => a - b)).toEqual(playing.sort((a, b) => a - b))
  })
})

describe('a moment', () => {
  const played = new Talk()
  played.advance(24)

  const sought = new Talk()
  sought.advance(24)

  test.each([13.37, 0.5, 4])('%d s is the same, sought or played', (at) => {
    const straight = new Talk()
    straight.advance(at)
    sought.seek(at)
    expect(sought.film.hash).toBe(straight.film.hash)
    expectSame(sought.view(at), played.view(at))
    expectSame(straight.view(at), played.view(at))
    expect(sought.film.story).toEqual(straight.film.story)
  })

  test('far behind a keyframe is the same, with the whole story before it', () => {
    const straight = new Talk()
    straight.advance(42)
    const sought = new Talk()
    sought.advance(55)
    expect(sought.film.stepsDone).toBeGreaterThan(5_000)
    sought.seek(42)
    expect(sought.film.hash).toBe(straight.film.hash)
    expect(sought.film.story).toEqual(straight.film.story)
    expectSame(sought.view(42), straight.view(42))
  })

  test('one that was never played is reached as well', () => {
    const talk = new Talk([], 20 * SECOND)
    expectSame(talk.view(20), played.view(20))
    expect(talk.film.story.at(-1)).toEqual(played.film.story.findLast(({ at }) => at <= 20 * SECOND))
  })

  test('the steps of the scenario stand in the view', () => {
    expect(played.view(3).steps).toMatchObject({ steady: { state: 'running', reached: undefined } })
    expect(played.view(6).steps).toMatchObject({ steady: { state: 'ended', reached: true }, crash: { state: 'running' } })
    expect(played.view(24).steps).toMatchObject({ crash: { reached: true }, back: { state: 'ended' } })
  })
})

describe('interventions', () => {
  test('change what comes after them; undo brings back what was, redo what was undone', () => {
    const talk = new Talk()
    talk.advance(10)
    const before = talk.film.hash
    talk.intervene(2, crash)
    expect(talk.film.to).toBe(2 * SECOND)
    expect(talk.view(2).brokers['b3']).toMatchObject({ condition: 'down' })
    talk.advance(10)
    const after = talk.film.hash
    expect(after).not.toBe(before)
    expect(talk.film).toMatchObject({ canUndo: true, canRedo: false })
    expect(talk.say({ do: 'undo' }).at(-1)).toMatchObject({ showAt: 2 * SECOND, canUndo: false, canRedo: true })
    expect(talk.view(2).brokers['b3']).toMatchObject({ condition: 'running' })
    talk.advance(10)
    expect(talk.film.hash).toBe(before)
    talk.say({ do: 'redo' })
    talk.advance(10)
    expect(talk.film.hash).toBe(after)
  })

  test('are the save file: the same journal is the same run', () => {
    const talk = new Talk()
    talk.intervene(1, crash)
    talk.intervene(3, { do: 'cut', from: ['b1'], to: ['b2'], direction: 'both', traffic: 'replication' })
    talk.intervene(6.5, { do: 'restart', node: 'b3' }, { do: 'heal', from: ['b1'], to: ['b2'] })
    talk.advance(15)
    const again = new Talk(talk.film.journal, 15 * SECOND)
    expect(again.film.hash).toBe(talk.film.hash)
    expectSame(again.view(15), talk.view(15))
    expect(again.film.story).toEqual(talk.film.story)
  })

  test('that cannot be made are refused, and say why', () => {
    const talk = new Talk()
    talk.intervene(1, crash)
    talk.intervene(2, crash)
    expect(talk.replies.filter(({ type }) => type === 'refused')).toHaveLength(1)
  })

  test('nothing to undo, nothing to redo: nothing is said', () => {
    const talk = new Talk()
    expect([talk.say({ do: 'undo' }), talk.say({ do: 'redo' })]).toEqual([[], []])
  })
})

test('what a terminal asks brings an admin client, and is part of the run like any other deed', () => {
  const ask: Intervention = { do: 'ask', action: { createTopic: { name: 'audit', partitions: 2 } } }
  const talk = new Talk()
  talk.advance(2)
  talk.intervene(2, ask)
  talk.advance(6)
  expect([talk.view(1).admins, Object.keys(talk.view(3).admins), talk.view(6).partitions['audit/1']?.leader]).toEqual([{}, ['admin'], expect.stringMatching(/^b\d$/)])
  const again = new Talk(talk.film.journal, 6 * SECOND)
  expect(again.film.hash).toBe(talk.film.hash)
  expectSame(again.view(6), talk.view(6))
  talk.say({ do: 'undo' })
  talk.advance(6)
  expect(talk.view(6).admins).toEqual({})
})

test('however one travels: what is seen is what the journal makes of it', () => {
  const moment = fc.integer({ min: 0, max: 120 }).map((tenths) => tenths / 10)
  const node = fc.constantFrom('b1', 'b2', 'b3')
  const intervention: fc.Arbitrary<Intervention> = fc.oneof(
    fc.record({ do: fc.constantFrom('crash' as const, 'restart' as const, 'pause' as const, 'resume' as const, 'stop' as const), node }),
    fc.tuple(node, node).filter(([a, b]) => a !== b).map(([a, b]) => ({ do: 'cut' as const, from: [a], to: [b], direction: 'both' as const, traffic: 'all' as const })),
  )
  const command: fc.Arbitrary<RunCommand> = fc.oneof(
    moment.map((at): RunCommand => ({ do: 'seek', at: at * SECOND })), moment.map((to): RunCommand => ({ do: 'advance', to: to * SECOND })),
    fc.tuple(moment, intervention).map(([at, one]): RunCommand => ({ do: 'intervene', at: at * SECOND, interventions: [one] })),
    fc.constantFrom<RunCommand>({ do: 'undo' }, { do: 'redo' }),
  )
  fc.assert(fc.property(fc.array(command, { maxLength: 8 }), moment, (commands, at) => {
    const talk = new Talk()
    for (const each of commands) talk.say(each)
    talk.seek(at)
    const again = new Talk(talk.film.journal, at * SECOND)
    expect(again.film.hash).toBe(talk.film.hash)
    expectSame(again.view(at), talk.view(at))
    expect(talk.film.story).toEqual(again.film.story)
  }), { numRuns: 4, seed: 1 })
})

describe('the story', () => {
  const played = new Talk()
  played.advance(24)
  const held = ({ film }: Talk) => ({ generation: film.generation, lines: film.linesHeld })
  const told = (frames: readonly Frame[]) => frames.flatMap(({ story }) => story).length

  test('is told once: a seek among what the UI has brings no line again of before the stretch it shows', () => {
    const talk = new Talk()
    talk.advance(24)
    for (const at of [12, 3, 20, 24]) {
      const frames = talk.say({ do: 'seek', at: at * SECOND, held: held(talk) })
      if (at <= 12) expect(frames[0]!.story).toEqual([])
      expect(frames.flatMap(({ story }) => story).every((line) => line.at > frames[0]!.from || line.at > 3 * SECOND)).toBe(true)
      expect(talk.film.story).toEqual(played.film.story.filter((line) => line.at <= at * SECOND))
    }
  })

  test('is told again from where an intervention made it another', () => {
    const talk = new Talk()
    talk.advance(24)
    const before = held(talk)
    const whole = new Talk()
    whole.advance(24)
    whole.intervene(10, crash)
    const frames = talk.say({ do: 'intervene', at: 10 * SECOND, interventions: [crash], held: before })
    expect(told(frames)).toBeLessThan(whole.film.story.length)
    expect(talk.film.story).toEqual(whole.film.story)
    // The UI has not seen those frames yet when it asks for the next thing.
    expect(frames.length).toBeGreaterThan(0)
    for (const each of [talk, whole]) each.advance(20)
    talk.say({ do: 'seek', at: 15 * SECOND, held: before })
    whole.seek(15)
    expect(talk.film.story).toEqual(whole.film.story)
    talk.say({ do: 'undo', held: held(talk) })
    talk.advance(24)
    expect(talk.film.story).toEqual(played.film.story)
  })
})

describe('a story that is too long to be kept', () => {
  /** Its lines without their numbers: where some are forgotten they are counted anew. */
  const told = (talk: Talk): readonly object[] => talk.film.story.map(({ at, step, cause, node, fact }) => ({ at, step, cause, node, fact }))
  /** What a run that was never let go of has told. */
  const wholeStory = (seconds: number): readonly object[] => {
    const talk = new Talk()
    talk.advance(seconds)
    return told(talk)
  }

  test('is the same when one has gone back and forth, with keyframes between', () => {
    const whole = wholeStory(60)
    const talk = new Talk([], 0, { keyframeSteps: 500 })
    talk.advance(60)
    for (const at of [40, 3, 50, 12, 60]) talk.seek(at)
    expect(told(talk)).toEqual(whole)
  })

  test('keeps the newest lines and all headlines, and says from when it is whole', () => {
    const whole = wholeStory(60)
    const talk = new Talk([], 0, { mostLines: 500 })
    talk.seek(60)
    const { wholeFrom, story } = talk.film
    expect(wholeFrom).toBeGreaterThan(0)
    const isKept = (line: object): boolean => (line as StoryLine).at > wholeFrom || isHeadline(line as StoryLine)
    expect(told(talk).filter(isKept)).toEqual(whole.filter(isKept))
    expect(story.length).toBeLessThan(whole.length)
    expect(story.map(({ index }) => index)).toEqual(story.map((_, i) => i))
  })

  test('is told again where somebody goes, and the fork is the same as that of a run that kept everything', () => {
    const small = new Talk([], 0, { mostLines: 200, keyframeSteps: 300 }), large = new Talk()
    for (const talk of [small, large]) for (const at of [70, 20, 65, 40]) talk.seek(at)
    const { wholeFrom } = small.film
    const since = (talk: Talk): readonly object[] => told(talk).filter((line) => (line as StoryLine).at > wholeFrom || isHeadline(line as StoryLine))
    expect(wholeFrom).toBeLessThan(40 * SECOND)
    expect(wholeFrom).toBeGreaterThan(0)
    expect(since(small)).toEqual(since(large))
    for (const talk of [small, large]) {
      talk.intervene(40, crash)
      talk.advance(60)
    }
    expect(small.film.hash).toBe(large.film.hash)
    expect(since(small)).toEqual(since(large))
  })

  test('a film forgets its oldest end; what it still covers is as it was', () => {
    const long = new Talk(), short = new Talk([], 0, {}, 600)
    for (const talk of [long, short]) for (let at = 2; at <= 40; at += 2) talk.advance(at)
    expect(long.film.from).toBe(0)
    expect(short.film.from).toBeLessThan(38 * SECOND)
    expect(short.film.from).toBeGreaterThan(0)
    expect(short.film.exposures.length).toBeLessThan(long.film.exposures.length / 2)
    for (const at of [short.film.from / SECOND, 38.5, 39.25, 40]) {
      expectSame(short.view(at), long.view(at))
      expect(short.film.spansBetween(at * SECOND, at * SECOND + 5_000)).toEqual(long.film.spansBetween(at * SECOND, at * SECOND + 5_000))
    }
    expect(short.film.wholeFrom).toBeGreaterThan(0)
    expect(told(short).filter((line) => isHeadline(line as StoryLine))).toEqual(told(long).filter((line) => isHeadline(line as StoryLine)))
  })
})

describe('promises', () => {
  const careless: Scenario = {
    ...scenario, topics: [{ name: 'orders', partitions: 1, replicas: { 0: ['b1', 'b2'] }, config: { 'min.insync.replicas': 1, 'unclean.leader.election.enable': true } }],
    steps: [{ id: 'all', do: [{ start: ['shop', 'c1'] }] }],
  }
  const talkOf = (limits: SessionLimits = {}): Talk => new Talk([], 0, limits, undefined, careless)

  test('are kept while nothing is given up, whatever crashes', () => {
    const talk = new Talk()
    talk.advance(30)
    talk.intervene(30, crash)
    talk.advance(60)
    expect(talk.film.broken).toEqual([])
  })

  test('an unclean election breaks some, at the moment and the partition that are named; a fork before it has broken none', () => {
    const talk = talkOf({ keyframeSteps: 500 })
    talk.advance(10)
    talk.intervene(10, { do: 'crash', node: 'b2' })
    talk.advance(25)
    talk.intervene(25, { do: 'crash', node: 'b1' })
    talk.advance(26)
    talk.intervene(26, { do: 'restart', node: 'b2' })
    expect(talk.film.broken).toEqual([])
    talk.advance(60)
    const { broken } = talk.film
    expect(broken.map(({ id, partition }) => `${id} ${partition}`)).toContain('INV-R11 orders/0')
    for (const { at } of broken) expect(at).toBeGreaterThan(26 * SECOND)
    // To go back is not to take anything back; to do something else is.
    talk.seek(5)
    expect(talk.film.broken).toEqual(broken)
    talk.intervene(5, crash)
    talk.advance(60)
    expect(talk.film.broken).toEqual([])
  })
})
