/** What Kafka's own classes answered (public conformance vectors), asked of these. */
import { describe, expect, test } from 'vitest'
import keyed from './vectors/keyed-partition.json'
import murmur from './vectors/murmur2.json'
import stickies from './vectors/sticky-partitioner.json'
import backoffs from './vectors/client-backoff.json'
import { backoffTerm, exponentialBackoff } from '../network/backoff.ts'
import { crc32 } from './crc32.ts'
import { murmur2, toPositive } from './murmur2.ts'
import { choosePartition, countBytes, hasHashedKey, loadTable, newSticky, partitionForKey, keyedPartition } from './partitioner.ts'
import { utf8 } from './utf8.ts'

const bytesOf = (hex: string): number[] => (hex.match(/../g) ?? []).map((pair) => parseInt(pair, 16))

describe('murmur2', () => {
  test.each(murmur)('$id: $title', ({ input, expected }) => {
    const hash = murmur2(bytesOf(input.hex))
    expect({ int32: hash, toPositive: toPositive(hash) }).toEqual(expected)
    if (input.utf8 !== undefined) expect(utf8(input.utf8)).toEqual(bytesOf(input.hex))
  })
})

describe('keyed partition', () => {
  test.each(keyed.filter(({ variant }) => variant === 'utf8'))('$id: $title', ({ input, expected }) => {
    expect(Object.fromEntries(input.keys.map((key) => [key, keyedPartition('java', key, input.numPartitions)]))).toEqual(expected)
  })
  test.each(keyed.filter(({ variant }) => variant === 'number'))('$id: $title', ({ input, expected }) => {
    const width = input.serializer === 'IntegerSerializer' ? 4n : 8n
    const bytes = (key: string) => bytesOf(BigInt.asUintN(Number(width) * 8, BigInt(key)).toString(16).padStart(Number(width) * 2, '0'))
    expect(Object.fromEntries(input.keys.map((key) => [key, partitionForKey(bytes(key), input.numPartitions, 'java')]))).toEqual(expected)
  })
})

describe('sticky partitioner', () => {
  test.each(stickies.filter(({ variant }) => variant === 'sticky'))('$id: $title', ({ input, expected }) => {
    const { batchSize = 0, numPartitions = 0, partitionsWithoutLeader = [], appendedBytes = [], switchAllowed = [] } = input
    const draws = [...(input.randomDraws ?? [])]
    const available = Array.from({ length: numPartitions }, (_, index) =>
      index).filter((index) => !partitionsWithoutLeader.some((without) => without === index))
    const sticky = newSticky()
    const choose = () => choosePartition(undefined, available, numPartitions, draws.shift()!)
    const partitionOfEachRecord = appendedBytes.map((bytes, i) => {
      sticky.partition ??= choose()
      const partition = sticky.partition
      countBytes(sticky, bytes, batchSize, switchAllowed[i]!, choose)
      return partition
    })
    expect({ partitionOfEachRecord }).toEqual(expected)
  })
  test.each(stickies.filter(({ variant }) => variant === 'adaptive'))('$id: $title', ({ input, expected }) => {
    const table = loadTable(input.queueSizes ?? [], input.partitionIds ?? [], input.length ?? 0)
    expect(table !== undefined).toBe(expected.adaptive)
    if (table === undefined) return
    expect(table.cumulative).toEqual(expected.cumulativeFrequencyTable)
    const weights = table.partitions.map((partition, i) => [partition, table.cumulative[i]! - (table.cumulative[i - 1] ?? 0)])
    expect(Object.fromEntries(weights)).toEqual(expected.frequencyPerPartition)
  })
})

describe('backoff', () => {
  test.each(backoffs)('$id: $title', ({ input, expected }) => {
    const backoffMs = Array.from({ length: input.attempts }, (_, attempt) => Math.floor(backoffTerm(input.initialMs, input.maxMs, attempt)))
    expect({ backoffMs }).toEqual(expected)
  })
  test('the largest one is what Java 17 computed: the limit, or one less by the last bit of its logarithm', () => {
    const computed = [
      [1, 1000, 1000], [1, 1001, 1000], [1, 2000, 2000], [1, 5000, 5000], [1, 10000, 10000], [1, 30000, 30000],
      [1, 300000, 299999], [3, 1000, 1000], [3, 1001, 1001], [3, 2000, 2000], [3, 5000, 5000], [3, 10000, 9999],
      [3, 30000, 30000], [3, 300000, 300000], [7, 1000, 999], [7, 1001, 1000], [7, 2000, 2000], [7, 5000, 4999],
      [7, 10000, 9999], [7, 30000, 30000], [7, 300000, 299999], [20, 1000, 999], [20, 1001, 1001], [20, 2000, 2000],
      [20, 5000, 5000], [20, 10000, 10000], [20, 30000, 29999], [20, 300000, 300000], [50, 1000, 1000],
      [50, 1001, 1001], [50, 2000, 2000], [50, 5000, 5000], [50, 10000, 9999], [50, 30000, 30000],
      [50, 300000, 299999], [100, 1000, 1000], [100, 1001, 1001], [100, 2000, 2000], [100, 5000, 4999],
      [100, 10000, 10000], [100, 30000, 30000], [100, 300000, 299999], [300, 1000, 1000], [300, 1001, 1000],
      [300, 2000, 1999], [300, 5000, 4999], [300, 10000, 10000], [300, 30000, 30000], [300, 300000, 300000],
      [999, 1000, 1000], [999, 1001, 1001], [999, 2000, 2000], [999, 5000, 5000], [999, 10000, 10000],
      [999, 30000, 30000], [999, 300000, 300000],
    ]
    expect(computed.map(([initial, max]) => [initial, max, Math.floor(backoffTerm(initial!, max!, 30))])).toEqual(computed)
  })
  test('jitter takes a fifth off or adds one', () => {
    expect([0, 2 ** 31, 2 ** 32 - 1].map((word) => exponentialBackoff(100, 1000, 0, word))).toEqual([80_000, 100_000, 120_000])
  })
})

describe('librdkafka', () => {
  test('CRC-32 as zlib computes it', () => {
    expect(crc32(utf8('123456789'))).toBe(0xcbf43926)
    expect(crc32([])).toBe(0)
  })
  test('consistent_random: a key by its CRC-32, an empty key like none', () => {
    expect(keyedPartition('librdkafka', '123456789', 7)).toBe(0xcbf43926 % 7)
    expect(hasHashedKey('', 'librdkafka')).toBe(false)
    expect(hasHashedKey('', 'java')).toBe(true)
  })
})
