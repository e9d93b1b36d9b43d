import { describe, expect, test } from 'vitest'
import type { AnyProblem, ImpossibleReason } from '../scenario/findings.ts'
import { sayFinding } from './find.ts'

const why = ['notCut', 'alreadyRunning', 'notRunning', 'notFrozen', 'alreadyFrozen', 'alreadyDown', 'alreadyStopping'] as const satisfies readonly ImpossibleReason[]

/** What runs find out; what texts have wrong is tried with real files in `scenario/parse.test.ts`. */
const problems: readonly AnyProblem[] = [
  { code: 'T301', args: { step: 'leader-dies', condition: 'partition(t/0).leader == b2', maxMs: 20_000, values: 'partition(t/0).leader = none', kind: 'until' } },
  { code: 'T301', args: { step: 'leader-dies', condition: 'ledger.lost == 0', maxMs: undefined, values: 'ledger.lost = 1', kind: 'check' } },
  { code: 'T301', args: { step: '', condition: 'ledger.lost == 0', maxMs: undefined, values: '', kind: 'expect' } },
  { code: 'T302', args: { goal: 2, step: 'calm' } },
  { code: 'T303', args: { predict: 'q1', holding: [1, 3], values: 'ledger.lost = 0' } }, { code: 'T303', args: { predict: 'q1', holding: [], values: '' } },
  { code: 'T304', args: { item: 'when: producer(A).acked >= 1', step: 'freeze', kind: 'when', ranMs: 90_000 } },
  { code: 'T304', args: { item: 'at: 30s', step: 'freeze', kind: 'at', ranMs: 12_400 } },
  { code: 'T305', args: { condition: 'app(g).duplicates == 0', values: 'app(g).duplicates = 3', at: 72_400_000, kind: 'goal' } },
  { code: 'T305', args: { condition: 'ledger.lost >= 1', values: '', at: undefined, kind: 'forbid' } },
  { code: 'T306', args: { recorded: '0123456789abcdef', found: 'fedcba9876543210' } },
  { code: 'T307', args: { action: 'crash', selector: 'leader(orders/0)', at: 14_200_000 } },
  ...why.map((reason): AnyProblem => ({ code: 'T308', args: { action: 'heal: {from: b2, to: b1}', why: reason, at: 9_000_000 } })),
]

describe('what runs find out', () => {
  test.each(['en', 'ko'] as const)('is said in %s', (language) => {
    expect(problems.map((problem) => sayFinding(language, problem)).join('\n')).toMatchSnapshot()
  })
})
