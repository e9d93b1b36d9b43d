/** Flavoured numbers: plain at run time, told apart by the reader and, where it is cheap, by the type-checker. */

/** Simulated time, whole microseconds since 00:00. Nothing in the simulation is finer. */
export type Micros = number
/** A place in a partition's log. */
export type Offset = number
/** A term of a leader, a controller or a producer. */
export type Epoch = number
/** Kafka's `node.id`: broker bn has n, controller kn has 100 + n. */
export type NodeId = number

export const MILLISECOND: Micros = 1_000
export const SECOND: Micros = 1_000_000

/** A moment of the simulation, or the end of time. */
export const isMoment = (at: Micros): boolean => Number.isSafeInteger(at) || at === Infinity

/** Milliseconds, as configs give them, to simulated time. */
export const fromMs = (ms: number): Micros => Math.round(ms * MILLISECOND)
/** Simulated time to milliseconds; may have a fraction, so for people only, never for decisions. */
export const toMs = (at: Micros): number => at / MILLISECOND
