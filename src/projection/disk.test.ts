import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SECOND, type Micros } from '../base/units.ts'
import type { Frame } from '../bridge/protocol.ts'
import { Session } from '../bridge/session.ts'
import { bytesOfBatch } from '../kafka/log/encode.ts'
import { newMarker } from '../kafka/log/marker.ts'
import { newBatch, NO_PRODUCER, RUN_BEGAN_MS, stamped, type KafkaRecord } from '../kafka/log/record.ts'
import { varint, varlong } from '../kafka/log/varint.ts'
import { parseScenario } from '../scenario/parse.ts'
import { fieldsOfBatch, readVarint } from './batch-fields.ts'
import { lookFor } from './disk.ts'
import type { Ask, BatchView, FilesView } from './disk-view.ts'

class Talk {
  readonly session = new Session()
  readonly frames: Frame[] = []
  constructor(id: string, until: Micros) {
    const { scenario } = parseScenario(readFileSync(new URL(`../../scenarios/laboratory/${id}.yaml`, import.meta.url), 'utf8'))
    this.#take(this.session.handle({ do: 'load', scenario: scenario!, seed: scenario!.seed, journal: [], at: 0 }))
    this.advance(until)
  }
  advance(to: Micros): void {
    this.#take(this.session.handle({ do: 'advance', to }))
  }
  #take(replies: Iterable<unknown>): void {
    for (const reply of replies) this.frames.push(reply as Frame)
  }
  /** The end of a step of the scenario. */
  endOf(step: number): Micros {
    return this.frames.flatMap(({ steps }) => steps).findLast(({ index }) => index === step)!.endAt!
  }
  look(at: Micros, ask: Ask) {
    return this.session.visit(at, (world, hues) => lookFor(world, ask, hues))
  }
  files = (at: Micros, replica: string): FilesView => this.look(at, { what: 'files', replica }) as FilesView
  batch = (at: Micros, replica: string, offset: number): BatchView => this.look(at, { what: 'batch', replica, offset }) as BatchView
}

test('whoever looks at a disk in the past changes nothing of the run', () => {
  const one = new Talk('s05-retention-size', SECOND), other = new Talk('s05-retention-size', SECOND)
  for (const at of [1, 2, 3]) {
    expect(one.files(at * 0.7 * SECOND, 't/0@b1').logEnd).toBeGreaterThan(0)
    one.advance((at + 1) * SECOND)
    other.advance((at + 1) * SECOND)
  }
  expect(one.frames).toEqual(other.frames)
})

describe('the files of S05, retention by size', () => {
  const talk = new Talk('s05-retention-size', 12 * SECOND)
  test('before and after the check: five segments of exactly 1 MiB, three of them go', () => {
    const after = talk.endOf(0)
    const files = talk.files(after, 't/0@b1')
    expect(files.segments.map(({ base, end, sizeInBytes }) => [base, end, sizeInBytes])).toEqual([[24, 32, 1_048_576], [32, 40, 1_048_576]])
    expect(files).toMatchObject({ logStart: 24, logEnd: 40, bytes: 2_097_152, recoveryPoint: 32, limits: { segmentBytes: 1_048_576, retentionBytes: 2_097_152 } })
    // Each batch is larger than index.interval.bytes: an entry for each but the first.
    expect(files.segments[0]!.index).toEqual([25, 26, 27, 28, 29, 30, 31].map((offset, i) => [offset, (i + 1) * 131_072]))
    expect(files.segments[1]!.batches!.map(({ base, position }) => [base, position])).toEqual([32, 33, 34, 35, 36, 37, 38, 39].map((base, i) => [base, i * 131_072]))
    expect(files.checkpoints.find(({ path }) => path === 't-0/leader-epoch-checkpoint')!.text).toBe('0\n1\n0 24\n')
    expect(files.check.goes).toEqual([])
    const moved = talk.frames.flatMap(({ story }) => story).find(({ fact }) => fact.code === 'logStart.moved')!.at
    const before = talk.files(moved - 1, 't/0@b1')
    expect(before.segments.map(({ base }) => base)).toEqual([0, 8, 16, 24, 32])
    expect(before.check).toMatchObject({ at: moved, goes: [{ base: 0, why: 'size' }, { base: 8 }, { base: 16, figure: 2_097_152, limit: 2_097_152 }], logStartAfter: 24 })
  })
  test('a batch of 131,072 bytes: how it is found, and what is left out of its value', () => {
    const batch = talk.batch(talk.endOf(0), 't/0@b1', 35)
    expect(batch).toMatchObject({ base: 35, position: 3 * 131_072, segment: 32, file: '00000000000000000032.log', entry: [35, 3 * 131_072], readOver: 0, before: 34, after: 36 })
    const value = batch.fields.find(({ name }) => name === 'value')!
    expect([value.length, value.bytes.length, value.tail.length]).toEqual([131_000, 32, 4])
    expect(talk.batch(talk.endOf(0), 't/0@b1', 99)).toMatchObject({ base: 39, after: undefined })
    expect(talk.batch(talk.endOf(0), 't/0@b1', 2)).toMatchObject({ base: 24, before: undefined })
    expect(talk.look(talk.endOf(0), { what: 'files', replica: 't/0@b2' })).toBeUndefined()
  })
})

test('the bytes of S03: 117 of them, and the checksum that Kafka writes', () => {
  const talk = new Talk('s03-batch-bytes', 2 * SECOND)
  const batch = talk.batch(talk.endOf(0), 't/0@b3', 1)
  expect(batch).toMatchObject({ base: 0, last: 2, sizeInBytes: 117, position: 0, otherRecords: 0 })
  const values = (name: string) => batch.fields.filter((field) => field.name === name).map(({ value }) => value)
  expect(values('crc')).toEqual([`0x${(3_816_479_254).toString(16)}`])
  expect(values('batchLength')).toEqual(['105'])
  expect(values('key')).toEqual(['k1', 'k3'])
  expect(values('value')).toEqual(['one', 'two'])
  expect(values('valueLength')).toEqual(['3', '3', '-1'])
  expect(values('headerKey')).toEqual(['trace', 'lang'])
  expect(values('headerValue')).toEqual(['abc', '한국어'])
  expect(values('baseTimestamp')).toEqual(['1767225600001'])
  // Every byte belongs to one field, in order.
  expect(batch.fields.reduce((at, field) => (expect(field.at).toBe(at), at + field.length), 0)).toBe(117)
})

test('the log of S08: what a cleaning would keep is what the cleaning keeps', () => {
  const talk = new Talk('s08-compaction', 16 * SECOND)
  const cleaned = talk.frames.flatMap(({ story }) => story).find(({ fact, node }) => fact.code === 'log.cleaned' && node === 'b1')!.at
  const before = talk.files(cleaned - 1, 't/0@b1').cleaning!, after = talk.files(cleaned, 't/0@b1')
  expect(before).toMatchObject({ firstDirty: 0, firstUncleanable: 12, cleanBytes: 0, ratio: 1, minRatio: 0.01, due: true, at: cleaned })
  expect(before.map.map(({ key, offset }) => `${key} ${offset}`).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['a 2', 'b 4', 'c 3', 'pad 11'])
  expect(before.after!.kept).toEqual([2, 3, 4, 11])
  expect(after.cleaning!.records!.filter(({ offset }) => offset < 12).map(({ offset }) => offset)).toEqual(before.after!.kept)
  expect(after.segments[0]!.sizeInBytes).toBe(before.after!.bytes)
  expect(after.cleaning!.records!.find(({ offset }) => offset === 4)!.horizonMs).toBe(Math.floor(cleaned / 1_000) + 5_000)
  expect(after.logStart).toBe(0)
})

describe('the fields of a batch', () => {
  const record = fc.record({
    id: fc.constant('p#1'), key: fc.option(fc.string({ unit: 'grapheme', maxLength: 9 }), { nil: undefined }), value: fc.option(fc.string({ unit: 'grapheme', maxLength: 40 }), { nil: undefined }),
    valueBytes: fc.constant(undefined), timestamp: fc.nat({ max: 2 ** 33 }),
    headers: fc.option(fc.array(fc.record({ key: fc.string({ maxLength: 5 }), value: fc.string({ maxLength: 5 }) }), { maxLength: 2 }), { nil: undefined }),
  })
  test('cover its bytes without a gap, and say what was written', () => {
    fc.assert(fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), fc.nat(2 ** 40), fc.nat(25), (records: KafkaRecord[], base, asked) => {
      const batch = stamped(newBatch(records, 'p', NO_PRODUCER), base, 3)
      const bytes = bytesOfBatch(batch)
      const { fields, otherRecords } = fieldsOfBatch(bytes, base + asked)
      const numbers = new Set(fields.flatMap((field) => (field.record === undefined ? [] : [field.record])))
      expect(numbers.size + otherRecords).toBe(records.length)
      if (asked < records.length) expect(numbers).toContain(base + asked)
      for (const [i, field] of fields.entries()) {
        const next = fields[i + 1]
        if (next !== undefined && (next.record === field.record || field.record !== undefined)) expect(next.at).toBe(field.at + field.length)
        if (field.tail.length === 0) expect(field.bytes).toEqual([...bytes.subarray(field.at, field.at + field.length)])
      }
      for (const at of numbers) {
        const { key, headers = [], timestamp } = records[at - base]!
        const own = (name: string) => fields.filter((field) => field.record === at && field.name === name).map(({ value }) => value)
        if (key !== undefined && key !== '' && key.split('').every((unit) => unit >= ' ' && unit !== '\u007f')) expect(own('key')).toEqual([key])
        expect(own('headerCount')).toEqual([String(headers.length)])
        expect(own('timestampDelta')).toEqual([String(timestamp - records[0]!.timestamp)])
      }
    }), { seed: 3, numRuns: 50 })
  })
  test('of a marker: how the transaction ended, and in which epoch of the coordinator', () => {
    const batch = stamped(newMarker({ type: 'COMMIT', coordinatorEpoch: 70_000 }, { producerId: 9, producerEpoch: 2 }, 5, 'b1'), 12, 1)
    const values = Object.fromEntries(fieldsOfBatch(bytesOfBatch(batch), 12).fields.map(({ name, value }) => [name, value]))
    expect(values).toMatchObject({ controlVersion: '0', controlType: '1 (COMMIT)', markerVersion: '0', coordinatorEpoch: '70000', attributes: 'none, CreateTime, isTransactional, isControlBatch', baseTimestamp: String(RUN_BEGAN_MS + 5) })
  })
  test('varints are read as they are written', () => {
    fc.assert(fc.property(fc.integer(), fc.integer({ min: -(2 ** 50), max: 2 ** 50 }), (int, long) => {
      expect(readVarint(Uint8Array.from(varint(int)), 0).value).toBe(int)
      expect(readVarint(Uint8Array.from(varlong(BigInt(long))), 0).value).toBe(long)
    }), { seed: 1, numRuns: 300 })
  })
})
