/** The broker as its group coordinator sees it. Follows core/.../coordinator/group/CoordinatorPartitionWriter.scala. */
import { newBatch, NO_PRODUCER, type KafkaRecord } from '../log/record.ts'
import { handleAppendFailed, handleCommitted } from '../group/coordinator.ts'
import type { CoordinatorHost } from '../group/host.ts'
import { respond } from '../network/server.ts'
import { numberOf } from '../config.ts'
import type { KafkaError } from '../errors.ts'
import { appendAsLeader } from './append.ts'
import { completeAfterAppend, completeAfterHighWatermark } from './purgatory.ts'
import type { Broker, BrokerContext } from './state.ts'

export function coordinatorHost(broker: Broker, ctx: BrokerContext): CoordinatorHost {
  return {
    now: ctx.now, self: broker.spec.name,
    random: (purpose) => ctx.random(purpose),
    append: (partition, records) => write(broker, partition, records, ctx),
    respond: (on, response) => respond(on, response, ctx),
    setTimer: (key, delay) => ctx.setTimer({ type: 'coordinator', key }, delay),
    cancelTimer: (key) => ctx.cancelTimer({ type: 'coordinator', key }),
    note: (fact) => ctx.note(fact),
    config: (name) => numberOf('broker', broker.spec.overrides, name),
    partitionsOf: (topic) => broker.metadata.topics.get(topic)?.partitions.length ?? 0,
    offsetsPartitions: broker.metadata.topics.get('__consumer_offsets')?.partitions.length,
    leaderEpochOf: (partition) => {
      const replica = broker.replicas.get(partition)
      return replica?.leading === undefined ? undefined : replica.leaderEpoch
    },
  }
}

/** With acks=all: the caller hears of it when the high watermark has passed. */
function write(broker: Broker, partition: string, records: readonly KafkaRecord[], ctx: BrokerContext): { readonly committedAt: number } | KafkaError {
  const replica = broker.replicas.get(partition)
  if (replica?.leading === undefined) return 'NOT_LEADER_OR_FOLLOWER'
  const result = appendAsLeader(broker, replica, replica.leading, newBatch(records, 'coordinator', NO_PRODUCER), -1, ctx)
  if (result.kind === 'refused') return result.error
  broker.commits.push({ partition, at: result.required, deadline: ctx.now + broker.config.offsetsCommitTimeout })
  ctx.setTimer({ type: 'coordinatorTimeout' }, Math.min(...broker.commits.map(({ deadline }) => deadline)) - ctx.now)
  completeAfterAppend(broker, replica, ctx)
  if (result.advanced) completeAfterHighWatermark(broker, replica, ctx)
  return { committedAt: result.required }
}

/** The high watermark has passed something that the coordinator waits for. */
export function completeCommits(broker: Broker, ctx: BrokerContext): void {
  const reached = new Map<string, number>()
  broker.commits = broker.commits.filter(({ partition, at }) => {
    const highWatermark = broker.replicas.get(partition)?.highWatermark ?? -1
    if (highWatermark < at) return true
    reached.set(partition, highWatermark)
    return false
  })
  for (const [partition, highWatermark] of reached) handleCommitted(broker.coordinator, partition, highWatermark, coordinatorHost(broker, ctx))
}

export function expireCommits(broker: Broker, ctx: BrokerContext): void {
  const late = new Set(broker.commits.filter(({ deadline }) => deadline <= ctx.now).map(({ partition }) => partition))
  for (const partition of late) dropCommits(broker, partition, 'REQUEST_TIMED_OUT', ctx)
  if (broker.commits.length > 0) ctx.setTimer({ type: 'coordinatorTimeout' }, Math.min(...broker.commits.map(({ deadline }) => deadline)) - ctx.now)
}

export function dropCommits(broker: Broker, partition: string, error: KafkaError, ctx: BrokerContext): void {
  const waiting = broker.commits.length
  broker.commits = broker.commits.filter((commit) => commit.partition !== partition)
  if (broker.commits.length < waiting) handleAppendFailed(broker.coordinator, partition, error, coordinatorHost(broker, ctx))
}
