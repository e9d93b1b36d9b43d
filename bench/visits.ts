/** Seeks into a long run, and what its keyframes weigh. */
import { Session } from '../src/bridge/session.ts'
import { Timeline } from '../src/engine/timeline.ts'
import { newRun, playMachine } from '../src/scenario/play.ts'
import { busyScenario } from './busy.ts'
import { collect, median, moments, percentile, timed } from './measure.ts'

const EVENTS = 1_000_000
const VISITS = 200
const ROUNDS = 5

export interface SeekFigures { readonly medianMs: number; readonly p95Ms: number; readonly halfMs: number; readonly ratio: number; readonly runSeconds: number }

/** How much run time a million events take. */
function lengthOf(): number {
  const machine = playMachine(busyScenario)
  const run = newRun(busyScenario)
  while (run.world.steps < EVENTS) machine.step(run)
  return run.world.now
}

const drain = (frames: Iterable<unknown>): void => { for (const _ of frames) void _ }

export function measureSeeks(): SeekFigures {
  const end = lengthOf()
  const session = new Session()
  drain(session.handle({ do: 'load', scenario: busyScenario, seed: 1, journal: [], at: 0 }))
  const halfMs = timed(() => drain(session.handle({ do: 'advance', to: Math.floor(end / 2) })))
  drain(session.handle({ do: 'seek', at: end }))
  const all: number[] = []
  const p95s: number[] = []
  const wanted = moments(VISITS, end)
  for (let round = 0; round < ROUNDS; round++) {
    const part = wanted.filter((_, i) => i % ROUNDS === round).map((at) => timed(() => drain(session.handle({ do: 'seek', at }))))
    all.push(...part)
    p95s.push(percentile(part, 0.95))
  }
  const p95Ms = percentile(all, 0.95)
  return { medianMs: median(all), p95Ms, halfMs, ratio: p95Ms / halfMs, runSeconds: end / 1_000_000 }
}

/** Heap with the keyframes of a million events less heap without them, one process, after garbage collection. */
export function measureKeyframes(): { readonly megabytes: number; readonly count: number } {
  const machine = playMachine(busyScenario)
  const timeline = new Timeline(machine, newRun(busyScenario))
  timeline.advance(Infinity, () => timeline.state.world.steps >= EVENTS)
  const count = timeline.keyframes
  const kept = heapUsed()
  timeline.forgetKeyframes()
  const bare = heapUsed()
  return { megabytes: (kept - bare) / 1_048_576, count }
}
function heapUsed(): number {
  collect()
  collect()
  return process.memoryUsage().heapUsed
}
