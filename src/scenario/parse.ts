/**
 * A scenario's text to a scenario that can be played, or to what is wrong with it: place, path, what was expected, the
 * nearest right word. Loaded only when a text is opened; shipped files are made into data when the page is built.
 */
import { checkConfigs } from './check-configs.ts'
import { checkReferences } from './check-references.ts'
import { checkStatements } from './check-statements.ts'
import { checkTexts } from './check-texts.ts'
import { pathText, severityOf, type AnyProblem, type Finding, type Path, type Place } from './findings.ts'
import { problemsOf } from './format-issues.ts'
import { checkFormat, type FileData } from './format.ts'
import { namesOf } from './names.ts'
import { readYaml, type YamlText } from './parse-yaml.ts'
import { checkSupported } from './supported.ts'
import type { Tell } from './tell.ts'
import type { Scenario, Text } from './types.ts'

export interface Parsed {
  /** undefined where an error keeps the file from being played. */
  readonly scenario: Scenario | undefined
  /** In order of the text. */
  readonly findings: readonly Finding[]
  /** Where a path of the file stands: for what a run finds out about it. */
  readonly placeOf: (path: Path, at?: 'key' | 'value') => Place
}

const MOST_FINDINGS = 100
const top: Place = { line: 1, column: 1 }

export function parseScenario(text: string): Parsed {
  const findings = new Findings()
  const yaml = readYaml(text, (problem) => findings.add(problem, top, []))
  if (yaml === undefined) return findings.refused()
  yaml.hazards((problem, range, path) => findings.add(problem, yaml.placeOf(range), path))
  const placeOf: Parsed['placeOf'] = (path, at) => yaml.placeOf(yaml.range(path, at))
  if (findings.hasErrors) return findings.refused(placeOf)
  const written = yaml.data()
  const data = withoutExtensions(written)
  const file = checkStructure(data, yaml, findings)
  if (file !== undefined) checkMeaning(file, yaml, findings)
  // What passed both asks for nothing that `types.ts` leaves out: `supported.ts` has refused it.
  return { scenario: findings.hasErrors ? undefined : withTitles(data as Scenario, written), findings: findings.sorted(), placeOf }
}

class Findings {
  readonly #all: Finding[] = []
  readonly #seen = new Set<string>()
  hasErrors = false

  add(problem: AnyProblem, place: Place, path: Path): void {
    const finding: Finding = { ...problem, ...place, severity: severityOf(problem.code), path: pathText(path) }
    const key = `${problem.code} ${place.line}:${place.column} ${finding.path}`
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    this.#all.push(finding)
    if (finding.severity === 'error') this.hasErrors = true
  }
  sorted(): readonly Finding[] {
    return this.#all.sort((a, b) => a.line - b.line || a.column - b.column).slice(0, MOST_FINDINGS)
  }
  refused(placeOf: Parsed['placeOf'] = () => top): Parsed {
    return { scenario: undefined, findings: this.sorted(), placeOf }
  }
}

function checkStructure(data: unknown, yaml: YamlText, findings: Findings): FileData | undefined {
  const format: unknown = typeof data === 'object' && data !== null ? (data as { format?: unknown }).format : undefined
  const version = typeof format === 'string' ? /^kafka-scenario\/v([0-9]+)$/.exec(format)?.[1] : undefined
  if (version !== undefined && version !== '1') {
    findings.add({ code: 'V501', args: { format: String(format) } }, yaml.placeOf(yaml.range(['format'])), ['format'])
    return undefined
  }
  const result = checkFormat(data)
  if ('file' in result) return result.file
  for (const { problem, path, at } of problemsOf(result.issues, yaml, data)) findings.add(problem, yaml.placeOf(yaml.range(path, at)), path)
  return undefined
}

function checkMeaning(file: FileData, yaml: YamlText, findings: Findings): void {
  const names = namesOf(file)
  const tell: Tell = (problem, path, at, stretch) => {
    const range = stretch === undefined ? yaml.range(path, at) : yaml.within(path, stretch.from, stretch.to)
    findings.add(problem, yaml.placeOf(range), path)
  }
  checkSupported(file, tell)
  checkReferences(file, names, tell)
  checkConfigs(file, tell)
  checkStatements(file, names, tell)
  checkTexts(file, tell)
}

/** Of what is the author's own, one thing is read: what a step is called. Where it is no text it is left out like the rest. */
function withTitles(scenario: Scenario, written: unknown): Scenario {
  const { steps } = written as { readonly steps?: readonly { readonly 'x-title'?: unknown }[] }
  if (scenario.steps === undefined || steps === undefined) return scenario
  const titled = scenario.steps.map((step, i) => {
    const title = steps[i]?.['x-title']
    return isText(title) ? { ...step, 'x-title': title } : step
  })
  return { ...scenario, steps: titled }
}
function isText(value: unknown): value is Text {
  if (typeof value === 'string') return true
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const entries = Object.entries(value)
  return entries.length > 0 && entries.every(([language, words]) => (language === 'en' || language === 'ko') && typeof words === 'string')
}

/** Keys that begin with `x-` are the author's own. */
function withoutExtensions(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(withoutExtensions)
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(
    Object.entries(data).filter(([key]) => !key.startsWith('x-')).map(([key, value]) => [key, withoutExtensions(value)]),
  )
}
