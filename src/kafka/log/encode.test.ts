import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crc32c } from './crc32c.ts'
import { bytesOfBatch, encodeBatch } from './encode.ts'
import { isWhole, readHeader } from './header.ts'
import { CONTROL, DELETE_HORIZON, LOG_APPEND_TIME, newBatch, NO_PRODUCER, RUN_BEGAN_MS, stamped, TRANSACTIONAL, varintSize, type KafkaRecord } from './record.ts'
import { varint, varlong } from './varint.ts'

const record = fc.record({
  id: fc.constant('p#1'),
  key: fc.option(fc.string({ unit: 'binary', maxLength: 90 }), { nil: undefined }),
  value: fc.option(fc.string({ unit: 'binary', maxLength: 90 }), { nil: undefined }),
  valueBytes: fc.option(fc.nat({ max: 200 }), { nil: undefined }),
  timestamp: fc.nat({ max: 2 ** 40 }),
})

describe('a batch in bytes', () => {
  test('is as long as the model takes it to be, whole, and says in its header what the batch is', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 70 }), fc.nat(2 ** 31 - 1), (records: KafkaRecord[], number) => {
        const producer = { producerId: number, producerEpoch: 3, baseSequence: 5 }
        const batch = stamped(newBatch(records, 'p', producer), number, 7)
        const bytes = bytesOfBatch(batch)
        expect(bytes.length).toBe(batch.sizeInBytes)
        expect(isWhole(bytes)).toBe(true)
        expect(readHeader(bytes)).toMatchObject({
          ...producer, baseOffset: number, partitionLeaderEpoch: 7, magic: 2, batchLength: bytes.length - 12,
          lastOffsetDelta: records.length - 1, recordCount: records.length, maxTimestamp: batch.maxTimestamp + RUN_BEGAN_MS,
        })
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  // Docs, Record Batch: "The CRC covers the data from the attributes to the end of the batch"; "the partition leader epoch field is not
  // included in the CRC computation to avoid the need to recompute the CRC when this field is assigned for every batch that is received".
  test('stays whole when the leader stamps it, and is broken by any other change', () => {
    const batch = newBatch([{ id: 'p#1', key: 'k', value: 'v', valueBytes: undefined, timestamp: 0 }], 'p', NO_PRODUCER)
    const sent = bytesOfBatch(batch)
    expect(readHeader(sent).crc).toBe(readHeader(bytesOfBatch(stamped(batch, 42, 9))).crc)
    for (let at = 21; at < sent.length; at++) expect(isWhole(sent.map((byte, i) => (i === at ? byte ^ 1 : byte)))).toBe(false)
    expect(isWhole(sent.subarray(0, 40))).toBe(false)
  })

  // Docs, Record Batch, attributes: "bit 3: timestampType, bit 4: isTransactional, bit 5: isControlBatch, bit 6: hasDeleteHorizonMs".
  test('says in its attributes what kind it is', () => {
    expect([LOG_APPEND_TIME, TRANSACTIONAL, CONTROL, DELETE_HORIZON]).toEqual([3, 4, 5, 6].map((bit) => 1 << bit))
    const batch = { baseOffset: 0, partitionLeaderEpoch: 0, ...NO_PRODUCER, transactional: true, control: true, logAppendTime: 77 }
    const header = readHeader(encodeBatch(batch, [{ timestamp: 5, key: undefined, value: undefined, headers: [] }]))
    expect(header).toMatchObject({ attributes: LOG_APPEND_TIME | TRANSACTIONAL | CONTROL, baseTimestamp: 5, maxTimestamp: 77 })
  })
})

describe('varints', () => {
  test('are as long as is reckoned with', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), fc.integer(), (long, int) => {
      if (Math.abs(long) < 2 ** 52) expect(varlong(BigInt(long)).length).toBe(varintSize(long))
      expect(varint(int).length).toBe(varintSize(int))
      expect(varlong(BigInt(int))).toEqual(varint(int))
    }), { seed: 1, numRuns: 500 })
  })
})

test('CRC-32C of "123456789", as RFC 3720 has it', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
})
