/**
 * The page's end of the bridge: owns the worker, grants it run time, feeds its frames to a film, and keeps all that is
 * needed to make the run again (scenario, seed, journal, playhead). A worker that dies is replaced by one that plays
 * the same run: nothing the learner did is lost. No React here, and no worker in its tests.
 */
import { SECOND, type Micros } from '../base/units.ts'
import type { Ask, Found } from '../projection/disk-view.ts'
import type { Scenario } from '../scenario/types.ts'
import { Film } from './film.ts'
import type { Command, Frame, Held, Intervention, JournalEntry, Refusal, Reply } from './protocol.ts'

export interface Transport {
  post(command: Command): void
  close(): void
}
export interface Listener {
  reply(reply: Reply): void
  fault(message: string): void
}
export type OpenTransport = (listener: Listener) => Transport

export type ClientEvent =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The worker died; `restoring` is false when it has died too often to be tried again unasked. */
  | { readonly kind: 'fault'; readonly message: string; readonly restoring: boolean }
  | { readonly kind: 'restored' }

export type ClientStatus = 'empty' | 'loading' | 'running' | 'restoring' | 'broken'

const firstSlice: Micros = 100_000
const largestSlice: Micros = 5 * SECOND
const restartsAllowed = 3
const restartWindowMs = 60_000

export function openWorker(listener: Listener): Transport {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'partitura-engine' })
  worker.addEventListener('message', (event: MessageEvent<Reply>) => listener.reply(event.data))
  worker.addEventListener('error', (event) => listener.fault(event.message || 'the worker stopped'))
  worker.addEventListener('messageerror', () => listener.fault('a message could not be read'))
  return { post: (command) => worker.postMessage(command), close: () => worker.terminate() }
}

export class RunClient {
  /** A new one for each run loaded; the same one after a restoration. */
  film = new Film()
  status: ClientStatus = 'empty'
  scenario: Scenario | undefined
  seed = 0
  /** Where the picture stands; a restored run comes back here. */
  playhead: Micros = 0
  readonly #open: OpenTransport
  readonly #now: () => number
  readonly #listeners = new Set<(event: ClientEvent) => void>()
  #transport: Transport | undefined
  /** Raised with each worker, so that a late word of a dead one is not heard. */
  #connection = 0
  /** The newest generation this worker has shown; -1 before its first frame. */
  #seen = -1
  /** Frames of generations below it belong to a run we no longer show. */
  #floor = 0
  /** A command that brings a new base is under way: no time is granted until it has come. */
  #waiting = false
  #granted: Micros = 0
  #slice: Micros = firstSlice
  #until: Micros = 0
  #pendingSeek: Micros | undefined
  #restarts: number[] = []
  /** Looks that have not been answered. */
  readonly #looks = new Map<number, (found: Found | undefined) => void>()
  #looked = 0

  constructor(open: OpenTransport = openWorker, now: () => number = () => performance.now()) {
    this.#open = open
    this.#now = now
  }

  on(listener: (event: ClientEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  load(scenario: Scenario, seed: number, journal: readonly JournalEntry[] = [], at: Micros = 0): void {
    this.scenario = scenario
    this.seed = seed
    this.playhead = at
    this.film = new Film()
    this.film.journal = journal
    this.#floor = this.#seen + 1
    this.#restarts = []
    this.#pendingSeek = undefined
    this.#until = at
    this.status = 'loading'
    if (this.#transport === undefined) this.#connect()
    this.#post({ do: 'load', scenario, seed, journal, at })
    this.#emit({ kind: 'loaded' })
  }

  /** The picture stands at `playhead`; the film should reach `until`. Called on every animation frame. */
  show(playhead: Micros, until: Micros): void {
    this.playhead = playhead
    this.#until = until
    this.#grant()
  }

  /** Ask for a moment; true if the film has it already. Ahead of the film it comes by granting time. */
  seek(at: Micros): boolean {
    const { film } = this
    if (at >= film.from && at <= film.to) return true
    if (at > film.to) this.#until = Math.max(this.#until, at)
    else this.#pendingSeek = Math.max(0, Math.floor(at))
    this.#next()
    return false
  }

  /** What is on a disk at this moment of the film; undefined = no such thing, or the worker died over it. */
  look(at: Micros, ask: Ask): Promise<Found | undefined> {
    const transport = this.#transport
    if (transport === undefined || this.status !== 'running') return Promise.resolve(undefined)
    const number = ++this.#looked
    return new Promise((resolve) => {
      this.#looks.set(number, resolve)
      transport.post({ do: 'look', number, at, ask })
    })
  }

  /** The film reaches at least so far back before `at`: what is counted over a while needs it. */
  reachBack(at: Micros, runUp: Micros): void {
    if (this.#waiting || this.status !== 'running' || this.film.from <= Math.max(0, at - runUp)) return
    this.#post({ do: 'seek', at: Math.floor(at), held: this.#held, runUp })
  }

  intervene(at: Micros, interventions: readonly Intervention[]): void {
    this.#pendingSeek = undefined
    this.#post({ do: 'intervene', at, interventions, held: this.#held })
  }
  undo(): void {
    if (this.film.canUndo) this.#post({ do: 'undo', held: this.#held })
  }
  redo(): void {
    if (this.film.canRedo) this.#post({ do: 'redo', held: this.#held })
  }
  /** Test hook: the worker throws, and the run must come back. */
  fail(): void {
    this.#transport?.post({ do: 'fail' })
  }

  /** After too many deaths in a row: try again because somebody asked. */
  restore(): void {
    this.#restarts = []
    this.#restart()
  }

  close(): void {
    this.#forsake()
    this.#connection++
    this.#transport?.close()
    this.#transport = undefined
    this.status = 'empty'
  }

  get #held(): Held {
    return { generation: this.film.generation, lines: this.film.linesHeld }
  }

  #connect(): void {
    const connection = ++this.#connection
    this.#seen = -1
    this.#floor = 0
    this.#transport = this.#open({
      reply: (reply) => {
        if (connection === this.#connection) this.#receive(reply)
      },
      fault: (message) => {
        if (connection === this.#connection) this.#fault(message)
      },
    })
  }

  #post(command: Command): void {
    this.#waiting = true
    this.#transport?.post(command)
  }

  #receive(reply: Reply): void {
    if (reply.type === 'failed') return this.#fault(reply.message)
    if (reply.type === 'looked') {
      this.#looks.get(reply.number)?.(reply.found)
      this.#looks.delete(reply.number)
      return
    }
    if (reply.type === 'refused') {
      this.#waiting = false
      this.#pendingSeek = undefined
      return this.#emit({ kind: 'refused', refusal: reply })
    }
    this.#take(reply)
  }

  #take(frame: Frame): void {
    this.#seen = Math.max(this.#seen, frame.generation)
    if (frame.generation < this.#floor) return
    const { film } = this
    const isFirst = this.status !== 'running'
    if (isFirst) {
      // A new run, or a new worker that counts its generations from the start: only a base can begin it.
      if (frame.base === undefined) return
      film.generation = -1
    }
    if (!film.accept(frame)) return
    if (frame.base !== undefined) this.#rebase()
    const restored = this.status === 'restoring'
    this.status = 'running'
    this.#emit({ kind: 'frame', frame })
    if (restored) this.#emit({ kind: 'restored' })
    this.#next()
  }

  #rebase(): void {
    this.#waiting = false
    this.#granted = this.film.to
    this.#slice = firstSlice
  }

  /** One request at a time: a scrubber dragged through the past asks for where it is now, not for where it was. */
  #next(): void {
    const at = this.#pendingSeek
    if (this.#waiting || this.status !== 'running') return
    if (at !== undefined) {
      this.#pendingSeek = undefined
      if (at < this.film.from || at > this.film.to) return this.#post({ do: 'seek', at, held: this.#held })
    }
    this.#grant()
  }

  #grant(): void {
    const { film } = this
    if (this.#waiting || this.status !== 'running') return
    if (film.to < this.#granted || film.to >= this.#until) return
    this.#granted = Math.ceil(Math.min(this.#until, film.to + this.#slice))
    this.#slice = Math.min(largestSlice, this.#slice * 2)
    this.#transport?.post({ do: 'advance', to: this.#granted })
  }

  #fault(message: string): void {
    const now = this.#now()
    this.#restarts = this.#restarts.filter((at) => now - at < restartWindowMs)
    const restoring = this.#restarts.length < restartsAllowed && this.scenario !== undefined
    this.#forsake()
    this.#connection++
    this.#transport?.close()
    this.#transport = undefined
    this.status = 'broken'
    this.#emit({ kind: 'fault', message, restoring })
    if (!restoring) return
    this.#restarts.push(now)
    this.#restart()
  }

  /** Nobody will answer what was asked of this worker. */
  #forsake(): void {
    for (const resolve of this.#looks.values()) resolve(undefined)
    this.#looks.clear()
  }

  #restart(): void {
    const { scenario, film } = this
    if (scenario === undefined) return
    this.status = 'restoring'
    this.#pendingSeek = undefined
    if (this.#transport === undefined) this.#connect()
    this.#post({ do: 'load', scenario, seed: this.seed, journal: film.journal, at: Math.floor(this.playhead) })
  }

  #emit(event: ClientEvent): void {
    for (const listener of [...this.#listeners]) listener(event)
  }
}
