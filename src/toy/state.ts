/** A toy push broker or queue, to compare Kafka with: its machines, what each is told and what it knows. None of it is Kafka. */
import type { Micros } from '../base/units.ts'
import type { Connection, Context } from '../engine/process.ts'
import type { ToyFact, WhenFull } from './notes.ts'

export type ToyContext = Context<ToyFact>

export interface ToySenderConfig { readonly id: string; readonly toy: string; readonly whenFull: WhenFull; readonly rate: { readonly count: number; readonly per: Micros } }
export interface ToyReaderConfig { readonly id: string; readonly toy: string; readonly whenFull: WhenFull; readonly processMs: number; readonly inbox: number }
export interface ToyBrokerConfig { readonly id: string; readonly whenFull: WhenFull; readonly senders: readonly string[]; readonly readers: readonly string[] }

export interface ToySender {
  readonly config: ToySenderConfig
  lifecycle: 'stopped' | 'running'
  on: Connection | undefined; isOpen: boolean
  startedAt: Micros; ticks: number
  /** Messages that have fallen due, and those that the broker has taken. What is between waits here. */
  due: number; sent: number
  /** Number of the one that the broker has not taken yet; undefined = none. Only where it blocks. */
  underWay: number | undefined
  isHolding: boolean
}

/** What the broker knows of a reader that has ever subscribed. */
export interface Subscription {
  /** undefined = it is not there. */
  on: Connection | undefined
  /** Places free in its inbox, as far as the broker has been told. Not where it drops. */
  room: number
  /** What had been published when it first came: older messages are nobody's any more. */
  readonly since: number
  /** How many places there are. */
  readonly inbox: number
  pushed: number
  /** Pushed to nobody while it was away, or to a connection that has been reset; and how many of them the story knows. */
  missed: number; told: number
}
export interface ToyBroker {
  readonly config: ToyBrokerConfig
  published: number
  subscriptions: Map<string, Subscription>
  senders: Map<Connection, string>
  /** Taken from senders and not pushed yet, the oldest first. Not where it drops. */
  inHand: { readonly message: string; readonly on: Connection }[]
  /** Whose inbox is full. */
  blockedBy: string | undefined; blockedSince: Micros
  blockedFor: Micros
  /** It has waited since everybody last had room for more than one. */
  hasBlocked: boolean
}

/** What an observer writes down of a reader; its crash does not take it. */
export interface ReaderBook {
  received: number; processed: number
  /** Its inbox was full. */
  dropped: number
  /** They were in its memory when it ended. */
  forgotten: number
  /** The newest of each, oldest first. */
  last: readonly string[]; gone: readonly string[]
}
export interface ToyReader {
  readonly config: ToyReaderConfig
  lifecycle: 'stopped' | 'running'
  on: Connection | undefined; isOpen: boolean
  /** The oldest first. */
  inbox: string[]
  /** What its handler is at. */
  atWork: { readonly message: string; readonly since: Micros } | undefined
  book: ReaderBook
}

export interface StartOrder { readonly type: 'start' }

export interface PublishRequest { readonly type: 'PublishRequest'; readonly message: string; readonly sender: string }
/** The broker has pushed it on. */
export interface PublishResponse { readonly type: 'PublishResponse'; readonly message: string }
/** `received`: of all that was ever pushed to it. */
export interface SubscribeRequest { readonly type: 'SubscribeRequest'; readonly reader: string; readonly inbox: number; readonly room: number; readonly received: number }
export interface PushRequest { readonly type: 'PushRequest'; readonly message: string }
/** A place in the inbox is free again. */
export interface RoomRequest { readonly type: 'RoomRequest'; readonly reader: string }

/** Traffic of clients: what a cut of a link calls so. */
export const CHANNEL = 'clients'
/** Who finds nobody tries again so much later. */
export const RETRY: Micros = 200_000
