/** When a scenario does something, or may find something changed, if the cluster does nothing before. */
import { fromMs, type Micros } from '../base/units.ts'
import { nextCrossing } from './crossing.ts'
import { durationMicros } from './duration.ts'
import type { Read } from './expression.ts'
import type { Observer } from './observe.ts'
import type { PlannedStep, Program, Statement } from './program.ts'
import type { Play } from './run.ts'

/** Who plays: a learner answers what a step asks; watching, nobody does; a solution does what the file says. */
export type Mode = 'learner' | 'watch' | 'solution'

/** A step that asks, or counts story lines, waits at most so long where nobody is there to end it. */
export const LONGEST_WAIT: Micros = fromMs(600_000)

export function nextDue(program: Program, play: Play, mode: Mode, observer: Observer): Micros {
  const { now } = observer.world
  if (play.phase === 'before') return now
  const planned = play.phase === 'ended' ? undefined : program.steps[play.step]
  const { goal, forbid, expect } = program
  const moments = [play.timed[0]?.at ?? Infinity, ...(planned === undefined ? [] : momentsOf(planned, play, mode))]
  const statements =
    [...[...goal, ...forbid, ...expect, ...(planned?.checks ?? [])].map(({ statement }) => statement), ...waitedFor(planned, play)]
  for (const { timed, node } of statements) if (timed) moments.push(nextCrossing(node, (shift) => ahead(observer, shift), now))
  return Math.min(...moments)
}

function momentsOf({ step: { run, do: items = [] } }: PlannedStep, { phase, runAt, awaited, fired }: Play, mode: Mode): readonly Micros[] {
  if (awaited !== undefined) return [awaited.since + LONGEST_WAIT]
  if (phase === 'asking') return mode === 'solution' ? [runAt + LONGEST_WAIT] : []
  if (run === undefined) return []
  const end = 'for' in run
    ? [runAt + durationMicros(run.for)]
    : 'until' in run ? [runAt + durationMicros(run.max)] : mode === 'learner' ? [] : [runAt + LONGEST_WAIT]
  return [...end, ...items.flatMap(({ at }, i) => (at === undefined || fired[i] === true ? [] : [runAt + durationMicros(at)]))]
}

function waitedFor(planned: PlannedStep | undefined, { phase, fired }: Play): readonly Statement[] {
  if (planned === undefined || phase === 'doing') return []
  const waited = phase === 'asking' ? [planned.ask] : [planned.until, ...planned.whens.filter((_, i) => fired[i] !== true)]
  return waited.filter((each) => each !== undefined)
}

/** The same state, by a clock that is so much ahead. */
const ahead = (observer: Observer, shift: Micros): Read => (path) => {
  observer.shift = shift
  const value = observer.read(path)
  observer.shift = 0
  return value
}
