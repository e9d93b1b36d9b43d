/** Partitions and replicas, as statements speak of them. */
import { toMs } from '../base/units.ts'
import { between } from '../base/chunks.ts'
import { nodeName, NEVER, type Replica } from '../kafka/broker/state.ts'
import { batchAt, type Log } from '../kafka/log/log.ts'
import type { KafkaRecord, RecordBatch } from '../kafka/log/record.ts'
import { isLive, replicaOf } from '../kafka/look.ts'
import type { Value } from './expression.ts'
import type { Identity, Observed } from './observed.ts'

/** The log that a partition is spoken of by: the live leader's, without one the last leader's. */
function logOf(observer: Observed, partition: string): Replica | undefined {
  const registration = observer.partition(partition)
  if (registration === undefined) return undefined
  const { leader, isr, elr, lastKnownElr, replicas } = registration
  const last = leader >= 0 ? leader : (lastKnownElr[0] ?? isr[0] ?? elr[0] ?? replicas[0] ?? 0)
  return replicaOf(observer.world, partition, last)
}

export function readPartition(
  observer: Observed, name: string, property: string, argument: string | undefined, inner: string | undefined,
): Value {
  const registration = observer.partition(name)
  if (registration === undefined) return undefined
  const { leader, leaderEpoch, partitionEpoch, replicas, isr, elr, lastKnownElr, leaderRecoveryState, adding, removing } = registration
  switch (property) {
    case 'leader': return leader < 0 ? undefined : nodeName(leader)
    case 'leaderEpoch': return leaderEpoch
    case 'partitionEpoch': return partitionEpoch
    case 'replicas': return replicas.map(nodeName)
    case 'isr': return isr.map(nodeName)
    case 'adding': return adding.map(nodeName)
    case 'removing': return removing.map(nodeName)
    case 'elr': return elr.map(nodeName)
    case 'lastKnownElr': return lastKnownElr.map(nodeName)
    case 'recovery': return leaderRecoveryState === 'RECOVERED' ? 'recovered' : 'recovering'
    case 'online': return isLive(observer.world, leader)
    case 'replicasIdentical': return identical(replicas.map((id) => replicaOf(observer.world, name, id)))
    default: return readLog(observer, name, property, argument, inner)
  }
}

function readLog(observer: Observed, name: string, property: string, argument: string | undefined, inner: string | undefined): Value {
  const replica = logOf(observer, name)
  if (replica === undefined) return undefined
  const { log, highWatermark } = replica
  const start = log.startOffset
  switch (property) {
    case 'hw': return highWatermark
    case 'leo': return log.endOffset
    case 'logStart': return start
    case 'records': return Math.max(0, highWatermark - start)
    // Nothing is compacted and no marker written yet: what lies below the high watermark is there.
    case 'gaps': return 0
    case 'offsets': return Array.from({ length: Math.max(0, highWatermark - start) }, (_, i) => start + i)
    case 'distinctKeys': return new Set(committed(replica).flatMap(({ key }) => key ?? [])).size
    case 'duplicates': return duplicates(committed(replica), observer.identityOf(name.slice(0, name.lastIndexOf('/'))))
    case 'key': return recordAt(log, Number(argument))?.key
    case 'value': return recordAt(log, Number(argument))?.value
    case 'batch': return readBatch(batchAt(log, Number(argument)), inner)
    default: return undefined
  }
}

export function readReplica(
  observer: Observed, name: string, property: string, argument: string | undefined, inner: string | undefined,
): Value {
  const at = name.lastIndexOf('@')
  const partition = name.slice(0, at)
  const id = Number(name.slice(at + 2))
  const registration = observer.partition(partition)
  const replica = replicaOf(observer.world, partition, id)
  if (property === 'exists') return registration?.replicas.includes(id) ?? false
  if (replica === undefined || registration === undefined) return undefined
  switch (property) {
    case 'leo': return replica.log.endOffset
    case 'hw': return replica.highWatermark
    case 'logStart': return replica.log.startOffset
    case 'inSync': return registration.isr.includes(id)
    case 'lagMs': return lagMs(observer, partition, registration.leader, id)
    case 'truncations': return replica.truncations
    case 'epochs': return replica.log.epochs.map(([epoch, start]) => [epoch, start])
    case 'batch': return readBatch(batchAt(replica.log, Number(argument)), inner)
    default: return undefined
  }
}

/** How long ago its leader knew it to have everything; the leader itself never lags. */
function lagMs(observer: Observed, partition: string, leader: number, follower: number): Value {
  if (leader === follower) return 0
  const since = replicaOf(observer.world, partition, leader)?.leading?.followers.get(follower)?.lastCaughtUpAt
  return since === undefined || since <= NEVER ? undefined : toMs(observer.world.now + observer.shift - since)
}

function readBatch(batch: RecordBatch | undefined, property: string | undefined): Value {
  if (batch === undefined) return undefined
  switch (property) {
    case 'base': return batch.baseOffset
    case 'last': return batch.lastOffset
    case 'count': return batch.records.length
    case 'epoch': return batch.partitionLeaderEpoch
    case 'producerId': return batch.producerId
    case 'producerEpoch': return batch.producerEpoch
    case 'sequence': return batch.baseSequence
    default: return undefined
  }
}

const recordAt = (log: Log, offset: number): KafkaRecord | undefined => {
  const batch = batchAt(log, offset)
  return batch?.records[offset - batch.baseOffset]
}

/** Records below the high watermark, in order. */
function committed({ log, highWatermark }: Replica): readonly KafkaRecord[] {
  const records: KafkaRecord[] = []
  for (const batch of between(log.batches, 0)) {
    batch.records.forEach((record, i) => {
      const offset = batch.baseOffset + i
      if (offset >= log.startOffset && offset < highWatermark) records.push(record)
    })
  }
  return records
}

function duplicates(records: readonly KafkaRecord[], identity: Identity): number {
  if (identity === 'offset') return 0
  const seen = new Set<string>()
  let count = 0
  for (const record of records) {
    const of = record[identity]
    if (of === undefined) continue
    if (seen.has(of)) count++
    seen.add(of)
  }
  return count
}

/** All logs hold the same batches from end to end. */
function identical(replicas: readonly (Replica | undefined)[]): boolean {
  const [first, ...others] = replicas
  if (first === undefined) return others.every((each) => each === undefined)
  const batches = [...between(first.log.batches, 0)]
  return others.every((other) => {
    if (other === undefined || other.log.endOffset !== first.log.endOffset || other.log.batches.length !== batches.length) return false
    let i = 0
    for (const batch of between(other.log.batches, 0)) if (!sameBatch(batch, batches[i++])) return false
    return true
  })
}
function sameBatch(a: RecordBatch, b: RecordBatch | undefined): boolean {
  if (a === b || b === undefined) return a === b
  const samePlace = a.baseOffset === b.baseOffset && a.lastOffset === b.lastOffset && a.partitionLeaderEpoch === b.partitionLeaderEpoch
  return samePlace && a.records.every((record, i) => record.id === b.records[i]?.id)
}
