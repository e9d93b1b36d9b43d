/** The rows of a scenario as they stand, by the keys of the view: `goal/0`, `check/STEP/0`, `predict/ID/0`. */
import type { Micros } from '../base/units.ts'
import { valuesText, type Read } from './expression.ts'
import type { Program, Row } from './program.ts'
import { verdict } from './rows.ts'
import type { Play } from './run.ts'

export interface AssertionState {
  readonly key: string
  /** undefined: nobody can know yet */
  readonly holds: boolean | undefined
  readonly since: Micros | undefined
  /** What its statement rests on: `ledger.lost = 0`. */
  readonly value: string
}

export function assertionsOf(program: Program, play: Play, now: Micros, read: Read): Readonly<Record<string, AssertionState>> {
  const states: Record<string, AssertionState> = {}
  const add = (row: Row, from: Micros, at: Micros, over: boolean, live: boolean): void => {
    const state = play.rows.get(row.key)
    states[row.key] = {
      key: row.key, holds: verdict(row, state, from, at, over), since: state?.since, value: live ? valuesText(row.statement, read) : '',
    }
  }
  const { goal, forbid, expect } = program
  for (const row of [...goal, ...forbid, ...expect]) add(row, 0, now, play.phase === 'ended', true)
  for (const { index, startAt, endAt } of play.marks) {
    for (const row of program.steps[index]?.checks ?? []) add(row, startAt, endAt ?? now, endAt !== undefined, endAt === undefined)
  }
  for (const { id, options } of program.questions) {
    const judged = play.judged.get(id)
    options.forEach((_, i) => {
      const key = `predict/${id}/${i}`
      states[key] = { key, holds: judged?.[i], since: undefined, value: '' }
    })
  }
  return states
}
