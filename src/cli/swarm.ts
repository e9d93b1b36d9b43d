/**
 * Plays many random clusters under random faults, and looks for what should never happen.
 *
 *   swarm [COUNT] [--seed N] [--write]
 *
 * COUNT plans (1000), shared out among the kinds of plans. A plan that breaks a promise is shrunk to the fewest faults and
 * printed. `--write` puts the report into docs/swarm.md. The last line is `N passed, M failed`; exit code 1 if any failed.
 */
import '../kafka/whole.ts'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { broken, kinds, play } from '../kafka/swarm.testing.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seed: { type: 'string', default: '1' }, write: { type: 'boolean', default: false } } })
const count = Number(positionals[0] ?? 1000)
const seed = Number(values.seed)
/** Most plans are of the first kind, which mixes everything. */
const shares = Object.keys(kinds).map((kind, i) => [kind as keyof typeof kinds, i === 0 ? 5 : i === 1 ? 3 : 1] as const)
const whole = shares.reduce((sum, [, share]) => sum + share, 0)

let passed = 0, failed = 0
const rows: string[] = []
for (const [kind, share] of shares) {
  const numRuns = Math.ceil((count * share) / whole)
  const check = fc.check(fc.property(kinds[kind], (plan) => {
    const problem = broken(plan, play(plan))
    if (problem !== undefined) throw new Error(problem)
  }), { numRuns, seed, verbose: 0 })
  const violations = check.failed ? 1 : 0
  passed += check.failed ? check.numRuns - 1 : numRuns
  failed += violations
  rows.push(`| ${kind} | ${numRuns.toLocaleString('en-US')} | ${violations} |`)
  console.log(`${kind}: ${numRuns} plans${check.failed ? `, broken: ${check.errorInstance instanceof Error ? check.errorInstance.message : String(check.errorInstance)}\n${fc.defaultReportMessage(check)}` : ''}`)
}
if (values.write) writeFileSync(join(process.env['PARTITURA_ROOT'] ?? '.', 'docs', 'swarm.md'), `# Swarm

Written by \`npm run swarm -- ${count} --seed ${seed} --write\`. Random clusters (1 to 3 brokers, 1 to 5 controllers, up to 4 partitions
and 3 copies, all values of acks, with and without idempotence, groups of both protocols) under random faults for 40 simulated seconds:
kills, orderly stops, freezes, hung fetchers, disks that fail, fill up or are slow, cut, refusing and slow links by direction and kind of traffic; wrong clocks, and brokers that
are controllers. All along the named statements are
looked at, what must come true in time among them; then everything is mended, and within a minute the cluster must be at rest, with nothing lost that its configuration
promises to keep. \`npm test\` plays a thousand of them, and searches for the losses that are *not* promised against, so that the
checks are known to see.

| plans with | played | broken promises |
|---|---|---|
${rows.join('\n')}
`)
process.exitCode = failed > 0 ? 1 : 0
console.log(`${passed} passed, ${failed} failed`)
