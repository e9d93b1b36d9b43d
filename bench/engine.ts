/** Steps of the busy cluster a second, beside pops and pushes a second of the engine's own heap at that run's mean pending count. */
import { pop, push } from '../src/base/heap.ts'
import { derive, next } from '../src/base/random.ts'
import type { Micros } from '../src/base/units.ts'
import type { Note, Tagged } from '../src/engine/process.ts'
import { step, type Simulation } from '../src/engine/simulation.ts'
import { Telling } from '../src/engine/telling.ts'
import { Trace } from '../src/engine/trace.ts'
import type { Watch } from '../src/engine/watch.ts'
import type { Scheduled, Wire } from '../src/engine/world.ts'
import { busyCluster } from './busy.ts'
import { collect, median, ROUNDS, timed } from './measure.ts'

const WARM_UP = 30_000
const STEPS = 250_000
const HEAP_TURNS = 2_000_000
/** A session takes the trace whenever it has so many rows. */
const FRAME_ROWS = 1_500

export interface EngineFigures {
  readonly eventsPerSecond: number; readonly heapPerSecond: number; readonly ratio: number; readonly pending: number
  readonly types: readonly (readonly [string, number])[]
}

/** What a session does with every step of a run: each message is a row, each fact a line that stays. */
class Recording implements Watch {
  readonly #story = new Telling()
  readonly #trace = new Trace()
  sent(id: number, at: number, wire: Wire, from: string, to: string, message: Tagged, sentAt: Micros, arrivesAt: Micros): void {
    if (this.#trace.length >= FRAME_ROWS) this.#trace.clear()
    this.#trace.add(id, at, from, to, wire.traffic, wire.id, message, sentAt, arrivesAt)
  }
  amended(id: number, arrivesAt: Micros, fate: Parameters<Watch['amended']>[2]): void {
    this.#trace.amend(id, arrivesAt, fate)
  }
  noted(at: Micros, step: number, cause: number, node: string, fact: Note): void {
    this.#story.add(at, step, cause, node, fact)
  }
  stepped(): void {}
}

function warmCluster(): Simulation {
  const sim = busyCluster(1, new Recording())
  while (sim.world.steps < WARM_UP) step(sim)
  return sim
}

interface Survey { readonly pending: number; readonly delays: readonly Micros[]; readonly types: EngineFigures['types'] }

/** What a run is made of: how much is pending, how far ahead of their time events are scheduled, and which there are. */
function survey(): Survey {
  const sim = warmCluster()
  const { world } = sim
  const types = new Map<string, number>()
  const delays: Micros[] = []
  let pending = 0, turns = 0, seen = world.seq
  for (const end = world.steps + STEPS; world.steps < end; turns++) {
    const { kind, body } = world.queue[0]!
    const { steps } = world
    pending += world.queue.length
    step(sim)
    const type = body.type === '' ? kind : body.type
    if (world.steps > steps) types.set(type, (types.get(type) ?? 0) + 1)
    if (turns % 16 === 0) for (const { seq, at } of world.queue) if (seq > seen) delays.push(at - world.now)
    seen = world.seq
  }
  return { pending: Math.round(pending / turns), delays, types: [...types].sort((a, b) => b[1] - a[1]) }
}

function engineRate(): number {
  const sim = warmCluster()
  collect()
  const end = sim.world.steps + STEPS
  return STEPS / timed(() => { while (sim.world.steps < end) step(sim) }) * 1000
}

/** The hold model: take the first, and put in another, a new one as the kernel's are, as far ahead as the run itself schedules. */
function heapRate(pending: number, delays: readonly Micros[]): number {
  const stream = derive(3, 'bench', 'heap')
  const drawn = Array.from({ length: 65_536 }, () => delays[next(stream) % delays.length]!)
  const heap: Scheduled[] = []
  const body = { type: 'bench' }
  let seq = 0
  const add = (now: Micros): void => {
    seq++
    push(heap, { at: now + drawn[seq & 65_535]!, seq, cause: seq, to: 'b1', incarnation: 0, kind: 'timer', body, on: 'bench', sentAt: now })
  }
  while (seq < pending) add(0)
  collect()
  const ms = timed(() => {
    for (let i = 0; i < HEAP_TURNS; i++) add(pop(heap)!.at)
  })
  return HEAP_TURNS / ms * 1000
}

export function measureEngine(): EngineFigures {
  const { pending, delays, types } = survey()
  const engine: number[] = [], heap: number[] = []
  // The first round is the compiler's.
  for (let round = 0; round <= ROUNDS; round++) {
    const rates = [engineRate(), heapRate(pending, delays)] as const
    if (round === 0) continue
    engine.push(rates[0])
    heap.push(rates[1])
  }
  return { eventsPerSecond: median(engine), heapPerSecond: median(heap), ratio: median(engine.map((rate, i) => rate / heap[i]!)), pending, types }
}
