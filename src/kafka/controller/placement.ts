/**
 * Which brokers hold a new partition: racks in turn, brokers of a rack in turn, those that are alive first.
 * Follows metadata/.../placement/StripedReplicaPlacer.java. CTL-30 to CTL-33.
 */
import type { NodeId } from '../../base/units.ts'

/** Registered, with a log directory that works, and not shutting down. */
export interface UsableBroker {
  readonly id: NodeId
  /** Brokers without a rack are a rack of their own. */
  readonly rack: string | undefined
  readonly fenced: boolean
}
/** A whole number from 0, below the bound. */
export type Draw = (bound: number) => number

/** Brokers in a ring: each partition begins one further on than the one before. */
interface Ring {
  readonly brokers: NodeId[]
  epoch: number
  index: number
  offset: number
}
interface Rack {
  readonly fenced: Ring
  readonly unfenced: Ring
}

/**
 * The replicas of so many new partitions, the leader of each first. The racks draw their beginnings in the order in which
 * they are met, unless another is given: Kafka's is that of a hash map.
 */
export function placeReplicas(
  brokers: readonly UsableBroker[],
  partitions: number,
  replicationFactor: number,
  draw: Draw,
  order: readonly (string | undefined)[] = [],
): readonly (readonly NodeId[])[] | 'INVALID_REPLICATION_FACTOR' {
  const alive = brokers.filter(({ fenced }) => !fenced).length
  if (replicationFactor <= 0 || replicationFactor > brokers.length || alive === 0) return 'INVALID_REPLICATION_FACTOR'
  const racks = racksOf(brokers, order)
  const rings = [...racks.values()].flatMap(({ fenced, unfenced }) => [fenced, unfenced])
  for (const ring of rings) {
    ring.brokers.sort((a, b) => a - b)
    if (ring.brokers.length > 0) ring.offset = draw(ring.brokers.length)
  }
  const names = [...racks.keys()].sort(byName)
  let offset = draw(names.length)
  let epoch = 0
  return Array.from({ length: partitions }, () => {
    // As many different beginnings as there are brokers alive: then all is shuffled, lest the same come again.
    if (epoch === alive && alive > 1) {
      shuffle(names, draw)
      for (const ring of rings) shuffle(ring.brokers, draw)
      epoch = 0
    }
    const replicas = placeOne(
      names.map((name) => racks.get(name)!),
      offset % names.length,
      epoch++,
      replicationFactor,
    )
    offset = (offset % names.length) + 1
    return replicas
  })
}

function racksOf(brokers: readonly UsableBroker[], order: readonly (string | undefined)[]): Map<string | undefined, Rack> {
  const racks = new Map<string | undefined, Rack>()
  const newRing = (): Ring => ({ brokers: [], epoch: 0, index: 0, offset: 0 })
  for (const name of [...order, ...brokers.map(({ rack }) => rack)])
    if (!racks.has(name)) racks.set(name, { fenced: newRing(), unfenced: newRing() })
  for (const { id, rack, fenced } of brokers) racks.get(rack)![fenced ? 'fenced' : 'unfenced'].brokers.push(id)
  return racks
}
/** Brokers without a rack come first. */
const byName = (a: string | undefined, b: string | undefined): number =>
  a === b ? 0 : a === undefined || (b !== undefined && a < b) ? -1 : 1

/** The leader is alive; the others come from rack after rack, the leader's being left out on the first round. */
function placeOne(racks: readonly Rack[], offset: number, epoch: number, replicationFactor: number): readonly NodeId[] {
  let leaderRack = offset
  let leader = next(racks[leaderRack]!.unfenced, epoch)
  while (leader === undefined) {
    leaderRack = (leaderRack + 1) % racks.length
    leader = next(racks[leaderRack]!.unfenced, epoch)
  }
  const replicas = [leader]
  let skip: number | undefined = leaderRack
  for (let rack = offset; replicas.length < replicationFactor; rack = (rack + 1) % racks.length) {
    if (rack === skip) {
      skip = undefined
      continue
    }
    const { fenced, unfenced } = racks[rack]!
    const replica = next(unfenced, epoch) ?? next(fenced, epoch)
    if (replica !== undefined) replicas.push(replica)
  }
  return replicas
}

/** undefined = it has been round. */
function next(ring: Ring, epoch: number): NodeId | undefined {
  const { length } = ring.brokers
  if (length === 0) return undefined
  if (ring.epoch !== epoch) {
    ring.epoch = epoch
    ring.index = 0
    ring.offset = (ring.offset + 1) % length
  }
  return ring.index >= length ? undefined : ring.brokers[(ring.index++ + ring.offset) % length]
}

/** As java.util.Collections does it: from the end. */
function shuffle<T>(list: T[], draw: Draw): void {
  for (let i = list.length; i > 1; i--) {
    const j = draw(i)
    const last = list[i - 1]!
    list[i - 1] = list[j]!
    list[j] = last
  }
}
