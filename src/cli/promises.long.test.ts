/** Of all shipped files only those break a promise that are about it: the lamp says nothing that is not so. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SECOND } from '../base/units.ts'
import { noWatch } from '../engine/watch.ts'
import { Checker } from '../projection/checker.ts'
import { parseScenario } from '../scenario/parse.ts'
import { advance, newRun, playMachine } from '../scenario/play.ts'
import type { PlayWatch } from '../scenario/player.ts'

/** A damaged file, and an unclean election. */
const broken: Readonly<Record<string, readonly string[]>> = { 's10-crash-recovery': ['INV-R11'], 's21-unclean-election': ['INV-R11'] }

const root = new URL('../../scenarios/', import.meta.url)
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml') && !file.includes('thirty-brokers')).sort()

test.each(files)('%s', (file) => {
  const { scenario } = parseScenario(readFileSync(new URL(file, root), 'utf8'))
  if (scenario === undefined) throw new Error('it does not parse')
  const checker = new Checker()
  const watch: PlayWatch = { ...noWatch, sent: (_id, step, wire, from, to, message) => checker.sent(step, wire.id, from, to, message), noted: (_at, step, _cause, node, fact) => checker.noted(step, node, fact), stepped: (world, node) => checker.stepped(world, node) }
  const run = newRun(scenario, scenario.seed, watch)
  advance(playMachine(scenario, watch, 'watch'), run, 600 * SECOND, () => run.play.endedAt !== undefined)
  expect(checker.broken.map(({ id }) => id)).toEqual(broken[scenario.id] ?? [])
})
