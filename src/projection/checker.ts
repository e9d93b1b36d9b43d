/**
 * The named statements of the semantics, looked at over and over: which of them a run has broken, and when that was noticed.
 *
 * A run is the same whenever it is made again, so it is only looked at where it has not been before. What is broken on one
 * way is not on another: from a fork on everything is looked at anew.
 */
import type { Connection, Note, Tagged } from '../engine/process.ts'
import type { World } from '../engine/world.ts'
import { Monitor } from '../kafka/invariants.ts'
import type { Violation } from '../kafka/invariants-memory.ts'
import type { InvariantId } from '../kafka/invariants-names.ts'
import type { Micros } from '../base/units.ts'

/** A statement that the run has broken, when that was first noticed, and what was seen there; `partition` where records are concerned. */
export interface BrokenPromise { readonly id: InvariantId; readonly at: Micros; readonly partition: string | undefined; readonly what: string }

export class Checker {
  /** The first time of each, in order. */
  broken: readonly (BrokenPromise & { readonly step: number })[] = []
  #reached = 0
  #monitor = this.#begin()

  noted(step: number, node: string, fact: Note): void {
    if (step > this.#reached) this.#monitor.noted(node, fact)
  }

  sent(step: number, on: Connection, from: string, to: string, message: Tagged): void {
    if (step > this.#reached) this.#monitor.sent(on, from, to, message)
  }

  stepped(world: World, node: string): void {
    if (world.steps <= this.#reached) return
    this.#reached = world.steps
    this.#monitor.stepped(world, node)
  }

  branch(world: World): void {
    const { steps } = world
    this.#reached = steps
    this.broken = this.broken.filter(({ step }) => step <= steps)
    this.#monitor = this.#begin()
    this.#monitor.begin(world)
  }

  #begin(): Monitor {
    return new Monitor((violation, world) => this.#take(violation, world))
  }

  #take({ id, what, partition }: Violation, { now, steps }: World): void {
    if (this.broken.some((one) => one.id === id)) return
    this.broken = [...this.broken, Object.freeze({ id, at: now, step: steps, partition, what })]
  }
}
