import { describe, expect, test } from 'vitest'
import { exactMath, hostGlobals } from '../src/architecture.ts'
import { inspect } from './inspect.ts'

const read = (code: string, file = 'a.ts') => inspect(file, code, { exactMath, hostGlobals })
const uses = (code: string) => read(code).uses
const kinds = (code: string, file = 'a.ts') =>
  read(code, file).imports.map(({ specifier, kind }) => `${kind} ${specifier}`)

describe('imports are seen however they are written', () => {
  test.each([
    ["import { a } from './a.ts'", 'value ./a.ts'],
    ["import './a.css'", 'value ./a.css'],
    ["export * from './a.ts'", 'value ./a.ts'],
    ["export { a } from './a.ts'", 'value ./a.ts'],
    ["import type { A } from './a.ts'", 'type ./a.ts'],
    ["import { type A, type B } from './a.ts'", 'type ./a.ts'],
    ["import { type A, b } from './a.ts'", 'value ./a.ts'],
    ["export type { A } from './a.ts'", 'type ./a.ts'],
    ["let a: import('./a.ts').A", 'type ./a.ts'],
    ["const a = () => import('./a.ts')", 'lazy ./a.ts'],
    ["new Worker(new URL('./w.ts', import.meta.url), { type: 'module' })", 'worker ./w.ts'],
    ["import W from './w.ts?worker'", 'worker ./w.ts?worker'],
  ])('%s', (code, seen) => expect(kinds(code)).toEqual([seen]))

  test('but not in comments and texts', () => {
    expect(kinds(`// import './a.ts'\nconst a = "import './b.ts'"; const c = <p>import './c.ts'</p>`, 'a.tsx')).toEqual([])
  })
})

describe('what differs between engines is seen', () => {
  test.each([
    ['a ** 2', '1: **'],
    ['a **= 2', '1: **'],
    ['\nMath.log(2)', '2: Math.log'],
    ['Math.random()', '1: Math.random'],
    ['const { log } = Math', '1: Math as a value'],
    ["Math['log'](2)", '1: Math as a value'],
    ['Date.now()', '1: Date'],
    ['new Date()', '1: Date'],
    ['const now = () => performance', '1: performance'],
    ['const clock = Date', '1: Date'],
    ['setTimeout(f, 1)', '1: setTimeout'],
    ['a.sort()', '1: sort() without a comparator'],
    ['a.toSorted()', '1: toSorted() without a comparator'],
    ['a.sort((x, y) => x < y)', '1: sort() whose comparator answers yes or no'],
    ['a.localeCompare(b)', '1: localeCompare'],
    ['a.toLocaleString()', '1: toLocaleString'],
  ])('%s', (code, seen) => expect(uses(code)).toEqual([seen]))

  test.each([
    'Math.floor(a * 2) + Math.imul(a, b)',
    'a.sort((x, y) => x - y || y.id - x.id)',
    'interface A { Date: number; readonly process: string }',
    'const a = { process: 1, crypto: 2 }; a.process + a.crypto',
    '// Math.log(2) ** 2',
    "const a = 'Date.now()'",
  ])('%s is fine', (code) => expect(uses(code)).toEqual([]))
})

test('waiting is seen', () => {
  expect(read('async function f() { await g() }').async).toEqual(['1: async', '1: async'])
  expect(read('let a: Promise<void>').async).toEqual(['1: Promise'])
})

test('blank lines and comments are not counted as code', () => {
  expect(read('/*\n why\n*/\nconst a = 1 // because\n\n\nconst b = 2\n').lines).toBe(2)
})
