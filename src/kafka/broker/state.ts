/** What a broker knows and keeps. A tree of plain data; the inspector shows it as it is. */
import type { Epoch, Micros, NodeId, Offset } from '../../base/units.ts'
import { fromMs } from '../../base/units.ts'
import type { Connection, Context, Tagged } from '../../engine/process.ts'
import { numberOf, type Overrides } from '../config.ts'
import type { KafkaError } from '../errors.ts'
import type { Coordinator } from '../group/coordinator.ts'
import type { Log } from '../log/log.ts'
import type { LogConfig } from '../log/log-config.ts'
import type { RecordBatch } from '../log/record.ts'
import type { Damage } from '../log/recovery.ts'
import type { BatchLimits } from '../log/validate.ts'
import type { MetadataImage } from '../metadata/image.ts'
import type { SnapshotId } from '../metadata/snapshot.ts'
import type { MetadataEntry } from '../metadata/records.ts'
import type { NetworkClient } from '../network/client.ts'
import type { Fact } from '../notes.ts'
import type { Share } from '../share/state.ts'
import type { AdminRequest } from '../protocol/admin.ts'
import type { AlterPartition, DirectoryAssignment } from '../protocol/controller.ts'
import type { DeletedRecords } from '../protocol/delete-records.ts'
import type { FetchPartition, FetchRequest, FetchResponse } from '../protocol/fetch.ts'
import type { ProducedPartition, ProduceRequest } from '../protocol/produce.ts'
import type { AllocateProducerIdsRequest } from '../protocol/producer-ids.ts'
import type {
  AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, TxnMarker, TxnOffsetCommitRequest, WriteTxnMarkersRequest, WriteTxnMarkersResponse,
} from '../protocol/transaction.ts'
import type { ReplicationQuotas } from './quota-rate.ts'
import { newTransactionCoordinator, type TransactionCoordinator } from '../transaction/state.ts'

export type BrokerContext = Context<Fact>

/** How a broker is started: its name, its place, its properties file, and what stands at 00:00. */
export interface BrokerSpec {
  readonly id: NodeId; readonly name: string; readonly rack: string | undefined
  readonly overrides: Overrides
  /** `controller.quorum.bootstrap.servers`: the voters of the metadata quorum. */
  readonly voters: readonly NodeId[]
  /** How long what is written lies in the page cache before the system writes it to the disk. */
  readonly writeBack: Micros
  /** How many log directories; 1 unless said. And how large the disk under each is; without an end unless said. */
  readonly logDirs?: number; readonly diskBytes?: number
  /** There are share consumers. */
  readonly share?: true
  readonly initial: { readonly entries: readonly MetadataEntry[]; readonly logs: ReadonlyMap<string, readonly RecordBatch[]> }
}

/** Numbers of the properties file, in simulated time where they are times. */
export interface BrokerConfig {
  readonly replicaLagTimeMax: Micros
  /** `replica.selector.class` is RackAwareReplicaSelector; the other one of Kafka's always takes the leader. */
  readonly selectsReplicaByRack: boolean
  readonly replicaFetchWaitMaxMs: number; readonly replicaFetchMinBytes: number; readonly replicaFetchMaxBytes: number; readonly replicaFetchResponseMaxBytes: number
  readonly replicaFetchBackoff: Micros; readonly replicaSocketTimeout: Micros
  readonly heartbeatInterval: Micros
  /** Half a session without an answer is too long for the heartbeat's channel (KAFKA-14392). */
  readonly heartbeatTimeout: Micros
  readonly minInsyncReplicas: number
  readonly offsetsCommitTimeout: Micros; readonly requestTimeout: Micros
  /** `controller.quorum.request.timeout.ms`, `controller.quorum.retry.backoff.ms` */
  readonly quorumRequestTimeout: Micros; readonly quorumRetryBackoff: Micros
  readonly producerIdExpirationMs: number; readonly producerIdExpirationCheck: Micros
  readonly retentionCheckInterval: Micros; readonly initialTaskDelay: Micros; readonly cleanerBackoff: Micros
  /** undefined = no log is ever flushed for its age. */
  readonly flushSchedulerInterval: Micros | undefined
}
export const brokerConfig = (overrides: Overrides): BrokerConfig => {
  const number = (name: string) => numberOf('broker', overrides, name)
  return Object.freeze({
    selectsReplicaByRack: String(overrides['replica.selector.class'] ?? '').endsWith('RackAwareReplicaSelector'),
    replicaLagTimeMax: fromMs(number('replica.lag.time.max.ms')),
    replicaFetchWaitMaxMs: number('replica.fetch.wait.max.ms'), replicaFetchMinBytes: number('replica.fetch.min.bytes'),
    replicaFetchMaxBytes: number('replica.fetch.max.bytes'), replicaFetchResponseMaxBytes: number('replica.fetch.response.max.bytes'),
    replicaFetchBackoff: fromMs(number('replica.fetch.backoff.ms')), replicaSocketTimeout: fromMs(number('replica.socket.timeout.ms')),
    heartbeatInterval: fromMs(number('broker.heartbeat.interval.ms')), heartbeatTimeout: fromMs(Math.min(30000, number('broker.session.timeout.ms') / 2)), minInsyncReplicas: number('min.insync.replicas'),
    offsetsCommitTimeout: fromMs(number('offsets.commit.timeout.ms')), requestTimeout: fromMs(30000),
    quorumRequestTimeout: fromMs(number('controller.quorum.request.timeout.ms')), quorumRetryBackoff: fromMs(number('controller.quorum.retry.backoff.ms')),
    producerIdExpirationMs: number('producer.id.expiration.ms'), producerIdExpirationCheck: fromMs(number('producer.id.expiration.check.interval.ms')),
    retentionCheckInterval: fromMs(number('log.retention.check.interval.ms')), initialTaskDelay: fromMs(number('log.initial.task.delay.ms')),
    cleanerBackoff: fromMs(number('log.cleaner.backoff.ms')),
    flushSchedulerInterval: overrides['log.flush.scheduler.interval.ms'] === undefined ? undefined : fromMs(number('log.flush.scheduler.interval.ms')),
  })
}

export interface Broker {
  readonly spec: BrokerSpec
  /** Its properties file, and over it what the metadata log sets for all brokers, and over that what it sets for this one. */
  overrides: Overrides
  /** As numbers. */
  config: BrokerConfig
  /** Offset of its registration record; -1 = not registered yet. */
  brokerEpoch: Epoch
  incarnationId: string
  /** Process starts since 00:00, and logs that had to be read again at one. */
  starts: number; recoveries: number
  /** CTL-12 and CTL-14. */
  lifecycle: 'starting' | 'recovering' | 'running' | 'shuttingDown'
  /** Has caught up with the metadata log once; before that it answers nobody. */
  published: boolean
  /** As far as it has applied the metadata log. What it believes is this, and nothing else. */
  metadata: MetadataImage
  /** Fetched, but not known to be committed. */
  metadataAhead: MetadataEntry[]
  metadataHighWatermark: Offset
  quorum: QuorumView
  toController: ToController
  replicas: Map<string, Replica>
  /** Those in log directories that have failed; undefined = none has. */
  offline?: Map<string, Replica> | undefined
  logDirs: readonly LogDirectory[]
  /** What the controller has not been told of where replicas lie; undefined = nothing. */
  assignments?: DirectoryAssignments | undefined
  /** What the configs of each topic come to on this broker, and what they were made of. */
  topicConfigs: Map<string, TopicConfig>
  /** When its timers for logs fire; Infinity = nothing to do. */
  disk: {
    readonly startedAt: Micros; cleanerAt: Micros; writeBackAt: Micros; checkpointAt: Micros
    /** How much longer each write takes than it should; and whether writes have to be looked at at all. */
    slow: Micros; watched: boolean
  }
  /** One for each leader it copies from (`num.replica.fetchers` = 1). */
  fetchers: Map<NodeId, Fetcher>
  /** Of followers that copy from here, by connection. */
  sessions: Map<Connection, FetchSession>
  /** Channels to the controller. */
  network: NetworkClient<BrokerPurpose>
  alterPartition: { pending: Map<string, AlterPartition>; inFlight: readonly AlterPartition[] }
  parked: Parking
  /** Requests of admin clients on their way to the controller. */
  forwarding: Forwarding
  producerIds: ProducerIds
  coordinator: Coordinator
  transactions: Transactions
  /** Appends of the coordinator that wait for the high watermark. */
  commits: { partition: string; at: Offset; deadline: Micros }[]
  /** Requests that came before it had caught up with the metadata log. */
  early: { readonly on: Connection; readonly request: Tagged }[]
  /** On a slow disk; undefined = nothing waits for it. */
  slowWrites?: SlowWrite[] | undefined
  /** A fetcher thread hangs until then (an injected fault). */
  fetchStalledUntil: Micros
  /** While replication is held to a rate. */
  quotas: ReplicationQuotas | undefined
  /** Epoch written down by an orderly stop; -1 after a crash. */
  cleanShutdownEpoch: Epoch
  /** The marker that an orderly stop leaves behind. */
  cleanShutdown: boolean
  shutdown: { readonly since: Micros; answered: boolean } | undefined
  /** Its part in share groups, where there are any. */
  share?: Share
}

/** Frozen and replaced. What a directory is goes with the machine: its process may come and go. */
export interface LogDirectory {
  /** `directory.id` of its `meta.properties`. */
  readonly id: string
  readonly path: string
  /** What is wrong with the disk under it: every access fails, or there is no space. */
  readonly ails: 'failed' | 'full' | undefined
  /** Taken into use by this process, and not found wanting since. One that goes offline stays so until the next start. */
  readonly online: boolean
  /** Of one that went offline since the start: the controller has been told with a heartbeat that is under way, or has confirmed it. */
  readonly told: 'no' | 'sent' | 'yes' | undefined
  /** What it holds was not closed in order. */
  readonly unclean: boolean
  /** Bytes for `.log` files; Infinity where nobody says how large the disk is. */
  readonly bytes: number
}

/** Requests and answers whose writes a slow disk holds up, in the order in which they will be done. */
export interface SlowWrite { readonly since: Micros; readonly at: Micros; readonly on: Connection; readonly message: ProduceRequest | FetchResponse }

/** One request is with the controller, the others wait; by partition, the id of the directory. */
export interface DirectoryAssignments { waiting: Map<string, string>; sent: readonly DirectoryAssignment[] }

/** Frozen, and shared by the replicas of a topic. */
export interface TopicConfig { readonly of: Readonly<Record<string, string>>; readonly log: LogConfig; readonly limits: BatchLimits }

/** Requests of admin clients, and the broker's own for producer ids: one is with the controller, the others wait. */
export interface Forwarding { waiting: Forwarded[]; sent: Forwarded | undefined }
export type Forwarded =
  /** Without a connection: whoever asked is gone. */
  | { readonly of: 'client'; readonly on: Connection | undefined; readonly request: AdminRequest; readonly until: Micros }
  | { readonly of: 'self'; readonly request: AllocateProducerIdsRequest; readonly until: Micros }

export interface ProducerIdBlock { readonly first: number; readonly size: number }
export interface ProducerIds {
  block: ProducerIdBlock
  /** The next id to be given out. */
  next: number
  /** Has come, and is not begun yet. */
  following: ProducerIdBlock | undefined
  /** A block has been asked for, or has come and is not begun yet. */
  requested: boolean
  retryAt: Micros
}

/** What an observer of the metadata quorum knows of it. Epoch, leader and the epoch of what is applied survive a crash. */
export interface QuorumView {
  epoch: Epoch
  /** Who leads as far as this broker has heard; undefined = nobody. Requests to the active controller go there. */
  leaderId: NodeId | undefined
  /** Of the newest entry applied. */
  appliedEpoch: Epoch
  /** The leader did not answer: the next fetch goes to any voter, to hear of another. */
  suspected: boolean
  /** Whom the fetch under way goes to, and since when it has been meant for that one. */
  asking: NodeId; askingSince: Micros
  /** What it fetches first: the leader's log begins after all that it has. */
  snapshotId?: SnapshotId | undefined
}

/**
 * Each channel to the active controller keeps to one until it is lost or says NOT_CONTROLLER; then it goes to whoever this
 * broker believes to lead. Follows server/.../NodeToControllerRequestThread.
 */
export interface ToController {
  heartbeat: NodeId | undefined
  alterPartition: NodeId | undefined
  forward: NodeId | undefined
  assign?: NodeId | undefined
  /** Since when a registration or heartbeat has been waiting for its answer. */
  heartbeatSince: Micros | undefined
}

export type ControllerPurpose = 'assign' | 'forward' | 'register' | 'heartbeat' | 'alterPartition' | 'metadata'
/** What another broker has been asked for. Frozen. */
export type PeerPurpose = { readonly kind: 'verify'; readonly ticket: number } | { readonly kind: 'markers'; readonly request: WriteTxnMarkersRequest }
export type BrokerPurpose = ControllerPurpose | PeerPurpose

/** The broker's part in transactions: their coordinator, and what it asks of others as a leader. */
export interface Transactions {
  coordinator: TransactionCoordinator
  nextTicket: number
  /** Requests of clients that wait for a coordinator's word. */
  questions: Map<number, Question>
  /** For peers whose connection is not open yet. */
  outbox: Map<string, { readonly request: Tagged; readonly purpose: PeerPurpose }[]>
  /** Answers that have come and are taken next. */
  answers: ({ readonly kind: 'verified'; readonly ticket: number; readonly response: AddPartitionsToTxnResponse } | { readonly kind: 'marked'; readonly response: WriteTxnMarkersResponse })[]
  /** Markers that wait for the high watermark. */
  markers: ParkedMarkers[]
}
/** Frozen. */
export interface Question {
  readonly request: AddPartitionsToTxnRequest
  readonly since: Micros
  readonly follow: { readonly kind: 'produce'; readonly on: Connection; readonly request: ProduceRequest } | { readonly kind: 'offsets'; readonly on: Connection; readonly request: TxnOffsetCommitRequest }
}
export interface ParkedMarkers {
  /** undefined = the coordinator in here has asked. */
  readonly on: Connection | undefined
  waiting: { readonly partition: string; readonly required: Offset; readonly leaderEpoch: Epoch; readonly marker: TxnMarker }[]
  done: WriteTxnMarkersResponse['markers'][number][]
}
export const newTransactions = (): Transactions =>
  ({ coordinator: newTransactionCoordinator(), nextTicket: 1, questions: new Map(), outbox: new Map(), answers: [], markers: [] })

export interface Replica {
  readonly partition: string
  /** In which of several log directories; left out where there is one. */
  dir?: number
  log: Log
  /** As this broker has it from the metadata log. */
  leader: NodeId
  leaderEpoch: Epoch
  highWatermark: Offset
  /** `replication-offset-checkpoint`: the high watermark that a crash leaves. */
  checkpointedHighWatermark: Offset
  /** Where the log ended before a power cut took its tail; undefined = it took nothing since the last start. */
  endBeforeLoss: Offset | undefined
  /** What has happened to its files since the process ended; frozen and replaced. */
  damage: readonly Damage[]
  minInsyncReplicas: number
  limits: BatchLimits
  leading: Leading | undefined
  truncations: number
  /** How often its log has changed but by growing and by what a leader made it cut off: compacted, shortened by a power cut, recovered. */
  rewrites: number
  lastTruncation: { readonly at: Micros; readonly from: Offset; readonly to: Offset; readonly batches: readonly RecordBatch[] } | undefined
}

/** What only a leader knows. */
export interface Leading {
  isr: PartitionState
  followers: Map<NodeId, FollowerProgress>
  /** The log's end when this term began. */
  epochStartOffset: Offset
  since: Micros
}

/** The ISR belongs to the controller: between asking for a change and hearing the answer it is pending. `isr` is what is committed. */
export type PartitionState =
  | { readonly kind: 'Committed'; readonly isr: readonly NodeId[]; readonly epoch: Epoch }
  | { readonly kind: 'PendingExpand'; readonly isr: readonly NodeId[]; readonly epoch: Epoch; readonly joining: NodeId }
  | { readonly kind: 'PendingShrink'; readonly isr: readonly NodeId[]; readonly epoch: Epoch; readonly leaving: readonly NodeId[] }

export interface FollowerProgress {
  /** -1 until it has fetched from this leader. */
  logEndOffset: Offset
  brokerEpoch: Epoch
  /** When it had all there was. NEVER for one outside the ISR at the start of the term. */
  lastCaughtUpAt: Micros
  leaderEndAtLastFetch: Offset
  lastFetchAt: Micros
  /** What it has been told, and on which connection, so that an answer without news need not name the partition. */
  highWatermarkSent: Offset; toldOn: Connection
  /** Its place among what it lists on that connection, where nothing is new (`fetch-session.ts`): the times above are the session's then. -1 = it is looked at. */
  settledAt: number
  /** Where its own log begins, as it says with each fetch; and where this one does, as it has been told. */
  logStartOffset: Offset; logStartSent: Offset
}
/** What a leader remembers of a follower's fetches on one connection (`fetch-session.ts`). */
export interface FetchSession {
  readonly replicaId: number
  readonly brokerEpoch: Epoch
  /** Of the last fetch: what it asked for, and when it came. */
  wishes: readonly FetchPartition[]
  at: Micros
  /** By place among the wishes: 1 = settled. */
  readonly settled: number[]
}

/** Before any moment of a run: this clock starts at 0. */
export const NEVER: Micros = -1_000_000_000_000

export interface Fetcher {
  readonly leader: NodeId
  state: 'connecting' | 'fetching' | 'backingOff' | 'stalled'
  on: Connection | undefined
  /** When the answer is late, the back-off over, or the stall. */
  dueAt: Micros
  /** The moment for which its timer is set: not later than `dueAt`, and it looks again when it fires. */
  armedFor: Micros
  /** What the next request lists; entries are frozen and replaced. */
  partitions: Map<string, FetchPartition>
  /** What the request that is out lists. */
  asked: readonly FetchPartition[]
  /** What of the leader's log it is asking for, having asked for a record that the leader does not have. */
  outOfRange: 'latest' | 'earliest' | undefined
  /** Partitions that an error has set aside until then. */
  delayed: Map<string, Micros>
}

/** Purgatories (REP-18): requests that wait. */
export interface Parking {
  next: number
  /** The moment for which the timer is set; Infinity = nothing waits. */
  armedFor: Micros
  fetches: Map<number, ParkedFetch>
  produces: Map<number, ParkedProduce>
  deletes: Map<number, ParkedDelete>
}
export interface ParkedFetch { readonly id: number; readonly on: Connection; readonly request: FetchRequest; readonly since: Micros; readonly until: Micros }
export interface ParkedProduce {
  readonly id: number; readonly on: Connection; readonly clientId: string; readonly since: Micros; readonly until: Micros
  waiting: { readonly partition: string; readonly required: Offset; readonly leaderEpoch: Epoch; readonly answer: ProducedPartition; readonly batch: RecordBatch }[]
  done: ProducedPartition[]
}

export interface ParkedDelete {
  readonly id: number; readonly on: Connection; readonly until: Micros
  waiting: { readonly partition: string; readonly offset: Offset }[]
  done: DeletedRecords[]
}

/** Made once for each: names are looked up and told all the time. */
export function nodeName(id: NodeId): string {
  let name = nodeNames.get(id)
  if (name === undefined) nodeNames.set(id, (name = id > 100 ? `k${id - 100}` : `b${id}`))
  return name
}
const nodeNames = new Map<NodeId, string>()
/** The broker or controller of this name; undefined for a client. */
export function nodeId(name: string): NodeId | undefined {
  const number = Number(name.slice(1))
  if (!Number.isSafeInteger(number) || number < 1) return undefined
  return name.startsWith('b') ? number : name.startsWith('k') ? 100 + number : undefined
}
export const names = (ids: readonly NodeId[]): readonly string[] => ids.map(nodeName)

/** KafkaError, or what was asked for. */
export type Outcome<T> = T | KafkaError
