/** A running simulation, and the two things everything in the kernel needs of it: a place in the queue, and luck. */
import { assert } from '../base/assert.ts'
import { push } from '../base/heap.ts'
import { derive, next } from '../base/random.ts'
import type { Micros } from '../base/units.ts'
import type { AnyProcessType, Tagged } from './process.ts'
import type { Watch } from './watch.ts'
import type { Kind, Node, Scheduled, World } from './world.ts'

export interface Simulation {
  world: World
  readonly types: ReadonlyMap<string, AnyProcessType>
  watch: Watch
}

/** Contract 13: a queue that grows past this is a fault of the model, not a busy cluster. */
const QUEUE_LIMIT = 1_000_000

/** Contract 1: `seq` is given when something is scheduled. What is read or tried again keeps the one it had. */
export function schedule(
  sim: Simulation, at: Micros, to: string, incarnation: number, kind: Kind, body: Tagged, on: string,
  cause: number = sim.world.steps, sentAt: Micros = sim.world.now, seq: number = ++sim.world.seq,
): Scheduled {
  const event: Scheduled = { at, seq, cause, to, incarnation, kind, body, on, sentAt }
  assert(sim.world.queue.length < QUEUE_LIMIT, 'the queue of scheduled events is bounded')
  push(sim.world.queue, event)
  return event
}

/** Contract 10: one stream a (seed, node, purpose), made at first use. */
export function randomWord(world: World, node: Node, name: string, purpose: string): number {
  let stream = node.random.get(purpose)
  if (stream === undefined) {
    stream = derive(world.seed, name, purpose)
    node.random.set(purpose, stream)
  }
  return next(stream)
}
