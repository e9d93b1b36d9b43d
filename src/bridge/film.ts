/**
 * The frames received, as a function of time: what the stage, the inspector and the scrubber read.
 *
 * A film covers one stretch of run time without gaps. Views share every record that did not change, so keeping one for
 * each change costs little, and any moment in the stretch is there at once, forwards or back.
 */
import type { Micros } from '../base/units.ts'
import { emptyView, type ClusterView } from '../projection/cluster-view.ts'
import { applyPatch } from '../projection/patch.ts'
import type { Span } from '../projection/span-detail.ts'
import type { StoryLine } from '../projection/story.ts'
import type { Frame, JournalEntry, SpanTable, StepMark } from './protocol.ts'

export interface Exposure { readonly at: Micros; readonly step: number; readonly view: ClusterView }

const fates = ['arrives', 'held', 'lost'] as const

export class Film {
  generation = -1
  /** The stretch covered: every moment in [from, to] can be shown. */
  from: Micros = 0
  to: Micros = 0
  horizon: Micros = 0
  scenarioEndsAt: Micros | undefined = undefined
  stepsDone = 0
  hash = ''
  canUndo = false
  canRedo = false
  steps: readonly StepMark[] = []
  journal: readonly JournalEntry[] = []
  /** The whole run's story up to `to`, in order. */
  story: StoryLine[] = []
  /** Moments of kernel steps in the stretch, ascending. */
  moments: Micros[] = []
  /** In order of sending. */
  spans: Span[] = []
  /** In order of time; the first stands at `from`. */
  exposures: Exposure[] = []
  /** Raised at every frame taken, so that a store can tell that there is something new. */
  revision = 0
  /** What the worker numbers each line of the story: of what is long past only headlines may have come. */
  readonly #numbers: number[] = []
  #spanIndex = new Map<number, number>()
  #longest: Micros = 0
  /** Those of whose arrival nothing is known: a cut link, a frozen peer. */
  #held = new Set<number>()

  /** Take a frame; false if it belongs to a generation gone by. */
  accept(frame: Frame): boolean {
    if (frame.generation < this.generation) return false
    if (frame.base !== undefined) this.#restart(frame, frame.base)
    this.to = frame.to
    this.horizon = frame.horizon
    this.scenarioEndsAt = frame.scenarioEndsAt
    this.stepsDone = frame.stepsDone
    this.hash = frame.hash
    this.canUndo = frame.canUndo
    this.canRedo = frame.canRedo
    this.steps = frame.steps
    this.journal = frame.journal
    this.#addStory(frame)
    for (const at of frame.moments) this.moments.push(at)
    this.#addSpans(frame.spans)
    for (const { id, arrivesAt, fate } of frame.amended) this.#amend(id, arrivesAt, fates[fate])
    for (const { at, step, patch } of frame.patches) {
      const view = applyPatch(this.exposures[this.exposures.length - 1]!.view, patch)
      this.exposures.push({ at, step, view })
    }
    this.revision++
    return true
  }

  /** The exposure in force at `at`: the last one not after it. Before the stretch the first, after it the last. */
  exposureAt(at: Micros): Exposure {
    return this.exposures[this.exposureIndexAt(at)] ?? { at: 0, step: 0, view: emptyView }
  }
  exposureIndexAt(at: Micros): number {
    return Math.max(0, upperBound(this.exposures.length, (i) => this.exposures[i]!.at <= at) - 1)
  }
  viewAt(at: Micros): ClusterView {
    return this.exposureAt(at).view
  }

  /** Messages on their way at some moment of [from, to], oldest first. */
  spansBetween(from: Micros, to: Micros): Span[] {
    const found: Span[] = []
    const first = upperBound(this.spans.length, (i) => this.spans[i]!.sentAt < from - this.#longest)
    for (const i of this.#held) if (i < first && this.spans[i]!.sentAt <= to) found.push(this.spans[i]!)
    for (let i = first; i < this.spans.length; i++) {
      const span = this.spans[i]!
      if (span.sentAt > to) break
      if (span.arrivesAt >= from) found.push(span)
    }
    return found
  }
  span(id: number): Span | undefined {
    const index = this.#spanIndex.get(id)
    return index === undefined ? undefined : this.spans[index]
  }

  /** The next moment at which the kernel did something, after or before `at`; undefined outside the stretch. */
  momentAfter(at: Micros): Micros | undefined {
    return this.moments[upperBound(this.moments.length, (i) => this.moments[i]! <= at)]
  }
  momentBefore(at: Micros): Micros | undefined {
    return this.moments[upperBound(this.moments.length, (i) => this.moments[i]! < at) - 1]
  }
  /** How many lines of the story have been told at `at`. */
  storyLengthAt(at: Micros): number {
    return upperBound(this.story.length, (i) => this.story[i]!.at <= at)
  }

  #restart(frame: Frame, base: ClusterView): void {
    this.generation = frame.generation
    this.from = frame.from
    this.exposures = [{ at: frame.from, step: 0, view: base }]
    this.spans = []
    this.#spanIndex.clear()
    this.#held.clear()
    this.#longest = 0
    this.moments = []
  }

  /** The first so many lines of the run's story are all here. */
  get linesHeld(): number {
    return upperBound(this.story.length, (i) => this.#numbers[i] === i)
  }

  /** A new list where lines go, so that whoever keeps the old one can tell. A line's index is its place here. */
  #addStory({ storyFrom, story }: Frame): void {
    const kept = upperBound(this.story.length, (i) => this.#numbers[i]! < storyFrom)
    if (kept < this.story.length) {
      this.story = this.story.slice(0, kept)
      this.#numbers.length = kept
    }
    for (const line of story) {
      this.#numbers.push(line.index)
      this.story.push(line.index === this.story.length ? line : { ...line, index: this.story.length })
    }
  }

  #addSpans(table: SpanTable): void {
    const { names } = table
    for (let i = 0; i < table.length; i++) {
      const span: Span = {
        id: table.id[i]!, step: table.step[i]!, from: names[table.from[i]!]!, to: names[table.to[i]!]!, traffic: names[table.traffic[i]!]!,
        connection: names[table.connection[i]!]!, sentAt: table.sentAt[i]!, arrivesAt: table.arrivesAt[i]!, fate: fates[table.fate[i] as 0 | 1 | 2], detail: table.details[i]!,
      }
      this.#spanIndex.set(span.id, this.spans.length)
      this.#note(span, this.spans.push(span) - 1)
    }
  }

  #amend(id: number, arrivesAt: Micros, fate: Span['fate']): void {
    const index = this.#spanIndex.get(id)
    if (index === undefined) return
    const span = { ...this.spans[index]!, arrivesAt, fate }
    this.spans[index] = span
    this.#note(span, index)
  }

  #note(span: Span, index: number): void {
    if (span.arrivesAt === Infinity) this.#held.add(index)
    else {
      this.#held.delete(index)
      this.#longest = Math.max(this.#longest, span.arrivesAt - span.sentAt)
    }
  }
}

/** The number of leading indices that satisfy a condition which, once false, stays false. */
function upperBound(length: number, holds: (index: number) => boolean): number {
  let low = 0, high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) low = middle + 1
    else high = middle
  }
  return low
}
