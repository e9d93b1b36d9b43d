/**
 * What a process is: plain data, and handlers named by what arrives. A handler runs to completion, changes no state but
 * its own, never waits, and does everything else through its context.
 */
import type { Micros } from '../base/units.ts'

export interface Tagged { readonly type: string }

/** A timer of a process. Setting one with the same `type` and `key` again replaces it. */
export interface Timer extends Tagged { readonly key?: string }

/** A fact worth telling: a code and its figures, never a sentence. */
export interface Note { readonly code: string }

/** One connection, as both of its ends name it. */
export type Connection = string

/** All that a handler may do besides changing its own state. */
export interface Context<Fact extends Note = Note> {
  /** This process. */
  readonly self: string
  /** Simulated time. */
  readonly now: Micros
  /** This machine's wall clock: the same, unless somebody has set it wrong. Timers do not go by it. */
  readonly clock: Micros
  /** The step being handled; what it schedules, sends and tells has it as its cause. */
  readonly step: number
  /** The next word, 0 .. 2^32 - 1, of the stream (seed, node, purpose). */
  random(purpose: string): number
  /**
   * Open a connection. `purpose` starts with its kind of traffic, up to a colon (`clients:coordinator`). `Connected` or
   * `Disconnected` comes one round trip later, or nothing at all when the way is cut.
   */
  connect(to: string, purpose: string): Connection
  /** Hand a message to an open connection; it is frozen from here on. */
  send(on: Connection, message: Tagged): void
  /** End a connection from this side; the peer hears of it one hop later, after what was sent before. */
  close(on: Connection): void
  /** Read nothing more from this connection until `unmute`; what arrives waits in the socket, in order. */
  mute(on: Connection): void
  unmute(on: Connection): void
  setTimer(timer: Timer, delay: Micros): void
  cancelTimer(timer: Timer): void
  hasTimer(timer: Timer): boolean
  note(fact: Fact): void
  /** The end of an orderly stop. */
  exit(): void
  /** The process ends at once, of its own will and in no order: as a crash does, but for the story, which it tells itself before. */
  halt(): void
}

/** What the kernel itself tells a process. */
export type Signal =
  | { readonly type: 'Connected'; readonly on: Connection; readonly peer: string }
  | { readonly type: 'Disconnected'; readonly on: Connection; readonly peer: string; readonly how: 'reset' | 'refused' }
  /** SIGTERM: finish, then `ctx.exit()`. */
  | { readonly type: 'Terminate' }

type Handlers<State, Fact extends Note, Event extends Tagged> = {
  readonly [Type in Event['type']]: (state: State, event: Extract<Event, { type: Type }>, ctx: Context<Fact>) => void
}
type MessageHandlers<State, Fact extends Note, Message extends Tagged> = {
  readonly [Type in Message['type']]: (state: State, message: Extract<Message, { type: Type }>, on: Connection, ctx: Context<Fact>) => void
}

/** A kind of machine: what it knows, what it keeps through a crash, how it reacts. */
export interface ProcessType<
  Config, State, Message extends Tagged, TimerType extends Timer, Order extends Tagged = never, Fact extends Note = Note,
> {
  readonly kind: string
  /** A process starts: with what its disk kept, or with undefined the first time. */
  boot(config: Config, disk: Partial<State> | undefined, ctx: Context<Fact>): State
  /** What survives the end of the process, of any kind: everything written, flushed or not. */
  disk(state: State): Partial<State>
  /** The machine has lost its power: what of its disk was only in memory is gone. Gives how many records. Without it nothing is. */
  powerCut?(disk: Partial<State>, now: Micros): number
  /** What lies on the disk is not what was written any more. */
  damage?(disk: Partial<State>, what: Tagged): void
  readonly messages: MessageHandlers<State, Fact, Message>
  readonly timers: Handlers<State, Fact, TimerType>
  readonly signals: Handlers<State, Fact, Signal>
  /** Calls from outside: a client's send(), an admin's wish. */
  readonly orders: Handlers<State, Fact, Order>
}

type Loose = Readonly<Record<string, ((...args: never[]) => void) | undefined>>
/** A process type with its own types forgotten: what the kernel's registry holds. */
export interface AnyProcessType {
  readonly kind: string
  boot(config: never, disk: never, ctx: never): unknown
  disk(state: never): unknown
  powerCut?(disk: never, now: Micros): number
  damage?(disk: never, what: Tagged): void
  readonly messages: Loose; readonly timers: Loose; readonly signals: Loose; readonly orders: Loose
}
