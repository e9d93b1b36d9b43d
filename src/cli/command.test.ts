import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { main } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'partitura-'))
afterAll(() => rmSync(folder, { recursive: true }))
const shipped = (name: string): string => join(import.meta.dirname, '../../scenarios', name)

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}
async function call(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [], err: string[] = []
  const code = await main(args, { print: (text) => out.push(text), complain: (text) => err.push(text) })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

const small = `format: kafka-scenario/v1
id: small
kind: demo
title: Small
languages: [en]
seed: 3
cluster: {brokers: 1, controllers: 1}
topics: [{name: t, partitions: 1, replicationFactor: 1}]
clients: {producers: [{id: p, topic: t}]}
steps:
  - id: send
    do:
      - produce: {by: p, count: 2}
    run: {until: "producer(p).acked == 2", max: 5s}
`

describe('run', () => {
  test('prints the story in the language asked for', async () => {
    const english = await call('run', shipped('lessons/failover.yaml'))
    expect(english.code).toBe(0)
    expect(english.out).toMatch(/^00:11\.250 {2}k1 {8}k1 fenced b1: no heartbeat for 9\.2 s\.$/m)
    const korean = await call('run', shipped('lessons/failover.yaml'), '--lang', 'ko')
    expect(korean.out).toMatch(/^00:11\.250 {2}k1 {8}k1이 b1을 펜싱했다\. 9\.2초 동안 하트비트가 없었다\.$/m)
    expect(/hash (\w+)/.exec(korean.out)?.[1]).toBe(/hash (\w+)/.exec(english.out)?.[1])
  })

  test('gives one object with --json', async () => {
    const { code, out } = await call('run', write('small.yaml', small), '--json', '--seed', '9')
    expect(code).toBe(0)
    const report = JSON.parse(out) as Record<string, unknown>
    expect(Object.keys(report)).toEqual(['format', 'scenario', 'seed', 'endUs', 'hash', 'steps', 'story', 'findings'])
    expect(report).toMatchObject({ format: 'partitura-run/1', scenario: 'small', seed: 9, findings: [] })
    expect(report['hash']).toMatch(/^[0-9a-f]{16}$/)
    expect(report['steps']).toEqual([{
      id: 'send', endUs: report['endUs'], reached: true,
      observed: {
        step: 'send', elapsedMs: Number(report['endUs']) / 1000,
        partitions: {
          't/0': {
            leader: 'b1', leaderEpoch: 0, partitionEpoch: 0, replicas: ['b1'], adding: [], removing: [], isr: ['b1'], elr: [], lastKnownElr: [],
            earliest: 0, hw: 2, lso: 2,
          },
        },
        client: [{ by: 'p', op: 'send t/0', result: { offset: 0 } }, { by: 'p', op: 'send t/0', result: { offset: 1 } }],
        quorum: { leader: 'k1', epoch: 1 }, statements: { 'until: producer(p).acked == 2': true },
      },
    }])
    const story = report['story'] as { atUs: number; code: string; args: object; en: string; ko: string }[]
    expect(story.find(({ code: each }) => each === 'step.began')).toEqual({ atUs: 0, code: 'step.began', args: { step: 'send', index: 0 }, en: 'Step 1 began: send.', ko: '1단계 시작: send.' })
  })

  test('stops where it is told to, and goes on after the last step', async () => {
    const report = JSON.parse((await call('run', write('small.yaml', small), '--json', '--until', '30s')).out) as { endUs: number }
    expect(report.endUs).toBe(30_000_000)
  })

  test('finds what the run finds: 1', async () => {
    const file = write('never.yaml', small.replace('acked == 2', 'acked == 3'))
    const { code, out } = await call('run', file)
    expect(code).toBe(1)
    expect(out).toContain(`${file}:14:18: error T301: Step \`send\`: \`producer(p).acked == 3\` was not reached within 5 s.`)
    expect(out).toContain('[steps[0].run.until]')
  })

  test('refuses a wrong file with its findings in both languages: 1', async () => {
    const file = write('wrong.yaml', small.replace('partitions: 1', 'partition: 1'))
    const { code, out } = await call('run', file, '--json')
    expect(code).toBe(1)
    const { findings } = JSON.parse(out) as { findings: object[] }
    expect(findings[0]).toMatchObject({ code: 'S001', file, line: 8, column: 20, path: 'topics[0].partition' })
    expect(Object.keys(findings[0]!)).toEqual(['code', 'severity', 'file', 'line', 'column', 'path', 'en', 'ko'])
  })
})

describe('check', () => {
  test('says which named statements a run breaks, by right or not', async () => {
    const { code, out } = await call('check', shipped('laboratory/s21-unclean-election.yaml'))
    expect([code, out]).toEqual([0, expect.stringMatching(/fine {2}\w+\n.*: INV-R11 00:23\.790 {2}What was committed stays in the log of the current leader\. {2}\(t\/0 was committed up to 150, b2 leads without what was at 100\)$/)])
    const [file] = (JSON.parse((await call('check', shipped('laboratory/s21-unclean-election.yaml'), '--json')).out) as { files: { broken: object[] }[] }).files
    expect(file!.broken).toMatchObject([{ id: 'INV-R11', partition: 't/0' }])
  })

  test('plays every file, without and with its solution: 0', async () => {
    const { code, out } = await call('check', shipped('lessons/poem-lab.yaml'), shipped('lessons/how-a-record-commits.yaml'))
    expect([code, out.split('\n').length]).toEqual([0, 2])
  })

  test('a solution that does not win is an error: 1', async () => {
    const text = readFileSync(shipped('lessons/acked-and-gone.yaml'), 'utf8').replace('set: {acks: all}', 'set: {linger.ms: 0}')
    const { code, out } = await call('check', write('lost.yaml', text))
    expect(code).toBe(1)
    expect(out).toContain('T305: The solution does not win')
  })

  test('a goal that comes by itself is a warning: 0', async () => {
    const text = readFileSync(shipped('lessons/acked-and-gone.yaml'), 'utf8').replace('and ledger.lost == 0 and', 'and')
    const { code, out } = await call('check', write('easy.yaml', text))
    expect(code).toBe(0)
    expect(out).toContain('warning T302: Goal 1 is true after step `leader-dies` already')
  })

  test('compares with what was recorded, and records', async () => {
    const file = write('small.yaml', small)
    const lock = join(folder, 'small.lock')
    expect((await call('check', file, '--write-lock')).code).toBe(0)
    expect(readFileSync(lock, 'utf8')).toMatch(/^[0-9a-f]{16}\n$/)
    expect((await call('check', file)).code).toBe(0)
    writeFileSync(lock, '0000000000000000\n')
    const { code, out } = await call('check', file)
    expect(code).toBe(1)
    expect(out).toContain('T306')
    rmSync(lock)
    expect(existsSync(lock)).toBe(false)
  })
})

describe('usage', () => {
  test.each([
    [[]], [['dance']], [['run']], [['run', 'a.yaml', 'b.yaml']], [['run', 'nowhere.yaml']], [['check']], [['run', 'x.yaml', '--until', '5']], [['run', 'x.yaml', '--seed', '-1']],
    [['run', 'x.yaml', '--lang', 'fr']], [['run', 'x.yaml', '--unknown']],
  ])('%j is wrong: 2', async (args) => {
    const { code, err } = await call(...args)
    expect(code).toBe(2)
    expect(err).toContain('usage: partitura run FILE')
  })

  test('the schema is printed', async () => {
    const { code, out } = await call('schema')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ $id: 'kafka-scenario/v1' })
  })
})
