/** What a monitor remembers of the run so far. */
import type { Epoch, Offset } from '../base/units.ts'
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
}

export interface Memory {
  /** Entries of the committed metadata log looked at, and what they make. */
  readonly image: MetadataImage
  /** By partition, the identities of all records ever below a leader's high watermark. */
  readonly prefix: Map<string, string[]>
  /** Of the metadata log: all that any controller knew to be committed; undefined = in a snapshot before it was looked at. */
  readonly committed: (MetadataEntry | undefined)[]
  /** Entries by epoch and offset. */
  readonly entries: Map<string, MetadataEntry>
  /** By epoch: who leads the quorum. */
  readonly controllers: Map<Epoch, string>
  /** What each controller has written into its quorum-state file, and its high watermark. */
  readonly voters: Map<string, { readonly epoch: Epoch; readonly votedFor: number | undefined; readonly highWatermark: Offset }>
  /** By `orders/0@b1`. */
  readonly scanned: Map<string, Scanned>
  readonly leads: Map<string, { readonly epoch: Epoch; readonly highWatermark: Offset }>
  /** By partition, epoch and offset: which record it is. */
  readonly records: Map<string, string>
  /** By partition and epoch: who leads in it. */
  readonly leaders: Map<string, number>
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
}

export const newMemory = (): Memory => ({
  image: emptyImage(), committed: [], entries: new Map(), controllers: new Map(), voters: new Map(), prefix: new Map(), scanned: new Map(), leads: new Map(), records: new Map(), leaders: new Map(), outcomes: new Map(), handled: new Map(), markers: new Map(),
  producerEpochs: new Map(), coordinators: new Map(), shares: new Map(),
})
