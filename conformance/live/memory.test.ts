import { expect, test } from 'vitest'
import { memoryText, pssIn, treeOf } from './memory.ts'

test('what a process has started, and what that has', () => {
  const parents = new Map([[2, 1], [7, 5], [5, 2], [9, 8], [8, 1], [3, 2]])
  expect([...treeOf(2, parents)].toSorted((a, b) => a - b)).toEqual([2, 3, 5, 7])
  expect(treeOf(4, parents)).toEqual([4])
})

test('pages that several share count once', () => {
  expect(pssIn('00400000-7fff5fc00000 ---p 00000000 00:00 0   [rollup]\nRss:    3000 kB\nPss:    1200 kB\nPss_Anon:  7 kB\n')).toBe(1_228_800)
  expect(pssIn('')).toBe(0)
  expect(memoryText({ processes: 1_500 * 1_048_576, files: 20 * 1_048_576, count: 12 })).toBe('memory: 1520 MiB at most: 12 processes 1500, files 20')
})
