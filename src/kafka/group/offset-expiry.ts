/**
 * Committed offsets expire (GRP-21). Every `offsets.retention.check.interval.ms` since a partition of `__consumer_offsets` was loaded
 * its coordinator looks through it: what is older than `offsets.retention.minutes` becomes a tombstone, and so does an empty group
 * that has nothing left. Follows group-coordinator/.../group/GroupCoordinatorShard.java#cleanupGroupMetadata,
 * OffsetMetadataManager.java#cleanupExpiredOffsets, OffsetExpirationConditionImpl.java, GroupMetadataManager.java#maybeDeleteGroup.
 */
import { fromMs, toMs, type Micros } from '../../base/units.ts'
import { parsePartition } from '../topic-partition.ts'
import type { Fact } from '../notes.ts'
import { endSession } from './timers.ts'
import type { CoordinatorHost } from './host.ts'
import { toDate } from './records.ts'
import type { CommittedOffset, Coordinator, Group } from './state.ts'
import { isSubscribedToTopic } from './subscribed.ts'
import { bury, groupTombstones, offsetTombstone, type Tombstone } from './tombstones.ts'

const MINUTE_MS = 60_000

/** Those partitions whose time it is. What cannot be appended is tried with the next check, as Kafka's timer does. */
export function checkOffsets(coordinator: Coordinator, host: CoordinatorHost): void {
  for (const [partition, at] of coordinator.checks) {
    if (at > host.now) continue
    coordinator.checks.set(partition, host.now + fromMs(host.config('offsets.retention.check.interval.ms')))
    cleanUp(coordinator, partition, host)
  }
}

/** Groups that a check has found: what they lose, and what there is to tell of it. */
interface Found { readonly tombstones: Tombstone[]; readonly facts: Fact[]; readonly groups: string[] }

function cleanUp(coordinator: Coordinator, partition: string, host: CoordinatorHost): void {
  const found: Found = { tombstones: [], facts: [], groups: [] }
  for (const id of new Set([...coordinator.groups.keys(), ...coordinator.consumerGroups.keys()])) {
    if ((coordinator.groups.get(id) ?? coordinator.consumerGroups.get(id))?.partition !== partition) continue
    const allGone = findExpired(coordinator, id, found, host)
    if (!allGone || !isEmpty(coordinator, id)) continue
    found.tombstones.push(...groupTombstones(coordinator, id))
    found.facts.push({ code: 'group.expired', group: id })
    found.groups.push(id)
  }
  if (found.tombstones.length === 0) return
  // An id that was given out has nothing to come back to.
  const pending = found.groups.flatMap((id) => (coordinator.groups.get(id)?.pendingMembers ?? []).map((member) => [coordinator.groups.get(id)!, member] as const))
  if (typeof bury(coordinator, partition, found.tombstones, host) === 'string') return
  for (const [group, member] of pending) endSession(group, member, host)
  for (const fact of found.facts) host.note(fact)
}

/** True = nothing is committed any more, and no transaction holds anything. */
function findExpired(coordinator: Coordinator, id: string, { tombstones, facts }: Found, host: CoordinatorHost): boolean {
  const group = coordinator.groups.get(id)
  if (group === undefined) return true
  const since = group.offsets.size === 0 ? undefined : ageOf(coordinator, group)
  const retentionMs = host.config('offsets.retention.minutes') * MINUTE_MS
  let kept = false
  for (const [partition, committed] of group.offsets) {
    const ageMs = since === undefined ? -Infinity : toMs(toDate(host.clock) - since.from(committed))
    if (ageMs < retentionMs || isPending(group, partition) || isSubscribedToTopic(coordinator, id, parsePartition(partition).topic)) {
      kept = true
      continue
    }
    tombstones.push(offsetTombstone(id, partition))
    facts.push({ code: 'offsets.expired', group: id, partition, offset: committed.offset, since: since!.what, ageMs, retentionMs })
  }
  return !kept && ![...group.pendingOffsets.values()].some((held) => held.size > 0)
}

const isPending = ({ pendingOffsets }: Group, partition: string): boolean => [...pendingOffsets.values()].some((held) => held.has(partition))

interface Age { readonly what: 'empty' | 'committed'; readonly from: (offset: CommittedOffset) => Micros }
const sinceCommitted: Age = { what: 'committed', from: ({ at }) => at }

/**
 * From when on what is committed grows old; undefined = it does not. A group of the consumer protocol goes by commits, whether it
 * has members or not (ConsumerGroup#offsetExpirationCondition). So does a classic one that is Stable, and one that never had
 * members; one that has lost them goes by when it became Empty; in a rebalance nothing expires (ClassicGroup#offsetExpirationCondition).
 */
function ageOf({ consumerGroups }: Coordinator, group: Group): Age | undefined {
  const { state, generation, members, emptySince } = group
  if (consumerGroups.has(group.id) && members.size === 0) return sinceCommitted
  if (state === 'Stable' || (generation === 0 && members.size === 0)) return sinceCommitted
  return state === 'Empty' ? { what: 'empty', from: () => emptySince } : undefined
}

const isEmpty = ({ groups, consumerGroups }: Coordinator, id: string): boolean =>
  (groups.get(id)?.state ?? 'Empty') === 'Empty' && (consumerGroups.get(id)?.members.size ?? 0) === 0
