/** What Kafka's own classes answered (public conformance vectors), asked of these. */
import { describe, expect, test } from 'vitest'
import keyed from './vectors/keyed-partition.json'
import murmur from './vectors/murmur2.json'
import stickies from './vectors/sticky-partitioner.json'
import backoffs from './vectors/client-backoff.json'
import { exponentialBackoff } from '../network/client.ts'
import { crc32 } from './crc32.ts'
import { murmur2, toPositive } from './murmur2.ts'
import { choosePartition, countBytes, hasHashedKey, loadTable, newSticky, partitionForKey, partitionOfKey } from './partitioner.ts'
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
    expect(Object.fromEntries(input.keys.map((key) => [key, partitionOfKey(key, input.numPartitions, 'java')]))).toEqual(expected)
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
    const available = Array.from({ length: numPartitions }, (_, index) => index).filter((index) => !partitionsWithoutLeader.some((without) => without === index))
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
  const half = 2 ** 31
  test.each(backoffs)('$id: $title', ({ input, expected }) => {
    const backoffMs = Array.from({ length: input.attempts }, (_, attempt) => exponentialBackoff(input.initialMs, input.maxMs, attempt, half) / 1000)
    expect({ backoffMs }).toEqual(expected)
  })
})

describe('librdkafka', () => {
  test('CRC-32 as zlib computes it', () => {
    expect(crc32(utf8('123456789'))).toBe(0xcbf43926)
    expect(crc32([])).toBe(0)
  })
  test('consistent_random: a key by its CRC-32, an empty key like none', () => {
    expect(partitionOfKey('123456789', 7, 'librdkafka')).toBe(0xcbf43926 % 7)
    expect(hasHashedKey('', 'librdkafka')).toBe(false)
    expect(hasHashedKey('', 'java')).toBe(true)
  })
})
