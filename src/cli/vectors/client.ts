/** What clients compute by themselves: hashes, partitions, waits. */
import { murmur2, toPositive } from '../../kafka/client/murmur2.ts'
import { choosePartition, countBytes, keyedPartition, loadTable, newSticky, partitionForKey } from '../../kafka/client/partitioner.ts'
import { backoffTerm } from '../../kafka/network/backoff.ts'
import { adapter, bytesOf, type Adapters } from './adapter.ts'

interface Keys {
  keys: string[]
  numPartitions: number
}
interface Numbers extends Keys {
  serializer: 'IntegerSerializer' | 'LongSerializer'
}
interface Growth {
  keys: string[]
  from: number
  to: number
}
interface Sticky {
  batchSize: number
  numPartitions: number
  partitionsWithoutLeader: number[]
  appendedBytes: number[]
  switchAllowed: boolean[]
  randomDraws: number[]
}
interface Adaptive {
  queueSizes: number[]
  partitionIds: number[]
  length: number
}
interface Backoff {
  initialMs: number
  maxMs: number
  attempts: number
}
const bigEndian = (key: string, width: number): number[] =>
  bytesOf(
    BigInt.asUintN(width * 8, BigInt(key))
      .toString(16)
      .padStart(width * 2, '0'),
  )
export const clientAdapters: Adapters = {
  murmur2: adapter(({ hex }: { hex: string }) => {
    const hash = murmur2(bytesOf(hex))
    return { int32: hash, toPositive: toPositive(hash) }
  }),
  'keyed-partition/utf8': adapter(({ keys, numPartitions }: Keys) =>
    Object.fromEntries(keys.map((key) => [key, keyedPartition('java', key, numPartitions)])),
  ),
  'keyed-partition/number': adapter(({ serializer, keys, numPartitions }: Numbers) => {
    const width = serializer === 'IntegerSerializer' ? 4 : 8
    return Object.fromEntries(keys.map((key) => [key, partitionForKey(bigEndian(key, width), numPartitions, 'java')]))
  }),
  'keyed-partition/growth': adapter(({ keys, from, to }: Growth) => {
    const map = Object.fromEntries(keys.map((key) => [key, [keyedPartition('java', key, from), keyedPartition('java', key, to)] as const]))
    return { map, movedCount: Object.values(map).filter(([before, after]) => before !== after).length }
  }),
  'sticky-partitioner/sticky': adapter(
    ({ batchSize, numPartitions, partitionsWithoutLeader, appendedBytes, switchAllowed, randomDraws }: Sticky) => {
      const draws = randomDraws.slice()
      const available = Array.from({ length: numPartitions }, (_, index) => index).filter(
        (index) => !partitionsWithoutLeader.includes(index),
      )
      const sticky = newSticky()
      const choose = () => choosePartition(undefined, available, numPartitions, draws.shift()!)
      return {
        partitionOfEachRecord: appendedBytes.map((bytes, i) => {
          sticky.partition ??= choose()
          const { partition } = sticky
          countBytes(sticky, bytes, batchSize, switchAllowed[i]!, choose)
          return partition
        }),
      }
    },
  ),
  'sticky-partitioner/adaptive': adapter(({ queueSizes, partitionIds, length }: Adaptive) => {
    const table = loadTable(queueSizes, partitionIds, length)
    if (table === undefined) return { adaptive: false }
    const weights = table.partitions.map((partition, i) => [partition, table.cumulative[i]! - (table.cumulative[i - 1] ?? 0)])
    return { adaptive: true, cumulativeFrequencyTable: table.cumulative, frequencyPerPartition: Object.fromEntries(weights) }
  }),
  'client-backoff': adapter(({ initialMs, maxMs, attempts }: Backoff) => ({
    backoffMs: Array.from({ length: attempts }, (_, attempt) => Math.floor(backoffTerm(initialMs, maxMs, attempt))),
  })),
}
