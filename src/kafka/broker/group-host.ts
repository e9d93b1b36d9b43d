/** The broker as its group coordinator sees it. Follows core/.../coordinator/group/CoordinatorPartitionWriter.scala. */
import type { Epoch, Micros } from '../../base/units.ts'
import { newBatch, NO_PRODUCER, TRANSACTIONAL, type KafkaRecord } from '../log/record.ts'
import { OFFSETS_TOPIC } from '../group/coordinator-partition.ts'
import { groupSetting, type GroupSettingName } from '../group/group-setting.ts'
import type { CoordinatorHost } from '../group/host.ts'
import { respond } from '../network/server.ts'
import { numberOf } from '../config.ts'
import type { KafkaError } from '../errors.ts'
import { appendAsLeader } from './append.ts'
import { completeAfterAppend, completeAfterHighWatermark } from './purgatory.ts'
import type { Broker, BrokerContext } from './state.ts'

export function coordinatorHost(broker: Broker, ctx: BrokerContext): CoordinatorHost {
  return {
    now: ctx.now, clock: ctx.clock, self: broker.spec.name,
    random: (purpose) => ctx.random(purpose),
    append: (partition, records, producer) => appendForCoordinator(broker, partition, records, broker.config.offsetsCommitTimeout, ctx, producer),
    respond: (on, response) => respond(on, response, ctx),
    setTimer: (key, delay) => ctx.setTimer({ type: 'coordinator', key }, delay),
    cancelTimer: (key) => ctx.cancelTimer({ type: 'coordinator', key }),
    note: (fact) => ctx.note(fact),
    config: (name, group) => (group === undefined ? numberOf('broker', broker.spec.overrides, name) : groupSetting(broker.metadata.groupConfig, broker.spec.overrides, group, name as GroupSettingName)),
    partitionsOf: (topic) => broker.metadata.topics.get(topic)?.partitions.length ?? 0,
    offsetsPartitions: broker.metadata.topics.get(OFFSETS_TOPIC)?.partitions.length,
    leaderEpochOf: (partition) => {
      const replica = broker.replicas.get(partition)
      return replica?.leading === undefined ? undefined : replica.leaderEpoch
    },
  }
}

/** With acks=all: the caller hears of it when the high watermark has passed. Offsets of a transaction come under its producer's id. */
export function appendForCoordinator(
  broker: Broker, partition: string, records: readonly KafkaRecord[], patience: Micros, ctx: BrokerContext, producer?: { readonly producerId: number; readonly producerEpoch: Epoch },
): { readonly committedAt: number } | KafkaError {
  const replica = broker.replicas.get(partition)
  if (replica?.leading === undefined) return 'NOT_LEADER_OR_FOLLOWER'
  const batch = producer === undefined ? newBatch(records, 'coordinator', NO_PRODUCER) : newBatch(records, 'coordinator', { ...producer, baseSequence: -1 }, TRANSACTIONAL)
  const result = appendAsLeader(broker, replica, replica.leading, batch, -1, ctx)
  if (result.kind === 'refused') return result.error
  broker.commits.push({ partition, at: result.required, deadline: ctx.now + patience })
  ctx.setTimer({ type: 'coordinatorTimeout' }, Math.min(...broker.commits.map(({ deadline }) => deadline)) - ctx.now)
  completeAfterAppend(broker, replica, ctx)
  if (result.advanced) completeAfterHighWatermark(broker, replica, ctx)
  return { committedAt: result.required }
}
