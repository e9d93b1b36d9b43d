/**
 * What the application got, and what its group told it. No client has such a book, and none survives a crash: it is the
 * omniscient observer's, who goes on writing when the program is started again. The model never reads it.
 */
import { append, newChunks, type Chunks } from '../../../base/chunks.ts'
import type { Epoch, Micros, Offset } from '../../../base/units.ts'
import type { KafkaError } from '../../errors.ts'
import type { RecordHeader } from '../../log/record.ts'
import type { ErrorCounts } from '../notebook.ts'

/** A record as poll() returned it. Frozen. */
export interface Read {
  /** The ledger's identity, `shop#8`. */
  readonly id: string
  readonly key: string | undefined
  readonly value: string | undefined
  readonly partition: string
  readonly offset: Offset
  readonly epoch: Epoch
  /** First offset of its batch. */
  readonly batch: Offset
  /** Its handler fails. */
  readonly poison?: true
  /** Of one whose handler fails: they go with its copy. */
  readonly headers?: readonly RecordHeader[]
  /** CreateTime, milliseconds; only for those who wait by it. */
  readonly timestamp?: number
  /** Of its batch; only for those who filter. */
  readonly bytes?: number
}

/** A record that the handler has finished. Frozen. */
export interface Handled {
  readonly id: string
  readonly key: string | undefined
  readonly value: string | undefined
  readonly partition: string
  readonly offset: Offset
  readonly at: Micros
}

/** A record that the handler failed on, and that was written to another topic for later. Frozen. */
export interface Moved { readonly partition: string; readonly offset: Offset; readonly to: string; readonly at: Micros }

export interface Passed { readonly partition: string; readonly offset: Offset }

export interface ConsumerNotebook {
  /** Calls of poll() that have returned, and how many of them with nothing. */
  polls: number
  emptyPolls: number
  /** By partition: the offsets that poll() returned, in order. */
  returned: Map<string, Chunks<Offset>>
  /** The outcome of the handler, in order. */
  handled: Chunks<Handled>
  /** Records that went to another topic instead, in order; undefined = none. */
  moved?: Chunks<Moved>
  /** Records that the application did not want, in order; undefined = none. And the bytes of those that it did, if it filters. */
  filtered?: Chunks<Passed>
  usedBytes?: number
  /** Batches that have come from brokers. */
  fetchedBytes: number
  /** Newest records returned, oldest first, at most 16. */
  lastRead: Read[]
  /** What the last callback of each kind was given, and how many there were. Frozen lists. */
  assignedLast: readonly string[]
  revoked: readonly string[]
  assignedCount: number
  revokedCount: number
  lostCount: number
  /** Fetch requests by broker. */
  fetches: Map<string, number>
  errors: ErrorCounts
  lastError: KafkaError | undefined
}

export const newConsumerNotebook = (): ConsumerNotebook => ({
  polls: 0, emptyPolls: 0, returned: new Map(), handled: newChunks(), fetchedBytes: 0, lastRead: [], assignedLast: Object.freeze([]),
  revoked: Object.freeze([]),
  assignedCount: 0, revokedCount: 0, lostCount: 0, fetches: new Map(), errors: new Map(), lastError: undefined,
})

const LAST_READ = 16

export function bookReturned(book: ConsumerNotebook, records: readonly Read[]): void {
  for (const { partition, offset } of records) {
    let offsets = book.returned.get(partition)
    if (offsets === undefined) book.returned.set(partition, (offsets = newChunks()))
    append(offsets, offset)
  }
  for (let i = Math.max(0, records.length - LAST_READ); i < records.length; i++) {
    book.lastRead.push(records[i]!)
    if (book.lastRead.length > LAST_READ) book.lastRead.shift()
  }
}

export function bookHandled(book: ConsumerNotebook, { id, key, value, partition, offset }: Read, at: Micros): void {
  append(book.handled, Object.freeze({ id, key, value, partition, offset, at }))
}
