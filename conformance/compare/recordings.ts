/** The recordings that lie in `conformance/recordings`, and the scenario files they were made from. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ComparisonRecord } from '../../src/scenario/comparison-record.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import type { Scenario } from '../../src/scenario/types.ts'

export interface RecordingEntry {
  /** Version of Apache Kafka. */
  readonly kafka: string
  /** Of the recording, 2026-11-26. */
  readonly date: string
  /** Of what mattered of the file then, by `what-matters.ts`. */
  readonly hash: string
  /** Why no real cluster can run it; then there are no records. */
  readonly notRunnable?: string
  /** Keys of the statements that could not be judged from outside. */
  readonly unjudged?: readonly string[]
}
export interface Recording extends RecordingEntry { readonly records: readonly ComparisonRecord[] }

export interface ShippedScenario { readonly file: string; readonly scenario: Scenario }

/** Every scenario file below `scenarios`, in the order of their names. */
export function shippedScenarios(root: string): readonly ShippedScenario[] {
  const folders = readdirSync(join(root, 'scenarios'), { withFileTypes: true }).filter((each) => each.isDirectory()).map(({ name }) => name)
  return folders.toSorted().flatMap((folder) =>
    readdirSync(join(root, 'scenarios', folder)).filter((name) => name.endsWith('.yaml')).toSorted().map((name) => {
      const file = `scenarios/${folder}/${name}`
      const { scenario, findings } = parseScenario(readFileSync(join(root, file), 'utf8'))
      if (scenario === undefined) throw new Error(`${file}: ${findings[0]?.code ?? 'no scenario'}`)
      return { file, scenario }
    }))
}

/** Files in the folder of recordings that its index does not speak of. */
export function strayRecordings(root: string): readonly string[] {
  const folder = join(root, 'conformance/recordings')
  const known = new Set([...readRecordings(root)].flatMap(([id, { kafka, notRunnable }]) => (notRunnable === undefined ? [`${id}.${kafka}.json`] : [])))
  return readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'index.json' && !known.has(name))
}

/** By scenario id. */
export function readRecordings(root: string): ReadonlyMap<string, Recording> {
  const folder = join(root, 'conformance/recordings')
  const index = join(folder, 'index.json')
  if (!existsSync(index)) return new Map()
  const entries = Object.entries(JSON.parse(readFileSync(index, 'utf8')) as Readonly<Record<string, RecordingEntry>>)
  return new Map(entries.map(([id, entry]) => {
    const file = join(folder, `${id}.${entry.kafka}.json`)
    const records = entry.notRunnable === undefined ? (JSON.parse(readFileSync(file, 'utf8')) as readonly ComparisonRecord[]) : []
    return [id, { ...entry, records }]
  }))
}
