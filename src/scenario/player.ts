/** Lets a run go on: the kernel's next step, or what the scenario has to do by then; and sees what came of it. */
import { assert } from '../base/assert.ts'
import type { Micros } from '../base/units.ts'
import { apply, nextAt, step, type Simulation } from '../engine/simulation.ts'
import type { Watch } from '../engine/watch.ts'
import type { World } from '../engine/world.ts'
import type { ProducerState } from '../kafka/client/producer/state.ts'
import { processTypes } from '../kafka/cluster.ts'
import type { Fact } from '../kafka/notes.ts'
import { inputsOf, resolve, type Intervention } from './actions.ts'
import { LONGEST_WAIT, nextDue, type Mode } from './due.ts'
import { durationMicros } from './duration.ts'
import { Ear } from './ear.ts'
import { holds, type Read } from './expression.ts'
import { Observer } from './observe.ts'
import { assertionsOf, type AssertionState } from './assertions.ts'
import { programOf, type PlannedStep, type Program, type Row, type Statement } from './program.ts'
import { isDecided, see } from './rows.ts'
import type { Play, Problem, Run } from './run.ts'
import { finalProblems, judge, problemsOfStep } from './verdicts.ts'
import { actionText } from './action-text.ts'
import type { Action, Scenario } from './types.ts'

export type { Mode } from './due.ts'
export type { AssertionState } from './assertions.ts'

const MOST_PROBLEMS = 100
const MOST_ROUNDS = 10_000

/** Somebody who watches a scenario being played. */
export interface PlayWatch extends Watch {
  /** The run stands here now, at an earlier step than before or at a later one that it has been at: it is still the same run. */
  rewind?(world: World): void
  /** From here on the run goes another way: forget what came after. */
  branch?(world: World): void
  /** A step of the scenario has just ended; what the next one does has not been done yet. */
  stepEnded?(run: Run, index: number): void
}

type Path = readonly (string | number)[]

export class Player {
  readonly program: Program
  readonly #mode: Mode
  readonly #watch: PlayWatch
  readonly #types = new Map(processTypes().map((type) => [type.kind, type]))
  readonly #sim: Simulation
  readonly #observer: Observer
  readonly #ear: Ear
  #world!: World
  #play!: Play

  constructor(scenario: Scenario, watch: PlayWatch, mode: Mode) {
    this.program = programOf(scenario)
    this.#mode = mode
    this.#watch = watch
    this.#observer = new Observer(scenario)
    this.#ear = new Ear(watch, this.program)
    this.#sim = { world: undefined as unknown as World, types: this.#types, watch: this.#ear }
  }

  nextAt({ world, play }: Run): Micros | undefined {
    const next = world.queue[0]?.at ?? Infinity
    const at = Math.min(next, Math.max(play.due, world.now))
    return at === Infinity ? undefined : at
  }

  /** At one moment the cluster comes first: `for: 1s` ends with all that happens in that second. */
  step(run: Run): void {
    this.#attend(run)
    const next = nextAt(this.#sim)
    if (next !== undefined && next <= this.#play.due) step(this.#sim)
    else {
      this.#world.now = Math.max(this.#world.now, this.#play.due)
      this.#onTime()
    }
    this.#react()
  }

  intervene(run: Run, intervention: Intervention): void {
    this.#attend(run)
    const { play } = run
    if (play.refused !== undefined && play.refused.at !== run.world.now) play.refused = undefined
    const made = inputsOf(run.world, intervention)
    if ('impossible' in made) {
      play.refused = { what: intervention.do, why: made.impossible, at: run.world.now }
      return
    }
    play.actions++
    // An admin client may join, and its part of the model may have come since this began.
    for (const type of processTypes()) this.#types.set(type.kind, type)
    for (const input of made.inputs) apply(this.#sim, input)
    this.#ear.told = true
    this.#react()
  }

  assertions(run: Run): Readonly<Record<string, AssertionState>> {
    this.#attend(run)
    return assertionsOf(this.program, run.play, run.world.now, this.#read)
  }

  #attend({ world, play }: Run): void {
    this.#sim.world = world
    this.#world = world
    this.#play = play
    this.#observer.look(world, play)
    this.#ear.attend(play, this.program.steps[play.step]?.focus)
  }
  get #read(): Read {
    return this.#observer.read
  }
  get #planned(): PlannedStep | undefined {
    return this.program.steps[this.#play.step]
  }

  /** What falls due now: the first step, an item with `at`, the end of a pause, the end of a step. */
  #onTime(): void {
    const play = this.#play
    const now = this.#world.now
    this.#ear.all = true
    if (play.phase === 'before') return this.#begin(0)
    for (let first = play.timed[0]; first !== undefined && first.at <= now; first = play.timed[0]) {
      play.timed.shift()
      const made = inputsOf(this.#world, first.intervention)
      if ('inputs' in made) for (const input of made.inputs) apply(this.#sim, input)
    }
    if (play.phase === 'running') this.#fireTimed(now)
  }

  #fireTimed(now: Micros): void {
    this.#planned?.step.do?.forEach((item, i) => {
      if (item.at === undefined || this.#play.fired[i] === true || this.#play.runAt + durationMicros(item.at) > now) return
      this.#play.fired[i] = true
      this.#perform(item, ['steps', this.#play.step, 'do', i])
    })
  }

  /** See what has changed, and let the scenario answer, until there is nothing more to answer at this moment. */
  #react(): void {
    for (let round = 0; ; round++) {
      assert(round < MOST_ROUNDS, 'a scenario does something at the same moment for ever')
      const ear = this.#ear
      if (ear.losses) this.#tellLosses()
      if (ear.quorum) this.#tellQuorum()
      if (!ear.changed) break
      const touched = ear.take()
      this.#look(touched)
      this.#fireConditional(touched)
      this.#maybeEnd(touched)
    }
    this.#play.due = nextDue(this.program, this.#play, this.#mode, this.#observer)
  }

  /** The ledger has found that acknowledged records are gone: nobody in the cluster could tell. */
  #tellLosses(): void {
    this.#ear.losses = false
    const { lost } = this.#observer.ledger
    if (lost.length <= this.#play.lostTold.size) return
    for (const { id, partition, offset } of lost) {
      if (this.#play.lostTold.has(id)) continue
      this.#play.lostTold.set(id, true)
      const { before: ackedBy = '', unclean = false } = this.#play.leaders.get(partition) ?? {}
      const fact: Fact = { code: 'record.lost', producer: id.slice(0, id.lastIndexOf('#')), partition, offset, ackedBy, why: unclean ? 'unclean' : 'truncated' }
      apply(this.#sim, { do: 'say', fact, by: 'ledger' })
    }
  }

  /** Whether a majority of the controllers runs: each of them only knows whom it hears. */
  #tellQuorum(): void {
    this.#ear.quorum = false
    let voters = 0, alive = 0
    for (const { kind, condition } of this.#world.nodes.values()) {
      if (kind !== 'controller') continue
      voters++
      if (condition === 'running' || condition === 'stopping') alive++
    }
    const hasMajority = alive * 2 > voters
    if (hasMajority === this.#play.hasMajority) return
    this.#play.hasMajority = hasMajority
    const fact: Fact = { code: hasMajority ? 'quorum.regained' : 'quorum.lost', alive, voters }
    apply(this.#sim, { do: 'say', fact, by: 'ledger' })
  }

  #rows(): readonly Row[] {
    const { goal, forbid, expect } = this.program
    return [...goal, ...forbid, ...expect, ...(this.#play.phase === 'ended' ? [] : (this.#planned?.checks ?? []))]
  }
  #look(touched: Touched): void {
    for (const row of this.#rows()) {
      if (mayHaveChanged(row.statement, touched) && !isDecided(row, this.#play.rows.get(row.key))) this.#see(row)
    }
  }
  #see(row: Row): void {
    see(this.#play.rows, row, holds(row.statement, this.#read), this.#world.now, this.#play.step)
  }

  #fireConditional(touched: Touched): void {
    const planned = this.#planned
    if (planned === undefined || this.#play.phase !== 'running') return
    planned.whens.forEach((when, i) => {
      if (when === undefined || this.#play.fired[i] === true || !mayHaveChanged(when, touched)) return
      const { within } = planned.step.do![i]!
      if (within !== undefined && this.#world.now > this.#play.runAt + durationMicros(within)) return
      if (!holds(when, this.#read)) return
      this.#play.fired[i] = true
      this.#perform(planned.step.do![i]!, ['steps', this.#play.step, 'do', i])
    })
  }

  #maybeEnd(touched: Touched): void {
    const planned = this.#planned
    const { phase, runAt, counted } = this.#play
    if (planned === undefined) return
    const { run } = planned.step
    const now = this.#world.now
    if (phase === 'doing') this.#maybeGoOn()
    else if (phase === 'asking') {
      if (planned.ask !== undefined && mayHaveChanged(planned.ask, touched) && holds(planned.ask, this.#read)) this.#afterAsk(true)
      else if (this.#mode === 'solution' && now >= runAt + LONGEST_WAIT) this.#afterAsk(false)
    } else if (phase === 'running' && run !== undefined) {
      if (planned.until !== undefined && mayHaveChanged(planned.until, touched) && holds(planned.until, this.#read)) this.#end(true)
      else if ('until' in run && now >= runAt + durationMicros(run.max)) this.#end(false)
      else if ('for' in run && now >= runAt + durationMicros(run.for)) this.#end(true)
      else if ('event' in run && counted >= run.event) this.#end(true)
      else if ('event' in run && this.#mode !== 'learner' && now >= runAt + LONGEST_WAIT) this.#end(false)
    }
  }

  #begin(index: number): void {
    const play = this.#play
    const planned = this.program.steps[index]
    if (planned === undefined) return this.#finish()
    const { step: file } = planned
    play.step = index
    play.phase = 'running'
    play.counted = 0
    play.fired = (file.do ?? []).map(() => false)
    play.marks.push({ id: file.id, index, startAt: this.#world.now, endAt: undefined, reached: undefined })
    this.#ear.attend(play, planned.focus)
    apply(this.#sim, { do: 'say', fact: { code: 'step.began', step: file.id, index } as Fact, by: 'scenario' })
    if (planned.ask === undefined) this.#solve(file.id)
    this.#doFrom(0)
  }

  /** The items of `do` that wait for nothing, in order, at one instant; the clock runs only where one awaits its answers. */
  #doFrom(first: number): void {
    const play = this.#play
    const { step: file, ask } = this.#planned!
    for (let i = first; i < (file.do?.length ?? 0); i++) {
      const item = file.do![i]!
      if (item.at !== undefined || item.when !== undefined || item.ask !== undefined) continue
      play.fired[i] = true
      this.#perform(item, ['steps', play.step, 'do', i])
      if (item.produce?.await !== true) continue
      play.phase = 'doing'
      play.awaited = { client: item.produce.by, sends: this.#sendsOf(item.produce.by)?.sent ?? 0, since: this.#world.now, next: i + 1 }
      this.#ear.all = true
      return
    }
    play.phase = 'running'
    play.runAt = this.#world.now
    this.#ear.all = true
    if (ask !== undefined) this.#ask(ask)
    else if (file.run === undefined) this.#end(true)
  }

  #sendsOf(client: string): ProducerState['notebook'] | undefined {
    const node = this.#world.nodes.get(client)
    return ((node?.state ?? node?.disk) as Partial<ProducerState> | undefined)?.notebook
  }
  #maybeGoOn(): void {
    const { awaited } = this.#play
    if (awaited === undefined) return
    const answered = this.#sendsOf(awaited.client)?.outcomes.length ?? 0
    if (answered < awaited.sends && this.#world.now < awaited.since + LONGEST_WAIT) return
    this.#play.awaited = undefined
    this.#doFrom(awaited.next)
  }

  #ask(until: Statement): void {
    this.#play.phase = 'asking'
    this.#play.fired[this.#play.fired.length - 1] = true
    if (this.#mode === 'watch') this.#afterAsk(holds(until, this.#read))
    else this.#solve(this.#planned!.step.id)
  }
  #afterAsk(reached: boolean): void {
    const run = this.#planned?.step.run
    if (run === undefined || this.#mode === 'watch') return this.#end(reached)
    this.#play.phase = 'running'
    this.#play.runAt = this.#world.now
    this.#ear.all = true
  }

  /** What the file's solution does in this step. */
  #solve(id: string): void {
    if (this.#mode !== 'solution') return
    this.program.scenario.solution?.forEach(({ step: named, do: items }, i) => {
      if (named === id) items.forEach((item, j) => this.#perform(item, ['solution', i, 'do', j]))
    })
  }

  #end(reached: boolean): void {
    const play = this.#play
    const planned = this.#planned!
    const mark = play.marks[play.marks.length - 1]!
    for (const row of planned.checks) this.#see(row)
    mark.endAt = this.#world.now
    mark.reached = reached
    this.#watch.stepEnded?.({ world: this.#world, play }, play.step)
    this.#reportAll(problemsOfStep(planned, play, mark, this.#world.now, this.#read))
    this.#reportAll(judge(this.program, play, this.#read))
    this.#ear.all = true
    this.#begin(play.step + 1)
  }

  #finish(): void {
    const play = this.#play
    play.step = this.program.steps.length
    play.phase = 'ended'
    play.endedAt = this.#world.now
    for (const row of this.#rows()) this.#see(row)
    this.#reportAll(finalProblems(this.program, play, this.#mode, this.#world.now, this.#read))
    this.#ear.attend(play, undefined)
  }

  /** Do an item of the file, at whoever it is by now. */
  #perform(item: Action, path: Path): void {
    const world = this.#world
    const resolved = resolve(world, item)
    if ('nobody' in resolved) {
      const args = { action: actionText(item).split(':')[0] ?? '', selector: resolved.nobody, at: world.now }
      return this.#report({ code: 'T307', args, path })
    }
    if ('impossible' in resolved) return this.#report(
      { code: 'T308', args: { action: actionText(item), why: resolved.impossible, at: world.now }, path },
    )
    for (const intervention of resolved.interventions) {
      const made = inputsOf(world, intervention)
      if ('impossible' in made) this.#report(
        { code: 'T308', args: { action: actionText(item), why: made.impossible, at: world.now }, path },
      )
      else for (const input of made.inputs) apply(this.#sim, input)
    }
    for (const { after, intervention } of resolved.later) this.#play.timed.push({ at: world.now + after, intervention })
    this.#play.timed.sort((a, b) => a.at - b.at)
  }

  /** Of a played solution only what it does itself, and whether it wins, is news. */
  #report(problem: Problem): void {
    if (this.#mode === 'solution' && problem.code !== 'T305' && problem.path[0] !== 'solution') return
    if (this.#play.problems.length < MOST_PROBLEMS) this.#play.problems.push(Object.freeze(problem))
  }
  #reportAll(problems: readonly Problem[]): void {
    for (const problem of problems) this.#report(problem)
  }
}

/** What may have changed since somebody looked last. */
interface Touched { readonly all: boolean; readonly told: boolean; readonly machines: ReadonlySet<string> }

function mayHaveChanged({ machines, tells, timed }: Statement, { all, told, machines: touched }: Touched): boolean {
  if (all || timed || (told && tells)) return true
  if (machines === undefined) return touched.size > 0
  for (const name of touched) if (machines.has(name)) return true
  return false
}
