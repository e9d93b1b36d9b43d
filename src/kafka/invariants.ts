/**
 * What must always be true, by the names of the semantics (part 9). A monitor watches one run forwards and says which
 * statement a moment breaks. Unclean elections, retention and lost disks, which would excuse some, are not in this version.
 *
 * Notation: I = ISR, R = replicas, λ = leader, ℓ = leader epoch, π = partition epoch, LEO = log end offset,
 * HW = high watermark; trueHW = how far any leader has ever committed, and `prefix` the records below it.
 */
import type { World } from '../engine/world.ts'
import { checkController } from './invariants-controller.ts'
import { checkClients } from './invariants-clients.ts'
import { checkReplicas, noteLeaders } from './invariants-log.ts'
import { checkQuorum, noteVoter } from './invariants-quorum.ts'
import { checkTransactions } from './invariants-transactions.ts'
import { newMemory, type Memory, type Violation } from './invariants-memory.ts'
import { statements } from './invariants-names.ts'

/** Looking at everything takes a while: done every so many steps. */
const EVERY = 250

export class Monitor {
  readonly #memory: Memory = newMemory()
  #next = 0

  /** After a step of `node`; throws at the first statement that is broken. */
  stepped(world: World, node: string): void {
    const broken = noteLeaders(world, node, this.#memory) ?? noteVoter(world, node, this.#memory)
    if (broken !== undefined) this.#fail(world, broken)
    if (world.steps < this.#next) return
    this.#next = world.steps + EVERY
    this.look(world)
  }

  /** Everything, now. */
  look(world: World): void {
    const broken = checkQuorum(world, this.#memory) ?? checkController(world, this.#memory) ?? checkReplicas(world, this.#memory) ?? checkClients(world, this.#memory) ?? checkTransactions(world, this.#memory)
    if (broken !== undefined) this.#fail(world, broken)
  }

  #fail(world: World, { id, what }: Violation): never {
    throw new Error(`${id} at ${world.now / 1_000_000} s: ${statements[id]}; ${what}`)
  }
}
