/** What a producer knows: its application's calls, the batches they became, and what is on the wire. */
import type { Epoch, Micros } from '../../../base/units.ts'
import type { Context } from '../../../engine/process.ts'
import type { Overrides } from '../../config.ts'
import type { KafkaRecord, RecordBatch } from '../../log/record.ts'
import type { NetworkClient, NetworkTimer } from '../../network/client.ts'
import type { Fact } from '../../notes.ts'
import type { ConsumerConfig, ConsumerState, ConsumerTimer, OnPoison, SideTopics, SlowHandlerOrder } from '../consumer/state.ts'
import type { ClientMetadata } from '../metadata.ts'
import type { Library, Sticky } from '../partitioner.ts'
import type { ProducerNotebook } from './notebook.ts'
import type { ClientTransaction, ReadOffsets, TransactionApi } from '../transactional/state.ts'
import type { ProducerSettings } from './settings.ts'

/** A producer as its scenario describes it. Frozen. */
export interface ProducerConfig {
  readonly id: string
  readonly library: Library
  readonly topic: string
  readonly bootstrap: readonly string[]
  readonly configs: Overrides
  /** Its own Partitioner: the first rule whose pattern the key matches sends to these partitions in turn. */
  readonly partitioner?: readonly PartitionRule[] | undefined
  /** So many calls of send() evenly within `per`. */
  readonly rate?: { readonly count: number; readonly per: Micros } | undefined
  /** Keys of generated records, taken in turn. */
  readonly keys?: readonly string[] | undefined
  /** Size of a generated value. */
  readonly bytes?: number | undefined
  /** Sends of this name that the run starts with; numbering goes on after them. */
  readonly seedNumber?: number | undefined
  /** Its configs may come to name a transactional id. */
  readonly transactional?: boolean | undefined
  /** What it writes it makes of what it reads: a turn is a batch of records read, written on, and committed. */
  readonly reads?: ReadsSpec | undefined
}
/** `*` stands for any characters. */
export interface PartitionRule { readonly keys: string; readonly to: readonly number[] }
export interface ReadsSpec {
  readonly group: string; readonly topics: readonly string[]
  /** Records a turn, and how long the handler works on each. */
  readonly batch?: number | undefined; readonly processMs?: number | undefined
  readonly onPoison?: OnPoison | undefined
  /** It writes only what its handler fails on, and that to these. */
  readonly side?: SideTopics | undefined
  /** What its handler asks for each record that it does not fail on. */
  readonly sinks?: readonly string[] | undefined
  readonly filter?: ConsumerConfig['filter']
}

/** A record as the application gives it. Without a value one is made up, `shop-8`; with neither key nor value also the key. */
export interface SendRecord {
  readonly key?: string | undefined
  readonly value?: string | undefined
  /** The value is null. */
  readonly tombstone?: boolean | undefined
  readonly valueBytes?: number | undefined
  readonly partition?: number | undefined
  /** Milliseconds of the run; without one the clock of the moment when the call is made. */
  readonly timestamp?: number | undefined
  readonly headers?: KafkaRecord['headers']
  readonly poison?: true
}

export type ProducerOrder =
  | { readonly type: 'start' }
  | { readonly type: 'send'; readonly records: readonly SendRecord[]; readonly topic?: string | undefined }
  | { readonly type: 'flush' }
  | { readonly type: 'transaction'; readonly api: TransactionApi }
  | { readonly type: 'configure'; readonly set: Overrides; readonly unset: readonly string[] }
  | { readonly type: 'close' }
  | SlowHandlerOrder

/** One call of the application, made when all before it have returned. Frozen. */
export interface SendCall {
  readonly number: number
  readonly topic: string
  readonly partition: number | undefined
  readonly key: string | undefined
  readonly value: string | undefined
  readonly valueBytes: number | undefined
  readonly timestamp: number | undefined
  readonly headers: KafkaRecord['headers']
  readonly poison?: true
}

/** Another call, of a producer with a transactional id. Frozen. */
export interface TransactionCall { readonly api: TransactionApi; readonly offsets?: ReadOffsets | undefined }

export interface ProducerBatch {
  readonly id: number
  readonly partition: string
  records: KafkaRecord[]
  /** Which call each record came from. */
  numbers: number[]
  sentAt: Micros[]
  /** Header and records, uncompressed. */
  bytes: number
  /** With compression: to which share of their size its records were expected to shrink when it was opened. */
  readonly ratio?: number
  /** It is part of one that was too large. */
  readonly isSplit?: true
  /** It takes no record that would make it longer, unless it is empty. */
  readonly limit: number
  /** What it holds of `buffer.memory`. */
  readonly memory: number
  /** It takes no more records. */
  sealed: boolean
  inFlight: boolean
  createdAt: Micros
  lastAttemptAt: Micros
  attempts: number
  /** Not again before this moment, unless a newer leader has been found since. */
  retryAt: Micros
  /** The newest epoch it has been tried under, and how often it had been tried when that one was found. */
  leaderEpoch: Epoch
  leaderChangedAtAttempt: number
  /** Given when it is first sent; kept over every retry, so that the broker knows it again. -1 = none yet */
  producerId: number; producerEpoch: Epoch; baseSequence: number
  /** Its sequence was given anew after the producer had raised its own epoch. */
  renumbered: boolean
  /** What goes over the wire. Frozen; undefined while it may still change. */
  wire: RecordBatch | undefined
}

export interface PartitionQueue {
  readonly partition: string
  /** How many queues there were before it. */
  readonly place: number
  /** Batches that wait, oldest first. */
  waiting: number[]
  /** With one request in flight at a time, nothing is sent to the partition while one is out. */
  muted: boolean
  nextSequence: number
  lastAckedSequence: number
  producerId: number; producerEpoch: Epoch
  /** Batches with a sequence that are not done, by sequence: on the wire, or waiting to be tried again. */
  sequenced: number[]
  /** A batch that was sent has expired: nobody knows whether it is in the log. The sequence after it. */
  unresolved: number | undefined
}

export interface SentBatch { readonly id: number; readonly partition: string }

/** What an answer was asked for. Frozen. */
export type ProducerPurpose =
  | { readonly kind: 'metadata' }
  | { readonly kind: 'initProducerId' }
  | { readonly kind: 'findCoordinator'; readonly of: 'transaction' | 'group' }
  | { readonly kind: 'transaction' }
  | { readonly kind: 'produce'; readonly batches: readonly SentBatch[] }

/** A turn of a client that reads and writes, from the records that it has read to the commit of their offsets. */
export interface Turn {
  written: number
  /** `undoing`: it has failed and is aborted. */
  phase: 'writing' | 'ending' | 'committing' | 'undoing'
  /** As which member of the group it has read them. */
  readonly memberId: string; readonly generationId: Epoch
}

export interface ProducerState {
  readonly config: ProducerConfig
  /** Overrides in force; they change with `configure`. Frozen. */
  configs: Overrides
  settings: ProducerSettings
  lifecycle: 'stopped' | 'ready' | 'closing' | 'failed'
  /** What follows when everything has been sent. */
  afterClose: 'exit' | 'stop' | 'restart'
  /** Configs of the producer that starts after this one. Frozen. */
  nextConfigs: Overrides | undefined
  metadata: ClientMetadata
  network: NetworkClient<ProducerPurpose>
  /** The application's thread: the first of these is in send(), the others come after it. */
  calls: (SendCall | TransactionCall)[]
  /** Since when the first call is being made. */
  callingSince: Micros | undefined
  /** It waits for memory and has said so. */
  blocked: boolean
  /** Batches by id, in order of creation, until they are done. */
  batches: Map<number, ProducerBatch>
  nextBatch: number
  /** Some partition has lost a batch, and does not know yet how to go on. */
  hasUnresolved: boolean
  queues: Map<string, PartitionQueue>
  /** Partitions of which batches wait. */
  backlog: string[]
  sticky: Map<string, Sticky>
  /** How often a partitioner that goes round has been asked, by topic or rule. */
  rounds: Map<string, number>
  memoryUsed: number
  /** With compression: what batches of each topic have come to, and until when the application's thread is busy with it. */
  ratios?: Map<string, number>; busyNanos?: number
  /** Batches up to this one are sent without waiting. */
  flushUpTo: number
  /** Where the next drain of a broker starts among its partitions. */
  drainIndex: Map<string, number>
  identity: {
    state: 'none' | 'asking' | 'known'
    producerId: number; epoch: Epoch
    retryAt: Micros
    /** The next pass raises the epoch, and starts the sequences of these partitions again. */
    bump: boolean; rewrite: string[]
  }
  /** Without a transactional id there is none. */
  txn: ClientTransaction | undefined
  /** Without something to read there is none, and no turn. */
  reader: ConsumerState | undefined
  turn: Turn | undefined
  rate: { startedAt: Micros; ticks: number } | undefined
  /** The moments for which the timers `sender` and `deadline` are set. */
  wakeAt: Micros; deadlineAt: Micros
  notebook: ProducerNotebook
}

export type ProducerTimer = { readonly type: 'sender' | 'deadline' } | { readonly type: 'rate' } | (NetworkTimer & { readonly key?: string }) | Exclude<ConsumerTimer, NetworkTimer | { readonly type: 'worker' }>
export type ProducerContext = Context<Fact>
