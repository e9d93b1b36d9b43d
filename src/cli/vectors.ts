/**
 * Conformance vectors: what Kafka's own classes answered, asked of the engine's own functions.
 *
 *   vectors FILE...
 *
 * Prints the ids that fail with what was expected and what came; a kind that nothing answers fails.
 * Exit codes: 0 all pass, 1 some fail, 2 bad usage or a file that cannot be read.
 */
import '../kafka/whole.ts'
import { readFileSync } from 'node:fs'
import { main } from './vectors/command.ts'

process.exitCode = main(
  process.argv.slice(2),
  (file) => readFileSync(file, 'utf8'),
  (text) => void process.stdout.write(`${text}\n`),
  (text) => void process.stderr.write(`${text}\n`),
)
