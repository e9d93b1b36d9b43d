/**
 * Notes of a run as columns, with their causes. A run tells about as many facts as it has steps; as columns they weigh half
 * of what they would as objects, and nobody has to carry them from one generation of the heap to the next.
 */
import { known } from '../base/assert.ts'
import { countLeading } from '../base/search.ts'
import type { Micros } from '../base/units.ts'
import type { Note } from './process.ts'

export interface Told { readonly at: Micros; readonly step: number; readonly cause: number; readonly node: string; readonly fact: Note }

/** Fields of a fact, in order. */
interface Shape { readonly number: number; readonly keys: readonly string[] }

/** Values lie in blocks, so that no list grows without end. */
const BLOCK = 65_536
const IN_BLOCK = BLOCK - 1
/** No fact has so many fields. */
const MOST_FIELDS = 64

export class Telling {
  /** How many have been told, those forgotten from the front among them: a fact keeps its number. */
  length: number
  /** So many of the oldest are forgotten. */
  first: number
  #at = new Float64Array(1024)
  #step = new Float64Array(1024)
  #cause = new Float64Array(1024)
  #shape = new Uint16Array(1024)
  /** Where a fact's values begin. */
  #begin = new Uint32Array(1024)
  readonly #nodes: string[] = []
  readonly #shapes: Shape[] = []
  readonly #byCode = new Map<string, Shape[]>()
  /** Of the last fact of each code. */
  readonly #latest = new Map<string, Shape>()
  readonly #blocks: unknown[][] = []
  #values = 0

  /** What is told first is told as number `first`. */
  constructor(first = 0) {
    this.first = first
    this.length = first
  }

  add(at: Micros, step: number, cause: number, node: string, fact: Note): void {
    const row = this.length++ - this.first
    if (row === this.#at.length) this.#grow()
    this.#at[row] = at
    this.#step[row] = step
    this.#cause[row] = cause
    this.#nodes[row] = node
    const fields = fact as unknown as Readonly<Record<string, unknown>>
    const block = this.#roomy()
    const first = this.#values
    // The values are put down while the keys are compared with those of the last fact of this code: mostly they are the same.
    let shape = this.#latest.get(fact.code)
    let count = 0
    let isSame = shape !== undefined
    for (const key in fields) {
      if (isSame && key !== shape!.keys[count]) isSame = false
      block[(first + count++) & IN_BLOCK] = fields[key]
    }
    if (!isSame || shape!.keys.length !== count) this.#latest.set(fact.code, (shape = this.#shapeOf(fact.code, fields)))
    this.#shape[row] = shape!.number
    this.#begin[row] = first
    this.#values = first + count
  }

  atOf(number: number): Micros {
    return this.#at[number - this.first]!
  }
  stepOf(number: number): number {
    return this.#step[number - this.first]!
  }
  /** The fact with this number as it was told, in an object of its own. */
  told(number: number): Told {
    const row = number - this.first
    const { keys } = known(this.#shapes[this.#shape[row]!], 'the shape of a fact')
    const fact: Record<string, unknown> = {}
    let value = this.#begin[row]!
    for (const key of keys) fact[key] = this.#blocks[Math.floor(value / BLOCK)]![value++ & IN_BLOCK]
    return { at: this.#at[row]!, step: this.#step[row]!, cause: this.#cause[row]!, node: this.#nodes[row]!, fact: fact as unknown as Note }
  }

  /** The number of the first fact told after this step; `length` if there is none. */
  firstAfter(step: number): number {
    return this.first + countLeading(this.length - this.first, (row) => this.#step[row]! <= step)
  }

  /** Forget everything from this number on. */
  shorten(length: number): void {
    const rows = Math.max(0, length - this.first)
    if (this.first + rows >= this.length) return
    this.#values = this.#begin[rows]!
    this.length = this.first + rows
    this.#nodes.length = rows
    this.#blocks.length = Math.floor(this.#values / BLOCK) + 1
  }

  /** Forget everything before this number. */
  forget(first: number): void {
    const rows = Math.min(first, this.length) - this.first
    if (rows <= 0) return
    this.first += rows
    for (const column of [this.#at, this.#step, this.#cause, this.#shape, this.#begin]) column.copyWithin(0, rows)
    this.#nodes.splice(0, rows)
    const left = this.length - this.first
    const blocks = left === 0 ? this.#blocks.length : Math.floor(this.#begin[0]! / BLOCK)
    this.#blocks.splice(0, blocks)
    this.#values = left === 0 ? 0 : this.#values - blocks * BLOCK
    for (let row = 0; row < left; row++) this.#begin[row]! -= blocks * BLOCK
  }

  /** The block for the next fact: a fact lies in one. */
  #roomy(): unknown[] {
    const left = this.#blocks.length * BLOCK - this.#values
    if (left < MOST_FIELDS) {
      this.#values += left
      // All of its room at once: a list that grows to this length is copied many times.
      const block: unknown[] = []
      block.length = BLOCK
      this.#blocks.push(block)
    }
    return this.#blocks[this.#blocks.length - 1]!
  }

  #shapeOf(code: string, fields: Readonly<Record<string, unknown>>): Shape {
    let shapes = this.#byCode.get(code)
    if (shapes === undefined) this.#byCode.set(code, (shapes = []))
    for (const shape of shapes) if (hasKeys(fields, shape.keys)) return shape
    const shape: Shape = { number: this.#shapes.length, keys: Object.keys(fields) }
    this.#shapes.push(shape)
    shapes.push(shape)
    return shape
  }

  #grow(): void {
    const capacity = this.#at.length * 2
    this.#at = grown(this.#at, new Float64Array(capacity))
    this.#step = grown(this.#step, new Float64Array(capacity))
    this.#cause = grown(this.#cause, new Float64Array(capacity))
    this.#shape = grown(this.#shape, new Uint16Array(capacity))
    this.#begin = grown(this.#begin, new Uint32Array(capacity))
  }
}

function hasKeys(fields: Readonly<Record<string, unknown>>, keys: readonly string[]): boolean {
  let count = 0
  for (const key in fields) if (key !== keys[count++]) return false
  return count === keys.length
}

function grown<Column extends Float64Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(old: Column, column: Column): Column {
  column.set(old)
  return column
}
