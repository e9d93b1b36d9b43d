import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseScenario } from '../../src/scenario/parse.ts'
import { scenarioHash } from './what-matters.ts'

const text = readFileSync(join(import.meta.dirname, '../../scenarios/laboratory/s14-leader-crash.yaml'), 'utf8')
const hash = (of: string): string => scenarioHash(parseScenario(of).scenario!)

it('another wording is the same run', () => {
  expect(hash(text.replace('kill -9 on the leader while', 'The leader is killed while').replace('b2 leads by 10.6 s', 'In time'))).toBe(hash(text))
})

it.each([
  ['a config', 'min.insync.replicas: 2', 'min.insync.replicas: 1'],
  ['a statement', 'leaderEpoch == 2', 'leaderEpoch == 3'],
  ['the kind of a row', '- never: "partition', '- always: "partition'],
  ['a window', 'max: 10.6s', 'max: 11s'],
  ['an action', 'crash: b1', 'pause: {target: b1}'],
  ['the name of a step', 'id: crash', 'id: killed'],
])('%s is another run', (_what, from, to) => {
  expect(text).toContain(from)
  const other = text.replaceAll(from, to).replaceAll('step(\\"crash\\")', from === 'id: crash' ? 'step(\\"killed\\")' : 'step(\\"crash\\")')
  expect(hash(other)).not.toBe(hash(text))
})
