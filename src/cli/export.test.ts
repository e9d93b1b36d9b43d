/**
 * Files that are exported, read twice: by Kafka's DumpLogSegments, whose words are kept in conformance/dump-log, and here, byte by
 * byte. Both must say the same.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SECOND } from '../base/units.ts'
import { isWhole, readHeader } from '../kafka/log/header.ts'
import { parseScenario } from '../scenario/parse.ts'
import { filesOf, replicaAt } from './export.ts'

const cases: readonly { readonly id: string; readonly partition: string; readonly seconds?: number }[] = [
  { id: 's03-batch-bytes', partition: 't/0' }, { id: 's03-batch-bytes', partition: 'u/0' }, { id: 's34-sequences', partition: 't/0' }, { id: 's36-commit-and-abort', partition: 't/0' },
  { id: 's08-compaction', partition: 't/0', seconds: 18 },
]

test.each(cases)('$id $partition', ({ id, partition, seconds }) => {
  const { scenario } = parseScenario(readFileSync(`scenarios/laboratory/${id}.yaml`, 'utf8'))
  const replica = replicaAt(scenario!, { partition, broker: 'b1', seed: scenario!.seed, at: seconds === undefined ? undefined : seconds * SECOND })!
  const { folder, files } = filesOf(replica)
  const said = files.filter(({ name }) => /^\d/.test(name)).toSorted((a, b) => (a.name < b.name ? -1 : 1)).flatMap(({ name, bytes }) => [`Dumping ${folder}/${name}`, ...dump(name, bytes, `${folder}/${name}`, id !== 's08-compaction')])
  expect(said).toEqual(readFileSync(`conformance/dump-log/${id}-${folder}.txt`, 'utf8').trimEnd().split('\n'))
})

/** In the tool's own words. */
function dump(name: string, bytes: Uint8Array, path: string, withData: boolean): readonly string[] {
  const base = Number(name.slice(0, 20))
  const view = new DataView(bytes.buffer)
  const long = (place: number): number => Number(view.getBigInt64(place))
  const each = (size: number, say: (place: number) => string, from = 0): string[] => Array.from({ length: Math.floor((bytes.length - from) / size) }, (_, i) => say(from + i * size))
  switch (name.slice(21)) {
    case 'log': return [`Log starting offset: ${base}`, ...dumpLog(bytes, withData)]
    case 'index': return bytes.length === 0 ? [`${path} is empty.`] : each(8, (place) => `offset: ${base + view.getInt32(place)} position: ${view.getInt32(place + 4)}`)
    case 'timeindex': return each(12, (place) => `timestamp: ${long(place)} offset: ${base + view.getInt32(place + 8)}`)
    case 'txnindex': return each(34, (place) => `version: ${view.getInt16(place)} producerId: ${long(place + 2)} firstOffset: ${long(place + 10)} lastOffset: ${long(place + 18)} lastStableOffset: ${long(place + 26)}`)
    default: return each(46, (place) => {
      const [lastSequence, lastOffset, delta, timestamp] = [view.getInt32(place + 10), long(place + 14), view.getInt32(place + 22), long(place + 26)]
      return `producerId: ${long(place)} producerEpoch: ${view.getInt16(place + 8)} coordinatorEpoch: ${view.getInt32(place + 34)} currentTxnFirstOffset: ${long(place + 38) < 0 ? 'OptionalLong.empty' : long(place + 38)} lastTimestamp: ${timestamp} firstSequence: ${lastSequence - delta} lastSequence: ${lastSequence} lastOffset: ${lastOffset} offsetDelta: ${delta} timestamp: ${timestamp}`
    }, 10)
  }
}

function dumpLog(file: Uint8Array, withData: boolean): readonly string[] {
  const lines: string[] = []
  for (let position = 0; position < file.length;) {
    const header = readHeader(file.subarray(position))
    const size = header.batchLength + 12
    const bytes = file.subarray(position, position + size)
    const { baseOffset, lastOffsetDelta, recordCount, baseSequence, producerId, producerEpoch, partitionLeaderEpoch, attributes, baseTimestamp, maxTimestamp, crc } = header
    const last = baseSequence < 0 ? -1 : baseSequence + lastOffsetDelta
    const horizon = (attributes & 64) === 0 ? 'OptionalLong.empty' : `OptionalLong[${baseTimestamp}]`
    const isControl = (attributes & 32) !== 0
    lines.push(`baseOffset: ${baseOffset} lastOffset: ${baseOffset + lastOffsetDelta} count: ${recordCount} baseSequence: ${baseSequence} lastSequence: ${last} producerId: ${producerId} producerEpoch: ${producerEpoch} partitionLeaderEpoch: ${partitionLeaderEpoch} isTransactional: ${(attributes & 16) !== 0} isControl: ${isControl} deleteHorizonMs: ${horizon} position: ${position} CreateTime: ${maxTimestamp} size: ${size} magic: ${header.magic} compresscodec: none crc: ${crc} isvalid: ${isWhole(bytes)}`)
    const reader = new Reader(bytes.subarray(61))
    for (let i = 0; i < recordCount; i++) {
      const end = reader.varint() + reader.place
      reader.place++
      const timestamp = baseTimestamp + reader.varint(), delta = reader.varint()
      const key = reader.field(), value = reader.field()
      const headers = Array.from({ length: reader.varint() }, () => [reader.field(), reader.field()] as const)
      expect(reader.place).toBe(end)
      const start = `| offset: ${baseOffset + delta} CreateTime: ${timestamp} keySize: ${key?.length ?? -1} valueSize: ${value?.length ?? -1} sequence: ${baseSequence < 0 ? -1 : baseSequence + delta} headerKeys: [${headers.map(([name]) => text(name!)).join()}]`
      const data = isControl ? ` endTxnMarker: ${key![3] === 1 ? 'COMMIT' : 'ABORT'} coordinatorEpoch: ${(value![2]! << 24) | (value![3]! << 16) | (value![4]! << 8) | value![5]!}` : `${key === undefined ? '' : ` key: ${text(key)}`}${value === undefined ? '' : ` payload: ${text(value)}`}`
      lines.push(isControl || withData ? start + data : start)
    }
    position += size
  }
  return lines
}
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

class Reader {
  place = 0
  readonly #bytes: Uint8Array
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }
  varint(): number {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#bytes[this.place++]!
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return Number((value >> 1n) ^ -(value & 1n))
    }
  }
  field(): Uint8Array | undefined {
    const length = this.varint()
    if (length < 0) return undefined
    this.place += length
    return this.#bytes.subarray(this.place - length, this.place)
  }
}
