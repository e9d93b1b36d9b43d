/**
 * What became of every send(). No client has such a book, and none survives a crash: it is the omniscient observer's, who
 * goes on writing when the program is started again. The model never reads it.
 */
import { append, at, newChunks, type Chunks } from '../../../base/chunks.ts'
import type { Micros, Offset } from '../../../base/units.ts'
import type { KafkaError } from '../../errors.ts'
import { countError, type ErrorCounts } from '../notebook.ts'

/** What the application was told of one send(). Frozen. */
export interface Outcome {
  /** The n-th send() of this client, from 1. */
  readonly number: number
  /** The ledger's identity, `shop#8`. */
  readonly id: string
  readonly key: string | undefined
  readonly partition: string | undefined
  /** -1 = not known: acks=0, or it failed */
  readonly offset: Offset
  readonly sequence: number
  /** undefined = the program ended before it knew */
  readonly error: KafkaError | undefined
  readonly acks: 0 | 1 | -1
  readonly sentAt: Micros
  readonly at: Micros
}

export interface ProducerNotebook {
  /** Sends of this name that the run began with; numbering goes on after them. */
  readonly before: number
  /** Calls of send() so far. */
  sent: number
  acked: number
  failed: number
  /** Batches sent again. */
  retries: number
  /** Batches and Produce requests sent, the first time and again. */
  batches: number
  requests: number
  recordsInBatches: number
  /** In order of sending, as far as all before it are decided. */
  outcomes: Chunks<Outcome>
  /** Decided while an earlier one is not, by number. */
  early: Map<number, Outcome>
  errors: ErrorCounts
  lastError: KafkaError | undefined
  /** How it was last refused because a newer epoch, generation or instance exists. */
  fencedBy: KafkaError | undefined
  lastAckAt: Micros | undefined
  longestGap: Micros
  /** Whole milliseconds from send() to acknowledgement, counted. */
  latencies: Map<number, number>
  /** Newest acknowledged sends, oldest first, at most 16. */
  lastAcked: Outcome[]
  /** Sends for which the application has named the partition, by number; undefined = none. */
  placed?: Set<number>
}

export const newProducerNotebook = (before = 0): ProducerNotebook => ({
  before, sent: 0, acked: 0, failed: 0, retries: 0, batches: 0, requests: 0, recordsInBatches: 0, outcomes: newChunks(), early: new Map(),
  errors: new Map(),
  lastError: undefined, fencedBy: undefined, lastAckAt: undefined, longestGap: 0, latencies: new Map(), lastAcked: [],
})

const LAST_ACKED = 16

const nextNumber = (book: ProducerNotebook): number => book.before + book.outcomes.length + 1

export function decide(book: ProducerNotebook, outcome: Outcome): void {
  Object.freeze(outcome)
  if (outcome.number === nextNumber(book)) {
    append(book.outcomes, outcome)
    for (;;) {
      const next = book.early.get(nextNumber(book))
      if (next === undefined) break
      book.early.delete(next.number)
      append(book.outcomes, next)
    }
  } else book.early.set(outcome.number, outcome)
  if (outcome.error === undefined) return
  if (outcome.error === 'NONE') succeed(book, outcome)
  else {
    book.failed++
    book.lastError = outcome.error
  }
}

/** An acks=0 send is never acknowledged: nobody knows what became of it. */
function succeed(book: ProducerNotebook, outcome: Outcome): void {
  if (outcome.acks === 0) return
  book.acked++
  const ms = Math.round((outcome.at - outcome.sentAt) / 1000)
  book.latencies.set(ms, (book.latencies.get(ms) ?? 0) + 1)
  if (book.lastAckAt !== undefined) book.longestGap = Math.max(book.longestGap, outcome.at - book.lastAckAt)
  book.lastAckAt = outcome.at
  book.lastAcked.push(outcome)
  if (book.lastAcked.length > LAST_ACKED) book.lastAcked.shift()
}

export function noteError(book: ProducerNotebook, error: KafkaError): void {
  countError(book.errors, error)
}

/** The outcome of the send() with this index, from 0; undefined while it is open. */
export const outcomeOf = (book: ProducerNotebook, index: number): Outcome | undefined =>
  at(book.outcomes, index) ?? book.early.get(book.before + index + 1)

/** Half of the acknowledgements took at most so many milliseconds. */
export function medianLatencyMs(book: ProducerNotebook): number | undefined {
  let left = (book.acked + 1) >> 1
  if (left === 0) return undefined
  for (const ms of [...book.latencies.keys()].sort((a, b) => a - b)) {
    left -= book.latencies.get(ms)!
    if (left <= 0) return ms
  }
  return undefined
}

/** The program has ended: what it did not hear of by then it never will. */
export function closeOpenSends(book: ProducerNotebook, client: string, at: Micros): void {
  for (let number = nextNumber(book); number <= book.before + book.sent; number = nextNumber(book)) {
    decide(book, { number, id: `${client}#${number}`, key: undefined, partition: undefined, offset: -1, sequence: -1, error: undefined,
      acks: -1, sentAt: at, at })
  }
}
