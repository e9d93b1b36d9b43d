/** Scenario files played on both sides, now: the first difference of each, with both stories. */
import type { Played } from '../../src/cli/play-through.ts'
import { storyLines } from '../../src/cli/story.ts'
import type { ComparisonRecord } from '../../src/scenario/comparison-record.ts'
import type { Scenario } from '../../src/scenario/types.ts'
import { compare, differenceText } from './compare.ts'
import { withExceptions, type Exception } from './exceptions.ts'
import { readScenario } from './read-scenario.ts'
import { countOf, looseIn, playSimulated, recordsOf } from './results.ts'

/** What a real cluster made of a scenario. */
export interface PlayedLive {
  readonly records: readonly ComparisonRecord[]
  readonly story: readonly string[]
  /** Why no real cluster can run it. */
  readonly notRunnable?: string | undefined
  /** Actions that it could not be made to take, as it was not where the simulator is: each is a difference. */
  readonly refused: readonly string[]
  readonly unjudged: readonly string[]
  readonly kafka: string
}
export interface Options {
  readonly playLive: (scenario: Scenario) => Promise<PlayedLive>
  readonly exceptions: readonly Exception[]
  readonly print: (text: string) => void
}

/** Exit codes: 0 nothing differs, 1 something does, 2 a file could not be compared. */
export async function sideBySide(files: readonly string[], options: Options): Promise<number> {
  const { print } = options
  const total = { passed: 0, failed: 0, impossible: 0 }
  for (const file of files) {
    const outcome = await one(file, options)
    if (outcome === undefined) total.impossible++
    else {
      total.passed += outcome.passed
      total.failed += outcome.failed
    }
  }
  print(`\n${total.passed} passed, ${total.failed} failed`)
  return total.failed > 0 ? 1 : total.impossible > 0 ? 2 : 0
}

interface Count { readonly passed: number; readonly failed: number }

/** Undefined: it could not be compared, and why has been said. */
async function one(file: string, { playLive, exceptions, print }: Options): Promise<Count | undefined> {
  const scenario = read(file, print)
  if (scenario === undefined) return undefined
  const simulated = playSimulated(scenario)
  const live = await playLive(scenario).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
  if (live instanceof Error) {
    print(`${scenario.id}: no real cluster could play it: ${live.message}`)
    return undefined
  }
  if (live.notRunnable !== undefined) {
    print(`${scenario.id}: not runnable on a real cluster: ${live.notRunnable}`)
    return undefined
  }
  const sides = { simulated: recordsOf(simulated), real: live.records, unjudged: live.unjudged }
  const { compared } = withExceptions(compare(scenario, sides), exceptions)
  const differences = compared.filter(({ outcome }) => outcome === 'differs')
  const passed = countOf(compared, 'equal')
  print(`${scenario.id}, simulated and on Apache Kafka ${live.kafka}: ${passed} equal (of ${looseIn(compared)} of them a part), ${differences.length} differ, ${countOf(compared, 'excepted')} excepted, ${countOf(compared, 'unobservable')} not observable from outside`)
  const [first] = differences
  if (first !== undefined) {
    print(`\n${differenceText(first, live.kafka)}\n`)
    stories(scenario, simulated, live, first.step, print)
    if (differences.length > 1) print(['The other differences:', ...differences.slice(1).map((each) => differenceText(each, live.kafka))].join('\n'))
  }
  for (const each of live.refused) print(`not possible on Apache Kafka ${live.kafka}: ${each}`)
  return { passed, failed: differences.length + live.refused.length }
}

function read(file: string, print: (text: string) => void): Scenario | undefined {
  const scenario = readScenario(file)
  if ('wrong' in scenario) for (const text of scenario.wrong) print(text)
  else if ((scenario.steps ?? []).length === 0) print(`${file}: it has no steps, so there is no moment at which the two could be compared`)
  else return scenario
  return undefined
}

/** Up to the end of the step in which they part; what comes after follows from it. */
function stories(scenario: Scenario, { story }: Played, live: PlayedLive, step: string, print: (text: string) => void): void {
  const index = (scenario.steps ?? []).findIndex(({ id }) => id === step)
  const end = story.findIndex(({ fact }) => fact.code === 'step.began' && fact.index > index)
  print('What the simulator tells:')
  for (const text of storyLines(scenario, end < 0 ? story : story.slice(0, end), 'en', false)) print(`  ${text}`)
  print(`\nWhat was seen of Apache Kafka ${live.kafka}:`)
  for (const text of live.story) print(`  ${text}`)
  print('')
}
