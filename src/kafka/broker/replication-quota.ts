/**
 * Replication that is held back, so that moving replicas leaves room for clients. A broker counts what it sends to followers and
 * fetches as one, of the replicas that their topic's configs name; over its rate, whoever is not in sync waits.
 * Follows core/.../server/ReplicationQuotaManager.scala, ReplicaManager.scala#shouldLeaderThrottle and RemoteLeaderEndPoint.scala#shouldFollowerThrottle.
 */
import { MILLISECOND, type Micros, type NodeId } from '../../base/units.ts'
import { numberOf } from '../config.ts'
import type { RecordBatch } from '../log/record.ts'
import type { FetchedPartition, FetchPartition } from '../protocol/fetch.ts'
import { parsePartition } from '../topic-partition.ts'
import { rate, record, type ReplicationQuota, type Side } from './quota-rate.ts'
import { nodeName, type Broker, type BrokerContext, type Replica } from './state.ts'

const rateOf = (side: Side): string => `${side}.replication.throttled.rate`
const replicasOf = (side: Side): string => `${side}.replication.throttled.replicas`

/** A rate is set, changed or taken away; what has been counted stays. Only what is set at run time counts (BrokerConfigHandler). */
export function setQuotas(broker: Broker, dynamic: Readonly<Record<string, string>>): void {
  const { quotas } = broker
  const one = (side: Side): ReplicationQuota | undefined => {
    const rate = dynamic[rateOf(side)]
    const before = quotas?.[side]
    return rate === undefined ? undefined : { samples: [], current: 0, exceeded: false, ...before, bytesPerSecond: Number(rate) }
  }
  const [leader, follower] = [one('leader'), one('follower')]
  const number = (name: string): number => numberOf('broker', broker.overrides, `replication.quota.window.${name}`)
  broker.quotas = leader === undefined && follower === undefined ? undefined
    : { leader, follower, windows: number('num'), windowMs: number('size.seconds') * 1000, lags: quotas?.lags ?? new Map() }
}

/** Whether the topic's configs name this broker's replica. */
export function isThrottled({ metadata, spec }: Broker, partition: string, side: Side): boolean {
  const { topic, partition: index } = parsePartition(partition)
  const named = metadata.topics.get(topic)?.config[replicasOf(side)]
  return named !== undefined && (named === '*' || named.split(',').some((entry) => entry.trim() === `${index}:${spec.id}`))
}

const ms = (now: Micros): number => Math.floor(now / MILLISECOND)

/** Looked at once for a request: nothing is counted while it is worked on. */
export function look(broker: Broker, side: Side, ctx: BrokerContext): boolean {
  const { quotas } = broker
  const quota = quotas?.[side]
  if (quotas === undefined || quota === undefined) return false
  quota.exceeded = rate(quotas, quota, ms(ctx.now)) > quota.bytesPerSecond
  return quota.exceeded
}

/** A leader sends nothing of this to a follower that is not in sync. */
export function withholds(broker: Broker, { partition, leading }: Replica, to: NodeId): boolean {
  return broker.quotas?.leader?.exceeded === true && leading?.isr.isr.includes(to) === false && isThrottled(broker, partition, 'leader')
}

const sizeOf = (batches: readonly RecordBatch[]): number => batches.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0)

/** What goes to a follower counts, whoever it is, where the replica is named. */
export function countSent(broker: Broker, partitions: readonly FetchedPartition[], to: NodeId, ctx: BrokerContext): void {
  for (const { partition, batches } of partitions) count(broker, 'leader', partition, batches, nodeName(to), ctx)
}

export function countFetched(broker: Broker, { partition, leader, log }: Replica, { batches, highWatermark }: FetchedPartition, ctx: BrokerContext): void {
  count(broker, 'follower', partition, batches, nodeName(leader), ctx)
  broker.quotas?.lags.set(partition, Math.max(0, highWatermark - log.endOffset))
}

/**
 * Told when it is what makes the rate too high.
 *
 * Simplified: only bytes of batches count.
 */
function count(broker: Broker, side: Side, partition: string, batches: readonly RecordBatch[], peer: string, ctx: BrokerContext): void {
  const { quotas } = broker
  const quota = quotas?.[side]
  if (quotas === undefined || quota === undefined || batches.length === 0 || !isThrottled(broker, partition, side)) return
  record(quotas, quota, sizeOf(batches), ms(ctx.now))
  const before = quota.exceeded
  if (look(broker, side, ctx) && !before) ctx.note({ code: 'replication.throttled', partition, node: broker.spec.name, peer, side, limit: quota.bytesPerSecond })
}

/** A follower leaves these out of its next fetch, as far as it knows that it is not in sync. */
export function unthrottled(broker: Broker, partitions: readonly FetchPartition[], ctx: BrokerContext): readonly FetchPartition[] {
  if (!look(broker, 'follower', ctx)) return partitions
  const isBehind = (partition: string): boolean =>
    (broker.quotas?.lags.get(partition) ?? (broker.metadata.partitions.get(partition)?.isr.includes(broker.spec.id) === true ? 0 : 1)) > 0
  return partitions.filter(({ partition }) => !isBehind(partition) || !isThrottled(broker, partition, 'follower'))
}
