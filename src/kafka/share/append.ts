/** What a coordinator of share groups writes down, and who is answered when it is committed. Follows CoordinatorRuntime.java. */
import { between } from '../../base/chunks.ts'
import type { Micros } from '../../base/units.ts'
import { appendAsLeader } from '../broker/append.ts'
import { completeAfterAppend, completeAfterHighWatermark } from '../broker/purgatory.ts'
import type { Broker, BrokerContext } from '../broker/state.ts'
import type { KafkaError } from '../errors.ts'
import { isControl, newBatch, NO_PRODUCER, type KafkaRecord } from '../log/record.ts'
import { respond } from '../network/server.ts'
import { LOOK_AFTER_SHARES } from '../parts.ts'
import type { ReplyTo, Share, ShareCommit } from './state.ts'

export const shareOf = (broker: Broker): Share => broker.share!
export const lookAfter = (ctx: BrokerContext): void => ctx.setTimer(LOOK_AFTER_SHARES, 0)

/** With acks=all. */
export function appendRecords(
  broker: Broker, partition: string, records: readonly KafkaRecord[], patience: Micros, reply: ReplyTo, response: ShareCommit['response'], ctx: BrokerContext,
): KafkaError | undefined {
  const replica = broker.replicas.get(partition)
  if (replica?.leading === undefined) return 'NOT_COORDINATOR'
  const result = appendAsLeader(broker, replica, replica.leading, newBatch(records, 'coordinator', NO_PRODUCER), -1, ctx)
  if (result.kind === 'refused') return 'COORDINATOR_NOT_AVAILABLE'
  shareOf(broker).commits.push(Object.freeze({ partition, at: result.required, deadline: ctx.now + patience, reply: Object.freeze(reply), response: Object.freeze(response) }))
  completeAfterAppend(broker, replica, ctx)
  if (result.advanced) completeAfterHighWatermark(broker, replica, ctx)
  lookAfter(ctx)
  return undefined
}

export function answer(broker: Broker, reply: ReplyTo, response: ShareCommit['response'], ctx: BrokerContext): void {
  if ('on' in reply) return respond(reply.on, response, ctx)
  if (response.type === 'ShareGroupHeartbeatResponse' || 'groupId' in response) return
  shareOf(broker).answers.push(Object.freeze({ id: reply.ask, response }))
  lookAfter(ctx)
}

/** Gives those that have come true. */
export function settleCommits(broker: Broker, ctx: BrokerContext): readonly ShareCommit[] {
  const share = shareOf(broker)
  const done: ShareCommit[] = []
  const failed: ShareCommit[] = []
  share.commits = share.commits.filter((commit) => {
    const replica = broker.replicas.get(commit.partition)
    if (replica?.leading === undefined || commit.deadline <= ctx.now) failed.push(commit)
    else if (replica.highWatermark >= commit.at) done.push(commit)
    else return true
    return false
  })
  for (const { reply, response } of done) answer(broker, reply, response, ctx)
  for (const { partition, reply, response } of failed) {
    const error = broker.replicas.get(partition)?.leading === undefined ? 'NOT_COORDINATOR' : 'COORDINATOR_NOT_AVAILABLE'
    answer(broker, reply, { ...response, error }, ctx)
  }
  return done
}

/**
 * Whether this broker coordinates by that partition. In a term that is new to it, `read` is given what the log holds.
 * Simplified: loading takes no time, so nobody is answered COORDINATOR_LOAD_IN_PROGRESS.
 */
export function isLoaded(broker: Broker, partition: string, forget: () => void, read: (record: KafkaRecord) => void): boolean {
  const { loaded } = shareOf(broker)
  const replica = broker.replicas.get(partition)
  const epoch = replica?.leading === undefined ? undefined : replica.leaderEpoch
  if (epoch !== loaded.get(partition)) {
    forget()
    loaded.delete(partition)
    if (epoch !== undefined) {
      loaded.set(partition, epoch)
      for (const batch of between(replica!.log.batches, 0)) if (!isControl(batch)) batch.records.forEach(read)
    }
  }
  return epoch !== undefined
}

export const coordinatorRecord = (key: string, value: string | undefined, data: unknown, now: Micros): KafkaRecord =>
  Object.freeze({ id: key, key, value, valueBytes: undefined, timestamp: Math.floor(now / 1000), data })
