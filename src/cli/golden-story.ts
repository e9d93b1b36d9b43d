/** Plays a golden script and tells its story. */
import '../scenario/whole.ts'
import { printed } from '../base/hash.ts'
import { SECOND } from '../base/units.ts'
import { noWatch } from '../engine/watch.ts'
import { Monitor } from '../kafka/invariants.ts'
import type { InvariantId } from '../kafka/invariants-names.ts'
import type { Fact, NoteCode } from '../kafka/notes.ts'
import { isHeadline, type StoryLine } from '../projection/story.ts'
import { advance, newRun, playMachine } from '../scenario/play.ts'
import type { PlayWatch } from '../scenario/player.ts'
import { say } from '../text/say.ts'
import { parseScript } from './golden-script.ts'

export const RULE = '----'

export interface Golden { readonly script: string; readonly story: string }

/** A file's two halves; without a story if it has none yet. */
export function split(file: string): Golden {
  const [script = '', story = ''] = file.split(`\n${RULE}\n`)
  return { script: script.trimEnd(), story }
}
export const join = ({ script, story }: Golden): string => `${script}\n${RULE}\n${story}`

/** More lines of one kind at one moment are only counted. */
const MOST_ALIKE = 3

/** The story that a script makes, which codes it tells, and which of the named statements it breaks. */
export function tell(script: string): { readonly story: string; readonly codes: ReadonlySet<NoteCode>; readonly broken: ReadonlySet<InvariantId> } {
  const { scenario, also } = parseScript(script)
  const story: StoryLine[] = []
  const broken = new Set<InvariantId>()
  const monitor = new Monitor(({ id }) => void broken.add(id))
  const watch: PlayWatch = {
    ...noWatch,
    sent: (_id, _step, wire, from, to, message) => monitor.sent(wire.id, from, to, message),
    noted(at, step, cause, node, fact) {
      monitor.noted(node, fact)
      story.push({ index: story.length, at, step, cause, node, fact: fact as unknown as Fact })
    },
    stepped: (world, node) => monitor.stepped(world, node),
  }
  const run = newRun(scenario, scenario.seed, watch)
  const machine = playMachine(scenario, watch, 'watch')
  advance(machine, run, Infinity, () => run.play.endedAt !== undefined)
  const failed = run.play.marks.find(({ reached }) => reached === false)
  const lines: string[] = []
  const told: StoryLine[] = []
  let step = -1
  for (const line of story) {
    if (line.fact.code === 'step.began') step = line.fact.index
    else if (isHeadline(line) || isWanted(line, also[step])) told.push(line)
  }
  for (let i = 0; i < told.length;) {
    const first = told[i]!
    let alike = 1
    while (told[i + alike]?.at === first.at && told[i + alike]?.fact.code === first.fact.code && told[i + alike]?.node === first.node) alike++
    const shown = alike > MOST_ALIKE ? 1 : alike
    for (const line of told.slice(i, i + shown)) lines.push(`${formatSeconds(line.at)}  ${line.node.padEnd(8)}  ${say('en', line.fact, line.node)}`)
    if (shown < alike) lines.push(`${' '.repeat(21)}(and ${alike - shown} more of these)`)
    i += alike
  }
  if (failed !== undefined) lines.push(`(what step ${failed.index + 1} ran for did not come true)`)
  return { story: [...lines, `hash ${printed(run.world.hash)}  steps ${run.world.steps}`, ''].join('\n'), codes: new Set(told.map(({ fact }) => fact.code)), broken }
}

const isWanted = ({ fact, node }: StoryLine, wanted: ReadonlySet<string> | undefined): boolean => wanted?.has(fact.code) === true || wanted?.has(`${fact.code}@${node}`) === true
const formatSeconds = (at: number): string => `${(at / SECOND).toFixed(3)}s`.padStart(9)
