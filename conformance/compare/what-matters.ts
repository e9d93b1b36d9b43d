/** What of a scenario file decides its run: a recording belongs to this much of the file, whatever its texts say. */
import { createHash } from 'node:crypto'
import type { Scenario } from '../../src/scenario/types.ts'

/** Words, and where the eye and the clock of a class go. */
const TEXTS: ReadonlySet<string> = new Set([
  'title', 'summary', 'watch', 'languages', 'meta', 'say', 'notes', 'focus', 'card', 'label', 'hints', 'explain', 'minutes', 'optional',
])

/** Sixteen hex digits. The order of keys does not count, that of lists does. That a file is for the simulator only counts. */
export function scenarioHash(scenario: Scenario): string {
  const simulatorOnly = scenario.meta?.['simulatorOnly']
  const matters = [bare(scenario, []), ...(simulatorOnly === undefined ? [] : [simulatorOnly])]
  return createHash('sha256').update(matters.map((each) => JSON.stringify(each)).join('\n')).digest('hex').slice(0, 16)
}

function bare(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => bare(each, path))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => !key.startsWith('x-') && !isText(key, path))
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, bare(each, [...path, key])]))
}

/** Only where the format has texts: a topic may be called `title`, a header `notes`. */
function isText(key: string, path: readonly string[]): boolean {
  const place = path.join('.')
  if (place === 'steps.predict') return key === 'ask'
  if (place === 'steps.predict.options') return key === 'text' || key === 'explain'
  if (place === '' || place === 'steps' || place === 'goal' || place === 'forbid' || place === 'expect' || place === 'steps.check') return TEXTS.has(key)
  return place === 'steps.do.ask' && key === 'say'
}
