/**
 * What a part that is loaded late (`late.ts`) brings to machines that are always there: share groups, so far. It is looked up
 * behind what is always there, so a run that does not use it is the same with it or without it.
 */
import type { AnyProcessType, Connection, Timer } from '../engine/process.ts'
import type { NodeId } from '../base/units.ts'
import { slot } from './late.ts'
import type { Overrides } from './config.ts'
import type { SeenGroup } from './group/seen.ts'
import type { SeenCall, SeenLease, SeenShare } from './share/seen.ts'
import type { Share, ShareGroup } from './share/state.ts'

type Handlers = Record<string, ((...args: never[]) => void) | undefined>
export interface Part {
  /** Kinds of machines. */
  readonly types: readonly AnyProcessType[]
  /** What a broker is asked, and what wakes it, beside its own. */
  readonly messages: Handlers; readonly timers: Handlers
  /** What a broker that has part in it begins with; what its crash has left. */
  readonly boot: (kept: Share | undefined) => Share
  readonly kept: (share: Share) => Share
  /** Its own topic, on these brokers. */
  readonly topic: (brokers: readonly NodeId[], overrides: Overrides) => { readonly name: string; readonly replicas: readonly (readonly NodeId[])[]; readonly config: Readonly<Record<string, string>> }
  /** For observers. */
  readonly seen: (group: ShareGroup) => SeenGroup
  readonly shares: (broker: never, partition: string) => readonly SeenShare[]
  readonly leases: (state: never) => readonly SeenLease[]
  readonly calls: (share: Share) => readonly SeenCall[]
}

export const brokerParts: { readonly messages: Handlers; readonly timers: Handlers } = { messages: {}, timers: {} }
/** Whoever has share groups in his run has seen to it that they are here. */
export const sharePart = slot<Part>('share groups')

export function bring(brought: Part): void {
  sharePart.provide(brought)
  Object.assign(brokerParts.messages, brought.messages)
  Object.assign(brokerParts.timers, brought.timers)
}

/** Kinds of machines that stand beside the cluster, and are none of Kafka's. */
let beside: readonly AnyProcessType[] = []
export function bringBeside(types: readonly AnyProcessType[]): void {
  beside = types
}

export const typesOfParts = (): readonly AnyProcessType[] => [...(sharePart.isThere() ? sharePart().types : []), ...beside]

/** A broker with share groups looks after them at this moment: something has happened that they may wait for. */
export const LOOK_AFTER_SHARES: Timer = Object.freeze({ type: 'share' })
/** A connection that is none of the broker's own has opened, or is gone. */
export const shareConnection = (type: 'shareConnected' | 'shareLost', on: Connection): Timer => ({ type, key: on })
