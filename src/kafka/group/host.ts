/**
 * What a group coordinator needs of the broker it lives in. The coordinator decides and keeps groups; the broker appends
 * its records to `__consumer_offsets` and says when they are committed. Follows coordinator-common/.../CoordinatorRuntime.java.
 */
import type { Epoch, Micros, Offset } from '../../base/units.ts'
import type { Connection, Tagged } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import type { Fact } from '../notes.ts'
import type { KafkaRecord } from '../log/record.ts'

export interface CoordinatorHost {
  readonly now: Micros
  /** This broker's wall clock, by which records are dated and offsets grow old. */
  readonly clock: Micros
  readonly self: string
  random(purpose: string): number
  /**
   * Append to the partition of `__consumer_offsets` led here, as acks=all would. Gives the offset that the high watermark
   * must reach, or why it cannot be appended (NOT_LEADER_OR_FOLLOWER, NOT_ENOUGH_REPLICAS). The broker then calls
   * `handleCommitted` when it is reached, or `handleAppendFailed` when leadership is lost or `offsets.commit.timeout.ms` passes.
   */
  append(partition: string, records: readonly KafkaRecord[], producer?: { readonly producerId: number; readonly producerEpoch: Epoch }): { readonly committedAt: Offset } | KafkaError
  /** Answer a request. The connection goes on to its next one. */
  respond(on: Connection, response: Tagged): void
  /** The coordinator's own timers come back through `handleCoordinatorTimer`. */
  setTimer(key: string, delay: Micros): void
  cancelTimer(key: string): void
  note(fact: Fact): void
  /** Broker's configs, in milliseconds or plain numbers; of a group what it has of its own. */
  config(name:
    | 'group.initial.rebalance.delay.ms' | 'group.min.session.timeout.ms' | 'group.max.session.timeout.ms' | 'offsets.commit.timeout.ms'
    | 'offsets.retention.minutes' | 'offsets.retention.check.interval.ms' | 'group.consumer.session.timeout.ms' | 'group.consumer.heartbeat.interval.ms' | 'group.consumer.assignment.interval.ms', group?: string): number
  /** How many partitions a topic has, as far as this broker knows; 0 = there is no such topic. */
  partitionsOf(topic: string): number
  /** Number of partitions of `__consumer_offsets`; undefined when the topic does not exist. */
  readonly offsetsPartitions: number | undefined
  /** This broker leads that partition, in this epoch; undefined when it does not. */
  leaderEpochOf(partition: string): Epoch | undefined
}
