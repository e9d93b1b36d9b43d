import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluate, explain, expression, holds, pathsOf, SyntaxProblem, valuesText, type Read, type Value } from './expression.ts'
import { TypeCheck } from './expression-types.ts'
import type { ExpressionProblem } from './findings.ts'

/** A world of a few values, by how a path is written without its blanks. */
const values: Readonly<Record<string, Value>> = {
  'partition(orders/0).leader': 'b2', 'partition(orders/0).isr': ['b3', 'b2'], 'partition(orders/0).replicas': ['b1', 'b2', 'b3'],
  'partition(orders/0).hw': 7, 'partition(orders/0).online': true, 'partition(orders/1).leader': undefined, 'cluster.time': 12_500,
  'replica(orders/0@b1).epochs': [[0, 0], [1, 7]], 'group(reader).state': 'Stable', 'consumer(c1).position(orders/0)': 7,
  'event("leader.elected",orders/0).firstAt': 9_000, 'event("leader.lost").firstAt': undefined, 'ledger.lost': 0, 'broker(b1).fenced': false,
}
const read: Read = (path) => {
  const part = (one: { name: string; args: readonly { text: string; is: string }[] }): string =>
    one.args.length === 0 ? one.name : `${one.name}(${one.args.map(({ is, text }) => (is === 'string' ? `"${text}"` : text)).join(',')})`
  const key = [path.root, ...path.parts].map(part).join('.')
  if (!Object.hasOwn(values, key)) throw new Error(`nobody knows ${key}`)
  return values[key]
}
const value = (text: string): Value => evaluate(expression(text).node, read)

describe('a statement', () => {
  test.each([
    ['1 + 2 * 3 == 7', true], ['(1 + 2) * 3 == 9', true], ['8 / 2 / 2 == 2', true], ['5 - 2 - 1 == 2', true], ['2 - -1 == 3', true],
    ['1 / 0 == none', true], ['500ms + 1s == 1500', true], ['1.5m == 90s', true], ['8d == 691200000', true],
    ['true and not false', true], ['not true or true', true], ['not (true or true)', false], ['false and false or true', true], ['not not true', true],
    ['partition(orders/0).leader == b2', true], ['partition(orders/0).leader == "b2"', true], ['partition(orders/0).leader != b1', true],
    ['partition(orders/0).isr == [b2, b3]', true], ['[b2, b3] == partition(orders/0).isr', true], ['partition(orders/0).isr == [b2]', false],
    ['partition(orders/0).replicas == [b1, b2, b3]', true], ['partition(orders/0).replicas == [b3, b2, b1]', false],
    ['replica(orders/0@b1).epochs == [[0, 0], [1, 7]]', true], ['partition(orders/0).isr contains b3', true], ['b1 in partition(orders/0).isr', false],
    ['partition(orders/0).leader in [b1, b2]', true], ['partition(orders/1).leader == none', true], ['partition(orders/1).leader != none', false],
    ['event("leader.lost").firstAt + 1s == none', true], ['event("leader.lost").firstAt < 1', false], ['event("leader.lost").firstAt >= 0', false],
    ['none == none', true], ['none != none', false], ['cluster.time >= event("leader.elected", orders/0).firstAt + 3s', true],
    ['group(reader).state == Stable', true], ['consumer(c1).position(orders/0)==7', true], ['  partition( orders/0 ).hw\n == 7', true],
    ['[] == []', true], ['[1, 2] == [1, 2]', true], ['"a\\"b" == "a\\"b"', true],
  ])('%s', (text, expected) => {
    expect(value(text)).toBe(expected)
    expect(holds(expression(text), read)).toBe(expected)
  })

  test.each([
    ['partition(orders/0).hw = 3', 23], ['partition(orders/0', 18], ['1 +', 3], ['and true', 0], ['"open', 5], ['(true', 5], ['[1, ', 4], ['true true', 5], ['1 == 2 == 3', 7],
    ['partition().hw == 1', 10], ['a.b.', 4], ['', 0], ['not', 3],
  ])('%s cannot be read, from %i on', (text, at) => {
    try {
      expression(text)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(SyntaxProblem)
      expect((error as SyntaxProblem).at).toBe(at)
    }
  })

  test('names with dots and hyphens stand in arguments and lists as they are, elsewhere in quotes', () => {
    const [path] = pathsOf(expression('topic("jobs.dlt").records == 1').node)
    expect(path?.root.args[0]?.text).toBe('jobs.dlt')
    expect(pathsOf(expression('partition(jobs.dlt-1/0).hw == 1').node)[0]?.root.args[0]?.text).toBe('jobs.dlt-1/0')
    expect(pathsOf(expression('replica(busan/orders/3@b2).hw == 1').node)[0]?.root.args[0]?.text).toBe('busan/orders/3@b2')
    expect(value('"c-1" in [c-1, c.2]')).toBe(true)
  })

  test('says which of its parts has which value', () => {
    const text = 'partition(orders/0).hw == 7 and ledger.lost >= 1'
    expect(explain(expression(text), read).map((part) => [part.text, part.value])).toEqual([
      [text, false], ['partition(orders/0).hw == 7', true], ['partition(orders/0).hw', 7], ['ledger.lost >= 1', false], ['ledger.lost', 0],
    ])
    expect(valuesText(expression('partition(orders/0).isr == [b1] or partition(orders/1).leader == b1'), read))
      .toBe('partition(orders/0).isr = [b3, b2], partition(orders/1).leader = none')
  })
})

describe('its types', () => {
  const problems = (text: string): readonly ExpressionProblem[] => {
    const found: ExpressionProblem[] = []
    new TypeCheck(text, (problem) => found.push(problem)).statement(expression(text).node)
    return found
  }
  test.each([
    'broker(b1).fenced', 'partition(orders/0).hw + 1 > 2', 'partition(orders/0).leader == none', 'controller.active != k1', 'controller(k1).state == leader',
    'producer(shop).outcome(0).offset == 7', 'partition(orders/0).batch(4).epoch == 1', 'event("TIMED_OUT").count == 0', 'group(g).state in [Stable, Empty]',
    'consumer(c1).assigned == []', 'partition(orders/0).offsets contains 4', 'not partition(orders/0).online',
  ])('%s is sound', (text) => expect(problems(text)).toEqual([]))

  test.each([
    ['partition(orders/0).isr == b1', 'E203'], ['partition(orders/0).leader == 2', 'E203'], ['partition(orders/0).leader < b2', 'E203'], ['ledger.lost', 'E203'],
    ['not ledger.lost', 'E203'], ['ledger.lost and true', 'E203'], ['ledger.lost in 3', 'E203'], ['partition(orders/0).leader contains b', 'E203'],
    ['broker(b1).fenced == 1', 'E203'], ['ledger.lst == 1', 'E202'], ['leger.lost == 1', 'E202'], ['partition(orders/0) == 1', 'E202'],
    ['partition(orders/0).batch(4) == 1', 'E202'], ['ledger().lost == 1', 'E201'], ['group(g).state == stable', 'E205'], ['controller(k1).state != boss', 'E205'],
    ['partition(orders/0).key(x) == "a"', 'E203'], ['consumer == 1', 'E202'],
  ])('%s is not: %s', (text, code) => {
    let codes: readonly string[]
    try {
      codes = problems(text).map((problem) => problem.code)
    } catch {
      codes = ['E201']
    }
    expect(codes).toContain(code)
  })
})

/** Statements made at random, with what they mean beside them. */
const numbers = fc.letrec<{ sum: { text: string; is: number | undefined } }>((tie) => ({
  sum: fc.oneof({ maxDepth: 4 },
    fc.nat(99).map((n) => ({ text: String(n), is: n })), fc.constant({ text: 'ledger.lost', is: 0 }), fc.constant({ text: 'none', is: undefined }),
    fc.tuple(tie('sum'), fc.constantFrom('+', '-', '*', '/'), tie('sum')).map(([a, operator, b]) => {
      const compute = (x: number, y: number): number | undefined =>
        operator === '+' ? x + y : operator === '-' ? x - y : operator === '*' ? x * y : y === 0 ? undefined : x / y
      return { text: `(${a.text} ${operator} ${b.text})`, is: a.is === undefined || b.is === undefined ? undefined : compute(a.is, b.is) }
    })),
})).sum
const truths = fc.letrec<{ truth: { text: string; is: boolean } }>((tie) => ({
  truth: fc.oneof({ maxDepth: 5 },
    fc.boolean().map((is) => ({ text: String(is), is })),
    fc.tuple(numbers, fc.constantFrom('<', '>='), numbers).map(([a, operator, b]) => ({
      text: `${a.text} ${operator} ${b.text}`, is: a.is !== undefined && b.is !== undefined && (operator === '<' ? a.is < b.is : a.is >= b.is),
    })),
    tie('truth').map(({ text, is }) => ({ text: `not (${text})`, is: !is })),
    fc.tuple(tie('truth'), fc.constantFrom('and', 'or'), tie('truth')).map(([a, operator, b]) => ({
      text: `(${a.text}) ${operator} (${b.text})`, is: operator === 'and' ? a.is && b.is : a.is || b.is,
    }))),
})).truth

test('means what it says, however it is put together', () => {
  fc.assert(fc.property(truths, ({ text, is }) => {
    expect(value(text)).toBe(is)
    const problems: unknown[] = []
    new TypeCheck(text, (problem) => problems.push(problem)).statement(expression(text).node)
    expect(problems).toEqual([])
  }), { seed: 3, numRuns: 300 })
})

test('is read or refused, never anything else', () => {
  const pieces = fc.array(fc.constantFrom('partition(orders/0)', '.hw', '(', ')', '[', ']', '==', '=', ' and ', ' or ', 'not ', '7', '9s', '"x"', ',', 'b1', '/', '@', '-', 'none', '.'), { maxLength: 14 })
  fc.assert(fc.property(pieces.map((each) => each.join('')), (text) => {
    try {
      const { node } = expression(text)
      new TypeCheck(text, () => undefined).statement(node)
    } catch (error) {
      expect(error).toBeInstanceOf(SyntaxProblem)
    }
  }), { seed: 5, numRuns: 2_000 })
})
