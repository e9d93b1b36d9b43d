import fc from 'fast-check'
import { expect, test } from 'vitest'
import { complete } from './complete.ts'
import { optionsOf, wordsOf } from './parse.ts'
import { tools } from './tools.ts'
import { terminalEn } from '../text/terminal.en.ts'
import { terminalKo } from '../text/terminal.ko.ts'

test('whatever is quoted comes back as it was', () => {
  fc.assert(fc.property(fc.array(fc.string()), (words) => {
    expect(wordsOf(words.map((word) => `'${word.replaceAll('\'', '\'"\'"\'')}'`).join(' '))).toEqual(words)
  }), { seed: 7, numRuns: 200 })
})
test('a quote that is not closed is no line', () => expect(wordsOf('echo "a')).toBeUndefined())

test('no words make a tool fail to say what it thinks of them', () => {
  const flags = tools.flatMap((tool) => tool.flags.map(({ name }) => `--${name}`))
  const word = fc.oneof(fc.constantFrom(...flags), fc.string(), fc.constantFrom('-1', '--', '-', '--topic=x', '--nosuch'))
  fc.assert(fc.property(fc.constantFrom(...tools), fc.array(word, { maxLength: 8 }), (tool, words) => {
    const options = optionsOf(tool.flags, words)
    if ('problem' in options) expect(options.problem).not.toBe('')
    else for (const { name, takes } of tool.flags) if (options.has(name) && takes !== undefined) expect(options.value(name)).toBeTypeOf('string')
  }), { seed: 7, numRuns: 300 })
})

const known = { topics: ['orders', 'payments'], groups: ['billing'], brokers: ['b1', 'b2'], files: [] }
test('what is completed begins with what was typed', () => {
  const lines = tools.flatMap(({ name, flags }) => flags.flatMap((flag) => [`${name} --${flag.name} `, `${name} --${flag.name.slice(0, 3)}`]))
  for (const line of [...lines, 'kafka-', 'h', 'confluent kafka to']) {
    const { from, items } = complete(line, known)
    for (const { text } of items) expect(text.startsWith(line.slice(from)), `${line} ${text}`).toBe(true)
  }
  expect(complete('kafka-topics.sh --bootstrap-server b1:9092 --describe --topic o', known).items.map(({ text }) => text)).toEqual(['orders'])
  expect(complete('kafka-consumer-groups.sh --describe --group ', known).items.map(({ text }) => text)).toEqual(['billing'])
})

test.each([['en', terminalEn], ['ko', terminalKo]] as const)('every tool and every flag has its words, %s', (_, words) => {
  const missing = tools.flatMap(({ name, flags }) => [...(words.tools[name] === undefined ? [name] : []), ...flags.flatMap((flag) => (words.flags[flag.name] === undefined ? [`${name} --${flag.name}`] : []))])
  expect(missing).toEqual([])
})
