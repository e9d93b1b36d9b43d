/** `npm run bench`: measures, prints, and writes docs/benchmarks.md. Nothing here is asserted by a test. */
import '../src/kafka/whole.ts'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measureAssignors } from './assignors.ts'
import { measureEngine } from './engine.ts'
import { per } from './measure.ts'
import { measureMonitors } from './monitors.ts'
import { measureGrowth, measureIdleDay, measureLarge } from './scale.ts'
import { measureStage } from './stage.ts'
import { measureKeyframes, measureSeeks } from './visits.ts'
import { measureWeek } from './week.ts'

const root = process.env['PARTITURA_ROOT'] ?? process.cwd()
const thousands = (value: number): string => Math.round(value).toLocaleString('en-US')

/** `npm run bench -- seek keyframes` measures only these, and writes nothing. */
const only = process.argv.slice(2)
const wanted = (name: string): boolean => only.length === 0 || only.includes(name)

interface Row { readonly what: string; readonly value: string; readonly target: string; readonly met: boolean | undefined }
const rows: Row[] = []
const add = (what: string, value: string, target: string, met: boolean | undefined): void => {
  rows.push({ what, value, target, met })
  console.log(`${what}: ${value} (wanted: ${target})${met === false ? '  MISSED' : ''}`)
}

const engine = wanted('engine') ? measureEngine() : undefined
if (engine !== undefined) add('engine: steps a second / pops and pushes a second of its heap', `${per(engine.ratio)} (${thousands(engine.eventsPerSecond)} / ${thousands(engine.heapPerSecond)} at ${engine.pending} pending)`, '5 % or more, better 10 %', engine.ratio >= 0.05)
if (engine !== undefined) console.log(`  events by type: ${engine.types.slice(0, 16).map(([type, count]) => `${type} ${count}`).join(', ')}`)

const monitors = wanted('monitors') ? measureMonitors() : undefined
if (monitors !== undefined) add('busy cluster, every named statement looked at: steps a second / those without', `${per(monitors.ratio, 0)} (${thousands(monitors.watched)} / ${thousands(monitors.plain)})`, 'printed', undefined)

const busy = engine?.eventsPerSecond
const large = wanted('scale') && busy !== undefined ? measureLarge() : undefined
if (large !== undefined && busy !== undefined) {
  add('30 brokers, 1,000 partitions, 200 batches a second, 100 consumers: steps a simulated second', thousands(large.perSimulated), '20,000 or fewer', large.perSimulated <= 20_000)
  add('its steps a second / those of the busy cluster', `${per(large.perSecond / busy, 0)} (${thousands(large.perSecond)})`, '50 % or more', large.perSecond >= busy / 2)
}
const growth = wanted('scale') ? measureGrowth() : undefined
if (growth !== undefined) add('cost of a step over 3, 10, 30, 100 brokers, as c x n^k', `k = ${growth.k.toFixed(2)} (${growth.costs.map(([brokers, cost]) => `${brokers}: ${cost.toFixed(1)} us`).join(', ')})`, 'k 0.15 or less', growth.k <= 0.15)
const day = wanted('scale') && busy !== undefined ? measureIdleDay() : undefined
if (day !== undefined && busy !== undefined) {
  add('a day of an idle cluster: steps', thousands(day.events), '12,000,000 or fewer', day.events <= 12_000_000)
  add('its steps a second / those of the busy cluster', `${per(day.perSecond / busy, 0)} (${thousands(day.perSecond)})`, '60 % or more', day.perSecond >= busy * 0.6)
}

const seek = wanted('seek') ? measureSeeks() : undefined
if (seek !== undefined) add(`seek in a run of 1,000,000 events (${seek.runSeconds.toFixed(0)} s), 95th percentile / playing to half-way`, `1/${(1 / seek.ratio).toFixed(0)} (${seek.p95Ms.toFixed(0)} ms, median ${seek.medianMs.toFixed(0)} ms / ${seek.halfMs.toFixed(0)} ms)`, '1/60 or less', seek.ratio <= 1 / 60)

const keyframes = wanted('keyframes') ? measureKeyframes() : undefined
if (keyframes !== undefined) add(`keyframes of that run (${keyframes.count})`, `${keyframes.megabytes.toFixed(1)} MB`, '64 MB or less', keyframes.megabytes <= 64)

const week = wanted('week') ? measureWeek() : undefined
if (week !== undefined) {
  const first = week.days[0]!, last = week.days[week.days.length - 1]!
  add(`a week of three brokers and a record a minute (${thousands(week.steps)} steps): what a session holds after seven days / after one`, `${(last / first).toFixed(2)}x (${week.days.map((mb) => mb.toFixed(0)).join(', ')} MB at the end of each day)`, '1.5x or less; the records themselves stay', last <= first * 1.5)
}

const assignors = wanted('assignors') ? measureAssignors() : []
for (const { name, ms, toRange, mixedMs } of assignors) {
  if (name === 'range') continue
  const isSticky = name !== 'roundrobin'
  add(`assignor ${name}: 100 members, 1,000 partitions, then one leaves / range`, `${toRange.toFixed(1)}x (${ms.toFixed(1)} ms; ${mixedMs.toFixed(1)} ms where subscriptions differ)`, isSticky ? '20x or less' : 'printed', isSticky ? toRange <= 20 : undefined)
}

const stage = wanted('stage') ? await measureStage(root) : undefined
if (stage === undefined && wanted('stage')) add('stage: 500 messages in flight', 'not measured: no Chromium', '3x or less', undefined)
else if (stage !== undefined) {
  add('stage: main thread a frame, 500 messages / 500 plain arcs, 4x throttled', `${stage.ratio.toFixed(2)}x (${stage.stageMs.toFixed(2)} ms / ${stage.dotsMs.toFixed(2)} ms)`, '3x or less', stage.ratio <= 3)
  add('stage: frames presented / those of the plain page', per(stage.framesRatio), '95 % or more', stage.framesRatio >= 0.95)
}

const firstLoad = join(root, 'node_modules/.cache/partitura/first-load.json')
if (wanted('load') && existsSync(firstLoad)) {
  const { bytes } = JSON.parse(readFileSync(firstLoad, 'utf8')) as { bytes: number }
  add('first load: JavaScript until the first moving frame, gzip, worker included', `${(bytes / 1000).toFixed(1)} kB`, '200 kB or less', bytes <= 200_000)
} else if (wanted('load')) add('first load', 'not measured: run `npm run test:e2e` first', '200 kB or less', undefined)

const types = engine?.types ?? []
const table = rows.map(({ what, value, target, met }) => `| ${what} | ${value} | ${target} | ${met === undefined ? '–' : met ? 'met' : '**missed**'} |`).join('\n')
if (only.length === 0) writeFileSync(join(root, 'docs/benchmarks.md'), `# Benchmarks

Written by \`npm run bench\` (the first load by the end-to-end test \`e2e/first-load.spec.ts\`). Ratios within one run, medians of five
alternating rounds where rounds are possible; absolute figures are those of a shared machine of two cores, for orientation only.
No test asserts any of them.

The heap beside the engine is its own, with as many entries pending as in the run: each turn takes out the first and puts in a new
one, as far ahead as the run itself schedules, drawn before the clock starts. The 500 messages of the stage are in flight at once;
where many are close together the stage draws one sign with their number, as it does for a learner.

| what | measured | wanted | |
|---|---|---|---|
${table}

The busy cluster: 3 brokers and 3 controllers, 12 partitions with three copies each, three idempotent producers with acks=all at
200 records a second each, a group of three consumers that commits, \`__consumer_offsets\` with its 50 partitions. Trace, notes and
fingerprint are on. Events by type, of ${thousands(types.reduce((sum, [, count]) => sum + count, 0))}:

${types.slice(0, 20).map(([type, count]) => `${type} ${thousands(count)}`).join(' · ')}
`)
