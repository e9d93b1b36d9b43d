/**
 * What must always be true, by the names of the semantics (part 9). A monitor watches one run forwards and says which
 * statement a moment breaks. It excuses nothing: an unclean election, a lost disk or a damaged file breaks some by right, and
 * whoever listens may say so.
 *
 * Notation: I = ISR, R = replicas, λ = leader, ℓ = leader epoch, π = partition epoch, LEO = log end offset,
 * HW = high watermark; trueHW = how far any leader has ever committed, and `prefix` the records below it.
 */
import type { Note } from '../engine/process.ts'
import type { World } from '../engine/world.ts'
import { checkController } from './invariants-controller.ts'
import { checkClients, passOver } from './invariants-clients.ts'
import { checkReplicas, forgetPartition, noteLeaders, noteMoved, recallCommitted } from './invariants-log.ts'
import { checkQuorum, noteVoter } from './invariants-quorum.ts'
import { checkShares } from './invariants-share.ts'
import { checkTransactions } from './invariants-transactions.ts'
import { newMemory, type Memory, type Violation } from './invariants-memory.ts'
import { statements } from './invariants-names.ts'
import type { FactOf } from './notes.ts'

/** Looking at everything takes a while: done every so many steps. What is broken may have been so a little longer. */
const EVERY = 250

export class Monitor {
  readonly #memory: Memory = newMemory()
  readonly #report: (broken: Violation, world: World) => void
  #next = 0
  /** Leaders whose high watermark has moved in this step. */
  #moved: { readonly node: string; readonly partition: string }[] = []

  /** `report` is told of a statement that is broken; without it, it is an error. */
  constructor(report: (broken: Violation, world: World) => void = fail) {
    this.#report = report
  }

  /** For a run that is not looked at from its start: what it is now counts as right. */
  begin(world: World): void {
    recallCommitted(world, this.#memory)
    passOver(world, this.#memory)
  }

  /** A fact that `node` has told in the step that is on. */
  noted(node: string, fact: Note): void {
    if (fact.code === 'highWatermark.advanced') this.#moved.push({ node, partition: (fact as unknown as FactOf<'highWatermark.advanced'>).partition })
  }

  /** After a step of `node`. */
  stepped(world: World, node: string): void {
    if (this.#moved.length > 0) {
      for (const each of this.#moved) this.#tell(world, noteMoved(world, each.node, each.partition, this.#memory))
      this.#moved = []
    }
    this.#tell(world, noteVoter(world, node, this.#memory))
    if (world.steps < this.#next) return
    this.#next = world.steps + EVERY
    this.look(world)
  }

  /** Everything, now. */
  look(world: World): void {
    // What clients were told is held against what was committed before a loss is found, and what is known of it is given up.
    for (const check of [noteLeaders, checkQuorum, checkController, checkClients, checkReplicas, checkTransactions, checkShares]) this.#tell(world, check(world, this.#memory))
  }

  #tell(world: World, broken: Violation | undefined): void {
    if (broken === undefined) return
    this.#report(broken, world)
    // What is lost is lost: from now on the log of whoever leads is what has been committed.
    if (broken.partition !== undefined) forgetPartition(world, broken.partition, this.#memory)
  }
}

function fail({ id, what }: Violation, world: World): never {
  throw new Error(`${id} at ${world.now / 1_000_000} s: ${statements[id]}; ${what}`)
}
