/**
 * A heartbeat of the consumer protocol at its coordinator: who it is, what it comes to, and the answer when that is committed.
 * Follows group-coordinator/.../group/GroupMetadataManager.java#consumerGroupHeartbeat.
 *
 * Simplified: groups do not change their protocol while members of the other one are in them.
 */
import type { Connection } from '../../../engine/process.ts'
import type { KafkaError } from '../../errors.ts'
import type { ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse } from '../../protocol/consumer-group.ts'
import { sortedNames } from '../../topic-partition.ts'
import { coordinates } from '../find.ts'
import type { CoordinatorHost } from '../host.ts'
import type { CurrentAssignment } from '../reconcile.ts'
import type { Coordinator } from '../state.ts'
import { leaveGroup } from './leave.ts'
import { identify, type Identified } from './members.ts'
import { consumerGroupOf } from './records.ts'
import type { ConsumerGroup } from './state.ts'
import { stepOf, type Step } from './step.ts'
import { serverAssignors } from './target.ts'
import { armRevocation, startMemberSession } from './timers.ts'
import { answerHeartbeat, settle, write } from './write.ts'

export function handleConsumerGroupHeartbeat(
  coordinator: Coordinator, request: ConsumerGroupHeartbeatRequest, on: Connection, host: CoordinatorHost,
): void {
  const { groupId, memberEpoch } = request
  const refuse = (error: KafkaError): void => answerHeartbeat(request, error, on, host)
  const partition = coordinates(coordinator, groupId, host)
  if (partition === undefined) return refuse('NOT_COORDINATOR')
  const classic = coordinator.groups.get(groupId)
  if (classic !== undefined && classic.members.size + classic.pendingMembers.length > 0) return refuse('GROUP_ID_NOT_FOUND')
  if (request.serverAssignor !== undefined && !(request.serverAssignor in serverAssignors)) return refuse('UNSUPPORTED_ASSIGNOR')
  if (memberEpoch !== 0 && !coordinator.consumerGroups.has(groupId)) return refuse('GROUP_ID_NOT_FOUND')
  const group = consumerGroupOf(coordinator, partition, groupId)
  if (memberEpoch < 0) return leaveGroup(coordinator, group, request, on, host)
  const found = identify(group, request)
  if (typeof found === 'string') return refuse(found)
  const step = stepOf(group, request, found, host)
  const response = answerOf(request, step, host)
  if (!write(coordinator, group, step.records, { request, on, response }, host)) return
  startMemberSession(group, step.subscription.memberId, host)
  armRevocation(group, step.subscription, step.current, step.was, host)
  tell(group, step, found, host)
}

function tell(group: ConsumerGroup, step: Step, { before, replaces }: Identified, host: CoordinatorHost): void {
  const { subscription: { clientId: member, instanceId: instance = '' }, computed, topicsChanged, raisesEpoch } = step
  if (replaces !== undefined) host.note({ code: 'member.returned', group: group.id, member, instance, stable: !topicsChanged })
  else if (before === undefined) host.note({ code: 'member.joined', group: group.id, member })
  if (raisesEpoch) host.note({ code: 'group.advanced', group: group.id, epoch: group.epoch, why: before === undefined ? 'joined' : 'metadata' })
  if (computed !== undefined) {
    const { epoch, assignor, target } = computed
    host.note({ code: 'target.computed', group: group.id, epoch, assignor, members: target.size })
  }
  settle(group, host)
}

/** The assignment is told when it has changed, to who joins, and to who says everything because an answer may have been lost. */
function answerOf(request: ConsumerGroupHeartbeatRequest, { was, current }: Step, host: CoordinatorHost): ConsumerGroupHeartbeatResponse {
  const { groupId, memberId, memberEpoch, rebalanceTimeoutMs, subscribedTopicNames, topicPartitions } = request
  const isFull = rebalanceTimeoutMs !== undefined && subscribedTopicNames !== undefined && topicPartitions !== undefined
  const names = (one: CurrentAssignment | undefined): string => sortedNames([...(one?.assigned.keys() ?? [])]).join()
  const tells = memberEpoch === 0 || isFull || names(was) !== names(current)
  return {
    type: 'ConsumerGroupHeartbeatResponse', groupId, error: 'NONE', memberId, memberEpoch: current.memberEpoch,
    heartbeatIntervalMs: host.config('group.consumer.heartbeat.interval.ms', groupId),
    ...(tells ? { assignment: Object.freeze([...current.assigned.keys()]) } : {}),
  }
}
