/**
 * Holds the simulator against what a real Apache Kafka answered to the same scenario files: `npm run -s test:conformance`.
 * Its last line counts observations: what the file asks for, once a step. A recording of another file than there is now, and
 * an exception that nothing needs, are one failure each. A file that nobody has recorded yet is named and counted apart: who
 * writes one may have no Java.
 */
import '../src/scenario/whole.ts'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { differenceText } from './compare/compare.ts'
import { MOST_EXCEPTIONS, readExceptions } from './compare/exceptions.ts'
import { readRecordings, shippedScenarios, strayRecordings } from './compare/recordings.ts'
import { countOf, looseIn, resultsOf, type Result, type Results } from './compare/results.ts'
import { checkedOf, reports } from './compare/report.ts'
import { checkedWords } from '../src/text/checked.ts'

const root = process.env['PARTITURA_ROOT'] ?? process.cwd()
const exceptions = readExceptions(join(root, 'conformance/exceptions.yaml'))
const recordings = readRecordings(root)
const { results, idle, orphans } = resultsOf(shippedScenarios(root), recordings, exceptions)

let failed = 0
const fail = (text: string): void => {
  console.log(text)
  failed++
}

const checked = checkedOf(results, exceptions)
const words = checkedWords.en
for (const result of results) printResult(result)
printApart({ results, idle, orphans })
checkReports()

const all = results.flatMap(({ compared }) => compared)
const passed = countOf(all, 'equal')
failed += countOf(all, 'differs')
const missing = results.filter(({ status }) => status === 'missing').length
if (missing > 0) console.log(`\nnot recorded yet: ${missing} of ${results.length} files`)
console.log(`\nobservations: ${passed} equal (of ${looseIn(all)} of them a part), ${countOf(all, 'differs')} differ, ${countOf(all, 'excepted')} excepted, ${countOf(all, 'unobservable')} not observable from outside`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

function printResult({ id, file, status, recording, compared }: Result): void {
  if (status === 'missing') return console.log(`${id}: no recording yet; npm run conformance:record -- ${file}`)
  if (status === 'stale') return fail(`${id}: ${file} is not what was recorded any more; npm run conformance:record -- ${file}`)
  if (status === 'notRunnable') return console.log(`${id}: not runnable on a real cluster: ${recording?.notRunnable ?? ''}`)
  const differences = compared.filter(({ outcome }) => outcome === 'differs')
  console.log(`${id}: ${countOf(compared, 'equal')} equal${differences.length === 0 ? '' : `, ${differences.length} differ`}`)
  for (const each of differences) console.log(differenceText(each, recording?.kafka ?? ''))
}

/** What is not compared, or only in part, each kind with its reason. */
function printApart({ idle: unused, orphans: left }: Results): void {
  const { parts, unseen } = checked
  for (const { rule, count } of parts) console.log(`\ncompared in part (${words.observations(count)}): ${words.rules[rule]}`)
  for (const { property, why, count } of unseen) console.log(`\nnot observable from outside (${words.statements(count)}): ${property}: ${words.why[why]}`)
  for (const { experiment, observation, step, class: by, reason } of exceptions) console.log(`\nexception: ${experiment}${step === undefined ? '' : `, step ${step}`}: ${observation}: ${reason.en} (${by})`)
  if (exceptions.length > MOST_EXCEPTIONS) fail(`\n${exceptions.length} exceptions, and ${MOST_EXCEPTIONS} are the most there may be`)
  for (const { experiment, observation } of unused) fail(`\nan exception that no longer applies: ${experiment}: ${observation}; strike it out of conformance/exceptions.yaml`)
  for (const name of strayRecordings(root)) fail(`\nconformance/recordings/${name}: a recording that index.json does not name`)
  for (const id of left) fail(`\n${id}: a recording of a file that is not there`)
}

/** The report and the page in the app say what is so now. */
function checkReports(): void {
  for (const [file, text] of reports(checked)) {
    if (!existsSync(join(root, file)) || readFileSync(join(root, file), 'utf8') !== text) fail(`\n${file} is not what is so now; npm run conformance:report`)
  }
}
