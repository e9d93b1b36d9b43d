import { expect, test } from 'vitest'
import type { Field } from '../../projection/disk-view.ts'
import { linesOf } from './dump-lines.ts'

const field = (at: number, length: number, shown = length): Field => ({
  name: 'value', part: 'record', record: 0, at, length, value: '', bytes: Array.from({ length: Math.min(shown, length) }, (_, i) => (at + i) % 256), tail: shown < length ? [(at + length - 1) % 256] : [],
})

test('bytes stand sixteen a line, and what is left out breaks one', () => {
  const lines = linesOf([field(0, 5), field(5, 20), field(25, 1000, 3)])
  expect(lines.map((line) => [line[0]!.at, line.length])).toEqual([[0, 16], [16, 12], [1024, 1]])
  expect(lines.flat().every(({ at, byte }) => byte === at % 256)).toBe(true)
})
