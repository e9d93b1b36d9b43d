/**
 * Brokers come, go, and fall silent. Follows metadata/.../controller/{ClusterControlManager,BrokerHeartbeatManager,
 * BrokerHeartbeatTracker,ReplicationControlManager}.java. CTL-10 to CTL-14.
 */
import { toMs, type NodeId } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import type { PartitionRegistration, BrokerRegistration } from '../metadata/image.ts'
import { NO_LEADER, type MetadataRecord } from '../metadata/records.ts'
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponse, BrokerRegistrationRequest, BrokerRegistrationResponse } from '../protocol/controller.ts'
import { respond } from '../network/server.ts'
import { nodeName } from '../broker/state.ts'
import { isActive } from './active.ts'
import { handleDirectoriesOffline } from './directories.ts'
import { nextOffset, type Controller, type ControllerContext } from './state.ts'
import { allowsUncleanElection, change, isElrEnabled } from './topic-settings.ts'
import { answer, write } from './write.ts'

/** CTL-13: while the old session of this id lives, another incarnation is refused. */
export function handleRegistration(controller: Controller, request: BrokerRegistrationRequest, on: Connection, ctx: ControllerContext): void {
  const { brokerId, incarnationId, rack, logDirs } = request
  const existing = controller.image.brokers.get(brokerId)
  const refuse = (error: BrokerRegistrationResponse['error']): BrokerRegistrationResponse => ({ type: 'BrokerRegistrationResponse', error, brokerEpoch: -1 })
  if (existing !== undefined && existing.incarnationId !== incarnationId && hasValidSession(controller, brokerId, ctx)) {
    return respond(on, refuse('DUPLICATE_BROKER_REGISTRATION'), ctx)
  }
  const same = existing?.incarnationId === incarnationId ? existing : undefined
  // Its epoch of before is what it wrote down when it stopped in order; without that nobody knows what it has lost (CTL-6).
  const clean = existing?.epoch === request.previousBrokerEpoch || !isElrEnabled(controller)
  const gone = existing === undefined || same !== undefined ? []
    : clean ? withoutBroker(controller, brokerId) : withoutTrustIn(controller, brokerId)
  write(controller, gone, { isr: 'fenced', election: 'clean' }, ctx)
  // Whoever asks again, its answer having been lost, is who it was.
  const brokerEpoch = same?.epoch ?? nextOffset(controller)
  write(controller, [Object.freeze({
    type: 'RegisterBrokerRecord', brokerId, name: nodeName(brokerId), incarnationId, rack, brokerEpoch, fenced: same?.fenced ?? true, inControlledShutdown: same?.inControlledShutdown ?? false, logDirs,
  })], { isr: 'fenced', election: 'clean' }, ctx)
  controller.sessions.set(brokerId, ctx.now)
  controller.shutdowns.delete(brokerId)
  ctx.note({ code: 'broker.registered', node: nodeName(brokerId), epoch: brokerEpoch })
  answer(controller, on, { type: 'BrokerRegistrationResponse', error: 'NONE', brokerEpoch } as { type: string }, ctx)
}

const hasValidSession = (controller: Controller, id: NodeId, ctx: ControllerContext): boolean => {
  const last = controller.sessions.get(id)
  return last !== undefined && ctx.now - last <= controller.config.brokerSessionTimeout
}

export function handleHeartbeat(controller: Controller, request: BrokerHeartbeatRequest, on: Connection, ctx: ControllerContext): void {
  const { brokerId, brokerEpoch, currentMetadataOffset } = request
  const broker = controller.image.brokers.get(brokerId)
  if (broker === undefined || broker.epoch !== brokerEpoch) {
    const error = broker === undefined ? 'BROKER_ID_NOT_REGISTERED' : 'STALE_BROKER_EPOCH'
    return respond(on, { type: 'BrokerHeartbeatResponse', error, isCaughtUp: false, isFenced: true, shouldShutDown: false } as { type: string }, ctx)
  }
  controller.sessions.set(brokerId, ctx.now)
  controller.applied.set(brokerId, currentMetadataOffset)
  const next = nextState(controller, broker, request)
  if (next === 'unfenced' && broker.fenced) unfence(controller, brokerId, ctx)
  else if (next === 'fenced' && !broker.fenced) fence(controller, broker, ctx)
  else if (next === 'controlledShutdown' && !broker.inControlledShutdown) beginShutdown(controller, brokerId, ctx)
  else if (next === 'shutdownNow' && !broker.fenced) {
    write(controller, [registrationChange(broker, true, undefined), ...withoutBroker(controller, brokerId)], { isr: 'shutdown', election: 'controlledShutdown' }, ctx)
    controller.sessions.delete(brokerId)
  }
  if (request.offlineLogDirs !== undefined) handleDirectoriesOffline(controller, controller.image.brokers.get(brokerId)!, request.offlineLogDirs, ctx)
  const response: BrokerHeartbeatResponse = {
    type: 'BrokerHeartbeatResponse', error: 'NONE', isCaughtUp: currentMetadataOffset >= broker.registeredAt,
    isFenced: next === 'fenced' || next === 'shutdownNow', shouldShutDown: next === 'shutdownNow',
  }
  answer(controller, on, response, ctx)
}

type BrokerState = 'fenced' | 'unfenced' | 'controlledShutdown' | 'shutdownNow'

/** BrokerHeartbeatManager#calculateNextBrokerState. */
function nextState(controller: Controller, broker: BrokerRegistration, { wantFence, wantShutDown, currentMetadataOffset }: BrokerHeartbeatRequest): BrokerState {
  if (broker.fenced) {
    if (wantShutDown) return 'shutdownNow'
    return !wantFence && currentMetadataOffset >= broker.registeredAt ? 'unfenced' : 'fenced'
  }
  if (broker.inControlledShutdown) {
    if (leads(controller, broker.id)) return 'controlledShutdown'
    return (controller.shutdowns.get(broker.id) ?? 0) <= lowestActiveOffset(controller) ? 'shutdownNow' : 'controlledShutdown'
  }
  if (wantFence) return wantShutDown ? 'shutdownNow' : 'fenced'
  if (wantShutDown) return leads(controller, broker.id) ? 'controlledShutdown' : 'shutdownNow'
  return 'unfenced'
}

const leads = (controller: Controller, id: NodeId): boolean => {
  for (const { leader } of controller.image.partitions.values()) if (leader === id) return true
  return false
}

function lowestActiveOffset(controller: Controller): number {
  let lowest = Infinity
  for (const { id, fenced, inControlledShutdown } of controller.image.brokers.values()) {
    if (!fenced && !inControlledShutdown) lowest = Math.min(lowest, controller.applied.get(id) ?? -1)
  }
  return lowest
}

const registrationChange = (broker: BrokerRegistration, fenced: boolean | undefined, inControlledShutdown: boolean | undefined): MetadataRecord =>
  Object.freeze({ type: 'BrokerRegistrationChangeRecord', brokerId: broker.id, brokerEpoch: broker.epoch, fenced, inControlledShutdown })

/** CTL-14: out of the ISRs, and its leaderships move, in one event. */
function beginShutdown(controller: Controller, id: NodeId, ctx: ControllerContext): void {
  const broker = controller.image.brokers.get(id)!
  write(controller, [registrationChange(broker, undefined, true), ...withoutBroker(controller, id)], { isr: 'shutdown', election: 'controlledShutdown' }, ctx)
  controller.shutdowns.set(id, nextOffset(controller) - 1)
}

function fence(controller: Controller, broker: BrokerRegistration, ctx: ControllerContext): void {
  const silentMs = Math.round(toMs(ctx.now - (controller.sessions.get(broker.id) ?? ctx.now)))
  ctx.note({ code: 'broker.fenced', node: broker.name, silentMs })
  write(controller, [registrationChange(broker, true, undefined), ...withoutBroker(controller, broker.id)], { isr: 'fenced', election: 'clean' }, ctx)
  controller.sessions.delete(broker.id)
}

/** A broker that is back leads nothing by itself, unless a partition has no leader and may have it. */
function unfence(controller: Controller, id: NodeId, ctx: ControllerContext): void {
  const broker = controller.image.brokers.get(id)!
  ctx.note({ code: 'broker.unfenced', node: broker.name })
  const records: MetadataRecord[] = [registrationChange(broker, false, false)]
  for (const partition of controller.image.partitions.values()) {
    if (partition.leader !== NO_LEADER) continue
    const record = change(controller, partition, { isAcceptable: (other) => other === id || isActive(controller, other) })
    if (record !== undefined) records.push(record)
  }
  write(controller, records, { isr: 'fenced', election: 'clean' }, ctx)
}

/** For every partition with this broker in its ISR, or led by it: the change that does without it. */
function withoutBroker(controller: Controller, id: NodeId): MetadataRecord[] {
  const records: MetadataRecord[] = []
  for (const partition of controller.image.partitions.values()) {
    if (!partition.isr.includes(id) && partition.leader !== id) continue
    const record = change(controller, partition, { targetIsr: others(partition, id), isAcceptable: (other) => other !== id && isActive(controller, other) })
    if (record !== undefined) records.push(record)
  }
  return records
}
/** It may lack what it had: neither in sync nor eligible anywhere, until it has caught up (KIP-966). */
function withoutTrustIn(controller: Controller, id: NodeId): MetadataRecord[] {
  const records: MetadataRecord[] = []
  for (const partition of controller.image.partitions.values()) {
    if (!partition.isr.includes(id) && !partition.elr.includes(id)) continue
    const record = change(controller, partition, {
      targetIsr: others(partition, id), uncleanShutdown: [id], isAcceptable: (other) => other !== id && isActive(controller, other),
    })
    if (record !== undefined) records.push(record)
  }
  return records
}
const others = (partition: PartitionRegistration, id: NodeId): readonly NodeId[] => partition.isr.filter((member) => member !== id)

/** CTL-10: looked at every eighth of the session timeout; one stale broker a run, the next one at once. */
export function fenceStaleBrokers(controller: Controller, ctx: ControllerContext): void {
  const stale: BrokerRegistration[] = []
  for (const broker of controller.image.brokers.values()) {
    if (!broker.fenced && !hasValidSession(controller, broker.id, ctx)) stale.push(broker)
  }
  ctx.setTimer({ type: 'sessionCheck' }, stale.length > 1 ? 0 : controller.config.sessionCheck)
  if (stale[0] !== undefined) fence(controller, stale[0], ctx)
}

/** CTL-7: leadership goes back to the first replica of each assignment that is in sync. */
export function electPreferredLeaders(controller: Controller, ctx: ControllerContext): void {
  ctx.setTimer({ type: 'preferredLeaders' }, controller.config.leaderImbalanceCheck)
  const records: MetadataRecord[] = []
  for (const partition of controller.image.partitions.values()) {
    if (partition.leader === partition.replicas[0]) continue
    const record = change(controller, partition, { election: 'preferred', isAcceptable: (id) => isActive(controller, id) })
    if (record !== undefined) records.push(record)
  }
  write(controller, records, { isr: 'caughtUp', election: 'preferred' }, ctx)
}

/** CTL-4: for partitions without a leader whose topic has come to allow it since. */
export function electUncleanLeaders(controller: Controller, ctx: ControllerContext): void {
  ctx.setTimer({ type: 'uncleanLeaders' }, controller.config.uncleanElectionCheck)
  const records: MetadataRecord[] = []
  for (const partition of controller.image.partitions.values()) {
    if (partition.leader !== NO_LEADER || !allowsUncleanElection(controller, partition.topic)) continue
    const record = change(controller, partition, { isAcceptable: (id) => isActive(controller, id) })
    if (record !== undefined) records.push(record)
  }
  write(controller, records, { isr: 'fenced', election: 'clean' }, ctx)
}
