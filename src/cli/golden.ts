/**
 * Golden stories of the model (`src/kafka/golden/*.trace`): plays each and says which differ from what is written there.
 *
 *   golden [NAME...] [--write]
 *
 * With `--write` the files are made to say what the model does now: explain the change in the commit that makes it.
 * Exit codes: 0 all as written, 1 some differ, 2 a script that cannot be played.
 */
import '../scenario/whole.ts'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { join, split, tell } from './golden-story.ts'

const folder = joinPath(process.env['PARTITURA_ROOT'] ?? '.', 'src', 'kafka', 'golden')
const args = process.argv.slice(2)
const names = args.filter((arg) => !arg.startsWith('--'))

for (const file of readdirSync(folder).filter((each) => each.endsWith('.trace'))) {
  const name = file.replace(/\.trace$/, '')
  if (names.length > 0 && !names.includes(name)) continue
  const path = joinPath(folder, file)
  const written = readFileSync(path, 'utf8')
  const { script } = split(written)
  try {
    const now = join({ script, story: tell(script).story })
    const state = now === written ? 'as written' : args.includes('--write') ? 'written anew' : 'differs'
    if (state === 'written anew') writeFileSync(path, now)
    else if (state === 'differs') process.exitCode ??= 1
    process.stdout.write(`${name}: ${state}\n`)
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 2
  }
}
