/**
 * One run and its conversation with the UI: the whole logic of the worker, as a plain class that a test can talk to.
 *
 * A generation is one unbroken stretch of frames: it begins with a base view, and every load, seek, intervention, undo and
 * redo begins a new one. `handle` yields frames as they are made, so that the worker can look up between two of them.
 */
import type { Micros } from '../base/units.ts'
import { SECOND } from '../base/units.ts'
import { printed } from '../base/hash.ts'
import { Timeline, type Entry } from '../engine/timeline.ts'
import type { Intervention } from '../scenario/actions.ts'
import { huesOf } from '../scenario/compile.ts'
import { newRun, playMachine, stepMarks, type PlayMachine, type Run } from '../scenario/play.ts'
import type { ClusterView, StepView } from '../projection/cluster-view.ts'
import type { BrokenPromise, Checker } from '../projection/checker.ts'
import { Recorder } from './recorder.ts'
import type { World } from '../engine/world.ts'
import type { Frame, Held, Refusal, Reply, RunCommand } from './protocol.ts'

/** A seek films this much before the moment asked for: what is on its way there set out earlier. Less where much happens. */
export const RUN_UP: Micros = 3 * SECOND
const RUN_UP_STEPS = 2_000
/** A frame is cut when it holds about so many rows, or so much run time. */
const FRAME_ROWS = 1500
const FRAME_TIME: Micros = 2 * SECOND

/** Tells when where a scenario stands has to be looked at again. */
class Scene {
  #lines = -1
  #marks = -1
  #phase = ''
  #endAt: Micros | undefined
  hasChanged(lines: number, { marks, phase }: Run['play']): boolean {
    const endAt = marks[marks.length - 1]?.endAt
    if (lines === this.#lines && marks.length === this.#marks && phase === this.#phase && endAt === this.#endAt) return false
    this.#lines = lines
    this.#marks = marks.length
    this.#phase = phase
    this.#endAt = endAt
    return true
  }
}

/** Where not the usual ones: lines of the story that are kept, and steps from one keyframe to the next. */
export interface SessionLimits { readonly mostLines?: number; readonly keyframeSteps?: number }

const NONE: readonly BrokenPromise[] = Object.freeze([])

export class Session {
  #generation = 0
  #timeline: Timeline<Run, Intervention> | undefined
  #machine: PlayMachine | undefined
  #recorder: Recorder | undefined
  #hues: ReadonlyMap<string, number> = new Map()
  /** Frames have been made up to here. */
  #covered: Micros = 0
  #horizon: Micros = 0
  #based = false
  /** By generation: so many lines of the story it has in common with the one before it. */
  readonly #common: number[] = []
  /** The run is not the one that was filmed last. */
  #isAnother = true
  /** Lines that the UI has. */
  #told = 0
  /** How often the recorder had begun its story anew when that was last asked. */
  #restarts = 0
  readonly #limits: SessionLimits
  #newChecker: (() => Checker) | undefined

  constructor(limits: SessionLimits = {}) {
    this.#limits = limits
  }

  /** From now on what must be true is looked at. Apart from the session, because it is not needed before the first frame. */
  check(newChecker: () => Checker): void {
    this.#newChecker = newChecker
    if (this.#recorder === undefined || this.#timeline === undefined) return
    this.#recorder.checker = newChecker()
    this.#recorder.checker.branch(this.#timeline.state.world)
  }

  *handle(command: RunCommand): Generator<Reply> {
    switch (command.do) {
      case 'fail': throw new Error('asked to fail')
      case 'load': return yield* this.#load(command)
      case 'advance': return yield* this.#film(Math.ceil(command.to))
      case 'seek': return yield* this.#seek(Math.ceil(command.at), Infinity, command.held, undefined, command.runUp)
      case 'intervene': return yield* this.#intervene(Math.ceil(command.at), command.interventions, command.held)
      case 'undo': return yield* this.#travel((timeline) => timeline.undo(), command.held)
      case 'redo': return yield* this.#travel((timeline) => timeline.redo(), command.held)
    }
  }

  /** Read something of the world at a moment that has been filmed, and go back to where filming ended: the run is the same as if nobody had looked. */
  visit<T>(at: Micros, read: (world: World, hues: ReadonlyMap<string, number>) => T): T | undefined {
    const timeline = this.#timeline, recorder = this.#recorder
    if (timeline === undefined || recorder === undefined || !this.#based) return undefined
    const back = timeline.now, moment = Math.min(Math.ceil(at), back)
    if (moment === back) return read(timeline.state.world, this.#hues)
    recorder.lookAway()
    timeline.seek(moment)
    const found = read(timeline.state.world, this.#hues)
    timeline.seek(back)
    recorder.lookAgain()
    return found
  }

  *#load({ scenario, seed, journal, at }: Extract<RunCommand, { do: 'load' }>): Generator<Reply> {
    this.#hues = huesOf(scenario)
    this.#recorder = new Recorder(this.#hues, this.#limits.mostLines)
    this.#recorder.checker = this.#newChecker?.()
    this.#restarts = 0
    const run = newRun(scenario, seed, this.#recorder)
    const entries: Entry<Intervention>[] = journal.map(({ afterStep, at: when, intervention }) => ({ afterStep, at: when, intervention }))
    this.#machine = playMachine(scenario, this.#recorder)
    this.#timeline = new Timeline(this.#machine, run, entries, this.#limits.keyframeSteps)
    this.#horizon = 0
    yield* this.#seek(Math.ceil(at), 0, undefined)
  }

  /** Run, without filming, to a little before `at`; then film up to it. So many lines of the story are still those of before. */
  *#seek(at: Micros, common: number, held: Held | undefined, showAt?: Micros, runUp: Micros = 0): Generator<Reply> {
    const timeline = this.#timeline, recorder = this.#recorder
    if (timeline === undefined || recorder === undefined) return
    this.#common[++this.#generation] = common
    if (common !== Infinity) this.#isAnother = true
    recorder.stop()
    timeline.seek(Math.max(0, Math.min(Math.ceil(at - runUp), Math.max(Math.ceil(at - RUN_UP), Math.floor(timeline.stepsBefore(at, RUN_UP_STEPS))))))
    this.#covered = timeline.now
    if (recorder.restarts !== this.#restarts) this.#common[this.#generation] = 0
    this.#restarts = recorder.restarts
    this.#told = this.#stillTrue(held)
    this.#based = false
    yield* this.#film(Math.max(at, this.#covered), showAt)
  }

  /** How many of the lines that the UI has are lines of the run as it is now. */
  #stillTrue(held: Held | undefined): number {
    let lines = held?.lines ?? 0
    for (let generation = (held?.generation ?? 0) + 1; generation <= this.#generation; generation++) lines = Math.min(lines, this.#common[generation] ?? 0)
    return lines
  }

  *#intervene(at: Micros, interventions: readonly Intervention[], held: Held | undefined): Generator<Reply> {
    this.#recorder?.stop()
    this.#timeline?.intervene(at, interventions)
    this.#horizon = at
    const refused = this.#timeline?.state.play.refused
    if (refused !== undefined) yield { type: 'refused', generation: this.#generation, what: refused.what, why: refused.why } satisfies Refusal
    yield* this.#seek(at, this.#recorder?.linesBefore(at) ?? 0, held, at)
  }

  *#travel(move: (timeline: Timeline<Run, Intervention>) => Micros | undefined, held: Held | undefined): Generator<Reply> {
    if (this.#timeline === undefined) return
    this.#recorder?.stop()
    const at = move(this.#timeline)
    if (at === undefined) return
    this.#horizon = at
    yield* this.#seek(at, this.#recorder?.linesBefore(at) ?? 0, held, at)
  }

  /** Frames from where the last one ended. */
  *#film(to: Micros, showAt?: Micros): Generator<Reply> {
    const timeline = this.#timeline, recorder = this.#recorder
    if (timeline === undefined || recorder === undefined) return
    const generation = this.#generation
    let first: Frame['base']
    if (!this.#based) {
      const tables = this.#tables()
      recorder.begin(timeline.state.world, this.#told, this.#isAnother)
      this.#isAnother = false
      first = recorder.base(tables)
      this.#based = true
    }
    const scene = new Scene()
    const stop = (): boolean => {
      const { world, play } = timeline.state
      if (scene.hasChanged(recorder.lines, play)) recorder.scene(world, this.#tables())
      if (timeline.nextAt === world.now) return false
      recorder.settle()
      return recorder.pending >= FRAME_ROWS
    }
    while (first !== undefined || this.#covered < to) {
      if (generation !== this.#generation) return
      const until = Math.min(to, this.#covered + FRAME_TIME)
      timeline.advance(until, stop)
      stop()
      yield this.#frame(first, showAt)
      first = undefined
    }
  }

  /** Where the scenario stands: its steps, and the rows it is judged by. */
  #tables(): Pick<ClusterView, 'steps' | 'assertions'> {
    const run = this.#timeline!.state
    const steps: Record<string, StepView> = {}
    const { marks, phase } = run.play
    marks.forEach(({ id, index, startAt, endAt, reached }, i) => {
      const state = endAt !== undefined ? 'ended' : i === marks.length - 1 && phase === 'asking' ? 'asking' : 'running'
      steps[id] = { index, id, startedAt: startAt, endedAt: endAt, reached, state }
    })
    return { steps, assertions: this.#machine!.assertions(run) }
  }

  #frame(base: Frame['base'], showAt: Micros | undefined): Frame {
    const timeline = this.#timeline!, recorder = this.#recorder!
    const { world, play } = timeline.state
    const from = this.#covered
    this.#covered = world.now
    this.#horizon = Math.max(this.#horizon, world.now)
    return {
      type: 'frame', generation: this.#generation, from, to: world.now, base, ...recorder.take(), wholeFrom: recorder.wholeFrom, broken: recorder.checker?.broken ?? NONE, steps: stepMarks(play), horizon: this.#horizon,
      scenarioEndsAt: play.endedAt, stepsDone: world.steps, hash: printed(world.hash), journal: timeline.journal, canUndo: timeline.canUndo, canRedo: timeline.canRedo, showAt,
    }
  }
}
