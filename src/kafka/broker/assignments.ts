/**
 * Which of its log directories a broker has put its replicas into, told to the controller: together, a little later, and again
 * until it is confirmed (KIP-858). Follows server/.../AssignmentsManager.java and core/.../server/ReplicaManager.scala#maybeUpdateTopicAssignment.
 */
import { MILLISECOND } from '../../base/units.ts'
import type { PartitionRegistration } from '../metadata/image.ts'
import { channelTo, closeChannel, ready, sendRequest } from '../network/client.ts'
import type { AssignReplicasToDirsRequest, AssignReplicasToDirsResponse } from '../protocol/controller.ts'
import { nodeName, type Broker, type BrokerContext } from './state.ts'

const LABEL = 'controller:assign'
/**
 * How long AssignmentsManager waits for more to tell, and before it tells again what was refused.
 *
 * Simplified: Kafka's second pause grows to 10 s.
 */
const DELAY = 100 * MILLISECOND

/** A replica lies where the controller does not know it to lie. */
export function tellDirectory(broker: Broker, dir: number, { partition, replicas, directories }: PartitionRegistration, ctx: BrokerContext): void {
  const { id } = broker.logDirs[dir]!
  if (directories?.[replicas.indexOf(broker.spec.id)] === id) {
    broker.assignments?.waiting.delete(partition)
    return
  }
  broker.assignments ??= { waiting: new Map(), sent: [] }
  if (broker.assignments.waiting.get(partition) === id || broker.assignments.sent.some((each) => each.partition === partition && each.directory === id)) return
  broker.assignments.waiting.set(partition, id)
  if (!ctx.hasTimer({ type: 'assign' })) ctx.setTimer({ type: 'assign' }, DELAY)
}

export function sendAssignments(broker: Broker, ctx: BrokerContext): void {
  const { assignments, toController } = broker
  if (assignments === undefined || assignments.sent.length > 0 || assignments.waiting.size === 0) return
  toController.assign ??= broker.quorum.leaderId
  if (toController.assign === undefined || broker.brokerEpoch < 0) return ctx.setTimer({ type: 'assign' }, DELAY)
  const channel = channelTo(broker.network, nodeName(toController.assign), LABEL)
  if (!ready(broker.network, channel, ctx)) {
    if (channel.state === 'closed') ctx.setTimer({ type: 'assign' }, Math.max(DELAY, channel.retryAt - ctx.now))
    return
  }
  assignments.sent = Object.freeze([...assignments.waiting].map(([partition, directory]) => Object.freeze({ partition, directory })))
  assignments.waiting.clear()
  const request: AssignReplicasToDirsRequest = { type: 'AssignReplicasToDirsRequest', brokerId: broker.spec.id, brokerEpoch: broker.brokerEpoch, assignments: assignments.sent }
  sendRequest(broker.network, channel, request, 'assign', ctx)
}

export function handleAssigned(broker: Broker, { error, assignments: answers }: AssignReplicasToDirsResponse, ctx: BrokerContext): void {
  const { assignments, toController } = broker
  if (assignments === undefined) return
  if (error === 'NOT_CONTROLLER' && toController.assign !== undefined) {
    closeChannel(broker.network, channelTo(broker.network, nodeName(toController.assign), LABEL), ctx)
    toController.assign = undefined
  }
  again(broker, (partition) => error !== 'NONE' || answers.some((answer) => answer.partition === partition && answer.error !== 'NONE'), ctx)
}
/** Nobody is known to have heard of it. */
export function handleAssignmentsLost(broker: Broker, ctx: BrokerContext): void {
  broker.toController.assign = undefined
  again(broker, () => true, ctx)
}

/** Assignment#valid: only what is still true is told once more. */
function again(broker: Broker, isOpen: (partition: string) => boolean, ctx: BrokerContext): void {
  const { assignments } = broker
  if (assignments === undefined) return
  const { sent } = assignments
  assignments.sent = []
  for (const { partition, directory } of sent) {
    if (isOpen(partition) && broker.metadata.partitions.get(partition)?.replicas.includes(broker.spec.id) === true && !assignments.waiting.has(partition)) assignments.waiting.set(partition, directory)
  }
  if (assignments.waiting.size > 0) ctx.setTimer({ type: 'assign' }, DELAY)
  else broker.assignments = undefined
}
