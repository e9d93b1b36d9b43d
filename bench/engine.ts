/** Steps of the busy cluster a second, beside pops and pushes a second of the engine's own heap at that run's mean pending count. */
import { pop, push, type Keyed } from '../src/base/heap.ts'
import { derive, next } from '../src/base/random.ts'
import { step } from '../src/engine/simulation.ts'
import { Trace } from '../src/engine/trace.ts'
import type { Watch } from '../src/engine/watch.ts'
import { busyCluster } from './busy.ts'
import { median, timed } from './measure.ts'

const STEPS = 300_000
const ROUNDS = 5

export interface EngineFigures { readonly eventsPerSecond: number; readonly heapPerSecond: number; readonly ratio: number; readonly pending: number; readonly types: readonly (readonly [string, number])[] }

/** Trace, notes and fingerprint on: everything that a recorded run does. */
function watching(): Watch {
  const trace = new Trace()
  const notes: unknown[] = []
  return {
    sent: (id, at, wire, from, to, message, sentAt, arrivesAt) => trace.add(id, at, from, to, wire.traffic, wire.id, message, sentAt, arrivesAt),
    amended: (id, arrivesAt, fate) => void trace.amend(id, arrivesAt, fate),
    noted: (_at, _step, _cause, _node, fact) => void notes.push(fact),
    stepped: () => undefined,
  }
}

function pendingOfRun(): { readonly mean: number; readonly types: readonly (readonly [string, number])[] } {
  const sim = busyCluster(1, watching())
  const types = new Map<string, number>()
  let sum = 0, looks = 0
  while (sim.world.steps < STEPS) {
    const event = sim.world.queue[0]!
    const before = sim.world.steps
    sum += sim.world.queue.length
    looks++
    step(sim)
    if (sim.world.steps > before) types.set(event.body.type || event.kind, (types.get(event.body.type || event.kind) ?? 0) + 1)
  }
  return { mean: Math.round(sum / looks), types: [...types].sort((a, b) => b[1] - a[1]) }
}

function engineRate(): number {
  const sim = busyCluster(1, watching())
  return STEPS / timed(() => { while (sim.world.steps < STEPS) step(sim) }) * 1000
}

/** The hold model: take the first, put one back a random time later. */
function heapRate(pending: number): number {
  const stream = derive(3, 'bench', 'heap')
  const heap: Keyed[] = []
  let seq = 0
  for (; seq < pending; seq++) push(heap, { at: next(stream) % 1_000_000, seq })
  const turns = 1_000_000
  const ms = timed(() => {
    for (let i = 0; i < turns; i++) {
      const { at } = pop(heap)!
      push(heap, { at: at + (next(stream) % 1_000_000), seq: seq++ })
    }
  })
  return turns / ms * 1000
}

export function measureEngine(): EngineFigures {
  const { mean, types } = pendingOfRun()
  const engine: number[] = [], heap: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    engine.push(engineRate())
    heap.push(heapRate(mean))
  }
  return {
    eventsPerSecond: median(engine), heapPerSecond: median(heap), ratio: median(engine.map((rate, i) => rate / heap[i]!)), pending: mean, types,
  }
}
