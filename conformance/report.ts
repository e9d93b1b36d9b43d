/** Writes docs/conformance.md, and what the page in the app says: `npm run conformance:report`. */
import '../src/scenario/whole.ts'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readExceptions } from './compare/exceptions.ts'
import { readRecordings, shippedScenarios } from './compare/recordings.ts'
import { checkedOf, reports } from './compare/report.ts'
import { resultsOf } from './compare/results.ts'

const root = process.env['PARTITURA_ROOT'] ?? process.cwd()
const exceptions = readExceptions(join(root, 'conformance/exceptions.yaml'))
const { results } = resultsOf(shippedScenarios(root), readRecordings(root), exceptions)
for (const [file, text] of reports(checkedOf(results, exceptions))) {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
  console.log(file)
}
