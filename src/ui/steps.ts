/**
 * Where a scenario's steps stop the player. A step's end is where the presentation waits for Next; a step that asks for
 * a prediction is not entered, and nothing of it is shown, before there is an answer. Pure.
 */
import type { Micros } from '../base/units.ts'
import type { StepMark } from '../bridge/protocol.ts'

export interface Plan {
  /** Steps begun so far, in order. */
  readonly marks: readonly StepMark[]
  /** How many steps the scenario has. */
  readonly count: number
  /** This step asks, and has no answer yet. */
  readonly isHidden: (index: number) => boolean
}

export const markOf = (plan: Plan, index: number): StepMark | undefined => plan.marks.find((mark) => mark.index === index)

/**
 * The step that the picture at `at` belongs to. Where one ends and the next begins at the same moment, it is the one
 * that ended: the next is entered by going on, not by looking.
 */
export function stepAt({ marks }: Plan, at: Micros): number {
  let found = 0
  for (const { index, startAt } of marks) {
    const before = marks.find((mark) => mark.index === index - 1)
    const joins = before?.endAt === startAt
    if (startAt < at || (startAt === at && !joins)) found = Math.max(found, index)
  }
  return found
}

/**
 * The last picture before a step. What the step does at its start belongs to it, and the film has two pictures of that
 * instant: the end of the step before stands half a microsecond earlier.
 */
const before = (startAt: Micros): Micros => Math.max(0, startAt - 0.5)

/** The moment at which playing must stop while the picture is in step `entered`; undefined = go on. */
export function gateAt(plan: Plan, entered: number): Micros | undefined {
  const mark = markOf(plan, entered)
  if (mark === undefined) return undefined
  if (plan.isHidden(entered)) return before(mark.startAt)
  const next = markOf(plan, entered + 1)
  return mark.endAt !== undefined && next !== undefined ? Math.min(mark.endAt, before(next.startAt)) : mark.endAt
}

/** From this moment on the future is hidden; undefined = nothing is. */
export function veilAt(plan: Plan): Micros | undefined {
  let veil: Micros | undefined
  for (const { index, startAt } of plan.marks) if (plan.isHidden(index) && (veil === undefined || startAt < veil)) veil = before(startAt)
  return veil
}

export type Waiting =
  /** The step is over: Next leads on. */
  | 'next'
  /** The step to come asks first. */
  | 'answer'
  /** The last step is over: the cluster runs on if it is told to. */
  | 'end'
  | undefined

/** What the presentation waits for at this moment. */
export function waitingAt(plan: Plan, entered: number, at: Micros): Waiting {
  if (plan.count === 0) return undefined
  const end = gateAt(plan, entered)
  if (plan.isHidden(entered)) return end !== undefined && at >= end ? 'answer' : undefined
  if (end === undefined || at < end) return undefined
  if (entered + 1 >= plan.count) return 'end'
  return plan.isHidden(entered + 1) ? 'answer' : 'next'
}
