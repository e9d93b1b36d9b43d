import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { leftOut } from './left-out.ts'

const source = join(import.meta.dirname, '..')

function marked(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return marked(path)
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts') && readFileSync(path, 'utf8').includes('Simplified:') ? [relative(source, path)] : []
  })
}

test('whatever the model marks as simplified is said in the app, and nothing else', () => {
  const marks = ['engine', 'toy', 'sink', 'kafka', 'scenario', 'projection', 'terminal'].flatMap((folder) => marked(join(source, folder)))
  expect(leftOut.flatMap(({ files }) => files).sort()).toEqual(marks.sort())
})
