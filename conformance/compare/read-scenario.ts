/** A scenario file as it is to be played, or all that is wrong with it, in lines for who has called for it. */
import { readFileSync } from 'node:fs'
import { line } from '../../src/cli/findings.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import type { Scenario } from '../../src/scenario/types.ts'

export function readScenario(file: string): Scenario | { readonly wrong: readonly string[] } {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return { wrong: [`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`] }
  }
  const { scenario, findings } = parseScenario(text)
  return scenario ?? { wrong: findings.map((finding) => line(file, finding, 'en')) }
}
