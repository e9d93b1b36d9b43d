/** What a transaction coordinator needs of the broker it lives in. */
import type { Epoch, Micros, Offset } from '../../base/units.ts'
import type { Connection, Tagged } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import type { KafkaRecord } from '../log/record.ts'
import type { Fact } from '../notes.ts'
import type { AddPartitionsToTxnResponse, WriteTxnMarkersRequest } from '../protocol/transaction.ts'
import type { TransactionVersion } from './metadata.ts'

export interface TransactionHost {
  readonly now: Micros
  /** The broker's wall clock: transactions are as old as it says. */
  readonly clock: Micros
  readonly self: string
  /** When the broker started: its scans for timed out transactions count from there. */
  readonly startedAt: Micros
  /** As acks=all would. The broker then calls `handleCommitted`, or `handleAppendFailed`. */
  append(partition: string, records: readonly KafkaRecord[]): { readonly committedAt: Offset } | KafkaError
  respond(on: Connection, response: Tagged): void
  /** The broker's own question is answered. */
  answer(ticket: number, response: AddPartitionsToTxnResponse): void
  /** Timers come back through `handleTransactionTimer`. */
  setTimer(key: TimerKey, delay: Micros): void
  hasTimer(key: TimerKey): boolean
  note(fact: Fact): void
  config(name: 'transaction.max.timeout.ms' | 'transaction.abort.timed.out.transaction.cleanup.interval.ms'): number
  /** undefined = the broker has none just now: COORDINATOR_LOAD_IN_PROGRESS. */
  newProducerId(): number | undefined
  /** `transaction.version` of the cluster. */
  readonly version: TransactionVersion
  /** Number of partitions of `__transaction_state`, and of `__consumer_offsets`; undefined when there is no such topic. */
  readonly statePartitions: number | undefined
  readonly offsetsPartitions: number | undefined
  leaderEpochOf(partition: string): Epoch | undefined
  /** By this broker's metadata; undefined = nobody live leads it. */
  leaderOf(partition: string): string | undefined
  /** The answers come through `handleMarkersAnswered`. */
  writeMarkers(node: string, request: WriteTxnMarkersRequest): void
}

/** Looking for transactions that take too long; sending markers again. */
export type TimerKey = 'scan' | 'markers'
