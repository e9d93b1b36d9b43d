/** A message of the model in the terms of a drawing: what it is, what it carries, how much it matters. */
import type { RecordBatch } from '../kafka/log/record.ts'
import { snapshotFile, type SnapshotId } from '../kafka/metadata/snapshot.ts'
import type { FetchRequest, FetchResponse } from '../kafka/protocol/fetch.ts'
import type { ProduceRequest, ProduceResponse } from '../kafka/protocol/produce.ts'
import type {
  AlterPartitionRequest, BrokerHeartbeatRequest, BrokerHeartbeatResponse, FetchSnapshotRequest, FetchSnapshotResponse, MetadataFetchRequest, MetadataFetchResponse, QuorumRequest, QuorumResponse,
} from '../kafka/protocol/controller.ts'
import { names, nodeName } from '../kafka/broker/state.ts'
import type { Tagged } from '../engine/process.ts'
import { isInternal } from './brokers.ts'
import { cellsOf, openCells, type Hues } from './cells.ts'
import type { Cell } from './cluster-view.ts'
import { lateViews } from './late-views.ts'
import type { SpanDetail, Weight } from './span-detail.ts'

/** More than these are not drawn in one window. */
const SHOWN_RECORDS = 12
const NO_RECORDS: readonly Cell[] = Object.freeze([])
const NO_FIELDS: SpanDetail['fields'] = Object.freeze([])

export function describe(message: Tagged, hues: Hues): SpanDetail {
  const request = message.type.endsWith('Request')
  const api = message.type.replace(/(Request|Response)$/, '')
  const plain: SpanDetail = {
    api: api === 'MetadataFetch' ? 'Fetch' : api, part: request ? 'request' : 'response', weight: weights[api] ?? 'control', ack: false, partition: undefined, partitions: 0,
    records: NO_RECORDS, error: errorOf(message), offset: undefined, highWatermark: undefined, leaderEpoch: undefined, fields: NO_FIELDS,
  }
  switch (message.type) {
    case 'ProduceRequest': return produceRequest(plain, message as ProduceRequest, hues)
    case 'ProduceResponse': return produceResponse(plain, message as ProduceResponse)
    case 'FetchRequest': return fetchRequest(plain, message as FetchRequest)
    case 'FetchResponse': return fetchResponse(plain, message as FetchResponse, hues)
    case 'MetadataFetchRequest': return metadataFetch(plain, message as MetadataFetchRequest)
    case 'MetadataFetchResponse': return metadataFetched(plain, message as MetadataFetchResponse)
    case 'VoteRequest': case 'VoteResponse': case 'BeginQuorumEpochRequest': case 'BeginQuorumEpochResponse': case 'EndQuorumEpochRequest': case 'EndQuorumEpochResponse':
      return quorumMessage(plain, message as QuorumMessage)
    case 'FetchSnapshotRequest': return fetchSnapshot(plain, (message as FetchSnapshotRequest).snapshotId)
    case 'FetchSnapshotResponse': return snapshotFetched(plain, message as FetchSnapshotResponse)
    case 'AlterPartitionRequest': return alterPartition(plain, message as AlterPartitionRequest)
    case 'BrokerHeartbeatRequest': return heartbeat(plain, message as BrokerHeartbeatRequest)
    case 'BrokerHeartbeatResponse': return heartbeatAnswered(plain, message as BrokerHeartbeatResponse)
    default: return lateViews.messages[message.type]?.(plain, message, hues) ?? Object.freeze({ ...plain, weight: plain.error === undefined ? plain.weight : 'control', fields: fieldsOf(message) })
  }
}

const weights: Readonly<Record<string, Weight>> = {
  Produce: 'data', Fetch: 'quiet', MetadataFetch: 'beat', BrokerHeartbeat: 'beat', Heartbeat: 'beat', ConsumerGroupHeartbeat: 'beat', ShareGroupHeartbeat: 'beat', ShareFetch: 'quiet', ReadShareGroupState: 'quiet', WriteShareGroupState: 'quiet', InitializeShareGroupState: 'quiet', DeleteShareGroupState: 'quiet', OffsetCommit: 'quiet', ListOffsets: 'quiet', OffsetFetch: 'quiet',
  OffsetForLeaderEpoch: 'quiet',
}

const list = (...fields: (readonly [string, string])[]): SpanDetail['fields'] => Object.freeze(fields)

const errorOf = (message: Tagged): string | undefined => {
  const { error } = message as { error?: string }
  return error === 'NONE' ? undefined : error
}

/** What a card shows of the rest: Kafka's field names, values as they are; lists by their length. */
function fieldsOf(message: Tagged): SpanDetail['fields'] {
  const fields: (readonly [string, string])[] = []
  for (const [name, value] of Object.entries(message)) {
    if (name === 'type' || name === 'error' || name === 'clientId' || value === undefined || value === '') continue
    if (Array.isArray(value)) {
      if (value.every((item) => typeof item === 'string')) fields.push([name, value.join(' ')])
    } else if (typeof value !== 'object') fields.push([name, String(value)])
  }
  return Object.freeze(fields)
}

const shown = (batches: readonly RecordBatch[], hues: Hues): readonly Cell[] => Object.freeze(batches.flatMap((batch) => cellsOf(batch, hues)).slice(0, SHOWN_RECORDS))

function produceRequest(plain: SpanDetail, { acks, timeoutMs, partitions }: ProduceRequest, hues: Hues): SpanDetail {
  const first = partitions[0]
  const records = partitions.flatMap(({ batch }) => openCells(batch.records, hues))
  const batch = first?.batch
  const sequence: (readonly [string, string])[] = batch === undefined || batch.producerId < 0 ? []
    : [['producerId', String(batch.producerId)], ['producerEpoch', String(batch.producerEpoch)], ['baseSequence', String(batch.baseSequence)]]
  return Object.freeze({
    ...plain, partition: first?.partition, partitions: partitions.length, records: Object.freeze(records.slice(0, SHOWN_RECORDS)),
    fields: list(
      ['acks', String(acks)], ['timeoutMs', String(timeoutMs)], ['records', String(records.length)],
      ['bytes', String(partitions.reduce((sum, { batch: { sizeInBytes } }) => sum + sizeInBytes, 0))], ...sequence,
    ),
  })
}

function produceResponse(plain: SpanDetail, { partitions }: ProduceResponse): SpanDetail {
  const refused = partitions.find(({ error }) => error !== 'NONE')
  const first = refused ?? partitions[0]
  const fields: (readonly [string, string])[] = first?.currentLeader === undefined ? []
    : [['currentLeader', `b${first.currentLeader.leaderId}`], ['leaderEpoch', String(first.currentLeader.leaderEpoch)]]
  return Object.freeze({
    ...plain, ack: refused === undefined, partition: first?.partition, partitions: partitions.length, error: refused?.error,
    offset: first === undefined || first.baseOffset < 0 ? undefined : first.baseOffset, fields: Object.freeze(fields),
  })
}

function fetchRequest(plain: SpanDetail, request: FetchRequest): SpanDetail {
  const data = request.partitions.filter(({ partition }) => !isInternal(partition))
  const first = data[0] ?? request.partitions[0]
  return Object.freeze({
    ...plain, weight: request.acknowledges === true && data.length > 0 ? 'data' : data.length > 0 ? 'quiet' : 'beat', partition: first?.partition, partitions: request.partitions.length,
    offset: first?.fetchOffset, leaderEpoch: first === undefined || first.currentLeaderEpoch < 0 ? undefined : first.currentLeaderEpoch,
    fields: list(
      ['fetchOffset', String(first?.fetchOffset ?? '')], ['lastFetchedEpoch', String(first?.lastFetchedEpoch ?? -1)], ['currentLeaderEpoch', String(first?.currentLeaderEpoch ?? -1)],
      ['maxWaitMs', String(request.maxWaitMs)], ['minBytes', String(request.minBytes)],
    ),
  })
}

function fetchResponse(plain: SpanDetail, { partitions }: FetchResponse, hues: Hues): SpanDetail {
  const data = partitions.filter(({ partition }) => !isInternal(partition))
  const telling = data.find(({ batches: own, error, divergingEpoch }) => own.length > 0 || error !== 'NONE' || divergingEpoch !== undefined) ?? data[0] ?? partitions[0]
  const batches = data.flatMap((each) => each.batches)
  const records = shown(batches, hues)
  const decides = telling !== undefined && (telling.error !== 'NONE' || telling.divergingEpoch !== undefined)
  const fields: (readonly [string, string])[] = telling?.divergingEpoch === undefined ? [] : [['divergingEpoch', `${telling.divergingEpoch.epoch}, ${telling.divergingEpoch.endOffset}`]]
  if (batches.length > 0) fields.push(['records', String(batches.reduce((sum, batch) => sum + batch.records.length, 0))], ['bytes', String(batches.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0))])
  return Object.freeze({
    ...plain, weight: records.length > 0 ? 'data' : decides ? 'control' : data.length > 0 ? 'quiet' : 'beat', partition: telling?.partition, partitions: partitions.length, records,
    error: telling === undefined || telling.error === 'NONE' ? undefined : telling.error, offset: records[0]?.offset,
    highWatermark: telling === undefined || telling.highWatermark < 0 ? undefined : telling.highWatermark, fields: Object.freeze(fields),
  })
}

const metadataFetch = (plain: SpanDetail, request: MetadataFetchRequest): SpanDetail => Object.freeze({
  ...plain, partition: '__cluster_metadata/0', offset: request.fetchOffset, highWatermark: request.highWatermark, fields: fieldsOf(request),
})

function metadataFetched(plain: SpanDetail, response: MetadataFetchResponse): SpanDetail {
  const names = response.entries.map(({ record }) => record.type)
  return Object.freeze({
    ...plain, weight: names.length > 0 ? 'control' : 'beat', partition: '__cluster_metadata/0', offset: response.entries[0]?.offset, highWatermark: response.highWatermark,
    fields: Object.freeze(names.length > 0 ? [['records', names.join(' ')] as const] : response.snapshotId === undefined ? [] : [['snapshotId', snapshotFile(response.snapshotId)] as const]),
  })
}
const fetchSnapshot = (plain: SpanDetail, id: SnapshotId): SpanDetail => Object.freeze({ ...plain, weight: 'control', partition: '__cluster_metadata/0', offset: id.endOffset, fields: Object.freeze([['snapshotId', snapshotFile(id)] as const]) })
const snapshotFetched = (plain: SpanDetail, { snapshot }: FetchSnapshotResponse): SpanDetail =>
  (snapshot === undefined ? plain : Object.freeze({ ...fetchSnapshot(plain, snapshot), fields: Object.freeze([['snapshotId', snapshotFile(snapshot)] as const, ['records', String(snapshot.records.length)] as const]) }))

type QuorumMessage = Exclude<QuorumRequest | QuorumResponse, MetadataFetchRequest | MetadataFetchResponse | FetchSnapshotRequest | FetchSnapshotResponse>
/** Between voters: of which epoch, and machines by their names. */
function quorumMessage(plain: SpanDetail, message: QuorumMessage): SpanDetail {
  const { type: _, error: __, leaderEpoch, ...rest } = { error: undefined, leaderEpoch: undefined, ...message }
  const fields = Object.entries(rest).filter(([name, value]) => name !== 'replicaEpoch' && value !== undefined).map(([name, value]): readonly [string, string] => {
    const shown = Array.isArray(value) ? names(value).join(' ') : name === 'leaderId' || name === 'replicaId' ? nodeName(Number(value)) : String(value)
    return [name, shown]
  })
  return Object.freeze({ ...plain, partition: '__cluster_metadata/0', leaderEpoch: leaderEpoch ?? (message.type === 'VoteRequest' ? message.replicaEpoch : undefined), fields: Object.freeze(fields) })
}

const alterPartition = (plain: SpanDetail, { partitions }: AlterPartitionRequest): SpanDetail => Object.freeze({
  ...plain, partition: partitions[0]?.partition, partitions: partitions.length, leaderEpoch: partitions[0]?.leaderEpoch,
  fields: Object.freeze([['newIsr', partitions[0]?.newIsr.map(({ brokerId }) => `b${brokerId}`).join(' ') ?? ''] as const]),
})

const heartbeat = (plain: SpanDetail, request: BrokerHeartbeatRequest): SpanDetail =>
  Object.freeze({ ...plain, weight: request.wantShutDown || request.wantFence ? 'control' : 'beat', fields: fieldsOf(request) })
const heartbeatAnswered = (plain: SpanDetail, response: BrokerHeartbeatResponse): SpanDetail =>
  Object.freeze({ ...plain, weight: response.shouldShutDown || response.isFenced || plain.error !== undefined ? 'control' : 'beat', fields: fieldsOf(response) })
