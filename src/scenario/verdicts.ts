/** What a run found out about its file: conditions that never came, answers that are not one, goals won or missed. */
import type { Micros } from '../base/units.ts'
import { durationMs } from './duration.ts'
import type { Mode } from './due.ts'
import { holds, valuesText, type Read } from './expression.ts'
import type { PlannedStep, Program, Row } from './program.ts'
import { decidedAt, verdict } from './rows.ts'
import type { Mark, Play, Problem } from './run.ts'

/** At the end of a step. */
export function problemsOfStep(planned: PlannedStep, play: Play, { startAt, reached }: Mark, now: Micros, read: Read): readonly Problem[] {
  const { step, until, checks } = planned
  const path = ['steps', play.step]
  const problems: Problem[] = []
  if (reached === false && until !== undefined && step.run !== undefined && 'until' in step.run) {
    const args =
      { step: step.id, condition: until.text, maxMs: durationMs(step.run.max), values: valuesText(until, read), kind: 'until' } as const
    problems.push({ code: 'T301', args, path: [...path, 'run', 'until'] })
  }
  if (reached === false && step.run !== undefined && 'event' in step.run) {
    const args = { step: step.id, condition: `event: ${step.run.event}`, maxMs: undefined, values: '', kind: 'until' } as const
    problems.push({ code: 'T301', args, path: [...path, 'run'] })
  }
  checks.forEach((row, i) => {
    if (verdict(row, play.rows.get(row.key), startAt, now, true) === true) return
    const args =
      { step: step.id, condition: row.statement.text, maxMs: undefined, values: valuesText(row.statement, read), kind: 'check' } as const
    problems.push({ code: 'T301', args, path: [...path, 'check', i] })
  })
  step.do?.forEach(({ at = '', when }, i) => {
    if (play.fired[i] === true) return
    const kind = when === undefined ? 'at' : 'when'
    const args = { item: `${kind}: ${when ?? at}`, step: step.id, kind, ranMs: (now - play.runAt) / 1_000 } as const
    problems.push({ code: 'T304', args, path: [...path, 'do', i] })
  })
  return problems
}

/** The questions that are judged at the end of this step: exactly one option of each must hold. */
export function judge(program: Program, play: Play, read: Read): readonly Problem[] {
  return program.questions.flatMap(({ id, judgedAt, options, correct }): readonly Problem[] => {
    if (judgedAt !== play.step) return []
    const outcome = options.map((statement, i) => (statement === undefined ? correct[i] === true : holds(statement, read)))
    play.judged.set(id, Object.freeze(outcome))
    const holding = outcome.flatMap((is, i) => (is ? [i + 1] : []))
    if (holding.length === 1) return []
    const values = new Set(options.map((statement) => (statement === undefined ? '' : valuesText(statement, read))).filter(Boolean))
    const asked = program.steps.findIndex(({ step }) => step.predict?.id === id)
    return [{ code: 'T303', args: { predict: id, holding, values: [...values].join(', ') }, path: ['steps', asked, 'predict'] }]
  })
}

/** After the last step. */
export function finalProblems(program: Program, play: Play, mode: Mode, now: Micros, read: Read): readonly Problem[] {
  const isMet = (row: Row): boolean => verdict(row, play.rows.get(row.key), 0, now, true) === true
  const missed = (rows: readonly Row[], key: string, make: (row: Row) => Omit<Problem, 'path'>): readonly Problem[] =>
    rows.flatMap((row, i) => (isMet(row) ? [] : [{ ...make(row), path: [key, i] } as Problem]))
  const values = (row: Row): string => valuesText(row.statement, read)
  const goalsMissed = (): readonly Problem[] => missed(program.goal, 'goal', (row) => {
    const at = decidedAt(row, play.rows.get(row.key))
    return { code: 'T305', args: { condition: row.statement.text, values: values(row), at, kind: 'goal' } }
  })
  if (mode === 'solution') return [...goalsMissed(), ...violations(program, play, isMet, values)]
  if (mode === 'learner') return []
  const expectations = missed(program.expect, 'expect', (row) =>
    ({ code: 'T301', args: { step: '', condition: row.statement.text, maxMs: undefined, values: values(row), kind: 'expect' } }))
  return [...expectations, ...(program.scenario.solution === undefined ? goalsMissed() : wonByWatching(program, play, isMet))]
}

function violations(program: Program, play: Play, isMet: (row: Row) => boolean, values: (row: Row) => string): readonly Problem[] {
  return program.forbid.flatMap((row, i): readonly Problem[] => {
    if (!isMet(row)) return []
    const args = { condition: row.statement.text, values: values(row), at: decidedAt(row, play.rows.get(row.key)), kind: 'forbid' } as const
    return [{ code: 'T305', args, path: ['forbid', i] }]
  })
}

/** A goal that something must happen, and it has, with nobody there to do it. */
function wonByWatching(program: Program, play: Play, isMet: (row: Row) => boolean): readonly Problem[] {
  return program.goal.flatMap((row, i): readonly Problem[] => {
    if ((row.kind !== 'eventually' && row.kind !== 'within') || !isMet(row)) return []
    const step = program.steps[play.rows.get(row.key)?.firstTrueIn ?? 0]?.step.id ?? ''
    return [{ code: 'T302', args: { goal: i + 1, step }, path: ['goal', i] }]
  })
}
