/**
 * A run that can be visited at any moment: keyframes, seek, interventions, undo and redo.
 *
 * A run is (how it starts, journal): replayed from any keyframe it is the same, step by step. Keyframes are only a cache.
 * An intervention made in the past discards what lay ahead, later interventions too; undo brings them back.
 */
import { assert } from '../base/assert.ts'
import { isMoment, type Micros } from '../base/units.ts'

/** Something that runs: a world, with whatever is checkpointed together with it. */
export interface Machine<State, Intervention> {
  /** `before` is an earlier copy that stays as it is: what is equal in it may be shared. */
  readonly copy: (state: State, before?: State) => State
  readonly stepsOf: (state: State) => number
  readonly nowOf: (state: State) => Micros
  /** When something happens next by itself; undefined = never. */
  readonly nextAt: (state: State) => Micros | undefined
  /** Let the next thing happen. */
  readonly step: (state: State) => void
  /** The clock stands at `at`, later than now and before the next thing. */
  readonly wait: (state: State, at: Micros) => void
  readonly intervene: (state: State, intervention: Intervention) => void
  /** The run stands here now, somewhere else than before: what was seen of it ahead of this state is still so. */
  readonly restored?: (state: State) => void
  /** From this state on the run goes another way than before: whoever watches forgets what came after it. */
  readonly branched?: (state: State) => void
}

/** By step, not by time alone, so that a replay puts it at the same place in the order. */
export interface Entry<Intervention> { readonly afterStep: number; readonly at: Micros; readonly intervention: Intervention }

interface Keyframe<State> { readonly steps: number; readonly at: Micros; readonly entries: number; readonly state: State }

export const KEYFRAME_STEPS = 5_000
/** Past this, every second one goes and the next ones lie twice as far apart: the distance grows with the run, never their number. */
const KEYFRAME_LIMIT = 400

export class Timeline<State, Intervention> {
  /** The live state; stands wherever the last call left it. */
  state: State
  journal: readonly Entry<Intervention>[]
  readonly #machine: Machine<State, Intervention>
  readonly #keyframeSteps: number
  /** How much of the journal the live state has behind it. */
  #entries = 0
  #keyframes: Keyframe<State>[]
  #distance: number
  #undone: (readonly Entry<Intervention>[])[] = []
  #done: (readonly Entry<Intervention>[])[] = []

  constructor(machine: Machine<State, Intervention>, start: State, journal: readonly Entry<Intervention>[] = [], keyframeSteps = KEYFRAME_STEPS) {
    this.#machine = machine
    this.#keyframeSteps = keyframeSteps
    this.#distance = keyframeSteps
    this.state = start
    this.journal = journal
    this.#done = journal.length > 0 ? [[]] : []
    this.#keyframes = [this.#capture()]
  }

  get now(): Micros {
    return this.#machine.nowOf(this.state)
  }
  get keyframes(): number {
    return this.#keyframes.length
  }
  /** Keep only the first: what they weigh is the difference. */
  forgetKeyframes(): void {
    this.#keyframes = this.#keyframes.slice(0, 1)
  }
  get canUndo(): boolean {
    return this.#done.length > 0
  }
  get canRedo(): boolean {
    return this.#undone.length > 0
  }

  /** When something happens next, by itself or by the journal; undefined = never. */
  get nextAt(): Micros | undefined {
    const next = this.#machine.nextAt(this.state)
    const entry = this.journal[this.#entries]
    return entry !== undefined && (next === undefined || entry.at < next) ? entry.at : next
  }

  /** A moment about so many steps before `at`, by the keyframes on both sides. */
  stepsBefore(at: Micros, steps: number): Micros {
    const machine = this.#machine
    let from = this.#keyframes[0]!
    let to: { readonly steps: number; readonly at: Micros } = { steps: machine.stepsOf(this.state), at: this.now }
    for (const keyframe of this.#keyframes) {
      if (keyframe.at < at) from = keyframe
      else {
        to = keyframe
        break
      }
    }
    return to.steps > from.steps && to.at > from.at ? at - (steps * (to.at - from.at)) / (to.steps - from.steps) : 0
  }

  /** Everything up to and including `until`; the clock then stands there. `stop` is asked before each thing: true ends it early. */
  advance(until: Micros, stop?: () => boolean): boolean {
    assert(isMoment(until), 'time is whole microseconds')
    const machine = this.#machine
    for (;;) {
      if (stop?.() === true) return false
      const next = machine.nextAt(this.state)
      const entry = this.journal[this.#entries]
      if (entry !== undefined && entry.at <= until && (next === undefined || next > entry.at)) this.#applyGesture(entry)
      else if (next === undefined || next > until) break
      else {
        machine.step(this.state)
        this.#maybeCapture()
      }
    }
    if (machine.nowOf(this.state) < until) machine.wait(this.state, until)
    return true
  }

  /** All entries of one gesture at one instant: nothing comes between them. */
  #applyGesture({ at, afterStep }: Entry<Intervention>): void {
    if (this.now < at) this.#machine.wait(this.state, at)
    for (let entry = this.journal[this.#entries]; entry !== undefined && entry.at === at && entry.afterStep === afterStep; entry = this.journal[this.#entries]) {
      this.#entries++
      this.#machine.intervene(this.state, entry.intervention)
    }
  }

  /** Stand at a keyframe at or before `at`, or stay, if the live state is nearer. Gives the moment where the state stands. */
  restore(at: Micros): Micros {
    const best = this.#keyframeBefore(at)
    if (this.now > at || this.now < best.at) this.#stand(best)
    return this.now
  }

  seek(at: Micros): void {
    this.restore(at)
    this.advance(at)
  }

  /** Act at `at`: the run goes on from there another way. The live state stands just after. */
  intervene(at: Micros, interventions: readonly Intervention[]): void {
    this.seek(at)
    this.#done.push(this.journal)
    this.#undone = []
    const kept = this.journal.slice(0, this.#entries)
    const afterStep = this.#machine.stepsOf(this.state)
    this.#forget(at)
    this.journal = [...kept, ...interventions.map((intervention) => ({ afterStep, at, intervention }))]
    this.#machine.branched?.(this.state)
    this.advance(at)
  }

  /** Take the newest gesture back. Gives the moment it was made at; undefined when there is none. */
  undo(): Micros | undefined {
    const before = this.#done.pop()
    if (before === undefined) return undefined
    this.#undone.push(this.journal)
    return this.#switchTo(before)
  }
  redo(): Micros | undefined {
    const after = this.#undone.pop()
    if (after === undefined) return undefined
    this.#done.push(this.journal)
    return this.#switchTo(after)
  }

  #switchTo(journal: readonly Entry<Intervention>[]): Micros {
    const old = this.journal
    let common = 0
    while (common < old.length && common < journal.length && old[common] === journal[common]) common++
    const at = Math.min(old[common]?.at ?? Infinity, journal[common]?.at ?? Infinity)
    const moment = at === Infinity ? this.now : at
    this.#forget(moment)
    this.journal = journal
    this.#stand(this.#keyframeBefore(moment))
    this.#machine.branched?.(this.state)
    this.advance(moment)
    return moment
  }

  /** Strictly before: what happens at `at` itself is done again. The first one stands for the start. */
  #keyframeBefore(at: Micros): Keyframe<State> {
    let best = this.#keyframes[0]!
    for (const keyframe of this.#keyframes) if (keyframe.at < at) best = keyframe
    return best
  }
  #stand(keyframe: Keyframe<State>): void {
    this.state = this.#machine.copy(keyframe.state)
    this.#entries = keyframe.entries
    this.#machine.restored?.(this.state)
  }
  #forget(from: Micros): void {
    this.#keyframes = this.#keyframes.filter((keyframe, index) => index === 0 || keyframe.at < from)
    while (this.#distance > this.#keyframeSteps && this.#keyframes.length < KEYFRAME_LIMIT / 2) this.#distance /= 2
  }
  #maybeCapture(): void {
    const newest = this.#keyframes[this.#keyframes.length - 1]!
    if (this.#machine.stepsOf(this.state) - newest.steps < this.#distance) return
    this.#keyframes.push(this.#capture(newest.state))
    if (this.#keyframes.length <= KEYFRAME_LIMIT) return
    this.#keyframes = this.#keyframes.filter((_, index) => index % 2 === 0)
    this.#distance *= 2
  }
  #capture(before?: State): Keyframe<State> {
    return { steps: this.#machine.stepsOf(this.state), at: this.now, entries: this.#entries, state: this.#machine.copy(this.state, before) }
  }
}
