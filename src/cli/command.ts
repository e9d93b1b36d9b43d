/** The commands of the headless program, as functions of their arguments. */
import '../scenario/whole.ts'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { durationMicros, durationPattern } from '../scenario/duration.ts'
import type { Finding } from '../scenario/findings.ts'
import { parseScenario, type Parsed } from '../scenario/parse.ts'
import type { Scenario } from '../scenario/types.ts'
import { formatTime } from '../text/format.ts'
import type { Language } from '../text/language.ts'
import { promises } from '../text/promises.ts'
import { asJson, isError, line, placed } from './findings.ts'
import { playThrough, type Played } from './play-through.ts'
import { storyJson, storyLines } from './story.ts'

const usage = `usage: partitura run FILE [--until 30s] [--seed N] [--lang en|ko] [--solution] [--all] [--json]
       partitura check FILE... [--lang en|ko] [--json] [--write-lock]
       partitura export FILE --partition orders/0 --broker b1 --out DIR [--at 10s] [--seed N]
       partitura schema [--write]`

class UsageError extends Error {}

interface Options {
  readonly files: readonly string[]
  readonly language: Language
  readonly json: boolean; readonly all: boolean; readonly solution: boolean; readonly writeLock: boolean; readonly write: boolean
  readonly until: number | undefined
  readonly seed: number | undefined
  readonly at: number | undefined; readonly partition: string | undefined; readonly broker: string | undefined; readonly out: string | undefined
}

function optionsOf(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args], allowPositionals: true,
    options: {
      until: { type: 'string' }, seed: { type: 'string' }, lang: { type: 'string', default: 'en' },
      json: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false }, solution: { type: 'boolean', default: false },
      'write-lock': { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      at: { type: 'string' }, partition: { type: 'string' }, broker: { type: 'string' }, out: { type: 'string' },
    },
  })
  const { until, seed, lang, at, partition, broker, out } = values
  if (at !== undefined && !durationPattern.test(at)) throw new UsageError(`--at ${at}: write a duration, such as 10s`)
  if (until !== undefined && !durationPattern.test(until)) throw new UsageError(`--until ${until}: write a duration, such as 30s`)
  if (seed !== undefined && !/^[0-9]+$/.test(seed)) throw new UsageError(`--seed ${seed}: write a whole number`)
  if (lang !== 'en' && lang !== 'ko') throw new UsageError(`--lang ${lang}: write en or ko`)
  return {
    files: positionals, language: lang, json: values.json, all: values.all, solution: values.solution, writeLock: values['write-lock'],
    write: values.write,
    until: until === undefined ? undefined : durationMicros(until), seed: seed === undefined ? undefined : Number(seed),
    at: at === undefined ? undefined : durationMicros(at), partition, broker, out,
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

export interface Output { readonly print: (text: string) => void; readonly complain: (text: string) => void }

function run({ files, language, json, all, solution, until, seed }: Options, print: Output['print']): number {
  const [file] = files
  if (file === undefined || files.length > 1) throw new UsageError('run takes one file')
  const parsed = parseScenario(readText(file))
  const { scenario } = parsed
  if (scenario === undefined) {
    const findings = parsed.findings.map((each) => asJson(file, each))
    if (json) print(JSON.stringify({ format: 'partitura-run/1', steps: [], story: [], findings }))
    else for (const finding of parsed.findings) print(line(file, finding, language))
    return 1
  }
  const end = until ?? (scenario.sim?.until === undefined ? undefined : durationMicros(scenario.sim.until))
  const played = playThrough(scenario, { mode: solution ? 'solution' : 'watch', seed: seed ?? scenario.seed, until: end })
  const findings = [...parsed.findings, ...played.problems.map((problem) => placed(problem, parsed.placeOf))]
  if (json) print(JSON.stringify(runJson(file, scenario, played, findings)))
  else {
    for (const text of storyLines(scenario, played.story, language, all)) print(text)
    print(`\nseed ${played.seed}  hash ${played.hash}`)
    for (const finding of findings) print(line(file, finding, language))
  }
  return findings.some(isError) ? 1 : 0
}

const runJson = (file: string, scenario: Scenario, { seed, endUs, hash, steps, story }: Played, findings: readonly Finding[]): object => ({
  format: 'partitura-run/1', scenario: scenario.id, seed, endUs, hash, steps, story: storyJson(story),
  findings: findings.map((each) => asJson(file, each)),
})

function check({ files, language, json, writeLock }: Options, print: Output['print']): number {
  if (files.length === 0) throw new UsageError('check takes at least one file')
  let failed = false
  const results = files.map((file) => {
    const parsed = parseScenario(readText(file))
    const { findings, hash, broken } = checkFile(file, parsed, writeLock)
    if (findings.some(isError)) failed = true
    if (!json) {
      for (const finding of findings) print(line(file, finding, language))
      if (!findings.some(isError)) print(`${file}: ${language === 'ko' ? '이상 없음' : 'fine'}${hash === undefined ? '' : `  ${hash}`}`)
      // By right or not: a loss that the file is about breaks some.
      for (const { id, at, what } of broken) print(`${file}: ${id} ${formatTime(at)}  ${promises[id][language]}  (${what})`)
    }
    return { file, scenario: parsed.scenario?.id, hash, findings: findings.map((each) => asJson(file, each)), broken: broken.map(({ id, at, partition, what }) => ({ id, atUs: at, partition, what })) }
  })
  if (json) print(JSON.stringify({ format: 'partitura-check/1', files: results }))
  return failed ? 1 : 0
}

/** Played twice: as it stands, then with its solution. */
function checkFile(
  file: string, { scenario, findings, placeOf }: Parsed, writeLock: boolean,
): { readonly findings: readonly Finding[]; readonly hash: string | undefined; readonly broken: Played['broken'] } {
  if (scenario === undefined) return { findings, hash: undefined, broken: [] }
  const watched = playThrough(scenario, { mode: 'watch', seed: scenario.seed, until: undefined, looksAtPromises: true })
  const solved = scenario.solution === undefined
    ? [] : playThrough(scenario, { mode: 'solution', seed: scenario.seed, until: undefined }).problems
  const found = [...watched.problems, ...solved].map((problem) => placed(problem, placeOf))
  const lock = join(dirname(file), `${scenario.id}.lock`)
  if (writeLock) writeFileSync(lock, `${watched.hash}\n`)
  const recorded = existsSync(lock) ? readFileSync(lock, 'utf8').trim() : undefined
  const differs = recorded !== undefined && recorded !== watched.hash
  const drift: readonly Finding[] = differs
    ? [placed({ code: 'T306', args: { recorded, found: watched.hash }, path: ['id'] }, placeOf)] : []
  return { findings: [...findings, ...found, ...drift], hash: watched.hash, broken: watched.broken }
}

/** The files of one replica, for kafka-dump-log.sh and its like. */
async function exportFiles({ files, language, seed, at, partition, broker, out }: Options, print: Output['print']): Promise<number> {
  const [file] = files
  if (file === undefined || files.length > 1 || partition === undefined || broker === undefined || out === undefined) throw new UsageError('export takes one file, --partition, --broker and --out')
  const { scenario, findings } = parseScenario(readText(file))
  if (scenario === undefined) {
    for (const finding of findings) print(line(file, finding, language))
    return 1
  }
  const { replicaAt, writeFiles } = await import('./export.ts')
  const replica = replicaAt(scenario, { partition, broker, seed: seed ?? scenario.seed, at })
  if (replica === undefined) throw new UsageError(`${broker} has no replica of ${partition}`)
  for (const text of writeFiles(replica, out)) print(text)
  return 0
}

async function schema({ write }: Options, print: Output['print']): Promise<number> {
  const { scenarioSchemaText } = await import('../scenario/schema.ts')
  if (write) writeFileSync('docs/scenario.schema.json', scenarioSchemaText())
  else print(scenarioSchemaText().trimEnd())
  return 0
}

/** Exit codes: 0 fine, 1 findings, 2 bad usage or a file that cannot be read. */
export async function main([command, ...rest]: readonly string[], { print, complain }: Output): Promise<number> {
  try {
    const options = optionsOf(rest)
    switch (command) {
      case 'run': return run(options, print)
      case 'check': return check(options, print)
      case 'export': return await exportFiles(options, print)
      case 'schema': return await schema(options, print)
      default: throw new UsageError(command === undefined ? 'say what to do' : `there is no command ${command}`)
    }
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof TypeError && 'code' in error)) throw error
    complain(`partitura: ${error.message}\n${usage}`)
    return 2
  }
}
