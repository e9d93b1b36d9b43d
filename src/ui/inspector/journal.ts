/** What the learner did, in words, and which of it a line of the story comes from. Pure. */
import type { Intervention, JournalEntry } from '../../bridge/protocol.ts'
import type { StoryLine } from '../../projection/story.ts'
import type { DeskText } from '../../text/desk.en.ts'
import type { IconName } from '../parts/desk-icons.tsx'
import { mentioned } from '../about.ts'

/** Entries of one gesture stand together: same moment, same kind. */
export interface Choice {
  readonly from: number
  readonly to: number
  readonly at: number
  readonly icon: IconName
  readonly words: string
  readonly names: readonly string[]
}

const join = (names: readonly string[]): string => names.join(', ')

const orderedBy = ({ request }: Extract<Intervention, { do: 'admin' }>): ReturnType<typeof askedOf> =>
  ({ verb: request.type.replace(/Request$/, ''), about: 'partition' in request ? [request.partition] : 'topic' in request ? [request.topic] : [] })
/** An action has one key, and says what it is about by one name or by several. */
function askedOf({ action }: Extract<Intervention, { do: 'ask' }>): { readonly verb: string; readonly about: readonly string[] } {
  const [[verb, of] = ['', '']] = Object.entries(action)
  const { name, topic, partition, group } = (typeof of === 'object' ? of : { topic: String(of) }) as Readonly<Record<string, string | undefined>>
  return { verb, about: [partition ?? topic ?? name ?? group ?? []].flat() }
}

function describe(
  what: Intervention,
  words: DeskText['journal'],
): { readonly icon: IconName; readonly words: string; readonly names: readonly string[] } {
  switch (what.do) {
    case 'crash':
      return { icon: 'bolt', words: words.crash(what.node), names: [what.node] }
    case 'powerLoss':
      return { icon: 'plug', words: words.powerLoss(what.node), names: [what.node] }
    case 'damage':
      return { icon: 'bolt', words: words.damage(what.node, what.partition), names: [what.node] }
    case 'failDisk': case 'fillDisk': case 'freeDisk': case 'slowDisk':
      return { icon: 'drive', words: words.disk(what.node, what.do), names: [what.node] }
    case 'stop':
      return { icon: 'power', words: words.stop(what.node), names: [what.node] }
    case 'restart':
      return { icon: 'restart', words: words.restart(what.node), names: [what.node] }
    case 'start':
      return { icon: 'play', words: words.start(what.node), names: [what.node] }
    case 'pause':
      return { icon: 'freeze', words: words.pause(what.node), names: [what.node] }
    case 'resume':
      return { icon: 'play', words: words.resume(what.node), names: [what.node] }
    case 'cut':
      return { icon: 'cut', words: (what.reset === true ? words.refuse : words.cut)(join(what.from), join(what.to)), names: [...what.from, ...what.to] }
    case 'heal':
      return { icon: 'cut', words: words.heal(join(what.from), join(what.to)), names: [...what.from, ...what.to] }
    case 'slowHandler':
      return { icon: 'slow', words: words.slowHandler(what.node, what.add / 1_000), names: [what.node] }
    case 'slow':
      return { icon: 'slow', words: words.slow(join(what.from), join(what.to)), names: [...what.from, ...what.to] }
    case 'clock':
      return { icon: 'hourglass', words: words.clock(what.node, what.add / 1_000), names: [what.node] }
    case 'stallFetch':
      return { icon: 'hourglass', words: words.stallFetch(what.node), names: [what.node] }
    case 'produce':
      return { icon: 'request', words: words.produce(what.by, what.records.length), names: [what.by] }
    case 'flush':
      return { icon: 'request', words: words.flush(what.client), names: [what.client] }
    case 'dropNext': case 'delayNext': case 'duplicateNext':
      return { icon: 'cut', words: words.tamper(what.do, what.api, what.from, what.to), names: [what.from, what.to] }
    case 'call':
      return { icon: 'request', words: words.call(what.client, what.call.type), names: [what.client] }
    case 'transaction':
      return { icon: 'request', words: words.transaction(what.client, what.api), names: [what.client] }
    case 'admin': case 'ask': {
      const { verb, about } = what.do === 'ask' ? askedOf(what) : orderedBy(what)
      return { icon: 'edit', words: words.admin(verb, join(about)), names: about }
    }
    case 'configClient':
      return {
        icon: 'edit',
        words: words.configClient(what.client, [...Object.entries(what.set), ...(what.unset ?? []).map((key) => [key, ''])].map(([key, value]) => `${key}=${value}`).join(', ')),
        names: [what.client],
      }
  }
}

export function choicesOf(journal: readonly JournalEntry[], words: DeskText['journal']): Choice[] {
  const choices: Choice[] = []
  journal.forEach(({ at, intervention }, i) => {
    const last = choices[choices.length - 1]
    if (last?.at === at && journal[last.to]?.intervention.do === intervention.do) choices[choices.length - 1] = { ...last, to: i }
    else choices.push({ from: i, to: i, at, ...describe(intervention, words) })
  })
  return choices
}

/** The choice that told this line: it came from outside, at that moment, and names the same. */
export function choiceBehind(line: StoryLine, choices: readonly Choice[]): Choice | undefined {
  if (line.node !== 'you' && line.cause !== 0) return undefined
  const names = mentioned(line)
  return choices.find((choice) => choice.at === line.at && choice.names.some((name) => names.has(name)))
}
