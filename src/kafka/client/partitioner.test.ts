import { describe, expect, test } from 'vitest'
import { crc32 } from './crc32.ts'
import { hasHashedKey, keyedPartition } from './partitioner.ts'
import { utf8 } from './utf8.ts'

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
