/** A share group as anybody may ask for it, as ShareGroupDescribe; and as nobody in the cluster can: who holds what of a partition. */
import type { Micros, Offset } from '../../base/units.ts'
import type { Broker } from '../broker/state.ts'
import type { ShareConsumerState } from '../client/share-consumer/state.ts'
import type { SeenGroup } from '../group/seen.ts'
import { inFlightOf } from './in-flight.ts'
import { deliveryLimit, lockDuration } from './settings.ts'
import type { Share, ShareGroup } from './state.ts'

export function seenShareGroup({ members, epoch, targetEpoch, target }: ShareGroup): SeenGroup {
  return {
    type: 'share', state: members.size === 0 ? 'Empty' : 'Stable', generation: epoch, targetEpoch, assignor: 'simple', rebalances: 0, offsets: new Map(),
    members: [...members.values()].map(({ memberId, clientId, assigned, epoch: own }) => ({ memberId, clientId, assignment: assigned, target: target.get(memberId) ?? [], epoch: own })),
  }
}

/** What a group has in flight of one partition. Frozen. */
export interface SeenShare {
  readonly group: string
  /** How long a record is lent, and how often. */
  readonly lock: Micros; readonly limit: number
  readonly startOffset: Offset; readonly endOffset: Offset
  /** Where it stood when this leader took over. */
  readonly loadedAt: Offset
  /** Of what has been finished since, as the observer remembers it; all else there was accepted. */
  readonly archivedBefore: readonly Offset[]
  readonly records: readonly { readonly offset: Offset; readonly state: string; readonly count: number; readonly holder: string | undefined; readonly lockedUntil: Micros | undefined }[]
}
export function seenShares(broker: Broker, partition: string): readonly SeenShare[] {
  const { partitions, sessions, books } = broker.share!
  return [...partitions.values()].filter((share) => share.partition === partition && share.state === 'active').map((share) => ({
    group: share.group, lock: lockDuration(broker, share.group), limit: deliveryLimit(broker, share.group), loadedAt: share.loadedAt, startOffset: share.startOffset, endOffset: share.endOffset,
    archivedBefore: (books.get(share.group)?.gone.get(partition) ?? []).filter((offset) => offset < share.startOffset),
    records: [...inFlightOf(share)].map(([offset, { state, count, member, lockedUntil }]) => ({
      offset, state, count, holder: state === 'ACQUIRED' ? (sessions.get(`${share.group}:${member}`)?.client ?? member) : undefined,
      lockedUntil: state === 'ACQUIRED' ? lockedUntil : undefined,
    })),
  }))
}

/** What a member believes to hold. */
export interface SeenLease { readonly id: string; readonly key: string | undefined; readonly value: string | undefined; readonly partition: string; readonly offset: Offset; readonly epoch: number; readonly batch: Offset; readonly count: number }
export const seenLeases = ({ leases }: ShareConsumerState): readonly SeenLease[] =>
  [...leases.values()].flatMap((of) => [...of.values()].map(({ read, count }) => ({ ...read, count }))).sort((a, b) => a.offset - b.offset)

/** ShareFetches that wait at a leader. */
export interface SeenCall { readonly id: number; readonly on: string; readonly since: Micros; readonly until: Micros; readonly partition: string | undefined }
export const seenCalls = ({ calls }: Share): readonly SeenCall[] =>
  [...calls.values()].filter(({ fetched }) => fetched === undefined).map(({ id, on, since, until, request }) => ({ id, on, since, until, partition: request?.partitions[0] }))
