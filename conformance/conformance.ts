/**
 * Plays scenario files on the simulator and on a real Apache Kafka, and prints where they first part, with both stories:
 * `npm run conformance -- FILE...`. Exit codes: 0 nothing differs, 1 something does, 2 bad usage, or a file that could not
 * be compared.
 */
import '../src/scenario/whole.ts'
import { join } from 'node:path'
import { commandLine } from './command-line.ts'
import { readExceptions } from './compare/exceptions.ts'
import { sideBySide } from './compare/side-by-side.ts'
import { playLive } from './live/index.ts'

const called = commandLine(process.argv.slice(2), ['--plain', '--memory'])
const root = process.env['PARTITURA_ROOT'] ?? process.cwd()

if ('wrong' in called) {
  console.error(`${called.wrong}\nusage: npm run conformance -- [--plain] [--memory] FILE...`)
  process.exitCode = 2
} else {
  const exceptions = readExceptions(join(root, 'conformance/exceptions.yaml'))
  process.exitCode = await sideBySide(called.files, {
    exceptions, print: (text) => console.log(text),
    playLive: (scenario) => playLive(scenario, { say: (line) => console.error(`${scenario.id}: ${line}`), plain: called.options.has('--plain'), memory: called.options.has('--memory') }),
  })
}
