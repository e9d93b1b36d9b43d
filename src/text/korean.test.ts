import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { glossary } from './glossary.ts'

const root = join(import.meta.dirname, '..', '..')

/** Everything Korean that a learner can read: the tables of this folder, and the shipped scenarios. */
function koreanTexts(): readonly (readonly [string, string])[] {
  const tables = readdirSync(import.meta.dirname).filter((name) => name.includes('.ko.')).map((name) => join(import.meta.dirname, name))
  const scenarios = ['lessons', 'demos', 'laboratory', 'challenges', 'sandbox'].flatMap((folder) => {
    const directory = join(root, 'scenarios', folder)
    try {
      return readdirSync(directory).filter((name) => name.endsWith('.yaml')).map((name) => join(directory, name))
    } catch {
      return []
    }
  })
  return [...tables, ...scenarios].map((file) => [file.slice(root.length + 1), readFileSync(file, 'utf8')])
}
const terms = glossary.map(({ en, ko, means }) => [`glossary: ${en}`, `${ko} ${means.ko}`] as const)

describe('Korean', () => {
  const refused = glossary.flatMap(({ not, ko }) => not.map((spelling) => ({ spelling, ko })))

  test.each([...koreanTexts(), ...terms])('%s keeps to the glossary', (_, text) => {
    const wrong = refused.filter(({ spelling }) => text.includes(spelling)).map(({ spelling, ko }) => `${spelling} -> ${ko}`)
    expect(wrong).toEqual([])
  })

  test('every word of the glossary has one spelling', () => {
    for (const { ko, not } of glossary) expect(not, ko).not.toContain(ko)
  })

  test('says no particle twice', () => {
    for (const [file, text] of koreanTexts()) expect(text.match(/[가-힣](을를|은는|와과)(?![가-힣])|\((을|를|이|가|은|는)\)/g) ?? [], file).toEqual([])
  })
})
