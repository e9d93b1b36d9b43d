import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { askedOf } from '../../src/scenario/asked.ts'
import type { ComparisonRecord } from '../../src/scenario/comparison-record.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { obstacleIn } from '../../src/text/checked.ts'
import { MOST_EXCEPTIONS, readExceptions, type Exception } from './exceptions.ts'
import { onlyAsked } from './only-asked.ts'
import { readRecordings, type Recording } from './recordings.ts'
import { checkedOf, reportText } from './report.ts'
import { countOf, resultsOf, simulate } from './results.ts'
import { scenarioHash } from './what-matters.ts'

const folder = mkdtempSync(join(tmpdir(), 'exceptions-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = 'scenarios/laboratory/s36-commit-and-abort.yaml'
const scenario = parseScenario(readFileSync(join(import.meta.dirname, '../..', file), 'utf8')).scenario!
const shipped = [{ file, scenario }]
const simulated = simulate(scenario)
const asked = onlyAsked(simulated, askedOf(scenario))
const recorded = (records: readonly ComparisonRecord[], more: Partial<Recording> = {}) =>
  new Map([[scenario.id, { kafka: '4.3.1', date: '2026-11-26', hash: scenarioHash(scenario), unjudged: [], records, ...more }]])
/** The transaction coordinator gives another epoch in the last step. */
const other = asked.map((record, i) => (i < asked.length - 1 ? record : { ...record, transactions: { t1: { state: 'CompleteAbort', epoch: 9 } } }))
const results = (recordings: ReadonlyMap<string, Recording>, exceptions: readonly Exception[] = []) => resultsOf(shipped, recordings, exceptions, () => simulated)
const exception: Exception = { experiment: scenario.id, observation: 'txn(t1).epoch', class: 'TransactionMetadata', reason: { en: 'It is drawn.', ko: '제비뽑기다.' } }

describe('the results of all files', () => {
  it('count every observation of the file as equal where it is', () => {
    const [result] = results(recorded(asked)).results
    expect(result!.status).toBe('compared')
    expect(countOf(result!.compared, 'equal')).toBe(result!.compared.length)
  })

  it('say which file was never recorded, which has changed since, and which cannot be run', () => {
    expect(results(new Map()).results[0]!.status).toBe('missing')
    expect(results(recorded(asked, { hash: 'other' })).results[0]).toMatchObject({ status: 'stale', compared: [] })
    expect(results(recorded([], { notRunnable: 'a power cut' })).results[0]).toMatchObject({ status: 'notRunnable', compared: [] })
    expect(results(new Map([...recorded(asked), ['gone', recorded(asked).get(scenario.id)!]])).orphans).toEqual(['gone'])
  })

  it('take a difference that an exception names for no failure, and an exception without one for no use', () => {
    const { results: [excepted], idle } = results(recorded(other), [exception])
    expect([countOf(excepted!.compared, 'differs'), countOf(excepted!.compared, 'excepted'), idle]).toEqual([0, 1, []])
    expect(results(recorded(asked), [exception]).idle).toEqual([exception])
    const elsewhere = { ...exception, step: 'ready' }
    expect(results(recorded(other), [elsewhere])).toMatchObject({ idle: [elsewhere] })
    expect(countOf(results(recorded(other), [elsewhere]).results[0]!.compared, 'differs')).toBe(1)
  })
})

describe('the report', () => {
  const report = (recordings: ReadonlyMap<string, Recording>, exceptions: readonly Exception[] = []) =>
    reportText(checkedOf(results(recordings, exceptions).results, exceptions))

  it('has a row for each recording, with what is equal', () => {
    const equal = results(recorded(asked)).results[0]!.compared.length
    expect(report(recorded(asked))).toContain(`| \`s36-commit-and-abort\` | 4.3.1 | 2026-11-26 | ${equal} | 0 | 0 | 0 | 0 |`)
    expect(report(recorded(asked))).toContain('## Differences\n\nNone.')
  })
  it('names every difference with both sides, every exception, what cannot be run, and what is not recorded', () => {
    expect(report(recorded(other))).toContain('`s36-commit-and-abort`, step plain: `txn(t1).epoch`\n  * Simulator: `2`\n  * Apache Kafka: `9`')
    expect(report(recorded(other), [exception])).toContain('## Exceptions (1 of 10)')
    expect(report(recorded(other), [exception])).toContain('`txn(t1).epoch`: It is drawn. (`TransactionMetadata`)')
    expect(report(recorded([], { notRunnable: 'a power cut' }))).toContain('`s36-commit-and-abort`: a power cut')
    expect(report(recorded(asked, { hash: 'other' }))).toContain('`s36-commit-and-abort`: the file has changed since it was recorded')
  })
})

describe('what cannot be run', () => {
  it('is said in Korean too', () => {
    expect(obstacleIn('ko', 'powerLoss: x; rdk4 uses librdkafka: y')).toBe('전원 차단: 페이지 캐시에만 있던 것은 실제로 전원을 끊지 않고는 잃게 할 수 없다. rdk4의 라이브러리가 librdkafka다. 실제 클러스터에서는 Java 클라이언트만 돌린다.')
    for (const { notRunnable } of readRecordings(join(import.meta.dirname, '../..')).values()) {
      if (notRunnable !== undefined) expect(obstacleIn('ko', notRunnable), notRunnable).toBeDefined()
    }
  })
})

describe('the list of exceptions', () => {
  const read = (text: string) => {
    const path = join(folder, 'exceptions.yaml')
    writeFileSync(path, text)
    return readExceptions(path)
  }

  it('is read, and refused where one says less than it must', () => {
    const full = '- {experiment: s01-healthy, observation: elapsedMs, class: Timer, reason: {en: it is slow, ko: 느리다}}'
    expect(read(full)).toHaveLength(1)
    expect(read('[]')).toEqual([])
    expect(() => read(full.replace(', class: Timer', ''))).toThrow('exception 1: class is missing')
    expect(() => read(full.replace(', ko: 느리다', ''))).toThrow('exception 1: reason is missing')
    expect(() => read(full.replace('class:', 'because: x, class:'))).toThrow('exception 1: because is not known')
    expect(() => read('experiment: s01')).toThrow('a list of exceptions is wanted')
  })

  it('as it stands is no longer than it may be', () => {
    expect(readExceptions(join(import.meta.dirname, '../exceptions.yaml')).length).toBeLessThanOrEqual(MOST_EXCEPTIONS)
  })
})
