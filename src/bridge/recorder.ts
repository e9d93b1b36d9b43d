/** Watches a run and keeps what a frame needs: messages as columns, changes of the view with their moments, the story. */
import type { Micros } from '../base/units.ts'
import type { Connection, Note, Tagged } from '../engine/process.ts'
import { Telling, type Told } from '../engine/telling.ts'
import { Trace, type FateNumber } from '../engine/trace.ts'
import type { Fate, Watch } from '../engine/watch.ts'
import type { World } from '../engine/world.ts'
import type { Checker } from '../projection/checker.ts'
import { emptyView, type ClusterView } from '../projection/cluster-view.ts'
import { applyPatch, mergePatches, type Patch } from '../projection/patch.ts'
import { Projector } from '../projection/project.ts'
import { describe } from '../projection/span.ts'
import type { Hues } from '../projection/cells.ts'
import { isHeadline, type StoryLine } from '../projection/story.ts'
import { HISTORY_STEPS, type Frame, type SpanTable, type TimedPatch } from './protocol.ts'
import { Tails } from './tails.ts'

/** What a frame takes out of the recorder. */
export interface Recorded {
  readonly spans: SpanTable
  readonly amended: Frame['amended']
  readonly patches: readonly TimedPatch[]
  readonly moments: Float64Array<ArrayBuffer>
  readonly storyFrom: number
  readonly story: readonly StoryLine[]
}

const fateNumber = { arrives: 0, held: 1, lost: 2 } as const satisfies Record<Fate, FateNumber>

/** Of more lines than these that the UI does not have, only the newest so many go with a frame, and the headlines before them. */
const WHOLE_LINES = 5_000

/** So many lines of the story are kept, and so many headlines. What is older is told again when the run is made again there. */
const MOST_LINES = HISTORY_STEPS
const MOST_HEADLINES = 100_000

export class Recorder implements Watch {
  /** Off while running towards the moment asked for: then only the story is kept. */
  filming = false
  /** Every line of a stretch that ends where the run has been, or some way before: the newest `MOST_LINES`. */
  #story = new Telling()
  /** Headlines of the whole run, as far as it has been made. */
  readonly #headlines = new Telling()
  /** The number in the story of each headline that is kept. */
  #numbers: number[] = []
  /** Where the run stands: so many lines of the story have been told, and so many headlines. What is known to come lies ahead. */
  #line = 0
  #headline = 0
  /** The story is known up to this step. */
  #reached = 0
  /** From this moment on it has every line. */
  wholeFrom: Micros = 0
  /** How often the story was begun anew because the run went to where it was forgotten. */
  restarts = 0
  /** Looks at the statements that must be true; without one nobody does. */
  checker: Checker | undefined
  readonly projector: Projector
  readonly #hues: Hues
  readonly #mostLines: number
  #told = 0
  #base: ClusterView = emptyView
  #tails = new Tails(emptyView)
  readonly #trace = new Trace()
  #amended: { id: number; arrivesAt: Micros; fate: FateNumber }[] = []
  #patches: TimedPatch[] = []
  #moments: Micros[] = []
  /** Machines stepped since the view was last brought up to date, and the world they stepped in. */
  #stepped = new Set<string>()
  #away = false
  #world: World | undefined

  constructor(hues: Hues, mostLines = MOST_LINES) {
    this.#hues = hues
    this.#mostLines = mostLines
    this.projector = new Projector(hues)
  }

  /** How many lines have been told up to here. */
  get lines(): number {
    return this.#line
  }

  /** The run stands here now. It has told the same before and will tell the same again, so nothing is forgotten. */
  rewind({ steps, now }: World): void {
    if (this.#away) return
    this.#headline = this.#headlines.firstAfter(steps)
    const { first, length } = this.#story
    const isKnown = steps <= this.#reached && (first === 0 || (first < length && this.#story.stepOf(first) <= steps))
    if (isKnown) this.#line = this.#story.firstAfter(steps)
    else this.#restart(steps, now)
    this.stop()
  }

  /** Here the run has been, but what it told on the way is forgotten: the story goes on from its headlines. */
  #restart(steps: number, now: Micros): void {
    const kept = this.#headline - this.#headlines.first
    for (let i = 0; i < kept; i++) this.#numbers[i] = i
    this.#line = kept
    this.#story = new Telling(kept)
    this.#reached = steps
    this.wholeFrom = now
    this.restarts++
  }

  /** The run goes another way from here. */
  branch(world: World): void {
    const { steps } = world
    this.checker?.branch(world)
    this.#story.shorten(this.#line)
    this.#headlines.shorten(this.#headline)
    this.#numbers.length = this.#headline - this.#headlines.first
    this.#reached = steps
  }

  /** Forget what was filmed and not taken. */
  stop(): void {
    this.filming = false
    this.#clear()
  }

  /** The run goes somewhere and comes back: nothing of that is filmed or told. */
  lookAway(): void {
    this.stop()
    this.#away = true
  }
  /** The world is as it was when that began. */
  lookAgain(): void {
    this.#away = false
    this.filming = true
  }

  /** Begin to film here, the same run as before or another: messages that are on their way already come with it. The first `told` lines of the story need not. */
  begin(world: World, told: number, isAnother: boolean): void {
    this.filming = true
    this.#told = told
    this.#base = this.projector.start(world, isAnother)
    this.#tails = new Tails(this.#base)
    for (const event of world.queue) if (event.kind === 'message') this.#inFlight(world, event.on, event.seq, event.cause, event.to, event.body, event.sentAt, event.at, 'arrives')
    for (const wire of world.connections.values()) {
      for (const event of [...wire.there.held, ...wire.back.held]) {
        if (event.kind === 'message') this.#inFlight(world, event.on, event.seq, event.cause, event.to, event.body, event.sentAt, Infinity, 'held')
      }
    }
  }

  /** The view where filming began, with the scenario's place in it. */
  base(tables: Pick<ClusterView, 'steps' | 'assertions'>): ClusterView {
    const patch = this.projector.scene(tables)
    return patch === undefined ? this.#base : applyPatch(this.#base, patch)
  }

  #inFlight(world: World, on: Connection, id: number, step: number, to: string, body: Tagged, sentAt: Micros, arrivesAt: Micros, fate: Fate): void {
    const wire = world.connections.get(on)
    if (wire !== undefined) this.#trace.add(id, step, wire.to === to ? wire.from : wire.to, to, wire.traffic, on, body, sentAt, arrivesAt, fate)
  }

  sent(id: number, step: number, wire: { readonly id: Connection; readonly traffic: string }, from: string, to: string, message: Tagged, sentAt: Micros, arrivesAt: Micros): void {
    if (!this.#away) this.checker?.sent(step, wire.id, from, to, message)
    if (this.filming) this.#trace.add(id, step, from, to, wire.traffic, wire.id, message, sentAt, arrivesAt)
  }

  amended(id: number, arrivesAt: Micros, fate: Fate): void {
    if (this.filming && !this.#trace.amend(id, arrivesAt, fate)) this.#amended.push({ id, arrivesAt, fate: fateNumber[fate] })
  }

  noted(at: Micros, step: number, cause: number, node: string, fact: Note): void {
    if (this.#away) return
    this.checker?.noted(step, node, fact)
    if (isHeadline({ fact: fact as StoryLine['fact'] })) {
      if (this.#headline === this.#headlines.length) this.#headlines.add(at, step, cause, node, fact)
      this.#numbers[this.#headline++ - this.#headlines.first] = this.#line
    }
    if (this.#line++ === this.#story.length) this.#story.add(at, step, cause, node, fact)
    if (fact.code === 'step.began') this.#divide(at)
    this.#forgetOldest()
  }

  /** A quarter more than is promised is kept before anything goes, so that it goes seldom. */
  #forgetOldest(): void {
    const { first, length } = this.#story
    if (this.#line === length && length - first > this.#mostLines * 1.25) {
      this.#story.forget(length - this.#mostLines)
      this.wholeFrom = this.#story.atOf(this.#story.first)
    }
    const { first: oldest } = this.#headlines
    if (this.#headline - oldest <= MOST_HEADLINES * 1.25) return
    this.#headlines.forget(this.#headline - MOST_HEADLINES)
    this.#numbers = this.#numbers.slice(this.#headlines.first - oldest)
  }

  /** A step of the scenario begins at the instant in which the one before ended: two pictures, the first half a microsecond before. */
  #divide(at: Micros): void {
    this.settle()
    const last = this.#patches[this.#patches.length - 1]
    if (last?.at === at) this.#patches[this.#patches.length - 1] = { ...last, at: at - 0.5 }
  }

  stepped(world: World, node: string): void {
    if (this.#away) return
    this.checker?.stepped(world, node)
    if (world.steps > this.#reached) this.#reached = world.steps
    if (!this.filming) return
    const { now: at } = world
    if (this.#moments[this.#moments.length - 1] !== at) this.#moments.push(at)
    this.#stepped.add(node)
    this.#world = world
  }

  /** An instant is over: its changes are one change of the view. To be called before the clock goes on. */
  settle(): void {
    const world = this.#world
    if (world === undefined) return
    this.#world = undefined
    this.#add(world.now, world.steps, this.projector.project(world, this.#stepped))
    this.#stepped.clear()
  }

  /** Where the scenario stands, now that this step has been answered. */
  scene(world: World, tables: Pick<ClusterView, 'steps' | 'assertions'>): void {
    if (this.filming) this.#add(world.now, world.steps, this.projector.scene(tables))
  }

  #add(at: Micros, step: number, patch: Patch | undefined): void {
    if (patch === undefined) return
    const last = this.#patches[this.#patches.length - 1]
    if (last?.at === at) this.#patches[this.#patches.length - 1] = { at, step, patch: mergePatches(last.patch, patch) }
    else this.#patches.push({ at, step, patch })
  }

  /** How many lines were told before this moment. */
  linesBefore(moment: Micros): number {
    let count = this.lines
    while (count > this.#story.first && this.#story.atOf(count - 1) >= moment) count--
    return count
  }

  get pending(): number {
    return this.#trace.length + this.#patches.length
  }

  /** What has been recorded since the last time, or since `begin`. */
  take(): Recorded {
    this.settle()
    const storyFrom = Math.min(this.#told, this.lines)
    const recorded: Recorded = {
      spans: this.#table(), amended: this.#amended, patches: this.#patches.map(({ at, step, patch }) => ({ at, step, patch: this.#tails.shorten(patch) })), moments: Float64Array.from(this.#moments), storyFrom,
      story: this.#storyFrom(storyFrom),
    }
    this.#told = this.lines
    this.#clear()
    return recorded
  }

  /** The newest lines, and of what lies before them the headlines: a long run tells millions. */
  #storyFrom(first: number): readonly StoryLine[] {
    const whole = Math.max(first, this.lines - WHOLE_LINES, this.#story.first)
    const lines: StoryLine[] = []
    if (whole > first) {
      for (let i = this.#headlines.first; i < this.#headline; i++) {
        const index = this.#numbers[i - this.#headlines.first]!
        if (index >= first && index < whole) lines.push(lineOf(index, this.#headlines.told(i)))
      }
    }
    for (let index = whole; index < this.lines; index++) lines.push(lineOf(index, this.#story.told(index)))
    return lines
  }

  #clear(): void {
    this.#trace.clear()
    this.#amended = []
    this.#patches = []
    this.#moments = []
    this.#stepped.clear()
    this.#world = undefined
  }

  #table(): SpanTable {
    const { length, id, step, sentAt, arrivesAt, from, to, traffic, connection, fate, names, messages } = this.#trace
    return {
      length, id: id.slice(0, length), step: step.slice(0, length), sentAt: sentAt.slice(0, length), arrivesAt: arrivesAt.slice(0, length), from: from.slice(0, length),
      to: to.slice(0, length), traffic: traffic.slice(0, length), connection: connection.slice(0, length), fate: fate.slice(0, length), names: names.slice(),
      details: messages.map((message) => describe(message, this.#hues)),
    }
  }
}

const lineOf = (index: number, { at, step, cause, node, fact }: Told): StoryLine => ({ index, at, step, cause, node, fact: fact as StoryLine['fact'] })

/** What a frame hands over for good: its columns need not be copied. */
export const transferables = (frame: Frame): ArrayBuffer[] => {
  const { id, step, sentAt, arrivesAt, from, to, traffic, connection, fate } = frame.spans
  return [id, step, sentAt, arrivesAt, from, to, traffic, connection, fate, frame.moments].map((column) => column.buffer)
}
