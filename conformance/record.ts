/**
 * `npm run conformance:record -- FILE...`: plays scenario files on a real Apache Kafka cluster and keeps what was seen, in
 * `conformance/recordings`. Says what has changed against what was kept before. `--no-write` only says.
 */
import '../src/scenario/whole.ts'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { line } from '../src/cli/findings.ts'
import { parseScenario } from '../src/scenario/parse.ts'
import type { Scenario } from '../src/scenario/types.ts'
import { root } from './live/jars.ts'
import { Missing, playLive, type LivePlayed } from './live/index.ts'
import type { RecordingEntry } from './compare/recordings.ts'
import { scenarioHash } from './compare/what-matters.ts'
import { changes, recordingText } from './recordings.ts'

const folder = join(root, 'conformance', 'recordings')
const indexFile = join(folder, 'index.json')
const args = process.argv.slice(2)
const write = !args.includes('--no-write')
const showStory = args.includes('--story')
const files = args.filter((each) => !each.startsWith('--'))
const say = (text: string): void => void process.stderr.write(`${text}\n`)

process.exitCode = files.length === 0 ? usage() : await recordAll()

function usage(): number {
  say('usage: npm run conformance:record -- [--no-write] [--story] FILE...')
  return 2
}

async function recordAll(): Promise<number> {
  let recorded = 0, notRunnable = 0, failed = 0
  for (const file of files) {
    try {
      const outcome = await recordOne(file)
      if (outcome === 'recorded') recorded++
      else notRunnable++
    } catch (error) {
      if (error instanceof Missing) {
        say(error.message)
        return 2
      }
      failed++
      say(`${file}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  process.stdout.write(`${recorded} recorded, ${notRunnable} not runnable, ${failed} failed\n`)
  return failed > 0 ? 1 : 0
}

async function recordOne(file: string): Promise<'recorded' | 'notRunnable'> {
  const text = readFileSync(file, 'utf8')
  const { scenario, findings } = parseScenario(text)
  if (scenario === undefined) throw new Error(findings.map((finding) => line(file, finding, 'en')).join('\n'))
  say(`${scenario.id}:`)
  const began = Date.now()
  const played = await playLive(scenario, { say: (each) => say(`  ${((Date.now() - began) / 1_000).toFixed(1)} ${each}`) })
  if (showStory) for (const each of played.story) process.stdout.write(`${each}\n`)
  const index = readIndex()
  if (played.notRunnable !== undefined) {
    process.stdout.write(`${scenario.id}: not runnable: ${played.notRunnable}\n`)
    // What only this machine lacks is no property of the file.
    if (played.isForGood === true) keep(index, scenario, played)
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
  }
  keep(index, scenario, played)
  return 'recorded'
}

type Index = Readonly<Record<string, RecordingEntry>>
function readIndex(): Index {
  return existsSync(indexFile) ? (JSON.parse(readFileSync(indexFile, 'utf8')) as Index) : {}
}
function keep(index: Index, scenario: Scenario, { kafka, notRunnable, unjudged }: LivePlayed): void {
  if (!write) return
  const date = new Date().toISOString().slice(0, 10)
  const entry: RecordingEntry = { kafka, date, hash: scenarioHash(scenario), ...(notRunnable === undefined ? {} : { notRunnable }), ...(unjudged.length === 0 ? {} : { unjudged }) }
  const all = Object.entries({ ...index, [scenario.id]: entry }).toSorted(([a], [b]) => (a < b ? -1 : 1))
  mkdirSync(folder, { recursive: true })
  writeFileSync(indexFile, `${JSON.stringify(Object.fromEntries(all), undefined, 2)}\n`)
}
