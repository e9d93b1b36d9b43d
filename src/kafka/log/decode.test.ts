import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLog, decodeRecords, type DecodedBatch, type DecodedRecord } from './decode.ts'
import { bytesOfBatch, encodeBatch, type RecordFields } from './encode.ts'
import { BATCH_HEADER_BYTES, CONTROL, newBatch, NO_PRODUCER, stamped, TRANSACTIONAL, type KafkaRecord } from './record.ts'

/** Segments that a broker of Apache Kafka 4.3.1 wrote, and what its DumpLogSegments --print-data-log says of each. */
const fixture = (name: string) => {
  const file = join(import.meta.dirname, 'fixtures', name)
  return { bytes: new Uint8Array(readFileSync(`${file}.log`)), dump: readFileSync(`${file}.txt`, 'utf8').trimEnd().split('\n').slice(2) }
}
const text = (bytes: Uint8Array | undefined): string | undefined => (bytes === undefined ? undefined : new TextDecoder().decode(bytes))
const size = (bytes: Uint8Array | undefined): number => bytes?.length ?? -1

function batchLine({ position, sizeInBytes, header, lastOffset, codec }: DecodedBatch): string {
  const { baseOffset, recordCount, baseSequence, producerId, producerEpoch, partitionLeaderEpoch, attributes, maxTimestamp, magic, crc } = header
  const last = baseSequence < 0 ? -1 : baseSequence + header.lastOffsetDelta
  return `baseOffset: ${baseOffset} lastOffset: ${lastOffset} count: ${recordCount} baseSequence: ${baseSequence} lastSequence: ${last} producerId: ${producerId} producerEpoch: ${producerEpoch} partitionLeaderEpoch: ${partitionLeaderEpoch} isTransactional: ${(attributes & TRANSACTIONAL) !== 0} isControl: ${(attributes & CONTROL) !== 0} deleteHorizonMs: OptionalLong.empty position: ${position} CreateTime: ${maxTimestamp} size: ${sizeInBytes} magic: ${magic} compresscodec: ${codec} crc: ${crc} isvalid: true`
}
function recordLine({ header }: DecodedBatch, { offset, timestamp, key, value, headers }: DecodedRecord): string {
  const sequence = header.baseSequence < 0 ? -1 : header.baseSequence + offset - header.baseOffset
  const said = `| offset: ${offset} CreateTime: ${timestamp} keySize: ${size(key)} valueSize: ${size(value)} sequence: ${sequence} headerKeys: [${headers.map((each) => text(each.key)).join(',')}]`
  if ((header.attributes & CONTROL) !== 0) return `${said} endTxnMarker: ${key![3] === 1 ? 'COMMIT' : 'ABORT'} coordinatorEpoch: ${value![5]}`
  return `${said}${key === undefined ? '' : ` key: ${text(key)}`}${value === undefined ? '' : ` payload: ${text(value)}`}`
}

describe('a segment that Kafka wrote', () => {
  it.each(['orders-0-00000000000000000000', 'orders-0-00000000000000000003'])('%s is read as its own dump tool reads it', (name) => {
    const { bytes, dump } = fixture(name)
    const { batches, damage } = decodeLog(bytes)
    expect(damage).toBeUndefined()
    expect(batches.flatMap((batch) => [batchLine(batch), ...batch.records!.map((record) => recordLine(batch, record))])).toEqual(dump)
  })

  it('with compressed batches: their headers are read, their records are not opened', () => {
    const { bytes, dump } = fixture('packed-0-00000000000000000000')
    const { batches, damage } = decodeLog(bytes)
    expect(damage).toBeUndefined()
    expect(batches.map(batchLine)).toEqual(dump.filter((line) => line.startsWith('baseOffset')))
    expect(batches.map(({ codec, records }) => [codec, records === undefined])).toEqual([['gzip', true], ['none', false], ['zstd', true], ['lz4', true], ['snappy', true]])
  })

  it('of a batch that somebody has opened the records are read', () => {
    const { bytes, dump } = fixture('packed-0-00000000000000000000')
    const [batch] = decodeLog(bytes).batches
    const opened = decodeRecords(batch!.header, new Uint8Array(gunzipSync(bytes.subarray(BATCH_HEADER_BYTES, batch!.sizeInBytes))))
    expect('records' in opened && opened.records.map((record) => recordLine(batch!, record))).toEqual(dump.slice(1, 21))
  })
})

const bytes = fc.array(fc.nat(255), { maxLength: 40 })
const fields: fc.Arbitrary<RecordFields> = fc.record({
  timestamp: fc.integer({ min: 0, max: 2 ** 45 }), key: fc.option(bytes, { nil: undefined }), value: fc.option(bytes, { nil: undefined }),
  headers: fc.array(fc.record({ key: fc.string({ maxLength: 8 }), value: fc.option(bytes, { nil: undefined }) }), { maxLength: 3 }),
})
const list = (of: Uint8Array | undefined): readonly number[] | undefined => (of === undefined ? undefined : [...of])

describe('decoding', () => {
  it('gives back what was encoded, batch after batch', () => {
    fc.assert(fc.property(fc.array(fc.array(fields, { minLength: 1, maxLength: 6 }), { maxLength: 4 }), (all) => {
      let baseOffset = 7
      const files = all.map((records) => {
        const made = encodeBatch({ baseOffset, partitionLeaderEpoch: 2, producerId: 9, producerEpoch: 1, baseSequence: 0, transactional: true, control: false, logAppendTime: undefined }, records)
        baseOffset += records.length
        return [...made]
      })
      const { batches, damage } = decodeLog(Uint8Array.from(files.flat()))
      expect(damage).toBeUndefined()
      expect(batches.map(({ records }) => records!.map(({ timestamp, key, value, headers }) => ({
        timestamp, key: list(key), value: list(value), headers: headers.map((each) => ({ key: text(each.key), value: list(each.value) })),
      })))).toEqual(all)
      expect(batches.flatMap(({ records }) => records!.map(({ offset }) => offset))).toEqual(all.flat().map((_, i) => 7 + i))
    }), { seed: 9, numRuns: 150 })
  })

  const record = (value: string): KafkaRecord => ({ id: 'p#1', key: 'k', value, valueBytes: undefined, timestamp: 0 })
  const two = () => {
    const batch = (base: number) => bytesOfBatch(stamped(newBatch([record('a'), record('b')], 'p', NO_PRODUCER), base, 0))
    return Uint8Array.from([...batch(0), ...batch(2)])
  }
  const second = two().length / 2
  const changed = (at: number, byte: number): Uint8Array => two().map((each, i) => (i === at ? byte : each))

  it.each([
    ['cut off in a header', two().subarray(0, second + 5), { wrong: 'end', at: second, expected: 12, found: 5 }],
    ['cut off in its records', two().subarray(0, 2 * second - 3), { wrong: 'end', at: second, expected: second, found: second - 3 }],
    ['filled with zeros', Uint8Array.from([...two().subarray(0, second), ...Array.from({ length: 100 }, () => 0)]), { wrong: 'length', at: second + 8, expected: 49, found: 0 }],
    ['of an older format', changed(second + 16, 1), { wrong: 'magic', at: second + 16, expected: 2, found: 1 }],
    ['with a flipped byte', changed(2 * second - 1, 0x7f), { wrong: 'checksum', at: second + 17 }],
    ['whose offsets go back', Uint8Array.from([...two(), ...two().subarray(0, second)]), { wrong: 'order', at: 2 * second, expected: 4, found: 0 }],
  ])('a file %s is read up to there, and it says where and what was expected', (_what, file, damage) => {
    const decoded = decodeLog(file)
    expect(decoded.damage).toMatchObject(damage)
    expect(decoded.batches.map(({ header }) => header.baseOffset)).toEqual(damage.at === 2 * second ? [0, 2] : [0])
  })

  it('never fails on bytes that are no log, nor on a log with any byte changed', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (any) => {
      const { batches, damage } = decodeLog(any)
      expect(batches.length > 0 || damage !== undefined || any.length === 0).toBe(true)
    }), { seed: 9, numRuns: 200 })
    fc.assert(fc.property(fc.nat(2 * second - 1), fc.nat(255), (at, byte) => {
      const file = changed(at, byte)
      // The base offset and the leader's epoch lie outside of the checksum.
      const isOutside = at % second < 8 || (at % second >= 12 && at % second < 16)
      if (!isOutside && file[at] !== two()[at]) expect(decodeLog(file).damage).toBeDefined()
      else decodeLog(file)
    }), { seed: 9, numRuns: 300 })
  })

  it('opened records that do not add up are damage as well', () => {
    const { header } = decodeLog(two()).batches[0]!
    const opened = two().subarray(BATCH_HEADER_BYTES, second)
    expect(decodeRecords(header, opened.subarray(0, opened.length / 2))).toMatchObject({ damage: { wrong: 'recordCount', expected: 2, found: 1 } })
    expect(decodeRecords(header, Uint8Array.from([...opened, ...opened.subarray(0, opened.length / 2)]))).toMatchObject({ damage: { wrong: 'recordCount', expected: 2, found: 3 } })
    fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), (any) => {
      expect(decodeRecords(header, any)).toBeDefined()
    }), { seed: 9, numRuns: 300 })
  })
})
