/** Assertions while a run goes on: when each was true and false first, and what that makes of it. */
import { durationMicros } from './duration.ts'
import type { Micros } from '../base/units.ts'
import type { Row } from './program.ts'

export interface RowState {
  /** The statement's truth now. */
  value: boolean
  /** Since when it has that truth. */
  since: Micros
  firstTrueAt: Micros | undefined
  firstFalseAt: Micros | undefined
  /** Index of the step in which it was true first. */
  firstTrueIn: number
}

export function see(states: Map<string, RowState>, row: Row, value: boolean, now: Micros, step: number): void {
  const state = states.get(row.key)
  if (state === undefined) {
    states.set(
      row.key,
      { value, since: now, firstTrueAt: value ? now : undefined, firstFalseAt: value ? undefined : now, firstTrueIn: value ? step : -1 },
    )
    return
  }
  if (state.value === value) return
  state.value = value
  state.since = now
  if (value && state.firstTrueAt === undefined) {
    state.firstTrueAt = now
    state.firstTrueIn = step
  }
  if (!value) state.firstFalseAt ??= now
}

/** Whether the row is met; undefined while nobody can know. `from`: where its range began. `over`: it has ended. */
export function verdict(row: Row, state: RowState | undefined, from: Micros, now: Micros, over: boolean): boolean | undefined {
  if (state === undefined) return undefined
  switch (row.kind) {
    case 'eventually': return state.firstTrueAt !== undefined ? true : over ? false : undefined
    case 'always': return state.firstFalseAt !== undefined ? false : over ? true : undefined
    case 'never': return state.firstTrueAt !== undefined ? false : over ? true : undefined
    case 'atEnd': return over ? state.value : undefined
    case 'within': {
      const deadline = from + durationMicros(row.within ?? '0s')
      if (state.firstTrueAt !== undefined) return state.firstTrueAt <= deadline
      return over || now > deadline ? false : undefined
    }
  }
}

/** Nothing that happens can change the verdict any more. */
export function isDecided({ kind }: Row, state: RowState | undefined): boolean {
  if (state === undefined || kind === 'atEnd') return false
  return (kind === 'always' ? state.firstFalseAt : state.firstTrueAt) !== undefined
}

/** When it was violated or met, for "first at". */
export const decidedAt = (row: Row, state: RowState | undefined): Micros | undefined =>
  row.kind === 'always' ? state?.firstFalseAt : row.kind === 'never' || row.kind === 'eventually' ? state?.firstTrueAt : undefined
