/** What a heartbeat comes to is appended, holds at once, and is answered for when it is committed (GRP-3). */
import type { Connection } from '../../../engine/process.ts'
import type { KafkaError } from '../../errors.ts'
import type { ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse } from '../../protocol/consumer-group.ts'
import { errorOfWrite } from '../answers.ts'
import type { CoordinatorHost } from '../host.ts'
import { addPending } from '../pending.ts'
import type { Coordinator } from '../state.ts'
import { consumerGroupRecord, replayConsumerGroup, type ConsumerGroupRecord } from './records.ts'
import { stateOf, type ConsumerGroup } from './state.ts'

export interface Answering {
  readonly request: ConsumerGroupHeartbeatRequest
  readonly on: Connection
  readonly response: ConsumerGroupHeartbeatResponse
}

export function answerHeartbeat(
  { groupId, memberId, memberEpoch }: ConsumerGroupHeartbeatRequest, error: KafkaError, on: Connection, host: CoordinatorHost,
): void {
  const response: ConsumerGroupHeartbeatResponse = { type: 'ConsumerGroupHeartbeatResponse', groupId, error, memberId, memberEpoch, heartbeatIntervalMs: 0 }
  host.respond(on, response)
}

/** False = it could not be appended, and nothing has changed. */
export function write(
  coordinator: Coordinator, group: ConsumerGroup, records: readonly ConsumerGroupRecord[], answering: Answering | undefined, host: CoordinatorHost,
): boolean {
  if (records.length === 0) {
    if (answering !== undefined) host.respond(answering.on, answering.response)
    return true
  }
  const written = host.append(group.partition, records.map((data) => consumerGroupRecord(data, host.clock)))
  if (typeof written === 'string') {
    if (answering !== undefined) answerHeartbeat(answering.request, errorOfWrite(written), answering.on, host)
    return false
  }
  for (const record of records) replayConsumerGroup(group, record)
  if (answering !== undefined) {
    const { request, on, response } = answering
    const pending = { kind: 'heartbeat', committedAt: written.committedAt, group: group.id, request, on, response: Object.freeze(response) } as const
    addPending(coordinator, group.partition, pending)
  }
  return true
}

/** Tell when everybody has come to the target. */
export function settle(group: ConsumerGroup, host: CoordinatorHost): void {
  const state = stateOf(group)
  if (state === 'Empty') group.unsettledSince = undefined
  else if (state !== 'Stable') group.unsettledSince ??= host.now
  else {
    if (group.settledEpoch !== group.targetEpoch) {
      group.rebalances++
      group.settledEpoch = group.targetEpoch
      const tookMs = Math.round((host.now - (group.unsettledSince ?? host.now)) / 1000)
      host.note({ code: 'rebalance.finished', group: group.id, epoch: group.targetEpoch, tookMs, protocol: 'consumer' })
    }
    // A static member that was away has come back to what it had: nothing has been rebalanced.
    group.unsettledSince = undefined
  }
}
