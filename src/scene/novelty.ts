/**
 * How much screen time each stretch of a run deserves, judged by what is new in it. A hop that is one of the first of
 * its kind since the last big fact is watched in full; its repetitions go by faster and faster; heartbeats ask for
 * nothing. Pure and incremental: the answer for a stretch depends on what came before it, never on what comes after.
 */
import type { Micros } from '../base/units.ts'
import type { Span } from '../projection/span-detail.ts'
import type { StoryLine } from '../projection/story.ts'

/** From `start` to `end` of run time, a millisecond of the run takes at least `slowness` milliseconds of the screen. */
export interface Demand { readonly start: Micros; readonly end: Micros; readonly slowness: number }

/** What a hop that matters gets on the screen. */
export const hopMs = 600
/** The eye's rest on a fault or an election, before anything else goes on. */
export const factMs = 800
/** Repetition never goes by faster than four times real time. */
export const fastest = 0.25

const firstFew = { data: 4, control: 1 } as const
/** Asked again and again, a question is background: a client that looks for its leader does not interrupt a silence. */
const mostControl = 4
/** Time for a state to settle after a hop that was watched. */
const settleMs = 180
/** A hop whose arrival nobody can tell (a cut link, a frozen peer) is watched this long. */
const heldHop: Micros = 10_000
const factLength: Micros = 4_000

const bigFacts: ReadonlySet<string> = new Set([
  'node.crashed', 'node.halted', 'power.lost', 'node.stopped', 'node.started', 'node.paused', 'node.resumed', 'link.cut', 'link.healed', 'fault.made', 'message.tampered', 'config.changed',
  'broker.fenced', 'broker.unfenced', 'leader.elected', 'leader.lost', 'isr.changed', 'log.truncated', 'logDir.failed', 'logDir.untold', 'log.recovered', 'record.lost',
  'rebalance.started', 'coordinator.moved', 'step.began',
])
const restFacts: ReadonlySet<string> = new Set(['step.began'])

/** Something after which everything that follows is news again. Kafka's internal topics move in the background. */
export function isBig({ fact }: StoryLine): boolean {
  return bigFacts.has(fact.code) && !('partition' in fact && fact.partition.startsWith('__'))
}

export class Novelty {
  /** Occurrences of each pattern since the last big fact. */
  #seen = new Map<string, number>()
  #newsOf = new Map<string, number>()

  /** What a line of the story demands; undefined = nothing. */
  ofLine(line: StoryLine): Demand | undefined {
    if (!isBig(line)) return undefined
    this.#seen.clear()
    if (restFacts.has(line.fact.code)) return undefined
    return { start: line.at, end: line.at + factLength, slowness: factMs / (factLength / 1_000) }
  }

  ofSpan(span: Span): Demand | undefined {
    const weight = this.#weightOf(span)
    if (weight === undefined) return undefined
    const { detail, from, to } = span
    const who = weight === 'control' ? (detail.part === 'request' ? from : to) : `${from} ${to}`
    const pattern = `${detail.api} ${detail.part} ${who} ${detail.error ?? ''}`
    const before = this.#seen.get(pattern) ?? 0
    if (weight === 'control' && before >= mostControl) return undefined
    this.#seen.set(pattern, before + 1)
    const halvings = Math.floor(before / firstFew[weight])
    const arrives = span.arrivesAt === Infinity ? span.sentAt + heldHop : Math.max(span.sentAt + 1_000, span.arrivesAt)
    const length = arrives - span.sentAt
    const slowness = hopMs / 2 ** Math.min(halvings, 60) / (length / 1_000)
    if (slowness <= fastest) return { start: span.sentAt, end: arrives, slowness: fastest }
    const settle = halvings === 0 ? (settleMs / slowness) * 1_000 : 0
    return { start: span.sentAt, end: arrives + Math.round(settle), slowness }
  }

  /** An empty answer to a fetch is quiet, unless it carries a high watermark that its reader did not know. */
  #weightOf(span: Span): 'data' | 'control' | undefined {
    const { detail } = span
    const { highWatermark, partition } = detail
    if (detail.weight === 'beat' || (partition?.startsWith('__') && detail.error === undefined)) return undefined
    const key = `${partition} ${span.to}`
    const isNews = detail.part === 'response' && highWatermark !== undefined && (this.#newsOf.get(key) ?? 0) < highWatermark
    if (isNews) this.#newsOf.set(key, highWatermark)
    if (detail.weight !== 'quiet') return detail.weight
    return isNews ? 'control' : undefined
  }

  /** A copy to go on from: a run that is changed in its past is judged again from there. */
  copy(): Novelty {
    const other = new Novelty()
    other.#seen = new Map(this.#seen)
    other.#newsOf = new Map(this.#newsOf)
    return other
  }
}
