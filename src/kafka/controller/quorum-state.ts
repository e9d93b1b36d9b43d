/**
 * What a voter is in an election of the metadata quorum. Follows raft/.../QuorumState.java and the EpochState classes
 * beside it. KRF-1, KRF-2. Epoch, vote and leader stand beside it in the controller: they are the `quorum-state` file.
 */
import type { Epoch, Micros, NodeId, Offset } from '../../base/units.ts'
import type { SnapshotId } from '../metadata/snapshot.ts'

export type VoterState = Unattached | Nominee | Leading | Following | Resigned

/** Knows an epoch, and nobody who leads in it; asks the others by fetches. */
export interface Unattached {
  readonly kind: 'Unattached'
  /** It was refused, and asks again then. */
  fetchAgainAt: Micros
}

/** Prospective asks who would vote for it, in the epoch that there is (KIP-996); Candidate asks for votes in its own. */
export interface Nominee {
  readonly kind: 'Prospective' | 'Candidate'
  /** Itself included. */
  granted: Set<NodeId>
  refused: Set<NodeId>
}

export interface Following {
  readonly kind: 'Follower'
  /** It has heard from this leader by a fetch: until its timer runs out it helps nobody to another election. */
  hasFetched: boolean
  /** The leader has said that it leads no more. */
  leaderResigned: boolean
  /** It was refused, and asks again then. */
  fetchAgainAt: Micros
  /** What it fetches first, as the leader's log begins after the end of its own. */
  snapshotId?: SnapshotId | undefined
}

/** Follows raft/.../LeaderState.java. */
export interface Leading {
  readonly kind: 'Leader'
  readonly since: Micros
  /** Offset of the LeaderChangeMessage with which its epoch begins. */
  readonly epochStart: Offset
  readonly grantedBy: readonly NodeId[]
  /** An entry of its own epoch is committed: what it knows of the high watermark counts, and it may act as the controller. */
  active: boolean
  /** The other voters. */
  voters: Map<NodeId, VoterProgress>
  /** Who has fetched since the check-quorum timer was set. */
  fetched: Set<NodeId>
  /** Who is still to be told that it leads. */
  begin: Set<NodeId>
}
export interface VoterProgress {
  /** -1 until it has fetched from this leader. */
  readonly logEndOffset: Offset
  readonly lastFetchAt: Micros
}

/** Led, and does not any more: says so to all, and waits for somebody else. */
export interface Resigned {
  readonly kind: 'Resigned'
  /** Who should follow it, the most advanced log first. */
  readonly successors: readonly NodeId[]
  unacknowledged: Set<NodeId>
}

export const majorityOf = (voters: number): number => Math.floor(voters / 2) + 1

/** Written before a vote is answered; survives a crash. */
export interface QuorumStateFile { epoch: Epoch; votedFor: NodeId | undefined; leaderId: NodeId | undefined }
