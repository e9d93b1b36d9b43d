/**
 * The wall clock of a machine, in whole milliseconds: Kafka's `Time.milliseconds()`. What is dated and judged by it: records that do not
 * bring a time of their own, LogAppendTime, how far a record's time may be off, the age of segments, tombstones, committed offsets and transactions.
 * Sessions of brokers with their controller are measured by `Time.nanoseconds()`, purgatories and the group coordinator's timers by
 * `hiResClockMs`: no clock that is set moves those.
 *
 * Simplified: it does not move what a Kafka process times by `Time.milliseconds()` for itself either: requests of clients, how long a
 * follower has lagged, the timers of the metadata quorum. There a clock that is set forward ends a wait at once.
 */
import { MILLISECOND, type Micros } from '../base/units.ts'

export const wallMs = ({ clock }: { readonly clock: Micros }): number => Math.floor(clock / MILLISECOND)
