/** Seeks into a long run, until their frames are posted, beside playing it; and what its keyframes weigh. */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import type { Frame, Held } from '../src/bridge/protocol.ts'
import { transferables } from '../src/bridge/recorder.ts'
import { Session } from '../src/bridge/session.ts'
import { SECOND, type Micros } from '../src/base/units.ts'
import { Timeline } from '../src/engine/timeline.ts'
import { newRun, playMachine } from '../src/scenario/play.ts'
import { busyScenario } from './busy.ts'
import { collect, median, moments, percentile, ROUNDS } from './measure.ts'

const EVENTS = 1_000_000
const VISITS = 200
/** So much run time is granted at once. */
const LEAD: Micros = 2 * SECOND

export interface SeekFigures { readonly medianMs: number; readonly p95Ms: number; readonly halfMs: number; readonly ratio: number; readonly runSeconds: number }

/** A session, and whoever its frames are posted to. The time of the one is counted, that of the other is not. */
class Player {
  readonly #session = new Session()
  readonly #channel = new MessageChannel()
  #held: Held = { generation: 0, lines: 0 }
  at: Micros = 0
  steps = 0

  constructor() {
    this.#ask({ do: 'load', scenario: busyScenario, seed: 1, journal: [], at: 0 })
  }
  /** Milliseconds. */
  playTo(isThere: () => boolean): number {
    let ms = 0
    while (!isThere()) ms += this.#ask({ do: 'advance', to: this.at + LEAD })
    return ms
  }
  seek(at: Micros): number {
    return this.#ask({ do: 'seek', at, held: this.#held })
  }
  close(): void {
    this.#channel.port1.close()
  }

  #ask(command: Parameters<Session['handle']>[0]): number {
    let ms = 0
    const replies = this.#session.handle(command)
    for (;;) {
      const start = performance.now()
      const { value, done } = replies.next()
      if (done === true || value?.type !== 'frame') return ms + performance.now() - start
      this.#channel.port1.postMessage(value, transferables(value))
      ms += performance.now() - start
      this.#take(receiveMessageOnPort(this.#channel.port2)!.message as Frame)
    }
  }

  /** As the page's film does: what it has of the story it need not be told again. */
  #take({ generation, to, stepsDone, storyFrom, story }: Frame): void {
    const first = story[0]?.index ?? storyFrom
    const before = Math.min(this.#held.lines, storyFrom)
    this.#held = { generation, lines: before === storyFrom && first === storyFrom ? storyFrom + story.length : before }
    this.at = to
    this.steps = stepsDone
  }
}

export function measureSeeks(): SeekFigures {
  const visitor = new Player()
  visitor.playTo(() => visitor.steps >= EVENTS)
  const end = visitor.at
  const wanted = moments(VISITS, end)
  const halves: number[] = [], seeks: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const player = new Player()
    collect()
    halves.push(player.playTo(() => player.at >= end / 2))
    player.close()
    collect()
    for (const at of wanted.filter((_, i) => i % ROUNDS === round)) seeks.push(visitor.seek(at))
  }
  visitor.close()
  const p95Ms = percentile(seeks, 0.95), halfMs = median(halves)
  return { medianMs: median(seeks), p95Ms, halfMs, ratio: p95Ms / halfMs, runSeconds: end / SECOND }
}

/** Heap with the keyframes of a million events less heap without them, one process, after garbage collection. */
export function measureKeyframes(): { readonly megabytes: number; readonly count: number } {
  const timeline = new Timeline(playMachine(busyScenario), newRun(busyScenario))
  timeline.advance(Infinity, () => timeline.state.world.steps >= EVENTS)
  const count = timeline.keyframes
  const kept = heapUsed()
  timeline.forgetKeyframes()
  return { megabytes: (kept - heapUsed()) / 1_000_000, count }
}
function heapUsed(): number {
  collect()
  return process.memoryUsage().heapUsed
}
