/** A scenario played from 00:00 to its end, without a screen: its story, its steps, and what was found out about it. */
import '../scenario/whole.ts'
import { printed } from '../base/hash.ts'
import type { Micros } from '../base/units.ts'
import { noWatch } from '../engine/watch.ts'
import type { Fact } from '../kafka/notes.ts'
import { Checker, type BrokenPromise } from '../projection/checker.ts'
import type { StoryLine } from '../projection/story.ts'
import { advance, newRun, playMachine } from '../scenario/play.ts'
import type { Mode, PlayWatch } from '../scenario/player.ts'
import type { ComparisonRecord } from '../scenario/comparison-record.ts'
import { Recording } from '../scenario/record.ts'
import type { Problem } from '../scenario/run.ts'
import type { Scenario } from '../scenario/types.ts'

export interface PlayedStep { readonly id: string; readonly endUs: Micros; readonly reached: boolean; readonly observed: ComparisonRecord }
export interface Played {
  readonly seed: number
  readonly endUs: Micros
  readonly hash: string
  readonly steps: readonly PlayedStep[]
  readonly story: readonly StoryLine[]
  readonly problems: readonly Problem[]
  /** Named statements that the run has broken, if they were looked at. */
  readonly broken: readonly BrokenPromise[]
}
export interface PlayOptions { readonly mode: Mode; readonly seed: number; readonly until: Micros | undefined; readonly looksAtPromises?: boolean }

/** Without an end of its own (a sandbox) a run is cut here. */
const DEFAULT_END: Micros = 10_000_000

export function playThrough(scenario: Scenario, { mode, seed, until, looksAtPromises = false }: PlayOptions): Played {
  const story: StoryLine[] = []
  const steps: PlayedStep[] = []
  const recording = new Recording(scenario)
  const checker = looksAtPromises ? new Checker() : undefined
  const watch: PlayWatch = {
    ...noWatch,
    sent: (_id, step, wire, from, to, message) => checker?.sent(step, wire.id, from, to, message),
    noted(at, step, cause, node, fact) {
      checker?.noted(step, node, fact)
      story.push({ index: story.length, at, step, cause, node, fact: fact as Fact })
    },
    stepped: (world, node) => checker?.stepped(world, node),
    stepEnded(run, index) {
      const { id, endAt = run.world.now, reached = false } = run.play.marks[index]!
      steps.push({ id, endUs: endAt, reached, observed: recording.record(run, index) })
    },
  }
  const run = newRun(scenario, seed, watch)
  const machine = playMachine(scenario, watch, mode)
  if (until !== undefined) advance(machine, run, until)
  else if ((scenario.steps ?? []).length === 0) advance(machine, run, DEFAULT_END)
  else advance(machine, run, Infinity, () => run.play.endedAt !== undefined)
  const last = steps.pop()
  if (last !== undefined) {
    const statements = run.play.endedAt === undefined ? {} : recording.statementsOfRun(run)
    steps.push(Object.keys(statements).length === 0 ? last : { ...last, observed: { ...last.observed, statements: { ...last.observed.statements, ...statements } } })
  }
  return { seed, endUs: run.world.now, hash: printed(run.world.hash), steps, story, problems: run.play.problems, broken: checker?.broken ?? [] }
}
