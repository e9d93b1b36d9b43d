/** A broker's part in share groups. It has one only where there are share consumers. A tree of plain data. */
import type { Epoch, Micros, Offset } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import type { KafkaError } from '../errors.ts'
import { newNetworkClient, type NetworkClient } from '../network/client.ts'
import type { AlterShareGroupOffsetsRequest, DeleteGroupsRequest, DeleteShareGroupOffsetsRequest, GroupAdminResponse } from '../protocol/group-admin.ts'
import type { FetchedShare, ShareFetchRequest, ShareGroupHeartbeatResponse, ShareStateRequest, ShareStateResponse } from '../protocol/share.ts'
import type { Ending } from './acknowledge.ts'
import type { SharePartition, StateBatch } from './in-flight.ts'

export const SHARE_STATE_TOPIC = '__share_group_state'

export interface Share {
  /** What it leads, by `jobs:orders/0`. */
  partitions: Map<string, SharePartition>
  /** By `jobs:` and member id. */
  sessions: Map<string, ShareSession>
  /** Requests that are not answered yet. */
  calls: Map<number, ShareCall>
  /** What it asks of share coordinators. */
  asks: Map<number, ShareAsk>
  nextId: number
  /** Answers that have come and are taken next. */
  answers: { readonly id: number; readonly response: ShareStateResponse }[]
  network: NetworkClient<number>
  /** Partitions of `__share_group_state` and of `__consumer_offsets` that are loaded here, with the leader's term. */
  loaded: Map<string, Epoch>
  /** As share coordinator. Frozen values. */
  states: Map<string, PersistedState>
  /** As group coordinator. */
  groups: Map<string, ShareGroup>
  /** Records that wait for the high watermark. */
  commits: ShareCommit[]
  /** The omniscient observer's: it survives whatever happens to the broker, and the model never reads it. By group. */
  books: Map<string, ShareBook>
}

/** So many records in all. */
export interface ShareBook {
  acquired: number; acknowledged: number; archived: number; redelivered: number
  /** Offsets that were archived, by partition: the leader forgets what lies before its start offset. */
  gone: Map<string, number[]>
}

/** SHR-6: a member at a leader. It ends with its connection, and with it all that the member holds there. */
export interface ShareSession { readonly group: string; readonly member: string; readonly client: string; readonly on: Connection; epoch: number }

export interface ShareCall {
  readonly id: number; readonly api: 'ShareFetch' | 'ShareAcknowledge'; readonly on: Connection; readonly client: string
  readonly group: string; readonly member: string
  readonly since: Micros; readonly until: Micros
  readonly request: ShareFetchRequest | undefined
  /** Of what it acknowledges, by partition; undefined = it is being written down. */
  acknowledged: Map<string, KafkaError | undefined>
  /** undefined = it still looks for records. */
  fetched: readonly FetchedShare[] | undefined
}

/** Asked again after 1, 2, 4, 8 s, then given up. Follows share-coordinator/.../PersisterStateManager.java. */
export interface ShareAsk {
  readonly id: number; readonly request: ShareStateRequest
  readonly purpose: AskPurpose
  attempts: number
  /** Infinity = it is on its way, or on a connection that opens. */
  retryAt: Micros
  /** Waits for this broker's connection. */
  waitsFor: string | undefined
}
/** Frozen. */
export type AskPurpose =
  | { readonly kind: 'load'; readonly leaderEpoch: Epoch }
  /** `call`: who waits for it. */
  | { readonly kind: 'write'; readonly changes: readonly EndedLease[]; readonly start: Offset; readonly call: number | undefined }
  | { readonly kind: 'initialize'; readonly group: string; readonly partition: string }
  /** An administrator waits. `coordinator`: the group's partition of `__consumer_offsets`; `done`: whose states are forgotten, when a group is deleted. */
  | { readonly kind: 'admin'; readonly on: Connection; readonly request: AlterShareGroupOffsetsRequest | DeleteShareGroupOffsetsRequest | DeleteGroupsRequest; readonly coordinator: string; readonly done: readonly string[] }

/** A lease that is over when that is written down, and whose it was. Frozen. */
export interface EndedLease { readonly offset: Offset; readonly how: Ending; readonly member: string; readonly count: number }

/** SHR-4: what the share coordinator keeps of a share partition. */
export interface PersistedState {
  readonly key: string
  /** Of `__share_group_state`. */
  readonly partition: string
  readonly stateEpoch: Epoch; readonly leaderEpoch: Epoch
  readonly startOffset: Offset
  readonly batches: readonly StateBatch[]
  /** Updates since the last snapshot. */
  readonly updates: number
}

/** Somebody who has asked: on a connection, or in this broker. Frozen. */
export type ReplyTo = { readonly on: Connection } | { readonly ask: number }
/** Frozen. */
export interface ShareCommit {
  readonly partition: string; readonly at: Offset; readonly deadline: Micros
  readonly reply: ReplyTo
  readonly response: ShareStateResponse | ShareGroupHeartbeatResponse | GroupAdminResponse
}

export interface ShareMember {
  readonly memberId: string; readonly clientId: string
  topics: readonly string[]
  epoch: Epoch; previousEpoch: Epoch
  assigned: readonly string[]
  sessionUntil: Micros
}
export interface ShareGroup {
  readonly id: string
  /** Of `__consumer_offsets`. */
  readonly partition: string
  epoch: Epoch
  targetEpoch: Epoch
  members: Map<string, ShareMember>
  /** Frozen lists. */
  target: Map<string, readonly string[]>
  /** Partitions of which the share coordinator has a state: only those are given to anybody. */
  initialized: string[]
  /** Topics and their sizes that the target was computed from, as one text. */
  metadata: string
}

export const newShare = (): Share => ({
  partitions: new Map(), sessions: new Map(), calls: new Map(), asks: new Map(), nextId: 1, answers: [],
  network: newNetworkClient({ requestTimeout: 30_000_000, reconnectBackoffMs: 50, reconnectBackoffMaxMs: 1000, connectionSetupTimeout: 10_000_000 }),
  loaded: new Map(), states: new Map(), groups: new Map(), commits: [], books: new Map(),
})

/** Simplified: a share partition goes by the name of its topic; in Kafka by the topic's id. */
export const shareKey = (group: string, partition: string): string => `${group}:${partition}`
