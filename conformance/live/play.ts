/**
 * Plays a scenario on a live cluster: does what its steps do, waits for what they wait for, and judges what the file says
 * by the file's own statements, over and over, as the simulator's player does.
 */
import { durationMicros } from '../../src/scenario/duration.ts'
import { LONGEST_WAIT } from '../../src/scenario/due.ts'
import { evaluate, type Read } from '../../src/scenario/expression.ts'
import type { PlannedStep, Row, Statement } from '../../src/scenario/program.ts'
import { isDecided, see, type RowState } from '../../src/scenario/rows.ts'
import { judgedAt } from '../../src/scenario/asked.ts'
import type { Action } from '../../src/scenario/types.ts'
import { actionText } from '../../src/scenario/action-text.ts'
import type { LiveState } from './live-state.ts'
import { conjuncts, hiddenOf, Unobservable } from './observable.ts'
import { Performer } from './perform.ts'
import { reader } from './read.ts'
import type { Stage } from './stage.ts'

export interface LiveMark { readonly id: string; readonly startAt: number; endAt: number | undefined; reached: boolean; fired: readonly boolean[]
  /** How long it waited for processes to start: a JVM takes seconds, the simulator's processes none. */
  late: number
}

/** What a poll of statements costs nobody, and what it can miss. */
const POLL_MS = 25
/** A limit is the simulator's to the microsecond; here it is looked at from outside. */
const LOOK_MARGIN = 400_000
const WAIT_MARGIN = 500_000
/** What a client is told so soon after the end of a step belongs to it: one poll of its application tells several things. */
export const SAME_BREATH = 40_000

export class LivePlay implements LiveState {
  readonly stage: Stage
  readonly marks: LiveMark[] = []
  readonly rows = new Map<string, RowState>()
  /** What options of questions came to, at the end of the step that judges them. */
  readonly judged = new Map<string, readonly (boolean | undefined)[]>()
  /** Statements that nobody can judge from outside, with the reason. */
  readonly unjudged = new Map<string, string>()
  readonly refused: string[] = []
  readonly #took: readonly number[]
  readonly #read: Read
  readonly #performer: Performer
  #step = -1
  /** `took`: how long each step takes in the simulator, in microseconds. */
  constructor(stage: Stage, took: readonly number[]) {
    this.stage = stage
    this.#took = took
    this.#read = reader(this)
    this.#performer = new Performer(stage)
  }
  get scenario() { return this.stage.scenario }
  get seen() { return this.stage.seen }
  get books() { return this.stage.books }
  get tallies() { return this.stage.tallies }
  get now() { return this.stage.now }
  get quorumEpoch() { return this.stage.quorumEpoch }
  node(name: string) { return this.stage.nodeState(name) }

  async play(stepEnded: (index: number) => void, say: (line: string) => void): Promise<void> {
    try {
      for (const [index, planned] of this.stage.program.steps.entries()) {
        await this.#playStep(index, planned)
        const { id, startAt, endAt = 0, reached } = this.marks[index]!
        say(`${id}: ${((endAt - startAt) / 1_000_000).toFixed(1)} s${reached ? '' : ', NOT reached'}`)
        stepEnded(index)
      }
    } finally {
      this.#performer.close()
    }
  }

  async #playStep(index: number, planned: PlannedStep): Promise<void> {
    const { step } = planned
    const mark: LiveMark = { id: step.id, startAt: this.now, endAt: undefined, reached: false, fired: [], late: 0 }
    this.marks.push(mark)
    this.#step = index
    const items = step.do ?? []
    const fired = items.map(() => false)
    mark.fired = fired
    for (const [i, item] of items.entries()) {
      if (item.at !== undefined || item.when !== undefined || item.ask !== undefined) continue
      fired[i] = true
      await this.#perform(item)
      if (item.produce?.await === true) await this.#answered(item.produce.by, planned)
    }
    // Nobody is there to do what a learner is asked for: such a step ends at once, as it does for who only watches the simulator.
    if (planned.ask !== undefined) mark.reached = this.#holds(planned.ask.text, () => evaluate(planned.ask!.node, this.#read) === true)
    else mark.reached = step.run === undefined || (await this.#run(planned, index, items, fired))
    mark.endAt = this.now
    await this.#settle(planned, index, mark.endAt)
    this.#judge(index)
  }

  /**
   * A client tells at once what it is told, the cluster is looked at some tenths of a second later, and the run does not stand
   * still meanwhile. So what was so at the end is what the clients had told by then beside what is seen of the cluster since;
   * or else what is seen when everybody has been heard.
   */
  async #settle(planned: PlannedStep, index: number, endAt: number): Promise<void> {
    const { goal, forbid, expect, steps } = this.stage.program
    const ending = [...planned.checks, ...(index === steps.length - 1 ? [...goal, ...forbid, ...expect] : [])].filter(({ kind }) => kind === 'atEnd')
    const held = new Set<Row>()
    const look = (): void => {
      this.stage.sound()
      for (const row of ending) {
        this.#see(row)
        if (this.rows.get(row.key)?.value === true) held.add(row)
      }
    }
    let isFresh = false
    const fresh = this.stage.fresh().finally(() => (isFresh = true))
    // Whoever looks may have died: that is said where it is waited for, or by the look before.
    fresh.catch(() => { /* not twice */ })
    this.stage.hold(this.tallies.zero + endAt + SAME_BREATH)
    while (!isFresh) {
      look()
      await this.#pause()
    }
    await fresh
    look()
    this.stage.release()
    this.#poll(planned)
    look()
    for (const row of held) see(this.rows, row, true, this.now, this.#step)
  }

  /** The next item waits for the answers. */
  async #answered(client: string, planned: PlannedStep): Promise<void> {
    const since = this.now
    // What is told to a probe is heard of as sent a moment later.
    let quiet = 0
    while (this.now < since + LONGEST_WAIT) {
      const book = this.books.get(client)!
      quiet = book.sent > 0 && book.decided === book.sent ? quiet + 1 : 0
      if (quiet >= 4) return
      this.#poll(planned)
      await this.#pause()
    }
  }

  async #run(planned: PlannedStep, index: number, items: readonly Action[], fired: boolean[]): Promise<boolean> {
    const { run } = planned.step
    const began = this.now
    const mark = this.marks[index]!
    let last = began
    if (run === undefined) return true
    const until = planned.until === undefined ? undefined : this.#waiter(planned.until, began, index)
    const whens = planned.whens.map((when) => (when === undefined ? undefined : this.#waiter(when, began, -1)))
    for (;;) {
      for (const [i, item] of items.entries()) {
        if (fired[i] === true || item.ask !== undefined) continue
        const due = item.at !== undefined && began + durationMicros(item.at) <= this.now
        const isInTime = item.within === undefined || this.now <= began + durationMicros(item.within) + LOOK_MARGIN
        if (!due && !(whens[i] !== undefined && isInTime && whens[i]())) continue
        fired[i] = true
        await this.#perform(item)
      }
      this.#poll(planned)
      const { now } = this
      if (this.stage.isStarting) mark.late += now - last
      last = now
      if (until?.() === true) return true
      const isOver = (micros: number): boolean => now >= began + mark.late + micros
      if ('for' in run && isOver(durationMicros(run.for))) return true
      if ('until' in run && isOver(durationMicros(run.max) + LOOK_MARGIN)) return false
      if ('event' in run && isOver(this.#took[index] ?? 0)) return true
      await this.#pause()
    }
  }

  /** True when all that can be seen of a statement holds; what cannot be seen gets as long as the simulator needed, and a margin. */
  #waiter(statement: Statement, began: number, index: number): () => boolean {
    const parts = conjuncts(statement.node)
    const hidden = parts.filter((part) => hiddenOf(part).length > 0)
    if (hidden.length > 0) this.unjudged.set(statement.text, hidden.flatMap((part) => hiddenOf(part)).join(', '))
    const seen = parts.filter((part) => hiddenOf(part).length === 0)
    const least = hidden.length === 0 ? 0 : (this.#took[index] ?? 0) + WAIT_MARGIN
    return () => this.now >= began + least && seen.every((part) => this.#holds(statement.text, () => evaluate(part, this.#read) === true))
  }
  #holds(text: string, judge: () => boolean): boolean {
    try {
      return judge()
    } catch (error) {
      if (!(error instanceof Unobservable)) throw error
      this.unjudged.set(text, error.message)
      return true
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }

  #poll({ checks }: PlannedStep): void {
    this.stage.sound()
    const { goal, forbid, expect } = this.stage.program
    for (const row of [...goal, ...forbid, ...expect, ...checks]) this.#see(row)
  }
  #see(row: Row): void {
    const { statement, key } = row
    if (this.unjudged.has(statement.text) || isDecided(row, this.rows.get(key))) return
    const why = hiddenOf(statement.node)
    if (why.length > 0) {
      this.unjudged.set(statement.text, why.join(', '))
      return
    }
    let value: boolean
    try {
      value = evaluate(statement.node, this.#read) === true
    } catch (error) {
      if (!(error instanceof Unobservable)) throw error
      this.unjudged.set(statement.text, error.message)
      return
    }
    see(this.rows, row, value, this.now, this.#step)
  }

  #judge(index: number): void {
    for (const { id, options } of judgedAt(this.stage.program, index)) {
      this.judged.set(id, options.map((option) => {
        if (option === undefined) return undefined
        try {
          return evaluate(option.node, this.#read) === true
        } catch (error) {
          if (!(error instanceof Unobservable)) throw error
          this.unjudged.set(option.text, error.message)
          return undefined
        }
      }))
    }
  }

  async #perform(item: Action): Promise<void> {
    const refusal = await this.#performer.perform(item)
    this.tallies.story.push({ at: this.now, text: `do ${actionText(item)}${refusal === undefined ? '' : `: ${refusal}`}` })
    if (refusal !== undefined) this.refused.push(`${actionText(item)}: ${refusal}`)
  }

  get read(): Read {
    return this.#read
  }
}
