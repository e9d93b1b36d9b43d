/**
 * The frames received, as a function of time: what the stage, the inspector and the scrubber read.
 *
 * A film covers one stretch of run time without gaps. Views share every record that did not change, so keeping one for
 * each change costs little, and any moment in the stretch is there at once, forwards or back.
 */
import { countLeading } from '../base/search.ts'
import type { Micros } from '../base/units.ts'
import type { BrokenPromise } from '../projection/checker.ts'
import { emptyView, type ClusterView } from '../projection/cluster-view.ts'
import type { Span } from '../projection/span-detail.ts'
import { isHeadline, type StoryLine } from '../projection/story.ts'
import { Exposures, type Exposure } from './exposures.ts'
import { HISTORY_STEPS, type Frame, type JournalEntry, type SpanTable, type StepMark } from './protocol.ts'
import { Tails } from './tails.ts'

export type { Exposure }

const nothing: Exposure = { at: 0, step: 0, view: emptyView, ledger: emptyView.ledger.all }
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
  broken: readonly BrokenPromise[] = []
  steps: readonly StepMark[] = []
  journal: readonly JournalEntry[] = []
  /** The whole run's story up to `to`, in order. */
  story: StoryLine[] = []
  /** Moments of kernel steps in the stretch, ascending. */
  moments: Micros[] = []
  /** In order of sending. */
  spans: Span[] = []
  /** In order of time; the first stands at `from`. */
  exposures: readonly Exposure[] = []
  #shots = new Exposures({ at: 0, view: emptyView })
  #tails = new Tails(emptyView)
  /** Raised at every frame taken, so that a store can tell that there is something new. */
  revision = 0
  /** From this moment on the story is whole; of what is before it only headlines may be here. */
  wholeFrom: Micros = 0
  /** What the worker numbers each line of the story: of what is long past only headlines may have come. */
  readonly #numbers: number[] = []
  /** The place of the first line behind which none is missing. */
  #gap = 0
  #spanIndex = new Map<number, number>()
  #longest: Micros = 0
  /** Those of whose arrival nothing is known: a cut link, a frozen peer. */
  #held = new Set<number>()
  readonly #mostSteps: number

  /** Of so many steps back everything is kept. */
  constructor(mostSteps = HISTORY_STEPS) {
    this.#mostSteps = mostSteps
  }

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
    this.broken = frame.broken
    this.steps = frame.steps
    this.journal = frame.journal
    this.#addStory(frame)
    this.wholeFrom = Math.max(this.#gap === 0 ? 0 : this.story[this.#gap]!.at, frame.wholeFrom)
    for (const at of frame.moments) this.moments.push(at)
    this.#addSpans(frame.spans)
    for (const { id, arrivesAt, fate } of frame.amended) this.#amend(id, arrivesAt, fates[fate])
    for (const { at, step, patch } of frame.patches) this.#shots.add({ at, step, patch: this.#tails.restore(patch) })
    this.#forgetOldest()
    this.revision++
    return true
  }

  /** The exposure in force at `at`: the last one not after it. Before the stretch the first, after it the last. */
  exposureAt(at: Micros): Exposure {
    return this.exposures[this.exposureIndexAt(at)] ?? nothing
  }
  exposureIndexAt(at: Micros): number {
    return Math.max(0, countLeading(this.exposures.length, (i) => this.exposures[i]!.at <= at) - 1)
  }
  viewAt(at: Micros): ClusterView {
    return this.exposureAt(at).view
  }

  /** Messages on their way at some moment of [from, to], oldest first. */
  spansBetween(from: Micros, to: Micros): Span[] {
    const found: Span[] = []
    const first = countLeading(this.spans.length, (i) => this.spans[i]!.sentAt < from - this.#longest)
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
    return this.moments[countLeading(this.moments.length, (i) => this.moments[i]! <= at)]
  }
  momentBefore(at: Micros): Micros | undefined {
    return this.moments[countLeading(this.moments.length, (i) => this.moments[i]! < at) - 1]
  }
  /** How many lines of the story have been told at `at`. */
  storyLengthAt(at: Micros): number {
    return countLeading(this.story.length, (i) => this.story[i]!.at <= at)
  }

  #restart(frame: Frame, base: ClusterView): void {
    this.generation = frame.generation
    this.from = frame.from
    this.#shots = new Exposures({ at: frame.from, view: base })
    this.exposures = this.#shots.list
    this.#tails = new Tails(base)
    this.spans = []
    this.#spanIndex.clear()
    this.#held.clear()
    this.#longest = 0
    this.moments = []
  }

  /** The first so many lines of the run's story are all here. */
  get linesHeld(): number {
    return countLeading(this.story.length, (i) => this.#numbers[i] === i)
  }

  /** A new list where lines go, so that whoever keeps the old one can tell. A line's index is its place here. */
  #addStory({ storyFrom, story }: Frame): void {
    const kept = countLeading(this.story.length, (i) => this.#numbers[i]! < storyFrom)
    if (kept < this.story.length) {
      this.story = this.story.slice(0, kept)
      this.#numbers.length = kept
      if (this.#gap >= kept) this.#gap = this.#lastGap()
    }
    for (const line of story) this.#addLine(line, line.index)
  }

  #lastGap(): number {
    let place = Math.max(0, this.#numbers.length - 1)
    while (place > 0 && this.#numbers[place - 1] === this.#numbers[place]! - 1) place--
    return place
  }

  /** A quarter more than is promised is kept before anything goes, so that it goes seldom. Of the story the headlines stay. */
  #forgetOldest(): void {
    const oldest = this.exposures[1]?.step ?? this.stepsDone
    if (this.stepsDone - oldest <= this.#mostSteps * 1.25) return
    const before = this.stepsDone - this.#mostSteps
    const first = countLeading(this.exposures.length, (i) => this.exposures[i]!.step <= before) - 1
    this.from = this.exposures[first]!.at
    this.#shots.forget(first)
    this.moments = this.moments.slice(countLeading(this.moments.length, (i) => this.moments[i]! <= this.from))
    this.#keepSpans()
    this.#keepStory(countLeading(this.story.length, (i) => this.story[i]!.step <= before))
  }

  /** Those that were on their way when the stretch begins, or set out later. */
  #keepSpans(): void {
    const kept = this.spans.filter(({ arrivesAt }) => arrivesAt >= this.from)
    this.#spanIndex.clear()
    this.#held.clear()
    this.spans = []
    for (const span of kept) {
      this.#spanIndex.set(span.id, this.spans.length)
      this.#note(span, this.spans.push(span) - 1)
    }
  }

  #keepStory(whole: number): void {
    const { story } = this
    const numbers = this.#numbers.slice()
    this.#numbers.length = 0
    this.#gap = 0
    this.story = []
    story.forEach((line, i) => {
      if (i >= whole || isHeadline(line)) this.#addLine(line, numbers[i]!)
    })
  }

  #addLine(line: StoryLine, number: number): void {
    const place = this.story.length
    if (number !== (place === 0 ? 0 : this.#numbers[place - 1]! + 1)) this.#gap = place
    this.#numbers.push(number)
    this.story.push(line.index === place ? line : { ...line, index: place })
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
