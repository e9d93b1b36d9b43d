import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MILLISECOND as MS, SECOND, type Micros } from '../base/units.ts'
import type { Input } from './input.ts'
import { apply, nextAt, resumeFrom, runUntil, step, type Simulation } from './simulation.ts'
import { asText, newToys, type Deed, type ToyConfig } from './testing.ts'
import { Timeline, type Entry, type Machine } from './timeline.ts'
import { cloneWorld, type World } from './world.ts'

fc.configureGlobal({ seed: 1 })

const talk = (to: string): Deed[] => [
  { do: 'connect', to },
  { do: 'every', name: `to ${to}`, period: 7 * MS, deeds: [{ do: 'draw', purpose: 'x' }, { do: 'connect', to }, { do: 'send', on: `a>${to}#test/1`, text: 'hi' }, { do: 'send', on: `b>${to}#test/2`, text: 'ho' }, { do: 'write', word: 'w' }] },
]
const nodes: Record<string, ToyConfig> = {
  a: { atBoot: talk('b') }, b: { echoes: true, atBoot: talk('c') }, c: { onePerConnection: true, stopsAtOnce: true, atBoot: [{ do: 'every', name: 'note', period: 20 * MS, deeds: [{ do: 'note', figure: 1 }, { do: 'unmute', on: 'b>c#test/2' }] }] },
}
const begin = (): Simulation => newToys(nodes, { seed: 3, jitter: 3 * MS })

function machineOf(sim: Simulation): Machine<World, Input> {
  const at = <T>(world: World, act: () => T): T => {
    resumeFrom(sim, world)
    return act()
  }
  return {
    copy: cloneWorld, stepsOf: ({ steps }) => steps, nowOf: ({ now }) => now, nextAt: (world) => at(world, () => nextAt(sim)),
    step: (world) => void at(world, () => step(sim)), wait: (world, until) => void (world.now = until), intervene: (world, input) => at(world, () => apply(sim, input)),
  }
}
function newTimeline(keyframeSteps = 40, journal: readonly Entry<Input>[] = []): Timeline<World, Input> {
  const sim = begin()
  return new Timeline(machineOf(sim), sim.world, journal, keyframeSteps)
}

interface Act { readonly at: Micros; readonly inputs: readonly Input[] }
/** The same run, straight from the start, with the timeline left out. */
function straight(acts: readonly Act[], until: Micros): World {
  const sim = begin()
  for (const { at, inputs } of acts) {
    if (at > until) break
    runUntil(sim, at)
    for (const input of inputs) apply(sim, input)
    runUntil(sim, at)
  }
  runUntil(sim, until)
  return sim.world
}

const someNode = fc.constantFrom('a', 'b', 'c')
const someInput: fc.Arbitrary<Input> = fc.oneof(
  fc.record({ do: fc.constantFrom('crash', 'stop', 'restart', 'pause', 'resume'), node: someNode }),
  fc.record({ do: fc.constant('clock'), node: someNode, add: fc.integer({ min: -SECOND, max: SECOND }) }),
  fc.record({ do: fc.constant('cut'), from: someNode, to: someNode, traffic: fc.constantFrom('all', 'test', 'other'), reset: fc.boolean() }),
  fc.record({ do: fc.constant('heal'), from: someNode, to: someNode }),
  fc.record({ do: fc.constant('slow'), from: someNode, to: someNode, add: fc.nat(9 * MS) }),
) as fc.Arbitrary<Input>
const someMoment = fc.nat(600).map((ms) => ms * MS)
const someMove = fc.oneof(
  fc.record({ do: fc.constant('seek' as const), at: someMoment }),
  fc.record({ do: fc.constant('intervene' as const), at: someMoment, inputs: fc.array(someInput, { minLength: 1, maxLength: 3 }) }),
  fc.record({ do: fc.constantFrom('undo' as const, 'redo' as const) }),
)

function expectSame(world: World, other: World): void {
  if (asText(world) !== asText(other)) expect(world).toStrictEqual(other)
  expect(asText(world)).toBe(asText(other))
}

/** What a timeline should have done, in the simplest words: undo and redo are lists of whole histories. */
class Model {
  acts: readonly Act[] = []
  readonly past: (readonly Act[])[] = []
  future: (readonly Act[])[] = []
  intervene(at: Micros, inputs: readonly Input[]): void {
    this.past.push(this.acts)
    this.future = []
    this.acts = [...this.acts.filter((act) => act.at <= at), { at, inputs }]
  }
  /** From one list to the other: the newest there is, with what is true now left behind. */
  travel(from: (readonly Act[])[], to: (readonly Act[])[]): void {
    const acts = from.pop()
    if (acts === undefined) return
    to.push(this.acts)
    this.acts = acts
  }
}

test('however one travels, branches and returns: the world is that of a straight run', () => {
  fc.assert(fc.property(fc.array(someMove, { maxLength: 12 }), someMoment, (moves, end) => {
    const timeline = newTimeline()
    const model = new Model()
    for (const move of moves) {
      switch (move.do) {
        case 'seek':
          timeline.seek(move.at)
          break
        case 'intervene':
          timeline.intervene(move.at, move.inputs)
          model.intervene(move.at, move.inputs)
          break
        case 'undo':
          timeline.undo()
          model.travel(model.past, model.future)
          break
        case 'redo':
          timeline.redo()
          model.travel(model.future, model.past)
      }
    }
    timeline.seek(end)
    expectSame(timeline.state, straight(model.acts, end))
  }), { seed: 17, numRuns: 40 })
})

test('a run made again from its journal is the same run', () => {
  fc.assert(fc.property(fc.array(fc.record({ at: someMoment, inputs: fc.array(someInput, { minLength: 1, maxLength: 3 }) }), { maxLength: 5 }), (acts) => {
    const one = newTimeline()
    for (const { at, inputs } of acts.slice().sort((a, b) => a.at - b.at)) one.intervene(at, inputs)
    one.seek(700 * MS)
    const other = newTimeline(25, one.journal)
    other.seek(700 * MS)
    expectSame(other.state, one.state)
  }), { seed: 17, numRuns: 10 })
})

describe('a branch and the way back', () => {
  const crash: Input = { do: 'crash', node: 'b' }
  test('an intervention in the past discards what lay ahead; undo brings it back', () => {
    const timeline = newTimeline()
    timeline.intervene(200 * MS, [crash])
    timeline.seek(500 * MS)
    const before = cloneWorld(timeline.state)
    timeline.intervene(100 * MS, [{ do: 'pause', node: 'a' }])
    expect(timeline.journal.map(({ at }) => at)).toEqual([100 * MS])
    expect(timeline.undo()).toBe(100 * MS)
    expect(timeline.journal.map(({ at }) => at)).toEqual([200 * MS])
    timeline.seek(500 * MS)
    expectSame(timeline.state, before)
    expect(timeline.redo()).toBe(100 * MS)
    expect(timeline.journal.map(({ at }) => at)).toEqual([100 * MS])
  })

  test('nothing to take back, and nothing to bring back', () => {
    const timeline = newTimeline()
    expect([timeline.canUndo, timeline.canRedo, timeline.undo(), timeline.redo()]).toEqual([false, false, undefined, undefined])
    timeline.intervene(MS, [crash])
    timeline.undo()
    expect([timeline.canUndo, timeline.canRedo]).toEqual([false, true])
    timeline.intervene(MS, [crash])
    expect([timeline.canUndo, timeline.canRedo]).toEqual([true, false])
  })

  test('interventions of one gesture happen at one moment, with nothing between them', () => {
    const timeline = newTimeline()
    timeline.intervene(70 * MS, [crash, { do: 'restart', node: 'b' }])
    const { steps } = timeline.state
    expect(timeline.journal.map(({ afterStep, at }) => [afterStep, at])).toEqual([[steps - 2, 70 * MS], [steps - 2, 70 * MS]])
  })

  test('advance can be stopped between two things, and goes on where it was', () => {
    const timeline = newTimeline()
    let left = 50
    expect(timeline.advance(500 * MS, () => left-- === 0)).toBe(false)
    expect(timeline.now).toBeLessThan(500 * MS)
    expect(timeline.advance(500 * MS)).toBe(true)
    expectSame(timeline.state, straight([], 500 * MS))
  })
})

describe('keyframes', () => {
  /** Counts; a thing happens every millisecond. */
  const counter: Machine<{ steps: number }, never> = {
    copy: (state) => ({ ...state }), stepsOf: ({ steps }) => steps, nowOf: ({ steps }) => steps * MS, nextAt: ({ steps }) => (steps + 1) * MS,
    step: (state) => void state.steps++, wait: () => undefined, intervene: () => undefined,
  }
  const run = (until: Micros, keyframeSteps: number) => {
    const timeline = new Timeline(counter, { steps: 0 }, [], keyframeSteps)
    timeline.advance(until)
    return timeline
  }
  test('one every so many steps', () => expect(run(100 * MS, 10).keyframes).toBe(11))

  test('their number is bounded, and any moment is near one', () => {
    for (const steps of [401, 3_000, 10_000, 40_000]) {
      const timeline = run(steps * MS, 1)
      expect(timeline.keyframes).toBeLessThanOrEqual(401)
      for (let i = 1; i <= 40; i++) {
        const at = Math.round((steps * i) / 40) * MS
        timeline.seek(steps * MS)
        const stands = timeline.restore(at - 1)
        expect((at - stands) / MS).toBeLessThanOrEqual(Math.max(1, steps / 50) + 1)
      }
    }
  })

  test('the start is never given up', () => {
    const timeline = run(SECOND * 5, 1)
    timeline.seek(0)
    expect(timeline.state.steps).toBe(0)
  })
})
