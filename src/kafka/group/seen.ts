/** A group as anybody may ask for it, of whichever protocol. Follows DescribeGroups and ConsumerGroupDescribe. */
import type { Epoch } from '../../base/units.ts'
import { stateOf, type ConsumerGroupState } from './consumer/state.ts'
import type { CommittedOffset, Coordinator, GroupState } from './state.ts'

export interface SeenMember {
  readonly memberId: string
  readonly clientId: string
  /** What it has, to its coordinator's knowledge. */
  readonly assignment: readonly string[]
  /** By the consumer protocol: what it is to have, and how far it has come. */
  readonly target?: readonly string[]
  readonly epoch?: Epoch
}

export interface SeenGroup {
  readonly type: 'classic' | 'consumer' | 'share'
  readonly state: GroupState | ConsumerGroupState
  /** The generation, or the group epoch. */
  readonly generation: Epoch
  readonly targetEpoch: Epoch | undefined
  readonly assignor: string | undefined
  readonly rebalances: number
  readonly members: readonly SeenMember[]
  readonly offsets: ReadonlyMap<string, CommittedOffset>
}

export function seenGroup({ groups, consumerGroups }: Coordinator, id: string): SeenGroup | undefined {
  const classic = groups.get(id)
  const offsets = classic?.offsets ?? new Map<string, CommittedOffset>()
  const modern = consumerGroups.get(id)
  if (modern !== undefined && (classic === undefined || classic.members.size === 0)) {
    const members = [...modern.members.values()].map(({ subscription: { memberId, clientId }, current }): SeenMember => ({
      memberId, clientId, assignment: [...current.assigned.keys(), ...current.pendingRevocation.keys()], target: modern.target.get(memberId) ?? [],
      epoch: current.memberEpoch,
    }))
    return {
      type: 'consumer', state: stateOf(modern), generation: modern.epoch, targetEpoch: modern.targetEpoch, assignor: modern.assignor,
      rebalances: modern.rebalances, members, offsets,
    }
  }
  if (classic === undefined) return undefined
  const { state, generation, protocol, rebalances, members } = classic
  return { type: 'classic', state, generation, targetEpoch: undefined, assignor: protocol, rebalances, members: [...members.values()], offsets }
}
