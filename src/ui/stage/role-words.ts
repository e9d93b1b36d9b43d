/** The line over a log: what its broker is at this moment, in as many words as fit. */
import type { BrokerView, PartitionView, ReplicaView } from '../../projection/cluster-view.ts'
import type { GlyphName } from '../../scene/glyphs.ts'
import { baseName } from '../about.ts'
import { widthOf } from './measure.ts'
import type { Downfall } from './past.ts'
import type { StageText } from './stage-text.ts'

export interface Words {
  readonly text: string
  readonly className: string
}
export interface RoleLine {
  readonly glyph: GlyphName | undefined
  readonly glyphClass: string
  readonly words: readonly Words[]
}

export interface RoleInput {
  readonly broker: BrokerView
  readonly replica: ReplicaView | undefined
  readonly partition: PartitionView | undefined
  readonly downfall: Downfall | undefined
}

const strong = (text: string, colour = ''): Words => ({ text, className: `strong ${colour}` })
const quiet = (text: string): Words => ({ text, className: 'quiet' })

/** Candidates from the fullest to the shortest. */
export function roleLines(input: RoleInput, text: StageText): readonly RoleLine[] {
  const offline = input.replica === undefined || input.replica.offline === true ? offlineLines(input.broker, text) : undefined
  return conditionLines(input, text) ?? offline ?? replicaLines(input, text)
}

/** Log directories that have failed while the broker goes on; undefined = none. */
export function offlineLines({ disks }: BrokerView, text: StageText): RoleLine[] | undefined {
  const names = disks?.logDirs.filter(({ online }) => !online).map(({ path }) => baseName(path)) ?? []
  return names.length === 0 ? undefined : [{ glyph: 'cross', glyphClass: 'fault-fill', words: [strong(text.dirOffline(names.join(', ')), 'fault')] }]
}

const downfallGlyphs = { killed: 'bolt', halted: 'cross', dark: 'plug', stopped: undefined } as const

function conditionLines({ broker, downfall }: RoleInput, text: StageText): RoleLine[] | undefined {
  const line = (glyph: GlyphName | undefined, ...words: string[]): RoleLine => ({
    glyph,
    glyphClass: 'fault-fill',
    words: [strong(words.join(', '), 'fault')],
  })
  const { condition, since, fenced } = broker
  if (condition === 'frozen')
    return [line('freeze', text.frozen(since), ...(fenced ? [text.fencedNow] : [])), line('freeze', text.frozen(since))]
  if (condition === 'starting') return [line(undefined, text.starting(since))]
  if (condition === 'stopping') return [line(undefined, text.stopping(since))]
  if (condition !== 'down') return fenced ? [line(undefined, text.fencedNow)] : undefined
  const how = text[downfall?.how ?? 'killed'](since)
  const glyph = downfallGlyphs[downfall?.how ?? 'killed']
  const lines = [line(glyph, how)]
  if (fenced) lines.unshift(line(glyph, how, text.fencedNow))
  if (downfall?.fencedAt !== undefined) lines.unshift(line(glyph, how, text.fenced(downfall.fencedAt)))
  return lines
}

function replicaLines({ broker, replica, partition }: RoleInput, text: StageText): RoleLine[] {
  const plain = (...words: Words[]): RoleLine => ({ glyph: undefined, glyphClass: '', words })
  if (replica === undefined) return [plain()]
  const slow = broker.disks === undefined || broker.disks.slow === 0 ? undefined : text.slowDisk(broker.disks.slow / 1_000)
  if (replica.role === 'leader') {
    if (partition?.leader !== broker.name)
      return [
        plain(strong(text.deposed(replica.leaderEpoch), 'fault'), { text: text.outOfDate, className: 'fault' }),
        plain(strong(text.deposed(replica.leaderEpoch), 'fault')),
      ]
    const leads = strong(text.leader(replica.leaderEpoch))
    const asked = replica.pendingIsr
    const since = slow === undefined ? quiet(text.leaderSince(partition.leaderSince)) : { text: slow, className: 'fault' }
    return asked === undefined
      ? [plain(leads, since), plain(leads)]
      : [plain(leads, { text: text.asksIsr(asked.kind, asked.brokers), className: 'fault' }), plain(leads)]
  }
  const role = replica.inSync ? { text: text.follower, className: 'medium' } : { text: text.laggard, className: 'medium quiet' }
  const trouble = replica.fetching === 'backing off' ? text.backingOff : replica.fetching === 'throttled' ? text.throttled : replica.fetching === 'stalled' ? text.stalled : slow
  return trouble === undefined ? [plain(role)] : [plain(role, { text: trouble, className: 'fault' }), plain(role)]
}

export const wordsGap = 8
export const roleSize = 12.5

export function widthOfLine(line: RoleLine): number {
  return line.words.reduce(
    (sum, each, i) => sum + widthOf(each.text, roleSize, each.className.includes('strong') ? 600 : 500) + (i > 0 ? wordsGap : 0),
    line.glyph === undefined ? 0 : 19,
  )
}

/** The fullest that fits the width; the shortest in any case. */
export const fittingLine = (lines: readonly RoleLine[], width: number): RoleLine =>
  lines.find((each) => widthOfLine(each) <= width) ?? lines[lines.length - 1]!

/** The same for the ear. */
export const spokenRole = (lines: readonly RoleLine[]): string => (lines[0]?.words ?? []).map((each) => each.text).join(', ')
