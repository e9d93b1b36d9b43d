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
import { newMemory, type Memory, type Violation } from './invariants-memory.ts'

export const statements = {
  'INV-L1': '0 <= log start <= HW <= LEO',
  'INV-L2': 'offsets increase without gaps',
  'INV-L3': 'leader epochs never decrease along a log',
  'INV-L4': 'the epoch cache holds the first offset of each epoch, and increases',
  'INV-R1': 'logs agree below both high watermarks',
  'INV-R2': 'an epoch and an offset name one record, in whatever log',
  'INV-R3': 'the leader is in the ISR',
  'INV-R4': 'the leader of the newest epoch has nobody in its maximal ISR below its HW',
  'INV-R5': 'every member of the ISR has all that was ever committed',
  'INV-R8': 'HW moves only while the ISR is no smaller than min.insync.replicas',
  'INV-R10': 'HW never goes back on a leader',
  'INV-R11': 'what was committed stays in the log of the current leader',
  'INV-R12': 'what was acknowledged with acks=all is committed',
  'INV-R13': 'a consumer reads what was committed, and nothing else',
  'INV-R15': 'one leader an epoch',
  'INV-R17': 'a truncation drops nothing that was committed',
  'INV-C1': 'the ISR is a part of the replicas',
  'INV-C2': 'the ISR is never empty',
  'INV-C4': 'who is fenced or shutting down is in no ISR, but as its last member',
  'INV-C5': 'each change raises π by one, and ℓ by one if it names a leader',
  'INV-C6': 'a new leader was in the ISR, and is alive',
  'INV-C8': 'a broker registers with ever higher epochs',
  'INV-C9': 'a broker knows a prefix of the committed metadata log',
  'INV-C10': 'no broker knows a leader epoch that is not committed',
  'INV-P1': 'the sequences of a producer lie in the log without gaps, each batch once',
  'INV-P2': 'an idempotent producer\'s records lie in the log in the order of sending',
  'INV-G1': 'a partition is assigned to at most one member of a generation',
} as const
export type InvariantId = keyof typeof statements

/** Looking at everything takes a while: done every so many steps. */
const EVERY = 250

export class Monitor {
  readonly #memory: Memory = newMemory()
  #next = 0

  /** After a step of `node`; throws at the first statement that is broken. */
  stepped(world: World, node: string): void {
    const broken = noteLeaders(world, node, this.#memory)
    if (broken !== undefined) this.#fail(world, broken)
    if (world.steps < this.#next) return
    this.#next = world.steps + EVERY
    this.look(world)
  }

  /** Everything, now. */
  look(world: World): void {
    const broken = checkController(world, this.#memory) ?? checkReplicas(world, this.#memory) ?? checkClients(world, this.#memory)
    if (broken !== undefined) this.#fail(world, broken)
  }

  #fail(world: World, { id, what }: Violation): never {
    throw new Error(`${id} at ${world.now / 1_000_000} s: ${statements[id]}; ${what}`)
  }
}
