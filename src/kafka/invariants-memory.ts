/** What a monitor remembers of the run so far. */
import { newChunks, type Chunks } from '../base/chunks.ts'
import type { Epoch, Micros, Offset } from '../base/units.ts'
import type { Connection } from '../engine/process.ts'
import type { RecordBatch } from './log/record.ts'
import type { VoterState } from './controller/quorum-state.ts'
import type { AlterPartitionRequest } from './protocol/controller.ts'
import type { InvariantId } from './invariants-names.ts'
import { emptyImage, type MetadataImage } from './metadata/image.ts'
import type { MetadataEntry } from './metadata/records.ts'

/** `partition`: what had been committed there is not what is there now. */
export interface Violation { readonly id: InvariantId; readonly what: string; readonly partition?: string }

/** How far a replica's log has been looked through, as long as nothing is cut off it. */
export interface Scanned {
  truncations: number
  rewrites: number
  /** Where its log began. */
  start: Offset
  /** The offset after what was looked at. */
  next: Offset
  lastEpoch: Epoch
  /** Its records up to here are the committed ones. */
  matches: Offset
  /** Its batches as they were when they were looked at first, and which of them is looked at again next. */
  written: Chunks<RecordBatch>
  again: number
  /** As it was at the last look: as long as it is the same there is nothing new to look at. */
  end: Offset; highWatermark: Offset; recoveryPoint: Offset; epochs: unknown; closed: unknown; committed: number
}
export const newScanned = (truncations: number, rewrites: number, start: Offset): Scanned => ({
  truncations, rewrites, start, next: 0, lastEpoch: -1, matches: 0, written: newChunks(), again: 0,
  end: -1, highWatermark: -1, recoveryPoint: -1, epochs: undefined, closed: undefined, committed: -1,
})

/** Of each offset which record, and in which term it was written: sent again, it may lie elsewhere a second time. '' = gone before anybody looked. */
export interface Committed { ids: string[]; epochs: Epoch[] }

/** What is known of one partition. */
export interface KnownPartition {
  /** All records ever below a leader's high watermark. */
  readonly committed: Committed
  /** By epoch, from an offset on: which record it is. */
  readonly records: Map<Epoch, { base: Offset; ids: (string | undefined)[] }>
  /** By epoch: who leads in it. */
  readonly leaders: Map<Epoch, number>
  /** By broker. */
  readonly scanned: Map<string, Scanned>
  readonly leads: Map<string, { readonly epoch: Epoch; readonly highWatermark: Offset }>
}
export function knownPartition({ partitions }: Memory, partition: string): KnownPartition {
  let known = partitions.get(partition)
  if (known === undefined) partitions.set(partition, (known = { committed: { ids: [], epochs: [] }, records: new Map(), leaders: new Map(), scanned: new Map(), leads: new Map() }))
  return known
}

/** What an idempotent producer has in a partition, up to where it was looked at. */
export interface Session { epoch: Epoch; expected: number; newest: number; maxTimestamp: number; seenAt: Micros }
export interface Sequences {
  next: Offset
  /** From the first batch of the log on; else a session may have begun before what was seen. */
  isWhole: boolean
  /** By producer id. */
  readonly sessions: Map<number, Session>
}

/** What a leader has told a follower by fetch responses: the most, and in its newest epoch. */
export interface Told { readonly leader: string; readonly epoch: Epoch; readonly highWatermark: Offset }

/** Of a Produce request that waits for the high watermark: where to, and in which epoch each partition was written to. */
export interface ParkedWrites { readonly node: string; readonly waiting: Map<string, { readonly required: Offset; readonly epoch: Epoch }> }

/** What a group had in mind when a commit was sent to its coordinator. */
export interface SentCommit { readonly group: string; readonly generation: Epoch; readonly term: string; readonly state: string; readonly current: Epoch }

/** Where a group stands in a partition, as it was told last, and what it has been asked to become since. */
export interface Standing {
  told: Offset | undefined
  asked: Offset[]
  /** From where on everything has to have been read; undefined = not known. And where the group began to read at all. */
  from: Offset | undefined; start: Offset | undefined
  readonly returned: Set<Offset>
}

/** The target of a group of the consumer protocol that was computed last. */
export interface KnownTarget { readonly shape: string; readonly target: ReadonlyMap<string, readonly string[]> }

/** A transactional group: what it has read and committed, against what it has written and committed; by key and value. */
export interface Copying {
  readonly inputs: Map<string, Offset>
  readonly outputs: Map<string, Offset>
  /** More written than read; none are left out. */
  readonly balance: Map<string, number>
}

/** Something that has to become otherwise, since when, and what would be progress. */
export interface Waiting { token: string; since: Micros }

export interface Memory {
  /** Entries of the committed metadata log looked at, and what they make. */
  readonly image: MetadataImage
  readonly partitions: Map<string, KnownPartition>
  /** Of the metadata log: all that any controller knew to be committed; undefined = in a snapshot before it was looked at. */
  readonly committed: (MetadataEntry | undefined)[]
  /** Entries by epoch and offset. */
  readonly entries: Map<string, MetadataEntry>
  /** By epoch: who leads the quorum. */
  readonly controllers: Map<Epoch, string>
  /** What each controller has written into its quorum-state file, and its high watermark. */
  readonly voters: Map<string, SeenVoter>
  /** By epoch: where the log of its leader ended while it led. */
  readonly written: Map<Epoch, Offset>
  /** By epoch: who has acted as the controller. */
  readonly actives: Map<Epoch, string>
  /** Outcomes of each producer, and records of each consumer, looked at. */
  readonly outcomes: Map<string, number>
  readonly handled: Map<string, number>
  /** By producer id and epoch: how its transaction ended. */
  readonly markers: Map<string, 'COMMIT' | 'ABORT'>
  /** By transactional id: what its newest coordinator had of it. */
  readonly producerEpochs: Map<string, { readonly coordinatorEpoch: Epoch; readonly producerId: number; readonly producerEpoch: Epoch }>
  /** By partition of `__transaction_state` and epoch: who coordinates its ids. */
  readonly coordinators: Map<string, string>
  /** By share partition and term: what its leader had of it. */
  readonly shares: Map<string, { readonly leader: string; readonly stateEpoch: Epoch; readonly startOffset: Offset; readonly final: ReadonlySet<Offset> }>
  /** The run has been looked at from its start; else since when. */
  isWhole: boolean
  since: Micros
  readonly sequences: Map<string, Sequences>
  /** By `orders/0@b2`, a follower. */
  readonly told: Map<string, Told>
  readonly parked: Map<Connection, ParkedWrites>
  /** ISR proposals on their way to a controller. */
  readonly proposals: Map<Connection, AlterPartitionRequest>
  /** Topics that somebody was seen to ask for, and whether with an assignment of his own. */
  readonly placements: Map<string, 'placed' | 'assigned'>
  /** By topic: where in the metadata log it was deleted last. Who has not come so far may have a log of it that has nothing to do with one created since. */
  readonly gone: Map<string, { readonly offset: Offset; readonly at: Micros }>
  /** By topic: how many partitions it has had. */
  readonly counts: Map<string, Set<number>>
  /** Producers that have not always sent by key. */
  readonly unkeyed: Set<string>
  readonly commits: Map<Connection, SentCommit>
  /** By group and partition; and how far each reader's returned records have been taken. */
  readonly standings: Map<string, Map<string, Standing>>
  readonly returned: Map<string, number>
  /** By group: the term of the coordinator that was looked at last. */
  readonly coordinatorTerms: Map<string, string>
  readonly targets: Map<string, KnownTarget>
  readonly copying: Map<string, Copying | 'unknown'>
  /** By node: since when nothing has been wrong with it or with its links; undefined = something is. */
  readonly steady: Map<string, Micros | undefined>
  waiting: Map<string, Waiting>
}
export interface SeenVoter {
  readonly epoch: Epoch; readonly votedFor: number | undefined; readonly highWatermark: Offset
  readonly kind: VoterState['kind'] | undefined; readonly incarnation: number; readonly end: Offset
}

export const newMemory = (): Memory => ({
  image: emptyImage(), committed: [], entries: new Map(), controllers: new Map(), voters: new Map(), partitions: new Map(), outcomes: new Map(), handled: new Map(), markers: new Map(),
  producerEpochs: new Map(), coordinators: new Map(), shares: new Map(), written: new Map(), actives: new Map(),
  isWhole: true, since: -1, sequences: new Map(), told: new Map(), parked: new Map(), proposals: new Map(), placements: new Map(), gone: new Map(), counts: new Map(), unkeyed: new Set(),
  commits: new Map(), standings: new Map(), returned: new Map(), coordinatorTerms: new Map(), targets: new Map(), copying: new Map(), steady: new Map(), waiting: new Map(),
})
