/** What can be said of logs on disk: a power cut by its exact outcomes, and why segments go. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { playThrough } from '../cli/play-through.ts'
import { isHeadline } from '../projection/story.ts'
import { why } from '../projection/why.ts'
import { say } from '../text/say.ts'
import { parseScenario } from './parse.ts'

const shipped = (id: string) => {
  const { scenario } = parseScenario(readFileSync(join(import.meta.dirname, '../../scenarios/laboratory', `${id}.yaml`), 'utf8'))
  return playThrough(scenario!, { mode: 'watch', seed: scenario!.seed, until: undefined }).story
}

/** An experiment with these topics and steps; `sees` are its observations at the end. */
function play(cluster: string, topics: readonly string[], clients: string, steps: readonly { readonly do: readonly string[]; readonly run: string; readonly sees: readonly string[] }[], sim = '{}') {
  const both = (text: string): string => `{en: "${text}", ko: "${text}"}`
  const text = [
    'format: kafka-scenario/v1', 'id: s05-disk', 'kind: experiment', `title: ${both('디스크')}`, `summary: ${both('디스크')}`, `watch: ${both('디스크')}`, 'languages: [en, ko]', 'seed: 5',
    'meta: {experiment: S05, minutes: 1, level: advanced}', `sim: ${sim}`, `cluster: {brokers: 3, controllers: 3, config: ${cluster}}`,
    'topics:', ...topics.map((topic) => `  - ${topic}`), 'clients:', `  ${clients}`, 'steps:',
    ...steps.flatMap((step, i) => [
      `  - id: step-${i + 1}`, `    say: ${both('디스크')}`, '    do:', ...step.do.map((each) => `      - ${each}`), `    run: ${step.run}`, '    check:',
      ...step.sees.flatMap((each) => [`      - atEnd: ${JSON.stringify(each)}`, `        label: ${both('보인다')}`]),
    ]),
    'expect:', '  - atEnd: "cluster.offlinePartitions == 0"', `    label: ${both('보인다')}`, '',
  ].join('\n')
  const { scenario, findings } = parseScenario(text)
  expect(findings.map(({ code, args, path }) => ({ code, args, path }))).toEqual([])
  const played = playThrough(scenario!, { mode: 'watch', seed: 5, until: undefined })
  expect(played.problems).toEqual([])
  return played.story
}
const retained = () => shipped('s05-retention-size')
const compacted = () => shipped('s08-compaction')
const dark = () => play('{}', ['{name: orders, partitions: 1, config: {min.insync.replicas: 2}}'], 'producers: [{id: p, topic: orders}]', [
  { do: ['produce: {by: p, count: 10}'], run: '{for: 2s}', sees: ['replica(orders/0@b2).dirtyRecords == 10 and broker(b1).dirtyRecords == 10'] },
  { do: ['powerLoss: [b1, b2, b3]'], run: '{for: 1s}', sees: ['cluster.aliveBrokers == 0 and event("power.lost").count == 3 and replica(orders/0@b1).leo == 0'] },
  { do: ['restart: [b1, b2, b3]'], run: '{until: "cluster.offlinePartitions == 0 and ledger.lost == 10", max: 60s}', sees: ['event("log.recovered").count == 3 and event("connection.lost").count >= 0'] },
  { do: ['produce: {by: p, count: 5}'], run: '{for: 40s}', sees: ['broker(b1).dirtyRecords == 0'] },
], '{writeBack: 20s}')

test('the power goes everywhere', () => void dark())

describe('why', () => {
  const chain = (story: ReturnType<typeof retained>, code: string): readonly (readonly [string, readonly string[]])[] => {
    const line = story.findLast(({ fact }) => fact.code === code)!
    return why(story, line.index).links.map((link) => [link.line.fact.code, link.configs.map(({ name, value }) => `${name}=${value}`)] as const)
  }

  test('a segment was deleted, and the log begins later', () => {
    expect(chain(retained(), 'logStart.moved').slice(0, 3)).toEqual([
      ['logStart.moved', []], ['segment.deleted', ['retention.bytes=2097152', 'log.retention.check.interval.ms=300000']], ['segment.rolled', ['segment.bytes=1048576']],
    ])
  })
  test('a log was compacted', () => {
    expect(chain(compacted(), 'log.cleaned').slice(0, 2)).toEqual([['log.cleaned', ['min.cleanable.dirty.ratio=0.01', 'log.cleaner.backoff.ms=15000']], ['segment.rolled', ['segment.bytes=1048576']]])
  })
  test('a record is lost, and its log shorter', () => {
    expect(chain(dark(), 'record.lost').map(([code]) => code)).toEqual(expect.arrayContaining(['record.lost', 'power.lost', 'record.acked']))
    expect(chain(dark(), 'log.recovered')[1]).toEqual(['power.lost', []])
  })
  test.each([['retention', retained], ['compaction', compacted], ['a power cut', dark]])('of everything that a reader sees: %s', (_, played) => {
    const story = played()
    for (const line of story.filter(isHeadline)) {
      expect(why(story, line.index).roots.length, say('en', line.fact)).toBeGreaterThan(0)
      expect(say('ko', line.fact, line.node)).toMatch(/[가-힣].*\.$/)
    }
  })
})
