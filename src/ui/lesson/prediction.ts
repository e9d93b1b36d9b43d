/** Which question is on the table, and how far it is: asked, sealed, or decided by the run. Pure. */
import type { Micros } from '../../base/units.ts'
import type { ClusterView } from '../../projection/cluster-view.ts'
import type { Predict, Scenario } from '../../scenario/types.ts'
import type { Plan } from '../steps.ts'
import { markOf, waitingAt } from '../steps.ts'

export interface Question {
  readonly predict: Predict
  readonly step: number
  /** The learner's answer; -1 = passed over. */
  readonly answer: number | undefined
  readonly state: 'asked' | 'sealed' | 'decided'
  /** The options that the run made true. */
  readonly true: readonly number[]
}

/** The step at whose end it is judged. */
export function judgeOf(scenario: Scenario, step: number): number {
  const at = scenario.steps?.[step]?.predict?.judge.at
  const named = scenario.steps?.findIndex((each) => each.id === at) ?? -1
  return named === -1 ? step : named
}

export function questionAt(
  scenario: Scenario,
  plan: Plan,
  entered: number,
  at: Micros,
  answers: Readonly<Record<string, number>>,
  view: ClusterView,
): Question | undefined {
  const steps = scenario.steps ?? []
  const asked = plan.isHidden(entered) ? entered : waitingAt(plan, entered, at) === 'answer' ? entered + 1 : undefined
  if (asked !== undefined) {
    const predict = steps[asked]?.predict
    return predict === undefined ? undefined : { predict, step: asked, answer: undefined, state: 'asked', true: [] }
  }
  for (let step = entered; step >= 0; step--) {
    const predict = steps[step]?.predict
    if (predict === undefined) continue
    const judge = judgeOf(scenario, step)
    if (judge < entered) return undefined
    const end = markOf(plan, judge)?.endAt
    const decided = end !== undefined && Math.ceil(at) >= end
    const holding = predict.options.flatMap((option, i) =>
      (option.correct ?? view.assertions[`predict/${predict.id}/${i}`]?.holds) === true ? [i] : [],
    )
    return { predict, step, answer: answers[predict.id], state: decided ? 'decided' : 'sealed', true: decided ? holding : [] }
  }
  return undefined
}
