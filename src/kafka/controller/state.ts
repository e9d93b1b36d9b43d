/** What a controller knows and keeps. */
import type { Chunks } from '../../base/chunks.ts'
import { fromMs, type Epoch, type Micros, type NodeId, type Offset } from '../../base/units.ts'
import type { Connection, Context, Tagged } from '../../engine/process.ts'
import { booleanOf, numberOf, type Overrides } from '../config.ts'
import type { MetadataImage } from '../metadata/image.ts'
import type { MetadataEntry } from '../metadata/records.ts'
import type { NetworkClient } from '../network/client.ts'
import type { Fact } from '../notes.ts'
import type { MetadataFetchRequest } from '../protocol/controller.ts'

export type ControllerContext = Context<Fact>

export interface ControllerSpec {
  readonly id: NodeId; readonly name: string
  /** All voters, in order. Simplified: the first of them is the leader, for ever; nobody is elected. */
  readonly voters: readonly NodeId[]
  readonly overrides: Overrides
  readonly initial: readonly MetadataEntry[]
}

export interface ControllerConfig {
  readonly brokerSessionTimeout: Micros
  /** How often sessions are looked at: an eighth of the timeout. */
  readonly sessionCheck: Micros
  readonly autoLeaderRebalance: boolean
  readonly leaderImbalanceCheck: Micros
  readonly uncleanElectionCheck: Micros
}
export const controllerConfig = (overrides: Overrides): ControllerConfig => {
  const session = numberOf('broker', overrides, 'broker.session.timeout.ms')
  return Object.freeze({
    brokerSessionTimeout: fromMs(session), sessionCheck: fromMs(Math.floor(session / 8)),
    autoLeaderRebalance: booleanOf('broker', overrides, 'auto.leader.rebalance.enable'),
    leaderImbalanceCheck: fromMs(numberOf('broker', overrides, 'leader.imbalance.check.interval.seconds') * 1000),
    uncleanElectionCheck: fromMs(numberOf('broker', overrides, 'unclean.leader.election.interval.ms')),
  })
}

export interface Controller {
  readonly spec: ControllerSpec
  readonly config: ControllerConfig
  readonly leads: boolean
  epoch: Epoch
  starts: number
  /** With everything decided, committed or not (GEN-2): what the next decision is made from. */
  image: MetadataImage
  /** Below the high watermark: what everybody may know. */
  committed: MetadataImage
  log: Chunks<MetadataEntry>
  highWatermark: Offset
  /** Decided, and waiting `raft append linger` to be written together. */
  accumulated: MetadataEntry[]
  /** Written and committed when: of the newest entries, for the eye. */
  moments: { readonly offset: Offset; readonly appendedAt: Micros; committedAt: Micros | undefined }[]
  /** How far the other voters have fetched. */
  voters: Map<NodeId, Offset>
  parked: { next: number; fetches: Map<number, { readonly id: number; readonly on: Connection; readonly request: MetadataFetchRequest }> }
  /** Answers that go out when the log is committed up to there. */
  deferred: { readonly at: Offset; readonly on: Connection; readonly response: Tagged }[]
  /** Last heartbeat handled. */
  sessions: Map<NodeId, Micros>
  /** Up to where each broker has applied the metadata log. */
  applied: Map<NodeId, Offset>
  /** Metadata offset that all others must have applied before this broker may go. */
  shutdowns: Map<NodeId, Offset>
  /** A voter that does not lead fetches, like an observer. */
  network: NetworkClient<'quorum'>
  cleanShutdown: boolean
}

export const logEndOffset = (controller: Controller): Offset => controller.log.length
/** The offset the next record gets, those that linger counted. */
export const nextOffset = (controller: Controller): Offset => controller.log.length + controller.accumulated.length
