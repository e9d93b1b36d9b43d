/** The hash that spreads keys over partitions in the Java client. Follows clients/.../common/utils/Utils.java#murmur2. */
const SEED = 0x9747b28c
const M = 0x5bd1e995
const R = 24

/** Signed 32 bits, as Java has it. */
export function murmur2(bytes: readonly number[]): number {
  const { length } = bytes
  let hash = SEED ^ length
  let at = 0
  for (; at + 4 <= length; at += 4) {
    let word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    word = Math.imul(word, M)
    word ^= word >>> R
    hash = Math.imul(hash, M) ^ Math.imul(word, M)
  }
  if (at < length) {
    for (let tail = length - at - 1; tail >= 0; tail--) hash ^= bytes[at + tail]! << (8 * tail)
    hash = Math.imul(hash, M)
  }
  hash ^= hash >>> 13
  hash = Math.imul(hash, M)
  return hash ^ (hash >>> 15)
}

/** Utils#toPositive: the sign bit cleared, which is not the absolute value. */
export const toPositive = (hash: number): number => hash & 0x7fffffff
