/** The golden stories are as the model tells them now. `npm run golden -- --write` writes them anew. */
import { describe, expect, test } from 'vitest'
import { join, split, tell } from '../../cli/golden-story.ts'
import { noteCodes, type NoteCode } from '../notes.ts'

const files = import.meta.glob<string>('./*.trace', { query: '?raw', import: 'default', eager: true })
const stories = Object.entries(files).map(([path, file]) => ({ name: path.slice(2, -'.trace'.length), file, ...split(file) }))
const told = new Map(stories.map(({ name, script }) => [name, tell(script)]))

/** Named statements that a story breaks by what it is about: records that are lost, by damage, by power or by choice. */
const broken: Readonly<Record<string, readonly string[]>> = { 'power-cut': ['INV-R4', 'INV-R11', 'INV-R5'], 'unclean-election': ['INV-R11'] }

describe('golden stories', () => {
  test.each(stories)('$name breaks no promise but those that it is about', ({ name }) => {
    expect([...told.get(name)!.broken]).toEqual(broken[name] ?? [])
  })

  test.each(stories)('$name', ({ name, file, script }) => {
    expect(join({ script, story: told.get(name)!.story })).toBe(file)
  })

  // Whoever adds a code tells it in a story. Steps of a scenario are those of the script itself.
  const untold: readonly NoteCode[] = ['step.began']
  test('tell every fact that the model can tell', () => {
    const codes = new Set([...told.values()].flatMap((story) => [...story.codes]))
    expect(noteCodes.filter((code) => !codes.has(code))).toEqual(untold)
  })
})
