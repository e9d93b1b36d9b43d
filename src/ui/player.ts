/**
 * Plays a run: moves the playhead through the film, as pace says, and stops where a step waits. It stands outside React
 * and knows no element of the page; the stage reads it on every animation frame.
 */
import { SECOND, type Micros } from '../base/units.ts'
import type { ClientEvent, RunClient } from '../bridge/client.ts'
import type { JournalEntry, Intervention } from '../bridge/protocol.ts'
import { Pace } from '../scene/pace.ts'
import type { Clock } from './clock.ts'
import { moveFrom, type Direction, type StepBy } from './moves.ts'
import { gateAt, markOf, stepAt, veilAt, waitingAt, type Plan, type Waiting } from './steps.ts'

/** `speed` multiplies: of smart pace its screen time, of true pace the run's own time. */
export interface PaceSetting {
  readonly kind: 'smart' | 'true'
  readonly speed: number
}
export interface Ticker {
  request(tick: (nowMs: number) => void): number
  cancel(handle: number): void
}

/** Run time known beyond the picture: smart pace must see where a silence ends before it can fold it. */
const lead: Micros = 10 * SECOND
/** A tab that was away does not make up for it. */
const longestTickMs = 100
const quietMs = 100

/** Moments are whole microseconds, and the halves at which the last pictures of steps stand. */
const onGrid = (at: Micros): Micros => Math.floor(at * 2) / 2

export class Player implements Clock {
  at: Micros = 0
  playing = false
  pace: PaceSetting = { kind: 'smart', speed: 1 }
  /** The step of the scenario that the picture is in. */
  entered = 0
  /** Farthest moment that has been on the screen; what lies beyond it was never seen. */
  seenTo: Micros = 0
  /** A moment asked for that the film does not hold yet. */
  target: Micros | undefined
  readonly map = new Pace()
  readonly client: RunClient
  readonly #plan: () => Plan
  readonly #ticker: Ticker
  readonly #draws = new Set<(at: Micros) => void>()
  readonly #subscribers = new Set<() => void>()
  #screen = 0
  #exact = 0
  #handle: number | undefined
  #lastTick: number | undefined
  #lastNotice = -Infinity
  #noticed: { at: Micros; playing: boolean } = { at: -1, playing: false }
  /** Playing beyond the end of the last step. */
  #free = false
  /** Nothing of this run has been seen yet. */
  #isFresh = true
  #journal: readonly JournalEntry[] = []
  #pendingMove: { by: StepBy; direction: Direction } | undefined
  readonly #stopListening: () => void

  constructor(client: RunClient, plan: () => Plan, ticker: Ticker) {
    this.client = client
    this.#plan = plan
    this.#ticker = ticker
    this.#stopListening = client.on((event) => this.#hear(event))
  }
  close(): void {
    this.#stopListening()
    if (this.#handle !== undefined) this.#ticker.cancel(this.#handle)
    this.#handle = undefined
  }

  onFrame(draw: (at: Micros) => void): () => void {
    this.#draws.add(draw)
    this.wake()
    return () => this.#draws.delete(draw)
  }
  subscribe(changed: () => void): () => void {
    this.#subscribers.add(changed)
    return () => this.#subscribers.delete(changed)
  }
  /** Draw once more although no time has passed: something else on the stage is different. */
  wake(): void {
    this.#handle ??= this.#ticker.request((now) => this.#tick(now))
  }

  get waiting(): Waiting {
    return this.playing || this.#free ? undefined : waitingAt(this.#plan(), this.entered, this.at)
  }
  /** The picture waits for the worker. */
  get buffering(): boolean {
    return this.target !== undefined || (this.playing && this.at >= this.#edge())
  }
  /** Milliseconds on the screen since a moment of the run. A paused picture is settled: nothing is half-way. */
  screenSince(at: Micros): number {
    if (!this.playing) return this.at >= at ? Infinity : -Infinity
    if (this.pace.kind === 'smart') return this.map.screenSince(at, this.at) / this.pace.speed
    return (this.at - at) / 1_000 / Math.min(1, this.pace.speed)
  }

  play(): void {
    const waiting = waitingAt(this.#plan(), this.entered, this.at)
    if (waiting === 'answer') return this.#changed()
    if (waiting === 'next') this.entered++
    if (waiting === 'end') this.#free = true
    this.playing = true
    this.#lastTick = undefined
    this.#changed()
  }
  pause(): void {
    this.playing = false
    this.#changed()
  }
  /** Go on into a step: its question has been answered. */
  enter(index: number): void {
    this.entered = index
    this.play()
  }
  toggle(): void {
    if (this.playing) this.pause()
    else this.play()
  }
  setPace(pace: PaceSetting): void {
    this.pace = pace
    this.#screen = this.map.screenOf(this.at)
    this.#changed()
  }

  /** Show a moment. What lies behind an unanswered question stays hidden. */
  seek(at: Micros, entered?: number): void {
    const plan = this.#plan()
    const to = onGrid(Math.max(0, Math.min(at, veilAt(plan) ?? Infinity)))
    this.#free = plan.count > 0 && to > (markOf(plan, plan.count - 1)?.endAt ?? Infinity)
    this.entered = entered ?? stepAt(plan, to)
    if (this.client.seek(to)) return this.#moveTo(to)
    this.target = to
    this.#changed()
  }

  step(by: StepBy, direction: Direction): void {
    this.playing = false
    this.target = undefined
    const { film } = this.client
    const gate = this.#gate()
    if (direction === 1 && gate !== undefined && this.at >= gate) return this.next(false)
    const to = moveFrom(film, this.at, by, direction)
    if (to !== undefined && film.from <= to)
      return this.seek(Math.min(to, gate ?? Infinity), to >= (gate ?? Infinity) ? this.entered : undefined)
    if (direction === -1 && film.from > 0) {
      this.#pendingMove = { by, direction }
      this.client.seek(Math.max(0, this.at - 1))
    } else if (direction === -1) this.seek(0)
    this.#changed()
  }
  nudge(micros: Micros): void {
    const gate = micros > 0 ? this.#gate() : undefined
    this.seek(Math.min(this.at + micros, gate ?? Infinity))
  }

  /** On to the end of this step, then into the next one. */
  next(play = true): void {
    const plan = this.#plan()
    const waiting = waitingAt(plan, this.entered, this.at)
    if (waiting === 'answer') return this.#changed()
    if (waiting === 'next') {
      this.entered++
      if (play) this.play()
      return this.#changed()
    }
    const end = gateAt(plan, this.entered)
    if (waiting === undefined && end !== undefined && this.at < end) return this.seek(end, this.entered)
    this.play()
  }
  /** To the start of this step, then of the one before. The state rewinds too. */
  previous(): void {
    const plan = this.#plan()
    this.playing = false
    const start = markOf(plan, this.entered)?.startAt ?? 0
    if (this.at > start || this.entered === 0) return this.seek(start, this.entered)
    this.toStep(this.entered - 1)
  }
  toStep(index: number): void {
    const mark = markOf(this.#plan(), index)
    if (mark !== undefined) this.seek(mark.startAt, this.#plan().isHidden(index) ? Math.max(0, index - 1) : index)
  }

  intervene(interventions: readonly Intervention[]): void {
    this.client.intervene(this.at, interventions)
  }

  #gate(): Micros | undefined {
    return this.#free ? undefined : gateAt(this.#plan(), this.entered)
  }
  /** How far the picture may go now. */
  #edge(): Micros {
    return this.pace.kind === 'smart' ? Math.min(this.client.film.to, this.map.mappedTo) : this.client.film.to
  }

  #hear(event: ClientEvent): void {
    if (event.kind === 'loaded') this.#reset()
    if (event.kind !== 'frame') return this.#changed()
    const { frame } = event
    const { film } = this.client
    if (frame.base !== undefined) {
      const changedAt = firstDifference(this.#journal, frame.journal)
      if (changedAt !== undefined) {
        this.map.cut(changedAt)
        this.seenTo = Math.min(this.seenTo, changedAt)
      }
      this.#journal = frame.journal
    }
    this.map.extend(film)
    if (this.#isFresh) {
      this.#isFresh = false
      this.entered = stepAt(this.#plan(), this.at)
    }
    if (frame.base !== undefined) this.#screen = this.map.screenOf(this.at)
    if (frame.showAt !== undefined) this.seek(frame.showAt)
    this.#arrive()
    this.#changed()
  }
  /** A moment or a step that was waited for may be there now. */
  #arrive(): void {
    const { film } = this.client
    if (this.target !== undefined && this.target >= film.from && this.target <= film.to) this.#moveTo(this.target)
    const move = this.#pendingMove
    if (move === undefined || film.from >= this.at) return
    const to = moveFrom(film, this.at, move.by, move.direction)
    if (to === undefined && film.from > 0) return void this.client.seek(film.from - 1)
    this.#pendingMove = undefined
    this.seek(to ?? 0)
  }
  #reset(): void {
    this.#isFresh = true
    this.map.cut(0)
    this.#journal = this.client.film.journal
    this.at = this.client.playhead
    this.seenTo = this.at
    this.entered = 0
    this.#screen = 0
    this.#free = false
    this.target = undefined
    this.#pendingMove = undefined
  }

  #moveTo(at: Micros): void {
    this.target = undefined
    this.at = at
    this.seenTo = Math.max(this.seenTo, at)
    this.#screen = this.map.screenOf(at)
    this.#changed()
  }
  #changed(): void {
    this.#lastNotice = -Infinity
    this.wake()
  }

  #tick(now: number): void {
    this.#handle = undefined
    const elapsed = this.#lastTick === undefined ? 0 : Math.min(longestTickMs, now - this.#lastTick)
    this.#lastTick = this.playing ? now : undefined
    if (this.playing && this.target === undefined) this.#advance(elapsed)
    const wanted = Math.max(this.at + lead * Math.max(1, this.pace.kind === 'true' ? Math.min(this.pace.speed, 100) : 1), this.target ?? 0)
    // A silence longer than the lead: look further until its end is known.
    const beyond = this.playing && this.map.screenTo - this.#screen < 1_500 ? this.client.film.to + lead : 0
    this.client.show(this.at, Math.max(wanted, beyond))
    for (const draw of this.#draws) draw(this.at)
    this.#notify(now)
    if (this.playing) this.wake()
  }

  #advance(elapsedMs: number): void {
    const gate = this.#gate() ?? Infinity
    const limit = Math.min(this.#edge(), gate)
    const { kind, speed } = this.pace
    const screen = Math.min(this.#screen + elapsedMs * speed, this.map.screenTo)
    const wanted = kind === 'smart' ? this.map.runOf(screen) : this.#exactly() + elapsedMs * 1_000 * speed
    const exact = Math.max(this.at, Math.min(wanted, limit))
    this.#exact = exact
    this.at = onGrid(exact)
    this.#screen = kind === 'smart' && wanted < limit ? screen : this.map.screenOf(this.at)
    this.seenTo = Math.max(this.seenTo, this.at)
    if (this.at < gate) return
    this.playing = false
    this.#lastNotice = -Infinity
  }
  /** The playhead between two whole microseconds, as long as it is the one we left there: slow motion needs it. */
  #exactly(): number {
    return onGrid(this.#exact) === this.at ? this.#exact : this.at
  }

  #notify(now: number): void {
    const isNew = this.#noticed.at !== this.at || this.#noticed.playing !== this.playing || this.#lastNotice === -Infinity
    if (!isNew || now - this.#lastNotice < quietMs) return
    this.#lastNotice = now
    this.#noticed = { at: this.at, playing: this.playing }
    for (const changed of [...this.#subscribers]) changed()
  }
}

/** The moment from which two journals make different runs; undefined = they are the same. */
export function firstDifference(before: readonly JournalEntry[], after: readonly JournalEntry[]): Micros | undefined {
  const length = Math.max(before.length, after.length)
  for (let i = 0; i < length; i++) {
    const [a, b] = [before[i], after[i]]
    if (JSON.stringify(a) !== JSON.stringify(b)) return Math.min(a?.at ?? Infinity, b?.at ?? Infinity)
  }
  return undefined
}
