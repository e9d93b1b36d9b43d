/**
 * Partitura without a screen: runs scenario files and checks them.
 *
 *   partitura run FILE [--until 30s] [--seed N] [--lang ko] [--solution] [--all] [--json]
 *   partitura check FILE... [--lang ko] [--json] [--write-lock]
 *   partitura schema [--write]
 *
 * Exit codes: 0 fine, 1 findings, 2 bad usage or a file that cannot be read.
 */
import { main } from './command.ts'

process.exitCode = await main(process.argv.slice(2), {
  print: (text) => void process.stdout.write(`${text}\n`),
  complain: (text) => void process.stderr.write(`${text}\n`),
})
