import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandLine } from './command-line.ts'
import { readScenario } from './compare/read-scenario.ts'

const known = ['--no-write', '--plain'] as const

test('options and files, in any order', () => {
  expect(commandLine(['--plain', 'a.yaml', '--no-write', 'b.yaml'], known)).toEqual({ files: ['a.yaml', 'b.yaml'], options: new Set(['--plain', '--no-write']) })
})

test('an option that nobody knows is an error, with the one that may have been meant', () => {
  expect(commandLine(['--nowrite', 'a.yaml'], known)).toEqual({ wrong: '--nowrite is no option; did you mean --no-write?' })
  expect(commandLine(['-x', 'a.yaml'], known)).toEqual({ wrong: '-x is no option (there is --no-write and --plain)' })
  expect(commandLine(['--plain'], known)).toEqual({ wrong: 'no file was given' })
})

test('a file that cannot be read, or is none, is said so', () => {
  expect(readScenario('none.yaml')).toMatchObject({ wrong: [expect.stringContaining('none.yaml cannot be read: ENOENT')] })
  expect(readScenario(join(import.meta.dirname, 'exceptions.yaml'))).toMatchObject({ wrong: expect.arrayContaining([expect.stringContaining('error')]) as unknown })
})
