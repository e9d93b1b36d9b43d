/**
 * A broker: every request it answers, every answer it waits for, every timer it keeps. A table of contents.
 * What a broker keeps through a crash is its logs, the metadata log as far as it has it, and its last registration.
 */
import { fromMs } from '../../base/units.ts'
import type { Connection, ProcessType, Signal, Tagged, Timer } from '../../engine/process.ts'
import * as groups from '../group/coordinator.ts'
import { append, flushTo } from '../log/log.ts'
import { emptyImage, replay, type PartitionRegistration } from '../metadata/image.ts'
import { answered, handleConnected, handleDisconnected, handleNetworkTimer, newNetworkClient, type Channel, type InFlight } from '../network/client.ts'
import { oneAtATime } from '../network/server.ts'
import type { AdminRequest, AdminResponse } from '../protocol/admin.ts'
import type { AlterPartitionResponse, AssignReplicasToDirsResponse, BrokerHeartbeatResponse, BrokerRegistrationResponse, FetchSnapshotResponse, MetadataFetchResponse } from '../protocol/controller.ts'
import type { DeleteRecordsRequest } from '../protocol/delete-records.ts'
import type { FetchRequest, FetchResponse, ListOffsetsRequest, ListOffsetsResponse, OffsetForLeaderEpochRequest } from '../protocol/fetch.ts'
import type { ConsumerGroupHeartbeatRequest } from '../protocol/consumer-group.ts'
import type { HeartbeatRequest, JoinGroupRequest, LeaveGroupRequest, OffsetCommitRequest, OffsetFetchRequest, SyncGroupRequest } from '../protocol/group.ts'
import type { FindCoordinatorRequest, MetadataRequest } from '../protocol/metadata.ts'
import type { InitProducerIdRequest, ProduceRequest } from '../protocol/produce.ts'
import type { AllocateProducerIdsResponse } from '../protocol/producer-ids.ts'
import type {
  AddOffsetsToTxnRequest, AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, EndTxnRequest, TxnOffsetCommitRequest, WriteTxnMarkersRequest, WriteTxnMarkersResponse,
} from '../protocol/transaction.ts'
import type { TransactionCoordinator } from '../transaction/state.ts'
import type { TransactionHost, TimerKey } from '../transaction/host.ts'
import type { Fact } from '../notes.ts'
import { handleAssigned, handleAssignmentsLost, sendAssignments } from './assignments.ts'
import { handleNotController, handleProposalsLost, retryProposals, sendProposals } from './alter-partition.ts'
import { handleFetchRequest, handleListOffsets, handleOffsetForLeaderEpoch } from './fetch.ts'
import { reconfigure } from './dynamic-config.ts'
import { forgetForwarded, forwardNext, handleForwardAnswered, handleForwarded, handleForwardLost } from './forwarding.ts'
import { fetcherOn, fetchNext, handleFetcherDisconnected, handleFetcherTimer, handleFetchResponse, handleListedOffsets } from './fetcher.ts'
import { checkRetention, runCleaner } from './cleaning.ts'
import { expireDeletes, handleDeleteRecords } from './delete-records.ts'
import { damageLog, flushDirtyLogs, loadLogs, losePageCache, writeBack, writeCheckpoint, type DamageOrder } from './disk.ts'
import { completeCommits, expireCommits } from './coordinators.ts'
import { coordinatorHost } from './group-host.ts'
import { handleAltered, shrinkIsrs } from './isr.ts'
import { beginControlledShutdown, communicate, handleControllerLost, handleHeartbeatAnswered, handleRegistered, stop } from './lifecycle.ts'
import { liveLeader } from './live-leader.ts'
import { handleDiskOrder, handleLogDirFailure, handleLogDirTimeout, openDirectories } from './log-dir-failure.ts'
import { ailDisk, newLogDirectories, watchDisks, type DiskOrder } from './log-directories.ts'
import { handleMetadataFetched, handleMetadataRequest, publish } from './metadata.ts'
import { handleInitProducerId, handleProduceRequest } from './produce.ts'
import { brokerParts, shareConnection, sharePart } from '../parts.ts'
import { armOffsetChecks, checkOffsets } from './offset-checks.ts'
import { handleProducerIdsAllocated, newProducerIds } from './producer-ids.ts'
import { completeDue, forget } from './purgatory.ts'
import { fetchMetadata, handleVoterLost, newQuorumView, NOBODY, retryMetadata, snapshotFetchedSlot } from './quorum.ts'
import { configure, newReplica } from './replicas.ts'
import { writeMarkers } from './markers.ts'
import { handlePeerAnswered, isPeer, peerConnected, peerLost } from './peers.ts'
import { brokerConfig, newTransactions, nodeId, type Broker, type BrokerContext, type BrokerPurpose, type BrokerSpec } from './state.ts'
import { takeWritten, whenWritten } from './slow-disk.ts'
import { transactionHost } from './transaction-host.ts'
import { consumerGroupSlot } from './consumer-groups.ts'
import { coordinatorSlot } from './transaction-coordinator.ts'
import { finishMarkers, handleTxnOffsetCommit, takeAnswers } from './transactions.ts'
import { ask } from './verification.ts'

type GroupRequest = JoinGroupRequest | SyncGroupRequest | HeartbeatRequest | LeaveGroupRequest | OffsetCommitRequest | OffsetFetchRequest | ConsumerGroupHeartbeatRequest
type TransactionRequest = AddPartitionsToTxnRequest | AddOffsetsToTxnRequest | EndTxnRequest | WriteTxnMarkersRequest | TxnOffsetCommitRequest
type Requests = TransactionRequest | AdminRequest | DeleteRecordsRequest | ProduceRequest | FetchRequest | ListOffsetsRequest | OffsetForLeaderEpochRequest | InitProducerIdRequest | MetadataRequest | FindCoordinatorRequest | GroupRequest
type Responses = AddPartitionsToTxnResponse | AllocateProducerIdsResponse | WriteTxnMarkersResponse | AdminResponse | FetchResponse | ListOffsetsResponse | BrokerRegistrationResponse | BrokerHeartbeatResponse | AlterPartitionResponse | AssignReplicasToDirsResponse | MetadataFetchResponse | FetchSnapshotResponse

export type BrokerTimer =
  | { readonly type: 'heartbeat' | 'isrExpiration' | 'alterPartitionRetry' | 'forwardRetry' | 'metadataRetry' | 'network' | 'coordinatorCommits' | 'coordinatorTimeout' | 'early' | 'stallEnds' | 'parkedDue' | 'shutdownTimeout' }
  | { readonly type: 'offsetChecks' | 'retention' | 'cleaner' | 'writeBack' | 'checkpoint' | 'flushLogs' }
  | { readonly type: 'fetcher' | 'coordinator' | 'transactions' | 'verify' | 'logDirFailure' | 'logDirTimeout'; readonly key: string }
  | { readonly type: 'transactionAnswers' | 'transactionMarkers' | 'assign' | 'slowWrite' }

export type BrokerOrder =
  /** Hang the replica fetchers for so long; undefined = until told otherwise. An injected fault. */
  | { readonly type: 'stallFetch'; readonly for: number | undefined }
  | { readonly type: 'resumeFetch' }
  | DiskOrder

type Handler<Request extends Tagged> = (broker: Broker, request: Request, on: Connection, ctx: BrokerContext) => void

/** Nothing is read before the broker has caught up with the metadata log once. */
const serve = <Request extends Tagged>(handle: Handler<Request>): Handler<Request> => oneAtATime((broker: Broker, request: Request, on, ctx: BrokerContext) => {
  if (broker.published) handle(broker, request, on, ctx)
  else broker.early.push({ on, request })
})
const forGroup = <Request extends GroupRequest>(handle: (coordinator: groups.Coordinator, request: Request, on: Connection, host: ReturnType<typeof coordinatorHost>) => void): Handler<Request> =>
  serve((broker, request, on, ctx) => handle(broker.coordinator, request, on, coordinatorHost(broker, ctx)))
const forTransaction = <Request extends Tagged>(handle: (coordinator: TransactionCoordinator, request: Request, on: Connection, host: TransactionHost) => void): Handler<Request> =>
  serve((broker, request, on, ctx) => handle(broker.transactions.coordinator, request, on, transactionHost(broker, ctx)))
const fromController = <Response extends Tagged>(handle: (broker: Broker, response: Response, ctx: BrokerContext) => void): Handler<Response> => (broker, response, on, ctx) => {
  if (answered(broker.network, on) !== undefined) handle(broker, response, ctx)
}

const forward = serve(handleForwarded)
const forwarded = fromController(handleForwardAnswered)

const messages: { readonly [Type in (Requests | Responses)['type']]: Handler<Extract<Requests | Responses, { type: Type }>> } = {
  ProduceRequest: serve(whenWritten(handleProduceRequest)),
  FetchRequest: serve(handleFetchRequest),
  ListOffsetsRequest: serve(handleListOffsets),
  OffsetForLeaderEpochRequest: serve(handleOffsetForLeaderEpoch),
  DeleteRecordsRequest: serve(handleDeleteRecords),
  InitProducerIdRequest: serve(handleInitProducerId),
  MetadataRequest: serve(handleMetadataRequest),
  FindCoordinatorRequest: serve((broker, request, on, ctx) => request.keyType === 'TRANSACTION'
    ? coordinatorSlot().handleFindTransactionCoordinator(request, on, transactionHost(broker, ctx), (partition) => liveLeader(broker, partition))
    : groups.handleFindCoordinator(request, on, coordinatorHost(broker, ctx), (partition) => liveLeader(broker, partition))),
  JoinGroupRequest: forGroup(groups.handleJoinGroup),
  SyncGroupRequest: forGroup(groups.handleSyncGroup),
  HeartbeatRequest: forGroup(groups.handleHeartbeat),
  LeaveGroupRequest: forGroup(groups.handleLeaveGroup),
  ConsumerGroupHeartbeatRequest: forGroup((...args) => consumerGroupSlot()(...args)),
  OffsetCommitRequest: forGroup(groups.handleOffsetCommit),
  OffsetFetchRequest: forGroup(groups.handleOffsetFetch),
  AddPartitionsToTxnRequest: forTransaction((coordinator, request, on, host) => coordinatorSlot().handleAddPartitions(coordinator, request, { on }, host)),
  AddOffsetsToTxnRequest: forTransaction((...args) => coordinatorSlot().handleAddOffsets(...args)),
  EndTxnRequest: forTransaction((...args) => coordinatorSlot().handleEndTxn(...args)),
  WriteTxnMarkersRequest: serve(writeMarkers),
  TxnOffsetCommitRequest: serve(handleTxnOffsetCommit),
  CreateTopicsRequest: forward, CreatePartitionsRequest: forward, DeleteTopicsRequest: forward, IncrementalAlterConfigsRequest: forward,
  ElectLeadersRequest: forward, AlterPartitionReassignmentsRequest: forward, ListPartitionReassignmentsRequest: forward,
  CreateTopicsResponse: forwarded, CreatePartitionsResponse: forwarded, DeleteTopicsResponse: forwarded, IncrementalAlterConfigsResponse: forwarded,
  ElectLeadersResponse: forwarded, AlterPartitionReassignmentsResponse: forwarded, ListPartitionReassignmentsResponse: forwarded, AllocateProducerIdsResponse: fromController(handleProducerIdsAllocated),
  AddPartitionsToTxnResponse: handlePeerAnswered, WriteTxnMarkersResponse: handlePeerAnswered,
  FetchResponse: whenWritten(handleFetchResponse),
  ListOffsetsResponse: handleListedOffsets,
  BrokerRegistrationResponse: fromController(handleRegistered),
  BrokerHeartbeatResponse: fromController(handleHeartbeatAnswered),
  AlterPartitionResponse: fromController(handleAlterPartitionResponse),
  AssignReplicasToDirsResponse: fromController(handleAssigned),
  MetadataFetchResponse: fromController(handleMetadataFetched),
  FetchSnapshotResponse: fromController((broker, response, ctx) => snapshotFetchedSlot()(broker, response, ctx)),
}

function handleAlterPartitionResponse(broker: Broker, response: AlterPartitionResponse, ctx: BrokerContext): void {
  // Of all of it or of one partition: it is not the active controller any more.
  if (response.error === 'NOT_CONTROLLER' || response.partitions.some(({ error }) => error === 'NOT_CONTROLLER')) return handleNotController(broker, ctx)
  if (response.error !== 'NONE') return retryProposals(broker, ctx)
  const asked = broker.alterPartition.inFlight
  broker.alterPartition.inFlight = []
  let retry = false
  for (const answer of response.partitions) {
    const proposal = asked.find(({ partition }) => partition === answer.partition)
    if (handleAltered(broker, answer, ctx) === 'retry') retry = true
    else if (broker.alterPartition.pending.get(answer.partition) === proposal) broker.alterPartition.pending.delete(answer.partition)
  }
  if (retry) retryProposals(broker, ctx)
  else sendProposals(broker, ctx)
}

const timers: { readonly [Type in BrokerTimer['type']]: (broker: Broker, timer: Extract<BrokerTimer, { type: Type }> & { readonly key?: string }, ctx: BrokerContext) => void } = {
  heartbeat: (broker, _timer, ctx) => communicate(broker, ctx),
  isrExpiration: (broker, _timer, ctx) => {
    ctx.setTimer({ type: 'isrExpiration' }, broker.config.replicaLagTimeMax / 2)
    shrinkIsrs(broker, ctx)
    armOffsetChecks(broker, ctx)
  },
  offsetChecks: (broker, _timer, ctx) => checkOffsets(broker, ctx),
  alterPartitionRetry: (broker, _timer, ctx) => sendProposals(broker, ctx),
  forwardRetry: (broker, _timer, ctx) => forwardNext(broker, ctx),
  metadataRetry: (broker, _timer, ctx) => retryMetadata(broker, ctx),
  shutdownTimeout: (broker, _timer, ctx) => stop(broker, ctx),
  network: (broker, _timer, ctx) => {
    for (const { channel, failed } of handleNetworkTimer(broker.network, ctx)) lost(broker, channel, failed, ctx)
  },
  coordinatorCommits: (broker, _timer, ctx) => completeCommits(broker, ctx),
  coordinatorTimeout: (broker, _timer, ctx) => expireCommits(broker, ctx),
  coordinator: (broker, { key }, ctx) => groups.handleCoordinatorTimer(broker.coordinator, key, coordinatorHost(broker, ctx)),
  transactions: (broker, { key }, ctx) => coordinatorSlot().handleTransactionTimer(broker.transactions.coordinator, key as TimerKey, transactionHost(broker, ctx)),
  verify: (broker, { key }, ctx) => ask(broker, Number(key), ctx),
  transactionAnswers: (broker, _timer, ctx) => takeAnswers(broker, ctx),
  transactionMarkers: (broker, _timer, ctx) => finishMarkers(broker, ctx),
  early: handleEarly,
  stallEnds: (broker, _timer, ctx) => resumeFetch(broker, ctx),
  parkedDue: (broker, _timer, ctx) => {
    completeDue(broker, ctx)
    if (broker.parked.deletes.size > 0) expireDeletes(broker, ctx)
  },
  retention: (broker, _timer, ctx) => checkRetention(broker, ctx),
  cleaner: (broker, _timer, ctx) => runCleaner(broker, ctx),
  writeBack: (broker) => writeBack(broker),
  checkpoint: (broker, _timer, ctx) => writeCheckpoint(broker, ctx),
  flushLogs: (broker, _timer, ctx) => flushDirtyLogs(broker, ctx),
  logDirFailure: (broker, { key }, ctx) => handleLogDirFailure(broker, Number(key), ctx),
  logDirTimeout: (broker, { key }, ctx) => handleLogDirTimeout(broker, key, ctx),
  assign: (broker, _timer, ctx) => sendAssignments(broker, ctx),
  slowWrite: (broker, _timer, ctx) => {
    for (const { on, message } of takeWritten(broker, ctx)) {
      if (message.type === 'ProduceRequest') handleProduceRequest(broker, message, on, ctx)
      else handleFetchResponse(broker, message, on, ctx)
    }
  },
  fetcher: (broker, { key }, ctx) => handleFetcherTimer(broker, Number(key), ctx),
}

/** What came while it was still catching up. */
function handleEarly(broker: Broker, _timer: Timer, ctx: BrokerContext): void {
  const early = broker.early
  broker.early = []
  for (const { on, request } of early) (messages[request.type as Requests['type']] as Handler<Tagged>)(broker, request, on, ctx)
}

function lost(broker: Broker, channel: Channel<BrokerPurpose>, failed: readonly InFlight<BrokerPurpose>[], ctx: BrokerContext): void {
  if (isPeer(channel)) peerLost(broker, channel, failed, ctx)
  else failedAtController(broker, channel, ctx)
}

/** A connection to a controller is gone, or nothing came: whoever waits for an answer asks again, and perhaps somebody else. */
function failedAtController(broker: Broker, channel: Channel<BrokerPurpose>, ctx: BrokerContext): void {
  const node = nodeId(channel.node)!
  const { toController } = broker
  if (channel.label.endsWith('metadata')) handleVoterLost(broker, node, ctx)
  else if (channel.label.endsWith('heartbeat')) {
    if (toController.heartbeat === node) handleControllerLost(broker, ctx)
  } else if (channel.label.endsWith('forward')) {
    if (toController.forward === node) handleForwardLost(broker, ctx)
  } else if (channel.label.endsWith('assign')) {
    if (toController.assign === node) handleAssignmentsLost(broker, ctx)
  } else if (toController.alterPartition === node) handleProposalsLost(broker, ctx)
}

const signals: { readonly [Type in Signal['type']]: (broker: Broker, signal: Extract<Signal, { type: Type }>, ctx: BrokerContext) => void } = {
  Connected: (broker, { on }, ctx) => {
    const fetcher = fetcherOn(broker, on)
    if (fetcher !== undefined) return fetchNext(broker, fetcher, ctx)
    const channel = handleConnected(broker.network, on)
    if (channel === undefined) return broker.share === undefined ? undefined : ctx.setTimer(shareConnection('shareConnected', on), 0)
    if (isPeer(channel)) peerConnected(broker, channel, ctx)
    else if (channel.label.endsWith('heartbeat')) communicate(broker, ctx)
    else if (channel.label.endsWith('metadata')) fetchMetadata(broker, ctx)
    else if (channel.label.endsWith('forward')) forwardNext(broker, ctx)
    else if (channel.label.endsWith('assign')) sendAssignments(broker, ctx)
    else sendProposals(broker, ctx)
  },
  Disconnected: (broker, { on, peer, how }, ctx) => {
    const fetcher = fetcherOn(broker, on)
    if (fetcher !== undefined) {
      if (how === 'reset') ctx.note({ code: 'connection.lost', node: broker.spec.name, peer, how })
      return handleFetcherDisconnected(broker, fetcher, ctx)
    }
    const gone = handleDisconnected(broker.network, on, ctx)
    if (gone === undefined) {
      forget(broker, on)
      forgetForwarded(broker, on)
      broker.early = broker.early.filter((early) => early.on !== on)
      if (broker.share !== undefined) ctx.setTimer(shareConnection('shareLost', on), 0)
      return groups.handleClientDisconnected(broker.coordinator, on)
    }
    lost(broker, gone.channel, gone.failed, ctx)
  },
  Terminate: (broker, _signal, ctx) => beginControlledShutdown(broker, ctx),
}

function resumeFetch(broker: Broker, ctx: BrokerContext): void {
  broker.fetchStalledUntil = 0
  ctx.cancelTimer({ type: 'stallEnds' })
  for (const fetcher of broker.fetchers.values()) if (fetcher.state === 'stalled') fetchNext(broker, fetcher, ctx)
}

const orders: { readonly [Type in BrokerOrder['type']]: (broker: Broker, order: Extract<BrokerOrder, { type: Type }>, ctx: BrokerContext) => void } = {
  stallFetch: (broker, order, ctx) => {
    broker.fetchStalledUntil = order.for === undefined ? Infinity : ctx.now + order.for
    if (order.for !== undefined) ctx.setTimer({ type: 'stallEnds' }, order.for)
  },
  resumeFetch: (broker, _order, ctx) => resumeFetch(broker, ctx),
  ailDisk: handleDiskOrder, slowDisk: handleDiskOrder,
}

function boot(spec: BrokerSpec, disk: Partial<Broker> | undefined, ctx: BrokerContext): Broker {
  const first = disk === undefined
  const starts = (disk?.starts ?? 0) + 1
  const broker: Broker = {
    spec, overrides: spec.overrides, config: brokerConfig(spec.overrides), brokerEpoch: -1, incarnationId: `${spec.name}-${starts}`, starts, recoveries: disk?.recoveries ?? 0, lifecycle: 'starting', published: false,
    metadata: disk?.metadata ?? emptyImage(), metadataAhead: disk?.metadataAhead ?? [], metadataHighWatermark: disk?.metadataHighWatermark ?? 0,
    quorum: { ...(disk?.quorum ?? newQuorumView()) }, toController: { heartbeat: undefined, alterPartition: undefined, forward: undefined, heartbeatSince: undefined },
    replicas: disk?.replicas ?? new Map(), logDirs: disk?.logDirs ?? newLogDirectories(spec), topicConfigs: new Map(), fetchers: new Map(), sessions: new Map(),
    disk: { startedAt: ctx.now, cleanerAt: Infinity, writeBackAt: disk?.disk?.writeBackAt ?? Infinity, checkpointAt: Infinity, slow: disk?.disk?.slow ?? 0, watched: false },
    network: newNetworkClient<BrokerPurpose>({
      requestTimeout: fromMs(30000), reconnectBackoffMs: 50, reconnectBackoffMaxMs: 1000, connectionSetupTimeout: fromMs(10000),
    }),
    alterPartition: { pending: new Map(), inFlight: [] },
    forwarding: { waiting: [], sent: undefined },
    parked: { next: 1, armedFor: Infinity, fetches: new Map(), produces: new Map(), deletes: new Map() },
    producerIds: newProducerIds(), coordinator: groups.newCoordinator(), transactions: newTransactions(), commits: [], early: [],
    fetchStalledUntil: 0, quotas: undefined, cleanShutdownEpoch: disk?.cleanShutdownEpoch ?? -1, cleanShutdown: false, shutdown: undefined,
    ...(spec.share === undefined ? undefined : { share: sharePart().boot(disk?.share) }),
  }
  reconfigure(broker)
  ctx.setTimer({ type: 'isrExpiration' }, broker.config.replicaLagTimeMax / 2)
  watchDisks(broker)
  if (!openDirectories(broker, disk?.cleanShutdown ?? true, ctx)) return broker
  loadLogs(broker, disk?.cleanShutdown ?? true, ctx)
  if (first) standAtStart(broker, ctx)
  fetchMetadata(broker, ctx)
  communicate(broker, ctx)
  return broker
}

/** 00:00 of a run: registered, unfenced, metadata applied, logs with the records that the scenario gives them. */
function standAtStart(broker: Broker, ctx: BrokerContext): void {
  const { entries, logs } = broker.spec.initial
  for (const entry of entries) replay(broker.metadata, entry)
  reconfigure(broker)
  broker.metadataHighWatermark = broker.metadata.endOffset
  broker.brokerEpoch = broker.metadata.brokers.get(broker.spec.id)!.epoch
  broker.lifecycle = 'running'
  for (const [partition, batches] of logs) {
    const registration = broker.metadata.partitions.get(partition)
    if (registration === undefined || !registration.replicas.includes(broker.spec.id)) continue
    const replica = newReplica(partition)
    if (broker.logDirs.length > 1) replica.dir = directoryAtStart(broker, registration)
    configure(broker, replica, registration.topic, ctx)
    for (const batch of batches) append(replica.log, batch)
    flushTo(replica.log, replica.log.endOffset)
    replica.highWatermark = replica.log.endOffset
    replica.checkpointedHighWatermark = replica.highWatermark
    broker.replicas.set(partition, replica)
  }
  broker.quorum = { ...newQuorumView(), epoch: FIRST_EPOCH, leaderId: broker.spec.voters[0], appliedEpoch: FIRST_EPOCH }
  publish(broker, ctx)
}
const directoryAtStart = ({ logDirs, spec }: Broker, { replicas, directories }: PartitionRegistration): number =>
  logDirs.findIndex(({ id }) => id === directories?.[replicas.indexOf(spec.id)])
const FIRST_EPOCH = 1

/** Everything written. A replica that led stops leading: what it believed is in its memory, not on its disk. */
function disk(broker: Broker): Partial<Broker> {
  for (const replica of broker.replicas.values()) {
    replica.leading = undefined
    replica.leaderEpoch = -1
  }
  for (const replica of broker.offline?.values() ?? []) broker.replicas.set(replica.partition, replica)
  const { starts, recoveries, metadata, metadataAhead, metadataHighWatermark, replicas, logDirs, disk: logs, cleanShutdownEpoch, cleanShutdown } = broker
  const quorum = { ...broker.quorum, suspected: false, asking: NOBODY }
  return { quorum, starts, recoveries, metadata, metadataAhead, metadataHighWatermark, replicas, logDirs, disk: logs, cleanShutdownEpoch, cleanShutdown, ...(broker.share === undefined ? undefined : { share: sharePart().kept(broker.share) }) }
}

const powerCut = (kept: Partial<Broker>, now: number): number => losePageCache(kept as Pick<Broker, 'disk' | 'replicas'>, now)

const damage = (kept: Partial<Broker>, what: Tagged): void => {
  if (what.type === 'damage') damageLog(kept as Broker, what as DamageOrder)
  else ailDisk(kept as Broker, what as DiskOrder)
}

// What parts bring is looked up behind all that.
Object.setPrototypeOf(messages, brokerParts.messages)
Object.setPrototypeOf(timers, brokerParts.timers)

export const brokerType: ProcessType<BrokerSpec, Broker, Requests | Responses, BrokerTimer, BrokerOrder, Fact> = { kind: 'broker', boot, disk, powerCut, damage, messages, timers, signals, orders }

