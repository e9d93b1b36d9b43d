/**
 * sfc32 with its four words in plain state, so that a snapshot holds them. Bit-identical in every JavaScript engine: only
 * integer adds, shifts and xors.
 */
import { hashOf } from './hash.ts'

export type Random = [a: number, b: number, c: number, counter: number]

/** A stream of its own for each (seed, node, purpose): one more use of luck somewhere changes nobody else's. */
export function derive(seed: number, node: string, purpose: string): Random {
  let state = (seed ^ Math.imul(hashOf(node), 0x9e3779b1) ^ Math.imul(hashOf(purpose), 0x85ebca77)) | 0
  const word = (): number => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) | 0
  }
  const stream: Random = [word(), word(), word(), 1]
  for (let i = 0; i < 12; i++) next(stream)
  return stream
}

/** The next word, 0 .. 2^32 - 1. */
export function next(stream: Random): number {
  let [a, b, c, counter] = stream
  const word = (((a + b) | 0) + counter) | 0
  counter = (counter + 1) | 0
  a = b ^ (b >>> 9)
  b = (c + (c << 3)) | 0
  c = (c << 21) | (c >>> 11)
  c = (c + word) | 0
  stream[0] = a
  stream[1] = b
  stream[2] = c
  stream[3] = counter
  return word >>> 0
}

/** Uniform in 0 .. bound - 1 (bias below bound / 2^32). */
export const below = (word: number, bound: number): number => Math.floor((word / 4294967296) * bound)
