import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { askedOf } from '../../src/scenario/asked.ts'
import type { ComparisonRecord } from '../../src/scenario/comparison-record.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { onlyAsked } from './only-asked.ts'
import { simulate } from './results.ts'
import { sideBySide, type PlayedLive } from './side-by-side.ts'

const folder = mkdtempSync(join(tmpdir(), 'side-by-side-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(import.meta.dirname, '../../scenarios/laboratory/s36-commit-and-abort.yaml')
const scenario = parseScenario(readFileSync(file, 'utf8')).scenario!
const asked = onlyAsked(simulate(scenario), askedOf(scenario))

/** A cluster that answers as the simulator does, but for what `change` makes of it. */
async function run(files: readonly string[], change: (records: readonly ComparisonRecord[]) => Partial<PlayedLive> | Error = () => ({})) {
  const said: string[] = []
  const code = await sideBySide(files, {
    print: (text) => said.push(text), exceptions: [],
    playLive: () => {
      const changed = change(asked)
      if (changed instanceof Error) return Promise.reject(changed)
      return Promise.resolve({ records: asked, story: ['00:01.0 b1 leads t/0'], unjudged: [], refused: [], kafka: '4.3.1', ...changed })
    },
  })
  return { code, text: said.join('\n') }
}

describe('two runs side by side', () => {
  it('are equal: 0', async () => {
    const { code, text } = await run([file])
    expect(code).toBe(0)
    expect(text).toMatch(/^s36-commit-and-abort, simulated and on Apache Kafka 4\.3\.1: ([0-9]+) equal .* 0 differ[^]*\n\1 passed, 0 failed$/)
  })

  it('differ: 1, with the first difference and both stories', async () => {
    const wrong = (records: readonly ComparisonRecord[]) => ({
      records: records.map((record) => (record.step === 'commit' ? { ...record, transactions: { t1: { state: 'Ongoing', epoch: 1 } } } : record)),
    })
    const { code, text } = await run([file], wrong)
    expect(code).toBe(1)
    expect(text).toContain('s36-commit-and-abort, step commit: txn(t1).state\n  simulator     CompleteCommit\n  Kafka 4.3.1   Ongoing')
    expect(text).toMatch(/What the simulator tells:[^]*tx[^]*What was seen of Apache Kafka 4\.3\.1:\n {2}00:01\.0 b1 leads t\/0/)
    expect(text).not.toContain('4/5 abort')
  })

  it('differ where the cluster would not take an action: 1, and which', async () => {
    const { code, text } = await run([file], () => ({ refused: ['crash leader(t/0): nobody is leader(t/0)'] }))
    expect(code).toBe(1)
    expect(text).toMatch(/not possible on Apache Kafka 4\.3\.1: crash leader\(t\/0\): nobody is leader\(t\/0\)[^]*passed, 1 failed$/)
  })

  it('cannot be compared: 2, and why', async () => {
    expect(await run([file], () => ({ notRunnable: 'a power cut' }))).toMatchObject({ code: 2, text: expect.stringContaining('not runnable on a real cluster: a power cut') as string })
    expect(await run([file], () => new Error('there is no Java'))).toMatchObject({ code: 2, text: expect.stringContaining('there is no Java') as string })
    expect(await run([join(folder, 'none.yaml')])).toMatchObject({ code: 2, text: expect.stringContaining('none.yaml cannot be read') as string })
    const bad = join(folder, 'bad.yaml')
    writeFileSync(bad, 'format: kafka-scenario/v1\nid: x\n')
    expect(await run([bad, file])).toMatchObject({ code: 2, text: expect.stringMatching(/bad\.yaml:1:1: error S[^]*equal/) as string })
  })
})
