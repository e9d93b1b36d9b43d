/**
 * Two runs of one scenario side by side, observation by observation: (step, path) pairs, equal or not. What equality is
 * says `observations.ts`: sets in order, replicas as they stand, epochs from the scenario's start, elapsed time within the
 * window that the file states, all else to the letter.
 */
import { askedOf } from '../../src/scenario/asked.ts'
import type { ComparisonRecord } from '../../src/scenario/comparison-record.ts'
import { durationMs } from '../../src/scenario/duration.ts'
import type { Scenario, Step } from '../../src/scenario/types.ts'
import { unseenIn } from '../live/observable.ts'
import { looseOf, standsIn, type Rule } from './loose.ts'
import { observationsOf } from './observations.ts'

export type Outcome =
  | 'equal'
  | 'differs'
  /** It differs, and `exceptions.yaml` says why it must. */
  | 'excepted'
  /** A statement that no real cluster can be asked about from outside. It counts apart, and never as equal. */
  | 'unobservable'

export interface Compared {
  readonly scenario: string
  readonly step: string
  readonly path: string
  readonly simulated: unknown
  readonly real: unknown
  readonly outcome: Outcome
  readonly rule: Rule | undefined
}

export interface Sides {
  readonly simulated: readonly ComparisonRecord[]
  readonly real: readonly ComparisonRecord[]
  /** Keys of the statements that the real side could not judge. */
  readonly unjudged: readonly string[]
}

/** In the order of the file. Nothing that the file asks for is passed over: what one side lacks differs. */
export function compare(scenario: Scenario, { simulated, real, unjudged }: Sides): readonly Compared[] {
  const ours = observationsOf(simulated, scenario)
  const theirs = new Map(observationsOf(real, scenario).map((each) => [`${each.step} ${each.path}`, each]))
  const statements = new Map(askedOf(scenario).flatMap(({ step, statements: all }) => all.map(({ key, text }): [string, string] => [`${step} ${key}`, text])))
  const loose = looseOf(scenario)
  const elected = new Set(ours.flatMap(({ step, rule }) => (rule === 'election' ? [step] : [])))
  return (scenario.steps ?? []).flatMap((step): readonly Compared[] => [
    elapsed(scenario, step, simulated, real),
    ...ours.filter((each) => each.step === step.id).map(({ path, value, rule }): Compared => {
      const id = `${step.id} ${path}`
      const other = theirs.get(id)
      const text = statements.get(id)
      const isUnjudged = text !== undefined && other?.value === undefined && unjudged.includes(path) && unseenIn(text).size > 0
      // Of what is compared in part the rest is compared by what the file says of it: that must be so, not only be the same.
      const isMissed = text !== undefined && value === false && isDemanded(path) && standsIn(text, loose, elected.has(step.id))
      const outcome = isUnjudged ? 'unobservable' : other !== undefined && isSame(value, other.value) && !isMissed ? 'equal' : 'differs'
      return { scenario: scenario.id, step: step.id, path, simulated: value, real: other === undefined ? 'not recorded' : other.value, outcome, rule: rule ?? other?.rule }
    }),
  ])
}

/** What a file says must be so; of options of a question all but one are false, and a goal may be the learner's. */
const isDemanded = (key: string): boolean => /^(until|check|expect)\b/.test(key)
export const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(ordered(a)) === JSON.stringify(ordered(b))
function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return Array.isArray(value) ? value.map(ordered) : value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, ordered(each)]))
}

/** A real cluster is asked ten times a second, and asking takes its time. */
export const SLACK_MS = 2_000

export interface Window { readonly fromMs: number; readonly toMs: number }
/** How long a step may take by its file. Where it awaits answers first, nobody can say how long that takes. */
export function windowOf({ run, do: items = [] }: Step): Window {
  const awaits = items.some(({ produce }) => produce?.await === true)
  if (run === undefined || 'event' in run) return { fromMs: 0, toMs: awaits || run !== undefined ? Infinity : SLACK_MS }
  if ('for' in run) return { fromMs: durationMs(run.for), toMs: awaits ? Infinity : durationMs(run.for) + SLACK_MS }
  return { fromMs: 0, toMs: awaits ? Infinity : durationMs(run.max) + SLACK_MS }
}

function elapsed(scenario: Scenario, step: Step, simulated: readonly ComparisonRecord[], real: readonly ComparisonRecord[]): Compared {
  const window = windowOf(step)
  const [ours, theirs] = [simulated, real].map((records) => records.find((each) => each.step === step.id)?.elapsedMs)
  const isIn = (ms: number | undefined): boolean => ms !== undefined && ms >= window.fromMs && ms <= window.toMs
  const isBoth = isIn(ours) && isIn(theirs)
  const said = (ms: number | undefined): string => (ms === undefined ? 'not recorded' : `${ms} ms${isIn(ms) ? '' : `, and not ${windowText(window)}`}`)
  return { scenario: scenario.id, step: step.id, path: 'elapsedMs', simulated: said(ours), real: said(theirs), outcome: isBoth ? 'equal' : 'differs', rule: undefined }
}
const windowText = ({ fromMs, toMs }: Window): string => (toMs === Infinity ? `${fromMs} ms or more` : `${fromMs} to ${toMs} ms`)

/** One difference, with both sides. */
export const differenceText = ({ scenario, step, path, simulated, real }: Compared, kafka: string): string =>
  `${scenario}, step ${step}: ${path}\n  simulator     ${valueText(simulated)}\n  Kafka ${kafka.padEnd(7)} ${valueText(real)}`
const LONGEST = 600
export function valueText(value: unknown): string {
  const text = value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} … (${text.length} characters)` : text
}
