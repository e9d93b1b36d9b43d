/**
 * Run time and screen time. Smart pace is one monotonic, piecewise linear map, computed from the run alone: what is new
 * is spread out, what repeats goes by, and stretches with nothing but heartbeats are folded. The map is appended to as
 * the film grows and never changes where it has been drawn; only another run (a change in the past) is mapped anew.
 */
import { countLeading } from '../base/search.ts'
import type { Micros } from '../base/units.ts'
import type { Span } from '../projection/span-detail.ts'
import type { StoryLine } from '../projection/story.ts'
import { Novelty, fastest, type Demand } from './novelty.ts'

/** What a film knows of a run, as far as pace depends on it. */
export interface Reel {
  readonly from: Micros; readonly to: Micros
  /** In order of sending. */
  readonly spans: readonly Span[]
  /** The whole story up to `to`. */
  readonly story: readonly StoryLine[]
}
/** A stretch in which nothing happens that is news. */
export interface Fold { readonly from: Micros; readonly to: Micros }

/** A quiet stretch never takes longer on the screen than this. */
export const foldMs = 700
/** From here on it is announced as a jump of the clock, and drawn as a zigzag. */
export const shownFold: Micros = 2_000_000
/** What is longer is folded piece by piece, so that waiting for its end never holds the picture up. */
const longestFold: Micros = 30_000_000
const snapshotEvery = 64

export class Pace {
  #runs: number[] = [0]
  #screens: number[] = [0]
  #folds: Fold[] = []
  #queue: Demand[] = []
  #active: Demand[] = []
  /** Demands that the map has passed: needed when it is cut back. */
  #past: Demand[] = []
  #novelty = new Novelty()
  #snapshots: { readonly at: Micros; readonly novelty: Novelty }[] = []
  #sinceSnapshot = 0
  /** Everything up to here has been taken from the reel. */
  #consumedTo: Micros = -1
  /** A stretch of which only the story is known; it is mapped again once its messages are. */
  #coarse: { readonly from: Micros; readonly to: Micros } | undefined

  /** Run time up to which the map reaches. */
  get mappedTo(): Micros {
    return this.#runs[this.#runs.length - 1]!
  }
  get screenTo(): number {
    return this.#screens[this.#screens.length - 1]!
  }
  get folds(): readonly Fold[] {
    return this.#folds
  }

  /** Take what is new of a reel. What was mapped stays as it is. */
  extend(reel: Reel): void {
    const coarse = this.#coarse
    if (coarse !== undefined && reel.from < coarse.to) {
      const from = Math.max(coarse.from, reel.from)
      this.cut(from)
      this.#coarse = from > coarse.from ? { from: coarse.from, to: from } : undefined
    }
    if (reel.from > this.#consumedTo + 1) {
      this.#coarse = { from: this.#coarse?.from ?? this.#consumedTo + 1, to: reel.from }
    }
    if (reel.to <= this.#consumedTo) return
    this.#consume(reel)
    this.#consumedTo = reel.to
    this.#sweep()
  }

  /** The run is another one from `at` on: forget what was mapped of it. */
  cut(at: Micros): void {
    if (at > this.#consumedTo) return
    const keep = Math.max(1, upperBound(this.#runs, at))
    this.#runs.length = keep
    this.#screens.length = keep
    const edge = this.mappedTo
    this.#folds = this.#folds.filter((fold) => fold.to <= edge)
    const known = [...this.#active, ...this.#queue, ...this.#past.splice(0)]
    this.#past = known.filter((demand) => demand.end <= edge)
    this.#active = known.filter((demand) => demand.start < edge && demand.end > edge)
    this.#queue = known.filter((demand) => demand.start >= edge && demand.start < at).sort((a, b) => a.start - b.start)
    while (this.#snapshots.length > 0 && this.#snapshots[this.#snapshots.length - 1]!.at > at) this.#snapshots.pop()
    this.#novelty = this.#snapshots[this.#snapshots.length - 1]?.novelty.copy() ?? new Novelty()
    this.#consumedTo = at - 1
  }

  screenOf(run: Micros): number {
    const runs = this.#runs
    const i = upperBound(runs, run)
    if (i === 0) return this.#screens[0]!
    if (i === runs.length) return this.screenTo + (run - this.mappedTo) / 1_000
    const share = (run - runs[i - 1]!) / (runs[i]! - runs[i - 1]!)
    return this.#screens[i - 1]! + share * (this.#screens[i]! - this.#screens[i - 1]!)
  }

  /** The moment shown at a screen time; never beyond the map. */
  runOf(screen: number): Micros {
    const screens = this.#screens
    const i = upperBound(screens, screen)
    if (i === 0) return this.#runs[0]!
    if (i === screens.length) return this.mappedTo
    const share = (screen - screens[i - 1]!) / (screens[i]! - screens[i - 1]!)
    return this.#runs[i - 1]! + share * (this.#runs[i]! - this.#runs[i - 1]!)
  }

  foldsIn(from: Micros, to: Micros): Fold[] {
    return this.#folds.filter((fold) => fold.to > from && fold.from < to)
  }
  foldAt(run: Micros): Fold | undefined {
    return this.#folds.find((fold) => fold.from <= run && run < fold.to)
  }
  /** Milliseconds on the screen from `at` to the playhead; negative before `at`. */
  screenSince(at: Micros, playhead: Micros): number {
    return this.screenOf(playhead) - this.screenOf(at)
  }

  /** Messages and lines in one order of time; a line comes before what is sent at its moment. */
  #consume({ spans, story, to }: Reel): void {
    let span = countLeading(spans.length, (i) => spans[i]!.sentAt <= this.#consumedTo)
    let line = countLeading(story.length, (i) => story[i]!.at <= this.#consumedTo)
    for (;;) {
      const nextSpan = spans[span]
      const nextLine = story[line]
      const lineFirst = nextLine !== undefined && (nextSpan === undefined || nextLine.at <= nextSpan.sentAt)
      const at = lineFirst ? nextLine.at : nextSpan?.sentAt
      if (at === undefined || at > to) return
      const demand = lineFirst ? this.#novelty.ofLine(nextLine) : this.#novelty.ofSpan(nextSpan!)
      if (lineFirst) line++
      else span++
      if (demand !== undefined) this.#take(demand)
    }
  }
  #take(demand: Demand): void {
    this.#queue.push(demand)
    if (++this.#sinceSnapshot < snapshotEvery) return
    this.#sinceSnapshot = 0
    this.#snapshots.push({ at: demand.start, novelty: this.#novelty.copy() })
  }

  /** Map as far as is certain: up to the last moment after which nothing unseen can begin. */
  #sweep(): void {
    let taken = 0
    const queue = this.#queue
    for (;;) {
      const next = queue[taken]
      if (this.#active.length === 0) {
        if (next === undefined) {
          if (this.#consumedTo - this.mappedTo < longestFold) break
          this.#gap(this.mappedTo + longestFold, 1)
          continue
        }
        if (next.start > this.mappedTo) this.#gap(next.start, next.slowness)
      } else if (!this.#advance(next)) break
      while (taken < queue.length && queue[taken]!.start <= this.mappedTo) this.#active.push(queue[taken++]!)
    }
    this.#queue = queue.slice(taken)
  }

  /** To the next moment at which a demand begins or ends, as slowly as the slowest of them wants. */
  #advance(next: Demand | undefined): boolean {
    let boundary = next?.start ?? Infinity
    let slowness = 0
    for (const demand of this.#active) {
      boundary = Math.min(boundary, demand.end)
      slowness = Math.max(slowness, demand.slowness)
    }
    if (boundary > this.#consumedTo) return false
    this.#knot(boundary, slowness)
    for (const demand of this.#active) if (demand.end <= boundary) this.#past.push(demand)
    this.#active = this.#active.filter((demand) => demand.end > boundary)
    return true
  }

  /** Nothing to see until `to`: real time at most, as fast as what follows it, and no longer than a fold. */
  #gap(to: Micros, slownessOfNext: number): void {
    while (this.mappedTo < to) {
      const from = this.mappedTo
      const end = Math.min(to, from + longestFold)
      const length = (end - from) / 1_000
      // A full-length piece is folded before its end is known, so what follows must not matter to it.
      const rate = end - from === longestFold ? 1 : Math.min(1, Math.max(fastest, slownessOfNext))
      const screen = Math.min(length, foldMs) * rate
      this.#knot(end, screen / length)
      if (end - from >= shownFold) this.#folds.push({ from, to: end })
    }
  }

  #knot(run: Micros, slowness: number): void {
    const last = this.#runs.length - 1
    if (run <= this.#runs[last]!) return
    this.#screens.push(this.#screens[last]! + ((run - this.#runs[last]!) / 1_000) * slowness)
    this.#runs.push(run)
  }
}

/** How many of an ascending list are not above `value`. */
function upperBound(list: readonly number[], value: number): number {
  return countLeading(list.length, (i) => list[i]! <= value)
}
