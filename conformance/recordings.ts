/** Recordings as they lie in files: an array of comparison records, readable, with what belongs together on one line. */
import type { ComparisonRecord } from '../src/scenario/comparison-record.ts'

const LINE = 150

/** JSON, two levels deep in lines, everything below on one line as far as it fits. */
export function recordingText(records: readonly ComparisonRecord[]): string {
  return `${shown(records, 0)}\n`
}
function shown(value: unknown, indent: number): string {
  const flat = JSON.stringify(value)
  if (typeof value !== 'object' || value === null) return flat
  const isList = Array.isArray(value) && value.some((each) => typeof each === 'object')
  if (flat.length + indent <= LINE && indent >= 4 && !isList) return flat
  const pad = ' '.repeat(indent + 2)
  const inner = Array.isArray(value)
    ? value.map((each) => `${pad}${shown(each, indent + 2)}`) : Object.entries(value).filter(([, each]) => each !== undefined).map(([key, each]) => `${pad}${JSON.stringify(key)}: ${shown(each, indent + 2)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return inner.length === 0 ? `${open}${close}` : `${open}\n${inner.join(',\n')}\n${' '.repeat(indent)}${close}`
}

/** What differs, by step and path; how long a step took is a measurement and differs every time. */
export function changes(before: readonly ComparisonRecord[], after: readonly ComparisonRecord[]): readonly string[] {
  const found: string[] = []
  const compare = (path: string, a: unknown, b: unknown): void => {
    if (path.endsWith('.elapsedMs') || JSON.stringify(a) === JSON.stringify(b)) return
    if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null && !Array.isArray(a) && !Array.isArray(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) compare(`${path}.${key}`, (a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])
    } else found.push(`${path}: ${short(a)} -> ${short(b)}`)
  }
  for (let i = 0; i < Math.max(before.length, after.length); i++) compare(after[i]?.step ?? before[i]?.step ?? String(i), before[i] ?? {}, after[i] ?? {})
  return found
}
const short = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 120 ? `${text.slice(0, 117)}…` : text
}
