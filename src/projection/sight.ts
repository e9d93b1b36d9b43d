/**
 * What command line tools are shown of a cluster, at one moment: everything that they can ask a broker for, the cluster's own
 * topics too. It is made when somebody asks, by code that is loaded then.
 * Simplified: what only reads is taken from the cluster as it stands, with no request sent: leaders, groups and the quorum are
 * told as their leaders have them. Ids of topics are made of their names.
 */
import { between } from '../base/chunks.ts'
import { toMs, type Epoch, type Micros, type NodeId, type Offset } from '../base/units.ts'
import type { World } from '../engine/world.ts'
import { topicIdOf } from '../kafka/broker/log-directory.ts'
import { nodeName, type Replica } from '../kafka/broker/state.ts'
import { logEndOffset } from '../kafka/controller/state.ts'
import type { SeenGroup } from '../kafka/group/seen.ts'
import { codecOf, CODECS } from '../kafka/log/codec.ts'
import { bytesOfBatch } from '../kafka/log/encode.ts'
import { readHeader } from '../kafka/log/header.ts'
import { segmentsOf, type Log } from '../kafka/log/log.ts'
import { markerOf } from '../kafka/log/marker.ts'
import { lastTimestampOf } from '../kafka/log/producer-state.ts'
import {
  addSequence, isControl, isTransactional, lastSequence, offsetOf, RUN_BEGAN_MS, timestampOf, utf8Length, type RecordBatch, type RecordHeader,
} from '../kafka/log/record.ts'
import { committedOnly, lastStableOffset, type AbortedTxn } from '../kafka/log/transactions.ts'
import { brokerOf, controllerOf, groupOf, isLive, quorumLeaderOf, replicaOf } from '../kafka/look.ts'
import { NO_LEADER } from '../kafka/metadata/records.ts'
import { shareKey, type ShareGroup } from '../kafka/share/state.ts'
import type { TransactionMetadata } from '../kafka/transaction/metadata.ts'

export interface SightPartition {
  readonly index: number; readonly name: string
  /** undefined = none */
  readonly leader: NodeId | undefined
  readonly leaderEpoch: Epoch
  readonly replicas: readonly NodeId[]; readonly isr: readonly NodeId[]; readonly elr: readonly NodeId[]; readonly lastKnownElr: readonly NodeId[]
  readonly adding: readonly NodeId[]; readonly removing: readonly NodeId[]
  /** As its leader has it; undefined while none is live. */
  readonly log: SightLog | undefined
}
export interface SightLog {
  readonly begins: Offset; readonly highWatermark: Offset; readonly lastStable: Offset
  /** The first record with the largest timestamp. */
  readonly newest: { readonly offset: Offset; readonly timestamp: number } | undefined
  /** What readers get, oldest first; there for the topics that were asked for. */
  readonly records: readonly SightRecord[]
  readonly producers: readonly SightProducer[]
}
export interface SightRecord {
  readonly offset: Offset; readonly timestamp: number; readonly key: string | undefined; readonly value: string | undefined
  readonly headers: readonly RecordHeader[]
  /** Not part of an aborted transaction, and below the last stable offset. */
  readonly isCommitted: boolean
  readonly usesAppendTime: boolean
}
export interface SightProducer {
  readonly producerId: number; readonly producerEpoch: Epoch; readonly coordinatorEpoch: Epoch; readonly lastSequence: number
  readonly lastTimestamp: number; readonly openSince: Offset | undefined
}
export interface SightTopic {
  readonly name: string; readonly id: string; readonly internal: boolean
  readonly config: Readonly<Record<string, string>>; readonly partitions: readonly SightPartition[]
}
export interface SightGroup extends Omit<SeenGroup, 'offsets'> {
  readonly name: string; readonly coordinator: NodeId
  readonly offsets: Readonly<Record<string, { readonly offset: Offset; readonly leaderEpoch: Epoch }>>
  /** Of a share group: partitions that its share coordinator has a state of; undefined = it begins nowhere yet. */
  readonly shares?: Readonly<Record<string, SightShare | undefined>>
}
/** `finished`: records behind the start that are acknowledged or given up. */
export interface SightShare { readonly start: Offset; readonly finished: number }
export interface SightQuorum {
  readonly leader: NodeId; readonly epoch: Epoch; readonly highWatermark: Offset; readonly endOffset: Offset
  /** The leader first; `fetchedAt` undefined where it is not known. */
  readonly voters: readonly SightVoter[]; readonly observers: readonly SightVoter[]
}
export interface SightVoter { readonly id: NodeId; readonly endOffset: Offset; readonly fetchedAt: number | undefined }
export interface SightFile {
  readonly broker: NodeId; readonly partition: string; readonly base: Offset
  readonly batches: readonly SightBatch[]; readonly aborted: readonly AbortedTxn[]
}
export interface SightBatch extends Omit<RecordBatch, 'records' | 'cleaned' | 'sender' | 'attributes'> {
  readonly position: number; readonly crc: number; readonly lastSequence: number; readonly deleteHorizonMs: number | undefined
  readonly codec: string; readonly isTransactional: boolean; readonly isControl: boolean
  readonly marker: { readonly type: string; readonly coordinatorEpoch: Epoch } | undefined
  readonly records: readonly (Omit<SightRecord, 'isCommitted' | 'usesAppendTime'> & { readonly sequence: number; readonly keySize: number; readonly valueSize: number })[]
}
export interface Sight {
  readonly at: Micros
  /** By a clock that is right, milliseconds since 1970. */
  readonly nowMs: number
  readonly brokers: readonly { readonly id: NodeId; readonly name: string; readonly fenced: boolean; readonly rack: string | undefined; readonly answers: boolean; readonly config: Readonly<Record<string, string>> }[]
  readonly topics: readonly SightTopic[]
  readonly features: Readonly<Record<string, number>>
  /** Set while the cluster runs: of all by name, of one by `b1/name`. */
  readonly brokerConfig: Readonly<Record<string, string>>
  /** By `jobs/share.auto.offset.reset`. */
  readonly groupConfig: Readonly<Record<string, string>>
  readonly groups: readonly SightGroup[]
  readonly transactions: readonly (TransactionMetadata & { readonly coordinator: NodeId })[]
  readonly quorum: SightQuorum | undefined
  readonly file: SightFile | undefined
}
/** Of which topics the records are wanted (`*`: of all), and which file's batches. */
export interface SightWish { readonly topics: readonly string[]; readonly file?: { readonly broker: NodeId; readonly partition: string; readonly base: Offset } }

const wallMs = (runMs: number): number => RUN_BEGAN_MS + Math.floor(runMs)

export function sightOf(world: World, { topics: named, file }: SightWish): Sight {
  const committed = controllerOf(world)?.committed
  const topics = [...(committed?.topics.values() ?? [])].map(({ name, config, partitions }): SightTopic => ({
    name, id: topicIdOf(name), internal: name.startsWith('__'), config,
    partitions: partitions.map((partition) => {
      const { index, leader, leaderEpoch, replicas, isr, elr, lastKnownElr, adding, removing } = committed!.partitions.get(partition)!
      const log = leader === NO_LEADER || !isLive(world, leader) ? undefined : replicaOf(world, partition, leader)
      return {
        name: partition, index, leader: leader === NO_LEADER ? undefined : leader, leaderEpoch, replicas, isr, elr, lastKnownElr, adding, removing,
        log: log === undefined ? undefined : logSight(log, named.includes(name) || named.includes('*')),
      }
    }),
  }))
  return {
    at: world.now, nowMs: wallMs(toMs(world.now)), topics, features: Object.fromEntries(committed?.features ?? []), brokerConfig: Object.fromEntries(committed?.brokerConfig ?? []), groupConfig: Object.fromEntries(committed?.groupConfig ?? []),
    brokers: [...(committed?.brokers.values() ?? [])].map(({ id, name, fenced, rack }) => ({
      id, name, fenced, rack, answers: isLive(world, id), config: (world.nodes.get(name)!.config as { readonly overrides: Readonly<Record<string, string>> }).overrides,
    })).sort((a, b) => a.id - b.id),
    groups: groupsOf(world), transactions: transactionsOf(world), quorum: quorumOf(world),
    file: file === undefined ? undefined : fileOf(world, file),
  }
}

function logSight({ log, highWatermark }: Replica, withRecords: boolean): SightLog {
  const lastStable = lastStableOffset(log.transactions, highWatermark)
  let newest: SightLog['newest']
  const read: RecordBatch[] = [], all: RecordBatch[] = []
  for (const batch of between(log.batches, 0)) {
    if (batch.baseOffset >= highWatermark) break
    all.push(batch)
    if (batch.lastOffset < log.startOffset || isControl(batch)) continue
    read.push(batch)
    if (newest !== undefined && batch.maxTimestamp <= newest.timestamp) continue
    const i = batch.records.findIndex((_, place) => timestampOf(batch, place) === batch.maxTimestamp)
    newest = { offset: offsetOf(batch, Math.max(0, i)), timestamp: batch.maxTimestamp }
  }
  const committed = withRecords ? new Set(committedOnly(all, log.transactions.aborted)) : undefined
  const records = withRecords ? read.flatMap((batch) => recordsOf(batch).map((record) => ({
    ...record, isCommitted: committed!.has(batch) && record.offset < lastStable, usesAppendTime: (batch.attributes & 8) !== 0,
  }))).filter(({ offset }) => offset >= log.startOffset && offset < highWatermark) : []
  return { begins: log.startOffset, highWatermark, lastStable, newest: newest === undefined ? undefined : { ...newest, timestamp: wallMs(newest.timestamp) }, records, producers: withRecords ? producersOf(log) : [] }
}

const recordsOf = (batch: RecordBatch): SightBatch['records'] => batch.records.map(({ key, value, valueBytes, headers = [] }, i) => ({
  offset: offsetOf(batch, i), timestamp: wallMs(timestampOf(batch, i)), key, value, headers,
  keySize: sizeOf(key), valueSize: valueBytes ?? sizeOf(value), sequence: batch.baseSequence < 0 ? -1 : addSequence(batch.baseSequence, offsetOf(batch, i) - batch.baseOffset),
}))

/** Bytes of a text; -1 = there is none. */
const sizeOf = (text: string | undefined): number => (text === undefined ? -1 : utf8Length(text))

const producersOf = (log: Log): readonly SightProducer[] => [...log.producers].map(([producerId, entry]) => {
  const { producerEpoch, coordinatorEpoch, openSince, batches } = entry
  const last = batches[batches.length - 1]
  return {
    producerId, producerEpoch, coordinatorEpoch, openSince, lastSequence: last === undefined ? -1 : lastSequence(last),
    lastTimestamp: wallMs(lastTimestampOf(entry) ?? 0),
  }
})

/** Those that some live coordinator has in memory. */
function groupsOf(world: World): readonly SightGroup[] {
  const found = new Map<string, SightGroup>()
  for (const [, { kind, condition, state }] of world.nodes) {
    if (kind !== 'broker' || condition === 'down') continue
    const { spec, coordinator, share } = state as NonNullable<ReturnType<typeof brokerOf>>
    for (const name of [...coordinator.groups.keys(), ...coordinator.consumerGroups.keys(), ...share?.groups.keys() ?? []]) {
      const { coordinator: by, group } = groupOf(world, name)
      if (by !== nodeName(spec.id) || group === undefined) continue
      const offsets = Object.fromEntries([...group.offsets].map(([partition, { offset, leaderEpoch }]) => [partition, { offset, leaderEpoch }]))
      const members = group.members.map(({ memberId, clientId, assignment, target, epoch }) => ({ memberId, clientId, assignment, ...(target === undefined ? {} : { target }), ...(epoch === undefined ? {} : { epoch }) }))
      const shared = share?.groups.get(name)
      found.set(name, { ...group, members, name, coordinator: spec.id, offsets, ...(shared === undefined ? {} : { shares: startsOf(world, shared) }) })
    }
  }
  return [...found.values()]
}

/** As the share coordinators have them. */
function startsOf(world: World, { id, initialized }: ShareGroup): Readonly<Record<string, SightShare | undefined>> {
  const brokers = [...world.nodes.values()].flatMap(({ kind, condition, state }) => (kind === 'broker' && condition !== 'down' ? [state as NonNullable<ReturnType<typeof brokerOf>>] : []))
  return Object.fromEntries(initialized.map((partition) => {
    const persisted = brokers.map(({ share, replicas }) => {
      const found = share?.states.get(shareKey(id, partition))
      return found !== undefined && replicas.get(found.partition)?.leading !== undefined ? found : undefined
    }).find((one) => one !== undefined)
    if (persisted === undefined || persisted.startOffset < 0) return [partition, undefined]
    const finished = persisted.batches.reduce((sum, { first, last, state }) => sum + (state === 'ACKNOWLEDGED' || state === 'ARCHIVED' ? last - first + 1 : 0), 0)
    return [partition, { start: persisted.startOffset, finished }]
  }))
}

function transactionsOf(world: World): Sight['transactions'] {
  const list: (TransactionMetadata & { coordinator: NodeId })[] = []
  for (const { kind, condition, state } of world.nodes.values()) {
    if (kind !== 'broker' || condition === 'down') continue
    const { spec, transactions: { coordinator } } = state as NonNullable<ReturnType<typeof brokerOf>>
    for (const { metadata, partition } of coordinator.transactions.values()) if (coordinator.partitions.has(partition)) list.push({ ...metadata, coordinator: spec.id })
  }
  return list.sort((a, b) => (a.id < b.id ? -1 : 1))
}

function quorumOf(world: World): SightQuorum | undefined {
  const leader = quorumLeaderOf(world)
  if (leader?.voter.kind !== 'Leader') return undefined
  const { spec, epoch, highWatermark, voter, committed } = leader
  const endOffset = logEndOffset(leader)
  const now = wallMs(toMs(world.now))
  const voters = [...voter.voters].map(([id, { logEndOffset: end, lastFetchAt }]): SightVoter => ({ id, endOffset: end, fetchedAt: end < 0 ? undefined : wallMs(toMs(lastFetchAt)) }))
  const observers = [...committed.brokers.keys()].flatMap((id): readonly SightVoter[] => {
    const broker = isLive(world, id) ? brokerOf(world, id) : undefined
    return broker === undefined ? [] : [{ id, endOffset: broker.metadata.endOffset + broker.metadataAhead.length, fetchedAt: undefined }]
  })
  return { leader: spec.id, epoch, highWatermark, endOffset, voters: [{ id: spec.id, endOffset, fetchedAt: now }, ...voters], observers }
}

function fileOf(world: World, { broker, partition, base }: NonNullable<SightWish['file']>): SightFile | undefined {
  const log = replicaOf(world, partition, broker)?.log
  const segments = log === undefined ? [] : segmentsOf(log)
  const place = segments.findIndex(({ baseOffset }) => baseOffset === base)
  if (log === undefined || place < 0) return undefined
  const ends = segments[place + 1]?.baseOffset ?? Infinity
  const batches: SightBatch[] = []
  let position = 0
  for (const batch of between(log.batches, 0)) {
    if (batch.baseOffset < base || batch.baseOffset >= ends) continue
    const { records: _, cleaned, sender: _sender, attributes: _attributes, ...fields } = batch
    const marker = isControl(batch) ? markerOf(batch) : undefined
    batches.push({
      ...fields, maxTimestamp: wallMs(batch.maxTimestamp), position, crc: readHeader(bytesOfBatch(batch)).crc >>> 0, lastSequence: lastSequence(batch), deleteHorizonMs: cleaned?.deleteHorizonMs === undefined ? undefined : wallMs(cleaned.deleteHorizonMs),
      codec: CODECS[codecOf(batch)]!, isTransactional: isTransactional(batch), isControl: isControl(batch), marker: marker === undefined ? undefined : { type: marker.type, coordinatorEpoch: marker.coordinatorEpoch },
      records: recordsOf(batch),
    })
    position += batch.sizeInBytes
  }
  return { broker, partition, base, batches, aborted: log.transactions.aborted.filter(({ lastOffset }) => lastOffset >= base && lastOffset < ends) }
}
