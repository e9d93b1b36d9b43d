/** A scenario played on a real Apache Kafka cluster: its comparison records, its story, and what could not be played or judged. */
import { askedOf } from '../../src/scenario/asked.ts'
import type { ComparisonRecord } from '../../src/scenario/comparison-record.ts'
import { advance, newRun, playMachine } from '../../src/scenario/play.ts'
import type { Scenario } from '../../src/scenario/types.ts'
import { valuesText } from '../../src/scenario/expression.ts'
import { canMount } from './disks.ts'
import type { Host } from './host.ts'
import { jars, KAFKA_VERSION } from './jars.ts'
import { Machine } from './machine.ts'
import { MemoryWatch, memoryText } from './memory.ts'
import { filterOf } from './namespaces.ts'
import { PlainHost } from './plain-host.ts'
import { LivePlay } from './play.ts'
import { ALL_MEANS, obstacles } from './runnable.ts'
import { Stage } from './stage.ts'
import { LiveRecording } from './take.ts'

export { Missing } from './jars.ts'

export interface LiveOptions {
  /** Progress, a line at a time. */
  readonly say?: (line: string) => void
  /** As on a machine that forbids namespaces. */
  readonly plain?: boolean
  /** Also says how much memory it took at most. */
  readonly memory?: boolean
}
export interface LivePlayed {
  readonly records: readonly ComparisonRecord[]
  /** What happened when, for people: seconds since 00:00 and words. */
  readonly story: readonly string[]
  /** Why this cannot be played on a real cluster; then nothing was. */
  readonly notRunnable?: string
  /** Why it cannot be played on any, if this machine is not what hinders it. */
  readonly isForGood?: boolean
  /** Actions that the cluster could not be made to take when their turn had come: it was not where the simulator is. */
  readonly refused: readonly string[]
  /** Keys of the statements that nobody can judge from outside. */
  readonly unjudged: readonly string[]
  /** The version. */
  readonly kafka: string
}

export async function playLive(scenario: Scenario, { say = () => { /* nobody listens */ }, plain = false, memory = false }: LiveOptions = {}): Promise<LivePlayed> {
  const none = { records: [], story: [], unjudged: [], refused: [], kafka: KAFKA_VERSION }
  const official = jars(say)
  const machine = await openHost(plain, say)
  let stage: Stage | undefined
  const watch = memory ? new MemoryWatch(machine.isolated ? machine.outside(machine.base) : undefined) : undefined
  try {
    const means = { resets: !machine.isolated || filterOf(machine) === 'iptables', disks: canMount(machine) }
    const reasons = obstacles(scenario, means)
    if (reasons.length > 0) return { ...none, notRunnable: reasons.join('; '), isForGood: obstacles(scenario, ALL_MEANS).length > 0 }
    stage = new Stage(scenario, machine, official)
    await stage.up(say)
    const live = new LivePlay(stage, tookOf(scenario))
    const recording = new LiveRecording(live)
    const records: ComparisonRecord[] = []
    await live.play((index) => records.push(told(recording.record(index), live, say)), say)
    const story = live.tallies.story.toSorted((a, b) => a.at - b.at).map(({ at, text }) => `${(at / 1_000_000).toFixed(3)} ${text}`)
    return { records, story, unjudged: unjudgedOf(live, say), refused: live.refused, kafka: KAFKA_VERSION }
  } finally {
    if (watch !== undefined) say(memoryText(watch.end()))
    await machine.close()
    await stage?.network.links.close()
  }
}

async function openHost(plain: boolean, say: (line: string) => void): Promise<Host> {
  const machine = plain ? { refused: '--plain' } : await Machine.open()
  if (!('refused' in machine)) return machine
  say(`no namespaces (${machine.refused}): on loopback addresses, with a relay between them in place of a network`)
  return new PlainHost()
}

function unjudgedOf(live: LivePlay, say: (line: string) => void): readonly string[] {
  for (const [text, why] of live.unjudged) say(`  not judged (${why}): ${text}`)
  return [...new Set(askedOf(live.scenario).flatMap(({ statements }) => statements.flatMap(({ key, text }) => (live.unjudged.has(text) ? [key] : []))))]
}

/** Statements that are false are worth a line with their values at once. */
function told(record: ComparisonRecord, live: LivePlay, say: (line: string) => void): ComparisonRecord {
  for (const [key, holds] of Object.entries(record.statements ?? {})) {
    if (holds) continue
    const text = key.slice(key.indexOf(': ') + 2)
    const { program } = live.stage
    const rows = [...program.goal, ...program.forbid, ...program.expect, ...program.steps.flatMap(({ checks }) => checks)]
    const statement = rows.find((row) => row.statement.text === text)?.statement ?? program.steps.flatMap(({ until, whens }) => [until, ...whens]).find((each) => each?.text === text)
    let values = ''
    try {
      values = statement === undefined ? '' : valuesText(statement, live.read)
    } catch {
      // a part of it cannot be seen
    }
    say(`  FALSE ${key}  [${values}]`)
  }
  return record
}

/** How long each step takes in the simulator, in microseconds. */
function tookOf(scenario: Scenario): readonly number[] {
  const run = newRun(scenario)
  const machine = playMachine(scenario, undefined, 'watch')
  advance(machine, run, Infinity, () => run.play.endedAt !== undefined)
  return run.play.marks.map(({ startAt, endAt = run.world.now }) => endAt - startAt)
}
