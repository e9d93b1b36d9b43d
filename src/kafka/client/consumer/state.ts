/** What a consumer knows: its place in the group, where it reads, what it has fetched, and what its application does. */
import type { Chunks } from '../../../base/chunks.ts'
import type { Epoch, Micros, Offset } from '../../../base/units.ts'
import type { Connection, Context } from '../../../engine/process.ts'
import type { Marks } from '../../../sink/effects.ts'
import type { Overrides } from '../../config.ts'
import type { KafkaError } from '../../errors.ts'
import type { RecordBatch } from '../../log/record.ts'
import type { NetworkClient, NetworkTimer } from '../../network/client.ts'
import type { Fact } from '../../notes.ts'
import type { FetchRequest } from '../../protocol/fetch.ts'
import type { PartitionAcknowledgements } from '../../protocol/share.ts'
import type { ClientMetadata } from '../metadata.ts'
import type { Library } from '../partitioner.ts'
import type { AssignorName } from './assign/assignor.ts'
import type { ConsumerNotebook, Read } from './notebook.ts'
import type { ConsumerSettings } from './settings.ts'

/** A consumer as its scenario describes it. Frozen. */
export interface ConsumerConfig {
  readonly id: string
  readonly library: Library
  /** Without a group it reads all partitions of its topics, and commits nothing. */
  readonly group: string | undefined
  readonly topics: readonly string[]
  readonly bootstrap: readonly string[]
  readonly configs: Overrides
  /** How long its handler works on each record, milliseconds. */
  readonly processMs?: number | undefined
  /** `assign()`: these partitions, in no group or in one that it only commits to; undefined = `subscribe()`. */
  readonly assign?: readonly string[] | undefined
  /** Its application polls in a loop, or only when it is told to. */
  readonly polls?: 'loop' | 'manual' | undefined
  /** As `enable.auto.commit` says; or commitSync() before a batch is handled, after it, commitAsync() after it, or only when told to. */
  readonly commits?: 'auto' | 'before' | 'after' | 'afterAsync' | 'manual' | undefined
  /** Its handler works in a thread of its own, and the loop does not wait for it. */
  readonly threads?: boolean | undefined
  /** Its records are a turn of a client that also writes, which says when it is over. */
  readonly turns?: boolean | undefined
  /** What its application does about a record that its handler fails on; undefined = nothing: the program ends. */
  readonly onPoison?: OnPoison | undefined
  /** Topics that such a record goes to instead, and is read from later. */
  readonly side?: SideTopics | undefined
  /** What its handler does beside Kafka with each record: it asks these sinks, one after the other. */
  readonly effects?: EffectsSpec | undefined
  /** The keys of the records that it wants, as of its own partitioner; undefined = all. */
  readonly filter?: { readonly keys: string } | undefined
}

/** `marks`: how it says that it has read, where its own `commits` do not say so; `txn`: in transactions of this id. Frozen. */
export interface EffectsSpec { readonly sinks: readonly string[]; readonly marks?: Marks; readonly txn?: string | undefined }

export type OnPoison = 'fail' | 'skip' | 'retry' | 'dead'
/** The way of a record that fails again and again: each topic of the ladder is read so long after it was written to, then comes the last one. Frozen. */
export interface SideTopics { readonly ladder: readonly { readonly topic: string; readonly afterMs: number }[]; readonly dead: string }

/** From now on its handler takes so much longer for each record; 0: no longer than the file says. What it waits for is slow, whoever asks: it stays so when the program is started again. */
export interface SlowHandlerOrder { readonly type: 'slowHandler'; readonly add: Micros }

export type ConsumerOrder =
  | { readonly type: 'start' }
  | { readonly type: 'configure'; readonly set: Overrides; readonly unset: readonly string[] }
  | { readonly type: 'close' }
  | SlowHandlerOrder
  | ConsumerCall

/** What its application can be told to call. Its thread makes one call after another. Frozen. */
export type ConsumerCall =
  | { readonly type: 'poll' }
  /** `withEpoch`: with the leader epoch that the client knows, so that the leader is asked whether its log still has it. */
  | { readonly type: 'seek'; readonly partition: string; readonly to: Offset | 'earliest' | 'latest'; readonly withEpoch: boolean }
  /** Offsets by partition; undefined = its positions. `async`: commitAsync() instead of commitSync(). */
  | { readonly type: 'commit'; readonly offsets: Readonly<Record<string, Offset>> | undefined; readonly async?: boolean }
  | { readonly type: 'pause' | 'resume'; readonly partitions: readonly string[] }

/** `sync`: the application waits for it; `async`: it is called back. */
export type CommitReason = 'auto' | 'revoke' | 'close' | 'sync' | 'async'
export interface CommittedPosition { readonly partition: string; readonly offset: Offset; readonly leaderEpoch: Epoch }

/** A position as it was when its leader was asked about it. */
interface ValidatedPosition {
  readonly partition: string
  readonly offset: Offset
  readonly offsetEpoch: Epoch; readonly leaderEpoch: Epoch
}

/** What an answer was asked for. Frozen. */
export type ConsumerPurpose =
  | { readonly kind: 'metadata' | 'findCoordinator' | 'leave' }
  | { readonly kind: 'groupHeartbeat'; readonly memberEpoch: Epoch }
  | { readonly kind: 'join' | 'sync' | 'heartbeat'; readonly memberId: string; readonly generation: Epoch }
  | {
    readonly kind: 'commit'; readonly memberId: string; readonly generation: Epoch
    readonly offsets: readonly CommittedPosition[]; readonly why: CommitReason
  }
  | { readonly kind: 'offsetFetch'; readonly partitions: readonly string[] }
  /** `policies`: by which each of them is reset. */
  | { readonly kind: 'listOffsets'; readonly partitions: readonly string[]; readonly policies: readonly string[] }
  | { readonly kind: 'validate'; readonly partitions: readonly ValidatedPosition[] }
  | { readonly kind: 'fetch'; readonly partitions: FetchRequest['partitions'] }
  /** Of a share consumer, with what it acknowledges; `closes`: and ends its session. */
  | { readonly kind: 'shareFetch' | 'shareAcknowledge'; readonly acknowledgements: readonly PartitionAcknowledgements[]; readonly closes: boolean }

/** Where a partition that is assigned here is read. Follows clients/.../consumer/internals/SubscriptionState.java. */
export interface Position {
  readonly partition: string
  /**
   * Looking for the committed offset; asking the leader for the earliest or latest one; asking a new leader whether its log
   * still has what was read (KIP-320); reading; committing before it is given up by the consumer protocol.
   */
  state: 'initializing' | 'resetting' | 'validating' | 'fetching' | 'revoking'
  /** The next offset that poll() returns; undefined = not known yet */
  offset: Offset | undefined
  /** Leader epoch of the record before it; -1 = not known */
  offsetEpoch: Epoch
  /** The leader that is read from, in the epoch in which it was last found to lead. */
  leader: string | undefined
  leaderEpoch: Epoch
  /** KIP-392: the replica that the leader has named, and until when it is read from; undefined = the leader. Frozen. */
  preferred: { readonly node: string; readonly until: Micros } | undefined
  /** The replica of which that has been told, as long as the leader names it again and again. */
  preferredTold: string | undefined
  /** A question about it is on its way. */
  asked: boolean
  /** No question before this moment. */
  retryAt: Micros
  /** seekToBeginning(), seekToEnd(); `end`: no record is as late as `by_duration` wants. undefined = as `auto.offset.reset` says. */
  resetTo: 'earliest' | 'latest' | 'end' | undefined
  /** Its application has paused it, until this moment; Infinity = until it resumes it, absent = it is read. Gone with the assignment. */
  pausedUntil?: Micros
  /** The last offset that this consumer has committed or found committed. */
  committed: Offset | undefined
}

/** One partition's part of a fetch response, as far as poll() has not returned it. */
export interface Fetched {
  readonly partition: string
  readonly node: string
  error: KafkaError
  /** Of the logs: never changed. */
  readonly batches: readonly RecordBatch[]
  /** Of those, the ones that belong to an aborted transaction, by their first offsets: a read_committed reader passes them over. */
  readonly aborted?: readonly Offset[]
  /** The next offset in here. */
  next: Offset
  /** The batch it lies in. */
  batch: number
}

/** Frozen. */
interface RememberedAssignment { readonly partitions: readonly string[]; readonly generation: Epoch }

export interface Membership {
  coordinator: string | undefined
  finding: boolean
  findRetryAt: Micros
  findAttempts: number
  /** '' = none given yet */
  memberId: string
  /** -1 = none */
  generation: Epoch
  /** JoinGroup is out; SyncGroup is out; a member of the generation. */
  state: 'unjoined' | 'preparing' | 'completing' | 'stable'
  rejoinNeeded: boolean
  /** The partitions of the last generation have been given up. */
  prepared: boolean
  /** The commit before that: not made yet, on its way, to be tried again, or done with. */
  revokeCommit: 'none' | 'waiting' | 'retry' | 'done'
  /** Until when it is waited for. */
  prepareBy: Micros
  joinRetryAt: Micros
  joinAttempts: number
  /** It computes the assignment. */
  leads: boolean
  /** What SyncGroup brought, until poll() takes it. */
  received: readonly string[] | undefined
  /** The assignor of the generation. */
  assignor: AssignorName | undefined
  /** What each assignor was last told of its member: all that a sticky one has to go by when everything has been given up. */
  remembered: Map<AssignorName, RememberedAssignment>
  /** This rebalance follows from having given something up (KIP-429). */
  followsRevocation: boolean
  /** Since when there has been nothing to read because a rebalance took everything; undefined = it is not so. */
  pausedSince: Micros | undefined
  /** Partitions of its topics when it computed the last one, `orders:3`. */
  assignedFrom: string | undefined
  /** The metadata that has been looked at for others since; what was found then has been acted upon. */
  countedVersion: number
  /** The next heartbeat is due. */
  heartbeatAt: Micros
  heartbeatFailures: number
  /** Since when nothing has been heard of the coordinator. */
  heardAt: Micros
}

/**
 * A member of a group of the consumer protocol. The coordinator says what it may own, it brings that about and says that it
 * has. Its epoch is `membership.generation`. Follows clients/.../consumer/internals/AbstractMembershipManager.java.
 */
export interface ConsumerProtocol {
  state: 'unsubscribed' | 'joining' | 'reconciling' | 'acknowledging' | 'stable' | 'fenced' | 'stale'
  inFlight: boolean
  /** Told by the coordinator. */
  heartbeatInterval: Micros
  /** What it has been told that it may own; undefined = nothing yet. Frozen. */
  target: LocalAssignment | undefined
  /** What it has brought about; undefined = nothing yet. Frozen. */
  current: LocalAssignment | undefined
  /** What it has said of itself since it joined, or since the last error. */
  told: { topics: boolean; owned: LocalAssignment | undefined }
  /** The target that it is bringing about. */
  bringing: LocalAssignment | undefined
}
/** `version` tells two answers with the same partitions apart, so that each is acknowledged. */
export interface LocalAssignment { readonly version: number; readonly partitions: readonly string[] }

/** What its handler is at with its sinks; a program that ends forgets it. */
export interface Effects {
  /** When it first asked, and how many records it has asked for. */
  readonly session: Micros; handling: number
  /** It is asking for the record at hand, and so many sinks have answered for that. */
  isAsking: boolean; answered: number
  /** How often it has asked the sink whose turn it is. */
  attempts: number
  links: Map<string, { on: Connection | undefined; isOpen: boolean; failures: number }>
}

/** The application's thread. `since`: when its poll() began, or returned. */
export type Work =
  | { kind: 'idle' }
  | { kind: 'polling'; since: Micros }
  /** `attempts`: how often the handler has failed on the one that it is at. */
  /** `timed`: a timer says when the next record is done. */
  | { kind: 'handling'; since: Micros; records: readonly Read[]; done: number; timed?: boolean; attempts?: number }
  /** Between two calls that are made by hand. */
  | { kind: 'between'; since: Micros }
  /** In commitSync(): what, until when at most, and the records it handles then. */
  | {
    kind: 'committing'; since: Micros; stage: 'toSend' | 'sent' | 'done'; offsets: readonly CommittedPosition[] | undefined
    until: Micros; retryAt: Micros; next: readonly Read[]
  }

/** A commitAsync() whose coordinator is not known or cannot be spoken to yet: how many lookups had failed when it was made, and whether one has found somebody since. */
export interface Awaiting { readonly offsets: readonly CommittedPosition[]; lookups: number; isFound: boolean }

/** What waits for a worker thread; `done`: so many of the queue it has behind it. */
export interface Worker { queue: Chunks<Read>; done: number }

export interface ConsumerState {
  readonly config: ConsumerConfig
  /** Overrides in force; they change with `configure`. Frozen. */
  configs: Overrides
  settings: ConsumerSettings
  lifecycle: 'stopped' | 'running' | 'closing' | 'failed'
  afterClose: 'exit' | 'stop' | 'restart' | 'fail'
  /** close() first lets the handler finish, then waits for its commit, then for the answer to its farewell. */
  closing: 'handling' | 'committing' | 'leaving'
  closeBy: Micros
  nextConfigs: Overrides | undefined
  metadata: ClientMetadata
  network: NetworkClient<ConsumerPurpose>
  membership: Membership
  protocol: ConsumerProtocol
  /** poll() has thrown what no application goes on after. */
  fatal: boolean
  /** By partition, in order of assignment. */
  positions: Map<string, Position>
  /** The metadata that the positions have been compared with. */
  comparedWith: number
  /** Oldest first. */
  fetched: Fetched[]
  work: Work
  /** What each record takes its handler beyond what the file says; undefined = nothing. */
  handlerDelay?: Micros
  /** undefined = its handler has no side effect, or has not come to one. */
  effects?: Effects
  /** undefined = its handler works in the loop, or nothing has been returned yet. */
  worker?: Worker
  /** Calls that its application has been told to make and has not made yet. */
  calls: ConsumerCall[]
  commitAt: Micros
  commitRetryAt: Micros
  commitsInFlight: number
  /** In order of the calls; undefined = none. */
  awaiting?: Awaiting[]
  /** The moment for which the timer `poll` is set. */
  wakeAt: Micros
  notebook: ConsumerNotebook
}

export type ConsumerTimer = { readonly type: 'poll' } | { readonly type: 'handler' } | { readonly type: 'worker' } | { readonly type: 'heartbeat' } | NetworkTimer
export type ConsumerContext = Context<Fact>
