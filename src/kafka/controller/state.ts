/** What a controller knows and keeps. */
import type { Chunks } from '../../base/chunks.ts'
import { fromMs, type Epoch, type Micros, type NodeId, type Offset } from '../../base/units.ts'
import type { Connection, Context, Tagged } from '../../engine/process.ts'
import { booleanOf, numberOf, type Overrides } from '../config.ts'
import type { MetadataImage } from '../metadata/image.ts'
import type { MetadataEntry } from '../metadata/records.ts'
import type { MetadataSnapshot } from '../metadata/snapshot.ts'
import type { NetworkClient } from '../network/client.ts'
import type { Fact } from '../notes.ts'
import type { MetadataFetchRequest } from '../protocol/controller.ts'
import type { QuorumStateFile, VoterState } from './quorum-state.ts'

export type ControllerContext = Context<Fact>

export interface ControllerSpec {
  readonly id: NodeId; readonly name: string
  /** All voters, in order: 1, 3 or 5. At 00:00 the first of them leads, in epoch 1. */
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
  /** Whole milliseconds: `controller.quorum.election.timeout.ms`, `.fetch.timeout.ms`, `.election.backoff.max.ms`. */
  readonly electionTimeoutMs: number; readonly fetchTimeoutMs: number; readonly electionBackoffMaxMs: number
  /** `controller.quorum.append.linger.ms`, `.request.timeout.ms`, `.retry.backoff.ms` */
  /** `metadata.log.max.record.bytes.between.snapshots`, `metadata.log.max.snapshot.interval.ms`, `metadata.max.retention.bytes` and `.ms` */
  readonly snapshotBytes: number; readonly snapshotInterval: Micros; readonly retentionBytes: number; readonly retention: Micros
  readonly appendLinger: Micros; readonly quorumRequestTimeout: Micros; readonly quorumRetryBackoff: Micros
}
export const controllerConfig = (overrides: Overrides): ControllerConfig => {
  const number = (name: string) => numberOf('broker', overrides, name)
  const session = number('broker.session.timeout.ms')
  return Object.freeze({
    brokerSessionTimeout: fromMs(session), sessionCheck: fromMs(Math.floor(session / 8)),
    autoLeaderRebalance: booleanOf('broker', overrides, 'auto.leader.rebalance.enable'),
    leaderImbalanceCheck: fromMs(number('leader.imbalance.check.interval.seconds') * 1000),
    uncleanElectionCheck: fromMs(number('unclean.leader.election.interval.ms')),
    electionTimeoutMs: number('controller.quorum.election.timeout.ms'), fetchTimeoutMs: number('controller.quorum.fetch.timeout.ms'),
    electionBackoffMaxMs: number('controller.quorum.election.backoff.max.ms'), appendLinger: fromMs(number('controller.quorum.append.linger.ms')),
    snapshotBytes: number('metadata.log.max.record.bytes.between.snapshots'), snapshotInterval: fromMs(number('metadata.log.max.snapshot.interval.ms')),
    retentionBytes: number('metadata.max.retention.bytes'), retention: fromMs(number('metadata.max.retention.ms')),
    quorumRequestTimeout: fromMs(number('controller.quorum.request.timeout.ms')), quorumRetryBackoff: fromMs(number('controller.quorum.retry.backoff.ms')),
  })
}

export interface Controller extends QuorumStateFile {
  readonly spec: ControllerSpec
  readonly config: ControllerConfig
  voter: VoterState
  /** The epoch in which it has told that it wants an election: trying again tells nothing. */
  toldElection: Epoch
  starts: number
  /** While active: with everything decided, committed or not (GEN-2), what the next decision is made from. */
  image: MetadataImage
  /** Below the high watermark: what everybody may know. */
  committed: MetadataImage
  log: Chunks<MetadataEntry>
  /** The offset that it begins at: what is before that is in a snapshot. */
  logStart: Offset
  /** The oldest first. Where the log does not begin at 0, one of them ends where it begins. */
  snapshots: readonly MetadataSnapshot[]
  /** Committed since the last one was taken, or the process began; and when that was. */
  bytesSinceSnapshot: number; snapshotAt: Micros
  /** When the process began. */
  readonly bootedAt: Micros
  highWatermark: Offset
  /** Decided, and waiting `raft append linger` to be written together. */
  accumulated: MetadataEntry[]
  /** Written and committed when: of the newest entries, for the eye. */
  moments: { readonly offset: Offset; readonly appendedAt: Micros; committedAt: Micros | undefined }[]
  parked: { next: number; fetches: Map<number, { readonly id: number; readonly on: Connection; readonly request: MetadataFetchRequest }> }
  /** Answers that go out when the log is committed up to there. */
  deferred: { readonly at: Offset; readonly on: Connection; readonly response: Tagged }[]
  /** Last heartbeat handled. */
  sessions: Map<NodeId, Micros>
  /** Up to where each broker has applied the metadata log. */
  applied: Map<NodeId, Offset>
  /** Metadata offset that all others must have applied before this broker may go. */
  shutdowns: Map<NodeId, Offset>
  /** To the other voters. */
  network: NetworkClient<QuorumPurpose>
  /** The moment for which the timer `quorumRetry` is set. */
  retryAt: Micros
  /** SIGTERM has come. */
  stopping: boolean
  cleanShutdown: boolean
}
export type QuorumPurpose = 'fetch' | 'snapshot' | 'preVote' | 'vote' | 'begin' | 'end'

/** It may decide: it leads the quorum, and has committed an entry of its own epoch (KRF-5). */
export const isActiveController = ({ voter }: Pick<Controller, 'voter'>): boolean => voter.kind === 'Leader' && voter.active

export const logEndOffset = ({ log, logStart }: Pick<Controller, 'log' | 'logStart'>): Offset => logStart + log.length
/** The offset the next record gets, those that linger counted. */
export const nextOffset = (controller: Controller): Offset => logEndOffset(controller) + controller.accumulated.length
