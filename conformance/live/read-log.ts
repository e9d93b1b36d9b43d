/** Partitions and replicas of a live cluster, as statements speak of them. */
import { RUN_BEGAN_MS } from '../../src/kafka/log/record.ts'
import { parsePartition } from '../../src/kafka/topic-partition.ts'
import type { Value } from '../../src/scenario/expression.ts'
import { brokerId, brokerName, committedRecords, isAlive, speaker, type LiveState } from './live-state.ts'
import { unread } from './observable.ts'
import type { SeenBatch, SeenReplica } from './seen.ts'

export function readPartition(live: LiveState, name: string, property: string, argument: string | undefined, inner: string | undefined): Value {
  const registration = live.seen.partitions.get(name)
  if (registration === undefined) return undefined
  switch (property) {
    case 'leader': return registration.leader < 0 ? undefined : brokerName(registration.leader)
    case 'leaderEpoch': case 'partitionEpoch': return registration[property]
    case 'replicas': case 'isr': case 'elr': case 'lastKnownElr': case 'adding': case 'removing': return registration[property].map(brokerName)
    case 'recovery': return registration.recovery
    case 'online': return isAlive(live, registration.leader)
    case 'replicasIdentical': return identical(registration.replicas.map((id) => live.seen.replicas.get(`${name}@${id}`)))
    default: return readLog(live, name, property, argument, inner)
  }
}

function readLog(live: LiveState, name: string, property: string, argument: string | undefined, inner: string | undefined): Value {
  const spoken = speaker(live, name)
  const replica = spoken?.replica
  if (spoken === undefined || replica === undefined) return undefined
  const marks = live.seen.marks.get(`${name}@${spoken.broker}`)
  const records = (): ReturnType<typeof committedRecords> => committedRecords(live, name)
  switch (property) {
    case 'hw': return marks?.hw
    case 'lso': return marks?.lso
    case 'logStart': return marks?.start
    case 'leo': return replica.leo
    case 'records': return records().length
    case 'gaps': return marks === undefined ? undefined : Math.max(0, marks.hw - marks.start) - records().length
    case 'offsets': return records().map(([offset]) => offset)
    case 'distinctKeys': return new Set(records().flatMap(([, key]) => key ?? [])).size
    case 'duplicates': return duplicates(live, name)
    case 'bytes': return replica.sizes.reduce((sum, size) => sum + size, 0)
    case 'segments': return replica.bases.length
    case 'segmentBases': return replica.bases
    case 'markers': return replica.batches.flatMap(({ control, base }) => (control === undefined || control === 'none' || base < (marks?.start ?? 0) ? [] : [base]))
    case 'aborted': return replica.aborted
    case 'key': return recordAt(replica, Number(argument))?.[1] ?? undefined
    case 'value': return recordAt(replica, Number(argument))?.[2] ?? undefined
    case 'batch': return readBatch(live, replica, Number(argument), inner)
    default: return unread(`partition().${property}`)
  }
}

export function readReplica(live: LiveState, name: string, property: string, argument: string | undefined, inner: string | undefined): Value {
  const at = name.lastIndexOf('@')
  const partition = name.slice(0, at)
  const id = brokerId(name.slice(at + 1))
  const registration = live.seen.partitions.get(partition)
  if (property === 'exists') return registration?.replicas.includes(id) ?? false
  const replica = live.seen.replicas.get(`${partition}@${id}`)
  if (registration === undefined || replica === undefined) return undefined
  const marks = live.seen.marks.get(`${partition}@${id}`)
  switch (property) {
    case 'leo': return replica.leo
    case 'hw': return marks?.hw
    case 'logStart': return marks?.start
    case 'truncations': return live.tallies.truncations.get(name) ?? 0
    case 'inSync': return registration.isr.includes(id)
    case 'epochs': return replica.epochs
    case 'bytes': return replica.sizes.reduce((sum, size) => sum + size, 0)
    case 'segmentBases': return replica.bases
    case 'batch': return readBatch(live, replica, Number(argument), inner)
    default: return unread(`replica().${property}`)
  }
}

const batchAt = ({ batches }: SeenReplica, offset: number): SeenBatch | undefined => batches.find(({ base, last }) => base <= offset && offset <= last)
const recordAt = (replica: SeenReplica, offset: number): SeenBatch['records'][number] | undefined => {
  const batch = batchAt(replica, offset)
  return batch?.control === undefined ? batch?.records.find(([at]) => at === offset) : undefined
}

function readBatch(live: LiveState, replica: SeenReplica, offset: number, property: string | undefined): Value {
  const batch = batchAt(replica, offset)
  if (batch === undefined) return undefined
  switch (property) {
    case 'base': case 'last': case 'epoch': case 'producerId': case 'producerEpoch': case 'sequence': case 'bytes': case 'crc': case 'timestampType':
      return batch[property]
    case 'timestamp': case 'horizon': return onTheRunsClock(batch[property], live.tallies.zero / 1_000)
    case 'count': return batch.records.length
    case 'control': return batch.control ?? 'none'
    default: return unread(`batch().${property}`)
  }
}

/** A time that a clock has given is told as the simulator's clocks give it; one that the file itself gives is what it is. */
export function onTheRunsClock(ms: number | undefined, zeroMs: number): number | undefined {
  if (ms === undefined) return undefined
  return Math.abs(ms - zeroMs) < Math.abs(ms - RUN_BEGAN_MS) ? Math.round(ms - zeroMs) + RUN_BEGAN_MS : ms
}

function duplicates(live: LiveState, name: string): number {
  const { topic } = parsePartition(name)
  const identity = live.scenario.apps?.find(({ reads }) => reads === topic)?.identity ?? 'value'
  if (identity === 'offset') return 0
  const seen = new Set<string>()
  let count = 0
  for (const [, key, value] of committedRecords(live, name)) {
    const of = identity === 'key' ? key : value
    if (of === null) continue
    if (seen.has(of)) count++
    seen.add(of)
  }
  return count
}

/** The same batches from end to end: offsets, epochs and bytes, by their checksums. */
function identical(replicas: readonly (SeenReplica | undefined)[]): boolean {
  const [first, ...others] = replicas.map((replica) => replica?.batches.map(({ base, last, epoch, crc }) => `${base}-${last} ${epoch} ${crc}`).join())
  return others.every((other) => other === first)
}
