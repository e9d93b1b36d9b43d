/** Partitions and replicas, as statements speak of them. */
import { toMs } from '../base/units.ts'
import { between } from '../base/chunks.ts'
import { nodeName, NEVER, type Replica } from '../kafka/broker/state.ts'
import { caughtUpAt } from '../kafka/broker/fetch-session.ts'
import { dirtyRecords } from '../kafka/broker/disk.ts'
import { bytesOfBatch } from '../kafka/log/encode.ts'
import { readHeader } from '../kafka/log/header.ts'
import { batchAt, read, segmentsOf, sizeOf, type Log } from '../kafka/log/log.ts'
import { isControl, LOG_APPEND_TIME, offsetOf, recordAt, RUN_BEGAN_MS, type KafkaRecord, type RecordBatch } from '../kafka/log/record.ts'
import { markerOf } from '../kafka/log/marker.ts'
import { abortedBetween, committedOnly, lastStableOffset, NO_TRANSACTIONS } from '../kafka/log/transactions.ts'
import { brokerOf, isLive, replicaOf } from '../kafka/look.ts'
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
    case 'records': return isDense(log) ? Math.max(0, highWatermark - start) : committed(replica).length
    case 'gaps': return isDense(log) ? 0 : Math.max(0, highWatermark - start) - committed(replica).length
    case 'offsets': return committed(replica).map(({ offset }) => offset)
    case 'distinctKeys': return new Set(committed(replica).flatMap(({ record }) => record.key ?? [])).size
    case 'duplicates': return duplicates(committed(replica).map(({ record }) => record), observer.identityOf(name.slice(0, name.lastIndexOf('/'))))
    case 'bytes': return sizeOf(log)
    case 'segments': return log.closed.length + 1
    case 'segmentBases': return segmentsOf(log).map(({ baseOffset }) => baseOffset)
    case 'lso': return lastStableOffset(log.transactions, highWatermark)
    case 'markers': return markers(log)
    case 'aborted': return log.transactions.aborted.map(({ firstOffset, lastOffset }) => [firstOffset, lastOffset])
    case 'key': return findRecord(log, Number(argument))?.key
    case 'value': return findRecord(log, Number(argument))?.value
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
    case 'bytes': return sizeOf(replica.log)
    case 'segmentBases': return segmentsOf(replica.log).map(({ baseOffset }) => baseOffset)
    case 'dirtyRecords': return dirtyRecords(replica.log)
    case 'batch': return readBatch(batchAt(replica.log, Number(argument)), inner)
    default: return undefined
  }
}

/** How long ago its leader knew it to have everything; the leader itself never lags. */
function lagMs(observer: Observed, partition: string, leader: number, follower: number): Value {
  if (leader === follower) return 0
  const progress = replicaOf(observer.world, partition, leader)?.leading?.followers.get(follower)
  const since = progress === undefined ? undefined : caughtUpAt(brokerOf(observer.world, leader)!, progress)
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
    case 'bytes': return batch.sizeInBytes
    case 'crc': return readHeader(bytesOfBatch(batch)).crc
    case 'timestamp': return batch.maxTimestamp + RUN_BEGAN_MS
    case 'timestampType': return (batch.attributes & LOG_APPEND_TIME) === 0 ? 'CreateTime' : 'LogAppendTime'
    case 'control': return isControl(batch) ? (markerOf(batch)?.type ?? 'none').toLowerCase() : 'none'
    case 'horizon': return batch.cleaned?.deleteHorizonMs === undefined ? undefined : batch.cleaned.deleteHorizonMs + RUN_BEGAN_MS
    default: return undefined
  }
}

/** Offsets from `from` to before `to` that no reader is given: markers, and of one who reads what is committed what was aborted. */
export function hiddenBetween(observer: Observed, partition: string, from: number, to: number, readCommitted: boolean): number {
  const log = logOf(observer, partition)?.log
  if (log === undefined || log.transactions === NO_TRANSACTIONS) return 0
  const batches = read(log, from, to, Infinity)
  const seen = new Set(readCommitted ? committedOnly(batches, abortedBetween(log.transactions, from, to)) : batches.filter((batch) => !isControl(batch)))
  return batches.reduce((sum, batch) => (seen.has(batch) ? sum : sum + Math.min(batch.lastOffset + 1, to) - Math.max(batch.baseOffset, from)), 0)
}

const findRecord = (log: Log, offset: number): KafkaRecord | undefined => {
  const batch = batchAt(log, offset)
  return batch === undefined || isControl(batch) ? undefined : recordAt(batch, offset)
}

/** Every offset has a record: nothing may have been compacted, and there are no markers. */
const isDense = (log: Log): boolean => !log.config.compact && log.transactions === NO_TRANSACTIONS

/** Data records below the high watermark, in order. */
function committed({ log, highWatermark }: Replica): readonly { readonly offset: number; readonly record: KafkaRecord }[] {
  const records: { readonly offset: number; readonly record: KafkaRecord }[] = []
  for (const batch of between(log.batches, 0)) {
    if (isControl(batch)) continue
    batch.records.forEach((record, i) => {
      const offset = offsetOf(batch, i)
      if (offset >= log.startOffset && offset < highWatermark) records.push({ offset, record })
    })
  }
  return records
}

const markers = (log: Log): readonly number[] =>
  [...between(log.batches, 0)].flatMap((batch) => (isControl(batch) && batch.baseOffset >= log.startOffset ? batch.records.map((_, i) => offsetOf(batch, i)) : []))

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
  const samePlace = a.baseOffset === b.baseOffset && a.lastOffset === b.lastOffset && a.partitionLeaderEpoch === b.partitionLeaderEpoch && a.records.length === b.records.length
  return samePlace && a.records.every((record, i) => record.id === b.records[i]?.id)
}
