import { expect, test } from 'vitest'
import { frameOf, replaceAt } from './frame.ts'

const text = 'steps:\n  - id: calm\n    do:\n      - start: c1\n      - prodcue: {by: shop, count: 7}\n    run: {for: 1s}\n'
const place = { line: 5, column: 9, endLine: 5, endColumn: 16 }

test('the line of the finding stands in its surroundings, the caret under its word', () => {
  const frame = frameOf(text, place)
  expect(frame.lines.map((line) => line.number)).toEqual([3, 4, 5, 6])
  expect(frame.lines.find((line) => line.here)?.text).toContain('prodcue')
  expect([frame.caretAt, frame.caretLength]).toEqual([8, 7])
})
test('a finding that spans lines is marked to the end of its first', () => {
  expect(frameOf(text, { line: 2, column: 5, endLine: 4, endColumn: 3 }).caretLength).toBe(8)
})
test('the word is replaced by the nearest right one, and nothing else changes', () => {
  expect(replaceAt(text, place, 7, 'produce')).toBe(text.replace('prodcue', 'produce'))
})
