/**
 * What the metadata log makes of this broker's replicas: leaders, followers. Follows core/.../server/ReplicaManager.scala#applyDelta
 * and core/.../cluster/Partition.scala#makeLeader, #makeFollower. REP-5, REP-13, REP-31.
 */
import type { NodeId } from '../../base/units.ts'
import { becomeCoordinator, resign } from '../group/coordinator.ts'
import type { TransactionEnd } from '../group/records.ts'
import { between } from '../../base/chunks.ts'
import { codecNamed } from '../log/codec.ts'
import { beginEpoch, newLog, type Log } from '../log/log.ts'
import { logConfig, topicSetting, type LogConfig } from '../log/log-config.ts'
import { markerOf } from '../log/marker.ts'
import { isControl, type KafkaRecord } from '../log/record.ts'
import type { BatchLimits } from '../log/validate.ts'
import type { PartitionRegistration } from '../metadata/image.ts'
import { NO_LEADER } from '../metadata/records.ts'
import { TRANSACTION_TOPIC } from '../transaction/state.ts'
import { stir, wake } from './fetch-session.ts'
import { coordinatorSlot } from './transaction-coordinator.ts'
import { armCleaner } from './disk.ts'
import { follow, unfollow } from './fetcher.ts'
import { OFFSETS_TOPIC } from '../group/coordinator-partition.ts'
import { dropCommits } from './coordinators.ts'
import { coordinatorHost } from './group-host.ts'
import { armOffsetChecks } from './offset-checks.ts'
import { tellDirectory } from './assignments.ts'
import { maybeAdvanceHighWatermark } from './high-watermark.ts'
import { adoptIsr } from './isr.ts'
import { placeLog } from './log-directories.ts'
import { completeAfterHighWatermark, completeAfterLeadershipChange } from './purgatory.ts'
import { NEVER, type Broker, type BrokerContext, type FollowerProgress, type Leading, type Replica } from './state.ts'
import { transactionHost } from './transaction-host.ts'

/** Its topic's configs come with the partition's record. */
export const newReplica = (partition: string): Replica => ({
  partition, log: newLog(), leader: NO_LEADER, leaderEpoch: -1, highWatermark: 0, checkpointedHighWatermark: 0, endBeforeLoss: undefined, damage: UNDAMAGED, minInsyncReplicas: 1, limits: NO_LIMITS,
  leading: undefined, truncations: 0, rewrites: 0, lastTruncation: undefined,
})
const UNDAMAGED: Replica['damage'] = Object.freeze([])
const NO_LIMITS: BatchLimits = Object.freeze({ maxMessageBytes: Infinity, timestampAfterMaxMs: Infinity, timestampBeforeMaxMs: Infinity, isKeyed: false, segmentBytes: Infinity })

/** This partition's committed record has changed, or is heard of for the first time. */
export function applyPartition(broker: Broker, registration: PartitionRegistration, ctx: BrokerContext): void {
  let replica = broker.replicas.get(registration.partition)
  const isHere = registration.replicas.includes(broker.spec.id)
  if (broker.offline?.has(registration.partition) === true) return isHere ? undefined : void broker.offline.delete(registration.partition)
  if (!isHere) return replica === undefined ? undefined : dropReplica(broker, replica, ctx)
  replica ??= addReplica(broker, registration, ctx)
  if (replica === undefined) return
  replica.minInsyncReplicas = minIsrOf(broker, registration.topic)
  configure(broker, replica, registration.topic, ctx)
  if (replica.dir !== undefined) tellDirectory(broker, replica.dir, registration, ctx)
  if (registration.leaderEpoch > replica.leaderEpoch) newTerm(broker, replica, registration, ctx)
  else if (replica.leading !== undefined) {
    adoptReplicas(broker, replica.leading, registration, ctx)
    adoptIsr(broker, replica, replica.leading, registration.isr, registration.partitionEpoch, ctx)
  }
}

/** A new log, in one of the directories; none where it may lie already in one that does not work. */
function addReplica(broker: Broker, registration: PartitionRegistration, ctx: BrokerContext): Replica | undefined {
  const { partition } = registration
  const replica = newReplica(partition)
  if (broker.logDirs.length > 1) {
    const dir = placeLog(broker, broker.spec.id, registration)
    if (dir === undefined) return void (broker.offline = (broker.offline ?? new Map()).set(partition, replica))
    replica.dir = dir
    if (ctx.step > 0) ctx.note({ code: 'log.placed', partition, node: broker.spec.name, dir: broker.logDirs[dir]!.path })
  }
  broker.replicas.set(partition, replica)
  return replica
}

/** While replicas are moved, others follow than did when this term began. */
function adoptReplicas(broker: Broker, { followers }: Leading, { replicas, isr }: PartitionRegistration, ctx: BrokerContext): void {
  for (const follower of followers.values()) wake(broker, follower)
  for (const id of followers.keys()) if (!replicas.includes(id)) followers.delete(id)
  for (const id of replicas) if (id !== broker.spec.id && !followers.has(id)) followers.set(id, newFollower(id, isr, ctx))
}

/**
 * Moved away, or deleted with its topic. Follows core/.../server/ReplicaManager.scala#stopPartitions.
 * Simplified: the log is gone at once; Kafka renames its directory and removes it after `file.delete.delay.ms`.
 */
export function dropReplica(broker: Broker, replica: Replica, ctx: BrokerContext): void {
  const { partition } = replica
  const led = replica.leading !== undefined
  stir(broker, replica)
  replica.leading = undefined
  broker.replicas.delete(partition)
  broker.alterPartition.pending.delete(partition)
  unfollow(broker, partition, undefined, ctx)
  if (!led) return
  completeAfterLeadershipChange(broker, replica, ctx)
  giveUpCoordinating(broker, partition, ctx)
}

/** Of an internal topic: whoever it coordinated has to look for another. */
export function giveUpCoordinating(broker: Broker, partition: string, ctx: BrokerContext): void {
  if (partition.startsWith(`${OFFSETS_TOPIC}/`)) giveUpCoordination(broker, partition, ctx)
  else if (partition.startsWith(`${TRANSACTION_TOPIC}/`)) giveUpTransactions(broker, partition, ctx)
}

function giveUpTransactions(broker: Broker, partition: string, ctx: BrokerContext): void {
  dropCommits(broker, partition, 'NOT_LEADER_OR_FOLLOWER', ctx)
  coordinatorSlot().resignTransactions(broker.transactions.coordinator, partition, transactionHost(broker, ctx))
}

/** The partition's coordinator of transactions comes and goes with its leader. */
function coordinateTransactions(broker: Broker, replica: Replica, led: boolean, ctx: BrokerContext): void {
  if (led && replica.leading === undefined) giveUpTransactions(broker, replica.partition, ctx)
  if (replica.leading === undefined) return
  coordinatorSlot().becomeTransactionCoordinator(broker.transactions.coordinator, replica.partition, replica.leaderEpoch, recordsOf(replica.log), transactionHost(broker, ctx))
}

function giveUpCoordination(broker: Broker, partition: string, ctx: BrokerContext): void {
  dropCommits(broker, partition, 'NOT_LEADER_OR_FOLLOWER', ctx)
  resign(broker.coordinator, partition, coordinatorHost(broker, ctx))
}

export function minIsrOf(broker: Broker, topic: string): number {
  const own = broker.metadata.topics.get(topic)?.config['min.insync.replicas']
  return Number(own ?? broker.config.minInsyncReplicas)
}

/** What the topic's configs say of this log. */
export function configure(broker: Broker, replica: Replica, topic: string, ctx: BrokerContext): void {
  const of = broker.metadata.topics.get(topic)?.config ?? NOTHING_SET
  let known = broker.topicConfigs.get(topic)
  if (known?.of !== of) {
    const log = logConfig(of, broker.overrides)
    known = Object.freeze({ of, log, limits: limitsOf(broker, of, log) })
    broker.topicConfigs.set(topic, known)
  }
  replica.limits = known.limits
  replica.log.config = known.log
  if (known.log.compact && (known.log.delete || replica.log.closed.length > 0)) armCleaner(broker, ctx)
}
const NOTHING_SET = Object.freeze({})

/** With LogAppendTime nobody asks what time the client has put into its records. */
function limitsOf({ overrides }: Broker, topic: Readonly<Record<string, string>>, { compact, logAppendTime, segmentBytes }: LogConfig): BatchLimits {
  const most = (name: string): number => Number(topicSetting(topic, overrides, name) ?? Infinity)
  const codec = String(topicSetting(topic, overrides, 'compression.type'))
  return Object.freeze({
    maxMessageBytes: most('max.message.bytes'), segmentBytes, isKeyed: compact,
    codec: codec === 'producer' ? undefined : codecNamed(codec),
    timestampAfterMaxMs: logAppendTime ? Infinity : most('message.timestamp.after.max.ms'),
    timestampBeforeMaxMs: logAppendTime ? Infinity : most('message.timestamp.before.max.ms'),
  })
}

function newTerm(broker: Broker, replica: Replica, registration: PartitionRegistration, ctx: BrokerContext): void {
  const led = replica.leading !== undefined
  stir(broker, replica)
  replica.leader = registration.leader
  replica.leaderEpoch = registration.leaderEpoch
  broker.alterPartition.pending.delete(replica.partition)
  if (registration.leader === broker.spec.id) becomeLeader(broker, replica, registration, ctx)
  else becomeFollower(broker, replica, ctx)
  const offsets = registration.topic === OFFSETS_TOPIC
  if (led || replica.leading !== undefined) completeAfterLeadershipChange(broker, replica, ctx)
  if (offsets && led && replica.leading === undefined) giveUpCoordination(broker, replica.partition, ctx)
  if (offsets && replica.leading !== undefined) {
    becomeCoordinator(broker.coordinator, replica.partition, replica.leaderEpoch, recordsOf(replica.log), coordinatorHost(broker, ctx))
    armOffsetChecks(broker, ctx)
  }
  if (registration.topic === TRANSACTION_TOPIC) coordinateTransactions(broker, replica, led, ctx)
}

/** The epoch begins at this log's end, before it has any record; the high watermark is what it was as a follower. */
function becomeLeader(broker: Broker, replica: Replica, registration: PartitionRegistration, ctx: BrokerContext): void {
  unfollow(broker, replica.partition, undefined, ctx)
  beginEpoch(replica.log, registration.leaderEpoch)
  replica.leading = {
    isr: { kind: 'Committed', isr: registration.isr, epoch: registration.partitionEpoch },
    followers: new Map(registration.replicas.filter((id) => id !== broker.spec.id).map((id) => [id, newFollower(id, registration.isr, ctx)])),
    epochStartOffset: replica.log.endOffset, since: ctx.now,
  }
  // Nothing is told of what stands at 00:00.
  if (ctx.step > 0) ctx.note({ code: 'leader.started', partition: replica.partition, node: broker.spec.name, epoch: registration.leaderEpoch, offset: replica.log.endOffset })
  if (maybeAdvanceHighWatermark(broker, replica, ctx)) completeAfterHighWatermark(broker, replica, ctx)
}

const newFollower = (id: NodeId, isr: readonly NodeId[], ctx: BrokerContext): FollowerProgress => ({
  logEndOffset: -1, brokerEpoch: -1, lastCaughtUpAt: isr.includes(id) ? ctx.now : NEVER, leaderEndAtLastFetch: -1, lastFetchAt: NEVER, highWatermarkSent: -1, toldOn: '', settledAt: -1, logStartOffset: -1, logStartSent: -1,
})

function becomeFollower(broker: Broker, replica: Replica, ctx: BrokerContext): void {
  replica.leading = undefined
  if (replica.leader === NO_LEADER) unfollow(broker, replica.partition, undefined, ctx)
  else follow(broker, replica, replica.leader, ctx)
}

function* recordsOf(log: Log): Generator<KafkaRecord> {
  for (const batch of between(log.batches, 0)) {
    const marker = isControl(batch) ? markerOf(batch) : undefined
    if (marker !== undefined) yield { ...batch.records[0]!, data: { kind: 'end', producerId: batch.producerId, committed: marker.type === 'COMMIT' } satisfies TransactionEnd }
    else if (!isControl(batch)) yield* batch.records
  }
}
