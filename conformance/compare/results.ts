/** The simulator held against all recordings: what `test:conformance` says, and the report and the page in the app after it. */
import { playThrough, type Played } from '../../src/cli/play-through.ts'
import type { ComparisonRecord } from '../../src/scenario/comparison-record.ts'
import type { Scenario } from '../../src/scenario/types.ts'
import { compare, type Compared, type Outcome } from './compare.ts'
import { withExceptions, type Exception } from './exceptions.ts'
import { grouped } from './grouped.ts'
import type { Recording, ShippedScenario } from './recordings.ts'
import { scenarioHash } from './what-matters.ts'

export interface Result {
  readonly id: string
  readonly file: string
  readonly scenario: Scenario
  /** `stale`: the file has changed since it was recorded. `missing`: nobody has recorded it. */
  readonly status: 'compared' | 'notRunnable' | 'stale' | 'missing'
  readonly recording: Recording | undefined
  readonly compared: readonly Compared[]
}
export interface Results {
  readonly results: readonly Result[]
  readonly idle: readonly Exception[]
  /** Recordings of files that are not there any more. */
  readonly orphans: readonly string[]
}

/** As the file stands, with its own seed and nobody who answers. */
export const playSimulated = (scenario: Scenario): Played => playThrough(scenario, { mode: 'watch', seed: scenario.seed, until: undefined })
export const recordsOf = ({ steps }: Played): readonly ComparisonRecord[] => steps.map(({ observed }) => observed)
export const simulate = (scenario: Scenario): readonly ComparisonRecord[] => recordsOf(playSimulated(scenario))

export function resultsOf(
  shipped: readonly ShippedScenario[], recordings: ReadonlyMap<string, Recording>, exceptions: readonly Exception[],
  play: (scenario: Scenario) => readonly ComparisonRecord[] = simulate,
): Results {
  const raw = shipped.map(({ file, scenario }): Result => {
    const recording = recordings.get(scenario.id)
    const status = recording === undefined ? 'missing' : recording.hash !== scenarioHash(scenario)
      ? 'stale' : recording.notRunnable === undefined ? 'compared' : 'notRunnable'
    const compared = status === 'compared'
      ? compare(scenario, { simulated: play(scenario), real: recording!.records, unjudged: recording!.unjudged ?? [] }) : []
    return { id: scenario.id, file, scenario, status, recording, compared }
  })
  const { compared, idle } = withExceptions(raw.flatMap((each) => each.compared), exceptions)
  const byId = grouped(compared, ({ scenario }) => scenario)
  const known = new Set(shipped.map(({ scenario }) => scenario.id))
  return {
    results: raw.map((each) => ({ ...each, compared: byId.get(each.id) ?? [] })), idle,
    orphans: [...recordings.keys()].filter((id) => !known.has(id)),
  }
}

export const countOf = (compared: readonly Compared[], outcome: Outcome): number => compared.filter((each) => each.outcome === outcome).length
/** Of those that are equal: of how many only a part was compared. */
export const looseIn = (compared: readonly Compared[]): number => compared.filter(({ outcome, rule }) => outcome === 'equal' && rule !== undefined).length
