/**
 * `npm run conformance:record -- FILE...`: plays scenario files on a real Apache Kafka cluster and keeps what was seen, in
 * `conformance/recordings`. Says what has changed against what was kept before. `--no-write` only says.
 */
import '../src/scenario/whole.ts'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from '../src/scenario/types.ts'
import { commandLine } from './command-line.ts'
import { readScenario } from './compare/read-scenario.ts'
import { root } from './live/jars.ts'
import { Missing, playLive, type LivePlayed } from './live/index.ts'
import type { RecordingEntry } from './compare/recordings.ts'
import { scenarioHash } from './compare/what-matters.ts'
import { changes, recordingText } from './recordings.ts'

const folder = join(root, 'conformance', 'recordings')
const indexFile = join(folder, 'index.json')
const called = commandLine(process.argv.slice(2), ['--no-write', '--story', '--plain', '--memory'])
const say = (text: string): void => void process.stderr.write(`${text}\n`)

process.exitCode = 'wrong' in called ? usage(called.wrong) : await recordAll(called.files, called.options)

function usage(wrong: string): number {
  say(`${wrong}\nusage: npm run conformance:record -- [--no-write] [--story] [--plain] [--memory] FILE...`)
  return 2
}

type Options = ReadonlySet<'--no-write' | '--story' | '--plain' | '--memory'>

/** All files are read before the first is played: a play takes minutes. */
async function recordAll(files: readonly string[], options: Options): Promise<number> {
  const read = files.map(readScenario)
  for (const each of read) if ('wrong' in each) for (const text of each.wrong) say(text)
  if (read.some((each) => 'wrong' in each)) return 2
  let recorded = 0, notRunnable = 0, failed = 0
  for (const scenario of read as readonly Scenario[]) {
    try {
      const outcome = await recordOne(scenario, options)
      if (outcome === 'recorded') recorded++
      else notRunnable++
    } catch (error) {
      if (error instanceof Missing) {
        say(error.message)
        return 2
      }
      failed++
      say(`${scenario.id}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  process.stdout.write(`${recorded} recorded, ${notRunnable} not runnable, ${failed} failed\n`)
  return failed > 0 ? 1 : 0
}

async function recordOne(scenario: Scenario, options: Options): Promise<'recorded' | 'notRunnable'> {
  const write = !options.has('--no-write')
  say(`${scenario.id}:`)
  const began = Date.now()
  const played = await playLive(scenario, { plain: options.has('--plain'), memory: options.has('--memory'), say: (each) => say(`  ${((Date.now() - began) / 1_000).toFixed(1)} ${each}`) })
  if (options.has('--story')) for (const each of played.story) process.stdout.write(`${each}\n`)
  const index = readIndex()
  if (played.notRunnable !== undefined) {
    process.stdout.write(`${scenario.id}: not runnable: ${played.notRunnable}\n`)
    // What only this machine lacks is no property of the file.
    if (write && played.isForGood === true) keep(index, scenario, played)
    return 'notRunnable'
  }
  if (played.refused.length > 0) throw new Error(`the cluster was not where the simulator is, so it is not recorded: ${played.refused.join('; ')}`)
  const path = join(folder, `${scenario.id}.${played.kafka}.json`)
  const made = recordingText(played.records)
  const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined
  const news = before === undefined ? ['new'] : changes(JSON.parse(before), played.records)
  process.stdout.write(`${scenario.id}: ${news.length === 0 ? 'as before' : news.join('\n  ')}\n`)
  if (write) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(path, made)
    keep(index, scenario, played)
  }
  return 'recorded'
}

type Index = Readonly<Record<string, RecordingEntry>>
function readIndex(): Index {
  return existsSync(indexFile) ? (JSON.parse(readFileSync(indexFile, 'utf8')) as Index) : {}
}
function keep(index: Index, scenario: Scenario, { kafka, notRunnable, unjudged }: LivePlayed): void {
  const date = new Date().toISOString().slice(0, 10)
  const entry: RecordingEntry = { kafka, date, hash: scenarioHash(scenario), ...(notRunnable === undefined ? {} : { notRunnable }), ...(unjudged.length === 0 ? {} : { unjudged }) }
  const all = Object.entries({ ...index, [scenario.id]: entry }).toSorted(([a], [b]) => (a < b ? -1 : 1))
  mkdirSync(folder, { recursive: true })
  writeFileSync(indexFile, `${JSON.stringify(Object.fromEntries(all), undefined, 2)}\n`)
}
