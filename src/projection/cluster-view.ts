/**
 * What can be seen of a run at one moment, as records of plain data. The UI knows nothing else of the model.
 *
 * A view is a table of tables: `view.replicas['orders/0@b2']`. A record is never changed in place: a patch replaces it,
 * so two views share every record that did not change between them, and identity tells what did.
 */
import type { Epoch, Micros, Offset } from '../base/units.ts'

/** `orders/0` */
export type PartitionName = string
/** `orders/0@b2` */
export type ReplicaName = string
/** b1, k1, or a client's id */
export type NodeName = string

export type Condition = 'running' | 'starting' | 'stopping' | 'frozen' | 'down'

/** A setting that is not Kafka's default; it carries a badge wherever it acts. */
export interface Override { readonly name: string; readonly value: string; readonly default: string }

/** One record as drawn in a strip. Cells are shared between replicas and frames: compare them by identity. */
export interface Cell {
  readonly offset: Offset
  /** The ledger's hidden identity, `shop#8`: the same from producer to consumer, over every retry. */
  readonly id: string
  /** undefined = no key */
  readonly key: string | undefined
  readonly value: string | undefined
  /** Leader epoch of the batch that holds it. */
  readonly epoch: Epoch
  /** First offset of its batch; equal for records that were sent and stored together. */
  readonly batch: Offset
  /** 1.. in order of sending by its producer; what stands inside the mark */
  readonly number: number
  /** Index of its key among the run's keys, from 0; picks shape and colour. Without a key, its number takes its place. */
  readonly hue: number
  /** Its reader did not want it. */
  readonly unwanted?: true
  /** The record of a control batch: it ends a transaction, takes an offset, and reaches no reader. undefined = a producer's record */
  readonly marker?: 'COMMIT' | 'ABORT'
  /** Id of the producer in whose transaction it was written; left out without one. */
  readonly txn?: number
}

export interface BrokerView {
  readonly name: NodeName; readonly nodeId: number; readonly rack: string | undefined
  readonly condition: Condition
  /** The process started, incarnation 1, 2, ... */
  readonly starts: number
  /** As the active controller has it committed. */
  readonly fenced: boolean; readonly registered: boolean; readonly brokerEpoch: Epoch
  /** Since when it is in this condition. */
  readonly since: Micros
  /** Offset of the metadata log up to which this broker has applied it. */
  readonly metadataOffset: Offset
  /** What this broker believes: partition -> leader and epoch. Only partitions where it differs from the truth. */
  /** How far its wall clock is ahead; there only if it is wrong. */
  readonly skew?: Micros
  readonly stale: Readonly<Record<PartitionName, { readonly leader: NodeName | undefined; readonly epoch: Epoch }>>
  readonly overrides: readonly Override[]
  /** Left out while there is nothing to tell: one log directory, on a disk without an end, with nothing wrong. */
  readonly disks?: { readonly logDirs: readonly LogDirView[]; /** Added to each write. */ readonly slow: Micros }
}
export interface LogDirView {
  readonly path: string
  readonly online: boolean
  /** What is wrong with the disk under it, whether the broker has noticed or not. */
  readonly ails: 'failed' | 'full' | undefined
  /** Of a disk whose size is known. */
  readonly usedPct: number | undefined
}

export interface ControllerView {
  readonly name: NodeName; readonly nodeId: number; readonly condition: Condition
  /** Since when it is in this condition. */
  readonly since: Micros
  /** The broker in whose process it runs. */
  readonly host?: NodeName
  readonly role: VoterRole
  /** It leads, and may decide: an entry of its own epoch is committed. */
  readonly active: boolean
  readonly epoch: Epoch
  /** Who leads in this epoch, as far as it knows; whom it has voted for in it. */
  readonly leader: NodeName | undefined; readonly votedFor: NodeName | undefined
  /** While it stands for election: who would vote for it, or has. */
  readonly votes: { readonly granted: readonly NodeName[]; readonly refused: readonly NodeName[]; readonly of: number } | undefined
  readonly logEndOffset: Offset; readonly highWatermark: Offset
  /** The newest records of the metadata log, oldest first, at most 12; those of internal topics are left out, as the topics are. */
  readonly tail: readonly MetadataCell[]
  /** Where its log begins, and its snapshots, oldest first; left out while it has none. */
  readonly logStart?: Offset; readonly snapshots?: readonly SnapshotView[]
}
/** A snapshot of the metadata with its records, but those of internal topics. */
export interface SnapshotView { readonly file: string; readonly endOffset: Offset; readonly epoch: Epoch; readonly takenAt: Micros; readonly records: readonly SnapshotLine[] }
export interface SnapshotLine { readonly type: string; readonly text: string }
/** Of a voter in the metadata quorum. One whose process is gone has none: it is `unattached`. */
export type VoterRole = 'unattached' | 'prospective' | 'candidate' | 'leader' | 'follower' | 'resigned'
export interface MetadataCell {
  readonly offset: Offset
  /** `PartitionChangeRecord` */
  readonly type: string
  /** Its fields in words that need no translation: `orders/0 leader b2 isr b2 b3` */
  readonly text: string
  readonly committed: boolean
  readonly appendedAt: Micros
  readonly committedAt: Micros | undefined
}

/** The committed record of the controller, and what follows from it. */
export interface PartitionView {
  readonly name: PartitionName; readonly topic: string; readonly index: number
  /** undefined = no leader */
  readonly leader: NodeName | undefined
  readonly leaderEpoch: Epoch; readonly partitionEpoch: Epoch
  readonly replicas: readonly NodeName[]; readonly isr: readonly NodeName[]
  /** Eligible leader replicas: outside the ISR, with everything that is committed. */
  readonly elr: readonly NodeName[]
  /** Who led last, while nobody leads and the ISR is empty. */
  readonly lastKnownElr: readonly NodeName[]
  /** While it is being moved: replicas that come, and that go. */
  readonly adding?: readonly NodeName[]; readonly removing?: readonly NodeName[]
  readonly minIsr: number
  /** The leader runs. */
  readonly online: boolean
  readonly leaderSince: Micros
  readonly internal: boolean
  readonly overrides: readonly Override[]
}

export interface ReplicaView {
  readonly name: ReplicaName; readonly partition: PartitionName; readonly broker: NodeName
  /** What this broker acts as, by its own belief. A dead broker keeps the role it died in. */
  readonly role: 'leader' | 'follower'
  readonly leaderEpoch: Epoch
  /** In the ISR of the controller's committed record. */
  readonly inSync: boolean
  readonly logStartOffset: Offset; readonly logEndOffset: Offset; readonly highWatermark: Offset
  /** Of all its batches. */
  readonly bytes: number
  /** The newest records, oldest first, at most 48. */
  readonly tail: readonly Cell[]
  /** Leader epoch cache: `[epoch, start offset]`, as the checkpoint file has it. */
  readonly epochs: readonly (readonly [Epoch, Offset])[]
  readonly truncations: number
  /** How often it has been compacted, or shortened by a power cut or a recovery; left out while it never was. */
  readonly rewrites?: number
  /** Where its segments begin, oldest first, the active one last; left out while there is but one. */
  readonly segmentBases?: readonly Offset[]
  /** Everything before it is on the disk; the rest is in the page cache, and a power cut would take it. */
  readonly writtenTo?: Offset
  /** Left out of a log that has seen no transaction. */
  readonly transactions?: LogTransactions
  readonly lastTruncation: { readonly at: Micros; readonly from: Offset; readonly to: Offset; readonly cells: readonly Cell[] } | undefined
  /** Path of its log directory, where the broker has several. */
  readonly logDir?: string
  /** That directory has failed. */
  readonly offline?: true
  /** On a leader: what it knows of each follower. */
  readonly followers: readonly { readonly broker: NodeName; readonly logEndOffset: Offset | undefined; readonly caughtUpAt: Micros | undefined }[]
  /** On a leader: an ISR change it asked for and has no answer to. */
  readonly pendingIsr: { readonly kind: 'expand' | 'shrink'; readonly brokers: readonly NodeName[] } | undefined
  /** On a leader: what share groups have in flight of it. Left out where there is nothing. */
  readonly shares?: readonly ShareView[]
  /** On a follower: where its fetcher stands. */
  readonly fetching: 'fetching' | 'backing off' | 'throttled' | 'stalled' | 'idle' | undefined
}

/** What a log knows of transactions, as far as the tail reaches. */
export interface LogTransactions {
  /** Readers with isolation.level=read_committed get no further. */
  readonly lastStable: Offset
  /** Without a marker: first offset of each. */
  readonly open: readonly { readonly producerId: number; readonly first: Offset }[]
  /** From the first record up to the marker. */
  readonly aborted: readonly { readonly producerId: number; readonly first: Offset; readonly last: Offset }[]
}

/** A share group at the leader of a partition: from the start offset (SPSO) to the end offset (SPEO), and each record between. */
export interface ShareView {
  readonly group: string
  /** How long a record is lent, and how often. */
  readonly lock: Micros; readonly limit: number
  readonly startOffset: Offset; readonly endOffset: Offset
  /** Where it stood when this leader took over; of what has been finished since, what was archived. All else was accepted. */
  readonly loadedAt: Offset
  readonly archivedBefore: readonly Offset[]
  readonly records: readonly {
    readonly offset: Offset; readonly state: string
    /** Deliveries. */
    readonly count: number
    readonly holder: NodeName | undefined; readonly lockedUntil: Micros | undefined
  }[]
}

/** A request that waits at a broker: parked (purgatory), or unread in the socket behind another one. */
export interface WaitingView {
  readonly key: string
  readonly broker: NodeName; readonly from: NodeName
  readonly api: string
  readonly partition: PartitionName | undefined
  readonly kind: 'parked' | 'socket'
  readonly since: Micros
  /** When it is answered at the latest; undefined in the socket. */
  readonly until: Micros | undefined
  readonly records: readonly Cell[]
  /** What is missing for it to go on: `records`, `high watermark 8`, `members` ... */
  readonly needs: { readonly what: 'data' | 'disk' | 'highWatermark' | 'members' | 'sync' | 'commit' | 'controller'; readonly value: number | undefined }
}

export interface ProducerView {
  readonly name: NodeName; readonly condition: Condition; readonly library: 'java' | 'librdkafka'
  readonly skew?: Micros
  readonly topic: string
  readonly producerId: number | undefined; readonly producerEpoch: number | undefined
  readonly sent: number; readonly acked: number; readonly failed: number; readonly retries: number
  /** Of one that reads too: what each record takes its handler longer; undefined = nothing. */
  readonly slower?: Micros
  /** Newest acknowledged records, oldest first, at most 16. */
  readonly lastAcked: readonly Cell[]
  /** Per partition: the batches that wait in the accumulator or are in flight, oldest first. */
  readonly batches: readonly {
    readonly partition: PartitionName; readonly state: 'open' | 'waiting' | 'backoff' | 'inFlight'
    readonly records: readonly Cell[]; readonly bytes: number; readonly createdAt: Micros; readonly attempts: number; readonly until: Micros | undefined
  }[]
  /** What its own metadata says of the partitions of its topic. */
  readonly believes: readonly Belief[]
  readonly lastError: string | undefined
  /** `acks` and the like, as they act. */
  readonly acks: '0' | '1' | 'all'; readonly idempotent: boolean
  /** With a transactional id: what it knows of its transaction. */
  readonly transaction?: {
    readonly id: string
    /** Kafka's name of the state: `IN_TRANSACTION`. */
    readonly state: string
    readonly coordinator: NodeName | undefined; readonly partitions: readonly PartitionName[]
    /** Why it is in an error state. */
    readonly error: string | undefined
  }
  readonly overrides: readonly Override[]
}
export interface Belief {
  readonly partition: PartitionName; readonly leader: NodeName | undefined; readonly epoch: Epoch
  /** The committed record says otherwise, or that broker is down. */
  readonly stale: boolean
}

export interface ConsumerView {
  readonly skew?: Micros
  readonly name: NodeName; readonly condition: Condition; readonly group: string | undefined
  readonly state: 'stopped' | 'joining' | 'stable' | 'left' | 'fatal' | 'frozen' | 'down'
  readonly memberId: string | undefined; readonly generation: number
  readonly assigned: readonly { readonly partition: PartitionName; readonly position: Offset | undefined; readonly committed: Offset | undefined; readonly paused?: true }[]
  /** Of a share consumer: the records that it believes to hold. */
  readonly leases?: readonly Cell[]
  readonly processed: number
  /** What each record takes its handler longer, as somebody has wished; undefined = nothing. */
  readonly slower?: Micros
  /** What waits for its worker thread; undefined = its handler works in the poll loop. */
  readonly queued?: number
  /** Of the batches that have come from brokers. */
  readonly fetchedBytes?: number
  /** What it has dropped because it did not want it, and the bytes of what it did. */
  readonly filter?: { readonly keys: string; readonly passedOver: number; readonly usedBytes: number }
  /** Newest records the application got, oldest first, at most 16. */
  readonly lastRead: readonly Cell[]
  readonly believes: readonly Belief[]
  readonly lastError: string | undefined
  readonly overrides: readonly Override[]
}

/** An admin client: it is there where a scenario has something to ask of the cluster itself. */
export interface AdminView {
  readonly name: NodeName; readonly condition: Condition
  readonly since: Micros
  /** Calls since it started. */
  readonly made: number
  /** Under way, the oldest first; `at`: the broker that has been asked, undefined while it looks for one. */
  readonly calls: readonly { readonly api: string; readonly about: string; readonly askedAt: Micros; readonly at: NodeName | undefined }[]
}

/** A machine of what stands beside the cluster to compare with, and is not Kafka. */
export type ToyView = ToyBrokerView | ToySenderView | ToyReaderView | SinkView
interface ToyMachine {
  readonly name: NodeName; readonly condition: Condition; readonly since: Micros
  /** Name of its broker. */
  readonly toy: NodeName
}
/** Where effects of applications happen; `toy` is its own name. */
export interface SinkView extends ToyMachine {
  readonly role: 'sink'
  readonly effect: 'row' | 'email'
  readonly identity: 'value' | 'key' | 'offset'
  /** It has a unique key on the identity. */
  readonly dedupe: boolean
  readonly of: readonly NodeName[]
  readonly made: number; readonly distinct: number; readonly refused: number
  /** The newest, oldest first. */
  readonly last: readonly SinkEntry[]
}
/** `nth`: of its identity, from 1; `refused`: how many more of that were. */
export interface SinkEntry { readonly cell: Cell; readonly identity: string; readonly partition: PartitionName; readonly client: NodeName; readonly nth: number; readonly refused: number }
export interface ToyBrokerView extends ToyMachine {
  readonly role: 'broker'
  /** `keep`: it is a queue. */
  readonly whenFull: 'drop' | 'block' | 'keep'
  readonly senders: readonly NodeName[]; readonly readers: readonly NodeName[]
  readonly published: number
  /** Whom it waits for, and since when; how long it has waited before. */
  readonly blockedBy: NodeName | undefined; readonly blockedSince: Micros; readonly blockedFor: Micros
  readonly inHand: readonly Cell[]
  /** What readers that were away were not pushed. */
  readonly missed: Readonly<Record<NodeName, number>>
}
export interface ToySenderView extends ToyMachine {
  readonly role: 'sender'
  /** `5/s` */
  readonly rate: string
  readonly sent: number; readonly waiting: number
}
export interface ToyReaderView extends ToyMachine {
  readonly role: 'reader'
  readonly processMs: number; readonly places: number
  /** The oldest first. */
  readonly inbox: readonly Cell[]
  readonly atWork: Cell | undefined; readonly atWorkSince: Micros
  readonly processed: number; readonly dropped: number
  /** They were in its memory when it ended. */
  readonly forgotten: number
  /** The newest of each, oldest first, at most 16. */
  readonly lastRead: readonly Cell[]; readonly gone: readonly Cell[]
}

export interface GroupMemberView {
  readonly memberId: string; readonly client: NodeName; readonly assigned: readonly PartitionName[]
  /** By the consumer protocol: what it is to have, and the epoch that it has come to. */
  readonly target?: readonly PartitionName[]; readonly epoch?: number
}
export interface GroupView {
  /** `Unknown` while no live broker coordinates it. */
  readonly name: string; readonly state: 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Assigning' | 'Reconciling' | 'Stable' | 'Dead' | 'Unknown'
  /** The generation; by the consumer protocol the group epoch, and the epoch of the target beside it. */
  readonly generation: number; readonly targetEpoch?: number; readonly protocol: 'classic' | 'consumer' | 'share'; readonly assignor: string | undefined
  readonly coordinator: NodeName | undefined; readonly coordinatorPartition: PartitionName
  readonly members: readonly GroupMemberView[]
  readonly committed: Readonly<Record<PartitionName, Offset>>
  readonly lag: Readonly<Record<PartitionName, number>>
}

/** A fault in force on the way from one machine to another. */
export interface LinkView {
  readonly key: string; readonly from: NodeName; readonly to: NodeName; readonly cut: readonly string[]; readonly slow: Micros; readonly since: Micros
  /** Of what is cut, what is answered with a reset. */
  readonly rejects?: readonly string[]
}

/** The omniscient account. Real Kafka has no such view: it sees all disks at once. */
export interface LedgerView {
  readonly produced: number; readonly acked: number
  readonly lost: readonly { readonly id: string; readonly partition: PartitionName; readonly offset: Offset }[]
  readonly unavailable: number; readonly duplicated: number; readonly outOfOrderKeys: number; readonly ackedInvisible: number
  readonly offlinePartitions: number; readonly underMinIsr: number; readonly underReplicated: number
}

/** Where the scenario stands. */
export interface StepView {
  readonly index: number; readonly id: string; readonly startedAt: Micros
  readonly endedAt: Micros | undefined; readonly reached: boolean | undefined
  readonly state: 'running' | 'asking' | 'ended'
}
export interface AssertionView { readonly key: string; readonly holds: boolean | undefined; readonly since: Micros | undefined; readonly value: string }

export interface ClusterView {
  readonly brokers: Readonly<Record<NodeName, BrokerView>>
  readonly controllers: Readonly<Record<NodeName, ControllerView>>
  readonly partitions: Readonly<Record<PartitionName, PartitionView>>
  readonly replicas: Readonly<Record<ReplicaName, ReplicaView>>
  readonly waiting: Readonly<Record<string, WaitingView>>
  readonly producers: Readonly<Record<NodeName, ProducerView>>
  readonly consumers: Readonly<Record<NodeName, ConsumerView>>
  readonly groups: Readonly<Record<string, GroupView>>
  readonly admins: Readonly<Record<NodeName, AdminView>>
  readonly toys: Readonly<Record<NodeName, ToyView>>
  readonly links: Readonly<Record<string, LinkView>>
  readonly ledger: Readonly<Record<'all', LedgerView>>
  /** The steps begun so far, by id. */
  readonly steps: Readonly<Record<string, StepView>>
  /** Rows of goal, forbid, expect and check, by `goal/0`, `check/STEP/0`; predictions by `predict/ID/0` (an option each). */
  readonly assertions: Readonly<Record<string, AssertionView>>
}
export type TableName = keyof ClusterView

export const emptyView: ClusterView = {
  brokers: {}, controllers: {}, partitions: {}, replicas: {}, waiting: {}, producers: {}, consumers: {}, groups: {}, admins: {}, toys: {}, links: {},
  ledger: { all: { produced: 0, acked: 0, lost: [], unavailable: 0, duplicated: 0, outOfOrderKeys: 0, ackedInvisible: 0, offlinePartitions: 0, underMinIsr: 0, underReplicated: 0 } },
  steps: {}, assertions: {},
}
