import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseScenario } from './parse.ts'

const shipped = readFileSync(join(import.meta.dirname, '../../scenarios/lessons/acked-and-gone.yaml'), 'utf8')
const codesOf = (text: string): readonly string[] => [...new Set(parseScenario(text).findings.map(({ code }) => code))]

describe('a hostile text', () => {
  test('that is too large is not looked at', () => {
    expect(codesOf(`title: ${'x'.repeat(300_000)}`)).toEqual(['V502'])
    expect(codesOf('가'.repeat(100_000))).toEqual(['V502'])
  })

  test('that grows through its aliases is refused by the size it would have', () => {
    const lines = ['a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]']
    for (let i = 1; i <= 9; i++) lines.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]`)
    const { findings } = parseScenario(lines.join('\n'))
    expect(findings.map(({ code }) => code)).toContain('V502')
    expect(findings.find(({ code }) => code === 'V502')?.args).toMatchObject({ expanded: true })
  })

  test('that holds itself is refused', () => {
    expect(parseScenario('a: &a [*a]').scenario).toBeUndefined()
    expect(parseScenario('a: &a {b: &b [*a], c: *b}').scenario).toBeUndefined()
  })

  test('that is nested beyond reason is refused, not crashed on', () => {
    for (const text of ['['.repeat(60_000), `${'{a: '.repeat(30_000)}`, '- '.repeat(60_000), `${'? '.repeat(20_000)}a`]) {
      expect(parseScenario(text).scenario).toBeUndefined()
    }
  })

  test('cannot reach the prototype of anything', () => {
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(codesOf(`${shipped}\n${key}: {polluted: true}`)).toContain('S001')
      expect(parseScenario(shipped.replace('{min.insync.replicas: 1}', `{${key}: 1}`)).scenario).toBeUndefined()
      expect(parseScenario(shipped.replace('ledger.lost == 1', `${key}.lost == 1`)).scenario).toBeUndefined()
      expect(parseScenario(shipped.replace('ledger.lost == 1', `ledger.${key} == 1`)).scenario).toBeUndefined()
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  test('has no tags, no merge keys, no second document, no keys that are lists', () => {
    expect(codesOf(shipped.replace('seed: 61', 'seed: !!js/function "61"'))).toEqual(['S021'])
    expect(codesOf(shipped.replace('seed: 61', 'seed: *nobody'))).toEqual(['S021'])
    expect(codesOf(shipped.replace('seed: 61', 'seed: !<tag:example.org,2000:evil> 61'))).toEqual(['S021'])
    expect(codesOf(`${shipped}\n---\n${shipped}`)).toEqual(['S021'])
    expect(codesOf(`${shipped}\n? [a, b]\n: c`)).toContain('S021')
  })

  test('in statements is data: nothing is ever run', () => {
    for (const evil of ['process.exit(1)', 'ledger.constructor("return 1")() == 1', '(() => 1)()', '`x`', 'a;b', `${'('.repeat(500)}1`, `${'not '.repeat(500)}true`]) {
      expect(parseScenario(shipped.replace('"ledger.lost == 1"', JSON.stringify(evil))).scenario, evil).toBeUndefined()
    }
  })

  test('whatever it is gets an answer: findings with a place, or a scenario', () => {
    const noise = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.json(), fc.string({ maxLength: 300 }))
    fc.assert(fc.property(noise, (text) => {
      const { scenario, findings } = parseScenario(text)
      expect(scenario).toBeUndefined()
      for (const { line, column } of findings) expect([line, column].every((each) => each >= 1)).toBe(true)
      expect(findings.length).toBeGreaterThan(0)
    }), { seed: 7, numRuns: 300 })
  })

  test('made of a good one by one stroke gets an answer', () => {
    const strokes = fc.tuple(fc.nat(shipped.length), fc.nat(12), fc.constantFrom('', ' ', '\t', ':', '- ', '"', '{', ']', '#', '&a', '*a', '0', 'ㅎ', '\n'))
    fc.assert(fc.property(strokes, ([at, length, by]) => {
      const { scenario, findings } = parseScenario(shipped.slice(0, at) + by + shipped.slice(at + length))
      if (scenario === undefined) expect(findings.some(({ severity }) => severity === 'error')).toBe(true)
    }), { seed: 11, numRuns: 400 })
  })
})
