/**
 * Which partition a record goes to when its sender does not say (PRD-10 to PRD-14, KIP-480 and KIP-794).
 * Follows clients/.../producer/internals/BuiltInPartitioner.java; for librdkafka its `consistent_random`.
 *
 * Simplified: of librdkafka only the way it spreads keys is modelled; all else is the Java client's.
 */
import { crc32 } from './crc32.ts'
import { murmur2, toPositive } from './murmur2.ts'
import { utf8 } from './utf8.ts'

export type Library = 'java' | 'librdkafka'

/** The index of a keyed record's partition. Partitions without a leader count too: keyed records never move. */
export const partitionForKey = (key: readonly number[], partitions: number, library: Library): number => hashOfKey(key, library) % partitions
const hashOfKey = (key: readonly number[], library: Library): number => (library === 'java' ? toPositive(murmur2(key)) : crc32(key))

/** librdkafka treats an empty key as none. */
export const hasHashedKey = (key: string | undefined, library: Library): key is string =>
  key !== undefined && (library === 'java' || key.length > 0)

/** Remembered, because the same keys come for ever. */
const hashes = { java: new Map<string, number>(), librdkafka: new Map<string, number>() } as const
const REMEMBERED_KEYS = 65_536

export function keyedPartition(library: Library, key: string, partitions: number): number {
  const known = hashes[library]
  let hash = known.get(key)
  if (hash === undefined) {
    hash = hashOfKey(utf8(key), library)
    if (known.size < REMEMBERED_KEYS) known.set(key, hash)
  }
  return hash % partitions
}

/** Where a topic's records without a key go at the moment. */
export interface Sticky {
  /** undefined = not chosen yet */
  partition: number | undefined
  /** Bytes appended to it since it was chosen. */
  bytes: number
  /** Queue lengths turned into weights; undefined = choose evenly. Frozen. */
  load: LoadTable | undefined
}
export interface LoadTable { readonly partitions: readonly number[]; readonly cumulative: readonly number[] }

export const newSticky = (): Sticky => ({ partition: undefined, bytes: 0, load: undefined })

/** `available` are the partitions with a leader, ascending; `count` all of them. The word is any random 32 bits. */
export function choosePartition(load: LoadTable | undefined, available: readonly number[], count: number, word: number): number {
  const draw = toPositive(word)
  if (load === undefined) return available.length > 0 ? available[draw % available.length]! : draw % count
  const { cumulative, partitions } = load
  const weighted = draw % cumulative[cumulative.length - 1]!
  return partitions[cumulative.findIndex((sum) => sum > weighted)]!
}

/**
 * PRD-13: the unit is bytes, not one batch. `complete` says that the current batch takes no more records; without that
 * only twice `batch.size` makes the partition change. True when it did.
 */
export function countBytes(sticky: Sticky, bytes: number, batchSize: number, complete: boolean, choose: () => number): boolean {
  sticky.bytes += bytes
  const enough = Math.max(1, batchSize)
  if (!((sticky.bytes >= enough && complete) || sticky.bytes >= 2 * enough)) return false
  sticky.partition = choose()
  sticky.bytes = 0
  return true
}

/**
 * PRD-14: the longer a partition's queue, the smaller its weight. Only the first `taking` of the partitions take part.
 * Undefined when there is nothing to prefer.
 */
export function loadTable(queueSizes: readonly number[], partitions: readonly number[], taking: number): LoadTable | undefined {
  if (taking < 1 || queueSizes.length < 2) return undefined
  const sizes = queueSizes.slice(0, taking)
  const longest = sizes.reduce((most, size) => Math.max(most, size), 0)
  if (taking === queueSizes.length && sizes.every((size) => size === longest)) return undefined
  let sum = 0
  const cumulative = sizes.map((size) => (sum += longest + 1 - size))
  return Object.freeze({ partitions: Object.freeze(partitions.slice(0, taking)), cumulative: Object.freeze(cumulative) })
}
