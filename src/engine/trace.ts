/**
 * Messages of a run as columns, with their causes: what anything drawn is made of. Bounded: what does not fit any more
 * is forgotten from the front, and made again by running that part once more.
 */
import type { Micros } from '../base/units.ts'
import type { Tagged } from './process.ts'
import type { Fate } from './watch.ts'

const FATES = { arrives: 0, held: 1, lost: 2 } as const satisfies Record<Fate, number>
export type FateNumber = 0 | 1 | 2

/** Contract 13: at most so many messages are kept. */
export const TRACE_LIMIT = 1_000_000

interface NumberedWire { readonly name: string; readonly from: number; readonly to: number; readonly traffic: number; readonly connection: number }

export class Trace {
  length = 0
  id = new Float64Array(1024)
  step = new Float64Array(1024)
  sentAt = new Float64Array(1024)
  arrivesAt = new Float64Array(1024)
  from = new Uint16Array(1024)
  to = new Uint16Array(1024)
  traffic = new Uint16Array(1024)
  connection = new Uint16Array(1024)
  fate = new Uint8Array(1024)
  messages: Tagged[] = []
  readonly names: string[] = []
  readonly #numbers = new Map<string, number>()
  /** What is known of a connection, from its first message on. */
  readonly #wires = new Map<string, NumberedWire>()
  readonly #limit: number

  constructor(limit = TRACE_LIMIT) {
    this.#limit = limit
  }

  add(id: number, step: number, from: string, to: string, traffic: string, connection: string, message: Tagged, sentAt: Micros, arrivesAt: Micros, fate: Fate = 'arrives'): void {
    if (this.length === this.#limit) this.#forget(this.#limit >> 1)
    if (this.length === this.id.length) this.#grow()
    const row = this.length++
    this.id[row] = id
    this.step[row] = step
    this.sentAt[row] = sentAt
    this.arrivesAt[row] = arrivesAt
    const wire = this.#wires.get(connection) ?? this.#numberWire(from, to, traffic, connection)
    const isBack = wire.name !== from
    this.from[row] = isBack ? wire.to : wire.from
    this.to[row] = isBack ? wire.from : wire.to
    this.traffic[row] = wire.traffic
    this.connection[row] = wire.connection
    this.fate[row] = FATES[fate]
    this.messages.push(message)
  }

  /** Ids do not always ascend (a retransmission keeps its own), and what changes is nearly always new: look from the end. */
  amend(id: number, arrivesAt: Micros, fate: Fate): boolean {
    for (let row = this.length - 1; row >= 0; row--) {
      if (this.id[row] !== id) continue
      this.arrivesAt[row] = arrivesAt
      this.fate[row] = FATES[fate]
      return true
    }
    return false
  }

  clear(): void {
    this.length = 0
    this.messages = []
    this.names.length = 0
    this.#numbers.clear()
    this.#wires.clear()
  }

  #numberWire(from: string, to: string, traffic: string, connection: string): NumberedWire {
    const wire: NumberedWire = {
      name: from, from: this.#number(from), to: this.#number(to), traffic: this.#number(traffic), connection: this.#number(connection),
    }
    this.#wires.set(connection, wire)
    return wire
  }

  #number(name: string): number {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    const number = this.names.push(name) - 1
    this.#numbers.set(name, number)
    return number
  }

  #grow(): void {
    const capacity = this.id.length * 2
    this.id = grown(this.id, new Float64Array(capacity))
    this.step = grown(this.step, new Float64Array(capacity))
    this.sentAt = grown(this.sentAt, new Float64Array(capacity))
    this.arrivesAt = grown(this.arrivesAt, new Float64Array(capacity))
    this.from = grown(this.from, new Uint16Array(capacity))
    this.to = grown(this.to, new Uint16Array(capacity))
    this.traffic = grown(this.traffic, new Uint16Array(capacity))
    this.connection = grown(this.connection, new Uint16Array(capacity))
    this.fate = grown(this.fate, new Uint8Array(capacity))
  }

  #forget(count: number): void {
    for (const column of [this.id, this.step, this.sentAt, this.arrivesAt, this.from, this.to, this.traffic, this.connection, this.fate]) column.copyWithin(0, count)
    this.messages.splice(0, count)
    this.length -= count
  }
}

function grown<Column extends Float64Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(old: Column, column: Column): Column {
  column.set(old)
  return column
}
