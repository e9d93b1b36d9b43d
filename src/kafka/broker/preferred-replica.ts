/**
 * KIP-392: a consumer that says its rack is sent to a replica there, and any replica serves it. REP-42.
 * Follows core/.../server/ReplicaManager.scala#findPreferredReadReplica and
 * server-common/.../replica/{RackAwareReplicaSelector,ReplicaView}.java.
 */
import { added } from '../../base/list.ts'
import type { Micros, NodeId, Offset } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import type { FetchPartition, FetchRequest } from '../protocol/fetch.ts'
import { caughtUpAt } from './fetch-session.ts'
import { admit, found, newReading, NO_BATCHES, refuse, take, type Led, type Reading } from './read.ts'
import type { Broker, Outcome, Replica } from './state.ts'

/** Who may answer this request for this partition: the leader, and a follower too for a consumer that knows of racks. */
export function admitReader(broker: Broker, { partition, currentLeaderEpoch }: FetchPartition, { rackId, replicaId }: FetchRequest): Outcome<Replica> {
  const led = admit(broker, partition, currentLeaderEpoch)
  if (led !== 'NOT_LEADER_OR_FOLLOWER' || rackId === undefined || replicaId >= 0) return led
  return broker.replicas.get(partition) ?? led
}

/** The most caught up of the replicas in its rack that have what it asks for. Undefined = read here: nobody is there, or the leader is. */
function preferred(broker: Broker, { partition, leading }: Led, fetchOffset: Offset, rackId: string): NodeId | undefined {
  const rackOf = (id: NodeId): string | undefined => (broker.metadata.brokers.get(id)?.fenced === false ? broker.metadata.brokers.get(id)?.rack : undefined)
  if (rackOf(broker.spec.id) === rackId || !broker.metadata.partitions.has(partition)) return undefined
  let best: { readonly id: NodeId; readonly end: Offset; readonly since: Micros } | undefined
  for (const [id, follower] of leading.followers) {
    const { logEndOffset: end, logStartOffset } = follower
    const since = caughtUpAt(broker, follower)
    if (!leading.isr.isr.includes(id) || rackOf(id) !== rackId || end < fetchOffset || logStartOffset > fetchOffset) continue
    const isBetter = best === undefined || end > best.end || (end === best.end && (since > best.since || (since === best.since && id > best.id)))
    if (isBetter) best = { id, end, since }
  }
  return best?.id
}

/** True when it is told to read elsewhere: at once, and without records. */
export function redirect(reading: Reading, broker: Broker, replica: Replica, { fetchOffset }: FetchPartition, rackId: string): boolean {
  if (!broker.config.selectsReplicaByRack || replica.leading === undefined) return false
  const id = preferred(broker, replica as Led, fetchOffset, rackId)
  if (id === undefined) return false
  reading.urgent = true
  reading.answers = added(reading.answers, { ...found(replica, NO_BATCHES, undefined), preferredReadReplica: id })
  return true
}

/** Everything that a fetch asks for, read now. There is nothing for a follower where it is settled. */
export function readAll(broker: Broker, request: FetchRequest, on: Connection): Reading {
  const reading = newReading(on)
  const settled = request.replicaId < 0 ? undefined : broker.sessions.get(on)?.settled
  for (let i = 0; i < request.partitions.length; i++) {
    if (settled?.[i] === 1) continue
    const wanted = request.partitions[i]!
    const replica = admitReader(broker, wanted, request)
    if (typeof replica === 'string') refuse(reading, broker, wanted.partition, replica)
    else take(reading, broker, replica, wanted, request, request.replicaId < 0 ? undefined : replica.leading?.followers.get(request.replicaId))
  }
  return reading
}
